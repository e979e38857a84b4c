"""Logs of hook events: one JSON object a line, ``{"t": unix seconds, "payload": {what a hook got}}``.

Our own spool is written so, and a few lines of shell in front of any hook write the same. A log may hold
several sessions, one among the other. Damage costs its line alone.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any, BinaryIO, Literal, NamedTuple

import msgspec

from outrider.edge.readers import lines
from outrider.edge.readers.shapes import lenient_value
from outrider.kernel import limits
from outrider.record.faults import Fault

LogKind = Literal["hooks", "transcript", "other", "nothing"]
"""What the lines of a file are; `nothing`: there is no whole line in it that could tell."""


class HookEvent(NamedTuple):
    """One hook call: when (seconds since 1970), of which session, and what the hook was given."""

    at: float
    session: str
    payload: dict[str, Any]


def kind_of(file: BinaryIO) -> LogKind:
    """Tell a hook log from a transcript by the first lines that can be read."""
    kind: LogKind = "nothing"
    for number, line in enumerate(_lines(file)):
        if number >= limits.HOOK_LOG_FIRST_LINES:
            break
        if isinstance(line, Fault):
            continue
        if number == 0 and line.raw in _FOREIGN_DOCUMENT:
            return "other"
        for value in _values(line)[0]:
            if _payload(value) is not None or value.keys() >= _SPOOLED:
                return "hooks"
            if isinstance(value.get("type"), str) and not _TRANSCRIPT_KEYS.isdisjoint(value):
                return "transcript"
            kind = "other"
    return kind


def read_hook_log(file: BinaryIO) -> Iterator[HookEvent | Fault]:
    """Yield the events of a log in the order of its lines, and a fault for all that could not be read.

    An event that does not say its session or its time has those of the one before.
    """
    session, at = "", 0.0
    for line in _lines(file):
        if isinstance(line, Fault):
            yield line
            continue
        values, fault = _values(line)
        if fault:
            yield fault
        for value in values:
            payload = _payload(value)
            if payload is None:
                yield Fault("not-a-record", line.offset, len(line.raw), "no hook payload")
                continue
            named = payload.get("session_id")
            session = named[: limits.LABEL_CHARS] if isinstance(named, str) and named else session
            at = _seconds(value.get("t"), at)
            yield HookEvent(at, session, payload)


_TRANSCRIPT_KEYS = frozenset(("uuid", "sessionId", "message", "leafUuid", "snapshot", "operation"))
_FOREIGN_DOCUMENT = (b"{", b"[", b"[{")
"""The first line of one JSON document over many lines."""
_SPOOLED = frozenset(("t", "payload"))
_FIRST_MS = 1e11
_LAST_SECONDS = limits.LATEST_INSTANT_MS / 1000
_BEGINNING = b'{"t"'
_SCANNER = json.JSONDecoder(parse_int=lambda digits: int(digits[:18]), parse_constant=lambda _: None)


def _lines(file: BinaryIO) -> Iterator[lines.Line | Fault]:
    for item in lines.blocks_from(file, 0):
        if isinstance(item, lines.Oversized):
            yield lines.oversized_fault(item)
        elif isinstance(item, lines.Tail):
            yield from _trimmed(lines.Line(item.offset, item.raw))
        else:
            for line in lines.lines_of(item):
                yield from _trimmed(line)


def _trimmed(line: lines.Line) -> Iterator[lines.Line | Fault]:
    raw, fault = lines.trimmed(line)
    if fault:
        yield fault
    if raw:
        yield lines.Line(line.offset, raw)


def _values(line: lines.Line) -> tuple[list[dict[str, Any]], Fault | None]:
    """Return the objects of a line: one, or those that were written onto it without a line end."""
    try:
        value = msgspec.json.decode(line.raw)
    except RecursionError:
        return [], Fault("too-deep", line.offset, len(line.raw))
    except (msgspec.MsgspecError, ValueError):
        value = lenient_value(line.raw)
    if isinstance(value, dict):
        return [value], None
    if value is not None:
        return [], Fault("not-a-record", line.offset, len(line.raw))
    found = _spliced(line.raw)
    slug: Literal["spliced-record", "torn-record", "not-json"] = (
        "spliced-record" if found else "torn-record" if line.raw[:1] == b"{" else "not-json"
    )
    return found, Fault(slug, line.offset, len(line.raw))


def _spliced(raw: bytes) -> list[dict[str, Any]]:
    """Return the whole objects of a line that is none itself."""
    if len(raw) > limits.HOOK_LOG_SPLICED_BYTES:
        return []
    text = raw.decode("utf-8", "replace")
    found: list[dict[str, Any]] = []
    at, tries = 0, 0
    while 0 <= at < len(text) and tries < limits.HOOK_LOG_SPLICES:
        tries += 1
        try:
            value, at = _SCANNER.raw_decode(text, at)
            found += [value] if isinstance(value, dict) else []
        except (ValueError, RecursionError):
            at += 1
        at = text.find(_BEGINNING.decode(), at)
    return found


def _payload(value: dict[str, Any]) -> dict[str, Any] | None:
    """Return what the hook was given; a line may also be that alone."""
    payload = value.get("payload")
    for each in (payload, value):
        if isinstance(each, dict) and isinstance(each.get("hook_event_name"), str):
            return each
    return None


def _seconds(given: object, before: float) -> float:
    """Return an instant in seconds; milliseconds are told by their size, anything else is no instant."""
    if not isinstance(given, int | float) or isinstance(given, bool) or given < 0:
        return before
    try:
        seconds = float(given) / 1000 if given >= _FIRST_MS else float(given)
    except OverflowError:
        return before
    return seconds if math.isfinite(seconds) and seconds <= _LAST_SECONDS else before
