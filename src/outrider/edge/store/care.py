"""Care of the store: is it sound, forget a session, set a damaged file aside."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from outrider.edge.store import facts
from outrider.edge.store.database import transaction

_SUFFIXES = ("", "-wal", "-shm")


class Unsound(NamedTuple):
    """One thing found wrong with the store."""

    what: str
    where: str


def verify(connection: sqlite3.Connection) -> Iterator[Unsound]:
    """Check the file, the links between rows, and that every body reads back to the same bytes."""
    for (message,) in connection.execute("PRAGMA integrity_check(20)"):
        if message != "ok":
            yield Unsound(str(message), "file")
    for table, rowid, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        yield Unsound(f"points to a missing {parent}", f"{table} {rowid}")
    chunks = connection.execute("SELECT source_id, start, entries, checksum FROM chunk")
    for source_id, start, entries, checksum in chunks:
        if not facts.reads_back(entries, checksum):
            yield Unsound("does not read back", f"chunk {source_id} at byte {start}")
    yield from _sums(connection)


def forget(connection: sqlite3.Connection, session_id: int) -> None:
    """Delete a session so that its bytes are gone from the file.

    Sessions that hold copies of its lines keep them as their own, and become stale.
    """
    connection.execute("PRAGMA secure_delete = ON")
    with transaction(connection):
        relatives = facts.relatives(connection, session_id)
        facts.drop_texts_of(connection, session_id)
        connection.execute("INSERT OR IGNORE INTO forgotten VALUES (?)", (relatives[session_id],))
        connection.execute("DELETE FROM task_item WHERE session = ?", (relatives[session_id],))
        connection.execute("DELETE FROM session WHERE id = ?", (session_id,))
        connection.executemany("UPDATE session SET stale = 1 WHERE id = ?", [(key,) for key in relatives])
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.execute("VACUUM")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def set_aside(path: Path, stamp: str) -> Path:
    """Move the store's files to a dated name beside it; return the new name of the main one."""
    target = path.with_name(f"{path.name}.{stamp}")
    number = 1
    while target.exists():
        number += 1
        target = path.with_name(f"{path.name}.{stamp}-{number}")
    for suffix in _SUFFIXES:
        old = Path(f"{path}{suffix}")
        if old.exists():
            old.rename(f"{target}{suffix}")
    return target


def _sums(connection: sqlite3.Connection) -> Iterator[Unsound]:
    """Check that every request and call belongs to a run of its session."""
    for table in ("request", "call"):
        query = f"""SELECT count(*) FROM {table} LEFT JOIN run
            ON run.session_id = {table}.session_id AND run.number = {table}.run
            WHERE run.number IS NULL"""
        (missing,) = connection.execute(query).fetchone()
        if missing:
            yield Unsound(f"{missing} rows belong to no run", table)
