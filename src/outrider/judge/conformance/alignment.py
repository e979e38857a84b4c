"""The events of a run laid along the order of its workflow's steps.

Two passes. The first gives every event that is evidence of some step to one of those steps: the cheapest
way through the order graph, O(events x states). The second looks at the visits that result and keeps the
longest part of them that is in order; what is left over came out of order or again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from outrider.plan.workflow.order_graph import START, Jump, OrderGraph

_SKIP = 1.0
_BACKWARD = 2.0
_AGAIN = 0.125
_UNFINISHED = 0.0625
_MOVE = 0.001
_FAR = float("inf")


class Sight(NamedTuple):
    """What one event shows: the steps it is evidence of, each with the evidence's number in its step."""

    event: int
    shows: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Placement:
    """An event at a position of the order graph; ``begins`` tells that a visit begins with it."""

    event: int
    position: int
    evidence: int
    begins: bool


class _State(NamedTuple):
    position: int
    evidence: int


class _Ways:
    """The costs of going from one state to another, worked out once for each pair."""

    def __init__(self, graph: OrderGraph, evidence_counts: dict[str, int]) -> None:
        self._graph = graph
        self._counts = evidence_counts
        self._jumps: dict[int, dict[int, Jump]] = {}
        self._known: dict[tuple[_State, _State], tuple[float, bool]] = {}

    def jumps(self, position: int) -> dict[int, Jump]:
        if position not in self._jumps:
            self._jumps[position] = self._graph.jumps_from(position)
        return self._jumps[position]

    def cost(self, one: _State, other: _State) -> tuple[float, bool]:
        """Return what it costs to see ``other`` after ``one``, and whether a new visit begins by it."""
        key = (one, other)
        if key not in self._known:
            self._known[key] = self._worked_out(one, other)
        return self._known[key]

    def _worked_out(self, one: _State, other: _State) -> tuple[float, bool]:
        if one.position != other.position:
            return self._move(one, other.position), True
        again = other.evidence < one.evidence
        if again and one.position in self._graph.next_of(one.position):
            return self._move(one, other.position), True
        return (_AGAIN if again else 0.0), False

    def _move(self, one: _State, position: int) -> float:
        unfinished = one.position != START and one.evidence + 1 < self._count(one.position)
        jump = self.jumps(one.position).get(position)
        way = _BACKWARD if jump is None else _SKIP * len(jump.skipped)
        return way + _MOVE + (_UNFINISHED if unfinished else 0.0)

    def _count(self, position: int) -> int:
        return self._counts.get(self._graph.steps[position], 0)

    def to_end(self, state: _State) -> float:
        return _SKIP * len(self._graph.owed_after(state.position))


def placed(sights: Sequence[Sight], graph: OrderGraph, evidence_counts: dict[str, int]) -> list[Placement]:
    """Give each sight that shows something to one position of ``graph``: the cheapest way through it.

    ``evidence_counts`` is how many pieces of evidence each step has. Steps that the order does not name
    have no position; a sight that shows only those is left out.
    """
    positions: dict[str, list[int]] = {}
    for number, step in enumerate(graph.steps):
        positions.setdefault(step, []).append(number)
    ways = _Ways(graph, evidence_counts)
    best: dict[_State, float] = {_State(START, 0): 0.0}
    trail: list[tuple[int, dict[_State, tuple[_State, bool]]]] = []
    for sight in sights:
        options = [_State(at, number) for step, number in sight.shows for at in positions.get(step, ())]
        if options:
            best, came_from = _advanced(best, options, ways)
            trail.append((sight.event, came_from))
    if not trail:
        return []
    final = min(best, key=lambda state: (best[state] + ways.to_end(state), state))
    return _traced(trail, final)


def _advanced(
    best: dict[_State, float], options: Iterable[_State], ways: _Ways
) -> tuple[dict[_State, float], dict[_State, tuple[_State, bool]]]:
    after: dict[_State, float] = {}
    came_from: dict[_State, tuple[_State, bool]] = {}
    for option in options:
        for state, so_far in best.items():
            way, begins = ways.cost(state, option)
            if so_far + way < after.get(option, _FAR):
                after[option] = so_far + way
                came_from[option] = (state, begins)
    return after, came_from


def _traced(trail: Sequence[tuple[int, dict[_State, tuple[_State, bool]]]], final: _State) -> list[Placement]:
    found = []
    state = final
    for event, came_from in reversed(trail):
        before, begins = came_from[state]
        found.append(Placement(event, state.position, state.evidence, begins))
        state = before
    return found[::-1]


class Deviations(NamedTuple):
    """Where the visits leave the order.

    ``kept`` are the indexes of the visits that are in order, ``repeated`` and ``out_of_order`` those that
    are not; ``skipped`` are mandatory positions that no visit took, each with the index of the visit
    before which it was due (the number of visits: by the end).
    """

    kept: tuple[int, ...]
    out_of_order: tuple[int, ...]
    repeated: tuple[int, ...]
    skipped: tuple[tuple[int, int], ...]


def deviations(visits: Sequence[int], graph: OrderGraph) -> Deviations:
    """Compare a run's visits, given as positions of ``graph``, with its order."""
    kept = _longest_in_order(visits, graph)
    kept_set = set(kept)
    left_over = [index for index in range(len(visits)) if index not in kept_set]
    taken = {graph.steps[visits[index]] for index in kept}
    late = [index for index in left_over if graph.steps[visits[index]] not in taken]
    came = {graph.steps[visits[index]] for index in late}
    first_late = [index for n, index in enumerate(late) if visits[index] not in [visits[i] for i in late[:n]]]
    again = [index for index in left_over if index not in first_late]
    skipped = [pair for pair in _left_out(visits, kept, graph) if graph.steps[pair[0]] not in came]
    return Deviations(tuple(kept), tuple(first_late), tuple(again), tuple(skipped))


def _longest_in_order(visits: Sequence[int], graph: OrderGraph) -> list[int]:
    """Return the indexes of the visits to keep: few left over, few steps skipped between them.

    Leaving a visit over costs a little more than skipping a step; of equal ways the one with the earliest
    visits.
    """
    jumps = {position: graph.jumps_from(position) for position in {START, *visits}}
    cost: list[float] = []
    before: list[int] = []
    for index, position in enumerate(visits):
        start = jumps[START].get(position)
        least = _FAR if start is None else _LEFT_OVER * index + len(start.skipped)
        come = -1
        for earlier in range(max(0, index - _WINDOW), index):
            jump = jumps[visits[earlier]].get(position)
            if jump is None:
                continue
            way = cost[earlier] + _LEFT_OVER * (index - earlier - 1) + len(jump.skipped)
            if way < least:
                least, come = way, earlier
        cost.append(least)
        before.append(come)
    return _best_chain(visits, graph, cost, before)


_LEFT_OVER = 1.01

_WINDOW = 200
"""How many visits back a kept one may lie; bounds the work on runs with thousands of visits."""


def _best_chain(
    visits: Sequence[int], graph: OrderGraph, cost: Sequence[float], before: Sequence[int]
) -> list[int]:
    last, least = -1, _FAR
    for index, position in enumerate(visits):
        way = cost[index] + _LEFT_OVER * (len(visits) - index - 1) + len(graph.owed_after(position))
        if way < least:
            last, least = index, way
    chain = []
    while last >= 0:
        chain.append(last)
        last = before[last]
    return chain[::-1]


def _left_out(visits: Sequence[int], kept: Sequence[int], graph: OrderGraph) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    position = START
    for index in kept:
        jump = graph.jumps_from(position)[visits[index]]
        found += [(skipped, index) for skipped in jump.skipped]
        position = visits[index]
    found += [(owed, len(visits)) for owed in graph.owed_after(position)]
    return found


def order_score(visits: Sequence[int], graph: OrderGraph) -> float | None:
    """Return the share of pairs of visited steps, ordered by the workflow, whose first visits are in order.

    A pair counts when one step can lead to the other and not the other way round. None: no such pair.
    """
    first: dict[int, int] = {}
    for index, position in enumerate(visits):
        first.setdefault(position, index)
    reach = {position: set(graph.jumps_from(position)) for position in first}
    pairs = [(one, two) for one in first for two in first if two in reach[one] and one not in reach[two]]
    if not pairs:
        return None
    return sum(first[one] < first[two] for one, two in pairs) / len(pairs)
