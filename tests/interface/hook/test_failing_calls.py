"""Every call to the system that a hook makes is made to fail once, one after the other."""

from __future__ import annotations

import errno
import json
import posix
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from outrider.interface.hook import files, program
from tests.interface.hook.payloads import EVENTS, SESSION, payload
from tests.interface.hook.program import LONG, answer_of, lines

FAILING = ("open", "read", "pread", "write", "rename", "mkdir", "fstat", "lockf", "unlink", "listdir", "stat")
REASONS = (errno.ENOSPC, errno.EIO, errno.EROFS, errno.EACCES, errno.EDQUOT, errno.EMFILE)
MOST = 200
"""More calls than any event needs."""


class System:
    """The system's calls, of which the n-th fails; a write that fails has written half before, if so wished."""

    def __init__(self, fails_at: int, reason: int, *, halves: bool = False, for_good: bool = False) -> None:
        self.made = 0
        self.failed: list[str] = []
        self._fails_at = fails_at
        self._reason = reason
        self._halves = halves
        self._for_good = for_good

    def __getattr__(self, name: str) -> Any:
        found = getattr(posix, name)
        return self._counted(name, found) if name in FAILING else found

    def _counted(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def made(*given: Any, **named: Any) -> Any:
            self.made += 1
            if self.made != self._fails_at and not (self._for_good and self.made > self._fails_at):
                return call(*given, **named)
            self.failed.append(name)
            if name == "write" and self._halves and self.made == self._fails_at:
                return call(given[0], bytes(given[1])[: len(given[1]) // 2])
            raise OSError(self._reason, "made to fail")

        return made


class Place:
    """A folder with a session under way; hooks run in this process."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.home = folder / "home"
        self.project = folder / "project"
        self._patch = patch
        self._now = 1_795_000_000.0
        (self.project / ".outrider").mkdir(parents=True)
        (self.project / ".outrider" / "guard.json").write_text('{"mode": "advise"}')
        (self.home / "guard").mkdir(parents=True)
        settings = {"mode": "advise", "limits": {"session": {"tokens": 1_000, "cost": 5}}}
        (self.home / "guard" / "settings.json").write_text(json.dumps(settings))
        self.transcript = folder / f"{SESSION}.jsonl"
        usage = {"id": "m", "model": "some", "usage": {"input_tokens": 3, "output_tokens": 4}}
        self.transcript.write_text(json.dumps({"type": "assistant", "message": usage}) + "\n")
        for event in EVENTS[:-1]:
            self.run(event, posix)

    def run(self, event: str, system: Any, call: str = "toolu_1") -> dict[str, Any]:
        self._patch.setattr(files, "system", system)
        self._now += 1
        given = payload(event, call, transcript_path=str(self.transcript), cwd=str(self.project))
        environment = {"OUTRIDER_HOME": str(self.home), "CLAUDE_PROJECT_DIR": str(self.project)}
        try:
            return answer_of(program.run(json.dumps(given).encode(), environment, self._now, "own"))
        finally:
            self._patch.setattr(files, "system", posix)

    @property
    def state(self) -> bytes:
        return (self.home / "guard" / "sessions" / f"{SESSION}.json").read_bytes()

    def marks(self) -> list[str]:
        return lines(self.home / "guard" / "faults.log")

    def spooled(self) -> list[bytes]:
        return (self.home / "spool" / f"{SESSION}.jsonl").read_bytes().splitlines()


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    return Place(tmp_path, monkeypatch)


def is_event_taken_in(before: bytes, after: bytes) -> bool:
    """Tell whether the state is that of a session that went on, and not of one begun anew."""
    was, now = json.loads(before), json.loads(after)
    return now["seen"] > was["seen"] and len(after) > len(before) // 2


EVENTS_TRIED = EVENTS if LONG else ("SessionStart", "PostToolUse", "PostToolBatch")
REASONS_TRIED = REASONS if LONG else REASONS[:3]


@pytest.mark.parametrize("event", EVENTS_TRIED)
@pytest.mark.parametrize("reason", REASONS_TRIED, ids=errno.errorcode.get)
def test_the_nth_call_that_fails_costs_one_event_at_most(place: Place, event: str, reason: int) -> None:
    """The state is the old one or that of a session that went on; never half, never begun anew."""
    for at in range(1, MOST):
        before, marks = place.state, len(place.marks())
        system = System(at, reason)
        place.run(event, system, f"toolu_{at}")
        after = place.state
        assert after == before or is_event_taken_in(before, after), (at, system.failed)
        is_lost = after == before
        assert len(place.marks()) <= marks + 1, (at, system.failed)
        if is_lost:
            assert len(place.marks()) == marks + 1, (at, system.failed)
        place.run("SessionStart", posix)
        assert not list((place.home / "guard" / "sessions").glob("*.own")) or system.failed == ["unlink"]
        if system.made < at:
            break
    else:
        pytest.fail("a hook makes too many calls")


@pytest.mark.parametrize("event", EVENTS_TRIED)
def test_a_disk_that_fails_from_the_nth_call_on_leaves_the_old_state(place: Place, event: str) -> None:
    for at in range(1, MOST):
        before = place.state
        system = System(at, errno.EIO, for_good=True)
        place.run(event, system, f"toolu_{at}")
        after = place.state
        assert after == before or is_event_taken_in(before, after), (at, system.failed)
        place.run("Stop", posix)
        if not system.failed:
            break
    else:
        pytest.fail("a hook makes too many calls")


def test_a_write_cut_in_half_tears_no_line_but_its_own(place: Place) -> None:
    """What is torn costs one record: the next line stands on its own."""
    for at in range(1, MOST):
        system = System(at, errno.ENOSPC, halves=True, for_good=True)
        place.run("PostToolUse", system, f"toolu_{at}")
        place.run("PostToolUse", posix, f"toolu_after_{at}")
        last = json.loads(place.spooled()[-1])
        assert last["payload"]["tool_use_id"] == f"toolu_after_{at}"
        json.loads(place.state)
        if not system.failed:
            break
    else:
        pytest.fail("a hook makes too many calls")
    assert all(len(mark.split()) >= 2 for mark in place.marks())
