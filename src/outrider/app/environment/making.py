"""Making the environment: under a lock, in a folder of its own, with the sentinel written last."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from outrider.app.environment.installers import Installer, installers
from outrider.app.environment.lock import held
from outrider.app.environment.looking import look
from outrider.app.environment.places import LOCK_FILE, SENTINEL, Place, python_of, wanted
from outrider.app.environment.running import Hear, Log, run
from outrider.kernel.errors import OutriderError
from outrider.kernel.limits import SETUP_REASON_CHARS, SETUP_SECONDS

_OLDER_KEPT = 1
"""A running server keeps the environment it was started with; one before that is nobody's any more."""


class EnvironmentUnusableError(OutriderError):
    """The environment could not be made."""


@dataclass(frozen=True, slots=True)
class Made:
    """The interpreter of the environment, and whether it was made now."""

    python: Path
    now: bool


@dataclass(frozen=True, slots=True)
class Maker:
    """How to make it: with which interpreter, in what surroundings, and how long at most."""

    interpreter: str
    environment: Mapping[str, str]
    seconds: float = SETUP_SECONDS
    wait: float = SETUP_SECONDS
    """Seconds to wait for another who makes it already."""


def make(place: Place, maker: Maker, hear: Hear, now: Callable[[], float] = time.time) -> Made:
    """Return the environment, made if there is none that is complete and current.

    ``hear`` gets what is printed meanwhile. Raises :class:`EnvironmentUnusableError`; then the reason stands
    in ``place.failed``, and nothing half-made is left.
    """
    lock = _lock_text(place)
    with _writable(place):
        place.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with held(place.lock, maker.wait) as is_ours:
            if (python := look(place).python) is not None:
                return Made(python, now=False)
            if not is_ours:
                raise EnvironmentUnusableError(
                    "environment-busy",
                    f"another process is making the environment for more than {maker.wait:.0f} s",
                    f"wait, or see {place.log}",
                )
            return Made(_make(place, maker, lock, hear, now), now=True)


def _make(place: Place, maker: Maker, lock: bytes, hear: Hear, now: Callable[[], float]) -> Path:
    for half in look(place).halves:
        shutil.rmtree(half, ignore_errors=True)
    folder = place.folder / f"{wanted(lock)}-{os.getpid()}-{time.time_ns():x}"
    is_done = False
    try:
        with _log(place) as log:
            ways = installers(maker.interpreter, folder, place.lock_file, maker.environment)
            reason = _run(ways, folder, maker.seconds, log, hear)
        if not reason:
            reason = _complete(folder, lock)
        is_done = not reason
    finally:
        if not is_done:
            shutil.rmtree(folder, ignore_errors=True)
    if reason:
        _record_failure(place, wanted(lock), reason, now())
        raise EnvironmentUnusableError(
            "environment-failed", f"the environment could not be made: {reason}", _way_out(reason, place)
        )
    place.failed.unlink(missing_ok=True)
    _remove_older(place)
    return python_of(folder)


def _run(ways: Iterable[Installer], folder: Path, seconds: float, log: Log, hear: Hear) -> str:
    """Try one installer after the other; returns why the last one failed, or nothing."""
    until, reason = time.monotonic() + seconds, ""
    for way in ways:
        shutil.rmtree(folder, ignore_errors=True)
        reason = _run_all(way, until, log, hear)
        if not reason or time.monotonic() >= until:
            break
    return reason


def _run_all(way: Installer, until: float, log: Log, hear: Hear) -> str:
    for command in way.commands:
        log.add(f"$ {' '.join(command)}")
        if reason := run(command, way.environment, until, log, hear):
            return reason
    return ""


def _complete(folder: Path, lock: bytes) -> str:
    """Write the sentinel, whole or not at all; returns why that failed."""
    if not os.access(python_of(folder), os.X_OK):
        return "the environment has no interpreter"
    beside = folder / f"{SENTINEL}.new"
    try:
        with beside.open("wb") as file:
            file.write(lock)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(folder / SENTINEL)
    except OSError as error:
        return str(error.strerror)
    return ""


def _record_failure(place: Place, name: str, reason: str, now: float) -> None:
    """Keep time, lock file and reason; where that cannot be written, the next attempt fails quickly too."""
    beside = place.failed.with_suffix(".new")
    try:
        beside.write_text(f"{int(now)}\n{name}\n{reason[:SETUP_REASON_CHARS]}\n", "utf-8", "replace")
        beside.replace(place.failed)
    except OSError:
        beside.unlink(missing_ok=True)


def _remove_older(place: Place) -> None:
    for folder in look(place).older[_OLDER_KEPT:]:
        # Without its sentinel it is nobody's, also where the rest cannot be removed at once.
        (folder / SENTINEL).unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)


def _way_out(reason: str, place: Place) -> str:
    if "ensurepip" in reason:
        return "this Python has no venv: install it (python3-venv on Debian), or put uv on the PATH"
    return f"see {place.log}; `outrider setup` tries again"


def _lock_text(place: Place) -> bytes:
    try:
        return place.lock_file.read_bytes()
    except OSError as error:
        raise EnvironmentUnusableError(
            "no-plugin-here",
            f"{place.root}: {LOCK_FILE} cannot be read ({error.strerror})",
            "run `outrider setup` from a checkout or the installed plugin",
        ) from error


@contextmanager
def _log(place: Place) -> Iterator[Log]:
    log = Log(place.log)
    try:
        yield log
    finally:
        log.close()


@contextmanager
def _writable(place: Place) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise EnvironmentUnusableError(
            "environment-unwritable",
            f"{place.folder}: cannot be written ({error.strerror})",
            "make room or give write permission, then run `outrider setup`",
        ) from error
