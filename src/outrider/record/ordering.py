"""The order of a session's entries: by time where clocks can be trusted, by parent where they cannot.

No position in a file enters here, so any order, copy or cut of files gives the same order of events.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from outrider.record.entries import Entry
from outrider.record.packed import Packed


class Placed(Packed, frozen=True, gc=False):
    """An entry with its instant in order: never before that of the entry it answers.

    ``said`` is what its own clock says; without one, what the nearest entry before it says.
    """

    at: int
    depth: int
    said: int
    entry: Entry

    def with_entry(self, entry: Entry) -> Placed:
        """Return another variant of the same line at this place."""
        return self if self.entry is entry else Placed(self.at, self.depth, self.said, entry)


class Order(NamedTuple):
    """Entries in order, and how many had a clock that ran behind their parent's by over a second."""

    placed: list[Placed]
    skewed: int


_TOLERATED_SKEW_MS = 1000


def ordered(entries: Iterable[Entry]) -> Order:
    """Put the entries of one session in order."""
    listed = list(entries)
    by_uid = {entry.uid: entry for entry in listed}
    start = min((entry.at for entry in listed if entry.at is not None), default=0)
    places: dict[str, Placed] = {}
    for entry in listed:
        uid, said = entry.uid, entry.at
        if uid in places:
            continue
        parent = places.get(entry.parent)
        if parent is not None and said is not None:
            at = max(parent.at, said)
            places[uid] = Placed(at, parent.depth + 1, said, entry)
        else:
            _settle(entry, by_uid, places, start)
    placed = [places[entry.uid].with_entry(entry) for entry in listed]
    placed.sort(key=_by_time)
    return Order(placed, _skewed(listed, by_uid))


def _by_time(item: Placed) -> tuple[int, int, str]:
    return item.at, item.depth, item.entry.uid


def _settle(entry: Entry, by_uid: dict[str, Entry], places: dict[str, Placed], start: int) -> None:
    """Give an instant and a depth to ``entry`` and to all of its ancestors that have none yet."""
    chain: list[Entry] = []
    seen: set[str] = set()
    current: Entry | None = entry
    while current is not None and current.uid not in places and current.uid not in seen:
        chain.append(current)
        seen.add(current.uid)
        current = by_uid.get(current.parent) if current.parent else None
    if current is not None and current.uid in seen:
        chain = _opened(chain, current.uid)
    for link in reversed(chain):
        parent = places.get(link.parent)
        at, depth, said = (parent.at, parent.depth, parent.said) if parent else (start, 0, start)
        said = said if link.at is None else link.at
        places[link.uid] = Placed(max(at, said), depth + 1, said, link)


def _opened(chain: list[Entry], entrance: str) -> list[Entry]:
    """Return a chain whose last link answers ``entrance``, with that circle begun at its smallest uid."""
    first = next(at for at, link in enumerate(chain) if link.uid == entrance)
    circle = chain[first:]
    root = min(range(len(circle)), key=lambda at: circle[at].uid)
    return [*chain[:first], *circle[root + 1 :], *circle[: root + 1]]


def _skewed(entries: list[Entry], by_uid: dict[str, Entry]) -> int:
    count = 0
    for entry in entries:
        parent = by_uid.get(entry.parent) if entry.parent else None
        if parent is not None and parent.at is not None and entry.at is not None:
            count += entry.at < parent.at - _TOLERATED_SKEW_MS
    return count
