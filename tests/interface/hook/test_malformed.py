"""Payloads of any kind: exit 0, nothing or one object said, nothing outside of our folder, the state whole."""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.interface.hook.isolated import Interpreter, Quick
from tests.interface.hook.malformed import HOSTILE, KNOWN, strange, texts
from tests.interface.hook.payloads import EVENTS, payload
from tests.interface.hook.program import LONG, Program

MANY = 50_000 if LONG else 1_000
WHOLE = 400 if LONG else 40
MIB = 1024 * 1024
OURS = ("payload-unreadable", "state-damaged")


@pytest.fixture(scope="module")
def interpreter() -> Iterator[Interpreter]:
    made = Interpreter()
    yield made
    made.close()


@pytest.fixture
def quick(tmp_path: Path, interpreter: Interpreter) -> Quick:
    made = Quick(tmp_path / "home")
    made.interpreter = interpreter
    made.run(payload("SessionStart"))
    return made


def is_ours(mark: str) -> bool:
    return mark.split(maxsplit=1)[0] in OURS


def spools_are_whole(home: Path) -> bool:
    """Tell whether every line of every spool is short and stands for itself."""
    for spool in (home / "spool").iterdir():
        for line in spool.read_bytes().splitlines():
            assert len(line) < 2_048, line
            assert json.loads(line)["payload"]["hook_event_name"]
    return True


def names_below(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def test_many_malformed_payloads_leave_every_state_whole(quick: Quick) -> None:
    chance = random.Random(17)
    for at in range(MANY):
        quick.run(strange(chance))
        if at % 500 == 0:
            quick.run(payload("PostToolUse", f"toolu_{at}"))
            quick.state()
    for state in (quick.home / "guard" / "sessions").glob("*.json"):
        assert "watch" in json.loads(state.read_bytes())
        assert state.stat().st_size < MIB
    assert spools_are_whole(quick.home)
    assert {mark for mark in quick.marks() if not is_ours(mark)} == set()
    assert "state-damaged" not in quick.marks()


def test_malformed_payloads_are_no_matter_for_whole_processes(tmp_path: Path) -> None:
    program = Program(tmp_path / "home")
    program.run(payload("SessionStart"))
    chance = random.Random(19)
    for _ in range(WHOLE):
        program.run(strange(chance))
    program.run(payload("SessionEnd"))
    program.state()
    assert spools_are_whole(program.home)
    assert {mark for mark in program.marks() if not is_ours(mark)} == set()


def test_what_is_no_payload_is_marked_once_and_never_answered(quick: Quick) -> None:
    before = quick.state_file().read_bytes()
    for given in list(texts())[:25]:
        marks = len(quick.marks())
        assert quick.run(given) == {}
        assert len(quick.marks()) == marks + 1
        assert is_ours(quick.marks()[-1])
    assert quick.state_file().read_bytes() == before


def test_deep_nesting_and_odd_numbers_leave_the_state_whole(quick: Quick) -> None:
    for given in texts():
        quick.run(given)
        quick.state()
    assert {mark for mark in quick.marks() if not is_ours(mark)} == set()


@pytest.mark.parametrize("event", EVENTS if LONG else ("PostToolUse", "PostToolUseFailure"))
def test_a_giant_payload_is_taken_in_or_passed_over_without_a_wait(tmp_path: Path, event: str) -> None:
    program = Program(tmp_path / "home")
    big = "the cart is wrong at line 7\n" * (10 * MIB // 28)
    given = payload(event, **{_LARGEST.get(event, "tool_response"): big})
    begun = time.monotonic()
    assert program.run(given) == {}
    assert time.monotonic() - begun < 10, "it does not hang"
    program.state()
    assert len(program.spooled()) == 1
    assert program.marks() == []


_LARGEST = {
    "UserPromptSubmit": "prompt",
    "PostToolUseFailure": "error",
    "Stop": "last_assistant_message",
    "SubagentStop": "last_assistant_message",
}


def test_what_is_over_every_bound_is_let_pass_and_marked(tmp_path: Path) -> None:
    program = Program(tmp_path / "home")
    assert program.run(payload("PostToolUse", tool_response="x" * (17 * MIB))) == {}
    assert program.marks() == ["payload-unreadable"]


@pytest.mark.parametrize("field", ["session_id", "agent_id", "tool_name", "tool_use_id", "agent_type"])
def test_hostile_names_stay_inside_of_our_folder(quick: Quick, tmp_path: Path, field: str) -> None:
    outside = names_below(tmp_path) - {name for name in names_below(tmp_path) if name.startswith("home")}
    for name in HOSTILE:
        for event in ("PreToolUse", "PostToolUse", "PostToolBatch", "SubagentStop"):
            quick.run(
                payload(event, **{field: name}) if field != "session_id" else payload(event, session=name)
            )
    assert {name for name in names_below(tmp_path) if not name.startswith("home")} == outside
    made = names_below(quick.home)
    assert all(len(Path(name).parts) <= 4 for name in made)
    assert all(name.isascii() and len(Path(name).name) < 100 for name in made)
    assert spools_are_whole(quick.home)
    unmarked = [mark for mark in quick.marks() if mark != "payload-unreadable"]
    assert unmarked == [], "a name is no fault of ours"


@pytest.mark.parametrize(
    "path",
    [
        "../../x",
        "/etc/shadow",
        "/dev/zero",
        "/dev/zero.jsonl",
        "a\0b.jsonl",
        "/a\0b.jsonl",
        "/\ud800.jsonl",
        "/" + "a" * 9_000 + ".jsonl",
    ],
)
def test_hostile_paths_cost_the_spending_and_not_the_event(quick: Quick, path: str) -> None:
    guard = quick.home / "guard"
    (guard / "settings.json").write_text('{"limits": {"session": {"tokens": 9, "cost": 5}}}')
    (guard / "vocabulary.json").write_text("{}")
    for event in ("PostToolBatch", "Stop", "SubagentStop", "UserPromptSubmit"):
        before = len(quick.spooled())
        given = {"transcript_path": path, "agent_transcript_path": path, "cwd": path}
        quick.run(payload(event, **given))
        assert len(quick.spooled()) == before + 1
    assert quick.marks() == []


def test_a_transcript_that_is_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    program = Program(tmp_path / "home")
    (program.home / "guard").mkdir(parents=True)
    (program.home / "guard" / "settings.json").write_text('{"limits": {"session": {"tokens": 9}}}')
    pipe = tmp_path / "t.jsonl"
    os.mkfifo(pipe)
    assert program.run(payload("Stop", transcript_path=str(pipe))) == {}
    assert len(program.spooled()) == 1


@pytest.mark.parametrize("event", [*KNOWN[len(EVENTS) :], "", "NoSuchEvent", "pretooluse", *HOSTILE[:12]])
def test_an_event_that_is_not_known_is_let_pass(quick: Quick, event: str) -> None:
    for _ in range(6):
        assert quick.run(payload(event)) == {}
    quick.state()
    assert {mark for mark in quick.marks() if mark != "payload-unreadable"} == set()


def test_no_text_of_a_payload_is_kept_anywhere(quick: Quick) -> None:
    secret = "hunter2-very-secret"
    for event in EVENTS:
        quick.run(
            payload(
                event,
                prompt=secret,
                tool_input={"command": f"curl -H {secret}", "content": secret},
                tool_response={"stdout": secret},
                error=secret,
                last_assistant_message=secret,
                custom_instructions=secret,
                tool_calls=[
                    {"tool_name": "Bash", "tool_input": {"command": f"ls {secret}"}, "tool_response": secret}
                ],
            )
        )
    for path in quick.home.rglob("*"):
        if path.is_file():
            assert secret not in path.read_text("latin-1"), path
