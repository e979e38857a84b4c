"""Stores that are damaged, foreign, cut or no file at all: a named error or a new store, never a traceback."""

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from outrider.app.care import rebuild_store, verify_store
from outrider.app.doctor.records import diagnose
from outrider.app.library import Library, open_library
from outrider.app.opening import open_mended
from outrider.app.report import make_overview, make_report
from outrider.app.roots import Root, root_at
from outrider.app.sessions import find_session, view_session
from outrider.edge.store.database import DamagedStoreError, NewerStoreError, mapped
from outrider.edge.store.queries import BY, Scope
from outrider.kernel.errors import OutriderError, StoreError
from tests.truth.generator import generate
from tests.truth.traps import Trap

from .stores import LONG, Rows, dump, rows

FLIPS = 500 if LONG else 40
CUTS = 100 if LONG else 12
NOW = datetime(2026, 11, 1, 10, tzinfo=UTC)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Root:
    folder = tmp_path_factory.mktemp("good")
    traps = [Trap.TYPED_SKILL, Trap.AGENT_FILE, Trap.FORK, Trap.COMPACTION]
    generate(folder / "config", traps)
    root = root_at(folder / "config", {"OUTRIDER_HOME": str(folder / "own")})
    open_library(root, _environment(root)).close()
    return root


@pytest.fixture
def root(good: Root, tmp_path: Path) -> Root:
    """A root with a copy of the good store."""
    copy = Root(good.folder, tmp_path / good.store.name)
    shutil.copyfile(good.store, copy.store)
    return copy


@pytest.fixture(scope="module")
def truth(good: Root) -> dict[str, Rows]:
    return dump(good.store)


def _environment(root: Root) -> dict[str, str]:
    return {"OUTRIDER_HOME": str(root.store.parent)}


def _ask_everything(library: Library) -> None:
    for by in BY:
        make_report(library, by, Scope())
    make_overview(library, Scope(project="/home/user/shop"))
    view_session(library, find_session(library, "last"))
    diagnose(library, deep=True)


def _used(root: Root) -> str:
    """Use a store as commands do; return the slug of the error, `mended`, or nothing."""
    try:
        library, rebuilt = open_mended(root, _environment(root), NOW, None, read=True)
    except OutriderError as error:
        return error.slug
    with closing(library):
        try:
            with mapped(root.store):
                _ask_everything(library)
        except OutriderError as error:
            return error.slug
    return "mended" if rebuilt else ""


def _flipped(store: Path, seed: int) -> None:
    rng = random.Random(seed)
    content = bytearray(store.read_bytes())
    for _ in range(1 + seed % 20):
        content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    store.write_bytes(content)


@pytest.mark.parametrize("seed", range(FLIPS))
def test_flipped_bytes_never_give_a_traceback(seed: int, root: Root) -> None:
    _flipped(root.store, seed)
    assert _used(root) in ("", "mended", "store-damaged", "store-unusable", "store-is-newer")


@pytest.mark.parametrize("seed", range(CUTS))
def test_a_store_that_was_cut_is_mended_or_a_named_error_or_lost_nothing(
    seed: int, root: Root, truth: dict[str, Rows]
) -> None:
    content = root.store.read_bytes()
    root.store.write_bytes(content[: random.Random(seed).randrange(1, len(content))])
    assert _used(root) in ("mended", "store-damaged") or dump(root.store) == truth


def test_a_page_that_was_lost_is_found(root: Root) -> None:
    content = bytearray(root.store.read_bytes())
    content[4096 * 3 : 4096 * 4] = bytes(4096)
    root.store.write_bytes(content)
    assert _used(root) in ("mended", "store-damaged") or _unsound(root)


@pytest.mark.parametrize("content", [b"", b"no database\n" * 400, bytes(range(256)) * 64])
def test_an_empty_or_foreign_file_is_made_anew_from_the_records(
    content: bytes, root: Root, truth: dict[str, Rows]
) -> None:
    root.store.write_bytes(content)
    assert _used(root) == ("mended" if content else "")
    assert dump(root.store) == truth
    kept = [path.read_bytes() for path in root.store.parent.glob("*.20261101T100000Z")]
    assert kept == ([content] if content else [])


@pytest.mark.parametrize("version", [0, 1])
def test_a_database_of_another_program_is_set_aside_not_overwritten(
    version: int, root: Root, truth: dict[str, Rows]
) -> None:
    root.store.unlink()
    with closing(sqlite3.connect(root.store)) as connection:
        connection.execute("CREATE TABLE bookmark (url TEXT)")
        connection.execute(f"PRAGMA user_version = {version}")
    assert _used(root) == "mended"
    assert dump(root.store) == truth
    (kept,) = root.store.parent.glob("*.20261101T100000Z")
    assert rows(kept, "SELECT name FROM sqlite_master") == [("bookmark",)]


def test_a_directory_in_its_place_is_a_named_error(root: Root) -> None:
    root.store.unlink()
    root.store.mkdir()
    with pytest.raises(StoreError) as told:
        open_mended(root, _environment(root), NOW, None, read=True)
    assert told.value.slug == "store-unusable"


def test_a_newer_store_is_refused_and_neither_mended_nor_touched(root: Root) -> None:
    with closing(sqlite3.connect(root.store)) as connection:
        connection.execute("PRAGMA user_version = 9")
    before = root.store.read_bytes()
    with pytest.raises(NewerStoreError):
        open_mended(root, _environment(root), NOW, None, read=True)
    assert root.store.read_bytes() == before


def test_a_damaged_fact_is_a_named_error_where_it_is_needed(root: Root) -> None:
    with closing(sqlite3.connect(root.store)) as connection, connection:
        connection.execute("UPDATE chunk SET entries = x'93c1' WHERE rowid = 1")
        connection.execute("UPDATE session SET stale = 1")
    with pytest.raises(DamagedStoreError):
        open_library(root, _environment(root), read=False)


def test_rebuilding_names_the_sessions_that_only_the_old_store_held(root: Root, tmp_path: Path) -> None:
    fewer = shutil.copytree(root.folder, tmp_path / "config")
    lost = min(fewer.glob("projects/*/*.jsonl"))
    lost.unlink()
    shutil.rmtree(lost.with_suffix(""), ignore_errors=True)
    done = rebuild_store(Root(fewer, root.store), _environment(root), NOW)
    assert lost.stem in done.lost
    assert not done.unknown_loss
    assert done.sessions == len(rows(root.store, "SELECT 1 FROM session WHERE own > 0"))


def test_rebuilding_a_store_that_cannot_be_asked_says_so(root: Root) -> None:
    root.store.write_bytes(b"no database\n" * 400)
    done = rebuild_store(root, _environment(root), NOW)
    assert (done.unknown_loss, done.lost) == (True, ())


def test_rebuilding_without_a_store_makes_one(root: Root, truth: dict[str, Rows]) -> None:
    root.store.unlink()
    done = rebuild_store(root, _environment(root), NOW)
    assert (done.set_aside, done.lost, done.unknown_loss) == ("", (), False)
    assert dump(root.store) == truth


def _unsound(root: Root) -> list[str]:
    with closing(open_library(root, _environment(root), read=False)) as library:
        return [found.where for found in verify_store(library)]


def test_a_store_that_was_read_is_sound(root: Root) -> None:
    assert _unsound(root) == []


CHANGES = {
    "request": "output = output + 1",
    "call": "status = 'error'",
    "run": "skill = skill || 'x'",
    "turn": "ended = ended + 1",
    "subagent": "type = 'x'",
    "compaction": "before = before + 1",
    "session": "prompts = prompts + 1",
    "setting": "cwd = cwd || 'x'",
}


@pytest.mark.parametrize("table", CHANGES)
def test_a_changed_row_is_found_and_its_session_named(table: str, root: Root) -> None:
    with closing(sqlite3.connect(root.store)) as connection, connection:
        key = "name" if table == "session" else "session_id"
        ((changed,),) = connection.execute(f"SELECT {key} FROM {table} LIMIT 1").fetchall()
        connection.execute(f"UPDATE {table} SET {CHANGES[table]} WHERE {key} = ?", (changed,))
        query = f"SELECT name FROM session WHERE {'name' if table == 'session' else 'id'} = ?"
        ((name,),) = connection.execute(query, (changed,)).fetchall()
    assert f"session {name}" in _unsound(root)


def test_looking_for_damage_changes_nothing(root: Root, truth: dict[str, Rows]) -> None:
    with closing(sqlite3.connect(root.store)) as connection, connection:
        connection.execute("UPDATE request SET output = output + 1")
    changed = dump(root.store)
    assert _unsound(root) != []
    assert dump(root.store) == changed != truth
