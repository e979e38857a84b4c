"""SQLite and the store, opened without changing anything."""

from __future__ import annotations

import time
from pathlib import Path
from urllib.parse import quote

from outrider.app.doctor.checks import Check, note, ok, unknown, wrong
from outrider.app.doctor.scene import Scene

_SECONDS = 3.0
_STEPS = 10_000
_FIRST_BAD, _FIRST_GOOD = (3, 7, 0), (3, 51, 3)


def look(scene: Scene) -> list[Check]:
    """Return what there is to say about SQLite and the store of this configuration folder."""
    try:
        import sqlite3  # noqa: PLC0415 - some builds of Python lack it
    except ImportError:
        return [wrong("sqlite", "this Python has no sqlite3", "install a Python with sqlite3")]
    return [_version(sqlite3.sqlite_version, sqlite3.sqlite_version_info), _store(scene)]


def _version(name: str, version: tuple[int, ...]) -> Check:
    if _FIRST_BAD <= version < _FIRST_GOOD:
        found = (
            f"{name} has the WAL-reset bug (3.7.0 to 3.51.2); hooks never open the store, only commands do"
        )
        return note("sqlite", found)
    return ok("sqlite", name)


def _store(scene: Scene) -> Check:
    import sqlite3  # noqa: PLC0415 - as above

    path = scene.store
    if not path.exists():
        return ok("store", "none yet: the first command makes it")
    if not path.is_file():
        return wrong("store", f"{path} is no regular file", "move it away")
    until = time.monotonic() + scene.left(_SECONDS)
    try:
        connection = sqlite3.connect(_address(path), uri=True, timeout=1.0)
        try:
            connection.set_progress_handler(lambda: int(time.monotonic() > until), _STEPS)
            (said,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        finally:
            connection.close()
    except sqlite3.OperationalError as error:
        return unknown("store", f"not checked to the end ({error})", "outrider store verify")
    except sqlite3.Error as error:
        return wrong("store", f"damaged ({error})", "outrider store rebuild")
    if said != "ok":
        return wrong("store", f"damaged ({said})", "outrider store rebuild")
    return ok("store", f"sound: {path}")


def _address(path: Path) -> str:
    """Return how to open a store to read it; without a log beside it nothing at all is made or locked."""
    log = path.with_name(path.name + "-wal")
    is_still = not log.exists() or log.stat().st_size == 0
    return f"file:{quote(str(path))}?mode=ro{'&immutable=1' if is_still else ''}"
