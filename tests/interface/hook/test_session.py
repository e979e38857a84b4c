"""What the hook answers over a session."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.interface.hook.driver import SESSION, Failure, Hooks, context, decision

BUILD = {"command": "make build"}
BROKEN = Failure("Exit code 2\nmake: *** No rule to make target 'build'.  Stop.")


@pytest.fixture
def hooks(tmp_path: Path) -> Hooks:
    return Hooks(tmp_path / "home", tmp_path)


@pytest.fixture
def alone(tmp_path: Path) -> Hooks:
    return Hooks(tmp_path / "home", tmp_path, attended=False)


def repeat(hooks: Hooks, times: int, **fields: object) -> list[dict[str, object]]:
    return [hooks.call("Bash", BUILD, BROKEN, **fields) for _ in range(times)]


def test_healthy_work_is_answered_with_nothing(hooks: Hooks) -> None:
    assert hooks.tell("SessionStart", source="startup") == {}
    assert hooks.tell("UserPromptSubmit", prompt="fix the tests") == {}
    for number in range(12):
        assert hooks.call("Edit", {"file_path": f"a{number}.py", "old_string": "a", "new_string": "b"}) == {}
        assert hooks.call("Bash", {"command": "pytest"}, f"{number} passed") == {}
    assert hooks.tell("Stop", last_assistant_message="Done.") == {}
    assert hooks.log() == []
    assert hooks.faults() == []


def test_a_loop_is_hinted_at_then_held_back_then_brought_before_the_person(hooks: Hooks) -> None:
    answers = repeat(hooks, 16)
    hints = [context(answer) for answer in answers if context(answer)]
    assert hints[0].startswith("[outrider guard g-")
    assert "3 times in a row" in hints[0]
    decisions = [decision(answer) for answer in answers]
    assert decisions.index("deny") > 9
    assert "ask" in decisions[decisions.index("deny") :]
    assert not any("continue" in answer for answer in answers)


def test_without_a_person_a_runaway_turn_is_ended(alone: Hooks) -> None:
    answers = repeat(alone, 20)
    ended = alone.tell("PostToolBatch", tool_calls=[])
    assert "deny" in [decision(answer) for answer in answers]
    assert ended["continue"] is False
    assert "outrider guard" in str(ended["stopReason"])
    assert "stop" in [line.get("level") for line in alone.log()]


def test_a_person_who_writes_again_begins_anew(alone: Hooks) -> None:
    repeat(alone, 20)
    alone.tell("UserPromptSubmit", prompt="try it with the other target")
    assert alone.call("Bash", {"command": "make other"}, "built") == {}
    assert "continue" not in alone.tell("PostToolBatch", tool_calls=[])


def test_a_subagent_that_runs_away_takes_nobody_with_it(alone: Hooks) -> None:
    alone.call("Read", {"file_path": "a.py"}, "text")
    answers = repeat(alone, 20, agent_id="a1", agent_type="worker")
    assert "deny" in [decision(answer) for answer in answers]
    assert alone.tell("PostToolBatch", tool_calls=[], agent_id="a1", agent_type="worker")["continue"] is False
    assert alone.call("Read", {"file_path": "b.py"}, "text") == {}
    assert alone.tell("PostToolBatch", tool_calls=[]) == {}


def test_the_log_says_what_was_said_and_what_the_model_did_next(hooks: Hooks) -> None:
    repeat(hooks, 3)
    hooks.call("Read", {"file_path": "Makefile"}, "all:")
    first, after = hooks.log()[:2]
    assert first["detector"] == "same_result"
    assert first["evidence"] == ["t1", "t2", "t3"]
    assert str(first["id"]) in str(first["said"])
    assert after == {"after": first["id"], "t": after["t"], "did": "other", "tool": "Read", "call": "t4"}


def test_a_switch_that_a_person_sets_holds_every_call_until_it_is_taken_away(hooks: Hooks) -> None:
    hooks.call("Read", {"file_path": "a.py"}, "text")
    switch = hooks.home / "guard" / f"tripped-{SESSION}"
    switch.write_text("enough\n")
    assert decision(hooks.tell("PreToolUse", tool_name="Read", tool_input={}, tool_use_id="x")) == "deny"
    assert hooks.tell("PostToolBatch", tool_calls=[])["continue"] is False
    assert [(line["level"], line["detector"]) for line in hooks.log()] == [("stop", "tripped")] * 2
    switch.unlink()
    assert hooks.call("Read", {"file_path": "c.py"}, "text") == {}


def test_calls_that_the_switch_held_are_not_counted_as_calls_of_the_model(hooks: Hooks) -> None:
    switch = hooks.home / "guard" / "tripped"
    switch.parent.mkdir(parents=True)
    switch.write_text("enough\n")
    repeat(hooks, 8)
    switch.unlink()
    assert not any(repeat(hooks, 2))


def test_the_switch_holds_where_nothing_can_be_written(hooks: Hooks) -> None:
    (hooks.home / "guard").mkdir(parents=True)
    (hooks.home / "guard" / "tripped").write_text("enough\n")
    (hooks.home / "guard" / "sessions").write_text("in the way of the folder\n")
    assert decision(hooks.tell("PreToolUse", tool_name="Read", tool_input={}, tool_use_id="x")) == "deny"
    assert hooks.tell("PostToolBatch", tool_calls=[])["continue"] is False


def test_off_is_off_and_observing_says_nothing(hooks: Hooks) -> None:
    for mode in ("off", "observe"):
        hooks.settings({"mode": mode})
        assert not any(repeat(hooks, 16))
        hooks.tell("UserPromptSubmit", prompt="again")
    assert {line["level"] for line in hooks.log() if "level" in line} <= {"note"}


def test_a_limit_is_hinted_at_when_four_fifths_are_used(hooks: Hooks) -> None:
    hooks.settings({"limits": {"session": {"calls": 5}}})
    answers = [hooks.call("Read", {"file_path": f"{at}.py"}, f"text {at}") for at in range(5)]
    said = [context(answer) for answer in answers]
    assert said[:3] == ["", "", ""]
    assert "session calls: 80" in said[3]
    assert "session calls: 100" in said[4]


def test_damaged_settings_are_marked_and_the_last_good_ones_hold(hooks: Hooks) -> None:
    hooks.settings({"mode": "off"})
    (hooks.home / "guard" / "settings.good.json").write_text('{"mode": "off"}')
    (hooks.home / "guard" / "settings.json").write_text("{")
    assert not any(repeat(hooks, 5))
    assert any("settings-damaged" in line for line in hooks.faults())


def test_a_damaged_state_begins_anew_with_one_mark(hooks: Hooks) -> None:
    repeat(hooks, 2)
    state = hooks.home / "guard" / "sessions" / f"{SESSION}.json"
    state.write_text(state.read_text()[:-30])
    assert repeat(hooks, 2) == [{}, {}]
    assert len(hooks.faults()) == 1
    assert "state-damaged" in hooks.faults()[0]
    assert json.loads(state.read_text())


def test_the_spool_keeps_names_and_times_and_never_a_text(hooks: Hooks) -> None:
    hooks.tell("UserPromptSubmit", prompt="my password is hunter2")
    hooks.call("Bash", {"command": "export TOKEN=hunter2; deploy"}, "hunter2 accepted")
    hooks.tell("Stop", last_assistant_message="used hunter2")
    lines = (hooks.home / "spool" / f"{SESSION}.jsonl").read_text().splitlines()
    assert len(lines) == 5
    assert all(set(json.loads(line)) == {"t", "payload"} for line in lines)
    kept = [*hooks.home.rglob("*")]
    assert not any("hunter2" in path.read_text() for path in kept if path.is_file())


def test_the_same_judgement_comes_from_the_spool(hooks: Hooks) -> None:
    from outrider.judge.guard.settings import Settings
    from outrider.judge.guard.watch import Watch

    repeat(hooks, 8)
    watch = Watch(Settings())
    told = []
    for line in (hooks.home / "spool" / f"{SESSION}.jsonl").read_text().splitlines():
        spooled = json.loads(line)
        told += watch.observe(spooled["payload"], spooled["t"])
    logged = [(line["detector"], line["count"]) for line in hooks.log() if "detector" in line]
    assert [(each.detector, each.count) for each in told] == logged
    assert logged


def test_after_three_faults_in_a_row_a_session_is_only_observed(hooks: Hooks) -> None:
    folder = hooks.home / "guard" / "sessions"
    folder.mkdir(parents=True)
    (folder / f"{SESSION}.errors").write_text("xxx")
    assert not any(repeat(hooks, 16))


def test_hostile_names_stay_within_our_folder(hooks: Hooks, tmp_path: Path) -> None:
    for name in ("../../x", "a/b", "\0", "x" * 10_000, "..", "é"):
        assert hooks.tell("PreToolUse", session_id=name, tool_name="../y", tool_use_id="../z") == {}
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert all(hooks.home in path.parents for path in files)
