"""From records to the bytes of a file, with the damage that real files have been seen with.

Shapes of damage: a record cut mid-way with the next complete one on the same line, a missing
newline between two good records, a run of zero bytes first, a torn last line. No record that the
truth counts is ever lost to it: what is cut is an extra record.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field

from .thread import SURROGATE, Record
from .traps import Trap
from .truth import Fault

_SPOILT = "\ue001"


@dataclass
class Damaged:
    """A file's bytes and what is wrong with them."""

    content: bytes = b""
    lines: int = 0
    blank: int = 0
    faults: list[Fault] = field(default_factory=list)
    torn: list[Fault] = field(default_factory=list)


def encoded(record: Record) -> bytes:
    """One record as its line, without the newline."""
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    raw = text.encode()
    if SURROGATE in text:
        raw = raw.replace(SURROGATE.encode(), b"\\ud83d")
    return raw.replace(_SPOILT.encode(), b"\xff\xfe\xc3") if _SPOILT in text else raw


def clean(records: list[Record]) -> Damaged:
    """A file without damage."""
    raw = b"".join(encoded(record) + b"\n" for record in records)
    return Damaged(raw, len(records))


def damaged(
    name: str,
    records: list[Record],
    traps: frozenset[str],
    rng: random.Random,
    *,
    spare_usage: bool,
) -> Damaged:
    """A file with up to two of each kind of damage that is on; ``name`` is its path in faults."""
    lines = [encoded(record) for record in records]
    writer = _Writer(name, b"\r\n" if Trap.CRLF in traps else b"\n", rng)
    if Trap.BOM in traps:
        writer.bom()
    plan = _plan(records, traps, rng, spare_usage=spare_usage)
    session = records[0].get("sessionId", "s")
    for at, line in enumerate(lines):
        kind = plan.get(at)
        if kind == Trap.BLANK:
            writer.blank()
        elif kind in (Trap.BAD_UTF8, Trap.DEEP, Trap.HUGE_NUMBER):
            writer.odd(kind, session)
        prefix = b""
        if kind == Trap.ZEROS:
            prefix = bytes(rng.randint(1, 4096))
        elif kind == Trap.SPLICE:
            prefix = _cut(session, rng)
        writer.line(line, prefix, kind, joined=kind == Trap.NO_NEWLINE)
    if Trap.TORN in traps:
        writer.tear(_extra_response(session, rng))
    return writer.finish()


class _Writer:
    def __init__(self, name: str, newline: bytes, rng: random.Random) -> None:
        self.name, self.newline, self.rng = name, newline, rng
        self.buffer = bytearray()
        self.start = 0
        self.done = Damaged()

    def blank(self) -> None:
        self.buffer += self.newline + b"  " + self.newline
        self.start = len(self.buffer)
        self.done.blank += 2

    def bom(self) -> None:
        self.buffer += b"\xef\xbb\xbf"
        self._fault(0, 3, Trap.BOM, certain=False)

    def line(self, line: bytes, prefix: bytes, kind: str | None, *, joined: bool) -> None:
        at = len(self.buffer) + len(prefix)
        self.buffer += prefix + line
        if prefix:
            self._fault(self.start, at, str(kind), certain=True)
        if joined:
            self._fault(self.start, len(self.buffer), Trap.NO_NEWLINE, certain=True)
            return
        self._end()

    def odd(self, kind: str, session: str) -> None:
        """A whole line that is, or is nearly, no good JSON; a reader may keep it or drop it."""
        self._fault(self.start, self.start, kind, certain=False)
        record: Record = {"type": "attachment", "sessionId": session, "odd": "@"}
        value = {
            Trap.BAD_UTF8: f'"bad {_SPOILT} bytes"',
            Trap.DEEP: "[" * 6000 + "]" * 6000,
            Trap.HUGE_NUMBER: "9" * 5000,
        }[Trap(kind)]
        text = json.dumps(record, separators=(",", ":")).replace('"@"', value)
        self.buffer += text.encode().replace(_SPOILT.encode(), b"\xff\xfe\xc3")
        self._end()

    def tear(self, record: Record) -> None:
        line = encoded(record)
        self.done.torn.append(Fault(self.name, self.start, self.start, Trap.TORN, certain=False))
        self.buffer += line[: self.rng.randint(40, len(line) - 2)]
        self.done.lines += 1

    def finish(self) -> Damaged:
        self.done.content = bytes(self.buffer)
        return self.done

    def _end(self) -> None:
        self.buffer += self.newline
        self.start = len(self.buffer)
        self.done.lines += 1

    def _fault(self, offset: int, at: int, kind: str, *, certain: bool) -> None:
        self.done.faults.append(Fault(self.name, offset, at, kind, certain))


def _plan(
    records: list[Record], traps: frozenset[str], rng: random.Random, *, spare_usage: bool
) -> dict[int, str]:
    """Line number → damage; never two beside each other, so that each stays what it is."""
    kinds = [
        kind
        for kind in (
            Trap.SPLICE,
            Trap.NO_NEWLINE,
            Trap.ZEROS,
            Trap.BLANK,
            Trap.BAD_UTF8,
            Trap.DEEP,
            Trap.HUGE_NUMBER,
        )
        if kind in traps
    ]
    wanted = [
        at
        for at in range(1, len(records) - 2)
        if (records[at]["type"] == "assistant") != spare_usage
        and (not spare_usage or records[at + 1]["type"] != "assistant")
    ]
    rng.shuffle(wanted)
    plan: dict[int, str] = {}
    for kind in kinds * 2:
        free = next((at for at in wanted if not plan.keys() & {at - 1, at, at + 1}), None)
        if free is not None:
            plan[free] = kind
    return plan


def _cut(session: str, rng: random.Random) -> bytes:
    """An extra record, cut somewhere."""
    line = encoded(_extra_response(session, rng))
    return line[: rng.randint(10, len(line) - 2)]


def _extra_response(session: str, rng: random.Random) -> Record:
    """A response that never was whole, so no truth counts it."""
    return {
        "parentUuid": None,
        "isSidechain": False,
        "sessionId": session,
        "version": "2.1.197",
        "message": {
            "id": f"msg_{rng.getrandbits(64):016x}",
            "model": "claude-opus-5-5",
            "role": "assistant",
            "content": [{"type": "text", "text": 'cut "here" \\ or {there} ' * 4}],
            "usage": {"input_tokens": 1, "output_tokens": 1},
            "stop_reason": "end_turn",
        },
        "requestId": f"req_{rng.getrandbits(64):016x}",
        "type": "assistant",
        "uuid": f"{rng.getrandbits(128):032x}",
        "timestamp": "2026-10-10T10:10:10.100Z",
    }
