from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outrider.edge.readers.wrangler import read_wrangler_log, read_wrangler_session
from outrider.kernel import limits
from outrider.record.reading import Reading
from outrider.record.wrangler import WranglerEvent, WranglerSession
from tests.edge.readers.records import AT, AT_MS

MCP = {"phase": "plan", "status": "complete", "timestamp": AT, "issues_created": ["ISS-1"]}
ENGINE = {"step": "plan", "status": "completed", "timestamp": AT, "duration_ms": 12}


def log(content: bytes, name: str = "2026-x", clean: Any = str) -> tuple[Reading, list[WranglerEvent]]:
    return read_wrangler_log(io.BytesIO(content), name, clean)


def lines(*values: Any) -> bytes:
    return "".join(json.dumps(value) + "\n" for value in values).encode()


def context(value: Any, name: str = "wf-1", clean: Any = str) -> tuple[Reading, WranglerSession | None]:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return read_wrangler_session(io.BytesIO(raw), name, "/project", clean)


def test_both_dialects_say_the_same() -> None:
    (mcp,), (engine,) = log(lines(MCP))[1], log(lines(ENGINE))[1]
    assert (
        (mcp.step, mcp.status, mcp.at)
        == (engine.step, engine.status, engine.at)
        == ("plan", "completed", AT_MS)
    )
    assert (json.loads(mcp.facts), json.loads(engine.facts)) == (
        {"issues_created": ["ISS-1"]},
        {"duration_ms": 12},
    )


@pytest.mark.parametrize("status", ["started", "failed", "skipped", "something-new"])
def test_other_statuses_stay_what_they_are(status: str) -> None:
    assert log(lines(MCP | {"status": status}))[1][0].status == status


def test_events_are_numbered_in_the_order_of_the_file() -> None:
    reading, events = log(lines(MCP, ENGINE, {}))
    assert [event.number for event in events] == [1, 2, 3]
    assert (reading.lines, reading.accounted, reading.kinds) == (3, 3, {"wrangler-event": 3})
    assert (events[2].step, events[2].status, events[2].at, events[2].facts) == ("", "", None, "{}")


def test_damaged_lines_cost_themselves() -> None:
    content = lines(MCP) + b"rubbish\n\n[1]\n" + b"\0\0" + lines(ENGINE)
    reading, events = log(content)
    assert len(events) == 2
    assert [(fault.slug, content[fault.offset :][: fault.length]) for fault in reading.faults] == [
        ("not-json", b"rubbish"),
        ("not-json", b"[1]"),
        ("zero-bytes", b"\0\0"),
    ]
    assert (reading.lines, reading.accounted) == (4, 2)


def test_a_torn_tail_waits_and_a_whole_one_is_read() -> None:
    torn, whole = log(lines(MCP) + lines(ENGINE)[:20]), log(lines(MCP, ENGINE)[:-1])
    assert (len(torn[1]), torn[0].waiting, torn[0].faults) == (1, 20, [])
    assert (len(whole[1]), whole[0].waiting) == (2, 0)


def test_a_giant_line_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LINE_BYTES", 500)
    monkeypatch.setattr(limits, "READ_CHUNK_BYTES", 100)
    reading, events = log(lines(MCP, ENGINE | {"x": "y" * 600}, MCP))
    assert ([fault.slug for fault in reading.faults], len(events)) == (["oversized-record"], 2)
    assert (reading.lines, reading.accounted) == (3, 2)
    assert log(lines(ENGINE | {"x": "y" * 600})[:-1])[0].waiting > 600


def test_a_context_says_how_its_session_stands() -> None:
    value = {"status": "running", "currentPhase": "plan", "startedAt": AT, "completedAt": None, "x": [1]}
    reading, session = context(value, "2026-01-01-mend")
    assert session == WranglerSession(
        "2026-01-01-mend",
        "mcp",
        "/project",
        "running",
        "plan",
        AT_MS,
        None,
        json.dumps(value, separators=(",", ":")),
    )
    assert (reading.accounted, reading.kinds) == (1, {"wrangler-context": 1})


def test_the_engine_is_known_by_the_name_of_its_sessions() -> None:
    session = context({}, "wf-2026")[1]
    assert session is not None
    assert session.dialect == "engine"


@pytest.mark.parametrize("content", [b"", b"[]", b'{"a":', b"\0\0", b"null"])
def test_what_is_no_context_is_none(content: bytes) -> None:
    assert context(content)[1] is None


def test_every_text_is_redacted() -> None:
    def marking(text: str) -> str:
        return text.replace("SECRET", "[gone]")

    say = "a SECRET b"
    _, events = log(lines({"phase": say, "status": say, "note": say, "SECRET": say}), clean=marking)
    _, session = context({"status": say, "currentPhase": say, "note": say}, clean=marking)
    assert "SECRET" not in repr(events) + repr(session)


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["phase", "step", "status", "timestamp", "startedAt"]), inner, max_size=4
        )
    ),
    max_leaves=9,
)


@given(
    st.lists(ANY.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=20), max_size=5).map(
        b"\n".join
    )
)
def test_nothing_in_a_log_is_an_error(content: bytes) -> None:
    reading, events = log(content)
    assert reading.accounted == len(events) <= reading.lines
    assert all(f.offset >= 0 and f.offset + f.length <= len(content) for f in reading.faults)
    context(content)
    repr(events).encode()
