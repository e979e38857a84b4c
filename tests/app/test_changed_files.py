"""Files that the host replaces, cuts, removes and writes while they are read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from outrider.app import file_reading
from outrider.edge.readers.layout import source_files

from .stores import Rows, dump, fresh, read, rows

SESSION = "11111111-1111-4111-8111-111111111111"


def line(uuid: str, text: str, **fields: Any) -> str:
    record = {
        "type": "user",
        "uuid": uuid,
        "parentUuid": None,
        "sessionId": SESSION,
        "timestamp": f"2026-11-01T10:00:{len(uuid):02}.000Z",
        "cwd": "/home/user/shop",
        "message": {"role": "user", "content": text},
        **fields,
    }
    return json.dumps(record) + "\n"


def _written(folder: Path, *lines: str) -> Path:
    path = folder / "config/projects/p" / f"{SESSION}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(lines))
    return path


def _read(folder: Path) -> dict[str, Rows]:
    return fresh(folder / "config", folder / "store")


def _prompts(folder: Path) -> int:
    read(folder / "config", folder / "store")
    ((prompts,),) = rows(folder / "store", "SELECT prompts FROM session")
    return int(prompts)


def _sources(folder: Path) -> Rows:
    return rows(folder / "store", "SELECT lines, gone FROM source ORDER BY gone, id")


def test_what_is_appended_is_read_from_where_the_last_reading_ended(tmp_path: Path) -> None:
    path = _written(tmp_path, line("a", "one"))
    assert _prompts(tmp_path) == 1
    with path.open("a") as opened:
        opened.write(line("bb", "two"))
    assert _prompts(tmp_path) == 2
    assert _sources(tmp_path) == [(2, 0)]
    assert rows(tmp_path / "store", "SELECT start FROM chunk ORDER BY start") == [
        (0,),
        (len(line("a", "one")),),
    ]


def test_a_torn_tail_waits_and_is_read_when_it_is_whole(tmp_path: Path) -> None:
    whole = line("a", "one")
    _written(tmp_path, whole[:40])
    read(tmp_path / "config", tmp_path / "store")
    assert rows(tmp_path / "store", "SELECT waiting, faults FROM source") == [(40, 0)]
    _written(tmp_path, whole)
    assert _prompts(tmp_path) == 1
    assert rows(tmp_path / "store", "SELECT waiting, faults, lines, gone FROM source") == [(0, 0, 1, 0)]


def test_an_empty_file_that_is_written_later_was_not_replaced(tmp_path: Path) -> None:
    _written(tmp_path)
    read(tmp_path / "config", tmp_path / "store")
    _written(tmp_path, line("a", "one"))
    assert _prompts(tmp_path) == 1
    assert _sources(tmp_path) == [(1, 0)]


def test_what_a_replaced_file_said_is_kept_and_what_it_says_now_is_read(tmp_path: Path) -> None:
    _written(tmp_path, line("a", "one"), line("bb", "two"))
    read(tmp_path / "config", tmp_path / "store")
    _written(tmp_path, line("ccc", "three"), line("dddd", "four"), line("eeeee", "five"))
    assert _prompts(tmp_path) == 5
    assert _sources(tmp_path) == [(3, 0), (0, 1)]


def test_a_file_that_was_cut_and_written_again_counts_nothing_twice(tmp_path: Path) -> None:
    both = (line("a", "one"), line("bb", "two"))
    _written(tmp_path, *both)
    truth = _read(tmp_path)
    _written(tmp_path, both[0])
    assert _read(tmp_path) == truth
    _written(tmp_path, *both)
    assert _read(tmp_path) == truth


def test_a_file_replaced_again_and_again_keeps_all_it_said(tmp_path: Path) -> None:
    for uuid in ("a", "bb", "ccc", "dddd"):
        _written(tmp_path, line(uuid, uuid))
        read(tmp_path / "config", tmp_path / "store")
    assert _prompts(tmp_path) == 4


def test_a_removed_file_is_kept_and_marked_gone(tmp_path: Path) -> None:
    path = _written(tmp_path, line("a", "one"))
    truth = _read(tmp_path)
    path.unlink()
    assert _read(tmp_path) == truth
    assert _sources(tmp_path) == [(1, 1)]


def test_a_removed_file_that_comes_back_is_no_longer_gone(tmp_path: Path) -> None:
    path = _written(tmp_path, line("a", "one"))
    _read(tmp_path)
    path.unlink()
    _read(tmp_path)
    _written(tmp_path, line("a", "one"), line("bb", "two"))
    assert _prompts(tmp_path) == 2
    assert _sources(tmp_path) == [(2, 0)]


def test_a_whole_folder_that_is_removed_is_kept(tmp_path: Path) -> None:
    path = _written(tmp_path, line("a", "one"))
    truth = _read(tmp_path)
    path.unlink()
    path.parent.rmdir()
    assert _read(tmp_path) == truth


def test_a_file_that_grew_after_it_was_listed_was_not_replaced(tmp_path: Path) -> None:
    path = _written(tmp_path, line("a", "one"))
    (listed,) = source_files(tmp_path / "config")
    path.write_text(line("a", "one") + line("bb", "two"))
    grown = file_reading.read_source(listed, None, str)
    again = file_reading.read_source(listed, grown.state, str)
    assert (grown.reading.lines, grown.state.size) == (2, path.stat().st_size)
    assert (again.anew, again.reading.lines) == (False, 0)


def test_a_file_that_cannot_be_opened_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    path = _written(tmp_path, line("a", "one"))
    listed = list(source_files(tmp_path / "config"))
    ghost = path.with_name("22222222-2222-4222-8222-222222222222.jsonl")
    ghost.write_text(line("bb", "two", sessionId=ghost.stem))
    done = _reading_without(ghost, tmp_path)
    assert len(listed) == 1
    assert list(done.unreadable) == [f"projects/p/{ghost.name}"]
    assert rows(tmp_path / "store", "SELECT count(*) FROM session") == [(1,)]


def _reading_without(ghost: Path, folder: Path) -> Any:
    """Ingest while ``ghost`` is removed between listing and opening."""
    from outrider.app import pending

    listed = list(source_files(folder / "config"))
    ghost.unlink()
    former = pending.source_files
    pending.source_files = lambda _: iter(listed)  # type: ignore[assignment]
    try:
        return read(folder / "config", folder / "store")
    finally:
        pending.source_files = former


def test_a_description_of_a_subagent_that_changes_changes_what_is_known(tmp_path: Path) -> None:
    _written(tmp_path, line("a", "one"))
    agents = tmp_path / "config/projects/p" / SESSION / "subagents"
    agents.mkdir(parents=True)
    (agents / "agent-a1.jsonl").write_text(line("bb", "look", agentId="a1"))
    meta = agents / "agent-a1.meta.json"
    for kind in ("Explore", "reviewer"):
        meta.write_text(json.dumps({"agentType": kind}))
        read(tmp_path / "config", tmp_path / "store")
        assert rows(tmp_path / "store", "SELECT type FROM subagent") == [(kind,)]
    meta.write_text("{ broken")
    _read(tmp_path)
    assert dump(tmp_path / "store") == fresh(tmp_path / "config", tmp_path / "new")


def test_sources_are_never_written(tmp_path: Path) -> None:
    path = _written(tmp_path, line("a", "one"), "not json\n", line("bb", "two")[:30])
    path.chmod(0o400)
    before = (path.read_bytes(), path.stat().st_mtime_ns)
    read(tmp_path / "config", tmp_path / "store")
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]
