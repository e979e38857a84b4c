"""The guard's files are private, whole at every moment, and harmless when damaged."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from outrider.edge.store import guard_log
from outrider.edge.store.guard_files import GuardFiles
from outrider.kernel.errors import StoreError


@pytest.fixture
def files(tmp_path: Path) -> GuardFiles:
    return GuardFiles(tmp_path / "home")


def test_settings_are_for_their_owner_alone_and_kept_twice(files: GuardFiles) -> None:
    files.write_settings({"mode": "advise"})
    assert files.settings.stat().st_mode & 0o777 == 0o600
    assert files.folder.stat().st_mode & 0o777 == 0o700
    assert files.read_settings().value == files.read_good() == {"mode": "advise"}


@pytest.mark.parametrize("text", ["", "{", '{"mode": ', "null", "\x00" * 50, "[" * 100_000])
def test_a_damaged_file_is_told_and_not_raised(files: GuardFiles, text: str) -> None:
    files.write_settings({})
    files.settings.write_text(text)
    document = files.read_settings()
    assert document.value is None
    assert str(files.settings) in document.wrong


def test_writers_do_not_undo_each_other(files: GuardFiles) -> None:
    def add(number: int) -> None:
        for _ in range(10):
            with files.alone():
                value = files.read_settings().value
                counts = dict(value) if isinstance(value, dict) else {}
                files.write_settings({**counts, str(number): counts.get(str(number), 0) + 1})

    threads = [threading.Thread(target=add, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert files.read_settings().value == {str(number): 10 for number in range(4)}
    assert [path.name for path in files.folder.iterdir() if path.name.startswith(".")] == []


def test_what_cannot_be_written_is_an_error_that_says_where(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    with pytest.raises(StoreError) as caught:
        GuardFiles(tmp_path / "home").write_settings({})
    assert caught.value.slug == "guard-unwritable"


def test_a_kill_switch_can_be_set_and_taken_away(files: GuardFiles) -> None:
    files.trip("", "lunch")
    files.trip("../../abc", "foreign name")
    assert [trip.reason for trip in files.trips()] == ["lunch", "foreign name"]
    assert {path.parent for path in files.folder.glob("tripped*")} == {files.folder}
    assert files.reset("", 5.0)
    assert (files.trips(), (files.folder / "reset").read_text()) == ([], "5.000\n")
    assert not files.reset("", 6.0)


def test_a_log_is_read_with_what_followed_and_without_what_is_damaged(files: GuardFiles) -> None:
    files.folder.mkdir(parents=True)
    rows = [
        {
            "id": "g-1",
            "t": 10,
            "session": "s1",
            "level": "hint",
            "detector": "poll",
            "count": 8,
            "evidence": ["c", 3],
        },
        {"id": "g-2", "t": 20, "session": "s2", "level": ["odd"], "count": "many", "evidence": 7},
        {"after": "g-1", "t": 11, "did": "other", "tool": "Read", "call": "c9"},
        {"after": "g-9", "t": 11, "did": "other"},
    ]
    lines = [json.dumps(row) for row in rows]
    (files.folder / "log.jsonl").write_bytes(
        "\n".join([lines[0], "{", "[]", '"x"', lines[1], *lines[2:], lines[0][:20]]).encode() + b"\xff\x00"
    )
    first, second = guard_log.entries(files.folder)
    assert (first.evidence, first.after, first.after_tool, first.after_call) == (
        ("c",),
        "other",
        "Read",
        "c9",
    )
    assert (second.id, second.level, second.count, second.evidence, second.after) == ("g-2", "", 0, (), "")
    assert [entry.id for entry in guard_log.entries(files.folder, 15)] == ["g-2"]
    assert [entry.id for entry in guard_log.entries(files.folder, 0, "s1")] == ["g-1"]


def test_faults_are_counted(files: GuardFiles) -> None:
    files.folder.mkdir(parents=True)
    (files.folder / "faults.log").write_text("10 state-damaged\nrubbish\n20 payload-unreadable Stop\n30")
    assert guard_log.faults(files.folder) == [
        (10.0, "state-damaged", ""), (20.0, "payload-unreadable", "Stop")
    ]  # fmt: skip
    assert len(guard_log.faults(files.folder, 15)) == 1
