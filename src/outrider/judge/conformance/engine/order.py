"""The order of a workflow's steps as an automaton: a set of positions at a time.

An event is a letter of all steps whose evidence it is. From each position of the set it may stay (a step
takes further events of its own evidence) or go to one that may come next; a set that nothing of it can
take is empty: the order is broken, and goes on from wherever the event's steps stand.
"""

from __future__ import annotations

from collections.abc import Iterator

from outrider.judge.conformance.engine.compiled import CompiledOrder, CompiledPattern
from outrider.judge.conformance.engine.forms import ACTIVATION, EVIDENCE, INVALIDATION, Form, Marks


def order_form(order: CompiledOrder, patterns: tuple[CompiledPattern, ...]) -> Form:
    """Return the automaton of an order; ``patterns`` hold the evidence of its steps."""
    return _OrderForm(order, patterns)


class _OrderForm:
    """States are bit masks of positions; the start is a position of its own, 0 is broken."""

    def __init__(self, order: CompiledOrder, patterns: tuple[CompiledPattern, ...]) -> None:
        self._order = order
        self.start = 1 << len(order.steps)
        self._ends = order.ends | (self.start if order.may_be_empty else 0)
        self._places = [0] * len(patterns)
        for position, step in enumerate(order.steps):
            self._places[step] |= 1 << position
        # Exploring asks for all letters of one state in a row.
        self._last = (0, 0)
        # A larger letter only adds positions, so single steps reach everything that can go wrong.
        self.letters = tuple(1 << step for step, pattern in enumerate(patterns) if pattern.alternatives)

    def delta(self, state: int, letter: int) -> int:
        if not letter:
            return state
        if state != self._last[0]:
            self._last = (state, self._next(state))
        return (state | self._last[1]) & self.rearmed(state, letter)

    def accepts(self, state: int) -> bool:
        return bool(state & self._ends)

    def rearmed(self, state: int, letter: int) -> int:  # noqa: ARG002 - a form's signature
        places = 0
        for step in _bits(letter):
            places |= self._places[step]
        return places

    def marks(self, state: int, letter: int, *, breaks: bool) -> Marks:
        if not letter:
            return Marks()
        first = state == self.start
        keeps = EVIDENCE | (ACTIVATION if first else 0) | (INVALIDATION if breaks else 0)
        return Marks(activates=first, keeps=keeps)

    def fulfilled_by_end(self, state: int) -> bool:
        return state != self.start

    def next_letters(self, state: int) -> tuple[int, ...] | None:
        steps = {self._order.steps[position] for position in _bits(self._next(state))}
        return tuple(letter for letter in self.letters if letter.bit_length() - 1 in steps)

    def holds(self, state: int) -> bool:
        return state == self.start or 0 < state < self.start

    def _next(self, state: int) -> int:
        following = self._order.starts if state & self.start else 0
        for position in _bits(state & (self.start - 1)):
            following |= self._order.after[position]
        return following


def _bits(mask: int) -> Iterator[int]:
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest
