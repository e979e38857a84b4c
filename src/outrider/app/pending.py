"""What there is to read: the files of a root held against what the store knows of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from outrider.app.roots import Root
from outrider.edge.readers.layout import SourceFile, source_files, wrangler_files
from outrider.edge.store.sources import SourceState, session_folders, source_states

Progress = Callable[[int, int], None]
"""Told the bytes that have been read and the bytes that there are."""

_ROOT_KINDS = {"transcript", "agent", "journal", "tasks", "todos"}


@dataclass(slots=True)
class Ingested:
    """What one ingest did. ``unreadable`` names files that could not be opened, with the reason."""

    files: int = 0
    read: int = 0
    bytes: int = 0
    sessions: int = 0
    unreadable: dict[str, str] = field(default_factory=dict)


class Pending(NamedTuple):
    """``files`` are all that there are, ``changed`` those to read with what is ``known`` of them, and
    ``gone`` are known ones that are not there any more.
    """

    files: int
    changed: list[SourceFile]
    known: dict[str, SourceState]
    gone: list[str]


def pending_records(connection: sqlite3.Connection, root: Root) -> Pending:
    """Return what there is to read below the configuration folder."""
    return _pending(connection, list(source_files(root.folder)), _ROOT_KINDS)


def pending_wrangler(connection: sqlite3.Connection) -> Pending:
    """Return what there is to read of wrangler's records, in the folders in which sessions ran."""
    found: dict[str, SourceFile] = {}
    for folder in session_folders(connection):
        for file in wrangler_files(Path(folder)):
            found.setdefault(file.name, file)
    return _pending(connection, list(found.values()), {"wrangler"})


def _pending(connection: sqlite3.Connection, files: list[SourceFile], kinds: set[str]) -> Pending:
    known = source_states(connection)
    present = {file.name for file in files}
    changed = [file for file in files if not _unchanged(file, known.get(file.name))]
    gone = [s.path for s in known.values() if s.kind in kinds and not s.gone and s.path not in present]
    return Pending(len(files), changed, known, gone)


def _unchanged(file: SourceFile, known: SourceState | None) -> bool:
    return (
        known is not None and not known.gone and known.size == file.size and known.mtime_ns == file.mtime_ns
    )
