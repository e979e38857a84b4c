"""Wrangler's own session records, out of the store."""

from __future__ import annotations

import sqlite3

from outrider.record.wrangler import WranglerEvent, WranglerSession


def wrangler_sessions(connection: sqlite3.Connection) -> list[WranglerSession]:
    """Return wrangler's sessions, the latest first."""
    rows = connection.execute(
        """SELECT name, dialect, folder, status, phase, at, ended, facts FROM wrangler_session
           ORDER BY at DESC, name, source_id"""
    )
    return [WranglerSession(*row) for row in rows]


def wrangler_events(connection: sqlite3.Connection, name: str) -> list[WranglerEvent]:
    """Return the log of one session in the order of its file.

    A project may have been read from several folders (a worktree, a copy), each with the same log: then the
    longest counts.
    """
    rows = connection.execute(
        """SELECT name, number, at, step, status, facts FROM wrangler_event
           WHERE name = ?1 AND source_id = (
               SELECT source_id FROM wrangler_event WHERE name = ?1
               GROUP BY source_id ORDER BY count(*) DESC, source_id LIMIT 1)
           ORDER BY number""",
        (name,),
    )
    return [WranglerEvent(*row) for row in rows]
