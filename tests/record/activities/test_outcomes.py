"""Closing lines of runners. Texts are ours, in the form that the named version prints."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outrider.kernel import limits
from outrider.record.activities.outcomes import (
    RUNNERS,
    Outcome,
    closing_runner,
    plain_lines,
    ran_nothing,
    read_outcome,
)
from outrider.record.activities.runner_lines import COUNTED, TEST_RUNNERS
from outrider.record.activities.tool_lines import BUILDERS, LINTERS

CUT = "[… 4321 characters left out …]"

TESTS: list[tuple[str, str, Outcome | None]] = [
    # pytest 9.2
    ("pytest", "==== 2 failed, 1 passed, 1 skipped, 1 xfailed in 1.23s ====", Outcome(False, 4, 2)),
    ("pytest", "....\n12 passed in 65.10s (0:01:05)", Outcome(True, 12, 0)),
    ("pytest", "=== 7 passed, 2 warnings in 0.03s ===", Outcome(True, 7, 0)),
    ("pytest", "ERROR test_b.py\n!!! Interrupted: 1 error !!!\n=== 1 error in 0.37s ===", Outcome(False, 1, 1)),
    ("pytest", "==== 3 passed, 4 subtests passed in 0.20s ====", Outcome(True, 7, 0)),
    ("pytest", "collected 5 items / 5 deselected\n\n=== 5 deselected in 0.52s ===", None),
    ("pytest", "==== 3 skipped in 0.11s ====", None),
    ("pytest", "collected 0 items\n=== no tests ran in 0.35s ===", None),
    ("pytest", "a.py::test_x\n\n5 tests collected in 0.48s", None),
    # unittest of Python 3.11 and 3.12
    ("unittest", "Ran 5 tests in 0.009s\n\nFAILED (failures=1, errors=1, skipped=1)", Outcome(False, 5, 2)),
    ("unittest", "Ran 2 tests in 0.000s\n\nOK (skipped=1)", Outcome(True, 1, 0)),
    ("unittest", "Ran 9 tests in 0.100s\n\nOK\nDestroying test database", Outcome(True, 9, 0)),
    ("unittest", "Ran 4 tests in 0.1s\n\nOK (expected failures=1, skipped=2)", Outcome(True, 2, 0)),
    ("unittest", "Ran 3 tests in 0.1s\n\nFAILED (unexpected successes=1)", Outcome(False, 3, None)),
    ("unittest", "Ran 0 tests in 0.000s\n\nOK", None),
    ("unittest", "Ran 0 tests in 0.000s\n\nNO TESTS RAN", None),
    # jest 30.5
    (
        "jest",
        "Test Suites: 2 failed, 2 passed, 4 total\nTests:       2 failed, 1 skipped, 4 passed, 7 total\nSnapshots: 0 total",
        Outcome(False, 6, 2),
    ),
    ("jest", "Test Suites: 1 passed, 1 total\nTests:       1 passed, 1 total\nTime: 0.5 s", Outcome(True, 1, 0)),
    ("jest", "Test Suites: 1 failed, 1 total\nTests:       0 total", Outcome(False, 0, None)),
    ("jest", "Test Suites: 1 failed, 1 passed, 2 total\nTests:       3 passed, 3 total", Outcome(False, 3, None)),
    ("jest", "Test Suites: 4 skipped, 0 of 4 total\nTests:       7 skipped, 7 total", None),
    ("jest", "No tests found, exiting with code 1", None),
    # vitest 4.1
    (
        "vitest",
        ("\x1b[2m Test Files \x1b[22m \x1b[1m\x1b[31m1 failed\x1b[39m\x1b[2m | \x1b[32m1 passed\x1b[39m\x1b[90m (2)\x1b[39m\n"
        "\x1b[2m      Tests \x1b[22m \x1b[31m1 failed\x1b[39m | \x1b[32m2 passed\x1b[39m | 1 skipped\x1b[90m (4)\x1b[39m\n"),
        Outcome(False, 3, 1),
    ),
    ("vitest", " Test Files  1 passed (1)\n      Tests  6 passed (6)\n   Duration  415ms", Outcome(True, 6, 0)),
    ("vitest", " Test Files  1 passed (1)\n      Tests  6 passed (6)\n     Errors  1 error", Outcome(False, 6, None)),
    ("vitest", " Test Files  1 failed (1)\n      Tests  no tests", Outcome(False, None, None)),
    ("vitest", " Test Files  1 skipped (1)\n      Tests  1 skipped (1)", None),
    ("vitest", "No test files found, exiting with code 1", None),
    # mocha 12.0
    ("mocha", "  2 passing (12ms)\n  1 pending\n  1 failing\n\n  1) calc", Outcome(False, 3, 1)),
    ("mocha", "\n  15 passing (2s)\n\n", Outcome(True, 15, 0)),
    ("mocha", "\n  0 passing (1ms)\n", None),
    # node --test of 20.20, both reporters
    ("node:test", "ℹ tests 3\nℹ pass 2\nℹ fail 1\nℹ cancelled 0\nℹ skipped 0\nℹ todo 0", Outcome(False, 3, 1)),
    ("node:test", "1..1\n# tests 1\n# suites 0\n# pass 1\n# fail 0\n# cancelled 0", Outcome(True, 1, 0)),
    ("node:test", "# tests 2\n# pass 1\n# fail 0\n# cancelled 1", Outcome(False, 2, 1)),
    ("node:test", "ℹ tests 0\nℹ suites 0\nℹ pass 0\nℹ fail 0", None),
    # bats 1.13, TAP and pretty
    ("bats", "1..3\nok 1 adds\nnot ok 2 breaks\n# (in test file a.bats, line 2)\nok 3 later # skip no", Outcome(False, 2, 1)),
    ("bats", "1..2\nok 1 adds\nok 2 later # skip not here", Outcome(True, 1, 0)),
    ("bats", "\x1b[32;1m\n1 test, 0 failures\n\x1b[0m", Outcome(True, 1, 0)),
    ("bats", " ✗ breaks\n\n3 tests, 1 failure, 1 skipped\n", Outcome(False, 2, 1)),
    ("bats", "1..0", None),
    ("bats", "1..3\nok 1 adds", None),
    ("bats", f"1..90\nok 1 adds\n{CUT}\nok 8\nok 89 last but one\nok 90 last", None),
    # TAP 13/14 and prove
    ("tap", "TAP version 14\nok 1 - a\nnot ok 2 - b # TODO later\n1..2", Outcome(True, 1, 0)),
    ("tap", "ok 1 - a\nBail out! no database", Outcome(False, 1, None)),
    ("tap", "All tests successful.\nFiles=1, Tests=3\nResult: PASS", Outcome(True, None, 0)),
    # go 1.25
    ("go test", "ok  \texample.org/a\t0.412s\nok  \texample.org/b\t(cached)", Outcome(True, None, 0)),
    ("go test", "--- FAIL: TestB (0.00s)\nFAIL\nFAIL\texample.org/b\t0.4s\nok  \texample.org/c\t0.1s\nFAIL", Outcome(False, None, None)),
    ("go test", "# example.org/a\n./a.go:3:2: undefined: x\nFAIL\texample.org/a [build failed]\nFAIL", Outcome(False, None, None)),
    ("go test", "testing: warning: no tests to run\nPASS\nok  \texample.org/a\t0.3s [no tests to run]", None),
    ("go test", "?   \texample.org/a\t[no test files]", None),
    ("go test", "?   \texample.org/a\t[no test files]\nok  \texample.org/b\t0.5s\tcoverage: 81.0% of statements", Outcome(True, None, 0)),
    ("go test", "ok  \texample.org/a\t0.3s [no tests to run]\nok  \texample.org/b\t0.2s", Outcome(True, None, 0)),
    ("go test", "=== RUN   TestA\n--- PASS: TestA (0.00s)\nPASS", Outcome(True, None, 0)),
    ("go test", "[test] ok  \texample.org/a\t0.4s\n[test] Finished in 2.0s", Outcome(True, None, 0)),
    # cargo 1.95
    (
        "cargo test",
        ("test result: FAILED. 1 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.10s\n\n"
        "test result: ok. 4 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\nerror: 1 target failed:"),
        Outcome(False, 6, 1),
    ),
    (
        "cargo test",
        ("test result: ok. 4 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\n"
        "test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s"),
        Outcome(True, 4, 0),
    ),
    ("cargo test", "test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 9 filtered out; finished in 0.00s", None),
    ("cargo test", "error: could not compile `toy` (lib test) due to 1 previous error; 1 warning emitted", Outcome(False)),
    # cargo-nextest 0.9
    ("cargo nextest", "     Summary [   0.51s] 12 tests run: 11 passed (1 slow), 1 timed out, 3 skipped", Outcome(False, 12, 1)),
    ("cargo nextest", "     Summary [   1.00s] 1 test run: 1 passed, 0 skipped", Outcome(True, 1, 0)),
    ("cargo nextest", "    Starting 0 tests across 1 binary\nerror: no tests to run", None),
    # surefire 3.2 under Maven 3.8
    (
        "maven",
        ("[ERROR] Tests run: 3, Failures: 1, Errors: 0, Skipped: 1, Time elapsed: 0.2 s <<< FAILURE! -- in CalcTest\n"
        "[INFO] Tests run: 1, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.1 s -- in OkTest\n"
        "[ERROR] Tests run: 4, Failures: 1, Errors: 0, Skipped: 1\n[INFO] BUILD FAILURE"),
        Outcome(False, 3, 1),
    ),
    (
        "maven",
        "[INFO] Tests run: 4, Failures: 0, Errors: 0, Skipped: 0\n[WARNING] Tests run: 6, Failures: 0, Errors: 0, Skipped: 2\n[INFO] BUILD SUCCESS",
        Outcome(True, 8, 0),
    ),
    ("maven", "[INFO] No tests to run.\n[INFO] BUILD SUCCESS", None),
    ("maven", "[INFO] Tests are skipped.\n[INFO] BUILD SUCCESS", None),
    ("maven", "[INFO] BUILD SUCCESS", Outcome(True, None, 0)),
    # gradle 8
    ("gradle", "> Task :test FAILED\n\n3 tests completed, 1 failed, 1 skipped\n\nBUILD FAILED in 2s", Outcome(False, 2, 1)),
    ("gradle", "> Task :test\n\nBUILD SUCCESSFUL in 3s\n4 actionable tasks: 4 executed", Outcome(True, None, 0)),
    # dotnet 8 (vstest), 9 (terminal logger), 10 (testing platform)
    ("dotnet test", "Passed!  - Failed:     0, Passed:    12, Skipped:     1, Total:    13, Duration: 45 ms - A.dll (net8.0)", Outcome(True, 12, 0)),
    (
        "dotnet test",
        ("Failed!  - Failed:     1, Passed:     2, Skipped:     0, Total:     3, Duration: 9 ms - A.dll\n"
        "Passed!  - Failed:     0, Passed:     5, Skipped:     0, Total:     5, Duration: 9 ms - B.dll"),
        Outcome(False, 8, 1),
    ),
    ("dotnet test", "Test Run Failed.\nTotal tests: 2\n     Passed: 1\n     Failed: 1\n Total time: 1.2 Seconds", Outcome(False, 2, 1)),
    ("dotnet test", "Test Run Successful.\nTotal tests: 2\n     Passed: 2\n Total time: 1.2 Seconds", Outcome(True, 2, 0)),
    ("dotnet test", "Test summary: total: 3, failed: 1, succeeded: 2, skipped: 0, duration: 1.2s", Outcome(False, 3, 1)),
    ("dotnet test", "Test run summary: Zero tests ran", None),
    # rspec 3.13, minitest 5, test-unit 3
    ("rspec", "3 examples, 1 failure, 1 pending", Outcome(False, 2, 1)),
    ("rspec", "Finished in 0.01 seconds\n2 examples, 0 failures", Outcome(True, 2, 0)),
    ("rspec", "0 examples, 0 failures, 1 error occurred outside of examples", Outcome(False, 0, None)),
    ("rspec", "0 examples, 0 failures", None),
    ("minitest", "3 runs, 4 assertions, 1 failures, 1 errors, 1 skips", Outcome(False, 2, 2)),
    ("minitest", "3 tests, 3 assertions, 0 failures, 0 errors, 0 pendings, 0 omissions", Outcome(True, 3, 0)),
    # phpunit 11, pest 3
    ("phpunit", "OK (12 tests, 20 assertions)", Outcome(True, 12, 0)),
    ("phpunit", "FAILURES!\nTests: 3, Assertions: 3, Errors: 1, Failures: 1, Skipped: 1.", Outcome(False, 2, 2)),
    ("phpunit", "OK, but some tests were skipped!\nTests: 3, Assertions: 2, Skipped: 1.", Outcome(True, 2, 0)),
    ("phpunit", "No tests executed!", None),
    ("phpunit", "  Tests:    1 failed, 2 passed (3 assertions)", Outcome(False, 3, 1)),
    # ctest 3.25
    ("ctest", "50% tests passed, 1 tests failed out of 2", Outcome(False, 2, 1)),
    ("ctest", "100% tests passed, 0 tests failed out of 7", Outcome(True, 7, 0)),
    ("ctest", "No tests were found!!!", None),
    # bun 1.2, deno 2.9, playwright 1.60
    ("bun test", "(fail) adds [0.51ms]\n\n 5 pass\n 1 skip\n 2 fail\n 12 expect() calls\nRan 8 tests across 2 files. [12.00ms]", Outcome(False, 7, 2)),
    ("bun test", " 874 pass\n 0 fail", Outcome(True, 874, 0)),
    ("bun test", " 3 pass\n 0 fail\n 1 error\nRan 3 tests across 2 files. [9.00ms]", Outcome(False, 3, None)),
    ("bun test", " 0 fail", Outcome(True, None, 0)),
    ("deno test", "\x1b[0m\x1b[31mFAILED\x1b[0m | 1 passed | 1 failed | 1 ignored \x1b[0m(49ms)\x1b[0m", Outcome(False, 2, 1)),
    ("deno test", "ok | 1 passed (2 steps) | 0 failed (29ms)", Outcome(True, 1, 0)),
    ("deno test", "ok | 0 passed | 0 failed | 1 filtered out (9ms)", None),
    ("playwright", "  1 failed\n    pw.spec.js:1:71 › bad ────\n  1 skipped\n  1 passed (1.8s)", Outcome(False, 2, 1)),
    ("playwright", "Running 4 tests using 2 workers\n\n  1 flaky\n    a.spec.ts:1:1 › x ──\n  3 passed (1.1m)", Outcome(True, 4, 0)),
    ("playwright", "Error: No tests found.", None),
    # tox 4, nox
    ("tox", "== 1 failed, 3 passed in 0.1s ==\n== 4 passed in 0.1s ==\n  evaluation failed :( (3.2 seconds)", Outcome(False, 8, 1)),
    ("tox", "== 4 passed in 0.1s ==\n  py311: OK (2.1 seconds)\n  congratulations :) (3.2 seconds)", Outcome(True, 4, 0)),
    ("nox", "nox > Session tests-3.11 was successful in 2 seconds.", Outcome(True, None, 0)),
    ("nox", "nox > * tests-3.11: success\nnox > * lint: failed", Outcome(False)),
]  # fmt: skip

TOOLS: list[tuple[str, str, Outcome | None]] = [
    # ruff 0.17, black 25
    ("ruff", "All checks passed!", Outcome(True, None, 0)),
    ("ruff", "Found 5 errors.\n[*] 3 fixable with `--fix`.", Outcome(False, None, 5)),
    ("ruff", "Found 5 errors (2 fixed, 3 remaining).", Outcome(False, None, 3)),
    ("ruff", "Found 2 errors (2 fixed, 0 remaining).", Outcome(True, None, 0)),
    ("ruff", "1 file would be reformatted, 1 file already formatted", Outcome(False, None, 1)),
    ("ruff", "2 files reformatted, 1 file left unchanged", Outcome(True, None, 0)),
    ("black", "All done! ✨\n3 files left unchanged.", Outcome(True, None, 0)),
    # eslint 10.15, tsc 5 and 7, mypy 2.4, pyright
    ("eslint", "✖ 2 problems (1 error, 1 warning)", Outcome(False, None, 1)),
    ("eslint", "✖ 1 problem (0 errors, 1 warning)", Outcome(True, None, 0)),
    ("eslint", "✖ 1 problem (0 errors, 1 warning)\n\nESLint found too many warnings (maximum: 0).", Outcome(False)),
    ("tsc", "src/a.ts(1,7): error TS2322: Type 'string' is not assignable.", Outcome(False)),
    ("tsc", "src/a.ts:1:7 - error TS2322: Type\n\nFound 2 errors in the same file, starting at: src/a.ts:1", Outcome(False, None, 2)),
    ("tsc", "12:00:00 - Found 0 errors. Watching for file changes.", Outcome(True, None, 0)),
    ("mypy", "Success: no issues found in 3 source files", Outcome(True, None, 0)),
    ("mypy", "Found 1 error in 1 file (checked 2 source files)", Outcome(False, None, 1)),
    ("mypy", "Found 1 error in 1 file (errors prevented further checking)", Outcome(False, None, 1)),
    ("pyright", "0 errors, 2 warnings, 0 informations", Outcome(True, None, 0)),
    # biome 2.6, prettier 3.10, golangci-lint 2
    ("biome", "Checked 3 files in 34ms. No fixes applied.\nFound 1 error.\nFound 4 warnings.", Outcome(False, None, 1)),
    ("biome", "Checked 1 file in 9ms. No fixes applied.", Outcome(True, None, 0)),
    ("prettier", "Checking formatting...\nAll matched files use Prettier code style!", Outcome(True, None, 0)),
    ("prettier", "Checking formatting...\n[warn] a.js\n[warn] Code style issues found in the above file. Run", Outcome(False)),
    ("golangci-lint", "[lint:go] 0 issues.", Outcome(True, None, 0)),
    ("golangci-lint", "3 issues:\n* errcheck: 2\n* revive: 1", Outcome(False, None, 3)),
    # cargo 1.95
    ("clippy", "error: could not compile `toy` (lib) due to 1 previous error", Outcome(False)),
    ("cargo build", "warning: unused\n    Finished `dev` profile [unoptimized + debuginfo] target(s) in 0.19s", Outcome(True, None, 0)),
    # vite 8, webpack 5.112, esbuild 0.28, next 15, maven 3, gradle 8, dotnet 8 and 9, make 4
    ("vite", "dist/index.js  1.2 kB\n✓ built in 1.23s", Outcome(True, None, 0)),
    ("vite", "error during build:\n[vite]: Rollup failed to resolve import", Outcome(False)),
    ("webpack", "webpack 5.112.2 compiled successfully in 553 ms", Outcome(True, None, 0)),
    ("webpack", "webpack 5.112.2 compiled with 1 error in 90 ms", Outcome(False, None, 1)),
    ("webpack", "webpack 5.112.2 compiled with 2 warnings in 90 ms", Outcome(True, None, 0)),
    ("esbuild", "  dist/a.js  1.2kb\n\n⚡ Done in 12ms", Outcome(True, None, 0)),
    ("esbuild", "2 warnings and 1 error", Outcome(False, None, 1)),
    ("next build", " ✓ Compiled successfully\n   Linting\n\nFailed to compile.\n", Outcome(False)),
    ("next build", " ✓ Compiled successfully\n ✓ Generating static pages (5/5)", Outcome(True, None, 0)),
    ("maven build", "[INFO] BUILD SUCCESS", Outcome(True, None, 0)),
    ("gradle build", "BUILD FAILED in 2s", Outcome(False)),
    ("dotnet build", "Build succeeded.\n    0 Warning(s)", Outcome(True, None, 0)),
    ("dotnet build", "Build failed with 2 error(s) in 1.2s", Outcome(False, None, 2)),
    ("make", "make[1]: *** [Makefile:3: all] Error 1", Outcome(False)),
]  # fmt: skip


@pytest.mark.parametrize(("runner", "text", "outcome"), TESTS + TOOLS)
def test_a_closing_line_gives_its_outcome(runner: str, text: str, outcome: Outcome | None) -> None:
    assert read_outcome(runner, text) == outcome


@pytest.mark.parametrize(("runner", "text", "outcome"), TESTS + TOOLS)
def test_carriage_returns_colours_and_text_around_change_nothing(
    runner: str, text: str, outcome: Outcome | None
) -> None:
    coloured = "\n".join(f"\x1b[1m{line}\x1b[0m" if line else line for line in text.split("\n"))
    assert read_outcome(runner, f"$ make\n{coloured}\nBye.\n".replace("\n", "\r\n")) == outcome


UNSURE = {"1..3\nok 1 adds", f"1..90\nok 1 adds\n{CUT}\nok 8\nok 89 last but one\nok 90 last"}


@pytest.mark.parametrize(
    ("runner", "text"),
    [(name, text) for name, text, outcome in TESTS if outcome is None and text not in UNSURE],
)
def test_that_nothing_ran_is_told_and_is_neither_pass_nor_failure(runner: str, text: str) -> None:
    assert ran_nothing(runner, text)


@pytest.mark.parametrize("text", sorted(UNSURE))
def test_fewer_tests_than_announced_are_neither_a_pass_nor_nothing(text: str) -> None:
    assert read_outcome("bats", text) is None
    assert not ran_nothing("bats", text)


@pytest.mark.parametrize(("runner", "text", "outcome"), [row for row in TESTS if row[2]])
def test_an_unknown_command_is_read_by_the_runner_that_closes_last(
    runner: str, text: str, outcome: Outcome
) -> None:
    if runner in ("maven", "gradle") and "ests " not in text:
        assert read_outcome("", text) is None
    else:
        found = read_outcome("", text)
        assert found is not None
        assert found.passed == outcome.passed


def test_of_two_runners_in_an_unknown_text_the_last_closes() -> None:
    text = "=== 3 passed in 0.1s ===\n\nTest Suites: 1 failed, 1 total\nTests:       1 failed, 1 total\n"
    assert closing_runner(text) == "jest"
    assert read_outcome("", text) == Outcome(False, 1, 1)
    assert read_outcome("pytest", text) == Outcome(True, 3, 0)


@pytest.mark.parametrize("name", sorted(name for name, runner in TEST_RUNNERS.items() if not runner.sections))
def test_of_several_runs_of_one_runner_the_last_one_counts(name: str) -> None:
    said = [(text, outcome) for runner, text, outcome in TESTS if runner == name and outcome]
    failed = [text for text, outcome in said if not outcome.passed]
    for text, outcome in said:
        if failed and outcome.passed and outcome.total and not (name == "tap" and "1.." not in text):
            begun = "Running 2 tests using 1 worker\n" if name == "playwright" else ""
            assert read_outcome(name, f"{failed[0]}\n$ again\n{begun}{text}") == outcome


@pytest.mark.parametrize("name", sorted(name for name, runner in TEST_RUNNERS.items() if runner.sections))
def test_of_the_sections_of_one_run_all_must_have_passed(name: str) -> None:
    said = [(text, outcome) for runner, text, outcome in TESTS if runner == name and outcome]
    good = next(text for text, outcome in said if outcome.passed)
    bad = next(text for text, outcome in said if not outcome.passed)
    for text in (f"{good}\n{bad}", f"{bad}\n{good}"):
        outcome = read_outcome(name, text)
        assert outcome
        assert not outcome.passed


@pytest.mark.parametrize(
    "text",
    [
        "",
        "error: something failed\nFAILED to connect, 3 errors",
        "Error: 12 tests were mentioned in an error",
        "all 7 tests passed, said the model",
        "ok",
        "OK",
        "PASS",
        "FAIL",
        "1 file changed, 2 insertions(+)",
        "12 apples in 3.1s",
        "BUILD SUCCESS",
        "Finished in 0.2 seconds",
        "compiled successfully",
    ],
)
def test_words_alone_decide_nothing_for_an_unknown_command(text: str) -> None:
    assert read_outcome("", text) is None
    assert closing_runner(text) == ""


def test_a_runner_without_closing_lines_leaves_it_to_the_exit_status() -> None:
    assert read_outcome("go build", "# example.org/a\n./a.go:3:2: undefined: x") is None
    assert not ran_nothing("go build", "no tests ran")


def test_lines_beside_a_cut_are_not_read_because_they_are_halves() -> None:
    text = f"bun test v1.2\n 1{'1' * 300}\n{CUT}\n0 fail\n 5 pass\n 0 fail\n"
    assert read_outcome("bun test", text) == Outcome(True, 5, 0)
    assert read_outcome("bun test", f"x\n{CUT}\n 0 fail") is None


def test_a_cut_go_run_fails_by_its_last_line() -> None:
    assert read_outcome(
        "go test", f"ok  \ta\t0.1s\n--- FA\n{CUT}\nk  \tb\t0.1s\nok  \tc\t0.2s\nFAIL\n"
    ) == Outcome(False)


def test_an_outcome_stands_at_the_end_of_however_long_a_text() -> None:
    text = "x" * (2 * limits.OUTCOME_CHARS) + "\n=== 2 passed in 0.1s ==="
    assert read_outcome("pytest", text) == Outcome(True, 2, 0)
    assert read_outcome("", text) == Outcome(True, 2, 0)


def test_progress_written_over_itself_is_read_line_by_line() -> None:
    assert read_outcome("mocha", "running 1\rrunning 2\r  2 passing (3ms)\r\n") == Outcome(True, 2, 0)


def test_absurd_counts_are_cut_and_not_an_error() -> None:
    outcome = read_outcome("pytest", f"=== {'9' * 150} passed in 0.1s ===")
    assert outcome == Outcome(True, 999_999_999, 0)


def test_the_names_are_those_of_all_tables_and_each_once() -> None:
    assert set(RUNNERS) == {*TEST_RUNNERS, *LINTERS, *BUILDERS}
    assert len(RUNNERS) == len(set(RUNNERS))
    assert set(COUNTED.values()) <= {"p", "f", "s", "t", ""}


@pytest.mark.parametrize("name", RUNNERS)
def test_every_pattern_compiles_and_its_groups_are_counted(name: str) -> None:
    for line in {**TEST_RUNNERS, **LINTERS, **BUILDERS}[name].lines:
        groups = re.compile(line.pattern).groupindex
        assert all(group == "list" or group[0] in "pfstb" for group in groups)


_PIECES = st.sampled_from(
    [row[1] for row in TESTS + TOOLS]
    + [CUT, "\n", "\r", "\x1b[", "\x1b]", "[", " " * 50, "1" * 50, "=", "ok ", "\x00"]
)


@given(st.sampled_from(("", *RUNNERS)), st.lists(_PIECES | st.text(max_size=20), max_size=8))
def test_any_text_gives_an_outcome_or_none_and_the_same_again(runner: str, pieces: list[str]) -> None:
    text = "".join(pieces)
    outcome = read_outcome(runner, text)
    assert outcome is None or not (outcome.passed and outcome.failed)
    assert outcome is None or not ran_nothing(runner, text)
    assert read_outcome(runner, text) == outcome


@given(st.text())
def test_plain_lines_hold_no_breaks(text: str) -> None:
    assert all("\n" not in line and "\r" not in line for line in plain_lines(text))
