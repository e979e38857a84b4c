"""One program run to its end or its time limit, with all that it started; its output in a bounded log."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from outrider.app.environment.installers import NOWHERE
from outrider.kernel.limits import SETUP_LINE_CHARS, SETUP_LOG_BYTES, SETUP_REASON_CHARS

_TAIL = 40
_FLUSH_SECONDS = 2.0
_SECRET = re.compile(r"//[^\s/]+@")
_NOT_SHOWN = re.compile(r"[^\x20-\x7e\xa0-\ufffd]")
_TELLING = re.compile(r"(?:error|fatal)\b|×|.{0,200}ensurepip is not", re.IGNORECASE)
_UNREACHED = "connection broken by"
_TAIL_ROOM = _TAIL * 200

Hear = Callable[[str], None]


class Log:
    """The log of one attempt: what does not fit is left out in the middle, and lines lose what is secret.

    A log that cannot be written stops nothing.
    """

    def __init__(self, path: Path) -> None:
        self._left = SETUP_LOG_BYTES - _TAIL_ROOM
        self._beyond: deque[str] = deque(maxlen=_TAIL)
        self._last: deque[str] = deque(maxlen=_TAIL)
        self._file: IO[str] | None = None
        try:
            opened = os.open(
                path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600
            )
            self._file = os.fdopen(opened, "w", encoding="utf-8", errors="replace")
        except OSError:
            self._file = None

    def add(self, line: str) -> str:
        """Write one line down; returns it as it may be shown."""
        shown = clean(line)
        if shown:
            self._last.append(shown)
        self._left -= len(shown.encode("utf-8", "replace")) + 1
        if self._left >= 0:
            self._write(shown)
        else:
            self._beyond.append(shown[:199])
        return shown

    def reason(self) -> str:
        """Return the last line that tells of an error, else the last; pip's does not tell of no network."""
        telling = [line for line in self._last if _TELLING.match(line.lstrip())]
        last = (telling or list(self._last) or ["it said nothing"])[-1].strip()
        unreached = any(_UNREACHED in line for line in self._last)
        return f"{'the package index cannot be reached: ' if unreached else ''}{last}"[:SETUP_REASON_CHARS]

    def close(self) -> None:
        """Write the last lines where the middle was left out, and close the file."""
        if self._beyond:
            self._write("…")
        for line in self._beyond:
            self._write(line)
        if self._file is not None:
            try:
                self._file.close()
            except OSError:
                self._file = None

    def _write(self, line: str) -> None:
        try:
            if self._file is not None:
                self._file.write(f"{line}\n")
                self._file.flush()
        except OSError:
            self._left = 0


def clean(line: str) -> str:
    """Return a line of foreign output without signs that steer a terminal or passwords in addresses."""
    return _SECRET.sub("//***@", _NOT_SHOWN.sub(" ", line[:SETUP_LINE_CHARS].rstrip()))


def run(command: Sequence[str], environment: Mapping[str, str], until: float, log: Log, hear: Hear) -> str:
    """Run a program; returns why it failed, or nothing. ``until`` is of the monotonic clock.

    ``hear`` gets every line. Whatever the program started is killed at the time limit, and when we are ended.
    """
    seconds = until - time.monotonic()
    if seconds <= 0:
        return "no time was left"
    try:
        child = subprocess.Popen(  # noqa: S603 - commands are our own
            list(command),
            cwd=NOWHERE,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
    except OSError as error:
        return f"{Path(command[0]).name} could not be started: {error.strerror}"
    reader = threading.Thread(target=_read, args=(child, log, hear), daemon=True)
    reader.start()
    try:
        child.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        return f"stopped after {seconds:.0f} s, the time limit; last: {log.reason()}"[:SETUP_REASON_CHARS]
    finally:
        _end(child, reader)
    return f"{log.reason()}" if child.returncode else ""


def _read(child: subprocess.Popen[str], log: Log, hear: Hear) -> None:
    """Read what the program prints; a line without end is taken in pieces."""
    if child.stdout is None:
        return
    while line := child.stdout.readline(SETUP_LINE_CHARS):
        hear(log.add(line))


def _end(child: subprocess.Popen[str], reader: threading.Thread) -> None:
    """Kill what is left of the program's group, and take in what it had printed."""
    with suppress(OSError):  # nobody is left
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    reader.join(_FLUSH_SECONDS)
    if child.stdout is not None and not reader.is_alive():
        child.stdout.close()
