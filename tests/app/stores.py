"""Stores made for tests: read a folder, and what a store says in a form that can be compared."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from outrider.app.ingest import Tools, ingest
from outrider.app.library import Library
from outrider.app.pending import Ingested
from outrider.app.prices import price_list
from outrider.app.roots import Root
from outrider.edge.store.database import open_database
from outrider.record.usage import Usage

SAMPLE = Path(__file__).parents[2] / "src/outrider/sample/config"
LONG = bool(os.environ.get("OUTRIDER_LONG"))

Rows = list[tuple[Any, ...]]

_OF_A_SESSION = ("setting", "turn", "run", "request", "call", "subagent", "compaction")


def cost_of(model: str, at: int, usage: Usage) -> int | None:
    """A price that is easy to check."""
    return None if "mystery" in model else 7


TOOLS = Tools(clean=lambda text: text, cost_of=cost_of)


def read(folder: Path, store: Path, pause: float = 0.0) -> Ingested:
    """Bring the store up to date with a folder; ``pause`` seconds pass after each file."""
    with closing(open_database(store)) as connection:
        return ingest(connection, Root(folder, store), TOOLS, lambda *_: time.sleep(pause))


def library(folder: Path, store: Path) -> Library:
    """An open store that has been brought up to date."""
    connection = open_database(store)
    done = ingest(connection, Root(folder, store), TOOLS)
    return Library(Root(folder, store), connection, done, price_list({}))


def rows(store: Path, query: str, *values: object) -> Rows:
    """The rows that a query gives."""
    with closing(sqlite3.connect(store)) as connection:
        return connection.execute(query, values).fetchall()


def dump(store: Path) -> dict[str, Rows]:
    """What a store says of sessions, without how it came to know: ids, sources, cursors, chunks."""
    with closing(sqlite3.connect(store)) as connection:
        found = {table: _named(connection, table) for table in _OF_A_SESSION}
        found["session"] = _sorted(connection, f"SELECT {_columns(connection, 'session')} FROM session")
        found["skill_text"] = _sorted(connection, "SELECT * FROM skill_text")
        found["task_item"] = _sorted(connection, "SELECT session, item, subject, status FROM task_item")
    return found


def _named(connection: sqlite3.Connection, table: str) -> Rows:
    columns = _columns(connection, table)
    return _sorted(
        connection,
        f"SELECT session.name, {columns} FROM {table} JOIN session ON session.id = session_id",
    )


def _columns(connection: sqlite3.Connection, table: str) -> str:
    names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    return ", ".join(f'{table}."{name}"' for name in names if name not in ("id", "session_id"))


def _sorted(connection: sqlite3.Connection, query: str) -> Rows:
    return sorted(connection.execute(query).fetchall(), key=repr)


def fresh(folder: Path, store: Path) -> dict[str, Rows]:
    """What a new store says after one reading of a folder."""
    read(folder, store)
    return dump(store)


def copied(folder: Path, target: Path) -> Path:
    """A copy of a configuration folder that can be changed."""
    shutil.copytree(folder, target)
    return target


def reader_process(folder: Path, store: Path, times: int, pause: float = 0.0) -> subprocess.Popen[str]:
    """Another process that ingests in small transactions, and says `ready` just before."""
    code = """
import sys
from pathlib import Path
from outrider.kernel import limits
from tests.app.stores import read
limits.ENTRIES_PER_TRANSACTION, limits.SESSIONS_PER_TRANSACTION = 30, 2
print("ready", flush=True)
for _ in range(int(sys.argv[3])):
    read(Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[4]))
"""
    return subprocess.Popen(
        [sys.executable, "-c", code, str(folder), str(store), str(times), str(pause)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
