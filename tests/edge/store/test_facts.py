from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from outrider.edge.store import facts, sources
from outrider.edge.store.database import open_database
from outrider.kernel import limits
from outrider.record.entries import Setting
from outrider.record.faults import Fault
from outrider.record.reading import Reading
from tests.record.sessions import Story, moved


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_database(tmp_path / "store")) as opened:
        yield opened


def _state(path: str = "p/s.jsonl", kind: str = "transcript", cursor: int = 9) -> sources.SourceState:
    return sources.SourceState(path, kind, cursor, 5, "head", 4, cursor, 0)


def _save(connection: sqlite3.Connection, reading: Reading, start: int = 0, **state: object) -> int:
    source = facts.save_source(connection, _state(**state), reading, anew=start == 0)  # type: ignore[arg-type]
    facts.save_facts(connection, source, start, reading)
    return source


def _told(session: str) -> Reading:
    story = Story(session)
    story.prompt()
    story.response(message_id=f"msg-{session}", request_id=f"req-{session}")
    entries = [moved([each], each.uid, uid=f"{session}-{each.uid}")[0] for each in story.entries]
    return Reading(entries={session: entries})


def test_a_source_is_found_again_as_it_was_saved(connection: sqlite3.Connection) -> None:
    _save(connection, _told("s"))
    assert sources.source_states(connection) == {"p/s.jsonl": _state()}


def test_counts_of_two_readings_of_one_file_add_up(connection: sqlite3.Connection) -> None:
    for start in (0, 9):
        reading = Reading(kinds={"user": 2}, faults=[Fault("not-json", start, 3)], lines=3, accounted=2)
        _save(connection, reading, start)
    assert connection.execute("SELECT lines, accounted, faults FROM source").fetchall() == [(6, 4, 2)]
    assert connection.execute("SELECT kind, count FROM line_kind").fetchall() == [("user", 4)]
    assert connection.execute('SELECT "offset" FROM fault').fetchall() == [(0,), (9,)]


def test_a_hostile_file_cannot_fill_the_store_with_faults_or_kinds(connection: sqlite3.Connection) -> None:
    reading = Reading(
        kinds={f"kind{number}": 1 for number in range(5_000)} | {"<b>": 1, "x" * 190: 1},
        faults=[Fault("not-json", number, 1) for number in range(5_000)],
    )
    _save(connection, reading)
    assert connection.execute("SELECT count(*) FROM fault").fetchone() == (limits.FAULTS_KEPT_PER_SOURCE,)
    assert connection.execute("SELECT faults FROM source").fetchone() == (5_000,)
    kinds, counted = connection.execute("SELECT count(*), sum(count) FROM line_kind").fetchone()
    assert (kinds <= limits.KINDS_PER_SOURCE + 1, counted) == (True, 5_002)


def test_sessions_that_share_a_response_are_relatives_however_far_removed(
    connection: sqlite3.Connection,
) -> None:
    one, two, three, other = (_told(name) for name in ("one", "two", "three", "other"))
    one.entries["one"].append(two.entries["two"][1])
    three.entries["three"].append(two.entries["two"][0])
    for name, reading in {"one": one, "two": two, "three": three, "other": other}.items():
        _save(connection, reading, path=f"p/{name}.jsonl")
    assert sorted(facts.relatives(connection, 1).values()) == ["one", "three", "two"]


def test_what_surrounded_a_session_is_kept_with_its_first_and_last_instant(
    connection: sqlite3.Connection,
) -> None:
    setting = Setting("/shop", "main", "2.1.300", "cli")
    for start, span in ((0, (50, 60)), (9, (10, 55))):
        reading = _told("s")
        reading.settings[("s", setting)] = span
        _save(connection, reading, start)
    assert facts.settings_of(connection, 1) == {setting: (10, 60)}


def test_a_session_with_new_facts_is_stale(connection: sqlite3.Connection) -> None:
    _save(connection, _told("s"))
    connection.execute("UPDATE session SET stale = 0")
    assert sources.stale_sessions(connection) == []
    _save(connection, _told("s"), 9)
    assert sources.stale_sessions(connection) == [1]


def test_a_forgotten_session_is_not_saved_again(connection: sqlite3.Connection) -> None:
    connection.execute("INSERT INTO forgotten VALUES ('s')")
    reading = _told("s")
    reading.settings[("s", Setting("/shop"))] = (1, 2)
    reading.skill_texts["digest"] = "text"
    _save(connection, reading)
    for table in ("session", "chunk", "setting", "skill_text", "link"):
        assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


def test_a_replaced_log_is_kept_under_another_name_and_a_replaced_document_is_not(
    connection: sqlite3.Connection,
) -> None:
    for path, kind in (("p/s.jsonl", "transcript"), ("p/a.meta.json", "agent")):
        for _ in range(2):
            _save(connection, _told("s"), path=path, kind=kind)
    paths = {path: state.gone for path, state in sources.source_states(connection).items()}
    assert paths == {"p/s.jsonl": False, "p/s.jsonl (replaced, 1)": True, "p/a.meta.json": False}
