"""The same call again: with the same outcome, failing, or with news in its digits only."""

from __future__ import annotations

from outrider.judge.guard.detectors import pace
from outrider.judge.guard.detectors.findings import NEVER, Finding
from outrider.judge.guard.seeing import kinds
from outrider.judge.guard.thread import FAILED, FAILING, REFUSED, SILENT, TRANSIENT, one_a_reply

TYPE_CHECKING = False
if TYPE_CHECKING:
    from outrider.judge.guard.thread import Lap, Thread

_GAUGES = frozenset(
    "Bash " + name for name in ("date", "uptime", "ps", "free", "df", "du", "wc", "stat", "ls")
)
"""What shows other digits each time it is looked at, without being a stream."""

TINY = 8
"""An answer of so few characters proves nothing about a stateful action."""

PATIENT = 60
"""Laps of a wait before it is worth a word: at least a quarter of an hour, and all but a full memory."""


def find(thread: Thread, lap: Lap) -> Finding | None:
    """Look at the newest lap of ``thread`` and those before it with the same key."""
    if lap.kind in (kinds.AGENT, kinds.PLAN, kinds.ASK) or lap.has(REFUSED):
        return None
    mine = [other for other in thread.ring if other.key == lap.key and other.seq > thread.floor]
    if len(mine) < 3:
        return None
    return (
        _in_a_row(thread, mine) or _in_epoch(thread, mine) or _failing(thread, mine) or _digits(thread, mine)
    )


def _in_a_row(thread: Thread, mine: list[Lap]) -> Finding | None:
    last = mine[-1]
    row: list[Lap] = []
    expected = last.seq
    for lap in reversed(mine):
        if lap.seq != expected or lap.outcome != last.outcome:
            break
        row.append(lap)
        expected -= 1
    row.reverse()
    hint, block = _numbers(row)
    return _finding(thread, "poll" if last.kind == kinds.POLL else "same_result", row, hint, block)


def _numbers(row: list[Lap]) -> tuple[int, int]:
    """Return the laps for a hint and for a block, by what the call does and how it is spaced."""
    last = row[-1]
    waiting = pace.is_waiting(row)
    if last.has(TRANSIENT) and (last.has(FAILED) or last.size < 300):
        return (PATIENT if waiting else 10), NEVER
    if last.kind == kinds.POLL:
        return (PATIENT if waiting else 6 if pace.distance(row) <= 6 else 8), NEVER
    if waiting:
        return PATIENT, NEVER
    if last.has(SILENT):
        return (5 if last.kind in (kinds.READ, kinds.CHECK) else PATIENT), NEVER
    if last.kind == kinds.STEP:
        return (24 if last.size < 200 else 8), NEVER
    if last.size <= TINY:
        return (
            (4, 15)
            if last.kind in (kinds.READ, kinds.CHANGE)
            else (6 if last.kind == kinds.CHECK else 10, NEVER)
        )
    return (4, 15) if last.kind == kinds.ACT else (3, 6)


def _in_epoch(thread: Thread, mine: list[Lap]) -> Finding | None:
    last = mine[-1]
    if last.has(SILENT) or last.kind == kinds.STEP:
        return None
    same = [lap for lap in mine if lap.epoch == last.epoch and lap.outcome == last.outcome]
    if len(same) < 5:
        return None
    hint, block = 5, 10
    if _is_apart(thread, same) or _is_rechecked(thread, same):
        hint, block = (PATIENT if last.kind == kinds.POLL else 20), NEVER
    elif last.kind == kinds.POLL or last.has(TRANSIENT):
        hint, block = 10, NEVER
    elif last.size <= TINY:
        hint, block = (7, 15) if last.kind in (kinds.READ, kinds.CHANGE) else (15, NEVER)
    elif last.kind == kinds.ACT:
        hint, block = 7, 15
    return _finding(thread, "repeat", same, hint, block)


def _is_apart(thread: Thread, same: list[Lap]) -> bool:
    """Tell whether the laps are spaced: a pause or a poll before each, or much time with work in it."""
    distance = pace.distance(same)
    if distance >= pace.SPACED_SECONDS:
        return True
    places = {lap.seq: lap for lap in thread.ring}
    before = [places.get(lap.seq - 1, lap) for lap in same[1:]]
    polls = sum(1 for lap in before if lap.kind == kinds.POLL)
    if distance >= pace.SLOW_SECONDS and (same[-1].kind == kinds.POLL or polls * 2 >= len(before)):
        return True
    idle = [lap.start - earlier.end for lap, earlier in zip(same[1:], before, strict=True)]
    return pace.median(idle) >= pace.SLOW_SECONDS or pace.is_growing(idle)


def _is_rechecked(thread: Thread, same: list[Lap]) -> bool:
    """Tell whether a check that passes follows, each time, a command of unknown effect that is new."""
    if same[-1].kind != kinds.CHECK or same[-1].flags & (FAILED | FAILING):
        return False
    seen: set[str] = set()
    fresh = []
    for lap in thread.ring:
        if lap.kind in (kinds.CHECK, kinds.ACT) and not lap.flags & (FAILED | REFUSED | SILENT):
            if lap.key not in seen:
                fresh.append(lap.seq)
            seen.add(lap.key)
    return all(any(same[at].seq < seq < same[at + 1].seq for seq in fresh) for at in range(len(same) - 1))


def _failing(thread: Thread, mine: list[Lap]) -> Finding | None:
    """Count failures of one key since it last succeeded, in one epoch; the text may differ."""
    last = mine[-1]
    if not last.has(FAILED):
        return None
    failed: list[Lap] = []
    for lap in reversed(mine):
        if not lap.has(FAILED) or lap.epoch != last.epoch:
            break
        failed.append(lap)
    failed.reverse()
    if len(failed) < 3:
        return None
    waiting = pace.is_waiting(failed)
    if any(lap.has(TRANSIENT) for lap in failed):
        numbers = (PATIENT if waiting else 10), NEVER
    elif last.kind == kinds.POLL:
        numbers = (PATIENT if waiting else 8), NEVER
    elif waiting:
        numbers = _waiting_failure(failed), NEVER
    else:
        numbers = _by_text(failed)
    return _finding(thread, "same_failure", failed, *numbers)


def _waiting_failure(failed: list[Lap]) -> int:
    """A slow test that fails alike is no wait, if it told why; a file that is not there may be one."""
    last = failed[-1]
    if last.kind == kinds.CHECK and last.identity and pace.distance(failed) < pace.SPACED_SECONDS:
        return 4 if len({lap.outcome for lap in failed}) == 1 else 12
    return 20 if last.identity else PATIENT


def _by_text(failed: list[Lap]) -> tuple[int, int]:
    """One text is proof after three; texts that differ in numbers alone may be a count-down."""
    outcomes = {lap.outcome for lap in failed}
    if len(outcomes) == 1:
        return (4, 6) if not failed[-1].identity else (3, 5)
    if len({lap.bare for lap in failed}) == 1:
        return 12, NEVER
    return (5, 8) if len(outcomes) == len(failed) else (4, 7)


def _digits(thread: Thread, mine: list[Lap]) -> Finding | None:
    """A shell reads the same but for digits, over and over: a clock, a size, a process list."""
    last = mine[-1]
    if len(mine) < 12 or last.label not in _GAUGES:
        return None
    row = [lap for lap in mine if lap.bare == last.bare and lap.epoch == last.epoch]
    if mine[-12].seq != last.seq - 11 or pace.is_waiting(row):
        return None
    return _finding(thread, "volatile_result", row, 12, NEVER)


def _finding(thread: Thread, detector: str, laps: list[Lap], hint: int, block: int) -> Finding | None:
    laps = one_a_reply(laps)
    if len(laps) < hint:
        return None
    count = sum(1 for lap in laps if lap.seq > thread.hinted)
    return Finding(detector, laps, count, len(laps), hint=hint, block=block)
