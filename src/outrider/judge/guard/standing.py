"""What stands in a session now: skills at work and their steps, limits, calls held back, what is owed.

Read from the state that the hook left behind and from the compiled rules, without the rules engine: a status
line is printed many times a minute. Values are plain classes, as loading `typing` takes as long as the rest.
Every text in them may be shown as it is: names were checked, labels have no signs that could be markup.

What hooks cannot see is approximate. No event says that a skill is done: the one that an agent loaded last
counts as active until it loads another, and one that another skill loaded does not give way to it again.
Rules hold longer than that: a run with rules stands as long as the hook judges by them.
"""

from __future__ import annotations

from outrider.judge.guard import session as sessions
from outrider.judge.guard import settings as setting
from outrider.judge.guard.breaker import CLOSED
from outrider.judge.guard.budgets import Budgets
from outrider.judge.guard.seeing.digests import plain, shown_name
from outrider.judge.guard.seeing.observations import AGENT_STOP
from outrider.kernel.limits import GUARD_FAULTS, GUARD_LABEL_CHARS, GUARD_RULE_CHARS, GUARD_RUNS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from outrider.judge.guard.session import Memory

MOST = 1e15
"""No count, time or cost that is shown is larger."""


class _Value:
    """A value: equal to another with the same parts, and told by them."""

    __slots__: tuple[str, ...] = ()

    def parts(self) -> dict[str, object]:
        """Return the parts by name."""
        return {name: getattr(self, name) for name in self.__slots__}

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and isinstance(other, _Value) and other.parts() == self.parts()

    def __hash__(self) -> int:
        return hash(tuple(self.parts().values()))

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.parts().items())})"
        )


class Run(_Value):
    """One skill at work.

    ``step`` is the step that the newest evidence shows, the ``number``-th of ``steps``; empty and 0 where
    none is known. ``steps`` is 0 for a skill without compiled rules. ``owed`` are rules by which something is
    owed now, each with what would keep it. ``agent`` is empty for the main thread.
    """

    __slots__ = ("agent", "number", "owed", "skill", "step", "steps")

    def __init__(
        self,
        skill: str,
        agent: str = "",
        step: str = "",
        number: int = 0,
        steps: int = 0,
        owed: tuple[tuple[str, str], ...] = (),
    ) -> None:
        self.skill = skill
        self.agent = agent
        self.step = step
        self.number = number
        self.steps = steps
        self.owed = owed


class Limit(_Value):
    """One limit in force: ``used`` of ``most``.

    ``scope`` is "session", "run:SKILL", "step:NAME" or "agent:ID"; ``name`` is one of
    `settings.LIMITS`; times are in seconds, cost in USD.
    """

    __slots__ = ("most", "name", "scope", "used")

    def __init__(self, scope: str, name: str, used: float, most: float) -> None:
        self.scope = scope
        self.name = name
        self.used = used
        self.most = most


class Held(_Value):
    """A family of calls with a breaker that is not closed; repeated ``count`` times, opened ``trips``."""

    __slots__ = ("agent", "count", "label", "state", "trips")

    def __init__(self, agent: str, label: str, state: str, count: int, trips: int) -> None:
        self.agent = agent
        self.label = label
        self.state = state
        self.count = count
        self.trips = trips


class Standing(_Value):
    """What stands in one session.

    ``runs``: the main thread's before those of subagents, the skill that was loaded last before others.
    ``stopped`` says whose turn the guard ended ("session" or a subagent's id), ``tripped`` the reason of a
    person's kill switch; both are empty where there is none. ``mode`` is the mode of the guard as a whole,
    ``faults`` how many faults of the hook came in a row, ``last`` the time of the last event (seconds since
    1970, 0: not known). ``readable`` is False where the state was damaged: the rest is then not known.
    """

    __slots__ = (
        *("faults", "held", "last", "limits", "mode", "readable", "runs", "session", "stopped", "tripped"),
    )

    def __init__(
        self,
        session: str,
        runs: tuple[Run, ...] = (),
        limits: tuple[Limit, ...] = (),
        held: tuple[Held, ...] = (),
        stopped: str = "",
        tripped: str = "",
        mode: str = setting.ADVISE,
        faults: int = 0,
        last: float = 0.0,
        *,
        readable: bool = True,
    ) -> None:
        self.session = session
        self.runs = runs
        self.limits = limits
        self.held = held
        self.stopped = stopped
        self.tripped = tripped
        self.mode = mode
        self.faults = faults
        self.last = last
        self.readable = readable


class Known:
    """What is known beside a session's state.

    ``settings`` are in force, ``mode_of`` gives the mode of a rule by skill and text, ``rules_of`` the
    compiled object of a skill's workflow or None. ``tripped`` is the reason of the kill switch that holds.
    """

    __slots__ = ("faults", "mode_of", "now", "rules_of", "settings", "tripped")

    def __init__(
        self,
        settings: setting.Settings,
        mode_of: Callable[[str, str], str],
        rules_of: Callable[[str], object],
        now: float,
        tripped: str = "",
        faults: int = 0,
    ) -> None:
        only_observed = faults >= GUARD_FAULTS
        self.settings = setting.Settings(setting.OBSERVE) if only_observed else settings
        self.mode_of = mode_of
        self.rules_of = rules_of
        self.now = now
        self.tripped = tripped
        self.faults = faults


def standing(session: str, state: object, known: Known) -> Standing:
    """Return what stands in ``session``, whose state file holds ``state`` (plain values, perhaps damaged)."""
    fields = _object(state)
    watch = _object(fields.get("watch"))
    memory = _memory(watch.get("guard"))
    live = _Live(_object(watch.get("rules")), memory, known)
    return Standing(
        shown_name(session),
        _runs(live, _object(watch.get("skills"))),
        _limits(live, memory, known),
        _held(memory),
        _stopped(memory),
        plain(known.tripped, GUARD_LABEL_CHARS) if known.tripped else "",
        known.settings.mode,
        known.faults,
        _amount(fields.get("seen")),
        readable=memory is not None,
    )


class _Live:
    """The runs with rules that go on, the newest first, and what their workflows allow them."""

    __slots__ = ("limits", "runs")

    def __init__(self, rules: dict[str, object], memory: Memory | None, known: Known) -> None:
        self.runs: list[Run] = []
        self.limits: dict[str, dict[str, float]] = {}
        packed, owed = _list(rules.get("runs")), _list(rules.get("owed"))
        for at, each in enumerate(packed[: GUARD_RUNS + 1]):
            if isinstance(each, list) and len(each) >= 4 and not _is_over(memory, each[1]):
                self._add(each, _list(owed[at]) if at < len(owed) else [], known)
        self.runs.reverse()

    def _add(self, packed: list[object], owed: list[object], known: Known) -> None:
        skill, agent, snapshot, step = packed[:4]
        found = known.rules_of(skill) if isinstance(skill, str) else None
        if not isinstance(skill, str) or not isinstance(found, dict):
            return
        if _list(found.get("rules"))[:1] != [_object(snapshot).get("rules")]:
            return  # compiled anew: the hook lets go of such a run at its next event
        names = _step_names(found)
        number = names.index(step) + 1 if step in names else 0
        named = shown_name(step) if isinstance(step, str) and step else ""
        due = tuple(
            (plain(rule, GUARD_RULE_CHARS), plain(repair, GUARD_RULE_CHARS))
            for rule, repair in _pairs(owed)
            if known.mode_of(skill, rule) != setting.OFF
        )
        self.runs.append(Run(skill, agent if isinstance(agent, str) else "", named, number, len(names), due))
        for scope, values in _object(found.get("limits")).items():
            allowed = {name: _amount(value) for name, value in _object(values).items() if _amount(value)}
            self.limits[f"run:{skill}" if scope == "run" else scope] = allowed


def _runs(live: _Live, skills: dict[str, object]) -> tuple[Run, ...]:
    known = {(run.agent, run.skill) for run in live.runs}
    newest = [(agent, skill) for agent, skill in reversed(skills.items()) if isinstance(skill, str) and skill]
    bare = [Run(skill, agent) for agent, skill in newest if (agent, skill) not in known]
    runs = sorted([*bare, *live.runs], key=lambda run: (run.agent != "", skills.get(run.agent) != run.skill))
    return tuple(
        Run(shown_name(run.skill), shown_name(run.agent), run.step, run.number, run.steps, run.owed)
        for run in runs[: 2 * GUARD_RUNS]
    )


def _limits(live: _Live, memory: Memory | None, known: Known) -> tuple[Limit, ...]:
    settings = known.settings
    if memory is None or settings.mode == setting.OFF or known.faults >= GUARD_FAULTS:
        return ()
    inside = setting.Settings(settings.mode, limits={**settings.limits, **live.limits})
    try:
        found = Budgets(memory.budgets).standing(inside, known.now)
        return tuple(
            Limit(_scope(each.scope), each.name, _amount(each.used), each.limit)
            for each in found
            if each.name in setting.LIMITS and each.scope.partition(":")[0] in setting.SCOPES
        )
    except OverflowError:
        return ()


def _held(memory: Memory | None) -> tuple[Held, ...]:
    families = memory.families.items() if memory is not None else ()
    return tuple(
        Held(
            shown_name(family.partition(":")[0]),
            plain(kept.label, GUARD_LABEL_CHARS) or "a call",
            kept.breaker.state,
            kept.count,
            kept.breaker.trips,
        )
        for family, kept in families
        if kept.breaker.state != CLOSED
    )


def _stopped(memory: Memory | None) -> str:
    if memory is None or not memory.stopped:
        return ""
    return shown_name(memory.stopped[len(sessions.EVERYBODY) :]) or "session"


def _is_over(memory: Memory | None, agent: object) -> bool:
    """Tell whether a subagent has come back: its skills are done with it."""
    thread = memory.threads.get(agent) if memory is not None and isinstance(agent, str) and agent else None
    return thread is not None and thread.last_event == AGENT_STOP


def _memory(state: object) -> Memory | None:
    try:
        return sessions.restored(state)
    except (ValueError, KeyError, TypeError, OverflowError):
        return None


def _step_names(found: dict[str, object]) -> list[object]:
    """Return the names of all steps; rules that were compiled by older versions name those with evidence."""
    names = found.get("step_names")
    if isinstance(names, list):
        return names
    return [step[0] for step in _list(found.get("steps")) if isinstance(step, list) and step]


def _pairs(owed: list[object]) -> list[tuple[str, str]]:
    return [
        (pair[0], pair[1])
        for pair in owed
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(text, str) for text in pair)
    ]


def _scope(scope: str) -> str:
    kind, colon, name = scope.partition(":")
    return f"{kind}:{shown_name(name)}" if colon else kind


def _amount(value: object) -> float:
    """Return a number above zero, 0 for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
        return 0.0
    return float(min(value, MOST))


def _object(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
