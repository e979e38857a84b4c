"""What was found, read and left unread, and why."""

from __future__ import annotations

import sqlite3
import sys
from dataclasses import dataclass

from outrider import __version__
from outrider.app.care import verify_store
from outrider.app.library import Library
from outrider.edge.store.care import Unsound

_KNOWN = """
    assistant user system attachment progress summary queue-operation last-prompt mode permission-mode
    ai-title custom-title agent-name agent-setting file-history-snapshot file-history-delta pr-link
    cost-state worktree-state relocated bridge-session frame-link atis-latch tools-used api-request
    api-request-shape api-request-blob prompt_snapshot started result launched task todo-list
    agent-description wrangler-context wrangler-event
"""
KNOWN_KINDS = frozenset(_KNOWN.split())
"""Kinds of record that have been seen and are understood, whether anything of them is kept or not."""


@dataclass(frozen=True, slots=True)
class FaultLine:
    """One damaged place."""

    path: str
    offset: int
    length: int
    slug: str
    detail: str


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The state of the records and of the store."""

    versions: dict[str, str]
    root: str
    store: str
    store_bytes: int
    sources: dict[str, tuple[int, int]]
    clients: tuple[str, ...]
    kinds: dict[str, int]
    unknown_kinds: dict[str, int]
    unreadable: dict[str, str]
    faults: tuple[FaultLine, ...]
    waiting: tuple[tuple[str, int], ...]
    gone: int
    unsound: tuple[Unsound, ...]


def diagnose(library: Library, deep: bool = False) -> Diagnosis:
    """Look at everything; ``deep`` also checks every row of the store."""
    connection = library.connection
    kinds = dict(
        connection.execute("SELECT kind, sum(count) FROM line_kind GROUP BY kind ORDER BY 2 DESC").fetchall()
    )
    return Diagnosis(
        {
            "outrider": __version__,
            "python": sys.version.split()[0],
            "sqlite": sqlite3.sqlite_version,
        },
        str(library.root.folder),
        str(library.root.store),
        library.root.store.stat().st_size,
        _sources(connection),
        tuple(_clients(connection)),
        kinds,
        {kind: count for kind, count in kinds.items() if kind not in KNOWN_KINDS},
        library.ingested.unreadable,
        tuple(_faults(connection)),
        tuple(
            connection.execute(
                "SELECT path, waiting FROM source WHERE waiting > 0 AND NOT gone ORDER BY path"
            ).fetchall()
        ),
        int(connection.execute("SELECT coalesce(sum(gone), 0) FROM source").fetchone()[0]),
        tuple(verify_store(library)) if deep else (),
    )


def _sources(connection: sqlite3.Connection) -> dict[str, tuple[int, int]]:
    rows = connection.execute("SELECT kind, count(*), sum(size) FROM source GROUP BY kind ORDER BY kind")
    return {kind: (count, size) for kind, count, size in rows}


def _clients(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute("SELECT DISTINCT client FROM setting WHERE client <> ''")
    return sorted((row[0] for row in rows), key=_version_order)


def _version_order(version: str) -> tuple[tuple[int, str], ...]:
    return tuple((int(part), "") if part.isdigit() else (0, part) for part in version.split("."))


def _faults(connection: sqlite3.Connection) -> list[FaultLine]:
    rows = connection.execute(
        """SELECT path, "offset", length, slug, detail FROM fault JOIN source ON source.id = source_id
           ORDER BY path, "offset" """
    )
    return [FaultLine(*row) for row in rows]
