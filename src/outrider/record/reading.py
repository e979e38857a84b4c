"""What reading one stretch of one source gave: facts, texts, counts and damage."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from outrider.record.entries import Entry, Setting
from outrider.record.faults import Fault

Span = tuple[int, int]
"""First and last instant, in milliseconds since 1970 UTC."""


class Mark(NamedTuple):
    """How far a reading was at some time."""

    sizes: dict[str, int]
    kinds: dict[str, int]
    texts: frozenset[str]


@dataclass(slots=True)
class Reading:
    """Everything one stretch of a transcript says, gathered while it is read.

    ``entries`` are by session. ``skill_texts`` maps a body's digest to its text. ``kinds`` counts every
    record by kind, kept or not. ``settings`` maps (session, setting) to when it was seen. ``cursor`` is
    the byte after the last whole record; ``waiting`` the bytes of a torn tail behind it. ``lines`` are
    non-blank lines, ``accounted`` those of them from which nothing was lost.
    """

    entries: dict[str, list[Entry]] = field(default_factory=dict)
    skill_texts: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, int] = field(default_factory=dict)
    settings: dict[tuple[str, Setting], Span] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    lines: int = 0
    accounted: int = 0
    cursor: int = 0
    waiting: int = 0

    @property
    def size(self) -> int:
        """How many entries there are."""
        return sum(map(len, self.entries.values()))

    def mark(self) -> Mark:
        """Return how far this reading is, to come back to."""
        sizes = {session: len(entries) for session, entries in self.entries.items()}
        return Mark(sizes, dict(self.kinds), frozenset(self.skill_texts))

    def back_to(self, mark: Mark) -> None:
        """Forget the entries, counts and texts that were added since ``mark``."""
        for session, entries in self.entries.items():
            del entries[mark.sizes.get(session, 0) :]
        self.kinds = dict(mark.kinds)
        for digest in self.skill_texts.keys() - mark.texts:
            del self.skill_texts[digest]

    def count(self, kind: str) -> None:
        """Count one record of ``kind``."""
        self.kinds[kind] = self.kinds.get(kind, 0) + 1

    def saw(self, session: str, setting: Setting, first: int, last: int) -> None:
        """Note that ``setting`` held for ``session`` at the instants ``first`` and ``last``."""
        key = (session, setting)
        known = self.settings.get(key)
        if known is not None:
            first, last = min(first, known[0]), max(last, known[1])
        self.settings[key] = (first, last)
