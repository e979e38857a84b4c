"""The guard's files: settings, kill switches, and what the hook remembers of sessions.

They stand in `guard/` below Outrider's own folder, readable by their owner alone, because they hold what a
person decided. A file is written beside its place and then renamed, so that a hook never reads half of it.
"""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from outrider.judge.guard.seeing.digests import file_name
from outrider.kernel.errors import StoreError
from outrider.kernel.limits import GUARD_FILE_BYTES, GUARD_SESSION_FILES


def make_private(folder: Path) -> None:
    """Make the guard's folder, and Outrider's own around it, for nobody else to read."""
    for each in (folder.parent, folder):
        each.mkdir(parents=True, exist_ok=True, mode=0o700)


@dataclass(frozen=True, slots=True)
class Document:
    """A JSON file as it was read: ``value`` is None where there is none; ``wrong`` says why it is no JSON."""

    value: object = None
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Trip:
    """A kill switch that was set at ``at``, seconds since 1970; ``session`` is empty where it is for all."""

    session: str
    reason: str
    at: float


@dataclass(frozen=True, slots=True)
class SessionState:
    """What the hook remembers of one session, as plain values; ``changed`` in seconds since 1970.

    ``faults`` counts faults of the hook itself in a row.
    """

    session: str
    changed: float
    state: object
    faults: int = 0


class GuardFiles:
    """The guard's files below ``home``, Outrider's own folder."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.folder = home / "guard"
        self.settings = self.folder / "settings.json"
        self.good = self.folder / "settings.good.json"

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other writers of settings away. Raises :class:`StoreError` when nothing can be written."""
        self._make_folder()
        try:
            lock = os.open(self.folder / "settings.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise _unwritable(self.folder, error) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def read_settings(self) -> Document:
        """Return the user's settings."""
        return read_document(self.settings)

    def read_good(self) -> object:
        """Return the last settings that were sound, None where there are none."""
        return read_document(self.good).value

    def write_settings(self, value: object) -> None:
        """Write settings that were found sound, and the copy to fall back to."""
        self.write(self.settings, value)
        self.write(self.good, value)

    def keep_good(self, value: object) -> None:
        """Take settings that a person wrote by hand, and that are sound, as those to fall back to."""
        if value is not None and self.read_good() != value:
            self.write(self.good, value)

    def trips(self) -> list[Trip]:
        """Return all kill switches that are set."""
        found = [self.folder / "tripped", *sorted(self.folder.glob("tripped-*"))]
        return [trip for path in found if (trip := _trip(path)) is not None]

    def trip(self, session: str, reason: str) -> None:
        """Set the kill switch of one session, or without a name of all."""
        self._write_text(self._switch("tripped", session), reason + "\n")

    def reset(self, session: str, now: float) -> bool:
        """Take the kill switch away and ask breakers to close; tell whether a switch was set.

        The hook of a session compares the time in the mark with that of the last mark that it honoured.
        """
        self._write_text(self._switch("reset", session), f"{now:.3f}\n")
        paths = [self._switch("tripped", session)] if session else self._all_switches()
        gone = [path for path in paths if _removed(path)]
        return bool(gone)

    def sessions(self, since: float) -> list[SessionState]:
        """Return the sessions whose state changed since then, the newest first; at most the newest 200."""
        found = []
        for path in (self.folder / "sessions").glob("*.json"):
            try:
                changed = path.stat().st_mtime
            except OSError:
                continue
            if changed >= since:
                found.append((changed, path))
        found.sort(reverse=True)
        kept = found[:GUARD_SESSION_FILES]
        return [
            SessionState(path.stem, changed, read_document(path).value, _size(path.with_suffix(".errors")))
            for changed, path in kept
        ]

    def session(self, name: str) -> SessionState | None:
        """Return one session by the id that the host gave it, None where no hook told of it."""
        path = self.folder / "sessions" / f"{file_name(name)}.json"
        try:
            changed = path.stat().st_mtime
        except OSError:
            return None
        return SessionState(path.stem, changed, read_document(path).value, _size(path.with_suffix(".errors")))

    def began(self, session: str) -> float:
        """Return when the spool of a session begins, 0 where there is none."""
        try:
            with (self.home / "spool" / f"{session}.jsonl").open("rb") as file:
                first = json.loads(file.readline(GUARD_FILE_BYTES))
        except (OSError, ValueError, RecursionError):
            return 0.0
        time = first.get("t") if isinstance(first, dict) else None
        return float(time) if isinstance(time, int | float) else 0.0

    def write(self, path: Path, value: object) -> None:
        """Write a JSON file in one step. Raises :class:`StoreError` when it cannot be written."""
        self._write_text(path, _text(value))

    def write_if_other(self, path: Path, value: object) -> bool:
        """Write a JSON file unless just that stands there; tell whether it was written.

        Raises :class:`StoreError` when it cannot be written.
        """
        text = _text(value)
        try:
            with path.open("rb") as file:
                is_same = file.read(len(text) + 1) == text.encode("ascii")
        except (OSError, ValueError):
            is_same = False
        if not is_same:
            self._make_folder(path.parent)
            self._write_text(path, text)
        return not is_same

    def _write_text(self, path: Path, text: str) -> None:
        self._make_folder()
        beside = ""
        try:
            handle, beside = tempfile.mkstemp(dir=self.folder, prefix=f".{path.name[:40]}.")
            with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(beside).replace(path)
        except OSError as error:
            _removed(Path(beside)) if beside else None
            raise _unwritable(path, error) from error

    def _make_folder(self, inner: Path | None = None) -> None:
        """Make our folder, and one in it."""
        try:
            make_private(self.folder)
            self.folder.chmod(0o700)
            if inner is not None:
                inner.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise _unwritable(inner or self.folder, error) from error

    def _switch(self, kind: str, session: str) -> Path:
        return self.folder / (f"{kind}-{file_name(session)}" if session else kind)

    def _all_switches(self) -> list[Path]:
        return [self.folder / "tripped", *self.folder.glob("tripped-*")]


def read_document(path: Path) -> Document:
    """Read one JSON file of the guard's; what is wrong with it is told, not raised."""
    try:
        with path.open("rb") as file:
            raw = file.read(GUARD_FILE_BYTES + 1)
    except FileNotFoundError:
        return Document()
    except (OSError, ValueError) as error:
        return Document(None, f"{path}: {getattr(error, 'strerror', None) or error}")
    if len(raw) > GUARD_FILE_BYTES:
        return Document(None, f"{path}: larger than {GUARD_FILE_BYTES:,} bytes")
    try:
        value: object = json.loads(raw)
    except RecursionError:
        return Document(None, f"{path}: nested too deep")
    except ValueError as error:
        return Document(None, f"{path}: no JSON ({error})")
    return Document(value, "" if value is not None else f"{path}: guard settings are an object")


def _text(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=True) + "\n"


def _trip(path: Path) -> Trip | None:
    try:
        with path.open("rb") as file:
            raw = file.read(1_000)
        at = path.stat().st_mtime
    except OSError:
        return None
    reason = raw.decode("utf-8", "replace").partition("\n")[0].strip()
    return Trip(path.name.partition("-")[2], reason, at)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _removed(path: Path) -> bool:
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise _unwritable(path, error) from error
    return True


def _unwritable(path: Path, error: OSError) -> StoreError:
    return StoreError(
        "guard-unwritable", f"{path}: {error.strerror or error}", "check permissions and free space"
    )
