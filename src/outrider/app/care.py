"""A store that is set aside and made anew."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from outrider.app.ingest import Progress
from outrider.app.library import Library, open_library
from outrider.app.roots import Root
from outrider.edge.store.care import set_aside
from outrider.edge.store.database import DamagedStoreError


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What rebuilding did. ``lost`` are sessions that only the old store held; ``unknown_loss``: the
    old store could not even be asked.
    """

    set_aside: str
    sessions: int
    lost: tuple[str, ...]
    unknown_loss: bool


def open_mended(
    root: Root, environment: Mapping[str, str], now: datetime, progress: Progress | None, read: bool
) -> tuple[Library, Rebuilt | None]:
    """Open the records of ``root``; a damaged store is set aside and made anew, and the loss told."""
    try:
        return open_library(root, environment, progress, read), None
    except DamagedStoreError:
        rebuilt = rebuild_store(root, environment, now, progress)
        return open_library(root, environment, progress, read=False), rebuilt


def rebuild_store(
    root: Root,
    environment: Mapping[str, str],
    now: datetime,
    progress: Progress | None = None,
) -> Rebuilt:
    """Set the store of ``root`` aside and read all records again."""
    known = _session_names(root.store)
    kept = ""
    if root.store.exists():
        kept = str(set_aside(root.store, f"{now:%Y%m%dT%H%M%SZ}"))
    library = open_library(root, environment, progress)
    try:
        made = _names(library)
    finally:
        library.close()
    lost = tuple(sorted((known or set()) - made))
    return Rebuilt(kept, len(made), lost, known is None)


def _names(library: Library) -> set[str]:
    return {row[0] for row in library.connection.execute("SELECT name FROM session WHERE own > 0")}


def _session_names(path: Path) -> set[str] | None:
    """Return the sessions of a store that may be damaged, None when it cannot be asked."""
    if not path.exists():
        return set()
    try:
        connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
        try:
            return {row[0] for row in connection.execute("SELECT name FROM session WHERE own > 0")}
        finally:
            connection.close()
    except sqlite3.Error:
        return None
