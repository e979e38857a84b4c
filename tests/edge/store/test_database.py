from __future__ import annotations

import os
import re
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from outrider.edge.store.database import (
    SCHEMA_VERSION,
    DamagedStoreError,
    NewerStoreError,
    mapped,
    open_database,
    schema_text,
    transaction,
)
from outrider.kernel.errors import StoreError


def _tables(connection: sqlite3.Connection) -> set[str]:
    return {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def test_every_table_says_what_it_is_for() -> None:
    tables = re.findall(r"^CREATE TABLE (\w+)", schema_text(), re.MULTILINE)
    commented = re.findall(r"^(?:-- .*\n)+CREATE TABLE (\w+)", schema_text(), re.MULTILINE)
    second = {"wrangler_event"}  # stands under the comment of wrangler_session
    assert set(tables) - set(commented) == second
    assert len(tables) > 15


def test_a_new_store_has_all_tables_and_its_version(tmp_path: Path) -> None:
    with closing(open_database(tmp_path / "new/folder/store")) as connection:
        assert _tables(connection) == set(re.findall(r"^CREATE TABLE (\w+)", schema_text(), re.MULTILINE))
        assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)


@pytest.mark.skipif(sys.platform == "win32", reason="modes are of POSIX")
def test_a_store_is_its_owners_alone(tmp_path: Path) -> None:
    former = os.umask(0)
    try:
        with closing(open_database(tmp_path / "folder/store")) as connection:
            connection.execute("INSERT INTO meta VALUES ('a', 'b')")
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "folder").iterdir()}
    finally:
        os.umask(former)
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE((tmp_path / "folder").stat().st_mode) == 0o700


def test_an_empty_file_becomes_a_store(tmp_path: Path) -> None:
    (tmp_path / "store").touch()
    with closing(open_database(tmp_path / "store")) as connection:
        assert "session" in _tables(connection)


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    for _ in range(2):
        with closing(open_database(tmp_path / "store")) as connection:
            before = connection.total_changes
            assert (connection.total_changes, len(_tables(connection)) > 15) == (before, True)


def test_a_store_of_a_newer_version_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "store"
    with closing(open_database(path)) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    before = path.read_bytes()
    with pytest.raises(NewerStoreError) as refused:
        open_database(path)
    assert refused.value.slug == "store-is-newer"
    assert path.read_bytes() == before


def _text(path: Path) -> None:
    path.write_text("no database at all\n" * 100)


def _noise(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 64)


def _foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmark (url TEXT)")


def _cut_header(path: Path) -> None:
    open_database(path).close()
    path.write_bytes(path.read_bytes()[:60])


@pytest.mark.parametrize("make", [_text, _noise, _foreign, _cut_header])
def test_a_file_that_is_no_store_is_called_damaged_and_left_as_it_is(make, tmp_path: Path) -> None:
    path = tmp_path / "store"
    make(path)
    before = path.read_bytes()
    with pytest.raises(DamagedStoreError) as refused:
        open_database(path)
    assert (refused.value.slug, bool(refused.value.hint)) == ("store-damaged", True)
    if make is not _foreign:
        assert path.read_bytes() == before


def _directory(path: Path) -> Path:
    path.mkdir()
    return path


def _below_a_file(path: Path) -> Path:
    path.touch()
    return path / "store"


def _dangling(path: Path) -> Path:
    path.symlink_to(path.parent / "missing/store")
    return path


@pytest.mark.parametrize("make", [_directory, _below_a_file, _dangling])
def test_a_place_where_no_file_can_stand_is_a_named_error(make, tmp_path: Path) -> None:
    with pytest.raises(StoreError) as refused:
        open_database(make(tmp_path / "store"))
    assert (refused.value.slug, bool(refused.value.hint)) == ("store-unusable", True)


@pytest.mark.parametrize(
    ("error", "slug"),
    [
        (sqlite3.DatabaseError("file is not a database"), "store-damaged"),
        (sqlite3.OperationalError("database disk image is malformed"), "store-damaged"),
        (sqlite3.OperationalError("no such table: source"), "store-damaged"),
        (sqlite3.OperationalError("Could not decode to UTF-8 column 'text'"), "store-damaged"),
        (sqlite3.IntegrityError("NOT NULL constraint failed"), "store-damaged"),
        (sqlite3.OperationalError("database is locked"), "store-unusable"),
        (sqlite3.OperationalError("database or disk is full"), "store-unusable"),
        (sqlite3.OperationalError("attempt to write a readonly database"), "store-unusable"),
    ],
)
def test_errors_of_the_database_name_the_file_and_what_to_do(
    error: Exception, slug: str, tmp_path: Path
) -> None:
    with pytest.raises(StoreError) as told, mapped(tmp_path / "store"):
        raise error
    assert told.value.slug == slug
    assert str(tmp_path / "store") in told.value.message


def test_a_transaction_that_fails_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    def failing(connection: sqlite3.Connection) -> None:
        with transaction(connection):
            connection.execute("INSERT INTO meta VALUES ('a', 'b')")
            raise KeyboardInterrupt

    with closing(open_database(tmp_path / "store")) as connection:
        with pytest.raises(KeyboardInterrupt):
            failing(connection)
        assert connection.execute("SELECT * FROM meta").fetchall() == []
        assert not connection.in_transaction


def test_many_processes_can_make_the_same_store_at_once(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from outrider.edge.store.database import open_database\n"
        "sys.stdin.readline()\n"
        "for name in range(10): open_database(Path(sys.argv[1]) / str(name)).close()"
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path)],
            env=env,
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    assert [process.communicate("go\n", timeout=60)[1] for process in started] == [""] * 4
