from __future__ import annotations

import os
from pathlib import Path

import pytest

from outrider.edge.readers.layout import SourceFile, source_files, wrangler_files

SESSION = "11111111-2222-4333-8444-555555555555"
PROJECT = "projects/-home-user-project"


def made(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}\n", encoding="utf-8")


def found(root: Path) -> dict[str, SourceFile]:
    sources = list(source_files(root))
    assert len({source.name for source in sources}) == len(sources)
    return {source.name: source for source in sources}


def test_sessions_and_agents_are_known_by_their_place(tmp_path: Path) -> None:
    agents = f"{PROJECT}/{SESSION}/subagents"
    wanted = {
        f"{PROJECT}/{SESSION}.jsonl": ("transcript", SESSION, ""),
        f"{agents}/agent-a1.jsonl": ("transcript", SESSION, "a1"),
        f"{agents}/agent-a1.meta.json": ("agent", SESSION, "a1"),
        f"{agents}/workflows/wf1/agent-a2.jsonl": ("transcript", SESSION, "a2"),
        f"{agents}/workflows/wf1/journal.jsonl": ("journal", SESSION, ""),
        f"{PROJECT}/agent-b1.jsonl": ("transcript", "", "b1"),
        f"todos/{SESSION}-agent-{SESSION}.json": ("todos", SESSION, SESSION),
        f"tasks/{SESSION}/1.json": ("tasks", SESSION, ""),
        "tasks/shared-list/2.json": ("tasks", "shared-list", ""),
    }
    made(tmp_path, *wanted)
    assert {name: (each.kind, each.session, each.agent) for name, each in found(tmp_path).items()} == wanted


def test_a_source_says_where_it_is_and_how_large(tmp_path: Path) -> None:
    made(tmp_path, f"{PROJECT}/{SESSION}.jsonl")
    (source,) = source_files(tmp_path)
    stat = Path(source.path).stat()
    assert Path(source.path) == tmp_path / PROJECT / f"{SESSION}.jsonl"
    assert (source.size, source.mtime_ns) == (stat.st_size, stat.st_mtime_ns)


@pytest.mark.parametrize(
    "name",
    [
        f"{PROJECT}/{SESSION}/tool-results/big.jsonl",
        f"{PROJECT}/{SESSION}/tool-results/agent-x.meta.json",
        f"{PROJECT}/memory/MEMORY.md",
        f"{PROJECT}/sessions-index.json",
        f"{PROJECT}/{SESSION}.jsonl.bak",
        f"{PROJECT}/notes.meta.json",
        "tasks/list/.lock",
        "tasks/list/.highwatermark",
        "todos/readme.txt",
        "history.jsonl",
        "settings.json",
        "plugins/x/projects/y.jsonl",
    ],
)
def test_other_files_are_left_alone(tmp_path: Path, name: str) -> None:
    made(tmp_path, name)
    assert found(tmp_path) == {}


def test_links_are_not_followed(tmp_path: Path) -> None:
    outside, root = tmp_path / "outside", tmp_path / "root"
    made(outside, "s.jsonl", "folder/t.jsonl")
    (root / PROJECT).mkdir(parents=True)
    (root / PROJECT / "s.jsonl").symlink_to(outside / "s.jsonl")
    (root / PROJECT / "folder").symlink_to(outside / "folder")
    (root / PROJECT / "gone.jsonl").symlink_to(outside / "gone.jsonl")
    assert found(root) == {}


def test_what_is_no_file_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / PROJECT / "folder.jsonl").mkdir(parents=True)
    os.mkfifo(tmp_path / PROJECT / "pipe.jsonl")
    assert found(tmp_path) == {}


def test_folders_without_end_are_given_up(tmp_path: Path) -> None:
    made(tmp_path, f"{PROJECT}/{'/'.join('abcdefghijkl')}/s.jsonl", f"{PROJECT}/s.jsonl")
    assert list(found(tmp_path)) == [f"{PROJECT}/s.jsonl"]


def test_the_order_is_that_of_the_names(tmp_path: Path) -> None:
    made(tmp_path, *(f"{PROJECT}/{name}.jsonl" for name in "cab"), "projects/-a/z.jsonl")
    assert [source.session for source in source_files(tmp_path)] == ["z", "a", "b", "c"]


def test_a_folder_without_records_or_no_folder_gives_nothing(tmp_path: Path) -> None:
    assert list(source_files(tmp_path)) == list(source_files(tmp_path / "none")) == []
    assert list(wrangler_files(tmp_path)) == []


def test_a_folder_called_subagents_above_says_nothing(tmp_path: Path) -> None:
    root = tmp_path / "subagents" / "config"
    made(root, f"{PROJECT}/agent-b1.jsonl")
    assert [source.session for source in source_files(root)] == [""]


def test_a_name_that_is_no_utf8_can_be_stored_and_opened(tmp_path: Path) -> None:
    folder = tmp_path / PROJECT
    folder.mkdir(parents=True)
    try:
        (folder / os.fsdecode(b"s\xff.jsonl")).write_text("{}")
    except OSError:
        pytest.skip("this file system takes no such names")
    (source,) = source_files(tmp_path)
    assert source.name.encode() == f"{PROJECT}/s\\xff.jsonl".encode()
    assert source.session == "s\\xff"
    assert Path(source.path).read_text() == "{}"


def test_a_name_in_any_script_stays_as_it_is(tmp_path: Path) -> None:
    made(tmp_path, "projects/-café-日本/s.jsonl")
    assert list(found(tmp_path)) == ["projects/-café-日本/s.jsonl"]


def test_logs_and_contexts_of_wrangler_are_known_by_their_folder(tmp_path: Path) -> None:
    names = ("context.json", "audit.jsonl", "checkpoint.json", "blocker.json", "notes.md", "other.json")
    made(tmp_path, *(f".wrangler/sessions/wf-1/{name}" for name in names), ".wrangler/issues/context.json")
    sources = list(wrangler_files(tmp_path))
    assert {Path(source.path).name for source in sources} == set(names[:4])
    assert {(source.kind, source.session) for source in sources} == {("wrangler", "wf-1")}
    assert {source.name for source in sources} == {str(source.path) for source in sources}
