"""Records into the store: what is new since the last time, and nothing twice.

Facts are written with the cursor in one transaction; then every session with a new fact is made anew
together with its relatives (sessions that share lines with it), so that what is derived never depends on
the order in which files were read.
"""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from outrider.app.deriving import Deriver
from outrider.app.file_reading import FileReading, read_source
from outrider.app.pending import Ingested, Pending, Progress, pending_records, pending_wrangler
from outrider.app.roots import Root
from outrider.edge.readers.excerpts import Clean, Suspect, always
from outrider.edge.readers.layout import SourceFile
from outrider.edge.store import facts, lists, sources
from outrider.edge.store.database import transaction
from outrider.judge.attribution.account import CostOf
from outrider.kernel import limits
from outrider.record.entries import Entry


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
    reader.read(pending_records(connection, root))
    reader.read(pending_wrangler(connection))
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

    def read(self, pending: Pending) -> None:
        """Read what is new."""
        self.done.files += pending.files
        total = sum(file.size for file in pending.changed)
        batch: list[FileReading] = []
        held = 0
        for file in pending.changed:
            reading = self._read_one(file, pending.known.get(file.name))
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
        if pending.gone:
            with transaction(self._connection):
                sources.mark_gone(self._connection, pending.gone)

    def _read_one(self, file: SourceFile, known: sources.SourceState | None) -> FileReading | None:
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
            current = sources.source_states(self._connection)
            for each in batch:
                now = current.get(each.state.path)
                if now is None or now == each.before:
                    _save_reading(self._connection, each)
            self.done.sessions += self.deriver.derive_read(_by_session(batch))


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
