"""The engine: all rules of a workflow over the events of one run.

An audit, the guard and a backtest use the same steps: judging a recorded run is taking them in a loop.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from outrider.judge.conformance.engine import snapshots
from outrider.judge.conformance.engine.automaton import Automaton
from outrider.judge.conformance.engine.compiled import Compiled, CompiledRule
from outrider.judge.conformance.engine.letters import Concerns, fitting
from outrider.judge.conformance.engine.monitor import Monitor, automaton_of
from outrider.judge.conformance.engine.verdicts import Refused, RuleVerdict, Violation
from outrider.kernel.limits import VIOLATIONS_KEPT
from outrider.record.activities.activity import Activity, Event


class Engine:
    """The monitors of all rules; one instance judges one run."""

    __slots__ = ("_at", "_concerns", "_monitors", "_takes", "compiled")

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        automata, self._concerns = _shared(compiled.rules)
        self._monitors = [
            Monitor(index, rule, automaton)
            for index, (rule, automaton) in enumerate(zip(compiled.rules, automata, strict=True))
        ]
        self._takes = [monitor.take for monitor in self._monitors]
        self._at = 0

    def step(self, event: Event) -> list[Violation]:
        """Take one event; returns what it broke."""
        found: list[Violation] = []
        self._at = event.at
        activity, takes = event.activity, self._takes
        for rule, letter, qualified in self._concerns[activity.name]:
            if qualified:
                letter |= fitting(qualified, activity)  # noqa: PLW2901 - the letter grows by what fits
            takes[rule](letter, event, found)
        return found

    def prime(self, events: Iterable[Event]) -> None:
        """Take what happened before the run began: it may be evidence for `before` rules, and is no more.

        Tests that passed since the last edit have passed, whenever the skill was loaded. Nothing of it is
        counted, and rules that look forward begin with the run.
        """
        unprimed = [monitor.standing for monitor in self._monitors]
        for event in events:
            self.step(event)
        for monitor, standing in zip(self._monitors, unprimed, strict=True):
            if monitor.rule.form == "before":
                monitor.standing = monitor.standing._replace(counts=standing.counts)
            else:
                monitor.standing = standing
        self._at = 0

    def look_ahead(
        self, activities: Iterable[Activity], *, at: int = 0, agent: str = "", task: str = ""
    ) -> list[Violation]:
        """Return what the activities of one call would break, in their order, without taking them.

        A later one sees the earlier ones. The violations have no event id: nothing has happened yet.
        """
        events = [Event("", at, agent, activity, task=task) for activity in activities]
        concerned = {concern.rule for event in events for concern in self._concerns[event.activity.name]}
        kept = [(self._monitors[rule], self._monitors[rule].standing) for rule in concerned]
        before = self._at
        try:
            return [violation for event in events for violation in self.step(event)]
        finally:
            self._at = before
            for monitor, standing in kept:
                monitor.standing = standing

    def finish(self) -> list[RuleVerdict]:
        """Return the verdicts if the run ended here: what is still owed is broken. Nothing is changed."""
        return [monitor.verdict(self._at, ended=True) for monitor in self._monitors]

    def verdicts_now(self) -> list[RuleVerdict]:
        """Return the verdicts while the run goes on: what is still owed is pending."""
        return [monitor.verdict(self._at, ended=False) for monitor in self._monitors]

    def snapshot(self) -> dict[str, object]:
        """Return where the rules stand, for ``json.dumps``."""
        return snapshots.written(self.compiled.digest, self._at, self._monitors)

    @classmethod
    def restore(cls, compiled: Compiled, snapshot: object) -> Engine | Refused:
        """Return an engine that goes on where the snapshot was taken."""
        engine = cls(compiled)
        at = snapshots.read(snapshot, compiled.digest, engine._monitors)
        if isinstance(at, Refused):
            return at
        engine._at = at
        return engine


class Judgement(NamedTuple):
    """A whole run judged: the verdicts at its end, and what was broken on the way.

    ``violations`` are at most `VIOLATIONS_KEPT`, the first ones; the verdicts count all of them.
    """

    verdicts: list[RuleVerdict]
    violations: list[Violation]


def judge_events(compiled: Compiled, events: Iterable[Event], before: Iterable[Event] = ()) -> Judgement:
    """Judge the events of a run in their order; ``before`` is what happened in the session before it."""
    engine = Engine(compiled)
    engine.prime(before)
    violations: list[Violation] = []
    for event in events:
        found = engine.step(event)
        if found and len(violations) < VIOLATIONS_KEPT:
            violations += found
    return Judgement(engine.finish(), violations[:VIOLATIONS_KEPT])


class _Shared(NamedTuple):
    """What all runs under the same rules can use: it knows nothing of any of them."""

    automata: tuple[Automaton, ...]
    concerns: Concerns


@lru_cache(maxsize=16)
def _shared(rules: tuple[CompiledRule, ...]) -> _Shared:
    return _Shared(tuple(automaton_of(rule) for rule in rules), Concerns(rules))
