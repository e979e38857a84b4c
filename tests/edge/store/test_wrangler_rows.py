from __future__ import annotations

import sqlite3
from dataclasses import replace
from importlib.resources import files

import pytest

from outrider.edge.store.lists import save_wrangler_events, save_wrangler_session
from outrider.edge.store.wrangler_rows import wrangler_events, wrangler_sessions
from outrider.record.wrangler import WranglerEvent, WranglerSession

SESSION = WranglerSession("a", "mcp", "/one", "running", "plan", 5, None, "{}")
EVENTS = [WranglerEvent("a", number, number, "plan", "started", "{}") for number in (1, 2)]


@pytest.fixture
def store() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.executescript((files("outrider.edge.store") / "schema.sql").read_text())
    return connection


def test_sessions_come_back_as_they_were_saved_the_latest_first(store: sqlite3.Connection) -> None:
    later = replace(SESSION, name="b", dialect="engine", at=9, ended=10)
    save_wrangler_session(store, 1, SESSION)
    save_wrangler_session(store, 2, later)
    assert wrangler_sessions(store) == [later, SESSION]


def test_events_of_one_session_come_back_in_their_order(store: sqlite3.Connection) -> None:
    save_wrangler_events(store, 1, EVENTS)
    save_wrangler_events(store, 2, [replace(each, name="b") for each in EVENTS])
    assert wrangler_events(store, "a") == EVENTS
    assert wrangler_events(store, "c") == []


def test_of_two_copies_of_one_log_the_longer_counts(store: sqlite3.Connection) -> None:
    save_wrangler_events(store, 1, EVENTS[:1])
    save_wrangler_events(store, 2, EVENTS)
    save_wrangler_events(store, 3, EVENTS)
    assert wrangler_events(store, "a") == EVENTS
