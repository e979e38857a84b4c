"""Globs in which `*` stands for any characters and nothing else has a meaning.

They are matched without regular expressions: nothing to compile on the way of a hook, and no pattern
that takes long.
"""

from __future__ import annotations

from collections.abc import Iterable


class Globs:
    """Several globs at once; ``text in globs`` tells whether one of them fits all of ``text``."""

    __slots__ = ("_ends", "_exact", "_held", "_others", "_starts")

    def __init__(self, patterns: Iterable[str]) -> None:
        exact, starts, ends, held = set(), [], [], []
        others: list[tuple[str, ...]] = []
        for pattern in patterns:
            pieces = tuple(pattern.split("*"))
            if len(pieces) == 1:
                exact.add(pattern)
            elif len(pieces) == 2 and not pieces[0]:
                ends.append(pieces[1])
            elif len(pieces) == 2 and not pieces[1]:
                starts.append(pieces[0])
            elif len(pieces) == 3 and not pieces[0] and not pieces[2]:
                held.append(pieces[1])
            else:
                others.append(pieces)
        self._exact = frozenset(exact)
        self._starts, self._ends = tuple(starts), tuple(ends)
        self._held, self._others = tuple(held), tuple(others)

    def __contains__(self, text: str) -> bool:
        return (
            text in self._exact
            or text.startswith(self._starts)
            or text.endswith(self._ends)
            or any(piece in text for piece in self._held)
            or any(_fits(pieces, text) for pieces in self._others)
        )


def fits(pattern: str, text: str) -> bool:
    """Tell whether one glob fits all of ``text``."""
    return pattern == text if "*" not in pattern else _fits(tuple(pattern.split("*")), text)


def _fits(pieces: tuple[str, ...], text: str) -> bool:
    """Find the pieces one after the other; the first place for each leaves most to the next."""
    first, *middle, last = pieces
    if len(text) < len(first) + len(last) or not text.startswith(first) or not text.endswith(last):
        return False
    at, end = len(first), len(text) - len(last)
    for piece in middle:
        at = text.find(piece, at, end)
        if at < 0:
            return False
        at += len(piece)
    return True
