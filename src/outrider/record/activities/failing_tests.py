"""Names of failing tests, where a runner's output lists them: to see that the same ones fail again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from outrider.kernel import limits
from outrider.record.activities.outcomes import closing_runner, plain_lines


def read_failing(runner: str, text: str) -> tuple[str, ...]:
    """Return the failing tests that ``text`` names, in its order, each once, at most ``FAILING_KEPT``.

    ``runner`` is as in ``read_outcome``. Times and messages are left out of the names, so that two runs
    with the same failures give the same names; a cut text may name fewer than failed.
    """
    lines = plain_lines(text)
    name = runner or closing_runner(text)
    if name == "mocha":
        return _kept(_mocha(lines))
    if name == "cargo test":
        return _kept(_cargo(lines))
    return _kept(_matched(_FORMS.get(name, ()), lines))


def _kept(names: Iterable[str]) -> tuple[str, ...]:
    kept: dict[str, None] = {}
    for name in names:
        kept.setdefault(name.rstrip(" ─")[: limits.LABEL_CHARS])
        if len(kept) == limits.FAILING_KEPT:
            break
    return tuple(kept)


def _matched(forms: tuple[str, ...], lines: list[str]) -> Iterator[str]:
    for line in lines:
        for form in forms:
            found = re.match(form, line)
            if found:
                yield ".".join(part for part in found.groups() if part)
                break


_PYTEST = (r"FAILED (\S*(?:\.py|::)(?:(?! - ).){0,400})", r"ERROR (\S*(?:\.py|::)(?:(?! - ).){0,400})")
_TAP = (r"not ok \d+ (?:- )?(?!.*# (?:TODO|todo))(\S.*)",)
_NEXTEST = (r" *(?:FAIL|TIMEOUT|SIGABRT|SIGSEGV) \[ *[\d.]+s\] (?:\( *\d+/\d+\) )?(\S.*)",)

_FORMS: dict[str, tuple[str, ...]] = {
    "pytest": _PYTEST,
    "tox": _PYTEST,
    "nox": _PYTEST,
    "unittest": (r"(?:FAIL|ERROR): \w+ \(([\w.]+)\)", r"(?:FAIL|ERROR): (\S.*)"),
    "jest": (r"FAIL {1,2}(\S+)", r" *● (?!Console$|Validation |Deprecation )(\S.*)"),
    "vitest": (r" *FAIL  ?(\S.*?)(?: \[ .* \])?$",),
    "node:test": (r" *✖ (?!failing tests:)(\S.*?) \([\d.]+ms\)", *_TAP),
    "tap": _TAP,
    "bats": (r" *✗ (\S.*)", *_TAP),
    "go test": (r" *--- FAIL: (\S+)", r"FAIL\t(\S+)[\t ]\[(?:build|setup) failed\]"),
    "cargo nextest": _NEXTEST,
    "maven": (r" *(\w[\w.$\[\]]*?)(?:\(([\w.$]+)\))? +(?:-- )?Time elapsed: .*<<< (?:FAILURE|ERROR)!$",),
    "gradle": (r"(\w[\w.$ ]{0,100} > .{1,200}) FAILED$",),
    "dotnet test": (r" *Failed (\S+)(?: \[.*\])?$", r".{0,60}\[xUnit\.net [\d:.]+\] +(\S.*) \[FAIL\]$"),
    "rspec": (r"rspec (\./\S+)",),
    "minitest": (r"(\w[\w:]*#\w+)(?: \[.*)?",),
    "phpunit": (r"\d+\) (\S+::\S.*)", r" *FAILED  (\S.*)"),
    "ctest": (r"\s+\d+ - (\S+) \(",),
    "bun test": (r"\(fail\) (\S.*?)(?: \[[\d.]+m?s\])?$",),
    "deno test": (r"(\S.*) \.\.\. FAILED\b",),
    "playwright": (r"  \d+\) (\S.*)",),
}
"""Patterns by runner; their groups, joined by a dot, name the test."""


def _mocha(lines: list[str]) -> Iterator[str]:
    """Yield the titles of the list behind "n failing": one suite or test a line, a colon after the last."""
    start = next((at for at, line in enumerate(lines) if re.match(r" *\d+ failing$", line)), len(lines))
    title: list[str] = []
    for line in lines[start + 1 :]:
        found = re.match(r"  \d+\) (\S.*)", line)
        if found:
            title = [found.group(1)]
        elif title:
            title.append(line.strip())
        if title and (title[-1].endswith(":") or len(title) > limits.TITLE_LINES):
            yield " ".join(title).removesuffix(":")
            title = []


def _cargo(lines: list[str]) -> Iterator[str]:
    """Yield the tests of the lists under "failures:", and those that were seen to fail before."""
    listing = False
    for line in lines:
        found = re.match(r"test (\S.*) \.\.\. FAILED$", line) or re.match(r"---- (\S.*) stdout ----$", line)
        named = found or (re.match(r" {4}(\S+)$", line) if listing else None)
        if named:
            yield named.group(1)
        listing = line == "failures:" or (listing and bool(named))
