"""Damaged files of ours: the event is judged afresh, neighbours stay, and a mark can be counted."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from outrider.judge.guard.trust import effective
from tests.interface.hook.isolated import Interpreter, Quick
from tests.interface.hook.payloads import EVENTS, SESSION, payload
from tests.interface.hook.program import LONG, Program

WRONG = [
    *(b"", b"{", b"null", b"[]", b"7", b'"text"', b"\0" * 4_096, b"\xff\xfe\xfa", b"{}{}", b"[" * 100_000),
    *(b'{"watch": 7}', b'{"watch": {"guard": []}}', b'{"watch": {"guard": {}}}', b'{"watch": {"rules": 1}}'),
    *(b'{"seen": NaN}', b'{"watch": {"guard": 1, "held": {"a": 1}}}', b'{"a": [1, {"b": "c'),
]
ODD = [
    *(b'{"told": 3, "waiting": [1], "usage": [], "seen": "x"}', b'{"seen": 1e999}', b"{}"),
    *(b'{"told": [[[], {}, 1]], "waiting": [{}, []]}', b'{"told": [["", "", ""]], "seen": -1}'),
]
FLIPS = 400 if LONG else 200


@pytest.fixture(scope="module")
def interpreter() -> Iterator[Interpreter]:
    made = Interpreter()
    yield made
    made.close()


@pytest.fixture
def program(tmp_path: Path, interpreter: Interpreter) -> Program:
    """Return a session under way; with the long tests each of its hooks is a process."""
    made: Program = Program(tmp_path / "home")
    if not LONG:
        made = Quick(tmp_path / "home")
        made.interpreter = interpreter
    for at, event in enumerate(EVENTS[:-1]):
        made.run(payload(event, f"toolu_{at}"))
    return made


def test_a_damaged_state_is_healed_by_whole_processes_too(tmp_path: Path) -> None:
    program = Program(tmp_path / "home")
    program.run(payload("PreToolUse"))
    for content in (b"{", b"", b"[" * 100_000, b"\xff"):
        program.state_file().write_bytes(content)
        program.run(payload("PreToolUse"))
        program.state()
    assert program.marks() == ["state-damaged"] * 4


def goes_on(program: Program) -> None:
    """Give some events; whatever is wrong, the second finds the state of the first."""
    for event in ("PreToolUse", "PostToolUse", "PostToolBatch", "Stop"):
        program.run(payload(event, "toolu_next"))
    program.state()


@pytest.mark.parametrize("content", WRONG)
def test_a_damaged_state_is_begun_anew_and_marked_once(program: Program, content: bytes) -> None:
    program.state_file().write_bytes(content)
    goes_on(program)
    assert program.marks() == ["state-damaged"]


@pytest.mark.parametrize("content", ODD)
def test_a_state_of_which_little_is_left_is_gone_on_with(program: Program, content: bytes) -> None:
    program.state_file().write_bytes(content)
    goes_on(program)
    assert set(program.marks()) <= {"state-damaged"}


def test_a_state_cut_or_changed_anywhere_never_stops_the_session(program: Program) -> None:
    whole = program.state_file().read_bytes()
    chance = random.Random(7)
    for _ in range(FLIPS):
        at = chance.randrange(len(whole))
        cut = whole[:at] if chance.random() < 0.5 else whole[:at] + chance.randbytes(1) + whole[at + 1 :]
        program.state_file().write_bytes(cut)
        program.run(payload("PostToolUse", "toolu_next"))
        program.state()
    assert set(program.marks()) <= {"state-damaged"}
    assert len(program.marks()) >= FLIPS // 3


def _retyped(value: object, chance: random.Random) -> object:
    """Return the value with one part, picked at random, of another type."""
    if isinstance(value, dict) and value and chance.random() < 0.9:
        name = chance.choice(list(value))
        return {**value, name: _retyped(value[name], chance)}
    if isinstance(value, list) and value and chance.random() < 0.9:
        at = chance.randrange(len(value))
        return [*value[:at], _retyped(value[at], chance), *value[at + 1 :]]
    return chance.choice([None, [], {}, "text", -1, 1e300, True, [[[]]], {"a": {"b": 0}}, "\ud800", 10**30])


def test_a_state_of_wrong_types_never_stops_the_session(program: Program) -> None:
    """Where the damage is not seen the event may fail, but it fails quietly, and the session heals."""
    whole = json.loads(program.state_file().read_bytes())
    chance = random.Random(11)
    for _ in range(FLIPS):
        program.state_file().write_text(json.dumps(_retyped(whole, chance)))
        goes_on(program)
    assert set(program.marks()) <= {"state-damaged"}


@pytest.mark.parametrize("size", [5 * 1024 * 1024, 300 * 1024 * 1024])
def test_a_giant_state_is_not_read(program: Program, size: int) -> None:
    with program.state_file().open("r+b") as opened:
        opened.truncate(size)
    goes_on(program)
    assert program.marks() == ["state-damaged"]


@pytest.mark.parametrize("name", ["sessions/{}.json", "sessions/{}.lock", "sessions/{}.errors"])
@pytest.mark.parametrize("kind", ["folder", "pipe", "nowhere", "loop", "device"])
def test_something_else_in_the_place_of_a_file_of_a_session_does_no_harm(
    program: Program, name: str, kind: str
) -> None:
    _put(program.home / "guard" / name.format(SESSION), kind)
    for at in range(5):
        assert program.run(payload("Stop", f"toolu_{at}")) == {}
    other = "another-session"
    assert program.run(payload("PreToolUse", session=other)) == {}
    program.state(other)


@pytest.mark.parametrize(
    "name",
    [
        *("guard/log.jsonl", "guard/faults.log", f"spool/{SESSION}.jsonl", "guard/settings.json"),
        *("guard/vocabulary.json", "guard/rules", "guard/reset", "guard/settings.good.json"),
    ],
)
@pytest.mark.parametrize("kind", ["folder", "pipe", "nowhere", "loop", "device"])
def test_something_else_in_the_place_of_a_file_does_no_harm(program: Program, name: str, kind: str) -> None:
    _put(program.home / name, kind)
    for event in ("PreToolUse", "PostToolUse", "Stop"):
        program.run(payload(event, "toolu_next"))
    program.state()


def _put(path: Path, kind: str) -> None:
    path.unlink(missing_ok=True)
    if kind == "folder":
        path.mkdir()
        (path / "inside").write_text("mine")
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        target = {"nowhere": "/nowhere/at/all", "loop": str(path), "device": "/dev/zero"}[kind]
        path.symlink_to(target)


@pytest.mark.parametrize(
    "content", [*WRONG[:10], b'{"mode": 7}', b'{"mode": "on"}', b'{"limits": {"session": {"calls": 0}}}']
)
def test_damaged_settings_leave_the_guard_at_work(program: Program, content: bytes) -> None:
    (program.home / "guard" / "settings.json").write_bytes(content)
    goes_on(program)
    assert set(program.marks()) <= {"settings-damaged"}
    if content in WRONG[:10]:
        assert len(program.marks()) == 4, "one for each event"


@pytest.mark.parametrize(
    "content", [*WRONG[:10], b'{"mode": "off"}', b'{"mode": 7}', b'{"limits": 1, "detectors": []}']
)
def test_damaged_settings_of_a_project_are_as_good_as_none(
    program: Program, tmp_path: Path, content: bytes
) -> None:
    project = tmp_path / "project"
    (project / ".outrider").mkdir(parents=True)
    (project / ".outrider" / "guard.json").write_bytes(content)
    program.environment["CLAUDE_PROJECT_DIR"] = str(project)
    before = len(program.spooled())
    goes_on(program)
    assert len(program.spooled()) == before + 4


@pytest.mark.parametrize(
    "content", [*WRONG[:10], b'{"rules": 7}', b'{"schema": "x", "rules": ["d", [[1, 2]]]}']
)
@pytest.mark.parametrize("name", ["vocabulary.json", "rules/labs.json", "prices.json"])
def test_damaged_rules_and_words_never_stop_the_session(program: Program, name: str, content: bytes) -> None:
    guard = program.home / "guard"
    (guard / "rules").mkdir()
    (guard / "vocabulary.json").write_text("{}")
    (guard / "settings.json").write_text('{"limits": {"session": {"cost": 5, "tokens": 1000}}}')
    (guard / name).write_bytes(content)
    load = {"tool_name": "Skill", "tool_input": {"skill": "labs"}, "tool_response": {"success": True}}
    program.run(payload("PostToolUse", "toolu_load", **load))
    goes_on(program)


def test_a_switch_of_any_kind_and_content_holds_every_call(program: Program) -> None:
    switch = program.home / "guard" / "tripped"
    for content in (b"", b"by hand\n", b"\0\xff" * 3_000, b"\x1b[31m" * 9, b"a" * 100_000):
        switch.write_bytes(content)
        said = program.run(payload("PreToolUse"))
        assert said["hookSpecificOutput"]["permissionDecision"] == "deny"
        assert program.run(payload("PostToolBatch"))["continue"] is False
        assert program.run(payload("UserPromptSubmit")) == {}
    switch.unlink()
    switch.mkdir()
    assert "deny" in str(program.run(payload("PreToolUse")))
    switch.rmdir()
    assert program.run(payload("PreToolUse", "toolu_free", tool_input={"command": "ls"})) == {}


def test_what_damaged_settings_leave_is_what_the_core_makes_of_none() -> None:
    assert effective({}, "", {}).settings.mode == "advise"
