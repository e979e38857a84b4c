"""The guard of one session: takes what hooks tell, one after the other, and says what should be done.

Deterministic, without a clock: the time comes with each observation. Its whole memory can be taken out as
plain values after any event and put back before the next, since a hook process lives for one event only.
"""

from __future__ import annotations

from outrider.judge.guard import session
from outrider.judge.guard import settings as setting
from outrider.judge.guard.detectors import duplicates
from outrider.judge.guard.seeing import kinds, observations
from outrider.judge.guard.seeing.observations import Observation
from outrider.judge.guard.thread import ASKED as ASKED_FLAG
from outrider.judge.guard.thread import (
    FAILED,
    FAILING,
    NOVEL,
    REFUSED,
    SILENT,
    Lap,
    Thread,
    answer,
    put,
    started,
)
from outrider.kernel.limits import GUARD_KEYS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from outrider.judge.guard.detectors.findings import Finding
    from outrider.judge.guard.ladder import Intervention

REPEATABLE = frozenset(
    ("same_result", "poll", "repeat", "same_failure", "volatile_result", "cycle", "duplicates")
)
"""What a person may ask for; then it takes ``ASKED`` laps to be worth a word."""

ASKED = 100

TOGETHER_SECONDS = 0.6
"""No model reads an answer and calls again so quickly."""


class Guard:
    """Watches one session.

    Modules are loaded when they have something to do: most events are a call that is not like any before.
    ``is_fresh`` tells that the given state was damaged, and that the guard began anew.
    """

    __slots__ = ("_memory", "_settings", "is_fresh")

    def __init__(self, settings: setting.Settings | None = None, state: object = None) -> None:
        self._settings = settings or setting.Settings()
        self.is_fresh = False
        try:
            self._memory = session.Memory() if state is None else session.restored(state)
        except (ValueError, KeyError, TypeError):
            self.is_fresh = True
            self._memory = session.Memory()

    def state(self) -> dict[str, object]:
        """Return the whole memory as plain values; ``Guard(settings, state)`` goes on from there."""
        return self._memory.packed()

    def observe(self, seen: object, now: float) -> list[Intervention]:
        """Take in one hook payload, or an observation made before; ``now`` in seconds since 1970."""
        found = seen if isinstance(seen, Observation) else observations.of_payload(seen, now)
        if found is None or self._settings.mode == setting.OFF:
            return []
        return self._taken(found) + self._limits(found.time)

    def enter(self, scope: str, now: float) -> None:
        """Begin a run ("run:NAME") or a step ("step:NAME"), for its limits."""
        self._memory.limited().enter(scope, now)

    def leave(self, scope: str) -> None:
        """End a run or a step."""
        self._memory.limited().leave(scope)

    def spend(self, name: str, amount: float, now: float, agent: str = "") -> list[Intervention]:
        """Add tokens or cost, each response once; returns what that makes due."""
        self._spend(name, amount, now, agent)
        return self._limits(now)

    def check(self, now: float) -> list[Intervention]:
        """Look at the limits of time alone, for a watcher between events."""
        return self._limits(now)

    def is_near_limit(self, now: float) -> bool:
        """Tell whether the calls of one reply, or some minutes, could reach a limit."""
        return bool(self._settings.limits) and self._memory.limited().is_near(self._settings, now)

    def is_stopped(self, agent: str) -> bool:
        """Tell whether an agent's turn is to end; a person's next prompt begins anew."""
        return self._memory.is_stopped(agent)

    def refuse(self, call: str, agent: str = "", *, ends: bool = False) -> None:
        """Remember a call held back by a rule, which is none of the model's; ``ends``: the turn is over."""
        self._memory.deny(call)
        if ends:
            self._memory.stop(agent)

    def force(self, state: str) -> None:
        """Set the breaker of every family that is held back: the hand of a person.

        Closing begins every count anew, as a message of a person does; else the next lap would trip it again.
        """
        for family in self._memory.families.values():
            family.breaker.force(state)
        self._memory.stopped = ""
        if state == "closed":
            self._memory.denies.clear()
            for thread in self._memory.threads.values():
                thread.clear()

    def _taken(self, seen: Observation) -> list[Intervention]:
        thread = self._memory.thread(seen.agent)
        told = _TAKERS.get(seen.event, Guard._turn)(self, thread, seen)
        if seen.event != observations.SESSION:
            thread.last_event = seen.event
            thread.last = max(thread.last, seen.time)
        return told

    def _call(self, thread: Thread, seen: Observation) -> list[Intervention]:
        if thread.answered(seen.call) or any(lap.call == seen.call for lap in thread.waiting if seen.call):
            return []
        lost = self._group(thread, seen)
        held = self._held_back(seen)
        if held is not None:
            return [held]
        lap = started(seen)
        lap.group = thread.group
        thread.wait_for(lap)
        if lap.kind == kinds.AGENT:
            self._spend("agents", 1, seen.time, seen.agent)
        thread.worked()
        found = [duplicates.in_reply(thread, lap), self._tried_again(thread, lap)]
        return lost or self._told(thread, found, seen.agent, seen.time)

    def _held_back(self, seen: Observation) -> Intervention | None:
        memory = self._memory
        if not memory.families and not memory.stopped and not memory.denied:
            return None
        from outrider.judge.guard import holding

        return holding.held_back(memory, self._settings, seen)

    def _tried_again(self, thread: Thread, lap: Lap) -> Finding | None:
        if not any(other.key == lap.key and other.flags & REFUSED for other in thread.ring):
            return None
        from outrider.judge.guard.detectors import errors

        return errors.tried_again(thread, lap)

    def _group(self, thread: Thread, seen: Observation) -> list[Intervention]:
        """Find out whether this call belongs to the reply of the one before."""
        if seen.group:
            same = seen.group == thread.group_name
            thread.group_name = seen.group
        elif thread.batched:
            same = True
        else:
            soon = seen.time - thread.last < duplicates.AT_ONCE_SECONDS
            same = bool(thread.waiting) and thread.last_event == observations.CALL and soon
        if same:
            return []
        told = self._give_up(thread, seen.agent)
        thread.group += 1
        return told

    def _give_up(self, thread: Thread, agent: str) -> list[Intervention]:
        """Calls of earlier replies get no answer any more: they were refused, or it was lost."""
        given_up, thread.waiting = thread.waiting, []
        told: list[Intervention] = []
        for lap in given_up:
            lap.flags = SILENT | (REFUSED if self._memory.answers or lap.has(ASKED_FLAG) else 0)
            thread.add(lap)
            told += self._told(thread, self._found(thread, lap, None), agent, lap.end)
        return told[:1]

    def _result(self, thread: Thread, seen: Observation) -> list[Intervention]:
        if thread.answered(seen.call):
            return []
        lap = thread.take(seen.call, seen.key) or thread.recall(seen.call)
        if lap is None:
            lap = self._unannounced(thread, seen)
        if seen.call in self._memory.denied or seen.own:
            return []
        lap.group = lap.group or thread.group
        answer(lap, seen)
        self._memory.answers = 1
        if lap.kind == kinds.AGENT and seen.stage == "async_launched" and seen.started:
            self._launch(lap, seen)
            return []
        thread.since_compaction += 1
        thread.worked()
        return self._added(thread, lap, seen)

    def _unannounced(self, thread: Thread, seen: Observation) -> Lap:
        """Begin a lap whose call was not told; answers that come together are of one reply."""
        together = thread.last_event == observations.RESULT and seen.time - thread.last <= TOGETHER_SECONDS
        if not together and not thread.batched:
            thread.group += 1
        return started(seen)

    def _added(self, thread: Thread, lap: Lap, seen: Observation) -> list[Intervention]:
        """Put an answered call into the memory and ask every detector about it."""
        _note(thread, lap, seen)
        if lap.has(NOVEL) and lap.kind == kinds.AGENT:
            thread.epoch += 1
        thread.add(lap)
        found = self._found(thread, lap, seen)
        self._settle(lap, seen.agent)
        self._count(lap, seen.agent)
        if lap.kind == kinds.ASK and (lap.has(REFUSED) or not lap.has(FAILED)):
            thread.clear()
        if lap.has(NOVEL):
            thread.epoch += lap.kind != kinds.AGENT
            self._progress(seen.agent)
        return self._told(thread, found, seen.agent, lap.end)

    def _found(self, thread: Thread, lap: Lap, seen: Observation | None) -> list[Finding | None]:
        """Ask the detectors that could have something to say."""
        found: list[Finding | None] = []
        if seen is not None and lap.kind == kinds.CHANGE:
            from outrider.judge.guard.detectors import edits

            found.append(edits.find(thread, lap, seen))
        same = sum(1 for other in thread.ring if other.key == lap.key)
        if same >= 3:
            from outrider.judge.guard.detectors import repeats

            found.append(repeats.find(thread, lap))
        if thread.stuck or lap.flags & (FAILED | FAILING | REFUSED) or _alike(thread, lap) >= 5:
            from outrider.judge.guard.detectors import errors

            found.append(errors.find(thread, lap))
        if same >= 3:
            from outrider.judge.guard.detectors import cycles

            found.append(cycles.find(thread))
        if lap.kind in (kinds.AGENT, kinds.PLAN) or lap.context:
            from outrider.judge.guard.detectors import rounds

            found += [rounds.delegation(thread, lap), rounds.plans(thread, lap)]
            found.append(rounds.across_compactions(thread, lap) if lap.context else None)
        elif not seen or not seen.agent:
            _remember(thread, lap)
        return found

    def _settle(self, lap: Lap, agent: str) -> None:
        if self._memory.families:
            from outrider.judge.guard import holding

            holding.settle(self._memory, lap, agent)

    def _progress(self, agent: str | None) -> None:
        if self._memory.families:
            from outrider.judge.guard import holding

            holding.progress(self._memory, agent)

    def _count(self, lap: Lap, agent: str) -> None:
        if self._settings.limits:
            from outrider.judge.guard import spending

            spending.count(self._memory, lap, agent)

    def _spend(self, name: str, amount: float, now: float, agent: str) -> None:
        if self._settings.limits:
            from outrider.judge.guard import spending

            spending.spend(self._memory, name, amount, now, agent)

    def _limits(self, now: float) -> list[Intervention]:
        if not self._settings.limits:
            return []
        from outrider.judge.guard import spending

        return spending.limits(self._memory, self._settings, now)

    def _told(
        self, thread: Thread, findings: list[Finding | None], agent: str, now: float
    ) -> list[Intervention]:
        """Say the first finding that is due, hold back what must be; one word at a time is enough."""
        found = [finding for finding in findings if finding is not None]
        if not found:
            return []
        from outrider.judge.guard import ladder

        memory = self._memory
        told: list[Intervention] = []
        for finding in found:
            mode = self._settings.mode_of(finding.detector)
            asked = memory.asked and finding.detector in REPEATABLE and finding.total < ASKED
            if mode == setting.OFF or asked:
                continue
            name = f"{finding.detector}:{finding.key}"
            if ladder.holds_back(finding, self._settings, memory.hints.get(name, 0)):
                from outrider.judge.guard import holding

                holding.hold(memory, finding, agent, thread, now)
            if finding.is_due and not told:
                told.append(ladder.of_finding(finding, agent, ladder.level_of(finding, self._settings), now))
                memory.hints[name] = memory.hints.pop(name, 0) + 1
                thread.hinted = thread.seq
        if len(memory.hints) > GUARD_KEYS:
            del memory.hints[next(iter(memory.hints))]
        return told

    def _batch(self, thread: Thread, seen: Observation) -> list[Intervention]:
        """End a reply: calls that have no answer yet were refused, or were none."""
        told: list[Intervention] = []
        for part in seen.parts:
            if thread.answered(part.call) or part.call in self._memory.denied or part.own or not part.call:
                thread.take(part.call, part.key)
                continue
            part.failed = not part.refused
            if part.failed and not part.identity:
                part.identity = part.outcome
            told += self._result(thread, part)
        thread.batched = True
        told += self._give_up(thread, seen.agent)
        thread.group += 1
        found = None if told else duplicates.in_batch(thread, seen)
        return told[:1] or self._told(thread, [found], seen.agent, seen.time)

    def _refused(self, thread: Thread, seen: Observation) -> list[Intervention]:
        lap = thread.take(seen.call, seen.key)
        if lap is None or seen.stage == "interrupt":
            return []
        lap.flags = REFUSED
        return self._added(thread, lap, seen)

    def _asked(self, thread: Thread, seen: Observation) -> list[Intervention]:
        for lap in thread.waiting:
            if lap.key == seen.key:
                lap.flags |= ASKED_FLAG
        return []

    def _turn(self, thread: Thread, seen: Observation) -> list[Intervention]:
        from outrider.judge.guard import turns

        return turns.take(self._memory, thread, seen, self._told, self._progress)

    def _launch(self, lap: Lap, seen: Observation) -> None:
        launched = self._memory.launched
        launched[seen.started] = [lap.start, lap.key, lap.family, lap.target, lap.group, lap.call]
        if len(launched) > GUARD_KEYS:
            del launched[next(iter(launched))]


def _note(thread: Thread, lap: Lap, seen: Observation) -> None:
    """Find out whether the call brought something new."""
    if lap.kind in (kinds.CHANGE, kinds.AGENT):
        from outrider.judge.guard.detectors import edits

        edits.note(thread, lap, seen)
    elif not lap.flags & (FAILED | REFUSED | SILENT):
        thread.new_keys += thread.is_new(lap.key + lap.outcome)


def _alike(thread: Thread, lap: Lap) -> int:
    """Count the calls of one family with one outcome."""
    return sum(1 for other in thread.ring if other.outcome == lap.outcome and other.family == lap.family)


def _remember(thread: Thread, lap: Lap) -> None:
    """Note what was called before the first compaction, in case it comes again after it."""
    if lap.kind in (kinds.READ, kinds.CHECK, kinds.ACT) and not lap.flags & (REFUSED | SILENT):
        put(thread.across, lap.key + lap.outcome, [0, 1, thread.epoch])


_TAKERS = {
    observations.CALL: Guard._call,
    observations.RESULT: Guard._result,
    observations.BATCH: Guard._batch,
    observations.REFUSED: Guard._refused,
    observations.ASKED: Guard._asked,
}
