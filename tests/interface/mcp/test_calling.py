"""Which session a tool call came from, by what the hooks left."""

from __future__ import annotations

from pathlib import Path

import pytest

from outrider.app.calling import session_of_call
from tests.interface.hook.driver import SESSION, Hooks


def _found(home: Path, call: str, now: float | None = None) -> str:
    return session_of_call(home, call, now or home.stat().st_mtime, lambda _: None)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    hooks = Hooks(tmp_path, tmp_path)
    hooks.call("Bash", {"command": "ls"})
    return tmp_path


def test_a_call_belongs_to_the_session_whose_hooks_told_of_it(home: Path) -> None:
    assert _found(home, "t1") == SESSION


@pytest.mark.parametrize("call", ["", "t2", "t", '"', "t1\n", "../t1", "t" * 300, "т1", "t1\x00"])
def test_what_no_hook_told_of_belongs_to_none(home: Path, call: str) -> None:
    assert _found(home, call) == ""


def test_the_result_of_a_call_that_quotes_another_one_does_not_win(home: Path) -> None:
    other = home / "spool" / "11111111-0000-4000-8000-000000000000.jsonl"
    other.write_text('{"note": "\\\\"tool_use_id\\\\":\\\\"t1\\\\""}\n')
    assert _found(home, "t1") == SESSION


def test_spools_that_cannot_be_read_are_passed_over(home: Path) -> None:
    (home / "spool" / "broken.jsonl").mkdir()
    assert _found(home, "t1") == SESSION
    assert _found(home / "nowhere", "t1", 1.0) == ""


def test_a_hook_that_is_still_at_work_is_waited_for_half_a_second(tmp_path: Path) -> None:
    slept: list[float] = []

    def late(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 3:
            Hooks(tmp_path, tmp_path).call("Bash", {"command": "ls"})

    (tmp_path / "spool").mkdir()
    assert session_of_call(tmp_path, "t1", tmp_path.stat().st_mtime, late) == SESSION
    slept.clear()
    assert session_of_call(tmp_path, "t9", tmp_path.stat().st_mtime, slept.append) == ""
    assert 0.3 < sum(slept) <= 0.5
