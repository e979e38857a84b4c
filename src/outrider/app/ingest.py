"""Records into the store: what is new since the last time, and nothing twice.

Facts are written with the cursor in one transaction; then every session with a new fact is made anew
together with its relatives (sessions that share lines with it), so that what is derived never depends on
the order in which files were read.
"""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from outrider.app.deriving import Deriver
from outrider.app.file_reading import FileReading, read_source
from outrider.app.roots import Root
from outrider.edge.readers.excerpts import Clean, Suspect, always
from outrider.edge.readers.layout import SourceFile, source_files, wrangler_files
from outrider.edge.store import facts, lists
from outrider.edge.store.database import transaction
from outrider.judge.attribution.account import CostOf
from outrider.kernel import limits
from outrider.record.entries import Entry

_ROOT_KINDS = {"transcript", "agent", "journal", "tasks", "todos"}

Progress = Callable[[int, int], None]
"""Told the bytes that have been read and the bytes that there are."""


@dataclass(slots=True)
class Ingested:
    """What one ingest did. ``unreadable`` names files that could not be opened, with the reason."""

    files: int = 0
    read: int = 0
    bytes: int = 0
    sessions: int = 0
    unreadable: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tools:
    """What ingest needs of the world: redaction and prices."""

    clean: Clean
    cost_of: CostOf
    suspect: Suspect = always


def ingest(
    connection: sqlite3.Connection, root: Root, tools: Tools, progress: Progress | None = None
) -> Ingested:
    """Bring the store up to date with the records below ``root``."""
    with _no_collection():
        return _ingest(connection, root, tools, progress)


def _ingest(connection: sqlite3.Connection, root: Root, tools: Tools, progress: Progress | None) -> Ingested:
    reader = _Ingest(connection, tools, progress)
    reader.read(list(source_files(root.folder)), _ROOT_KINDS)
    reader.read(_wrangler_sources(connection), {"wrangler"})
    reader.done.sessions += reader.deriver.refresh()
    return reader.done


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keep the garbage collector from walking millions of values that never form cycles."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Ingest:
    """Reads files in batches, each written in one transaction and derived while it is in memory."""

    def __init__(self, connection: sqlite3.Connection, tools: Tools, progress: Progress | None) -> None:
        self._connection = connection
        self._tools = tools
        self._progress = progress
        self.deriver = Deriver(connection, tools.cost_of)
        self.done = Ingested()

    def read(self, files: list[SourceFile], kinds: set[str]) -> None:
        """Read what is new in ``files``; known files of ``kinds`` that are not among them are gone."""
        known = facts.source_states(self._connection)
        self.done.files += len(files)
        pending = [file for file in files if not _unchanged(file, known.get(file.name))]
        total = sum(file.size for file in pending)
        batch: list[FileReading] = []
        held = 0
        for file in pending:
            reading = self._read_one(file, known.get(file.name))
            if reading is None:
                continue
            if held >= limits.ENTRIES_PER_TRANSACTION and file.session != batch[-1].session:
                self._save(batch)
                batch, held = [], 0
            batch.append(reading)
            held += reading.reading.size
            if self._progress:
                self._progress(self.done.bytes, total)
        self._save(batch)
        present = {file.name for file in files}
        gone = [s for s in known.values() if s.kind in kinds and s.path not in present]
        self._mark_gone([state.path for state in gone if not state.gone])

    def _read_one(self, file: SourceFile, known: facts.SourceState | None) -> FileReading | None:
        try:
            reading = read_source(file, known, self._tools.clean, self._tools.suspect)
        except OSError as error:
            self.done.unreadable[file.name] = error.strerror or str(error)
            return None
        self.done.read += 1
        self.done.bytes += file.size
        return reading

    def _save(self, batch: list[FileReading]) -> None:
        """Write a batch; a source that another process has read meanwhile is left to it."""
        if not batch:
            return
        with transaction(self._connection):
            current = facts.source_states(self._connection)
            for each in batch:
                now = current.get(each.state.path)
                if now is None or now == each.before:
                    _save_reading(self._connection, each)
            self.done.sessions += self.deriver.derive_read(_by_session(batch))

    def _mark_gone(self, paths: Iterable[str]) -> None:
        waiting = list(paths)
        if waiting:
            with transaction(self._connection):
                facts.mark_gone(self._connection, waiting)


def _by_session(batch: Iterable[FileReading]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for each in batch:
        for session, entries in each.reading.entries.items():
            found.setdefault(session, []).extend(entries)
    return found


def _save_reading(connection: sqlite3.Connection, each: FileReading) -> None:
    source_id = facts.save_source(connection, each.state, each.reading, each.anew)
    facts.save_facts(connection, source_id, each.start, each.reading)
    if each.state.kind in ("tasks", "todos"):
        lists.save_tasks(connection, source_id, each.tasks)
    elif each.wrangler_session is not None:
        lists.save_wrangler_session(connection, source_id, each.wrangler_session)
    elif each.state.kind == "wrangler":
        lists.save_wrangler_events(connection, source_id, each.wrangler_events)


def _unchanged(file: SourceFile, known: facts.SourceState | None) -> bool:
    return (
        known is not None and not known.gone and known.size == file.size and known.mtime_ns == file.mtime_ns
    )


def _wrangler_sources(connection: sqlite3.Connection) -> list[SourceFile]:
    """Return wrangler's records in the folders in which sessions ran."""
    folders = connection.execute("SELECT DISTINCT cwd FROM setting WHERE cwd <> '' ORDER BY cwd")
    found: dict[str, SourceFile] = {}
    for (folder,) in folders.fetchall():
        for file in wrangler_files(Path(folder)):
            found.setdefault(file.name, file)
    return list(found.values())
