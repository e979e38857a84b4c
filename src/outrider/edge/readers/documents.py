"""Whole-file JSON sources: subagent descriptions, task lists, wrangler's contexts."""

from __future__ import annotations

from typing import BinaryIO

from outrider.edge.readers.excerpts import Clean, beginning
from outrider.edge.readers.line_facts import agent_entry
from outrider.edge.readers.shapes import lenient_value
from outrider.kernel import limits
from outrider.record.entries import AgentFact
from outrider.record.faults import Fault
from outrider.record.reading import Reading
from outrider.record.tasks import TaskItem

_AGENT_KEYS = {
    "type": ("agentType", "agent_type"),
    "call": ("toolUseId", "toolUseID", "tool_use_id"),
    "parent": ("parentAgentId",),
    "description": ("description",),
}


def json_object(file: BinaryIO, reading: Reading) -> object:
    """Read one JSON document; damage becomes a fault of ``reading`` and None."""
    raw = file.read(limits.JSON_FILE_BYTES + 1)
    reading.lines = 1
    reading.cursor = len(raw)
    if len(raw) > limits.JSON_FILE_BYTES:
        reading.faults.append(Fault("oversized-record", 0, len(raw)))
        return None
    value = lenient_value(raw) if raw.strip(b"\0 \t\r\n") else None
    if value is None:
        if raw.strip():
            reading.faults.append(Fault("not-json", 0, len(raw)))
        else:
            reading.lines = 0
        return None
    reading.accounted = 1
    return value


def read_agent(file: BinaryIO, session: str, agent: str, clean: Clean) -> Reading:
    """Read the description that the host writes beside a subagent's transcript."""
    reading = Reading()
    value = json_object(file, reading)
    reading.count("agent-description")
    if isinstance(value, dict):
        facts = {key: _text(value, names, clean) for key, names in _AGENT_KEYS.items()}
        fact = AgentFact(facts["type"], facts["call"], facts["parent"], facts["description"])
        reading.entries[session] = [agent_entry(agent, fact)]
    return reading


def read_todos(file: BinaryIO, session: str, clean: Clean) -> tuple[Reading, list[TaskItem]]:
    """Read a to-do list of clients before the task tools: one JSON array."""
    reading = Reading()
    value = json_object(file, reading)
    reading.count("todo-list")
    items = value if isinstance(value, list) else []
    found = [
        TaskItem(session, str(number), _text(item, ("content",), clean), _text(item, ("status",), clean))
        for number, item in enumerate(items, 1)
        if isinstance(item, dict)
    ]
    return reading, found


def read_task(file: BinaryIO, session: str, clean: Clean) -> tuple[Reading, list[TaskItem]]:
    """Read one item of a task list: one JSON object."""
    reading = Reading()
    value = json_object(file, reading)
    reading.count("task")
    if not isinstance(value, dict):
        return reading, []
    names = (("id",), ("subject", "content"), ("status",))
    return reading, [TaskItem(session, *(_text(value, each, clean) for each in names))]


def _text(value: dict[object, object], names: tuple[str, ...], clean: Clean) -> str:
    for name in names:
        found = value.get(name)
        if isinstance(found, str | int) and not isinstance(found, bool):
            return beginning(str(found), limits.LABEL_CHARS, clean)
    return ""
