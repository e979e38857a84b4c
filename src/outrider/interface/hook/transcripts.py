"""What a hook reads of transcripts: a bounded piece at the end, line by line, and only what it came for.

The host writes them a little late and may change their form, so nothing is decided by them but what no
payload tells: tokens, and what had happened before a skill was loaded.
"""

from __future__ import annotations

from outrider.interface.hook import files
from outrider.interface.hook.wire import read_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from outrider.record.activities.activity import Event
    from outrider.record.activities.vocabulary import Vocabulary

PIECE_BYTES = 1024 * 1024
"""Read at one event; more is caught up with at the next ones."""


class Piece:
    """Whole lines of a file from ``start`` on; ``end`` is where the next piece begins."""

    __slots__ = ("end", "lines")

    def __init__(self, lines: list[bytes], end: int) -> None:
        self.lines = lines
        self.end = end


def piece(path: str, start: int | None) -> Piece:
    """Return the next whole lines of a transcript; ``start`` None: the last ones."""
    if not path.startswith("/") or not path.endswith(".jsonl"):
        return Piece([], start or 0)
    try:
        raw, at = files.read_piece(path, start, PIECE_BYTES)
    except (OSError, ValueError):
        return Piece([], start or 0)
    whole = raw.rfind(b"\n") + 1
    if not whole and len(raw) == PIECE_BYTES:
        return Piece([], at + len(raw))
    lines = raw[:whole].splitlines()
    return Piece(lines[1:] if start is None and at else lines, at + whole)


def records(lines: list[bytes], holding: bytes) -> Iterator[dict[str, object]]:
    """Yield the records of those lines that hold a text; damaged lines are passed over."""
    for line in lines:
        if holding in line:
            try:
                value = read_json(line.decode("utf-8", "replace"))
            except (ValueError, RecursionError):
                continue
            if isinstance(value, dict):
                yield value


def events_before(payload: dict[str, object], vocabulary: Vocabulary) -> list[Event]:
    """Return what the calls at the end of the transcript did, the call of ``payload`` left out."""
    from outrider.judge.guard.seeing.observations import text_in
    from outrider.judge.guard.seeing.results import text_of
    from outrider.record.activities.activity import Event
    from outrider.record.activities.classify import happened

    lines = piece(text_in(payload, "transcript_path"), None).lines
    asked: dict[str, tuple[str, dict[str, object]]] = {}
    found: list[Event] = []
    for block in _blocks(lines):
        name, given = block.get("name"), block.get("input")
        if block.get("type") == "tool_use" and isinstance(name, str) and isinstance(given, dict):
            asked[str(block.get("id"))] = (name, given)
        call = str(block.get("tool_use_id"))
        if block.get("type") != "tool_result" or call not in asked or call == payload.get("tool_use_id"):
            continue
        tool, arguments = asked.pop(call)
        status = "error" if block.get("is_error") is True else "ok"
        text = text_of(block.get("content"))
        done = happened(tool, arguments, status, text, vocabulary, cwd=text_in(payload, "cwd"))
        found += [Event(call, 0, "", activity) for activity in done]
    return found


def _blocks(lines: list[bytes]) -> Iterator[dict[str, object]]:
    for record in records(lines, b'"tool_'):
        message = record.get("message")
        content = message.get("content") if isinstance(message, dict) else None
        for block in content if isinstance(content, list) else ():
            if isinstance(block, dict):
                yield block
