from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from outrider.edge.store import care, facts
from outrider.edge.store.database import open_database
from outrider.record.reading import Reading
from tests.record.made import stories
from tests.record.sessions import Story


def _state(path: str = "projects/p/s.jsonl") -> facts.SourceState:
    return facts.SourceState(path, "transcript", 9, 9, "head", 4, 9, 0)


def _stored(folder: Path, story: Story) -> sqlite3.Connection:
    connection = open_database(folder / "store")
    reading = Reading(entries={"s": list(story.entries)}, skill_texts=dict(story.shared.texts))
    source = facts.save_source(connection, _state(), reading, anew=True)
    facts.save_facts(connection, source, 0, reading)
    return connection


def _story() -> Story:
    story = Story()
    story.typed("review")
    story.delegated("a1")
    return story


def test_a_store_that_was_written_is_sound(tmp_path: Path) -> None:
    with closing(_stored(tmp_path, _story())) as connection:
        assert list(care.verify(connection)) == []


def test_every_flipped_byte_of_a_stored_fact_is_found(tmp_path: Path) -> None:
    with closing(_stored(tmp_path, _story())) as connection:
        ((data,),) = connection.execute("SELECT entries FROM chunk").fetchall()
        for place in range(0, len(data), 7):
            flipped = bytearray(data)
            flipped[place] ^= 0x01
            connection.execute("UPDATE chunk SET entries = ?", (bytes(flipped),))
            assert [found.what for found in care.verify(connection)] == ["does not read back"]


def test_a_fact_that_was_cut_is_found_even_with_a_new_checksum(tmp_path: Path) -> None:
    import zlib

    with closing(_stored(tmp_path, _story())) as connection:
        ((data,),) = connection.execute("SELECT entries FROM chunk").fetchall()
        cut = data[:-3]
        connection.execute("UPDATE chunk SET entries = ?, checksum = ?", (cut, zlib.crc32(cut)))
        assert [found.where for found in care.verify(connection)] == ["chunk 1 at byte 0"]


def test_a_row_that_points_to_nothing_is_found(tmp_path: Path) -> None:
    with closing(_stored(tmp_path, _story())) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("DELETE FROM source")
        assert "points to a missing source" in {found.what for found in care.verify(connection)}


def test_a_call_without_its_run_is_found(tmp_path: Path) -> None:
    with closing(_stored(tmp_path, _story())) as connection:
        connection.execute("INSERT INTO call VALUES (1, 'c', 5, '', 'r', 'Bash', 1, 2, 'ok', 3)")
        assert ("1 rows belong to no run", "call") in list(care.verify(connection))


@given(stories())
def test_facts_come_out_of_the_store_as_they_went_in(story: Story) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder, closing(_stored(Path(folder), story)) as connection:
        assert facts.entries_of(connection, 1) == story.entries if story.entries else True


@given(st.binary(max_size=60))
def test_no_bytes_pass_for_facts_that_they_are_not(data: bytes) -> None:
    import zlib

    assert not facts.reads_back(data, zlib.crc32(data)) or data == b"\x90"


def test_a_store_is_set_aside_with_all_its_files_and_never_over_another(tmp_path: Path) -> None:
    path = tmp_path / "store"
    names = []
    for content in ("one", "two"):
        for suffix in ("", "-wal", "-shm"):
            Path(f"{path}{suffix}").write_text(content)
        names.append(care.set_aside(path, "20261101T100000Z"))
    assert [name.name for name in names] == ["store.20261101T100000Z", "store.20261101T100000Z-2"]
    assert [name.read_text() for name in names] == ["one", "two"]
    assert Path(f"{names[1]}-wal").read_text() == "two"
    assert not path.exists()
