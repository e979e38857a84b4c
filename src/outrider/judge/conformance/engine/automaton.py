"""What a form means for a run: colours, moves and repairs, all computed from its transitions.

Nobody writes down which state is broken. A state from which no accepting one can be reached is broken
for good, one from which no rejecting one can be reached is kept for good, and the others are kept so far
or owed. Moves are computed when they are first taken and then looked up.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from outrider.judge.conformance.engine.forms import Form
from outrider.judge.conformance.engine.verdicts import Colour
from outrider.kernel.limits import RULE_MOVES_KEPT, RULE_STEPS_EXPLORED


class Move(NamedTuple):
    """One step: where it leads, whether it counts at all, which event ids it sets, what it counts as."""

    state: int
    counts: bool
    keeps: int
    breaks: bool
    activates: bool
    fulfils: bool


class Ways(NamedTuple):
    """What could come next, and the shortest way to where all is well, in the texts of patterns."""

    expected: tuple[str, ...]
    repair: tuple[str, ...]


class Automaton(dict[tuple[int, int], Move | None]):
    """The moves of a form by state and letter; None: the step changes nothing.

    It knows nothing of any run, so all runs of a rule share one. ``texts`` are those of its patterns.
    """

    def __init__(self, form: Form, texts: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.form = form
        self._texts = texts
        self._is_large = False
        self._colours: dict[int, Colour] = {}
        self._ways: dict[tuple[int, int], Ways] = {}

    def __missing__(self, at: tuple[int, int]) -> Move | None:
        if len(self) >= RULE_MOVES_KEPT:
            self.clear()
        found = self[at] = self._move(*at)
        return found

    def colour(self, state: int) -> Colour:
        """Return the runtime verdict of ``state``."""
        found = self._colours.get(state)
        if found is None:
            if len(self._colours) >= RULE_MOVES_KEPT:
                self._colours.clear()
            self._colours.update(self._coloured(state))
            found = self._colours[state]
        return found

    def owes(self, state: int) -> bool:
        """Tell whether a run that ends in ``state`` has broken the rule."""
        return self.colour(state) in ("owed", "broken for good")

    def ways(self, state: int, letter: int) -> Ways:
        """Return what could have come where ``letter`` could not; with letter 0, what is owed."""
        found = self._ways.get((state, letter))
        if found is None:
            if len(self._ways) >= RULE_MOVES_KEPT:
                self._ways.clear()
            repair = self.repair(state, letter)
            known = self.form.next_letters(state)
            expected = repair[:1] if known is None else known
            found = self._ways[state, letter] = Ways(self._told(expected), self._told(repair))
        return found

    def repair(self, state: int, letter: int) -> tuple[int, ...]:
        """Return the fewest letters after which ``letter`` is allowed; letter 0: nothing is owed.

        The search goes in breadth, one pattern at a time: what a person can do next is one thing.
        """
        single = [each for each in self.form.letters if each and not each & (each - 1)]
        ways: dict[int, tuple[int, ...]] = {state: ()}
        queue, left = deque([state]), RULE_STEPS_EXPLORED
        while queue and left > 0:
            at = queue.popleft()
            if self._mended(at, letter):
                return ways[at]
            left -= len(single)
            for each in single:
                following = self.form.delta(at, each)
                if following not in ways and self.colour(following) != "broken for good":
                    ways[following] = (*ways[at], each)
                    queue.append(following)
        return ()

    def _told(self, letters: tuple[int, ...]) -> tuple[str, ...]:
        return tuple(self._texts[letter.bit_length() - 1] for letter in letters)

    def _coloured(self, state: int) -> dict[int, Colour]:
        found = None if self._is_large else colours(self.form, state)
        if found is None:
            self._is_large = True
            return {state: _colour_nearby(self.form, state)}
        return found

    def _move(self, state: int, letter: int) -> Move | None:
        following = self.form.delta(state, letter)
        breaks = self.colour(following) == "broken for good"
        if breaks:
            following = self.form.rearmed(state, letter)
        activates, fulfils, keeps = self.form.marks(state, letter, breaks=breaks)
        if following == state and not (breaks or activates or fulfils or keeps):
            return None
        counts = breaks or activates or fulfils
        return Move(following, counts, keeps, breaks, activates, fulfils)

    def _mended(self, state: int, letter: int) -> bool:
        if letter:
            return self.colour(self.form.delta(state, letter)) != "broken for good"
        return not self.owes(state)


def colours(form: Form, start: int) -> dict[int, Colour] | None:
    """Colour every state that can be reached from ``start``; None when that are too many."""
    before: dict[int, set[int]] = {start: set()}
    queue, left = [start], RULE_STEPS_EXPLORED
    while queue:
        state = queue.pop()
        left -= len(form.letters)
        if left < 0:
            return None
        for letter in form.letters:
            following = form.delta(state, letter)
            if following not in before:
                before[following] = set()
                queue.append(following)
            before[following].add(state)
    can_accept = _reaching({state for state in before if form.accepts(state)}, before)
    can_reject = _reaching({state for state in before if not form.accepts(state)}, before)
    return {state: _colour(form.accepts(state), state in can_accept, state in can_reject) for state in before}


def _colour_nearby(form: Form, state: int) -> Colour:
    """Colour a state of an automaton too large to look through: only what leads nowhere is for good."""
    leads_on = any(form.delta(state, letter) != state for letter in form.letters)
    accepts = form.accepts(state)
    return _colour(accepts, accepts or leads_on, leads_on or not accepts)


def _reaching(states: set[int], before: dict[int, set[int]]) -> set[int]:
    found, queue = set(states), list(states)
    while queue:
        for state in before[queue.pop()] - found:
            found.add(state)
            queue.append(state)
    return found


def _colour(accepts: bool, can_accept: bool, can_reject: bool) -> Colour:
    if accepts:
        return "kept so far" if can_reject else "kept for good"
    return "owed" if can_accept else "broken for good"
