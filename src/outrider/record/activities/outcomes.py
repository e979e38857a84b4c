"""What became of a run of tests, a linter or a build, as its own closing lines say it.

Never from words like "error": a passing test may print them. Where no closing line stands, the answer is
None and the exit status decides.

A run in which no test ran is neither a pass nor a failure: it is no evidence that the code works, and
none that a test fails. ``read_outcome`` gives None for it, and ``ran_nothing`` tells it from "no closing
line", because exit statuses disagree here: pytest ends with 5, `go test -run NoSuch` with 0.

The outcome is that of the tests alone: a coverage threshold that was missed is for the exit status.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from outrider.kernel import limits
from outrider.record.activities.runner_lines import COUNTED, TEST_RUNNERS, Line, Runner
from outrider.record.activities.tool_lines import BUILDERS, LINTERS

RUNNERS: tuple[str, ...] = (*TEST_RUNNERS, *LINTERS, *BUILDERS)
"""The names that ``read_outcome`` knows."""


class Outcome(NamedTuple):
    """How it ended. ``total`` is how many tests ran, skipped ones apart; ``failed`` how many of them
    failed, or the problems that a linter found; None where the output does not say.
    """

    passed: bool
    total: int | None = None
    failed: int | None = None


def read_outcome(runner: str, text: str) -> Outcome | None:
    """Return what the closing lines of ``runner`` in ``text`` say; None when they say nothing.

    ``runner`` is one of ``RUNNERS``; empty for a test command whose runner is not known: then the runner
    that closes last in the text is believed. Of several runs the last one counts; of the sections of one
    run (packages, modules) all that are shown must have passed. The text may be cut in its middle.
    """
    reading = _read(runner, text)
    return reading.outcome() if reading else None


def ran_nothing(runner: str, text: str) -> bool:
    """Tell whether ``text`` says that no test ran: found none, selected none, skipped all."""
    reading = _read(runner, text)
    return reading is not None and reading.verdict() == "nothing"


def closing_runner(text: str) -> str:
    """Return the name of the test runner that closes last in ``text``; empty when none does."""
    reading = _read("", text)
    return reading.name if reading else ""


def plain_lines(text: str) -> list[str]:
    """Return the lines of ``text`` that are whole, without colours, task prefixes and trailing space."""
    shown = text[-limits.OUTCOME_CHARS :]
    if "[" in shown or "\x1b" in shown:
        shown = _COLOUR.sub("", shown)
    lines = [line[: limits.OUTCOME_LINE_CHARS].rstrip() for line in _BREAK.split(shown)]
    if len(text) > limits.OUTCOME_CHARS:
        lines[0] = ""
    marked = [number for number, line in enumerate(lines) if line.startswith("[")]
    for number in marked:
        lines[number] = _PREFIX.sub("", lines[number], 1)
    for number in marked:
        if _CUT.match(lines[number]):
            lines[max(number - 1, 0)] = lines[min(number + 1, len(lines) - 1)] = ""
    return lines


_COLOUR = re.compile(
    r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[0-?]*[ -/]*[@-~]|\x1b[()][0-9A-B]|\[[\d;]{1,16}m"
)
_PREFIX = re.compile(r"\[[\w:./@-]{1,60}\] ")
_BREAK = re.compile(r"\r\n|\n|\r")
_CUT = re.compile(r"\[… \d+ characters left out …\]$")
_COUNT = re.compile(r"(\d+) (?:subtests? )?([a-zA-Z]+)")


class _Reading:
    """What one runner has said so far. ``at`` is the line of its last word, -1 when it said nothing."""

    __slots__ = ("at", "bad", "cut", "good", "name", "nothing", "numbers", "ran", "whole")

    def __init__(self, name: str, *, whole: bool, cut: bool) -> None:
        self.name = name
        self.whole = whole
        self.cut = cut and whole
        self.at = -1
        self.begin()

    def begin(self) -> None:
        self.numbers: dict[str, int] = {}
        self.bad = self.good = self.ran = self.nothing = False

    def take(self, line: Line, counts: dict[str, int], at: int) -> None:
        if line.starts:
            self.begin()
        for key, count in counts.items():
            self.numbers[key] = self.numbers.get(key, 0) + count
        self.bad = self.bad or line.says == "fail" or counts.get("b", 0) > 0
        self.good = self.good or line.says in ("good", "counts")
        self.ran = self.ran or line.says == "pass"
        self.nothing = self.nothing or line.says == "nothing"
        self.at = at

    def known(self) -> int | None:
        """Return how many tests ran, skipped ones apart."""
        numbers = self.numbers
        if "p" in numbers:
            return numbers["p"] + numbers.get("f", 0)
        return max(numbers["t"] - numbers.get("s", 0), 0) if "t" in numbers else None

    def verdict(self) -> str:
        known = self.known()
        if self.bad or self.numbers.get("f", 0):
            return "fail"
        if self.ran or (self.good and known):
            return "pass" if self.complete() else ""
        if self.nothing or known == 0:
            return "nothing"
        return "pass" if self.good and self.complete() else ""

    def complete(self) -> bool:
        """Tell whether everything that was to run is known to have passed."""
        numbers = self.numbers
        seen = numbers.get("p", 0) + numbers.get("s", 0)
        return not self.cut and not (self.whole and "p" in numbers and seen < numbers.get("t", 0))

    def outcome(self) -> Outcome | None:
        verdict = self.verdict()
        if verdict == "pass":
            return Outcome(passed=True, total=self.known(), failed=0)
        if verdict == "fail":
            return Outcome(passed=False, total=self.known(), failed=self.numbers.get("f") or None)
        return None


_KNOWN: dict[str, Runner] = {**TEST_RUNNERS, **LINTERS, **BUILDERS}


def _read(runner: str, text: str) -> _Reading | None:
    lines = plain_lines(text)
    known = _KNOWN.get(runner)
    if known:
        return _heard(runner, known, lines, "\n".join(lines), strict=False)
    return None if runner else _last_to_close(lines)


def _last_to_close(lines: list[str]) -> _Reading | None:
    text = "\n".join(lines)
    heard = (_heard(name, runner, lines, text, strict=True) for name, runner in TEST_RUNNERS.items())
    told = [reading for reading in heard if reading.verdict()]
    return max(told, key=lambda reading: reading.at, default=None)


def _heard(name: str, runner: Runner, lines: list[str], text: str, *, strict: bool) -> _Reading:
    """Read ``lines`` (``text`` in one) as those of one runner; strictly, when it may be another's."""
    forms = [form for form in runner.lines if form.hint in text]
    reading = _Reading(name, whole=runner.whole, cut=runner.whole and any(map(_CUT.match, lines)))
    if forms and not (strict and all(form.weak for form in forms)):
        for at, line in enumerate(lines):
            near = [form for form in forms if form.hint in line]
            if near:
                _take(reading, runner, _said(near, line, weak=not strict or reading.at >= 0), at)
    return reading


def _take(reading: _Reading, runner: Runner, said: tuple[Line, dict[str, int]] | None, at: int) -> None:
    if said:
        line, counts = said
        reading.take(line._replace(starts=False) if runner.sections else line, counts, at)


def _said(forms: Iterable[Line], text: str, *, weak: bool) -> tuple[Line, dict[str, int]] | None:
    for form in forms:
        if weak or not form.weak:
            found = re.match(form.pattern, text)
            counts = _counts(found.groupdict()) if found else None
            if counts is not None:
                return form, counts
    return None


def _counts(groups: dict[str, str | None]) -> dict[str, int] | None:
    """Return the numbers of a line by what they count; None when it counts what is not ours."""
    counts: dict[str, int] = {}
    for name, text in groups.items():
        if not text:
            continue
        parts = _listed(text) if name == "list" else [(name[0], text)]
        if parts is None:
            return None
        for key, number in parts:
            count = int(number[: limits.COUNT_DIGITS]) if number.isdecimal() else 1
            counts[key] = counts.get(key, 0) + count
    return counts


def _listed(text: str) -> list[tuple[str, str]] | None:
    """Return the numbers of a whole list: what is not in it is zero."""
    found = _COUNT.findall(text)
    if not found or any(word not in COUNTED for _, word in found):
        return None
    return [("p", "0"), *((COUNTED[word], number) for number, word in found if COUNTED[word])]
