"""The only place that opens SQLite: connection policy, schema, migrations and error mapping."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

from outrider.kernel.errors import StoreError

SCHEMA_VERSION = 1
_BUSY_SECONDS = 30.0
_SIGNS_OF_DAMAGE = ("malformed", "not a database", "could not decode", "no such table", "no such column")
_CACHE_KIB = 32_768
_PAGE_BYTES = 16_384

_MIGRATIONS: dict[int, Callable[[sqlite3.Connection], None]] = {}
"""What turns a store of one version into the next, by the version it starts from."""


class DamagedStoreError(StoreError):
    """The file is no store of ours or is damaged; it can be set aside and rebuilt."""


class NewerStoreError(StoreError):
    """The store was written by a newer Outrider, which this one must not touch."""


def open_database(path: Path) -> sqlite3.Connection:
    """Open the store at ``path``, making or migrating it when needed.

    Raises :class:`DamagedStoreError`, :class:`NewerStoreError` or :class:`StoreError`.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _make_private(path)
        connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
    except (OSError, sqlite3.Error) as error:
        raise _unopenable(path, error) from error
    try:
        with mapped(path):
            _prepare(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def mapped(path: Path) -> Iterator[None]:
    """Turn errors of SQLite into errors that name the file and say what to do."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if any(sign in str(error).lower() for sign in _SIGNS_OF_DAMAGE):
            raise _damaged(path, error) from error
        raise _unopenable(path, error) from error
    except sqlite3.DatabaseError as error:
        raise _damaged(path, error) from error


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Run one write transaction; a failure leaves the store as it was."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def schema_text() -> str:
    """Return the commented schema."""
    return resources.files(__package__).joinpath("schema.sql").read_text("utf-8")


def _make_private(path: Path) -> None:
    """Create the file readable by its owner alone before SQLite would create it for everybody."""
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    connection.execute("PRAGMA temp_store = MEMORY")
    version = _version(connection)
    if version > SCHEMA_VERSION:
        raise NewerStoreError(
            "store-is-newer",
            f"{path}: the store has version {version}, this Outrider knows {SCHEMA_VERSION}",
            "update Outrider, or point OUTRIDER_HOME at another folder",
        )
    if version == 0:
        _create(connection, path)
    while 0 < (version := _version(connection)) < SCHEMA_VERSION:
        _migrate(connection, version)


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _create(connection: sqlite3.Connection, path: Path) -> None:
    with transaction(connection):
        if _version(connection):
            return
        if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise DamagedStoreError(
                "store-damaged", f"{path}: a database, but not a store of Outrider", _REBUILD
            )
        for statement in _statements(schema_text()):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _statements(script: str) -> Iterator[str]:
    """Yield the statements of the schema; ``executescript`` would end the transaction."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""


def _migrate(connection: sqlite3.Connection, version: int) -> None:
    with transaction(connection):
        _MIGRATIONS[version](connection)
        connection.execute(f"PRAGMA user_version = {version + 1}")


_REBUILD = "run `outrider store rebuild`: the file is set aside and made anew from the records"


def _damaged(path: Path, error: Exception) -> DamagedStoreError:
    return DamagedStoreError("store-damaged", f"{path}: {error}", _REBUILD)


def _unopenable(path: Path, error: Exception) -> StoreError:
    return StoreError(
        "store-unusable",
        f"{path}: {error}",
        "check that the folder is writable and has room, or set OUTRIDER_HOME to another one",
    )
