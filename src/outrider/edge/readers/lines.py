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
from outrider.record.faults import Fault

_SCANNER = json.JSONDecoder(parse_int=len, parse_float=len)
"""Finds where an object ends; what its numbers are is not asked, so that absurd ones do no harm."""

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
    """A line over the limit, of which only the beginning was kept; not ``ended`` while it has no line end."""

    offset: int
    length: int
    head: bytes
    ended: bool = True


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
        first = chunk.find(b"\n") + 1
        if size + first - 1 > limits.LINE_BYTES:
            yield Oversized(offset, size + first - 1, b"".join([*pending, chunk])[:_STUB_BYTES])
            offset += size + first
            raw = chunk[first:end]
        else:
            raw = b"".join([*pending, chunk[:end]])
        pending, size = [chunk[end:]], len(chunk) - end
        yield Block(offset, raw)
        offset += len(raw)
    if size > limits.LINE_BYTES:
        yield Oversized(offset, size, b"".join(pending)[:_STUB_BYTES], ended=False)
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
    first = line.raw.index(b"\0") if raw[:1] == b"\0" else line.raw.index(bare) + len(bare)
    return bare, Fault("zero-bytes", line.offset + first, len(raw) - len(bare), "a run of zero bytes")


def resynchronised(line: Line, is_record: Callable[[bytes], bool]) -> tuple[list[Line], list[Fault]]:
    """Recover the whole records of a line that is no record as it stands; nothing at all when it has none.

    Behind a whole record any object is one; behind a cut one it may be a part, so ``is_record`` decides.
    Returns the records in order and one fault for each stretch that had to be given up.
    """
    raw, position = line.raw, 0
    text = raw.decode("latin-1")  # a character for each byte: JSON's own signs are ASCII
    tries = iter(range(max(4, min(_RESYNC_TRIES, limits.LINE_BYTES // (len(raw) + 1)))))
    records: list[Line] = []
    faults: list[Fault] = []
    while position < len(raw):
        end = _object_end(text, position)
        if end is not None:
            records.append(Line(line.offset + position, raw[position:end]))
            position = end
            continue
        start = _next_record(line, text, position, tries, is_record)
        if raw[position:start].strip(b"\0 \t\r"):
            faults.append(Fault("spliced-record", line.offset + position, start - position))
        position = start
    if not records:
        return [], []
    return records, faults or [Fault("spliced-record", line.offset, len(raw), "a line end is missing")]


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


def _object_end(text: str, position: int) -> int | None:
    """Return where the JSON object that begins at ``position`` ends, or None when none is whole there."""
    if text[position] != "{":
        return None
    try:
        return _SCANNER.raw_decode(text, position)[1]
    except (ValueError, RecursionError):
        return None


def _next_record(
    line: Line, text: str, position: int, tries: Iterator[int], is_record: Callable[[bytes], bool]
) -> int:
    """Return the first place behind ``position`` where a whole record begins, else the end of the line."""
    for match, _ in zip(_RECORD_START.finditer(line.raw, position + 1), tries, strict=False):
        end = _object_end(text, match.start())
        if end is not None and is_record(line.raw[match.start() : end]):
            return match.start()
    return len(line.raw)
