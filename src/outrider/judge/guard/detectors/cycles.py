"""Cycles: the last calls and their outcomes are periodic, with a period of two to six calls."""

from __future__ import annotations

import itertools

from outrider.judge.guard.detectors import pace
from outrider.judge.guard.detectors.findings import NEVER, Finding
from outrider.judge.guard.detectors.repeats import TINY
from outrider.judge.guard.seeing import kinds
from outrider.judge.guard.thread import REFUSED, SILENT, TRANSIENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from outrider.judge.guard.thread import Lap, Thread

LONGEST = 6


def find(thread: Thread) -> Finding | None:
    """Look for the shortest period of the tail of the ring."""
    ring = [other for other in thread.ring if other.seq > thread.floor]
    for period in range(2, LONGEST + 1):
        matched = _matched(ring, period)
        if matched >= period * 2:
            return _judged(thread, ring[-(matched + period) :], period)
    return None


def _matched(ring: list[Lap], period: int) -> int:
    """Count how many of the last laps equal the one a period before."""
    count = 0
    for at in range(len(ring) - 1, period - 1, -1):
        now, then = ring[at], ring[at - period]
        if now.key != then.key or now.outcome != then.outcome:
            break
        count += 1
    return count


def _judged(thread: Thread, tail: list[Lap], period: int) -> Finding | None:
    cycle = tail[-period:]
    keys = {member.key for member in cycle}
    if len(keys) == 1 or any(member.flags & (REFUSED | SILENT) for member in cycle):
        return None
    hint, block = _numbers(tail, cycle, period)
    total = len(tail) // period
    count = sum(1 for member in tail if member.seq > thread.hinted) // period
    if total < hint:
        return None
    found = Finding("cycle", tail, count, total, hint=hint, block=block)
    found.held = [member.key for member in cycle] if block != NEVER else []
    return found


def _numbers(tail: list[Lap], cycle: list[Lap], period: int) -> tuple[int, int]:
    found = [member.kind for member in cycle]
    starts = [member for at, member in enumerate(tail) if at % period == len(tail) % period]
    idle = [after.start - before.end for before, after in itertools.pairwise(tail)]
    waiting = max(_by_place(idle, period), default=0.0) >= pace.SLOW_SECONDS
    polls = kinds.POLL in found
    if polls and (waiting or pace.distance(starts) >= pace.SLOW_SECONDS):
        return 40, NEVER
    if waiting:
        return 12, NEVER
    if any(member.has(TRANSIENT) for member in cycle):
        return 10, NEVER
    if polls:
        return 4, NEVER
    if kinds.STEP in found:
        return 12, NEVER
    if all(member.size <= TINY and member.kind != kinds.READ for member in cycle):
        return 12, NEVER
    if any(kind in (kinds.CHANGE, kinds.ACT, kinds.AGENT, kinds.PLAN) for kind in found):
        return 3, NEVER
    return 3, 5


def _by_place(idle: list[float], period: int) -> list[float]:
    """Return the median pause at each place of the cycle: a wait stands at one place of it."""
    return [pace.median(idle[at::period]) for at in range(period)]
