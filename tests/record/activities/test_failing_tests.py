"""Names of failing tests. Texts are ours, in the form that the runners print."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outrider.kernel import limits
from outrider.record.activities.failing_tests import read_failing
from outrider.record.activities.outcomes import RUNNERS

NAMED: list[tuple[str, str, tuple[str, ...]]] = [
    (
        "pytest",
        ("FAILED test_a.py::T::test_bad - AssertionError: 1 != 2\nFAILED test_a.py::test_n[x y] - KeyError\n"
        "ERROR test_b.py\nERROR something else\n== 2 failed, 1 error in 0.1s =="),
        ("test_a.py::T::test_bad", "test_a.py::test_n[x y]", "test_b.py"),
    ),
    (
        "unittest",
        "ERROR: test_err (test_a.T.test_err)\n----\nFAIL: test_bad (test_a.T.test_bad) (i=1)\nFAILED (failures=1, errors=1)",
        ("test_a.T.test_err", "test_a.T.test_bad"),
    ),
    ("jest", "FAIL ./m.test.js\n  ● Console\n  ● calc › fails\n\n    boom\n", ("./m.test.js", "calc › fails")),
    ("vitest", " FAIL  m.test.js > calc > fails\n   × fails 11ms\n", ("m.test.js > calc > fails",)),
    (
        "mocha",
        "  calc\n    1) fails\n\n  1 passing (3ms)\n  2 failing\n\n  1) calc\n       fails:\n     Error: boom\n\n  2) other:\n",
        ("calc fails", "other"),
    ),
    ("node:test", "✖ multiplies wrong (1.63ms)\n✖ failing tests:\n✖ multiplies wrong (1.70ms)\n", ("multiplies wrong",)),
    ("tap", "not ok 2 - breaks\nnot ok 3 - later # TODO\nok 4 - fine\n", ("breaks",)),
    ("bats", "1..1\nnot ok 1 breaks early\n", ("breaks early",)),
    (
        "go test",
        "--- FAIL: TestA (0.00s)\n    --- FAIL: TestA/empty (0.00s)\nFAIL\texample.org/b [build failed]\n",
        ("TestA", "TestA/empty", "example.org/b"),
    ),
    (
        "cargo test",
        "test tests::bad ... FAILED\n\nfailures:\n\n---- tests::bad stdout ----\n  left: 1\n\nfailures:\n    tests::bad\n    tests::late\n\ntest result: FAILED.",
        ("tests::bad", "tests::late"),
    ),
    ("cargo nextest", "        FAIL [   0.005s] (1/2) toy tests::bad\n", ("toy tests::bad",)),
    (
        "maven",
        "[ERROR] CalcTest.bad -- Time elapsed: 0.107 s <<< FAILURE!\n[ERROR] old(CalcTest)  Time elapsed: 0.1 s  <<< ERROR!\n",
        ("CalcTest.bad", "old.CalcTest"),
    ),
    ("gradle", "CalcTest > bad() FAILED\n    org.opentest4j.AssertionFailedError\n", ("CalcTest > bad()",)),
    ("dotnet test", "  Failed Toy.CalcTest.Bad [12 ms]\n  Error Message:\n", ("Toy.CalcTest.Bad",)),
    ("rspec", "rspec ./spec/calc_spec.rb:12 # Calc multiplies\n", ("./spec/calc_spec.rb:12",)),
    ("minitest", "  1) Failure:\nCalcTest#test_bad [test/calc_test.rb:9]:\n", ("CalcTest#test_bad",)),
    ("phpunit", "1) CalcTest::testBad\nFailed asserting that 1 is 2.\n", ("CalcTest::testBad",)),
    ("ctest", "The following tests FAILED:\n\t  2 - bad (Failed)\n", ("bad",)),
    ("bun test", "(fail) calc > adds [0.51ms]\n", ("calc > adds",)),
    ("deno test", "bad ... FAILED (4ms)\n", ("bad",)),
    ("playwright", "  1) pw.spec.js:1:71 › bad ─────────\n", ("pw.spec.js:1:71 › bad",)),
]  # fmt: skip


@pytest.mark.parametrize(("runner", "text", "names"), NAMED)
def test_the_failing_tests_are_named_each_once_and_without_times(
    runner: str, text: str, names: tuple[str, ...]
) -> None:
    assert read_failing(runner, text) == names
    assert read_failing(runner, f"\x1b[31m{text}\x1b[0m".replace("\n", "\r\n")) == names


def test_an_unknown_command_is_read_by_the_runner_that_closes_last() -> None:
    assert read_failing("", NAMED[0][1]) == NAMED[0][2]
    assert read_failing("", "FAILED test_a.py::test_b - no closing line follows") == ()


def test_linters_and_good_runs_name_no_tests() -> None:
    assert read_failing("ruff", "Found 2 errors.") == ()
    assert read_failing("pytest", "== 3 passed in 0.1s ==") == ()


def test_many_and_long_names_are_bounded() -> None:
    text = "\n".join(f"--- FAIL: Test{number}{'x' * 900} (0.0s)" for number in range(500))
    names = read_failing("go test", text)
    assert len(names) == limits.FAILING_KEPT
    assert max(map(len, names)) <= limits.LABEL_CHARS


@given(
    st.sampled_from(("", *RUNNERS)),
    st.lists(st.sampled_from([row[1] for row in NAMED]) | st.text(), max_size=6),
)
def test_any_text_gives_bounded_names(runner: str, pieces: list[str]) -> None:
    names = read_failing(runner, "".join(pieces))
    assert len(names) <= limits.FAILING_KEPT
    assert len(set(names)) == len(names)
