"""An order expression as a graph: which step may follow which, and what a jump leaves out.

The construction is Glushkov's: every mention of a step is a *position*; a repetition is an edge back.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import NamedTuple

from outrider.plan.workflow.model import Order, Step

START = -1
"""Stands before the first position."""


class Jump(NamedTuple):
    """The cheapest way from one position to another: the mandatory positions that it leaves out."""

    skipped: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OrderGraph:
    """``steps`` names the step at each position; ``after`` gives the positions that may come next.

    ``ends`` are the positions that may be the last; ``may_be_empty``: no step need come at all.
    """

    steps: tuple[str, ...]
    starts: tuple[int, ...]
    ends: frozenset[int]
    after: tuple[tuple[int, ...], ...]
    optional: frozenset[int]
    may_be_empty: bool

    def next_of(self, position: int) -> tuple[int, ...]:
        """Return the positions that may follow ``position``, which may be ``START``."""
        return self.starts if position == START else self.after[position]

    def jumps_from(self, position: int) -> dict[int, Jump]:
        """Return the cheapest jump to every position that can still be reached."""
        found: dict[int, Jump] = {}
        queue: list[tuple[int, int, tuple[int, ...]]] = [(0, each, ()) for each in self.next_of(position)]
        heapq.heapify(queue)
        while queue:
            _, at, skipped = heapq.heappop(queue)
            if at in found:
                continue
            found[at] = Jump(skipped)
            over = skipped if at in self.optional else (*skipped, at)
            for following in self.after[at]:
                if following not in found:
                    heapq.heappush(queue, (len(over), following, over))
        return found

    def owed_after(self, position: int) -> tuple[int, ...]:
        """Return the mandatory positions on the cheapest way from ``position`` to an end."""
        if position in self.ends or (position == START and self.may_be_empty):
            return ()
        ways = [
            jump.skipped if at in self.optional else (*jump.skipped, at)
            for at, jump in self.jumps_from(position).items()
            if at in self.ends
        ]
        return min(ways, key=lambda way: (len(way), way), default=())


class _Part(NamedTuple):
    nullable: bool
    first: tuple[int, ...]
    last: tuple[int, ...]


def order_graph(order: Order, steps: tuple[Step, ...] = ()) -> OrderGraph:
    """Build the graph of ``order``; steps that are optional by themselves are so wherever they stand."""
    return _Builder({step.name for step in steps if step.optional}).graph(order)


def visible_graph(order: Order, steps: tuple[Step, ...]) -> OrderGraph:
    """Build the graph of ``order`` as a record can show it: steps without evidence are passed over."""
    return _Builder({step.name for step in steps if _is_passable(step)}).graph(order)


def free_graph(steps: tuple[Step, ...]) -> OrderGraph:
    """Return the graph of a workflow that says nothing about order: any step after any other."""
    count = len(steps)
    every = tuple(range(count))
    optional = frozenset(each for each in every if _is_passable(steps[each]))
    names = tuple(step.name for step in steps)
    after = tuple(tuple(each for each in every if each != one) for one in every)
    return OrderGraph(names, every, frozenset(every), after, optional, may_be_empty=True)


def _is_passable(step: Step) -> bool:
    return step.optional or not step.evidence


class _Builder:
    """Collects positions and the edges between them."""

    def __init__(self, optional_steps: set[str]) -> None:
        self._optional_steps = optional_steps
        self._steps: list[str] = []
        self._optional: set[int] = set()
        self._after: list[dict[int, None]] = []

    def graph(self, order: Order) -> OrderGraph:
        whole = self._part(order)
        return OrderGraph(
            tuple(self._steps),
            whole.first,
            frozenset(whole.last),
            tuple(tuple(each) for each in self._after),
            frozenset(self._optional),
            whole.nullable,
        )

    def _part(self, order: Order) -> _Part:
        if order.kind == "step":
            part = self._position(order.step)
        elif order.kind == "sequence":
            part = self._sequence(order.parts)
        else:
            part = self._either(order.parts)
        if order.repeats:
            self._connect(part.last, part.first)
        if order.optional:
            if order.kind == "step":
                self._optional.update(part.first)
            part = part._replace(nullable=True)
        return part

    def _position(self, step: str) -> _Part:
        at = len(self._steps)
        self._steps.append(step)
        self._after.append({})
        if step in self._optional_steps:
            self._optional.add(at)
        return _Part(step in self._optional_steps, (at,), (at,))

    def _sequence(self, orders: tuple[Order, ...]) -> _Part:
        whole = _Part(nullable=True, first=(), last=())
        for order in orders:
            part = self._part(order)
            self._connect(whole.last, part.first)
            whole = _Part(
                whole.nullable and part.nullable,
                (*whole.first, *part.first) if whole.nullable else whole.first,
                (*whole.last, *part.last) if part.nullable else part.last,
            )
        return whole

    def _either(self, orders: tuple[Order, ...]) -> _Part:
        parts = [self._part(order) for order in orders]
        return _Part(
            any(part.nullable for part in parts),
            tuple(each for part in parts for each in part.first),
            tuple(each for part in parts for each in part.last),
        )

    def _connect(self, ones: tuple[int, ...], others: tuple[int, ...]) -> None:
        for one in ones:
            self._after[one].update(dict.fromkeys(others))
