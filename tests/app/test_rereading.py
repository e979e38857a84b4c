"""Read twice, counted once: in any order, in parts, from copies, joined and replaced."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest

from outrider.app import pending
from outrider.edge.readers.layout import source_files
from tests.truth.generator import generate
from tests.truth.traps import ALL

from .stores import LONG, SAMPLE, Rows, copied, dump, fresh, read, rows

SEEDS = range(100 if LONG else 6)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "config"
    generate(folder, ALL)
    return folder


@pytest.fixture(scope="module")
def truth(made: Path) -> dict[str, Rows]:
    return fresh(made, made.parent / "truth.sqlite3")


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _logs(folder: Path) -> list[Path]:
    return [path for path in _files(folder) if path.suffix == ".jsonl"]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_files_changes_nothing(
    seed: int, made: Path, truth: dict[str, Rows], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def shuffled(folder: Path) -> list[object]:
        found: list[object] = list(source_files(folder))
        random.Random(seed).shuffle(found)
        return found

    monkeypatch.setattr(pending, "source_files", shuffled)
    monkeypatch.setattr("outrider.kernel.limits.ENTRIES_PER_TRANSACTION", 1 + 40 * seed)
    assert fresh(made, tmp_path / "store") == truth


@pytest.mark.parametrize("seed", SEEDS)
def test_files_that_appear_one_after_another_change_nothing(
    seed: int, made: Path, truth: dict[str, Rows], tmp_path: Path
) -> None:
    files = _files(made)
    random.Random(seed).shuffle(files)
    for start in range(0, len(files), 9):
        for path in files[start : start + 9]:
            target = tmp_path / "config" / path.relative_to(made)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target)
        read(tmp_path / "config", tmp_path / "store")
    assert dump(tmp_path / "store") == truth


@pytest.mark.parametrize("seed", SEEDS)
def test_files_that_grow_from_any_byte_to_any_byte_change_nothing(
    seed: int, made: Path, truth: dict[str, Rows], tmp_path: Path
) -> None:
    rng = random.Random(seed)
    folder = copied(made, tmp_path / "config")
    contents = {path: path.read_bytes() for path in _logs(folder)}
    steps = 2 + seed % 3
    cuts = {
        path: sorted(rng.randint(0, len(content)) for _ in range(steps)) for path, content in contents.items()
    }
    for step in range(steps):
        for path, content in contents.items():
            path.write_bytes(content[: cuts[path][step]])
        read(folder, tmp_path / "store")
    for path, content in contents.items():
        path.write_bytes(content)
    assert fresh(folder, tmp_path / "store") == truth


@pytest.mark.parametrize("place", [0, 1, 57, 4_095, 4_096, 4_097])
def test_a_file_cut_at_a_telling_byte_changes_nothing(
    place: int, made: Path, truth: dict[str, Rows], tmp_path: Path
) -> None:
    folder = copied(made, tmp_path / "config")
    contents = {path: path.read_bytes() for path in _logs(folder)}
    for path, content in contents.items():
        path.write_bytes(content[:place])
    read(folder, tmp_path / "store")
    for path, content in contents.items():
        path.write_bytes(content)
    assert fresh(folder, tmp_path / "store") == truth
    assert rows(tmp_path / "store", "SELECT count(*) FROM source WHERE gone") == [(0,)]


def test_copies_of_all_files_in_another_folder_change_nothing(
    made: Path, truth: dict[str, Rows], tmp_path: Path
) -> None:
    folder = copied(made, tmp_path / "config")
    for project in sorted((folder / "projects").iterdir()):
        shutil.copytree(project, project.with_name(f"z{project.name}"))
        shutil.copytree(project, project.with_name(f"A{project.name}"))
    assert fresh(folder, tmp_path / "store") == truth


@pytest.mark.parametrize("seed", SEEDS)
def test_files_joined_in_any_order_change_nothing(
    seed: int, made: Path, truth: dict[str, Rows], tmp_path: Path
) -> None:
    folder = copied(made, tmp_path / "config")
    rng = random.Random(seed)
    logs = [path for path in _logs(folder) if path.name != "journal.jsonl"]
    mains = [path for path in logs if not path.name.startswith("agent-")]
    for path in [path for path in logs if path not in mains[:3]]:
        into = rng.choice(mains[:3])
        into.write_bytes(b"\n".join(rng.sample([path.read_bytes(), into.read_bytes()], 2)))
        path.unlink()
    assert fresh(folder, tmp_path / "store") == truth


def test_reading_again_reads_nothing_and_changes_nothing(made: Path, tmp_path: Path) -> None:
    first = fresh(made, tmp_path / "store")
    done = read(made, tmp_path / "store")
    assert (done.read, done.sessions) == (0, 0)
    assert dump(tmp_path / "store") == first


def test_a_file_that_was_only_touched_is_read_from_its_end(made: Path, tmp_path: Path) -> None:
    folder = copied(made, tmp_path / "config")
    first = fresh(folder, tmp_path / "store")
    counted = "SELECT path, lines, accounted, faults, gone FROM source ORDER BY path"
    before = rows(tmp_path / "store", counted)
    for path in _logs(folder):
        os.utime(path, ns=(1, path.stat().st_mtime_ns + 1))
    assert read(folder, tmp_path / "store").read > 0
    assert (dump(tmp_path / "store"), rows(tmp_path / "store", counted)) == (first, before)


def test_a_fork_that_is_read_before_its_original_is_not_taken_for_it(tmp_path: Path) -> None:
    from tests.truth.traps import Trap

    generate(tmp_path / "config", [Trap.FORK, Trap.RESUME, Trap.FORK_MARKED])
    truth = fresh(tmp_path / "config", tmp_path / "truth")
    by_age = sorted(_logs(tmp_path / "config"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for path in by_age:
        target = tmp_path / "other" / path.relative_to(tmp_path / "config")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)
        read(tmp_path / "other", tmp_path / "store")
    assert dump(tmp_path / "store") == truth


def test_the_sample_records_come_out_the_same_in_parts(tmp_path: Path) -> None:
    truth = fresh(SAMPLE, tmp_path / "truth")
    for path in _files(SAMPLE / "projects"):
        target = tmp_path / "config" / path.relative_to(SAMPLE)
        target.parent.mkdir(parents=True, exist_ok=True)
        content = path.read_bytes()
        for part in (content[: len(content) // 2], content):
            if path.suffix == ".jsonl" or part == content:
                target.write_bytes(part)
                read(tmp_path / "config", tmp_path / "store")
    for kind in ("todos", "tasks"):
        shutil.copytree(SAMPLE / kind, tmp_path / "config" / kind)
    assert fresh(tmp_path / "config", tmp_path / "store") == truth
