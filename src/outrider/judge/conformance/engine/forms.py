"""The forms of a rule as automata over letters.

A letter says which of a rule's patterns an event matches: bit 0 is the trigger, bit 1 what is required
or forbidden, bit 2 the edge (`since`, `until`). An automaton says only how its states follow each other
and which of them accept; what that means for the run is computed in ``automaton``. A state is a number.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

TRIGGER, SECOND, EDGE = 1, 2, 4
ACTIVATION, EVIDENCE, INVALIDATION = 1, 2, 4


class Marks(NamedTuple):
    """What a step tells apart from its verdict: counts, and which event ids it is kept as (a bit set)."""

    activates: bool = False
    fulfils: bool = False
    keeps: int = 0


class Form(Protocol):
    """One form of a rule. ``letters`` are enough of them to reach every state that matters."""

    start: int
    letters: tuple[int, ...]

    def delta(self, state: int, letter: int) -> int:
        """Return the state after an event, without any re-arming."""

    def accepts(self, state: int) -> bool:
        """Tell whether a run may end here."""

    def rearmed(self, state: int, letter: int) -> int:
        """Return where to go on after ``letter`` broke the rule in ``state``."""

    def marks(self, state: int, letter: int, *, breaks: bool) -> Marks:
        """Return what to count and to keep of a step."""

    def fulfilled_by_end(self, state: int) -> bool:
        """Tell whether the end of the scope fulfils what is still in force."""

    def next_letters(self, state: int) -> tuple[int, ...] | None:
        """Return the patterns that could come next; None: the repair says it."""

    def holds(self, state: int) -> bool:
        """Tell whether a monitor can be in ``state`` (asked of snapshots)."""


def plain_form(name: str, patterns: int, most: int = 0) -> Form:
    """Return the form of that name, other than `order`; ``most`` is the N of `at most`."""
    letters = tuple(range(1 << patterns))
    if name == "before":
        return _Before(letters)
    if name == "after":
        return _After(letters)
    if name == "forbid":
        return _Forbid(letters)
    return _AtMost(letters, most if name == "at most" else 0)


class _Plain:
    """What the forms with a handful of states have in common."""

    start = 0
    states: tuple[int, ...] = (0, 1)

    def __init__(self, letters: tuple[int, ...]) -> None:
        self.letters = letters

    def accepts(self, state: int) -> bool:
        return state != 2

    def fulfilled_by_end(self, state: int) -> bool:  # noqa: ARG002 - most forms owe nothing to the end
        return False

    def next_letters(self, state: int) -> tuple[int, ...] | None:  # noqa: ARG002 - as above
        return None

    def holds(self, state: int) -> bool:
        return state in self.states


class _Before(_Plain):
    """`before B require A [since C]`: 0 no fresh A, 1 fresh A, 2 broken. One event is B, then C, then A."""

    def delta(self, state: int, letter: int) -> int:
        if state == 2 or (state == 0 and letter & TRIGGER):
            return 2
        return self.rearmed(state, letter)

    def rearmed(self, state: int, letter: int) -> int:
        if letter & SECOND:
            return 1
        return 0 if letter & EDGE else state

    def marks(self, state: int, letter: int, *, breaks: bool) -> Marks:  # noqa: ARG002 - a form's signature
        triggered = bool(letter & TRIGGER)
        keeps = (
            (ACTIVATION if triggered else 0)
            | (EVIDENCE if letter & SECOND else 0)
            | (INVALIDATION if letter & EDGE else 0)
        )
        return Marks(triggered, triggered and not breaks, keeps)


class _After(_Plain):
    """`after A require B`: 0 nothing owed, 1 owed. A further A joins the open obligation."""

    def delta(self, state: int, letter: int) -> int:
        if letter & SECOND:
            return 0
        return 1 if letter & TRIGGER else state

    def accepts(self, state: int) -> bool:
        return state == 0

    def rearmed(self, state: int, letter: int) -> int:  # noqa: ARG002 - never broken before the end
        return state

    def marks(self, state: int, letter: int, *, breaks: bool) -> Marks:  # noqa: ARG002 - a form's signature
        activates = bool(letter & TRIGGER) and state == 0
        fulfils = bool(letter & SECOND) and (state == 1 or activates)
        keeps = (ACTIVATION if activates else 0) | (EVIDENCE if letter & SECOND else 0)
        return Marks(activates, fulfils, keeps)


class _Forbid(_Plain):
    """`after A forbid B until C`: 0 free, 1 forbidden, 2 broken, 3 forbidden and broken before.

    State 3 behaves as 1 does; it only knows that this ban is not one that was kept.
    """

    states = (0, 1, 3)

    def delta(self, state: int, letter: int) -> int:
        if state == 2:
            return 2
        if state and not letter & EDGE:
            return 2 if letter & SECOND else state
        return 1 if letter & TRIGGER else 0

    def rearmed(self, state: int, letter: int) -> int:  # noqa: ARG002 - the ban stands, whatever broke it
        return 3

    def marks(self, state: int, letter: int, *, breaks: bool) -> Marks:
        freed = bool(state and letter & EDGE)
        activates = bool(letter & TRIGGER) and (state == 0 or freed)
        keeps = (
            (ACTIVATION if activates else 0)
            | (EVIDENCE if letter & EDGE else 0)
            | (INVALIDATION if breaks else 0)
        )
        return Marks(activates, freed and state == 1, keeps)

    def fulfilled_by_end(self, state: int) -> bool:
        return state == 1


class _AtMost(_Plain):
    """`at most N A`, and with N = 0 `never A`: the state is how many there were; one too many is broken."""

    def __init__(self, letters: tuple[int, ...], most: int) -> None:
        super().__init__(letters)
        self._most = most

    def delta(self, state: int, letter: int) -> int:
        return min(state + (letter & TRIGGER), self._most + 1)

    def accepts(self, state: int) -> bool:
        return state <= self._most

    def rearmed(self, state: int, letter: int) -> int:  # noqa: ARG002 - it was too many and stays so
        return state

    def marks(self, state: int, letter: int, *, breaks: bool) -> Marks:
        if not letter & TRIGGER:
            return Marks()
        keeps = INVALIDATION | (ACTIVATION if state == 0 else 0)
        return Marks(activates=True, fulfils=not breaks, keeps=keeps)

    def next_letters(self, state: int) -> tuple[int, ...] | None:  # noqa: ARG002 - nothing could
        return ()

    def holds(self, state: int) -> bool:
        return 0 <= state <= self._most
