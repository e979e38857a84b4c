"""The hook program as the host starts it: a process, a payload on stdin, and what it leaves behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.interface.hook.payloads import SESSION

ROOT = Path(__file__).parents[3]
LONG = bool(os.environ.get("OUTRIDER_LONG"))
SECONDS = 20.0
"""A hook that takes longer hangs."""


class Program:
    """Starts hooks of one tree with one folder for Outrider's files."""

    def __init__(self, home: Path, tree: Path = ROOT) -> None:
        self.home = home
        self.launcher = tree / "bin" / "outrider-hook"
        self.environment = {
            "PATH": os.environ.get("PATH", ""),
            "HOME": str(home.parent),
            "OUTRIDER_HOME": str(home),
            "OUTRIDER_PYTHON": sys.executable,
            "CLAUDE_CODE_SESSION_ATTENDED": "1",
        }

    def run(
        self, given: bytes | Mapping[str, object], environment: Mapping[str, str] | None = None, **more: Any
    ) -> dict[str, Any]:
        """Give one payload; returns the answer, empty where nothing was said. Anything else is a failure."""
        raw = given if isinstance(given, bytes) else json.dumps(given).encode()
        ended = subprocess.run(
            [str(self.launcher)],
            input=raw,
            capture_output=True,
            env=self.environment if environment is None else dict(environment),
            timeout=SECONDS,
            check=False,
            **more,
        )
        assert ended.returncode == 0, ended
        return answer_of(ended.stdout)

    def start(self, given: Mapping[str, object]) -> subprocess.Popen[bytes]:
        """Start a hook in a process group of its own, and leave it running."""
        started = subprocess.Popen(
            [str(self.launcher)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=self.environment,
            start_new_session=True,
        )
        assert started.stdin is not None
        started.stdin.write(json.dumps(given).encode())
        started.stdin.close()
        return started

    def marks(self) -> list[str]:
        """Return what the marks of our faults say, without their times."""
        return [line.split(" ", 1)[1] for line in lines(self.home / "guard" / "faults.log")]

    def state_file(self, session: str = SESSION) -> Path:
        return self.home / "guard" / "sessions" / f"{session}.json"

    def state(self, session: str = SESSION) -> dict[str, Any]:
        """Return the state, which has to be whole."""
        value = json.loads(self.state_file(session).read_bytes())
        assert isinstance(value, dict)
        assert "watch" in value
        return value

    def spooled(self, session: str = SESSION) -> list[dict[str, Any]]:
        """Return the spool's lines, each of which has to be whole and short."""
        raw = (self.home / "spool" / f"{session}.jsonl").read_bytes()
        assert raw.endswith(b"\n")
        assert max(map(len, raw.splitlines())) < 2_048
        return [json.loads(line) for line in raw.splitlines()]


def ended(started: subprocess.Popen[bytes]) -> bytes:
    """Wait for a hook that :meth:`Program.start` began; returns what it said."""
    assert started.stdout is not None
    said = started.stdout.read()
    started.stdout.close()
    started.wait(timeout=SECONDS)
    return said


def answer_of(said: bytes) -> dict[str, Any]:
    """Return the one JSON object that was said, or an empty one; anything else is a failure."""
    if not said:
        return {}
    value = json.loads(said)
    assert isinstance(value, dict)
    assert value, "an empty object is no answer"
    assert texts_are_short(value)
    return value


def texts_are_short(value: object) -> bool:
    if isinstance(value, dict):
        return all(map(texts_are_short, value.values()))
    return not isinstance(value, str) or len(value) <= 1_000


def lines(path: Path) -> list[str]:
    """Return a file's lines; none where it is not there."""
    return path.read_text("utf-8").splitlines() if path.exists() else []
