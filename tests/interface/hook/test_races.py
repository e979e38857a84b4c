"""Hooks that run at the same time, and hooks that are killed: whole state, whole lines, nothing lost."""

from __future__ import annotations

import os
import random
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.interface.hook.payloads import payload
from tests.interface.hook.program import LONG, Program, answer_of, ended

KILLS = 200 if LONG else 25
SIDE_BY_SIDE = 4
WRITERS = 8
EACH = 100 if LONG else 10


def work(call: str) -> dict[str, Any]:
    """Return the end of a call that is like no other, so that there is nothing to say of it."""
    response = {"stdout": f"made {call}", "stderr": "", "interrupted": False}
    return payload("PostToolUse", call, tool_input={"command": f"make {call}"}, tool_response=response)


def test_a_hook_killed_at_any_moment_leaves_a_whole_state_and_whole_lines(tmp_path: Path) -> None:
    """Four hooks of one session at a time; one of them is killed with all that it started."""
    program = Program(tmp_path / "home")
    program.run(payload("SessionStart"))
    begun = time.monotonic()
    for each in [program.start(work(f"warm_{place}")) for place in range(SIDE_BY_SIDE)]:
        ended(each)
    usual = time.monotonic() - begun
    chance = random.Random(4)
    acknowledged, killed = set(), 0
    for at in range(KILLS):
        calls = [f"toolu_{at}_{place}" for place in range(SIDE_BY_SIDE)]
        started = [program.start(work(call)) for call in calls]
        time.sleep(chance.random() * usual)
        os.killpg(started[0].pid, signal.SIGKILL)
        for each in started:
            answer_of(ended(each))
        assert [each.returncode for each in started[1:]] == [0] * (SIDE_BY_SIDE - 1)
        acknowledged |= {call for call, each in zip(calls, started, strict=True) if each.returncode == 0}
        killed += started[0].returncode == -signal.SIGKILL
        program.state()
    assert killed > KILLS // 4, "the moments were such that hooks were at work"
    spooled = [line["payload"].get("tool_use_id") for line in program.spooled()]
    assert len(spooled) == len(set(spooled)), "no event stands twice"
    missing = acknowledged - set(spooled)
    assert len(missing) == len(program.marks()), "what was not taken in is marked"
    assert len(missing) <= KILLS // 20, "and that is rare"
    assert program.run(payload("SessionEnd")) == {}
    assert "state-damaged" not in program.marks()


def test_eight_writers_of_one_session_lose_no_line(tmp_path: Path) -> None:
    program = Program(tmp_path / "home")
    program.run(payload("SessionStart"))

    def write(writer: int) -> None:
        for at in range(EACH):
            program.run(work(f"toolu_{writer}_{at}"))

    with ThreadPoolExecutor(WRITERS) as writers:
        list(writers.map(write, range(WRITERS)))
    spooled = [line["payload"].get("tool_use_id") for line in program.spooled()[1:]]
    wanted = {f"toolu_{writer}_{at}" for writer in range(WRITERS) for at in range(EACH)}
    assert len(spooled) == len(set(spooled))
    assert set(spooled) <= wanted
    assert len(spooled) + len(program.marks()) == len(wanted), "an event stands in the spool or is marked"
    assert len(program.marks()) <= len(wanted) // 50
    program.state()


def test_sessions_side_by_side_do_not_know_each_other(tmp_path: Path) -> None:
    program = Program(tmp_path / "home")
    names = [f"session-{at}" for at in range(WRITERS)]

    def write(name: str) -> None:
        for at in range(3):
            program.run(payload("PostToolUse", f"toolu_{at}", name))

    with ThreadPoolExecutor(WRITERS) as writers:
        list(writers.map(write, names))
    for name in names:
        program.state(name)
        assert [line["payload"]["session_id"] for line in program.spooled(name)] == [name] * 3
    assert program.marks() == []
