"""The rules of the workflows that are active in a session, judged while it goes on.

One step ahead before a call, for good when it has happened; what is still owed is asked for at the end of a
turn. The same engine judges recorded runs, so that a backtest and a live session say the same.
"""

from __future__ import annotations

from outrider.judge.conformance.engine.compiled import read_compiled
from outrider.judge.conformance.engine.rules import Engine
from outrider.judge.conformance.engine.verdicts import Refused, Violation
from outrider.judge.guard import ladder
from outrider.judge.guard import settings as setting
from outrider.judge.guard.seeing import results
from outrider.judge.guard.seeing.observations import text_in
from outrider.kernel.limits import GUARD_RULE_CHARS, GUARD_RUNS, LABEL_CHARS
from outrider.record.activities.activity import STARTS, Activity, Event, is_mark
from outrider.record.activities.classify import expected, happened
from outrider.record.activities.fitting import fits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from outrider.record.activities.vocabulary import Vocabulary

LEVELS = {setting.ENFORCE: ladder.DENY, setting.ADVISE: ladder.HINT}
"""What a broken rule is worth in each mode; a note in any other."""

HOLDS = 2
"""How often the end of a turn is held back for what is owed; then the model is let go."""

HINTS = 2
"""How often one rule is hinted at in one run."""


class Run:
    """One workflow at work: its rules where they stand, the step it is in, and what was said about it."""

    __slots__ = ("agent", "engine", "held", "names", "skill", "step", "steps", "told")

    def __init__(
        self, skill: str, agent: str, engine: Engine, steps: Sequence[object], names: Sequence[str]
    ) -> None:
        self.names = names
        self.skill = skill
        self.agent = agent
        self.engine = engine
        self.steps = steps
        self.step = ""
        self.held = 0
        self.told: dict[str, int] = {}

    def packed(self) -> list[object]:
        """Return the run as plain values; its rules come from elsewhere again."""
        return [self.skill, self.agent, self.engine.snapshot(), self.step, self.held, self.told]

    def owed(self) -> list[list[str]]:
        """Return the rules by which something is owed now, each with what would keep it."""
        rules = self.engine.compiled.rules
        return [
            [rules[verdict.rule].text[:GUARD_RULE_CHARS], _repair(verdict.owed[0])]
            for verdict in self.engine.finish()
            if verdict.owed
        ]


class LiveRules:
    """Takes the payloads of one session in their order.

    ``rules_of`` gives the compiled object of a skill's workflow or None, ``mode_of`` the mode of one of its
    rules, ``vocabulary`` the words. ``moved`` collects the scopes that began and ended, ``limits`` what
    workflows allow in them.
    """

    def __init__(
        self,
        rules_of: Callable[[str], object],
        mode_of: Callable[[str, str], str],
        vocabulary: Vocabulary,
        state: object = None,
        *,
        interactive: bool = True,
    ) -> None:
        self._rules_of = rules_of
        self._mode_of = mode_of
        self._vocabulary = vocabulary
        self._interactive = interactive
        self.moved: list[tuple[str, str]] = []
        self.limits: dict[str, dict[str, float]] = {}
        self._runs: list[Run] = []
        self._tasks: dict[str, str] = {}
        if isinstance(state, dict):
            self._restore(state)

    def state(self) -> dict[str, object]:
        """Return where everything stands, as plain values.

        ``owed`` has for each run what it owes now, rule and repair: for those who look without the engine.
        """
        runs, owed = [run.packed() for run in self._runs], [run.owed() for run in self._runs]
        return {"runs": runs, "tasks": self._tasks, **({"owed": owed} if any(owed) else {})}

    def begin(self, skill: str, agent: str, before: Iterable[Event] = ()) -> None:
        """Begin a run of ``skill`` where it has rules; ``before`` is what happened in the session."""
        found = self._made(skill, agent)
        if found is None:
            return
        found.engine.prime(before)
        for known in [run for run in self._runs if (run.skill, run.agent) == (skill, agent)]:
            self._end(known)
        self._runs.append(found)
        if len(self._runs) > GUARD_RUNS:
            self._end(self._runs[0])
        self.moved.append(("enter", f"run:{skill}"))

    def ahead(self, payload: dict[str, object], now: float) -> list[ladder.Intervention]:
        """Return what a call would break, the gravest first; a call that may run begins what it starts."""
        tool, given, agent = text_in(payload, "tool_name"), _given(payload), text_in(payload, "agent_id")
        activities = expected(tool, given, self._vocabulary, cwd=text_in(payload, "cwd"))
        if not activities:
            return []
        at, task = int(now * 1000), self._tasks.get(agent, "")
        told: list[ladder.Intervention] = []
        for run in self._concerned(agent):
            broken = run.engine.look_ahead(activities, at=at, agent=agent, task=task)
            for violation in _each_rule_once(broken):
                said = self._told(run, violation, agent, now)
                told += [said] if said else []
        told.sort(key=lambda each: -ladder.LEVELS.index(each.level))
        if not told or told[0].level in (ladder.NOTE, ladder.HINT):
            begun = [each for each in activities if each.name.startswith(STARTS)]
            self._take(begun, text_in(payload, "tool_use_id"), agent, now)
        return told

    def after(self, payload: dict[str, object], now: float) -> None:
        """Take in what a call did."""
        failed = payload.get("hook_event_name") == "PostToolUseFailure"
        response = payload.get("error", "") if failed else payload.get("tool_response")
        status = "ok"
        if failed:
            status = "interrupted" if payload.get("is_interrupt") is True else "error"
        agent = text_in(payload, "agent_id")
        if is_mark(text_in(payload, "tool_name")):
            self._mark(text_in(_given(payload), "name"), agent)
            return
        activities = happened(
            text_in(payload, "tool_name"),
            _given(payload),
            status,
            results.text_of(response),
            self._vocabulary,
            cwd=text_in(payload, "cwd"),
        )
        done = [each for each in activities if not each.name.startswith(STARTS)]
        self._take(done, text_in(payload, "tool_use_id"), agent, now)

    def turn(self, activity: Activity, now: float) -> None:
        """Take in what a person did or the client: a prompt, a compaction, a typed skill."""
        if activity.name == "prompt":
            for run in self._runs:
                run.held = 0
                run.told.clear()
        self._take([activity], "", "", now)

    def owed(self, agent: str, now: float) -> list[ladder.Intervention]:
        """Return what the runs of an agent still owe at the end of a turn: at most twice until a prompt."""
        told = []
        for run in self._runs:
            if run.agent == agent and run.held < HOLDS:
                told += self._owed_of(run, now)
        return told

    def _owed_of(self, run: Run, now: float) -> list[ladder.Intervention]:
        told = []
        for verdict in run.engine.finish():
            rule = run.engine.compiled.rules[verdict.rule]
            mode = self._mode_of(run.skill, rule.text)
            if not verdict.owed or mode == setting.OFF:
                continue
            if mode != setting.ENFORCE and run.told.get(f"owed {verdict.rule}"):
                continue
            run.told[f"owed {verdict.rule}"] = 1
            level = LEVELS.get(mode, ladder.NOTE)
            told.append(_intervention(run, verdict.owed[0], level, f"owed:{run.skill or 'rules'}", now))
        run.held += any(each.level == ladder.DENY for each in told)
        return told

    def _told(self, run: Run, broken: Violation, agent: str, now: float) -> ladder.Intervention | None:
        rule = run.engine.compiled.rules[broken.rule]
        mode = self._mode_of(run.skill, rule.text)
        count = run.told.get(str(broken.rule), 0) + 1
        if mode == setting.OFF or (mode != setting.ENFORCE and count > HINTS):
            return None
        run.told[str(broken.rule)] = count
        level = LEVELS.get(mode, ladder.NOTE)
        if level == ladder.DENY and count > ladder.DENIES:
            level = ladder.ASK if self._interactive else ladder.STOP
        told = _intervention(run, broken, level, f"rule:{run.skill or 'rules'}", now, count)
        told.agent = agent
        return told

    def _take(self, done: Iterable[Activity], call: str, agent: str, now: float) -> None:
        for activity in done:
            if activity.name == "task.start":
                self._tasks[agent] = activity.of
            event = Event(call, int(now * 1000), agent, activity, task=self._tasks.get(agent, ""))
            for run in self._concerned(agent):
                run.engine.step(event)
                self._stepped(run, activity)

    def _stepped(self, run: Run, activity: Activity) -> None:
        """Follow the run from step to step: the newest evidence says where it is.

        What the step at hand explains as well is no reason to leave it.
        """
        shown = [
            step[0]
            for step in run.steps
            if isinstance(step, list) and len(step) == 2 and any(_fits(each, activity) for each in step[1])
        ]
        if shown and run.step not in shown:
            self._go_to(run, shown[0])

    def _mark(self, name: str, agent: str) -> None:
        """Go to the step that the model says begins, in the newest run that has it."""
        for run in reversed(self._concerned(agent)):
            for step in run.names:
                if step.casefold() == name.casefold():
                    self._go_to(run, step)
                    return

    def _go_to(self, run: Run, step: str) -> None:
        if step != run.step:
            self._leave_step(run)
            run.step = step
            self.moved.append(("enter", f"step:{step}"))

    def _leave_step(self, run: Run) -> None:
        if run.step:
            self.moved.append(("leave", f"step:{run.step}"))
            run.step = ""

    def _end(self, run: Run) -> None:
        self._leave_step(run)
        self.moved.append(("leave", f"run:{run.skill}"))
        self._runs.remove(run)

    def _concerned(self, agent: str) -> list[Run]:
        """The runs an agent works for: its own, and those of the main thread around it."""
        return [run for run in self._runs if run.agent in ("", agent)]

    def _made(self, skill: str, agent: str) -> Run | None:
        found = self._rules_of(skill)
        if not isinstance(found, dict):
            return None
        compiled = read_compiled(found.get("rules"))
        steps, names = found.get("steps"), found.get("step_names")
        if isinstance(compiled, Refused):
            return None
        self._limit(skill, found.get("limits"))
        return Run(
            *(skill, agent, Engine(compiled), steps if isinstance(steps, list) else []),
            [name for name in names if isinstance(name, str)] if isinstance(names, list) else [],
        )

    def _limit(self, skill: str, given: object) -> None:
        for scope, values in given.items() if isinstance(given, dict) else ():
            if isinstance(values, dict):
                name = f"run:{skill}" if scope == "run" else str(scope)
                allowed = {str(key): value for key, value in values.items() if _is_amount(value)}
                self.limits[name] = allowed

    def _restore(self, state: dict[str, object]) -> None:
        """Go on with the runs whose rules are still the same; others are over."""
        runs, tasks = state.get("runs"), state.get("tasks")
        if isinstance(tasks, dict):
            self._tasks = {str(agent): str(task) for agent, task in tasks.items()}
        for packed in runs if isinstance(runs, list) else ():
            if not isinstance(packed, list) or len(packed) != 6:
                continue
            skill, agent, snapshot, step, held, told = packed
            run = self._made(str(skill), str(agent))
            if run is None:
                continue
            engine = Engine.restore(run.engine.compiled, snapshot)
            if isinstance(engine, Refused):
                continue
            run.engine, run.step = engine, str(step)
            run.held = held if isinstance(held, int) else 0
            run.told = told if isinstance(told, dict) else {}
            self._runs.append(run)


def _intervention(
    run: Run, broken: Violation, level: str, detector: str, now: float, count: int = 1
) -> ladder.Intervention:
    rule = run.engine.compiled.rules[broken.rule]
    known = (broken.activation, broken.evidence, broken.invalidation)
    return ladder.Intervention(
        level,
        detector,
        count,
        evidence=tuple(dict.fromkeys(each for each in known if each)),
        agent=run.agent,
        key=f"{run.skill} {broken.rule}",
        label=rule.text[:LABEL_CHARS],
        repair=_repair(broken),
        time=now,
    )


def _repair(broken: Violation) -> str:
    return ", then ".join(broken.repair[:4])[:LABEL_CHARS]


def _each_rule_once(broken: Iterable[Violation]) -> list[Violation]:
    return list({violation.rule: violation for violation in broken}.values())


def _fits(alternative: object, activity: Activity) -> bool:
    if not isinstance(alternative, list) or len(alternative) != 4:
        return False
    name, of, to, within = (str(each) for each in alternative)
    return fits((name, of, to, within), activity)


def _is_amount(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0


def _given(payload: dict[str, object]) -> dict[str, object]:
    value = payload.get("tool_input")
    return value if isinstance(value, dict) else {}
