"""A store that is checked, or set aside and made anew."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from outrider.app.deriving import Deriver
from outrider.app.library import Library, open_library
from outrider.app.pending import Progress
from outrider.app.roots import Root
from outrider.edge.store.care import Unsound, set_aside, verify
from outrider.edge.store.derived import derived_rows
from outrider.edge.store.facts import relatives
from outrider.edge.store.sources import stale_sessions


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What rebuilding did. ``lost`` are sessions that only the old store held; ``unknown_loss``: the
    old store could not even be asked.
    """

    set_aside: str
    sessions: int
    lost: tuple[str, ...]
    unknown_loss: bool


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


def verify_store(library: Library) -> list[Unsound]:
    """Check the file and its facts and, where these are sound, that all derived rows are what they give."""
    connection = library.connection
    unsound = list(verify(connection))
    if unsound:
        return unsound
    deriver = Deriver(connection, library.prices.cost_nano_usd)
    waiting = {row[0] for row in connection.execute("SELECT id FROM session WHERE NOT stale")}
    while waiting:
        family, differing = _derived_otherwise(connection, deriver, waiting.pop())
        waiting -= family.keys()
        unsound += [
            Unsound("derived rows are not what the facts give", f"session {name}") for name in differing
        ]
    return unsound


def _derived_otherwise(
    connection: sqlite3.Connection, deriver: Deriver, session_id: int
) -> tuple[dict[int, str], list[str]]:
    """Derive a session and its relatives for trial; return them and the names of those that differ."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        family = relatives(connection, session_id)
        fresh = family.keys() - stale_sessions(connection)
        before = {key: derived_rows(connection, key) for key in fresh}
        deriver.derive_family(session_id)
        differing = sorted(family[key] for key in fresh if derived_rows(connection, key) != before[key])
    finally:
        connection.rollback()
    return family, differing


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
