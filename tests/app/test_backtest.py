"""Backtests over folders: what is read, what it is taken for, and what is told of it."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from outrider.app.backtest import Plan, plan_for, run_backtest
from outrider.app.backtest_rules import rules_for
from outrider.app.backtest_transcripts import TranscriptTests
from outrider.judge.backtest.cases import Backtest
from outrider.kernel.errors import UnreadableError, UsageError
from tests.judge.guard.traces import Log

from .stores import SAMPLE, cost_of, read, rows

TESTS = TranscriptTests(lambda text: text, cost_of)


def write(path: Path, *logs: Log) -> Path:
    events = sorted((each for log in logs for each in log.events), key=lambda each: each[0])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps({"t": at, "payload": payload}) + "\n" for at, payload in events))
    return path


def stuck(seed: int = 0, times: int = 4) -> Log:
    log = Log(seed)
    for _ in range(times):
        log.bash("git status", "clean")
    return log


def healthy(seed: int = 0) -> Log:
    log = Log(seed)
    log.read("src/cart.ts")
    log.edit("src/cart.ts", "a", "b")
    return log


def run(*paths: Path, plan: Plan | None = None) -> Backtest:
    return run_backtest([str(path) for path in paths], plan or plan_for(), TESTS)


def test_every_log_of_a_folder_is_listed_whether_anything_was_found_or_not(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", stuck())
    write(tmp_path / "deep/er/b.jsonl", healthy())
    (tmp_path / "c.jsonl").write_bytes(b"")
    (tmp_path / "labels.json").write_text('{"a": true}')
    (tmp_path / "notes.md").write_text("# notes")
    found = run(tmp_path)
    assert [(each.source, len(each.cases)) for each in found.sessions] == [
        (str(tmp_path / "a.jsonl"), 1),
        (str(tmp_path / "c.jsonl"), 0),
        (str(tmp_path / "deep/er/b.jsonl"), 0),
    ]
    assert (found.passed_over, found.unreadable) == (2, ())


def test_the_sessions_of_one_log_are_watched_apart(tmp_path: Path) -> None:
    logs = [stuck(seed, 2) for seed in range(3)]
    for log in logs:
        log.events = [(at % 1_000, payload) for at, payload in log.events]
    found = run(write(tmp_path / "a.jsonl", *logs))
    assert {each.session for each in found.sessions} == {log.session for log in logs}
    assert [each.cases for each in found.sessions] == [()] * 3
    assert [each.calls for each in found.sessions] == [2] * 3


def test_a_file_counts_once_however_often_it_is_named(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", stuck())
    assert len(run(path, path, tmp_path).sessions) == 1


def test_a_damaged_log_is_read_as_far_as_it_can_be(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", stuck())
    path.write_bytes(b"\xff\xfe noise\n" + path.read_bytes() + b'{"t": 1, "payl')
    (tested,) = run(path).sessions
    assert (len(tested.cases), tested.faults) == (1, 2)


def test_a_path_that_is_not_there_is_an_error_and_a_file_of_another_kind_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="no such file or folder"):
        run(tmp_path / "nowhere")
    other = tmp_path / "other.txt"
    other.write_text('{"name": "x"}\n')
    assert run(other).unreadable == ((str(other), "neither a hook log nor a transcript"),)


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to this user")
def test_a_log_that_may_not_be_read_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", stuck()).chmod(0)
    write(tmp_path / "b.jsonl", stuck())
    found = run(tmp_path)
    assert [source for source, _ in found.unreadable] == [str(tmp_path / "a.jsonl")]
    assert len(found.sessions) == 1


def test_transcripts_are_told_again_with_all_calls_and_their_subagents(tmp_path: Path) -> None:
    found = run(SAMPLE)
    totals = found.totals()
    read(SAMPLE, tmp_path / "store")
    assert [(totals.calls, totals.faults)] == [(*rows(tmp_path / "store", "SELECT count(*) FROM call")[0], 0)]
    assert len({each.session for each in found.sessions if each.events}) == totals.sessions
    assert all(each.spared_cost is not None for each in found.sessions if each.events)


def test_a_transcript_alone_brings_its_subagents_along(tmp_path: Path) -> None:
    projects = SAMPLE / "projects"
    agents = next(projects.glob("*/*/subagents"))
    main = agents.parent.with_suffix(".jsonl")
    alone = tmp_path / main.name
    shutil.copy(main, alone)
    before = run(alone).totals().calls
    shutil.copytree(agents.parent, tmp_path / main.stem)
    assert run(alone).totals().calls > before


def test_rules_of_a_file_hold_for_the_whole_session(tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text("rules:\n  - never git.push\n  - before git.commit require test.pass\nmode: advise\n")
    log = Log(0)
    log.bash("git commit -m x", "done")
    log.bash("git push", "done")
    path = write(tmp_path / "logs/a.jsonl", log)
    rules = rules_for(str(file), None, None, "")
    assert rules is not None
    found = run(path, plan=plan_for(book=rules.book))
    assert [(case.level, case.label) for case in found.cases()] == [
        ("hint", "before git.commit require test.pass"),
        ("hint", "never git.push"),
    ]
    for wanted in ("1", "never  git.push"):
        one = rules_for(str(file), wanted, "enforce", "")
        assert one is not None
        (case,) = run(path, plan=plan_for("enforce", book=one.book, only_rules=True)).cases()
        assert (case.level, case.label) == ("deny", "never git.push")


def test_one_rule_needs_no_file_and_leaves_the_detectors_out(tmp_path: Path) -> None:
    rules = rules_for(None, "never git.push", "enforce", "")
    assert rules is not None
    path = write(tmp_path / "a.jsonl", stuck())
    assert list(run(path, plan=plan_for("enforce", book=rules.book, only_rules=True)).cases()) == []


def test_limits_of_a_file_are_those_of_the_session(tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text("limits: { calls: 10, cost: 2 USD, time: 5m }\nrules: [never git.push]\n")
    rules = rules_for(str(file), None, None, "")
    assert rules is not None
    assert rules.limits == {"session": {"calls": 10, "cost": 2, "seconds": 300}}


def test_a_badly_written_file_tells_its_mistakes_and_a_missing_rule_those_there_are(tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text("rules:\n  - never git.pushh\n")
    rules = rules_for(str(file), None, None, "")
    assert rules is not None
    assert rules.book is None
    assert [mistake.slug for mistake in rules.mistakes] == ["unknown-activity"]
    file.write_text("rules:\n  - never git.push\n")
    with pytest.raises(UsageError, match="no such rule"):
        rules_for(str(file), "2", None, "")
