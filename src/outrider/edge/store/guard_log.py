"""The guard's log of interventions, and the marks of our own faults.

Written by hooks at the same time, one whole line at a time; a line that is none is passed over.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from outrider.edge.store.guard_files import make_private
from outrider.judge.guard.looks import Entry
from outrider.kernel.errors import StoreError
from outrider.kernel.limits import GUARD_LOG_READ_BYTES

Row = dict[str, object]


def entries(folder: Path, since: float = 0.0, session: str = "") -> list[Entry]:
    """Return the interventions of the log in ``folder``, the oldest first, with what followed them.

    ``session`` is an id or the beginning of one. Of a very long log only the end is read.
    """
    found: dict[str, Entry] = {}
    for row in _rows(folder / "log.jsonl"):
        after = row.get("after")
        if isinstance(after, str):
            if after in found:
                found[after] = replace(
                    found[after],
                    after=_text(row, "did"),
                    after_tool=_text(row, "tool"),
                    after_call=_text(row, "call"),
                    after_at=_number(row, "t"),
                )
        elif (entry := _entry(row)) and entry.at >= since and entry.session.startswith(session):
            found[entry.id] = entry
    return list(found.values())


def faults(folder: Path, since: float = 0.0) -> list[tuple[float, str, str]]:
    """Return our own faults in hooks: when, slug, event."""
    found = []
    for line in _lines(folder / "faults.log"):
        time, _, rest = line.decode("utf-8", "replace").strip().partition(" ")
        slug, _, event = rest.partition(" ")
        try:
            at = float(time)
        except ValueError:
            continue
        if at >= since and slug:
            found.append((at, slug, event))
    return found


def append(folder: Path, row: Row) -> str:
    """Append one intervention, in one write; return its id."""
    made = f"g-{secrets.token_hex(4)}"
    line = json.dumps({"id": made, **row}, ensure_ascii=True, separators=(",", ":")) + "\n"
    try:
        make_private(folder)
        handle = os.open(folder / "log.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.write(handle, line.encode())
        finally:
            os.close(handle)
    except OSError as error:
        raise StoreError(
            "guard-unwritable", f"{folder}: {error.strerror or error}", "check permissions and free space"
        ) from error
    return made


def _entry(row: Row) -> Entry | None:
    name = _text(row, "id")
    evidence = row.get("evidence")
    if not name:
        return None
    calls = evidence if isinstance(evidence, list) else []
    return Entry(
        name,
        _number(row, "t"),
        _text(row, "session"),
        _text(row, "agent"),
        _text(row, "level"),
        _text(row, "detector"),
        int(_number(row, "count")),
        _text(row, "label"),
        _text(row, "key"),
        _number(row, "since"),
        tuple(call for call in calls if isinstance(call, str)),
        _text(row, "said"),
        _text(row, "event"),
        _text(row, "mode"),
        _text(row, "call"),
    )


def _rows(path: Path) -> Iterator[Row]:
    for line in _lines(path):
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(row, dict):
            yield row


def _lines(path: Path) -> Iterator[bytes]:
    """Give the lines of a file, of a long one those at its end."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            start = max(size - GUARD_LOG_READ_BYTES, 0)
            file.seek(start)
            if start:
                file.readline()
            yield from file.read(GUARD_LOG_READ_BYTES).splitlines()
    except OSError:
        return


def _text(row: Row, name: str) -> str:
    value = row.get(name)
    return value if isinstance(value, str) else ""


def _number(row: Row, name: str) -> float:
    value = row.get(name)
    right = isinstance(value, int | float) and not isinstance(value, bool) and -1e15 < value < 1e15
    return float(value) if right and isinstance(value, int | float) else 0.0
