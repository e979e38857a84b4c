"""What the store notes about itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping


def all_settings(connection: sqlite3.Connection) -> dict[str, str]:
    """Return every setting by its name."""
    return dict(connection.execute("SELECT key, value FROM meta").fetchall())


def save_settings(connection: sqlite3.Connection, values: Mapping[str, str]) -> None:
    """Write settings over the known ones."""
    connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", values.items())
