"""Standing still at a larger scale: compactions, held stops, rounds, delegations, messages, plans."""

from __future__ import annotations

from outrider.judge.guard.detectors.findings import Finding
from outrider.judge.guard.seeing import kinds
from outrider.judge.guard.thread import FAILED, REFUSED, SILENT, put

TYPE_CHECKING = False
if TYPE_CHECKING:
    from outrider.judge.guard.seeing.observations import Observation
    from outrider.judge.guard.thread import Lap, Thread

_STAGES = {"PreCompact": 1, "PostCompact": 2, "SessionStart": 3}


def compaction(thread: Thread, seen: Observation) -> Finding | None:
    """Count a compaction once, however many events tell of it; three with hardly a call between loop."""
    stage = _STAGES.get(seen.stage, 3)
    again = thread.stage and stage > thread.stage
    thread.stage = stage
    if again:
        return None
    thread.context += 1
    if seen.label == "manual":
        thread.compactions = 0
        return None
    thread.compactions = thread.compactions + 1 if thread.since_compaction <= 2 else 1
    thread.since_compaction = 0
    if thread.compactions < 3:
        return None
    found = Finding("compactions", [], thread.compactions, thread.compactions)
    found.label = "compaction"
    return found if thread.compactions % 3 == 0 else None


def across_compactions(thread: Thread, lap: Lap) -> Finding | None:
    """The same call and outcome in each of three stretches between compactions, with nothing new written."""
    if lap.flags & (REFUSED | SILENT) or lap.kind in (
        kinds.PLAN,
        kinds.POLL,
        kinds.STEP,
        kinds.AGENT,
        kinds.ASK,
    ):
        return None
    name = lap.key + lap.outcome
    known = thread.across.get(name)
    if known is None or known[0] < lap.context - 1 or known[2] != thread.epoch:
        put(thread.across, name, [lap.context, 1, thread.epoch])
        return None
    if known[0] == lap.context:
        return None
    known[0] = lap.context
    known[1] += 1
    if known[1] < 3 or lap.seq <= thread.hinted:
        return None
    laps = [other for other in thread.ring if other.key == lap.key and other.outcome == lap.outcome]
    return Finding("after_compaction", laps, known[1], known[1])


UNTOLD = 40
"""Characters that subagents have in common before it says something, where their tasks are not known."""


def delegation(thread: Thread, lap: Lap) -> Finding | None:
    """Subagents come back with one telling outcome, one after the other, however the task was worded."""
    if lap.kind != kinds.AGENT or lap.size < (12 if lap.target else UNTOLD):
        return None
    laps = [
        other
        for other in thread.ring
        if other.kind == kinds.AGENT and other.epoch == lap.epoch and other.outcome == lap.outcome
    ]
    laps = _after_each_other([other for other in laps if other.seq > max(thread.floor, thread.hinted)])
    return Finding("delegation", laps, len(laps), len(laps)) if len(laps) >= 3 else None


def _after_each_other(laps: list[Lap]) -> list[Lap]:
    """Keep one lap of each group of subagents that ran at the same time, and of each template of tasks."""
    kept: list[Lap] = []
    for lap in laps:
        if kept and ((lap.group and lap.group == kept[-1].group) or lap.start < kept[-1].end):
            continue
        if kept and lap.key not in {other.key for other in kept} and _is_other_task(lap, kept[0]):
            continue
        kept.append(lap)
    return kept


def _is_other_task(lap: Lap, first: Lap) -> bool:
    """Tell whether two tasks name other places, or one template with another word in it."""
    return lap.family != first.family or (lap.target != "" and lap.target == first.target)


def plans(thread: Thread, lap: Lap) -> Finding | None:
    """The plan is written anew five times, in other words, with the same states, and nothing else is done."""
    if lap.kind != kinds.PLAN or lap.flags & (REFUSED | SILENT):
        return None
    laps: list[Lap] = []
    others = 0
    for other in reversed(thread.ring):
        if other.seq <= max(thread.floor, thread.hinted) or other.epoch != lap.epoch:
            break
        if other.key == lap.key:
            laps.append(other)
        elif not other.has(FAILED):
            others += 1
            if others >= max(2, len(laps)):
                break
    return Finding("plan_churn", laps[::-1], len(laps), len(laps)) if len(laps) >= 5 else None


def stopped(thread: Thread, seen: Observation) -> Finding | None:
    """A stop is held again and again, and no tool is called in between."""
    thread.stops += 1
    if seen.stage != "again" or not thread.stops or thread.stops < 3:
        return None
    said = thread.messages[-3:]
    if thread.stops == 3 and not (len(said) == 3 and len(set(said)) == 1):
        return None
    if thread.stops > 4 and thread.stops % 4:
        return None
    found = Finding("held_stops", [], thread.stops, thread.stops)
    found.label = "Stop"
    return found


def message(thread: Thread, seen: Observation) -> Finding | None:
    """Messages without a tool or a person between: three equal ones, or eight of any kind."""
    thread.messages = [*thread.messages, seen.outcome][-8:]
    count = 0
    for said in reversed(thread.messages):
        if said != thread.messages[-1]:
            break
        count += 1
    if count < 3 and len(thread.messages) < 8:
        return None
    found = Finding("messages", [], max(count, len(thread.messages)), count)
    found.label = "message"
    thread.messages = []
    return found


def chant(seen: Observation) -> Finding | None:
    """One text that ends in the same words over and over."""
    if not seen.laps:
        return None
    found = Finding("chant", [], seen.laps, seen.laps)
    found.label = "message"
    return found
