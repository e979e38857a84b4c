"""Verdicts about cases, kept between reviews."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from outrider.app.labels import case_id, labels
from outrider.judge.backtest.cases import Case, SessionResult
from outrider.kernel.errors import UnreadableError

CASE = Case(10.0, 4, "PreToolUse", "toolu_1", "deny", "breaker", 9, ("toolu_0",), "", "Bash ls", 1.0)
TESTED = SessionResult("a.jsonl", "s1", cases=(CASE,))


def test_a_verdict_is_there_again_and_the_last_one_holds(tmp_path: Path) -> None:
    environment = {"OUTRIDER_HOME": str(tmp_path)}
    first = labels(environment)
    assert first.of(TESTED, CASE) is None
    first.add(TESTED, CASE, "wrong", 5.0)
    first.add(TESTED, CASE, "right", 6.0)
    assert labels(environment).of(TESTED, CASE) == first.of(TESTED, CASE) == "right"
    row = json.loads((tmp_path / "guard/labels.jsonl").read_text().splitlines()[0])
    assert (row["id"], row["verdict"], row["t"]) == (case_id(TESTED, CASE), "wrong", 5.0)


def test_a_case_is_the_same_wherever_its_record_lies() -> None:
    assert case_id(SessionResult("b.jsonl", "s1"), CASE) == case_id(TESTED, CASE)
    assert case_id(SessionResult("a.jsonl", "s2"), CASE) != case_id(TESTED, CASE)


def test_lines_that_are_no_verdict_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "guard/labels.jsonl"
    path.parent.mkdir()
    name = case_id(TESTED, CASE)
    path.write_bytes(
        b'noise\n[]\n{"id": "x", "verdict": "maybe"}\n'
        + json.dumps({"id": name, "verdict": "unsure"}).encode()
    )
    assert labels({"OUTRIDER_HOME": str(tmp_path)}).known == {name: "unsure"}


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "guard").write_text("a file")
    with pytest.raises(UnreadableError):
        labels({"OUTRIDER_HOME": str(tmp_path)})
