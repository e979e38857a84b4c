"""Several processes at once, and processes that die."""

from __future__ import annotations

import random
import signal
import time
from contextlib import closing
from pathlib import Path

import pytest

from outrider.edge.store import care
from outrider.edge.store.database import open_database
from tests.truth.generator import generate
from tests.truth.traps import ALL

from .stores import LONG, Rows, dump, fresh, reader_process

ROUNDS = 20 if LONG else 2
KILLS = 300 if LONG else 8


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "config"
    generate(folder, ALL)
    return folder


@pytest.fixture(scope="module")
def truth(made: Path) -> dict[str, Rows]:
    return fresh(made, made.parent / "truth.sqlite3")


def _unsound(store: Path) -> list[care.Unsound]:
    with closing(open_database(store)) as connection:
        return list(care.verify(connection))


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_four_processes_at_once_give_the_same_store(
    round_: int, made: Path, truth: dict[str, Rows], tmp_path: Path
) -> None:
    readers = [reader_process(made, tmp_path / "store", 2) for _ in range(4)]
    ended = [(reader.communicate(timeout=120)[1], reader.returncode) for reader in readers]
    assert ended == [("", 0)] * 4
    assert dump(tmp_path / "store") == truth
    assert _unsound(tmp_path / "store") == []


def test_a_process_killed_at_any_moment_costs_nothing(
    made: Path, truth: dict[str, Rows], tmp_path: Path
) -> None:
    rng = random.Random(1)
    killed = 0
    for number in range(KILLS):
        store = tmp_path / f"store-{number // 4}"
        reader = reader_process(made, store, 1, pause=0.004)
        assert reader.stdout is not None
        reader.stdout.readline()
        time.sleep(rng.random() * 0.3)
        reader.send_signal(signal.SIGKILL)
        reader.communicate(timeout=60)
        killed += reader.returncode == -signal.SIGKILL
        assert _unsound(store) == []
    assert killed > KILLS // 3
    for store in {tmp_path / f"store-{number // 4}" for number in range(KILLS)}:
        assert fresh(made, store) == truth
