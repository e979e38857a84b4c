"""What there is of the environment: nothing, half of one, an old one, or one that can be used."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from outrider.app.environment.lock import is_held
from outrider.app.environment.places import SENTINEL, Place, python_of, wanted
from outrider.kernel.limits import SETUP_REASON_CHARS, SETUP_RETRY_SECONDS

_FILE_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Failure:
    """The last attempt, which failed: when (seconds since 1970), for which lock file, and why."""

    at: float
    wanted: str
    reason: str


@dataclass(frozen=True, slots=True)
class Seen:
    """The state of the environment.

    ``python`` is its interpreter where it is complete and current, else None. ``older`` are complete ones of
    other lock files, newest first; ``halves`` are folders without the sentinel. ``in_the_making`` tells that
    somebody holds the lock.
    """

    python: Path | None
    older: tuple[Path, ...]
    halves: tuple[Path, ...]
    in_the_making: bool
    failure: Failure | None

    def may_try(self, now: float) -> bool:
        """Tell whether an attempt that nobody asked for is in order: none failed within the last minutes."""
        return self.failure is None or not 0 <= now - self.failure.at < SETUP_RETRY_SECONDS


def look(place: Place) -> Seen:
    """Return what there is; a file that cannot be read counts as none."""
    lock = _read(place.lock_file)
    current, older, halves = None, [], []
    for folder in _folders(place.folder):
        sentinel = _read(folder / SENTINEL)
        if sentinel is None:
            halves.append(folder)
        elif sentinel == lock and os.access(python_of(folder), os.X_OK):
            current = current or folder
        else:
            older.append(folder)
    failure = _failure(place.failed)
    if failure is not None and (lock is None or failure.wanted != wanted(lock)):
        failure = None
    return Seen(
        python_of(current) if current else None, tuple(older), tuple(halves), is_held(place.lock), failure
    )


def _folders(folder: Path) -> list[Path]:
    """Return the environments in a folder, the one completed last first."""
    try:
        found = [each for each in folder.iterdir() if each.is_dir() and not each.is_symlink()]
    except OSError:
        return []
    return sorted(found, key=_completed, reverse=True)


def _completed(folder: Path) -> float:
    try:
        return (folder / SENTINEL).stat().st_mtime
    except OSError:
        return 0.0


def _failure(path: Path) -> Failure | None:
    text = (_read(path) or b"").decode("utf-8", "replace")
    at, _, rest = text.partition("\n")
    name, _, reason = rest.partition("\n")
    if not at.isascii() or not at.isdigit() or len(at) > 12:
        return None
    return Failure(float(at), name, reason.strip()[:SETUP_REASON_CHARS])


def _read(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            return file.read(_FILE_BYTES)
    except OSError:
        return None
