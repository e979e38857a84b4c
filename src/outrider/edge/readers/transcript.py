"""Transcripts of Claude Code, every client version, to entries.

One file is read from a cursor; what it says is gathered in a :class:`Reading`. Nothing that a file can
hold raises out of here: a line of an unknown kind is counted, a damaged one is a located fault.
"""

from __future__ import annotations

from typing import BinaryIO, NamedTuple

import msgspec

from outrider.edge.readers import lines
from outrider.edge.readers.excerpts import Clean, Suspect, always
from outrider.edge.readers.line_facts import LineFacts
from outrider.edge.readers.shapes import (
    LineShape,
    lenient_line,
    lenient_value,
    strict_line,
    strict_lines,
)
from outrider.record.faults import Fault, FaultSlug
from outrider.record.reading import Reading

_FOREIGN_DOCUMENT = (b"{", b"[", b"[{")
_WITHOUT_SESSION = ("file-history-snapshot", "summary")


class TranscriptName(NamedTuple):
    """What a transcript's place in the folder says: its session and, in a subagent's file, the agent."""

    session: str
    agent: str = ""


def read_transcript(
    file: BinaryIO, cursor: int, name: TranscriptName, clean: Clean, suspect: Suspect = always
) -> Reading:
    """Read ``file`` from byte ``cursor`` to its last whole record.

    ``name`` fills in for lines that do not say their session or agent. ``clean`` redacts every text;
    ``suspect`` tells of many texts at once, at a lower price, whether any of them could need it.
    """
    reading = Reading(cursor=cursor)
    facts = LineFacts(name.session, name.agent, clean, reading, suspect)
    reader = _TranscriptReader(facts, reading)
    for item in lines.blocks_from(file, cursor):
        if isinstance(item, lines.Block):
            if item.offset == 0 and item.raw.partition(b"\n")[0].strip() in _FOREIGN_DOCUMENT:
                return _foreign(file, reading)
            reader.take_block(item)
        elif isinstance(item, lines.Tail):
            reader.take_tail(item)
        else:
            reader.take_oversized(item)
    facts.finish()
    return reading


class _TranscriptReader:
    """Takes the lines of one file in turn."""

    def __init__(self, facts: LineFacts, reading: Reading) -> None:
        self._facts = facts
        self._reading = reading

    def take_block(self, block: lines.Block) -> None:
        """Take many lines at once; where one of them is odd, blank or two records, line by line."""
        shapes = _one_a_line(block.raw)
        if shapes is None:
            for line in lines.lines_of(block):
                self.take(line)
        else:
            self._reading.lines += len(shapes)
            self._reading.accounted += len(shapes)
            self._facts.take_many(shapes)
        self._reading.cursor = block.offset + len(block.raw)

    def take(self, line: lines.Line) -> None:
        """Take one line."""
        try:
            shape = strict_line(line.raw)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            self._take_odd(line)
            return
        self._reading.lines += 1
        self._reading.accounted += 1
        self._facts.take(shape)

    def _take_odd(self, line: lines.Line) -> None:
        """Take a line that does not decode as it stands: blank, marked, zeroed, odd or damaged."""
        raw, fault = lines.trimmed(line)
        if fault:
            self._reading.faults.append(fault)
        if not raw:
            return
        self._reading.lines += 1
        shape = _shape(raw)
        if shape is not None:
            self._reading.accounted += 1
            self._facts.take(shape)
        else:
            self._recover(lines.Line(line.offset + line.raw.find(raw), raw))

    def take_tail(self, tail: lines.Tail) -> None:
        """Take a last line without line end when it is whole; else leave it for the next reading."""
        raw, _ = lines.trimmed(lines.Line(*tail))
        if raw and _shape(raw) is not None:
            self.take(lines.Line(*tail))
            self._reading.cursor = tail.offset + len(tail.raw)
        else:
            self._reading.cursor = tail.offset
            self._reading.waiting = len(tail.raw)

    def take_oversized(self, item: lines.Oversized) -> None:
        """Count a line over the limit; one without line end waits, as any tail does."""
        if not item.ended:
            self._reading.cursor, self._reading.waiting = item.offset, item.length
            return
        self._reading.lines += 1
        self._reading.count("oversized")
        self._reading.faults.append(lines.oversized_fault(item))
        self._reading.cursor = item.offset + item.length + 1

    def _recover(self, line: lines.Line) -> None:
        records, faults = lines.resynchronised(line, _is_record)
        for record in records or [line]:
            shape = _shape(record.raw)
            if shape is not None:
                self._facts.take(shape)
            else:
                faults.append(Fault(_damage(record.raw), record.offset, len(record.raw)))
        self._reading.faults.extend(faults)
        if all(fault.detail for fault in faults):
            self._reading.accounted += 1


def _one_a_line(raw: bytes) -> list[LineShape] | None:
    """Decode lines of which each is one record as it stands; None when any of them is not."""
    starts = [line[:1] for line in raw.split(b"\n")]
    if starts.count(b"{") != len(starts) - 1:
        return None
    try:
        shapes = strict_lines(raw)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    return shapes if len(shapes) == len(starts) - 1 else None


def _shape(raw: bytes) -> LineShape | None:
    try:
        return strict_line(raw)
    except RecursionError:
        return None
    except (msgspec.MsgspecError, ValueError):
        return lenient_line(raw) if raw[:1] == b"{" and raw[-1:] == b"}" else None


def _is_record(raw: bytes) -> bool:
    """Tell a whole record from a part of one: nearly all records say both their kind and their session."""
    shape = _shape(raw)
    return shape is not None and bool(shape.type and (shape.session_id or shape.type in _WITHOUT_SESSION))


def _damage(raw: bytes) -> FaultSlug:
    """Say what is wrong with a line from which nothing could be read."""
    try:
        strict_line(raw)
    except RecursionError:
        return "too-deep"
    except (msgspec.MsgspecError, ValueError):
        if lenient_value(raw) is not None:
            return "not-a-record"
    return "torn-record" if raw[:1] == b"{" else "not-json"


def _foreign(file: BinaryIO, reading: Reading) -> Reading:
    """Pass over a document that is no transcript (one JSON value over many lines)."""
    size = file.seek(0, 2)
    reading.cursor = size
    reading.faults.append(Fault("not-a-transcript", 0, size, "one JSON document over many lines"))
    return reading
