"""A host that starts `bin/outrider-hook` as the client does: the event as argument, and no waiting for what stays behind.

The interpreter is a script that writes down each start before it becomes the real one, so that a test knows
which events went along the quiet lane, and can end one of them.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from outrider.interface.hook import program
from tests.interface.hook.driver import Hooks
from tests.interface.hook.program import ROOT, SECONDS, answer_of, lines

SESSION = "00000000-0000-4000-8000-00000000000a"

WRAPPER = """#!/bin/sh
for last; do :; done
echo "$$ $last" >>{folder}/started
if [ -e {folder}/die ]; then kill -9 $$; fi
exec {python} "$@"
"""


class Host(Hooks):
    """One session in a client; every event is a process."""

    def __init__(self, folder: Path, *, attended: bool = True, session: str = SESSION) -> None:
        super().__init__(folder / "home", folder / "project", attended=attended)
        self.project.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.session = session
        self.at_pace = True
        self.told: list[tuple[dict[str, Any], dict[str, object]]] = []
        wrapper = folder / "python"
        wrapper.write_text(WRAPPER.format(folder=folder, python=sys.executable))
        wrapper.chmod(0o755)
        self.environment |= {
            "PATH": os.environ.get("PATH", ""),
            "HOME": str(folder),
            "OUTRIDER_PYTHON": str(wrapper),
            "CLAUDE_CODE_SESSION_ID": session,
        }

    @property
    def lane(self) -> Path:
        return self.home / "guard" / "sessions" / f"{self.session}.quiet"

    @property
    def is_calm(self) -> bool:
        return (self.lane / "calm").exists()

    def tickets(self) -> list[str]:
        """Return the tickets of events that are not taken in yet."""
        names = [path.name for path in self.lane.iterdir()] if self.lane.is_dir() else []
        return [name for name in names if name.isdecimal()]

    def settle(self) -> None:
        """Wait until everything is taken in, as it is when a model has thought for a while."""
        end = time.monotonic() + SECONDS
        while self.tickets():
            assert time.monotonic() < end, "a hook hangs"
            time.sleep(0.002)

    def tell(self, event: str, **fields: object) -> dict[str, object]:
        """Tell one event; returns the answer. Before a call everything is settled where the model takes its time."""
        if self.at_pace and event == "PreToolUse":
            self.settle()
        given = self.payload(event, **fields)
        answer = answer_of(self.launch(event, json.dumps(given).encode()))
        self.told.append((given, answer))
        return answer

    def payload(self, event: str, **fields: object) -> dict[str, Any]:
        common = {"session_id": self.session, "hook_event_name": event, "cwd": str(self.project)}
        return {**common, "transcript_path": str(self.folder / "transcript.jsonl"), **fields}

    def launch(self, event: str, given: bytes, **more: Any) -> bytes:
        """Start the launcher for an event; returns what it said. It ends with 0, in time."""
        ended = subprocess.run(
            [str(ROOT / "bin" / "outrider-hook"), event],
            input=given,
            capture_output=True,
            env=self.environment,
            cwd=self.project,
            timeout=SECONDS,
            check=False,
            **more,
        )
        assert ended.returncode == 0, ended
        return ended.stdout

    def start(self, event: str, **fields: object) -> subprocess.Popen[bytes]:
        """Start the launcher for an event, and leave it running."""
        started = subprocess.Popen(
            [str(ROOT / "bin" / "outrider-hook"), event],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=self.environment,
            cwd=self.project,
        )
        assert started.stdin is not None
        started.stdin.write(json.dumps(self.payload(event, **fields)).encode())
        started.stdin.close()
        return started

    def leave_early(self, event: str, **fields: object) -> None:
        """Tell an event as the client does: through a socket, which it closes when the launcher has ended."""
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                started = subprocess.Popen(
                    [str(ROOT / "bin" / "outrider-hook"), event],
                    stdin=theirs,
                    stdout=subprocess.DEVNULL,
                    env=self.environment,
                )
            ours.setblocking(False)
            # As much as the socket holds at once, as from a host that waits for nothing else.
            ours.send(json.dumps(self.payload(event, **fields)).encode())
            assert started.wait(SECONDS) == 0

    def starts(self) -> list[tuple[int, str]]:
        """Return process and ticket of each hook that was started; no ticket where it was answered."""
        found = [line.split(" ", 1) for line in lines(self.folder / "started")]
        return [(int(process), last if last.isdecimal() else "") for process, last in found]

    def quiet(self) -> int:
        """Return how many events went along the quiet lane."""
        return sum(bool(ticket) for _, ticket in self.starts())

    def last(self, known: int) -> tuple[int, str]:
        """Return process and ticket of the hook that was started after so many."""
        end = time.monotonic() + SECONDS
        while len(started := self.starts()) == known:
            assert time.monotonic() < end, "no hook was started"
            time.sleep(0.002)
        assert len(started) == known + 1
        return started[-1]

    def is_quiet(self, event: str, **fields: object) -> bool:
        """Tell one event, and whether it went along the quiet lane."""
        before = len(self.starts())
        self.tell(event, **fields)
        self.settle()
        return bool(self.last(before)[1])

    def begin(self) -> None:
        """Begin a session as far as it is calm."""
        self.inside("SessionStart", source="startup")
        self.inside("UserPromptSubmit", prompt="make the cart add up")
        assert self.is_calm

    def inside(self, event: str, **fields: object) -> None:
        """Tell an event to the inside of the program, without a process: it is answered, with nothing."""
        given = self.payload(event, **fields)
        assert program.run(json.dumps(given).encode(), self.environment, time.time(), "1") == b""
        self.told.append((given, {}))

    def marks(self) -> list[str]:
        """Return what the marks of our faults say, without their times."""
        return [line.split(" ", 1)[1] for line in self.faults()]

    def state(self) -> Any:
        """Return the state, which has to be whole."""
        return json.loads((self.home / "guard" / "sessions" / f"{self.session}.json").read_bytes())

    def spooled(self) -> list[dict[str, Any]]:
        """Return the spool's lines."""
        return [json.loads(line) for line in lines(self.home / "spool" / f"{self.session}.jsonl")]

    def seen(self) -> list[str]:
        """Return event and call of everything that was taken in, in its order."""
        return [shown(line["payload"]) for line in self.spooled()]


def shown(payload: dict[str, Any]) -> str:
    return f"{payload['hook_event_name']} {payload.get('tool_use_id', '')}".strip()


def is_linux() -> bool:
    """Tell whether the launcher has a quiet lane here."""
    return sys.platform == "linux" and shutil.which("sh") is not None
