"""One program run with a time limit; its output bounded, all that it started ended."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from outrider.kernel.limits import DOCTOR_OUTPUT_BYTES

_CHUNK = 1 << 16
_PAUSE = 0.02


@dataclass(frozen=True, slots=True)
class Ran:
    """How a program went: exit code (negative: the signal), output, seconds, why it did not start."""

    code: int
    output: bytes
    seconds: float
    is_late: bool
    why: str = ""


def run(
    command: Sequence[str],
    given: bytes,
    environment: Mapping[str, str],
    folder: Path,
    seconds: float,
    enough: Callable[[bytes], bool] | None = None,
) -> Ran:
    """Run a program on ``given`` (at most a few KiB).

    With ``enough`` its input stays open, and it is ended as soon as its output is enough.
    """
    started = time.monotonic()
    try:
        child = subprocess.Popen(  # noqa: S603 - commands of the plugin's own copy
            list(command),
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            bufsize=0,
        )
    except (OSError, ValueError) as error:
        return Ran(-1, b"", 0.0, is_late=False, why=getattr(error, "strerror", None) or "no command")
    try:
        return _talked(child, given, started, started + seconds, enough)
    finally:
        with suppress(OSError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


def _talked(
    child: subprocess.Popen[bytes],
    given: bytes,
    started: float,
    until: float,
    enough: Callable[[bytes], bool] | None,
) -> Ran:
    if child.stdin is None or child.stdout is None:
        return Ran(-1, b"", 0.0, is_late=False, why="no pipes")
    with suppress(OSError):
        child.stdin.write(given)
    if enough is None:
        with suppress(OSError):
            child.stdin.close()
    output = b""
    while time.monotonic() < until and len(output) < DOCTOR_OUTPUT_BYTES:
        if select.select([child.stdout], [], [], _PAUSE)[0]:
            chunk = os.read(child.stdout.fileno(), _CHUNK)
            if not chunk:
                break
            output += chunk
            if enough is not None and enough(output):
                return Ran(0, output, time.monotonic() - started, is_late=False)
        elif child.poll() is not None:
            break
    is_late = False
    try:
        child.wait(max(0.0, until - time.monotonic()))
    except subprocess.TimeoutExpired:
        is_late = True
    code = -signal.SIGKILL if child.returncode is None else child.returncode
    return Ran(code, output, time.monotonic() - started, is_late)
