"""Task lists and wrangler's records in the store: each source replaces what it said before."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from outrider.record.tasks import TaskItem
from outrider.record.wrangler import WranglerEvent, WranglerSession


def save_tasks(connection: sqlite3.Connection, source_id: int, items: Iterable[TaskItem]) -> None:
    """Replace the items that one file holds; nothing of a forgotten session is kept."""
    connection.execute("DELETE FROM task_item WHERE source_id = ?", (source_id,))
    connection.executemany(
        """INSERT OR REPLACE INTO task_item SELECT ?1, ?2, ?3, ?4, ?5
           WHERE NOT EXISTS (SELECT 1 FROM forgotten WHERE name = ?2)""",
        [(source_id, each.session, each.item, each.subject, each.status) for each in items],
    )


def save_wrangler_session(connection: sqlite3.Connection, source_id: int, session: WranglerSession) -> None:
    """Replace what one context says."""
    connection.execute(
        "INSERT OR REPLACE INTO wrangler_session VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            source_id,
            session.name,
            session.dialect,
            session.folder,
            session.status,
            session.phase,
            session.at,
            session.ended,
            session.facts,
        ),
    )


def save_wrangler_events(
    connection: sqlite3.Connection, source_id: int, events: Iterable[WranglerEvent]
) -> None:
    """Replace what one log says."""
    connection.execute("DELETE FROM wrangler_event WHERE source_id = ?", (source_id,))
    connection.executemany(
        "INSERT INTO wrangler_event VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(source_id, e.number, e.name, e.at, e.step, e.status, e.facts) for e in events],
    )
