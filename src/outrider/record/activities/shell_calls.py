"""What one shell call did, or would do: its steps, weighed by its status and its output."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from outrider.record.activities.activity import Activity
from outrider.record.activities.outcomes import RUNNERS, closing_runner
from outrider.record.activities.standing import Standing, standings
from outrider.record.activities.steps import Step, steps_of
from outrider.record.activities.telling import (
    announced,
    branch_pushed,
    check_told,
    checked_nothing,
    effect_told,
    never_ran,
    started,
)
from outrider.record.activities.vocabulary import Vocabulary


def shell_happened(
    command: str, status: str, result: str, vocabulary: Vocabulary, *, cwd: str, background: bool
) -> Iterator[Activity]:
    """Yield what a shell call did, in the order of its text; ``status`` is `ok` or `error`."""
    steps = steps_of(command, vocabulary, cwd)
    if background or result.startswith(_IN_BACKGROUND):
        yield from (_named(check, "run") for step in steps for check in step.checks)
        return
    code = 0 if status == "ok" else _exit_code(result)
    if code is None:
        return
    yield from _Call(steps, code, result, vocabulary, cwd).activities()


_IN_BACKGROUND = "Command running in background"
_EXIT_CODE = re.compile(r"Exit code (\d{1,3})")
_TIMED_OUT = re.compile(r"(?:Exit code \d{1,3}\n)?Command timed out")
_STOPPED = frozenset((124, 130, 137, 143))
_NOT_STARTED = frozenset((126, 127))


def _exit_code(result: str) -> int | None:
    """Return the exit code that the client writes before a failing command's output; None: it never ran."""
    if _TIMED_OUT.match(result):
        return 124
    found = _EXIT_CODE.match(result)
    return int(found[1]) if found else None


class _Call:
    """One shell call with its outcome."""

    def __init__(self, steps: Sequence[Step], code: int, text: str, vocabulary: Vocabulary, cwd: str) -> None:
        self.code = code
        self.text = text
        self.steps = steps
        self.told: dict[int, int] = {}
        self.unclear: frozenset[str] = frozenset()
        if text:
            self.steps = [self._with_announced(step, vocabulary, cwd) for step in steps]

    def activities(self) -> Iterator[Activity]:
        found = standings(self.steps, good=self.code == 0, told=self._told)
        self.unclear = self._unclear(found)
        for place, (step, standing) in enumerate(zip(self.steps, found, strict=True)):
            if step.part.background:
                yield from (_named(check, "run") for check in step.checks)
                continue
            yield from self._looks(step, standing)
            for check in step.checks:
                yield from self._check(check, place, standing)
            yield from self._effects(place, standing)

    def _looks(self, step: Step, standing: Standing) -> Iterator[Activity]:
        """A search without a find, a comparison of what differs, our audit of a broken rule end with 1."""
        if standing in ("passed", "ran") or (
            standing == "failed" and self.code == 1 and _may_end_with_1(step)
        ):
            yield from step.looks

    def _unclear(self, found: Sequence[Standing]) -> frozenset[str]:
        """Return the kinds of check of which a closing line could be that of more than one step."""
        seen = [
            check.name
            for step, standing in zip(self.steps, found, strict=True)
            for check in step.checks
            if standing == "ran" and check.of not in RUNNERS
        ]
        return frozenset(name for name in seen if seen.count(name) > 1)

    def _check(self, check: Activity, place: int, standing: Standing) -> Iterator[Activity]:
        """Of what passed, the output matters only where it says that there was nothing to check."""
        if standing == "passed":
            yield _named(check, "run")
            if not checked_nothing(check, self.text):
                yield _named(check, "pass")
            return
        step = self.steps[place]
        told = check_told(check, self._consumer(place), self.text, alone=check.name not in self.unclear)
        if not told and (standing == "not run" or self._did_not_start(step, standing)):
            return
        if standing == "not run" and step.part.connector != "||":
            return
        yield _named(check, "run")
        if standing == "failed":
            yield from self._failed(check, step, told)
        elif told:
            yield _named(check, "pass" if told > 0 else "fail")

    def _failed(self, check: Activity, step: Step, told: int) -> Iterator[Activity]:
        """Of several checks in one step, or beside a commit, each failed only as it says itself."""
        if told > 0 and (step.effects or len(step.checks) > 1):
            yield _named(check, "pass")
        elif self.code in _STOPPED or checked_nothing(check, self.text):
            return
        elif told < 0 or not (step.effects or len(step.checks) > 1):
            yield _named(check, "fail")

    def _effects(self, place: int, standing: Standing) -> Iterator[Activity]:
        for effect in self.steps[place].effects:
            told = 1 if standing == "passed" else effect_told(effect, self.text)
            if told < (0 if standing == "ran" else 1):
                continue
            if effect.name == "git.push" and not effect.to:
                yield effect._replace(to=branch_pushed(self.text))
            else:
                yield effect

    def _did_not_start(self, step: Step, standing: Standing) -> bool:
        return (standing == "failed" and self.code in _NOT_STARTED) or never_ran(step, self.text)

    def _told(self, place: int) -> int:
        if place not in self.told:
            self.told[place] = self._tells(place)
        return self.told[place]

    def _tells(self, place: int) -> int:
        step = self.steps[place]
        if not self.text:
            return 0
        if step.command.name in ("cd", "pushd"):
            return -1 if re.search(r"\bcd:(?:\d+:)? ", self.text[:400]) else 0
        later = self.steps[place + 1 :]
        if step.checks and any(started(each, self.text) for each in later):
            return 1
        told = [check_told(check, self._consumer(place), self.text) for check in step.checks]
        told += [effect_told(effect, self.text) for effect in step.effects]
        return min(told, default=0)

    def _consumer(self, place: int) -> Step | None:
        if not self.steps[place].part.piped:
            return None
        return next((step for step in self.steps[place + 1 :] if step.part.connector == "|"), None)

    def _with_announced(self, step: Step, vocabulary: Vocabulary, cwd: str) -> Step:
        """Give a task whose name says nothing, and a commit with its hooks, the checks that are announced.

        Tests that close in the output of such a task have run, announced or not.
        """
        is_hooked = any(effect.name in _HOOKED for effect in step.effects) and not any(
            other.checks or other.command.tasks for other in self.steps
        )
        if step.checks or not (is_hooked or (step.command.tasks and not step.effects)):
            return step
        checks: dict[Activity, None] = {}
        for task, line in announced(self.text):
            inner = [check for each in steps_of(line, vocabulary, cwd) for check in each.checks]
            named = task and len(inner) == 1
            checks.update((check._replace(of=task) if named else check, None) for check in inner)
        if step.command.tasks and not any(check.name == "test" for check in checks):
            runner = closing_runner(self.text)
            checks.update({Activity("test", of=runner, within=_within(checks)): None} if runner else {})
        return step._replace(checks=tuple(checks))


def _within(checks: Iterable[Activity]) -> str:
    return next((check.within for check in checks), "")


def _may_end_with_1(step: Step) -> bool:
    return step.command.name in _ENDING_WITH_1


_HOOKED = frozenset(("git.commit", "git.push"))
_ENDING_WITH_1 = frozenset(
    ("grep", "egrep", "fgrep", "rg", "ag", "ack", "diff", "cmp", "git", "zgrep", "outrider")
)


def _named(check: Activity, end: str) -> Activity:
    return check._replace(name=f"{check.name}.{end}")
