"""From an activity to letters: which rules it matters to, and which of their patterns it matches.

Names are resolved once: what is remembered for `edit.src` lists the rules that speak of it, the bits that
its name alone settles, and the tests that its file, target and folder still have to pass.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from outrider.judge.conformance.engine.compiled import CompiledRule
from outrider.kernel.globs import matches_branch, matches_folder, matches_name, matches_path
from outrider.kernel.limits import ACTIVITY_NAMES_KEPT, GLOB_ANSWERS_KEPT
from outrider.record.activities.activity import Activity

BOUNDARIES = {"commit": "git.commit", "prompt": "prompt"}
"""The activity that parts the stretches of a scope."""


class Answers(dict[str, bool]):
    """A glob with its answers so far: a session names the same files again and again."""

    def __init__(self, matches: Callable[[str, str], bool], glob: str) -> None:
        super().__init__()
        self._matches, self._glob = matches, glob

    def __missing__(self, text: str) -> bool:
        if len(self) >= GLOB_ANSWERS_KEPT:
            self.clear()
        answer = self[text] = self._matches(self._glob, text)
        return answer


class Qualified(NamedTuple):
    """A bit that an activity of the right name has only if its other parts fit."""

    bit: int
    of: Answers | None
    to: Answers | None
    within: Answers | None


class Concern(NamedTuple):
    """A rule that an activity's name matters to: the bits it surely has, and those to be looked at."""

    rule: int
    letter: int
    qualified: tuple[Qualified, ...]


class Concerns(dict[str, tuple[Concern, ...]]):
    """What each activity name matters to."""

    def __init__(self, rules: tuple[CompiledRule, ...]) -> None:
        super().__init__()
        self._rules = [_Named(rule) for rule in rules]

    def __missing__(self, name: str) -> tuple[Concern, ...]:
        if len(self) >= ACTIVITY_NAMES_KEPT:
            self.clear()
        found = [(index, *rule.letter(name)) for index, rule in enumerate(self._rules)]
        concerns = self[name] = tuple(
            Concern(index, letter, qualified)
            for index, letter, qualified in found
            if letter or qualified or self._rules[index].boundary == name
        )
        return concerns


def fitting(qualified: tuple[Qualified, ...], activity: Activity) -> int:
    """Return the bits of ``qualified`` that ``activity`` fits."""
    letter = 0
    for bit, of, to, within in qualified:
        if (
            (of is None or of[activity.of])
            and (to is None or to[activity.to])
            and (within is None or within[activity.within])
        ):
            letter |= bit
    return letter


class _Named:
    """The patterns of one rule by name."""

    def __init__(self, rule: CompiledRule) -> None:
        self.boundary = BOUNDARIES.get(rule.per, "")
        self._patterns = [
            (
                name,
                Qualified(
                    1 << index,
                    _test(matches_path, of),
                    _test(matches_branch, to),
                    _test(_within, within),
                ),
            )
            for index, pattern in enumerate(rule.patterns)
            for name, of, to, within in pattern.alternatives
        ]

    def letter(self, name: str) -> tuple[int, tuple[Qualified, ...]]:
        fitting = [qualified for glob, qualified in self._patterns if matches_name(glob, name)]
        letter = 0
        for each in fitting:
            if each.of is each.to is each.within is None:
                letter |= each.bit
        return letter, tuple(each for each in fitting if not each.bit & letter)


def _test(matches: Callable[[str, str], bool], glob: str) -> Answers | None:
    return Answers(matches, glob) if glob else None


def _within(glob: str, folder: str) -> bool:
    """Match a folder; one that is not known is within nothing, not even within `**`."""
    return folder != "" and matches_folder(glob, folder)
