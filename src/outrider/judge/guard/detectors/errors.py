"""Failing in the same way under other names: errors with varied arguments, and searching in circles."""

from __future__ import annotations

from outrider.judge.guard.detectors import pace
from outrider.judge.guard.detectors.findings import Finding
from outrider.judge.guard.seeing import kinds
from outrider.judge.guard.seeing.observations import NO_TOOL
from outrider.judge.guard.thread import FAILED, FAILING, REFUSED, SILENT, TRANSIENT, one_a_reply, put

TYPE_CHECKING = False
if TYPE_CHECKING:
    from outrider.judge.guard.thread import Lap, Thread

TELLING = 20
"""Characters from which on an outcome says enough to be compared between different calls."""

_REPEATABLE = (kinds.POLL, kinds.STEP, kinds.ASK, kinds.AGENT)
"""Calls without an answer that may be tried again without suspicion."""

_PROBES = ("Read", "Glob", "Grep", "LS")
"""Tools with which one looks whether something is there: a few misses are no error."""


def find(thread: Thread, lap: Lap) -> Finding | None:
    """Look at the newest lap and those before it with the same error or outcome."""
    if lap.has(REFUSED):
        return _refused_again(thread, lap)
    if lap.has(SILENT):
        return None
    stuck = _no_progress(thread, lap)
    if lap.has(FAILED):
        return _same_error(thread, lap) or stuck
    return stuck or _churn(thread, lap)


def tried_again(thread: Thread, lap: Lap) -> Finding | None:
    """Find out before a call runs whether it was refused twice already."""
    laps = _refusals(thread, lap)
    if len(laps) < 2:
        return None
    count = sum(1 for other in laps if other.seq > thread.hinted)
    return Finding("refused_again", [*laps, lap], count, len(laps), hint=2, block=3)


def _refused_again(thread: Thread, lap: Lap) -> Finding | None:
    """A key that was refused was tried again, and again."""
    laps = _refusals(thread, lap)
    if len(laps) < 3:
        return None
    count = sum(1 for other in laps if other.seq > thread.hinted)
    return Finding("refused_again", laps, count, len(laps) - 1, hint=2, block=3)


def _refusals(thread: Thread, lap: Lap) -> list[Lap]:
    laps = [other for other in thread.ring if other.key == lap.key and other.seq > thread.floor]
    laps = one_a_reply([other for other in laps if other.has(REFUSED)])
    if laps and laps[-1].has(SILENT) and (lap.kind in _REPEATABLE or pace.is_waiting(laps)):
        return []
    return laps


def _same_error(thread: Thread, lap: Lap) -> Finding | None:
    """One tool, one error, several keys; a success of the tool clears, reading does not."""
    if not lap.identity or lap.has(TRANSIENT) or lap.kind == kinds.POLL:
        return None
    laps: list[Lap] = []
    for other in reversed(thread.ring):
        if other.seq <= thread.floor or other.epoch != lap.epoch:
            break
        other_tool = other.tool != lap.tool and not lap.identity == other.identity == NO_TOOL
        if other_tool or other.has(REFUSED):
            continue
        if other.has(FAILED):
            if other.identity == lap.identity:
                laps.append(other)
        elif other.kind != kinds.READ or lap.kind == kinds.READ:
            break
    laps = one_a_reply(laps[::-1])
    if len({other.key for other in laps}) < 2:
        return None
    hint = 4 if lap.tool in _PROBES or (lap.kind == kinds.READ and lap.tool == "Bash") else 3
    count = sum(1 for other in laps if other.seq > thread.hinted)
    return Finding("same_error", laps, count, len(laps), hint=hint, block=8) if len(laps) >= hint else None


def _churn(thread: Thread, lap: Lap) -> Finding | None:
    """Other words, one telling outcome: at least three keys of one family, nothing changed."""
    if lap.kind not in (kinds.READ, kinds.CHECK):
        return None
    laps = [
        other
        for other in thread.ring
        if other.outcome == lap.outcome
        and other.family == lap.family
        and other.epoch == lap.epoch
        and other.seq > max(thread.floor, thread.hinted)
    ]
    if len(laps) < 5:
        return None
    laps = one_a_reply(laps)
    if lap.size < TELLING and (len(laps) < 8 or laps[-8].seq < lap.seq - 9):
        return None
    if len(laps) < 5 or len({other.key for other in laps}) < 3 or pace.is_waiting(laps):
        return None
    return Finding("churn", laps, len(laps), len(laps))


def _no_progress(thread: Thread, lap: Lap) -> Finding | None:
    """New edits between, the same failure after each: five epochs of it are no experiment any more."""
    if not lap.flags & (FAILED | FAILING) or not lap.identity or lap.has(TRANSIENT):
        _forget(thread, lap)
        return None
    if lap.kind not in (kinds.CHECK, kinds.ACT):
        return None
    known = thread.stuck.get(lap.identity)
    if known is None or known[1] != lap.epoch:
        if known is None:
            _forget(thread, lap)
        count = int(str(known[0])) + 1 if known else 1
        put(thread.stuck, lap.identity, [count, lap.epoch, lap.key])
        if count >= 5 and count % 5 == 0:
            return Finding("no_progress", [lap], count, count)
    return None


def _forget(thread: Thread, lap: Lap) -> None:
    """Another outcome of this key: what it was stuck at is over."""
    for identity in [name for name, known in thread.stuck.items() if known[2] == lap.key]:
        del thread.stuck[identity]
