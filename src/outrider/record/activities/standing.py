"""Which steps of a shell command passed, failed or did not run, by its exit status and what it printed.

The exit status is that of the last list alone. Within an `&&` chain a good end means that all of it was
good; a bad end means that one part failed, those before it passed and those after it did not run. Behind
a pipe, before `;` or `||`, in a loop or a condition the status says nothing about a part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Literal

from outrider.record.activities.steps import Step

Standing = Literal["passed", "failed", "ran", "not run"]
"""``ran``: it was started, and its status is not known. ``not run``: it was not, or that is not known."""

Told = Callable[[int], int]
"""Says what the output tells of a step: 1 it succeeded, -1 it failed, 0 nothing."""


def standings(steps: Sequence[Step], *, good: bool, told: Told) -> list[Standing]:
    """Return how each step stands; ``good`` is the exit status of the whole."""
    return _Judge(steps, good=good, told=told).judged()


_EXITING = frozenset(("exit", "return", "false"))
_SEPARATORS = (";", "\n", "&")
_Chain = list[list[int]]
"""Pipelines that hang on each other by `&&`, each as the places of its steps."""


class _Judge:
    """Goes through the lists of one command."""

    def __init__(self, steps: Sequence[Step], *, good: bool, told: Told) -> None:
        self.steps = steps
        self.good = good
        self.told = told
        self.stops = any(_sets(step, "e", "errexit") for step in steps)
        self.pipes = any(_sets(step, "", "pipefail") for step in steps)
        self.found: list[Standing] = ["ran"] * len(steps)

    def judged(self) -> list[Standing]:
        lists = list(self._lists())
        for number, chains in enumerate(lists):
            if number < len(lists) - 1 or self.steps[chains[-1][-1][-1]].part.background:
                self._unknown(chains)
            elif self.good:
                self._good(chains)
            else:
                self._bad(chains)
        return self.found

    def _lists(self) -> Iterator[list[_Chain]]:
        """Yield each list as its chains, which stand between `||`; guards (`|| exit 1`) are left out."""
        chains: list[_Chain] = []
        guarded = False
        for place, step in enumerate(self.steps):
            if step.part.inner:
                continue
            if step.part.connector == "||" and step.command.name in _EXITING and chains:
                self.found[place] = "not run"
                guarded = True
                continue
            connector = "&&" if guarded else self._connector(step)
            guarded = False
            if not chains or not self._joined(chains, place, connector):
                if chains:
                    yield chains
                chains = [[[place]]]
        if chains:
            yield chains

    def _connector(self, step: Step) -> str:
        connector = step.part.connector
        return "&&" if self.stops and connector in _SEPARATORS else connector

    def _joined(self, chains: list[_Chain], place: int, connector: str) -> bool:
        """Put a step to the list that is being read; tell whether it belongs to it."""
        if connector == "|":
            chains[-1][-1].append(place)
        elif connector == "&&":
            chains[-1].append([place])
        elif connector == "||":
            chains.append([[place]])
        elif self._is_inside(place, chains[0][0][0]):
            self._go_on(chains, place)
        else:
            return False
        return True

    def _is_inside(self, place: int, start: int) -> bool:
        """Tell whether a step runs in a shell that was opened within the list that begins at ``start``."""
        inner, outer = self.steps[place].part.shell, self.steps[start].part.shell
        return len(inner) > len(outer) and inner[: len(outer)] == outer

    def _go_on(self, chains: list[_Chain], place: int) -> None:
        """`a && (b; c)` ends like `a && c`: of `b` nothing is known but that it ran."""
        start, shell = chains[0][0][0], self.steps[place].part.shell
        kept = [line for line in chains[-1] if self.steps[line[0]].part.shell[: len(shell)] != shell]
        if not kept and chains[-1][0][0] == start:
            kept = chains[-1][:1]
        chains[-1][:] = [*kept, [place]]

    def _good(self, chains: list[_Chain]) -> None:
        if len(chains) == 1:
            for pipeline in chains[0]:
                self._mark(pipeline, "passed")
            return
        self._unknown(chains)
        for pipeline in chains[-1][1:]:
            self._mark(pipeline, "passed")

    def _bad(self, chains: list[_Chain]) -> None:
        if len(chains) > 1:
            self._unknown(chains)
            if len(chains[-1]) == 1:
                self._mark(chains[-1][0], "failed")
            return
        fault = self._fault(chains[0])
        for number, pipeline in enumerate(chains[0]):
            self._mark(pipeline, "passed" if number < fault else "failed" if number == fault else "not run")

    def _unknown(self, chains: list[_Chain]) -> None:
        """Believe that all ran, as far as the output does not say that one failed."""
        for number, chain in enumerate(chains):
            failed = False
            for place, pipeline in enumerate(chain):
                self._mark(pipeline, "not run" if failed or (number and not place) else "ran")
                failed = failed or self._tells(pipeline) < 0

    def _mark(self, pipeline: list[int], standing: Standing) -> None:
        for place in pipeline:
            part = self.steps[place].part
            counts = place == pipeline[-1] or self.pipes
            sure = standing == "not run" or (counts and not part.loose and not part.background)
            self.found[place] = standing if sure else "ran"

    def _fault(self, chain: _Chain) -> int:
        """Return the pipeline that failed: the one that says so, else the first that may have."""
        tells = [self._tells(pipeline) for pipeline in chain]
        passed = max((place + 1 for place, tell in enumerate(tells) if tell > 0), default=0)
        rest = range(min(passed, len(chain) - 1), len(chain))
        failed = [place for place in rest if tells[place] < 0]
        fallible = [place for place in rest if self.steps[chain[place][-1]].fallible]
        return next(iter(failed or fallible), rest[0])

    def _tells(self, pipeline: list[int]) -> int:
        counted = pipeline if self.pipes else pipeline[-1:]
        return min((self.told(place) for place in counted), default=0)


def _sets(step: Step, letter: str, name: str) -> bool:
    if step.command.name != "set":
        return False
    words = step.command.args
    return name in words or bool(letter and any(w.startswith("-") and letter in w for w in words))
