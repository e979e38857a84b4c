"""The same call several times in one reply, where none of them could learn from another."""

from __future__ import annotations

from outrider.judge.guard.seeing import kinds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from outrider.judge.guard.detectors.findings import Finding
    from outrider.judge.guard.seeing.observations import Observation
    from outrider.judge.guard.thread import Lap, Thread

AT_ONCE_SECONDS = 2.0
"""Calls announced within this time, none answered yet, are of one reply (where no batch tells)."""

_MAY_BE_MANY = (kinds.AGENT, kinds.STEP, kinds.POLL, kinds.PLAN)


def in_reply(thread: Thread, lap: Lap) -> Finding | None:
    """Count the calls of the reply under way that are the same as this one: three are too many."""
    if lap.kind in _MAY_BE_MANY or thread.told_group == thread.group:
        return None
    laps = [other for other in thread.ring[-12:] + thread.waiting if _is_twin(other, lap)]
    if len(laps) < 3 or (laps[-1].start - laps[0].start >= AT_ONCE_SECONDS and not thread.group_name):
        return None
    thread.told_group = thread.group
    from outrider.judge.guard.detectors.findings import Finding

    return Finding("duplicates", laps, len(laps), len(laps))


def in_batch(thread: Thread, seen: Observation) -> Finding | None:
    """Count the same when the reply is over, where its calls were not announced one by one."""
    counts: dict[str, int] = {}
    for part in seen.parts:
        if part.kind not in (*_MAY_BE_MANY, kinds.CHANGE):
            counts[part.key] = counts.get(part.key, 0) + 1
    key = max(counts, key=lambda name: counts[name], default="")
    if not key or counts[key] < 3 or thread.told_group == thread.group - 1:
        return None
    from outrider.judge.guard.detectors.findings import Finding

    laps = [lap for lap in thread.ring if lap.key == key][-counts[key] :]
    return Finding("duplicates", laps, counts[key], counts[key])


def _is_twin(other: Lap, lap: Lap) -> bool:
    return other.key == lap.key and other.group == lap.group
