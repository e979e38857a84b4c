"""`outrider backtest` as people and programs meet it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from outrider.interface.cli.main import outrider
from tests.app.test_backtest import healthy, stuck, write
from tests.judge.guard.traces import Log

TOKEN = "ghp_" + "x7Kq2Zp9Lm4Rt8Vw3Yb6Nc1Hd5Jf0Gs7QaUe"


def call(home: Path, *arguments: object, answers: str = "") -> Result:
    return CliRunner(env={"OUTRIDER_HOME": str(home / "home"), "HOME": str(home)}).invoke(
        outrider, ["backtest", *map(str, arguments)], input=answers
    )


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    write(tmp_path / "logs/stuck.jsonl", stuck())
    write(tmp_path / "logs/healthy.jsonl", healthy(1))
    return tmp_path / "logs"


def test_json_has_every_source_and_what_would_have_been_done(tmp_path: Path, logs: Path) -> None:
    result = call(tmp_path, logs, "--json")
    answer = json.loads(result.stdout)
    assert (result.exit_code, answer["schema"]) == (1, "outrider.backtest/1")
    by_source = {Path(each["source"]).name: each for each in answer["sessions"]}
    assert by_source["healthy.jsonl"]["interventions"] == []
    assert by_source["healthy.jsonl"]["session"] == healthy(1).session
    (intervention,) = by_source["stuck.jsonl"]["interventions"]
    assert {"t", "event", "level", "detector", "count", "evidence"} <= intervention.keys()
    assert (intervention["level"], intervention["detector"], intervention["count"]) == (
        "hint",
        "same_result",
        4,
    )
    totals = answer["totals"]
    assert totals["levels"] == {"note": 0, "hint": 1, "deny": 0, "ask": 0, "stop": 0}
    assert (totals["sources"], totals["sessions"], totals["calls"]) == (2, 2, 6)
    assert totals["hints_per_1000_calls"] == pytest.approx(1000 / 6, abs=0.001)


def test_exit_codes_tell_nothing_from_something_from_what_could_not_be_read(
    tmp_path: Path, logs: Path
) -> None:
    assert call(tmp_path, logs / "healthy.jsonl").exit_code == 0
    assert call(tmp_path, logs, "--mode", "observe").exit_code == 0
    assert call(tmp_path, logs).exit_code == 1
    assert call(tmp_path, logs, "--json", "--review").exit_code == 2
    assert call(tmp_path, tmp_path / "nowhere").exit_code == 3


def test_to_observe_is_to_note(tmp_path: Path, logs: Path) -> None:
    answer = json.loads(call(tmp_path, logs, "--mode", "observe", "--json").stdout)
    assert {level: count for level, count in answer["totals"]["levels"].items() if count} == {"note": 1}


def test_without_a_person_a_run_is_stopped_where_one_would_be_asked(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", stuck(times=40))
    levels = {}
    for option in ([], ["--headless"]):
        answer = json.loads(call(tmp_path, path, "--mode", "enforce", "--json", *option).stdout)
        levels[bool(option)] = answer["totals"]["levels"]
    assert levels[False]["ask"] > 0 == levels[False]["stop"]
    assert (levels[True]["ask"], levels[True]["stop"]) == (0, 1)


def test_a_person_reads_what_where_and_how_often(tmp_path: Path, logs: Path) -> None:
    text = call(tmp_path, logs).stdout
    assert "stuck.jsonl" in text
    assert "healthy.jsonl" not in text
    assert "same_result" in text
    assert "1 hint; 166.67 hints per 1,000 calls" in text
    assert "read: 2 sources, 2 sessions" in text


def test_a_review_asks_once_about_each_case_and_remembers(tmp_path: Path, logs: Path) -> None:
    first = call(tmp_path, logs, "--review", answers="r\n")
    assert "git status" in first.stdout
    assert "1 cases: 1 right, 0 wrong, 0 unsure, 0 not judged" in first.stdout
    second = call(tmp_path, logs, "--review")
    assert "git status" not in second.stdout
    assert "1 right" in second.stdout


def test_a_review_that_ends_early_keeps_nothing(tmp_path: Path, logs: Path) -> None:
    assert "1 not judged" in call(tmp_path, logs, "--review", answers="q\n").stdout
    assert "1 not judged" in call(tmp_path, logs, "--review", answers="").stdout


def test_a_review_shows_no_secrets_and_no_control_characters(tmp_path: Path) -> None:
    log = Log(0)
    for _ in range(4):
        log.bash(f"curl -H 'Authorization: token {TOKEN}' \x1b[31m", f"denied \x1b[2J {TOKEN} \u202e")
    text = call(tmp_path, write(tmp_path / "a.jsonl", log), "--review", answers="s\n").stdout
    assert "curl" in text
    assert TOKEN not in text
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_rules_are_tried_and_their_mistakes_told(tmp_path: Path) -> None:
    log = Log(0)
    log.bash("git push", "done")
    path = write(tmp_path / "a.jsonl", log)
    rules = tmp_path / "rules.yaml"
    rules.write_text("rules: [never git.push]\n")
    answer = json.loads(call(tmp_path, path, "--rules", rules, "--mode", "enforce", "--json").stdout)
    (case,) = answer["sessions"][0]["interventions"]
    assert (case["level"], case["event"], case["label"]) == ("deny", "PreToolUse", "never git.push")
    assert answer["totals"]["spared_calls"] == 1
    bad = call(tmp_path, path, "--rule", "never git.pushh")
    assert (bad.exit_code, "did you mean `git.push`?" in bad.stderr) == (3, True)
