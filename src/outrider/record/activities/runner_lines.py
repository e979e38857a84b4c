"""The closing lines of test runners: how each says what became of its tests.

Patterns are texts, compiled when a text first holds their hint: a hook must not pay for thirty runners.
They meet a line without colours, task prefix (`[INFO] `) and trailing space, from its beginning. Numbers
are taken from groups by their first letter (a group that holds no number counts one): ``p`` passed,
``f`` failed, ``s`` skipped, ``t`` all of them, ``b`` what makes the whole fail without being a test (a
file that did not load); ``list`` holds
"2 failed, 1 passed" in any order, and a line with a word there that is not of ``COUNTED`` is not ours.

Formats were taken from the runners themselves (the tests name the versions) or from their sources.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Says = Literal["counts", "part", "pass", "good", "fail", "nothing"]
"""What a line tells: its numbers decide; its numbers belong to a decision elsewhere; tests ran and
passed; it ended well, if anything ran; it failed; nothing ran."""


class Line(NamedTuple):
    """One form of line. Every line that ``pattern`` matches holds ``hint``.

    ``starts``: what the runner said before is of an earlier run, or replaced by this line. ``weak``: too
    plain to be believed of an unknown command, unless a line that is not weak stands before it.
    """

    hint: str
    pattern: str
    says: Says = "counts"
    starts: bool = False
    weak: bool = False


class Runner(NamedTuple):
    """The lines of one runner.

    ``sections``: it closes once for each package or module, and all of them must have passed.
    ``whole``: a failure in its middle does not show at its end, so neither a cut text nor one with fewer
    tests than it announces shows success.
    """

    lines: tuple[Line, ...]
    sections: bool = False
    whole: bool = False


COUNTED = {
    **dict.fromkeys(("passed", "pass", "passing", "succeeded", "xfailed", "xpassed"), "p"),
    **dict.fromkeys(("failed", "fail", "failing", "failure", "failures", "error", "errors"), "f"),
    **dict.fromkeys(("timed", "exec"), "f"),  # nextest: "2 timed out", "1 exec failed"
    **dict.fromkeys(("skipped", "pending", "todo", "ignored", "disabled"), "s"),
    "total": "t",
    **dict.fromkeys(
        ("deselected", "warning", "warnings", "rerun", "reruns", "slow", "leaky", "flaky", "assertions"), ""
    ),
    **dict.fromkeys(("assertion", "deprecated", "notices", "warns", "risky", "incomplete", "retries"), ""),
}
"""What the word behind a number counts; empty: nothing of ours."""

_PYTEST = (
    Line("test session starts", r"=+ test session starts =+$", "part", starts=True),
    Line(
        "s", r"(?:=+ )?(?P<list>\d[\w, ]{0,200}) in \d[\d.]*s(?: \([\d:a-z, ]{1,40}\))?(?: =+)?$", starts=True
    ),
    Line("no tests ran", r"(?:=+ )?no tests ran(?: in [\d.]+s)?(?: =+)?", "nothing", starts=True),
    Line(" collected", r"(?:=+ )?(?:\d+|\d+/\d+|no) tests? collected", "nothing", starts=True),
)

_UNITTEST = (
    Line("Ran ", r"Ran (?P<t>\d+) tests? in [\d.]+s$", "part", starts=True),
    Line("OK", r"OK(?: \((?:.*skipped=(?P<s>\d+))?.*\))?$", "good", weak=True),
    Line("FAILED (", r"FAILED \((?:failures=(?P<f1>\d+))?(?:, )?(?:errors=(?P<f2>\d+))?", "fail"),
    Line("NO TESTS RAN", r"NO TESTS RAN", "nothing"),
)

_JEST = (
    Line("Test Suites:", r"Test Suites: +(?:(?P<b>\d+) failed, )?.*\btotal$", "part", starts=True),
    Line("Tests:", r"Tests: +(?P<list>\d[\w, ]{0,200} total)$"),
    Line("No tests found", r"No tests found, exiting with code \d", "nothing", starts=True),
)

_VITEST = (
    Line("Test Files ", r" *Test Files +(?:(?P<b>\d+) failed)?.*", "part", starts=True),
    Line("Tests ", r" *Tests {2,}(?P<list>\d+ [a-z][\w| ]{0,200}) \(\d+\)$"),
    Line("no tests", r" *Tests {2,}no tests$", "nothing"),
    Line("Errors ", r" *(?:Type )?Errors {2,}(?P<b>\d+) errors?$", "part"),
    Line("No test files found", r" *No test files found", "nothing", starts=True),
)

_MOCHA = (
    Line(" passing", r" *(?P<p>\d+) passing(?: \([\d.]+ ?(?:ms|s|m|h)\))?$", starts=True),
    Line(" failing", r" *(?P<f>\d+) failing$"),
)

_TOTALS = (
    Line("tests ", r"[#ℹi] tests +(?P<t>\d+)$", "part", starts=True),
    Line("pass ", r"[#ℹi] pass +(?P<p>\d+)$"),
    Line("fail ", r"[#ℹi] fail +(?P<f>\d+)$"),
    Line("cancelled ", r"[#ℹi] cancelled +(?P<f>\d+)$", "part"),
    Line("skipped ", r"[#ℹi] skipped +(?P<s>\d+)$", "part"),
    Line("todo ", r"[#ℹi] todo +(?P<s>\d+)$", "part"),
)

_TAP = (
    Line("TAP version", r"TAP version \d+$", "part", starts=True),
    Line("1..", r"1\.\.(?P<t>\d+)(?: #.*)?$", "part"),
    Line("not ok ", r"(?P<s>not ok) \d+\b.*# (?:TODO|todo)", "part"),
    Line("not ok ", r"(?P<f>not ok) \d+\b"),
    Line("ok ", r"(?P<s>ok) \d+\b.*# (?:SKIP|skip)", "part"),
    Line("ok ", r"(?P<p>ok) \d+\b(?!\s+\S+\s+[\d.]+s$)"),
    Line("Bail out!", r"Bail out!", "fail"),
    Line("Result: ", r"Result: PASS$", "pass", starts=True),
    Line("Result: ", r"Result: FAIL$", "fail", starts=True),
    Line("Result: ", r"Result: NOTESTS$", "nothing", starts=True),
)

_BATS = (
    Line(
        " failure",
        r" *(?P<t>\d+) tests?, (?P<f>\d+) failures?(?:, (?P<s>\d+) skipped)?(?:, \d+ not run)?"
        r"(?: in \d+ seconds?)?$",
        starts=True,
    ),
    Line("1..", r"1\.\.(?P<t>\d+)$", "part", starts=True),
    Line("bats warning", r"# bats warning: Executed \d+ instead of expected \d+ tests", "fail"),
)

_GO = (
    Line("ok", r"ok +\t\S+\t\S+.*\[no tests to run\]", "nothing"),
    Line("no test files]", r"\?? +\t\S+\t.*\[no test files\]", "nothing"),
    Line("ok", r"ok +\t\S+\t(?:[\d.]+s|\(cached\))(?!.*\[no tests to run\])", "pass"),
    Line("FAIL\t", r"FAIL\t\S+(?:[\t ](?:[\d.]+s|\[(?:build|setup) failed\]|\(cached\)))?", "fail"),
    Line("--- PASS: ", r"--- PASS: \S", "pass"),
    Line("--- FAIL: ", r" *--- FAIL: \S", "fail"),
    Line("no tests to run", r"testing: warning: no tests to run$", "nothing"),
    Line("PASS", r"PASS$", "good", weak=True),
    Line("FAIL", r"FAIL$", "fail", weak=True),
    Line(
        "DONE ",
        r"DONE (?:\d+ runs, )?(?P<t>\d+) tests?(?:, (?P<s>\d+) skipped)?(?:, (?P<f1>\d+) failures?)?"
        r"(?:, (?P<f2>\d+) errors?)? in [\d.ms]+$",
    ),
)

_CARGO_TEST = (
    Line("test result: ", r"test result: (?:ok|FAILED)\. (?P<list>\d+ passed; \d+ failed)"),
    Line("test failed", r"error: test failed, to rerun pass", "fail"),
    Line("target", r"error: \d+ targets? failed:", "fail"),
    Line("could not compile", r"error: could not compile `", "fail"),
)

_NEXTEST = (
    Line(
        "tests run:",
        r" *Summary \[ *[\d.]+s\] +(?:\d+/)?\d+ tests? run: (?P<list>\d[\w, ()]{0,200})$",
        starts=True,
    ),
    Line(
        "test run:",
        r" *Summary \[ *[\d.]+s\] +(?:\d+/)?\d+ test run: (?P<list>\d[\w, ()]{0,200})$",
        starts=True,
    ),
    Line("test run failed", r"error: test run failed$", "fail"),
    Line("could not compile", r"error: could not compile `", "fail", starts=True),
    Line("no tests to run", r"error: no tests to run", "nothing", starts=True),
)

_MAVEN = (
    Line(
        "Tests run: ",
        r" *Tests run: (?P<t>\d+), Failures: (?P<f1>\d+), Errors: (?P<f2>\d+), Skipped: (?P<s>\d+)"
        r"(?:, Flakes: \d+)?$",
    ),
    Line("No tests to run", r" *No tests to run\.?$", "nothing"),
    Line("Tests are skipped", r" *Tests are skipped\.?$", "nothing"),
    Line("No tests matching", r"Failed to execute goal .*: No tests matching pattern ", "nothing"),
    Line(
        "There are test failures", r"(?:Failed to execute goal .*: )?There (?:are|were) test failures", "fail"
    ),
    Line("BUILD FAILURE", r"BUILD FAILURE$", "fail", weak=True),
    Line("BUILD SUCCESS", r"BUILD SUCCESS$", "good", weak=True),
)

_GRADLE = (
    Line(
        "tests completed",
        r"(?P<t>\d+) tests? completed(?:, (?P<f>\d+) failed)?(?:, (?P<s>\d+) skipped)?$",
        starts=True,
    ),
    Line(
        "test completed",
        r"(?P<t>\d+) test completed(?:, (?P<f>\d+) failed)?(?:, (?P<s>\d+) skipped)?$",
        starts=True,
    ),
    Line("No tests found", r"> No tests found for given includes", "nothing", starts=True),
    Line("BUILD FAILED", r"BUILD FAILED in \d", "fail", weak=True),
    Line("BUILD SUCCESSFUL", r"BUILD SUCCESSFUL in \d", "good", weak=True),
)

_DOTNET = (
    Line(
        "Failed: ",
        r" *(?:Passed|Failed|Skipped)! +- Failed: +(?P<f>\d+), Passed: +(?P<p>\d+), Skipped: +(?P<s>\d+),",
    ),
    Line("Test Run ", r"Test Run Successful\.$", "good"),
    Line("Test Run ", r"Test Run (?:Failed|Aborted|Canceled)\.", "fail"),
    Line(
        "Total tests: ", r"Total tests: \d+\. Passed: (?P<p>\d+)\. Failed: (?P<f>\d+)\. Skipped: (?P<s>\d+)\."
    ),
    Line("Total tests: ", r"Total tests: (?P<t>\d+)$", "part"),
    Line("Passed: ", r" +Passed: (?P<p>\d+)$", "part"),
    Line("Failed: ", r" +Failed: (?P<f>\d+)$", "part"),
    Line("Skipped: ", r" +Skipped: (?P<s>\d+)$", "part"),
    Line("Test summary: ", r"Test summary: total: \d+, failed: (?P<f>\d+), succeeded: (?P<p>\d+),"),
    Line("Test run summary: ", r"Test run summary: Passed!", "good"),
    Line("Test run summary: ", r"Test run summary: (?:Failed!|Aborted)", "fail"),
    Line("Test run summary: ", r"Test run summary: Zero tests ran", "nothing"),
    Line("No test ", r"No test (?:is available|matches the given testcase filter)", "nothing"),
)

_RSPEC = (
    Line(
        " example",
        r"(?P<t>\d+) examples?, (?P<f>\d+) failures?(?:, (?P<s>\d+) pending)?"
        r"(?:, (?P<b>\d+) errors? occurred)?",
        starts=True,
    ),
)

_MINITEST = (
    Line(
        " assertions, ",
        r"(?P<t>\d+) (?:runs|tests), \d+ assertions, (?P<f1>\d+) failures, (?P<f2>\d+) errors"
        r"(?:, (?P<s>\d+) (?:skips|pendings))?",
        starts=True,
    ),
)

_PHPUNIT = (
    Line("OK (", r"OK \((?P<p>\d+) tests?, \d+ assertions?\)$", starts=True),
    Line("OK, but", r"OK, but ", "part", starts=True),
    Line("FAILURES!", r"FAILURES!$", "fail", starts=True),
    Line("ERRORS!", r"ERRORS!$", "fail", starts=True),
    Line(
        "Assertions: ",
        r"Tests: (?P<t>\d+), Assertions: \d+(?:, Errors: (?P<f1>\d+))?(?:, Failures: (?P<f2>\d+))?"
        r"(?:, (?:PHPUnit )?(?:Warnings|Deprecations|Notices): \d+){0,6}(?:, Skipped: (?P<s>\d+))?",
    ),
    Line("No tests executed!", r"No tests executed!", "nothing", starts=True),
    Line(" assertion", r" *Tests: +(?P<list>\d[\w, ]{0,200}) \(\d+ assertions?\)$", starts=True),
)

_CTEST = (
    Line("tests passed", r"\d+% tests passed, (?P<f>\d+) tests? failed out of (?P<t>\d+)", starts=True),
    Line("No tests were found", r"No tests were found!!!", "nothing", starts=True),
)

_BUN = (
    Line("bun test v", r"bun test v\d", "part", starts=True),
    Line(" pass", r" +(?P<p>\d+) pass$", starts=True),
    Line(" fail", r" +(?P<f>\d+) fail$"),
    Line(" error", r" +(?P<b>\d+) errors?$", "part", weak=True),
    Line("matched 0 tests", r"error: regex .* matched 0 tests", "nothing"),
    Line("No tests found", r"(?:error: )?No tests found!", "nothing", starts=True),
    Line(
        "did not match any test",
        r"The following filters did not match any test files",
        "nothing",
        starts=True,
    ),
)

_DENO = (
    Line(
        " passed", r"(?:ok|FAILED) \| (?P<p>\d+) passed(?: \(\d+ steps?\))? \| (?P<f>\d+) failed", starts=True
    ),
    Line("No test modules", r"error: No test modules found", "nothing", starts=True),
    Line("Type checking failed", r"error: Type checking failed", "fail", starts=True),
)

_PLAYWRIGHT = (
    Line("Running ", r" *Running \d+ tests? using \d+ workers?", "part", starts=True),
    Line(" failed", r" {2}(?P<f>\d+) failed$"),
    Line(" interrupted", r" {2}(?P<b>\d+) interrupted$", "part"),
    Line(" flaky", r" {2}(?P<p>\d+) flaky$"),
    Line(" skipped", r" {2}\d+ (?:skipped|did not run)$", "part"),
    Line("not a part of any test", r" {2}(?P<b>\d+) errors? (?:was|were) not a part of any test", "part"),
    Line(" passed (", r" {2}(?P<p>\d+) passed \([\d.]+(?:ms|s|m|h)\)$"),
    Line("No tests found", r"Error: No tests found", "nothing", starts=True),
)

_TOX = (
    Line("congratulations :)", r" *congratulations :\)", "good"),
    Line("evaluation failed :(", r" *evaluation failed :\(", "fail"),
)

_NOX = (
    Line("was successful", r"nox > Session .{1,200} was successful", "good"),
    Line("nox > ", r"nox > (?:Session .{1,200} failed|\* .{1,200}: failed)", "fail"),
)

TEST_RUNNERS: dict[str, Runner] = {
    "pytest": Runner(_PYTEST),
    "unittest": Runner(_UNITTEST),
    "jest": Runner(_JEST),
    "vitest": Runner(_VITEST),
    "mocha": Runner(_MOCHA),
    "node:test": Runner(_TOTALS),
    "tap": Runner(_TOTALS + _TAP, whole=True),
    "bats": Runner(_BATS + _TAP, whole=True),
    "go test": Runner(_GO, sections=True),
    "cargo test": Runner(_CARGO_TEST, sections=True),
    "cargo nextest": Runner(_NEXTEST),
    "maven": Runner(_MAVEN, sections=True),
    "gradle": Runner(_GRADLE),
    "dotnet test": Runner(_DOTNET, sections=True, whole=True),
    "rspec": Runner(_RSPEC),
    "phpunit": Runner(_PHPUNIT),
    "ctest": Runner(_CTEST),
    "bun test": Runner(_BUN),
    "deno test": Runner(_DENO),
    "playwright": Runner(_PLAYWRIGHT),
    "minitest": Runner(_MINITEST),
    "tox": Runner(_PYTEST + _TOX, sections=True),
    "nox": Runner(_PYTEST + _NOX, sections=True),
}
"""By name; where two know the same line, the first one here is meant."""
