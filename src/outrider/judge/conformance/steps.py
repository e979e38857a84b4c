"""The steps of one run: which events, requests, calls and milliseconds belong to which visit.

Everything that belongs to a run goes to exactly one visit of one step, or to none of them ("outside of
the steps"), so that the parts add up to what the run used.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from outrider.judge.conformance.alignment import Deviations, Placement, Sight, deviations, order_score, placed
from outrider.judge.conformance.marks import marked_steps
from outrider.plan.workflow.model import Step, Workflow
from outrider.plan.workflow.order_graph import OrderGraph, free_graph, visible_graph
from outrider.plan.workflow.patterns import matches
from outrider.record.activities.activity import Event
from outrider.record.session import Subagent

_Shown = tuple[tuple[str, int], ...]
"""The steps that an event is evidence of, each with the number of the evidence."""

VisitStatus = Literal["in order", "out of order", "repeated"]
StepStatus = Literal["done", "partial", "skipped", "not visited", "out of order", "repeated"]
"""`partial`: some of its evidence is missing; `not visited`: optional, or nothing would show it."""


@dataclass(slots=True)
class Visit:
    """One visit of one step: the indexes of its events in the run, the first and the last of them."""

    step: str
    status: VisitStatus = "in order"
    events: list[int] = field(default_factory=list)
    evidence: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Path:
    """How a run went through its workflow.

    ``visit_of`` gives the visit of an event by its index in the run's events; events without one are
    evidence of no step. ``skipped`` are steps that were due and never came, each with the index of the
    event by which they were due (the number of events: by the end). ``order_score`` is None when no two
    visited steps have an order. ``unexplained`` are events of calls that are no evidence of any step.
    """

    visits: tuple[Visit, ...]
    visit_of: Mapping[int, int]
    skipped: tuple[tuple[str, int], ...]
    order_score: float | None
    unexplained: tuple[int, ...]

    @property
    def diverged_at(self) -> int | None:
        """Return the index of the first event at which the run left the order; None when it never did."""
        points = [visit.events[0] for visit in self.visits if visit.status != "in order"]
        points += [due for _, due in self.skipped]
        return min(points, default=None)


def walked(events: Sequence[Event], workflow: Workflow, subagents: Sequence[Subagent] = ()) -> Path:
    """Lay the events of a run along ``workflow``.

    What a subagent does can only show the steps that its launch shows, where the launch shows any.
    """
    graph = visible_graph(workflow.order, workflow.steps) if workflow.order else free_graph(workflow.steps)
    sights = sights_of(events, workflow.steps, subagents)
    counts = {step.name: max(len(step.evidence), 1) for step in workflow.steps}
    placements = placed(sights, graph, counts)
    visits, positions = _visits(placements, graph)
    found = deviations(positions, graph) if workflow.order else Deviations((), (), (), ())
    for index in found.out_of_order:
        visits[index].status = "out of order"
    for index in found.repeated:
        visits[index].status = "repeated"
    visit_of = {event: number for number, visit in enumerate(visits) for event in visit.events}
    shown = {events[sight.event].id for sight in sights if sight.shows}
    return Path(
        tuple(visits),
        visit_of,
        _skipped(found, visits, graph, workflow, len(events)),
        order_score(positions, graph) if workflow.order else None,
        tuple(
            n for n, event in enumerate(events) if event.id not in shown and is_milestone(event.activity.name)
        ),
    )


_MILESTONES = (
    "edit.",
    "git.",
    "test.",
    "build.",
    "pr.",
    "review",
    "agent:",
    "skill:",
    "mcp:",
    "plan",
    "ask.user",
)


def is_milestone(name: str) -> bool:
    """Tell whether an activity is one that a workflow would speak of; reading and searching are not."""
    return name.startswith(_MILESTONES)


def sights_of(events: Sequence[Event], steps: Sequence[Step], subagents: Sequence[Subagent]) -> list[Sight]:
    """Return what each event shows. A task item or announcement that names a step is a mark."""
    shown = _with_outcomes(events, [tuple(_shown(event, steps)) for event in events])
    within = _steps_of_agents(events, shown, subagents)
    found = []
    for index, event in enumerate(events):
        allowed = within.get(event.agent)
        marked = () if allowed is not None else marked_steps(event, steps)
        if marked:
            shows: tuple[tuple[str, int], ...] = tuple((name, 0) for name in marked)
        else:
            shows = tuple(pair for pair in shown[index] if allowed is None or pair[0] in allowed)
        found.append(Sight(index, shows))
    return found


def _shown(event: Event, steps: Sequence[Step]) -> Iterable[tuple[str, int]]:
    for step in steps:
        for number, pattern in enumerate(step.evidence):
            if matches(pattern, event.activity):
                yield step.name, number


def _with_outcomes(events: Sequence[Event], shown: list[_Shown]) -> list[_Shown]:
    """Let the outcome of a check show what its start shows: they are one thing, told as two events."""
    for index, (event, later) in enumerate(pairwise(events)):
        name = event.activity.name
        outcomes = (name.removesuffix("run") + "pass", name.removesuffix("run") + "fail")
        if name.endswith(".run") and later.id == event.id and later.activity.name in outcomes:
            shown[index + 1] = (
                *shown[index + 1],
                *(pair for pair in shown[index] if pair not in shown[index + 1]),
            )
            shown[index] = ()
    return shown


def _steps_of_agents(
    events: Sequence[Event], shown: Sequence[tuple[tuple[str, int], ...]], subagents: Sequence[Subagent]
) -> dict[str, frozenset[str]]:
    """Return the steps that the launch of each subagent shows, where it shows any."""
    of_call: dict[str, frozenset[str]] = {}
    for event, pairs in zip(events, shown, strict=True):
        if pairs and event.activity.name.startswith(("agent:", "review", "skill:")):
            of_call[event.id] = of_call.get(event.id, frozenset()) | {step for step, _ in pairs}
    found: dict[str, frozenset[str]] = {}
    for agent in sorted(subagents, key=lambda each: each.depth):
        allowed = of_call.get(agent.call_id, found.get(agent.parent))
        if allowed is not None:
            found[agent.id] = allowed
    return found


def _visits(placements: Sequence[Placement], graph: OrderGraph) -> tuple[list[Visit], list[int]]:
    visits: list[Visit] = []
    positions: list[int] = []
    for placement in placements:
        if placement.begins:
            visits.append(Visit(graph.steps[placement.position]))
            positions.append(placement.position)
        visits[-1].events.append(placement.event)
        visits[-1].evidence.add(placement.evidence)
    return visits, positions


def _skipped(
    found: Deviations, visits: Sequence[Visit], graph: OrderGraph, workflow: Workflow, count: int
) -> tuple[tuple[str, int], ...]:
    if workflow.order is None:
        seen = {visit.step for visit in visits}
        due = [step.name for step in workflow.steps if step.evidence and not step.optional]
        return tuple((name, count) for name in due if name not in seen)
    return tuple(
        (graph.steps[position], visits[before].events[0] if before < len(visits) else count)
        for position, before in found.skipped
    )


def step_status(step: Step, path: Path) -> StepStatus:
    """Sum up how a run dealt with one step."""
    own = [visit for visit in path.visits if visit.step == step.name]
    if not own:
        skipped = any(name == step.name for name, _ in path.skipped)
        return "skipped" if skipped else "not visited"
    statuses = {visit.status for visit in own}
    if "in order" not in statuses:
        return "out of order"
    if "repeated" in statuses:
        return "repeated"
    complete = any(visit.evidence >= set(range(len(step.evidence))) for visit in own)
    return "done" if complete or len(step.evidence) < 2 else "partial"
