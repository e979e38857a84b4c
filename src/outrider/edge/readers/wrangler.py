"""Wrangler's own session records, in both dialects.

The MCP tools write `phase` and the status `complete`; the engine writes `step` and `completed`, under
ids that begin with `wf-`. Both are read to the same events; nothing in them is taken for checked.
"""

from __future__ import annotations

from typing import BinaryIO

from outrider.edge.readers import lines
from outrider.edge.readers.documents import json_object
from outrider.edge.readers.excerpts import Clean, beginning, value_text
from outrider.edge.readers.places import instant
from outrider.edge.readers.shapes import lenient_value
from outrider.kernel import limits
from outrider.record.faults import Fault
from outrider.record.reading import Reading
from outrider.record.wrangler import Dialect, WranglerEvent, WranglerSession

_STATUSES = {
    "complete": "completed",
    "completed": "completed",
    "started": "started",
    "failed": "failed",
    "skipped": "skipped",
}


def read_wrangler_session(
    file: BinaryIO, name: str, folder: str, clean: Clean
) -> tuple[Reading, WranglerSession | None]:
    """Read a session's `context.json`, `checkpoint.json` or `blocker.json`."""
    reading = Reading()
    value = json_object(file, reading)
    reading.count("wrangler-context")
    if not isinstance(value, dict):
        return reading, None
    return reading, WranglerSession(
        name,
        _dialect(name),
        clean(folder),
        _word(value, "status", clean),
        _word(value, "currentPhase", clean),
        _instant(value, "startedAt"),
        _instant(value, "completedAt"),
        value_text(value, clean),
    )


def read_wrangler_log(file: BinaryIO, name: str, clean: Clean) -> tuple[Reading, list[WranglerEvent]]:
    """Read a session's `audit.jsonl` from its beginning."""
    reading = Reading()
    events: list[WranglerEvent] = []
    for item in lines.blocks_from(file, 0):
        if isinstance(item, lines.Oversized) and item.ended:
            reading.lines += 1
            reading.faults.append(lines.oversized_fault(item))
        elif isinstance(item, lines.Oversized):
            reading.waiting = item.length
        elif isinstance(item, lines.Block):
            for line in lines.lines_of(item):
                _take(line, name, clean, reading, events)
        elif isinstance(lenient_value(item.raw), dict):
            _take(lines.Line(*item), name, clean, reading, events)
        else:
            reading.waiting = len(item.raw)
    return reading, events


def _take(line: lines.Line, name: str, clean: Clean, reading: Reading, events: list[WranglerEvent]) -> None:
    raw, fault = lines.trimmed(line)
    if fault:
        reading.faults.append(fault)
    if not raw:
        return
    reading.lines += 1
    reading.cursor = line.offset + len(line.raw)
    value = lenient_value(raw)
    if isinstance(value, dict):
        reading.accounted += 1
        reading.count("wrangler-event")
        events.append(_event(value, name, len(events) + 1, clean))
    else:
        reading.faults.append(Fault("not-json", line.offset, len(line.raw)))


def _event(value: dict[str, object], name: str, number: int, clean: Clean) -> WranglerEvent:
    step = _word(value, "phase", clean) or _word(value, "step", clean)
    status = _word(value, "status", clean)
    known = ("phase", "step", "status", "timestamp")
    facts = {key: each for key, each in value.items() if key not in known}
    at = _instant(value, "timestamp")
    status = _STATUSES.get(status, status)
    return WranglerEvent(name, number, at, step, status, value_text(facts, clean))


def _dialect(name: str) -> Dialect:
    return "engine" if name.startswith("wf-") else "mcp"


def _word(value: dict[str, object], key: str, clean: Clean) -> str:
    found = value.get(key)
    return beginning(found, limits.LABEL_CHARS, clean) if isinstance(found, str) else ""


def _instant(value: dict[str, object], key: str) -> int | None:
    found = value.get(key)
    return instant(found[: limits.LABEL_CHARS]) if isinstance(found, str) else None
