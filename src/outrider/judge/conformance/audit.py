"""The audit of a session: every run of a skill against the workflow of that skill."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from outrider.judge.attribution.account import Account
from outrider.judge.attribution.runs import Run
from outrider.judge.conformance.accounting import OUTSIDE, Used, items_by_run, used_by_visit
from outrider.judge.conformance.compiling import compile_rules, compile_workflow
from outrider.judge.conformance.engine.compiled import Compiled, CompiledRule
from outrider.judge.conformance.engine.rules import judge_events
from outrider.judge.conformance.engine.verdicts import RuleVerdict, Violation
from outrider.judge.conformance.steps import Path, Visit, walked
from outrider.plan.workflow.model import Step, Workflow
from outrider.record.activities.activity import Event
from outrider.record.session import Session


@dataclass(frozen=True, slots=True)
class RuleAudit:
    """One rule over one run: its verdict and every place where it was broken, what is still owed too."""

    rule: CompiledRule
    verdict: RuleVerdict
    violations: tuple[Violation, ...]

    @property
    def title(self) -> str:
        """The rule as it is listed; an order says that it is one."""
        return f"order: {self.rule.text}" if self.rule.form == "order" else self.rule.text


@dataclass(frozen=True, slots=True)
class RunAudit:
    """One run against its workflow.

    ``events`` are the run's own and those of its subagents, which its path is made of; ``all_events``
    also those of the runs nested in it, which its rules are judged on. ``used`` gives what each visit
    used by its index, ``OUTSIDE`` for the rest. ``unproven`` are claims without evidence. ``told`` are the
    events that violations speak of, by their ids; some of them are older than the run.
    """

    session: str
    run: Run
    workflow: Workflow
    events: tuple[Event, ...]
    all_events: tuple[Event, ...]
    path: Path
    used: dict[int, Used]
    rules: tuple[RuleAudit, ...]
    unproven: tuple[Event, ...]
    told: Mapping[str, tuple[Event, ...]]

    @property
    def broken(self) -> tuple[RuleAudit, ...]:
        """The rules that were broken."""
        return tuple(each for each in self.rules if each.verdict.verdict == "broken")

    def visits_of(self, step: Step) -> list[tuple[Visit, Used]]:
        """Return a step's visits with what they used."""
        return [
            (visit, self.used.get(number, Used()))
            for number, visit in enumerate(self.path.visits)
            if visit.step == step.name
        ]

    def ms(self, used: Used) -> int:
        """Return time at work: the subagent's for a run that stands in one, else the main thread's."""
        return used.agents_ms if self.run.load.agent else used.ms

    @property
    def outside(self) -> Used:
        """What the run used outside of its steps."""
        return self.used.get(OUTSIDE, Used())

    @property
    def bottleneck(self) -> str:
        """Return the step that took the most time; empty when no step took any."""
        spent: dict[str, int] = defaultdict(int)
        for number, visit in enumerate(self.path.visits):
            spent[visit.step] += self.ms(self.used.get(number, Used()))
        return max(spent, key=lambda step: spent[step], default="") if any(spent.values()) else ""


def audited(
    session: Session,
    account: Account,
    events: Sequence[Event],
    workflows: Mapping[int, Workflow],
    apart: Container[int] = (),
) -> list[RunAudit]:
    """Audit the runs of ``session`` whose numbers have a workflow in ``workflows``.

    A run that nothing is prescribed for (a skill of reference text) is part of the audited run around it,
    with its events and all that it used; it is audited by itself only where it stands alone, or where its
    number is in ``apart``.
    """
    runs = account.runs.runs
    folded = _folded(runs, workflows, apart)
    by_run = _gathered(events_by_run(session, account, events), folded)
    items = items_by_run(session, account, folded)
    found = []
    for run in runs:
        workflow = workflows.get(run.number)
        if workflow is None or run.number in folded:
            continue
        own = tuple(by_run.get(run.number, ()))
        everything = tuple(_of_family(run.number, runs, events, by_run))
        path = walked(own, workflow, session.subagents)
        used = used_by_visit(session, account, items[run.number], own, path)
        before = [event for event in events if event.at < run.at]
        rules = judged(workflow, own, everything, before)
        unproven = tuple(unproven_claims(everything, before))
        told = _told(rules, (*before, *everything))
        found.append(RunAudit(session.id, run, workflow, own, everything, path, used, rules, unproven, told))
    return found


def judged(
    workflow: Workflow, own: Sequence[Event], everything: Sequence[Event], before: Iterable[Event] = ()
) -> tuple[RuleAudit, ...]:
    """Judge the rules of ``workflow`` on everything that a run and those nested in it did.

    What happened in the session ``before`` the run can be evidence, and breaks nothing.
    Its order, where a person wrote it down, is judged on the run's own events: what a nested run does
    follows another order. An order derived from prose is compared with the run, but breaks no rule.
    """
    found = _rule_audits(compile_rules(workflow.rules, workflow.mode), everything, before)
    if workflow.order is not None and not workflow.derived:
        order = compile_workflow(replace(workflow, rules=()))
        found += _rule_audits(order, own)
    return tuple(found)


def _rule_audits(
    compiled: Compiled, events: Sequence[Event], before: Iterable[Event] = ()
) -> list[RuleAudit]:
    judgement = judge_events(compiled, events, before)
    broken: dict[int, list[Violation]] = defaultdict(list)
    for violation in judgement.violations:
        broken[violation.rule].append(violation)
    return [
        RuleAudit(rule, verdict, (*broken[number], *verdict.owed))
        for number, (rule, verdict) in enumerate(zip(compiled.rules, judgement.verdicts, strict=True))
    ]


def _folded(runs: Sequence[Run], workflows: Mapping[int, Workflow], apart: Container[int]) -> dict[int, int]:
    """Return the audited run around each nested run for which nothing is prescribed."""
    found: dict[int, int] = {}
    for run in runs:
        workflow = workflows.get(run.number)
        parent = found.get(run.parent, run.parent)
        if workflow is None or workflow.steps or workflow.rules or run.number in apart:
            continue
        if parent in workflows:
            found[run.number] = parent
    return found


def _gathered(by_run: Mapping[int, list[Event]], folded: Mapping[int, int]) -> dict[int, list[Event]]:
    found: dict[int, list[Event]] = defaultdict(list)
    for number, events in by_run.items():
        found[folded.get(number, number)] += events
    for number in folded.values():
        found[number].sort(key=lambda event: event.at)
    return found


def events_by_run(session: Session, account: Account, events: Iterable[Event]) -> dict[int, list[Event]]:
    """Sort events by the run that they belong to; the load of a skill belongs to the run around its own."""
    runs = account.runs
    of_line = {moment.subject: number for moment, number in zip(session.moments, runs.of_moment, strict=True)}
    of_load = {run.load.call_id or run.load.uid: run.parent for run in runs.runs}
    found: dict[int, list[Event]] = defaultdict(list)
    for event in events:
        if event.activity.name.startswith("skill:") and event.id in of_load:
            number = of_load[event.id]
        elif event.request:
            number = runs.of_request.get(event.request, 0)
        else:
            number = of_line.get(event.id, 0)
        found[number].append(event)
    return found


def event_of(event_id: str, rule: CompiledRule, told: Mapping[str, tuple[Event, ...]]) -> Event | None:
    """Return the event that a violation means: of the activities of one call, the one the rule speaks of."""
    events = told.get(event_id, ())
    names = [alternative[0] for pattern in rule.patterns for alternative in pattern.alternatives]
    for event in events:
        if any(fnmatchcase(event.activity.name, name) for name in names):
            return event
    return events[0] if events else None


def _told(rules: Iterable[RuleAudit], events: Iterable[Event]) -> dict[str, tuple[Event, ...]]:
    wanted = {
        event_id
        for rule in rules
        for violation in rule.violations
        for event_id in (violation.event, violation.activation, violation.evidence, violation.invalidation)
    }
    found: dict[str, tuple[Event, ...]] = {}
    for event in events:
        if event.id in wanted:
            found[event.id] = (*found.get(event.id, ()), event)
    return found


def unproven_claims(events: Iterable[Event], before: Iterable[Event] = ()) -> list[Event]:
    """Return the claims among ``events`` before which nothing was seen to pass since the last edit."""
    proven = {"tests": False, "work": False}
    for event in before:
        _prove(proven, event.activity.name)
    found = []
    for event in events:
        _prove(proven, event.activity.name)
        if event.activity.name == "claim.done" and not proven.get(event.activity.of, True):
            found.append(event)
    return found


def _prove(proven: dict[str, bool], name: str) -> None:
    """Note what one activity proves, or what it makes doubtful again."""
    if name.startswith("edit.") and name != "edit.docs":
        proven.update(tests=False, work=False)
    elif name == "test.pass":
        proven.update(tests=True, work=True)
    elif name in ("build.pass", "lint.pass", "review"):
        proven["work"] = True


def _of_family(
    number: int, runs: Sequence[Run], events: Sequence[Event], by_run: Mapping[int, list[Event]]
) -> Iterable[Event]:
    """Return the events of a run and of all that are nested in it, in order."""
    within = {number}
    for run in runs:
        if run.parent in within:
            within.add(run.number)
    if len(within) == 1:
        return by_run.get(number, ())
    chosen = {id(event) for each in within for event in by_run.get(each, ())}
    return (event for event in events if id(event) in chosen)
