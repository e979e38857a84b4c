"""One maker at a time: a lock that the system gives back, however its holder ends."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_ASK_AGAIN_SECONDS = 0.2


@contextmanager
def held(path: Path, wait: float) -> Iterator[bool]:
    """Hold the lock; yields False where another holds it for longer than ``wait`` seconds.

    Programs started meanwhile do not inherit it. Raises :class:`OSError` where the file cannot be made.
    """
    opened = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        yield _taken(opened, time.monotonic() + wait)
    finally:
        os.close(opened)


def is_held(path: Path) -> bool:
    """Tell whether somebody holds the lock now."""
    try:
        opened = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        # Shared, so that two who only look do not see each other.
        fcntl.flock(opened, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(opened)
    return False


def _taken(opened: int, until: float) -> bool:
    while True:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                return False
            time.sleep(_ASK_AGAIN_SECONDS)
        else:
            return True
