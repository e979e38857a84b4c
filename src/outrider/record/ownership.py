"""Which session a line belongs to when several hold it.

Resuming and forking copy history into a new session's file. Of two sessions the original is the one that
first said something on its main thread that the other does not hold; one that has nothing of that kind is a
mere beginning of the other and comes first. Of two with the same main thread the original is the one that has
the work of its subagents too. Among several, the original is the one that parts from all others first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from outrider.record.entries import Entry, ResponsePart

Identity = str | tuple[str, str]
_Partings = dict[tuple[str, str], int]

_NEVER = -1


def owned(family: Mapping[str, Sequence[Entry]]) -> dict[str, list[Entry]]:
    """Return the entries of each session without those that another session of the family owns."""
    if len(family) == 1:
        return {session: list(entries) for session, entries in family.items()}
    gathered: dict[Identity, set[str]] = defaultdict(set)
    for session, entries in family.items():
        for entry in entries:
            gathered[_identity(entry)].add(session)
    holders = {identity: frozenset(sharing) for identity, sharing in gathered.items()}
    partings = _partings(family, holders)
    sizes = {session: len({_identity(entry) for entry in entries}) for session, entries in family.items()}
    owners = {sharing: _original(sharing, partings, sizes) for sharing in set(holders.values())}
    return {
        session: [each for each in entries if owners[holders[_identity(each)]] == session]
        for session, entries in family.items()
    }


def _identity(entry: Entry) -> Identity:
    """Return what identifies a line: for a response its message and request id, else its uuid."""
    body = entry.body
    if isinstance(body, ResponsePart) and body.message_id and body.request_id:
        return body.message_id, body.request_id
    return entry.uid


def _partings(family: Mapping[str, Sequence[Entry]], holders: Mapping[Identity, frozenset[str]]) -> _Partings:
    """Return when each session first said something on its main thread that another one does not hold."""
    first: dict[tuple[str, frozenset[str]], int] = {}
    for session, entries in family.items():
        for entry in entries:
            key = (session, holders[_identity(entry)])
            if not entry.agent and entry.at is not None and entry.at < first.get(key, entry.at + 1):
                first[key] = entry.at
    found: _Partings = {}
    for (session, sharing), at in first.items():
        for other in family.keys() - sharing:
            found[session, other] = min(at, found.get((session, other), at))
    return found


def _original(sharing: frozenset[str], partings: _Partings, sizes: Mapping[str, int]) -> str:
    """Return which of the sessions that hold a line it belongs to."""
    if len(sharing) == 1:
        return next(iter(sharing))
    return min(sharing, key=lambda one: (_last_parting(one, sharing, partings), -sizes[one], one))


def _last_parting(session: str, sharing: frozenset[str], partings: _Partings) -> int:
    return max(partings.get((session, other), _NEVER) for other in sharing if other != session)
