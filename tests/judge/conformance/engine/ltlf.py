"""The forms as formulas of LTL on finite traces, and what such a formula means.

An evaluator of twenty lines, straight from the definition, that knows nothing of automata. Words are
tuples of letters; a letter is a set of bits: `a` is the trigger, `b` the second pattern, `c` the edge.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

Formula = tuple
Word = tuple[int, ...]

BITS = {"a": 1, "b": 2, "c": 4}
A, B, C = (("atom", name) for name in "abc")


def no(one: Formula) -> Formula:
    return ("not", one)


def always(one: Formula) -> Formula:
    return no(("until", ("true",), no(one)))


def eventually(one: Formula) -> Formula:
    return ("until", ("true",), one)


def weak_until(one: Formula, other: Formula) -> Formula:
    return ("or", ("until", one, other), always(one))


def implies(one: Formula, other: Formula) -> Formula:
    return ("or", no(one), other)


def fewer_than(count: int) -> Formula:
    """Return the formula of: `a` fewer than ``count`` times."""
    times: Formula = eventually(A)
    for _ in range(count - 1):
        times = eventually(("and", A, ("next", times)))
    return no(times)


_BROKEN_FROM_HERE = ("until", no(B), A)

FORMULAS: dict[str, tuple[str, int, int, Formula]] = {
    "before": ("before", 0, 2, no(_BROKEN_FROM_HERE)),
    "before since": (
        "before",
        0,
        3,
        (
            "and",
            no(_BROKEN_FROM_HERE),
            always(implies(("and", C, no(B)), ("weak next", no(_BROKEN_FROM_HERE)))),
        ),
    ),
    "after": ("after", 0, 2, always(implies(A, eventually(B)))),
    "forbid": ("forbid", 0, 3, always(implies(A, ("weak next", weak_until(no(B), C))))),
    "never": ("never", 0, 1, always(no(A))),
    "at most 1": ("at most", 1, 1, fewer_than(2)),
    "at most 2": ("at most", 2, 1, fewer_than(3)),
    "at most 3": ("at most", 3, 1, fewer_than(4)),
}
"""Form, its N, how many patterns it has, and its formula."""


def holds(formula: Formula, word: Word, at: int = 0) -> bool:
    """Tell whether ``formula`` holds at position ``at`` of a finite word that is not empty."""
    match formula:
        case ("true",):
            return True
        case ("atom", name):
            return bool(word[at] & BITS[name])
        case ("not", one):
            return not holds(one, word, at)
        case ("and", one, other):
            return holds(one, word, at) and holds(other, word, at)
        case ("or", one, other):
            return holds(one, word, at) or holds(other, word, at)
        case ("next", one):
            return at + 1 < len(word) and holds(one, word, at + 1)
        case ("weak next", one):
            return at + 1 >= len(word) or holds(one, word, at + 1)
        case ("until", one, other):
            return any(
                holds(other, word, end) and all(holds(one, word, each) for each in range(at, end))
                for end in range(at, len(word))
            )
    raise AssertionError(formula)


def words(patterns: int, longest: int) -> Iterator[Word]:
    """Give every word of 1 to ``longest`` letters, always in the same order."""
    for length in range(1, longest + 1):
        yield from itertools.product(range(1 << patterns), repeat=length)
