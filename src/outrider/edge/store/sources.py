"""Which sources the store knows, how far each has been read, and what waits to be derived.

Apart from the facts themselves, because every command asks this and few have to read anything.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

LOG_KINDS = ("transcript", "journal")
"""Sources that are appended to, and read from a cursor."""


class SourceState(NamedTuple):
    """How far a source has been read. ``head`` is a fingerprint of its first ``head_size`` bytes."""

    path: str
    kind: str
    size: int
    mtime_ns: int
    head: str
    head_size: int
    cursor: int
    waiting: int
    gone: bool = False


def source_states(connection: sqlite3.Connection) -> dict[str, SourceState]:
    """Return all sources by path."""
    rows = connection.execute(
        "SELECT path, kind, size, mtime_ns, head, head_size, cursor, waiting, gone FROM source"
    )
    return {row[0]: SourceState(*(*row[:-1], bool(row[-1]))) for row in rows}


def mark_gone(connection: sqlite3.Connection, paths: Iterable[str]) -> None:
    """Note that the host has removed files; what they said stays."""
    connection.executemany("UPDATE source SET gone = 1 WHERE path = ?", [(p,) for p in paths])


def session_folders(connection: sqlite3.Connection) -> list[str]:
    """Return the folders in which sessions ran."""
    rows = connection.execute("SELECT DISTINCT cwd FROM setting WHERE cwd <> '' ORDER BY cwd")
    return [row[0] for row in rows]


def stale_sessions(connection: sqlite3.Connection) -> list[int]:
    """Return the sessions whose derived rows are older than their facts."""
    return [row[0] for row in connection.execute("SELECT id FROM session WHERE stale ORDER BY id")]


def make_all_stale(connection: sqlite3.Connection) -> None:
    """Have every session derived anew, because the rules of deriving have changed."""
    connection.execute("UPDATE session SET stale = 1")
