from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from outrider.edge.store.queries import Scope
from outrider.edge.store.runs import (
    SkillVersion,
    sessions_in,
    sessions_with_runs,
    skill_names,
    skill_versions,
)
from tests.app.stores import SAMPLE, library

SHOP = "/home/dev/shop"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(library(SAMPLE, tmp_path / "store")) as opened:
        yield opened.connection


def names(store: sqlite3.Connection, sessions: list[int]) -> list[str]:
    return [
        store.execute("SELECT substr(name, 1, 4) FROM session WHERE id = ?", [each]).fetchone()[0]
        for each in sessions
    ]


def test_sessions_with_a_run_come_the_oldest_first_and_each_once(store: sqlite3.Connection) -> None:
    found = names(store, sessions_with_runs(store, Scope()))
    assert found == ["8843", "1d1b", "01c3", "270e", "8231"]


@pytest.mark.parametrize("skill", ["practicing-tdd", "craft:practicing-tdd"])
def test_a_skill_is_found_with_and_without_its_plugin(store: sqlite3.Connection, skill: str) -> None:
    assert names(store, sessions_with_runs(store, Scope(), skill)) == ["8843", "1d1b", "01c3", "270e"]
    assert {version.name for version in skill_versions(store, skill)} == {"craft:practicing-tdd"}


@pytest.mark.parametrize("skill", ["tdd", "%", "other:practicing-tdd", "practicing", "' OR 1 --", "craft"])
def test_a_part_of_a_name_is_no_name(store: sqlite3.Connection, skill: str) -> None:
    assert sessions_with_runs(store, Scope(), skill) == []
    assert skill_versions(store, skill) == []


def test_a_scope_bounds_them_by_time_and_folder(store: sqlite3.Connection) -> None:
    assert names(store, sessions_with_runs(store, Scope(project=SHOP))) == ["8843", "1d1b", "01c3", "270e"]
    assert sessions_with_runs(store, Scope(project="/home/dev/sho")) == []
    ((last,),) = store.execute("SELECT max(at) FROM run WHERE number > 0").fetchall()
    assert names(store, sessions_with_runs(store, Scope(since=last))) == ["8231"]
    assert sessions_with_runs(store, Scope(since=last + 1)) == []


def test_all_sessions_of_a_scope_are_listed_with_or_without_a_run(store: sqlite3.Connection) -> None:
    assert len(sessions_in(store, Scope())) == 8
    assert set(sessions_with_runs(store, Scope())) < set(sessions_in(store, Scope()))
    assert len(sessions_in(store, Scope(project=SHOP))) == 6


def test_versions_of_a_text_come_the_latest_first(store: sqlite3.Connection) -> None:
    versions = skill_versions(store, "practicing-tdd")
    assert [each.digest for each in versions] == ["6676ec01821e529e", "733173a08e568b95"]
    assert versions == sorted(versions, key=lambda each: -each.last_at)
    assert isinstance(versions[0], SkillVersion)


def test_a_skill_whose_text_was_never_seen_has_a_name_and_no_version(store: sqlite3.Connection) -> None:
    assert skill_names(store) == ["craft:practicing-tdd", "craft:reviewing-code", "craft:summarizing-changes"]
    assert skill_versions(store, "summarizing-changes") == []
