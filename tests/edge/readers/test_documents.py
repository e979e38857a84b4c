from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outrider.edge.readers.documents import read_agent, read_task, read_todos
from outrider.edge.readers.line_facts import agent_entry
from outrider.kernel import limits
from outrider.record.entries import AgentFact
from outrider.record.reading import Reading
from outrider.record.tasks import TaskItem

DAMAGED = [b'{"a":', b"[" * 100_000, b"\0" * 50, b"\xff\xfe", b"nothing", b'{"a":1}{"b":2}']


def opened(value: Any) -> io.BytesIO:
    return io.BytesIO(value if isinstance(value, bytes) else json.dumps(value, indent=2).encode())


def marking(text: str) -> str:
    return text.replace("SECRET", "[gone]")


def all_of(content: bytes) -> list[Reading]:
    return [
        read_agent(opened(content), "s", "a1", str),
        read_todos(opened(content), "s", str)[0],
        read_task(opened(content), "s", str)[0],
    ]


def test_a_subagent_is_described() -> None:
    value = {"agentType": "helper", "description": "Look", "toolUseId": "toolu_1", "parentAgentId": "a0"}
    reading = read_agent(opened(value), "s", "a1", str)
    assert reading.entries == {"s": [agent_entry("a1", AgentFact("helper", "toolu_1", "a0", "Look"))]}
    assert (reading.lines, reading.accounted, reading.kinds) == (1, 1, {"agent-description": 1})


def test_a_subagent_of_an_older_client_says_only_its_type() -> None:
    reading = read_agent(opened({"agentType": "helper"}), "s", "a1", str)
    assert reading.entries["s"][0].body == AgentFact("helper", "")


def test_a_list_of_todos_is_read_in_order() -> None:
    value = [
        {"content": "mend", "status": "completed", "activeForm": "Mending"},
        "odd",
        {"content": "test", "status": "pending"},
        {},
    ]
    reading, items = read_todos(opened(value), "s", str)
    assert items == [
        TaskItem("s", "1", "mend", "completed"),
        TaskItem("s", "3", "test", "pending"),
        TaskItem("s", "4", "", ""),
    ]
    assert (reading.accounted, reading.faults) == (1, [])


def test_a_task_is_read() -> None:
    value = {"id": "2", "subject": "mend", "description": "…", "status": "in_progress", "blocks": []}
    assert read_task(opened(value), "s", str)[1] == [TaskItem("s", "2", "mend", "in_progress")]
    assert read_task(opened({"id": 2, "content": "mend"}), "s", str)[1] == [TaskItem("s", "2", "mend", "")]


@pytest.mark.parametrize("content", DAMAGED)
def test_a_damaged_document_is_one_fault(content: bytes) -> None:
    for reading in all_of(content):
        assert [(fault.slug, fault.offset, fault.length) for fault in reading.faults] == [
            ("not-json", 0, len(content))
        ]
        assert (reading.lines, reading.accounted, reading.entries) == (1, 0, {})


@pytest.mark.parametrize("content", [b"", b"\n", b"  \r\n"])
def test_an_empty_document_says_nothing(content: bytes) -> None:
    for reading in all_of(content):
        assert (reading.faults, reading.lines, reading.accounted, reading.entries) == ([], 0, 0, {})


def test_a_huge_document_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "JSON_FILE_BYTES", 100)
    for reading in all_of(json.dumps({"subject": "x" * 100}).encode()):
        assert [fault.slug for fault in reading.faults] == ["oversized-record"]
        assert (reading.lines, reading.accounted, reading.entries) == (1, 0, {})


def test_texts_are_redacted_before_they_are_cut() -> None:
    long = "x" * (limits.LABEL_CHARS - 3) + "SECRET"
    cut = "x" * (limits.LABEL_CHARS - 3) + "[go"
    (entry,) = read_agent(opened({"agentType": "SECRET", "description": long}), "s", "a1", marking).entries[
        "s"
    ]
    assert entry.body == AgentFact("[gone]", "", "", cut)
    assert read_task(opened({"subject": long}), "s", marking)[1][0].subject == cut
    assert read_todos(opened([{"content": long}]), "s", marking)[1][0].subject == cut


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["id", "subject", "status", "content", "agentType"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(VALUES.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=60))
def test_no_document_is_an_error(content: bytes) -> None:
    for reading in all_of(content):
        assert reading.accounted + len(reading.faults) == reading.lines <= 1
        assert all(fault.length <= len(content) for fault in reading.faults)
        repr(reading.entries).encode()
