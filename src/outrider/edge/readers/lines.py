"""Bytes to records: from a cursor to the last whole line, with every damage located.

Records are appended by processes that may die in mid-write, so a file can hold a torn tail, a record cut
by the next one on the same line, two records without a newline between, and runs of zero bytes (shapes
and rates: anthropics/claude-code issue 81843). A damaged record costs itself, never its neighbours.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple

from outrider.kernel import limits
from outrider.record.faults import Fault, FaultSlug

_SCANNER = json.JSONDecoder()
_RECORD_START = re.compile(rb'\{"(?:parentUuid|type|uuid|sessionId|isSidechain|logicalParentUuid)"')
_RESYNC_TRIES = 500
_STUB_BYTES = 65_536
_STUB_KIND = re.compile(rb'"type":\s?"([a-z-]{1,40})"')
_STUB_ID = re.compile(rb'"uuid":\s?"([0-9a-f-]{1,40})"')
_BOM = b"\xef\xbb\xbf"


class Line(NamedTuple):
    """One physical line: its first byte in the file and its bytes without the line end."""

    offset: int
    raw: bytes


class Block(NamedTuple):
    """Some whole lines: their first byte in the file and their bytes, the last line end included."""

    offset: int
    raw: bytes


class Tail(NamedTuple):
    """The bytes behind the last line end: maybe a record still being written."""

    offset: int
    raw: bytes


class Oversized(NamedTuple):
    """A line over the limit, of which only the beginning was kept."""

    offset: int
    length: int
    head: bytes


def blocks_from(file: BinaryIO, cursor: int) -> Iterator[Block | Tail | Oversized]:
    """Yield the lines of ``file`` from byte ``cursor`` on, many at a time; a :class:`Tail` may end them.

    Memory stays under the line limit plus two chunks, whatever the file holds.
    """
    file.seek(cursor)
    pending: list[bytes] = []
    offset, size = cursor, 0
    while chunk := file.read(limits.READ_CHUNK_BYTES):
        end = chunk.rfind(b"\n") + 1
        if not end:
            pending, size = _held(pending, size, chunk)
            continue
        if size + chunk.find(b"\n") > limits.LINE_BYTES:
            first = chunk.find(b"\n") + 1
            yield Oversized(offset, size + first - 1, b"".join([*pending, chunk])[:_STUB_BYTES])
            offset += size + first
            yield Block(offset, chunk[first:end])
            offset += end - first
        else:
            yield Block(offset, b"".join([*pending, chunk[:end]]))
            offset += size + end
        pending, size = [chunk[end:]], len(chunk) - end
    if size > limits.LINE_BYTES:
        yield Oversized(offset, size, b"".join(pending)[:_STUB_BYTES])
    elif size:
        yield Tail(offset, b"".join(pending))


def lines_of(block: Block) -> Iterator[Line]:
    """Yield the lines of a block."""
    offset = block.offset
    for raw in block.raw.split(b"\n")[:-1]:
        yield Line(offset, raw)
        offset += len(raw) + 1


def trimmed(line: Line) -> tuple[bytes, Fault | None]:
    """Return the record's bytes without white space, byte-order mark and zero runs, and the fault seen."""
    raw = line.raw.strip()
    raw = raw.removeprefix(_BOM)
    if raw[:1] != b"\0" and raw[-1:] != b"\0":
        return raw, None
    bare = raw.strip(b"\0 \t\r")
    return bare, Fault("zero-bytes", line.offset, len(line.raw) - len(bare), "a run of zero bytes")


def resynchronised(line: Line, accepts: Callable[[bytes], bool]) -> tuple[list[bytes], list[Fault]]:
    """Recover the whole records of a line that is no record as it stands.

    ``accepts`` tells whether some bytes are a whole record. Returns the records in order and one fault
    for each stretch that had to be given up.
    """
    raw, position = line.raw, 0
    records: list[bytes] = []
    faults: list[Fault] = []
    while position < len(raw):
        end = _whole_object_end(raw, position)
        if end is not None and accepts(raw[position:end]):
            records.append(raw[position:end])
            position = end
            continue
        start = _next_record(raw, position, accepts)
        stop = len(raw) if start is None else start
        if raw[position:stop].strip(b"\0 \t\r"):
            slug: FaultSlug = "not-json" if start is None and not records else "spliced-record"
            faults.append(Fault(slug, line.offset + position, stop - position))
        position = stop
    if not faults:
        faults.append(Fault("spliced-record", line.offset, len(raw), "a line end is missing"))
    return records, faults


def oversized_fault(item: Oversized) -> Fault:
    """Return the fault for a line over the limit, naming the record's kind and id where they can be seen."""
    kind, uuid = _STUB_KIND.search(item.head), _STUB_ID.search(item.head)
    known = [m.group(1).decode("ascii") for m in (kind, uuid) if m]
    return Fault("oversized-record", item.offset, item.length, " ".join(known))


def _held(pending: list[bytes], size: int, chunk: bytes) -> tuple[list[bytes], int]:
    if size > limits.LINE_BYTES:
        return pending, size + len(chunk)
    if size + len(chunk) > limits.LINE_BYTES:
        return [b"".join([*pending, chunk])[:_STUB_BYTES]], size + len(chunk)
    return [*pending, chunk], size + len(chunk)


def _whole_object_end(raw: bytes, position: int) -> int | None:
    """Return where the JSON object that begins at ``position`` ends, or None when none is whole there."""
    if raw[position : position + 1] != b"{":
        return None
    try:
        text = raw[position:].decode("utf-8")
        _, end = _SCANNER.raw_decode(text)
    except (ValueError, RecursionError):
        return None
    return position + len(text[:end].encode("utf-8"))


def _next_record(raw: bytes, position: int, accepts: Callable[[bytes], bool]) -> int | None:
    """Return the first place behind ``position`` from which a whole record follows."""
    allowed = max(4, min(_RESYNC_TRIES, limits.LINE_BYTES // (len(raw) + 1)))
    for tries, match in enumerate(_RECORD_START.finditer(raw, position + 1)):
        if tries == allowed:
            return None
        start = match.start()
        if accepts(raw[start:]):
            return start
        end = _whole_object_end(raw, start)
        if end is not None and accepts(raw[start:end]):
            return start
    return None
