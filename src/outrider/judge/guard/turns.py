"""Turns: who prompted, what came of it, and what a subagent brought back."""

from __future__ import annotations

from outrider.judge.guard.detectors import rounds
from outrider.judge.guard.detectors.findings import Finding
from outrider.judge.guard.seeing import kinds, observations
from outrider.judge.guard.seeing.observations import add_message
from outrider.judge.guard.thread import Lap, put
from outrider.kernel.limits import GUARD_TEXT_CHARS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from outrider.judge.guard.ladder import Intervention
    from outrider.judge.guard.seeing.observations import Observation
    from outrider.judge.guard.session import Memory
    from outrider.judge.guard.thread import Thread

    Tell = Callable[[Thread, list[Finding | None], str, float], list[Intervention]]
    Progress = Callable[[str | None], None]

AUTOMATIC_SECONDS = 15.0
"""The same prompt again so soon after the end of a turn was sent by a program, not by a person."""

TYPING_SECONDS = 60.0
"""The same for a prompt of ``TYPED`` characters, which nobody writes twice so quickly."""

TYPED = 40

AT_ONCE_SECONDS = 2.0
"""No person answers so quickly: what was said before stays in mind, should it be a reminder after all."""


def take(
    memory: Memory, thread: Thread, seen: Observation, tell: Tell, progress: Progress
) -> list[Intervention]:
    """Take in what is no tool call; ``tell`` speaks of findings, ``progress`` half-opens breakers."""
    event = seen.event
    if event == observations.PROMPT:
        if _prompted(memory, thread, seen):
            progress(None)
        return []
    if event == observations.AGENT_START:
        put(memory.running, seen.agent, seen.time)
        return []
    if event == observations.SESSION:
        _began(memory, seen)
        return []
    if event == observations.COMPACTION:
        return tell(thread, [rounds.compaction(thread, seen)], seen.agent, seen.time)
    if event == observations.MESSAGE and not _is_complete(memory, seen):
        return []
    is_agent = event == observations.AGENT_STOP
    told = (
        tell(thread, _said(memory, thread, seen), seen.agent, seen.time) if seen.label or not is_agent else []
    )
    return told or (_came_back(memory, thread, seen, tell) if is_agent else [])


def _began(memory: Memory, seen: Observation) -> None:
    """Begin anew with a session; its end changes nothing."""
    if seen.stage == "start":
        for known in memory.threads.values():
            known.clear()
            known.waiting = []
        memory.stopped = ""


def _is_complete(memory: Memory, seen: Observation) -> bool:
    """Put the pieces of a message together; tell whether this was the last."""
    memory.displayed = True
    memory.displaying = (memory.displaying + seen.text)[-GUARD_TEXT_CHARS:]
    if seen.stage != "final":
        return False
    add_message(seen, memory.displaying)
    memory.displaying = ""
    return True


def _came_back(memory: Memory, thread: Thread, seen: Observation, tell: Tell) -> list[Intervention]:
    lap = _delegated(memory, seen)
    if lap is None:
        return []
    main = memory.thread("")
    main.epoch += thread.progressed
    main.add(lap)
    return tell(main, [rounds.delegation(main, lap)], "", seen.time)


def _prompted(memory: Memory, thread: Thread, seen: Observation) -> bool:
    """Take in a prompt; tell whether a person wrote it, which begins everything anew."""
    thread.waiting = []
    if seen.automatic:
        return False
    soon = TYPING_SECONDS if seen.size >= TYPED else AUTOMATIC_SECONDS
    again = seen.key == memory.prompt and seen.time - thread.last <= soon
    memory.prompt, memory.prompted = seen.key, again
    thread.progressed = False
    thread.new_keys = 0
    if again:
        return False
    memory.asked = seen.asks
    memory.rounds, memory.stopped = 0, ""
    memory.denies.clear()
    said = thread.messages if seen.time - thread.last <= AT_ONCE_SECONDS else []
    for known in memory.threads.values():
        known.clear()
    thread.messages = said
    return True


def _said(memory: Memory, thread: Thread, seen: Observation) -> list[Finding | None]:
    """Look at the end of a turn, or a message within it."""
    found = [rounds.chant(seen)]
    if seen.event == observations.MESSAGE or (seen.spoke and not memory.displayed):
        found.append(rounds.message(thread, seen))
    if seen.event in (observations.STOP, observations.AGENT_STOP):
        found.append(rounds.stopped(thread, seen))
        found.append(_round(memory, thread, seen))
    return found


def _round(memory: Memory, thread: Thread, seen: Observation) -> Finding | None:
    """A round that a program began with the same prompt brought no new call, edit, commit or question."""
    if seen.agent or not memory.prompted:
        return None
    if thread.progressed or thread.new_keys or seen.question:
        memory.rounds = 0
        return None
    memory.rounds += 1
    if memory.rounds < 2 or memory.rounds % 2:
        return None
    found = Finding("rounds", [], memory.rounds, memory.rounds)
    found.label = "prompt"
    return found


def _delegated(memory: Memory, seen: Observation) -> Lap | None:
    """Return the lap of a subagent that came back, where no result of its call will tell."""
    begun = memory.running.pop(seen.agent, seen.time)
    launched = memory.launched.pop(seen.agent, None)
    waiting = any(lap.kind == kinds.AGENT for lap in memory.thread("").waiting)
    if not seen.label or not seen.agent or (launched is None and waiting):
        return None
    lap = Lap()
    lap.start, lap.end, lap.kind, lap.tool, lap.label = begun, seen.time, kinds.AGENT, "Agent", "Agent"
    lap.call, lap.key = seen.agent, seen.agent
    if launched is not None:
        start, key, family, target, group, call = launched
        lap.key, lap.family, lap.target, lap.call = str(key), str(family), str(target), str(call)
        lap.group = group if isinstance(group, int) else 0
        lap.start = float(start) if isinstance(start, int | float) else begun
    lap.outcome, lap.size = seen.outcome, seen.size
    return lap
