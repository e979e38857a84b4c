"""One source file to what it says, from where the last reading ended."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from outrider.edge.readers.documents import read_agent, read_task, read_todos
from outrider.edge.readers.excerpts import Clean, Suspect, always
from outrider.edge.readers.layout import SourceFile
from outrider.edge.readers.transcript import TranscriptName, read_transcript
from outrider.edge.readers.wrangler import read_wrangler_log, read_wrangler_session
from outrider.edge.store.sources import LOG_KINDS, SourceState
from outrider.record.reading import Reading
from outrider.record.tasks import TaskItem
from outrider.record.wrangler import WranglerEvent, WranglerSession

_HEAD_BYTES = 4_096


@dataclass(slots=True)
class FileReading:
    """What one file gave, read from byte ``start``. ``before`` is its state when reading began.

    ``anew``: it was read from its beginning, because it is new, was replaced, or is no log.
    """

    state: SourceState
    before: SourceState | None
    anew: bool
    reading: Reading
    start: int = 0
    session: str = ""
    tasks: list[TaskItem] = field(default_factory=list)
    wrangler_session: WranglerSession | None = None
    wrangler_events: list[WranglerEvent] = field(default_factory=list)


def read_source(
    file: SourceFile, before: SourceState | None, clean: Clean, suspect: Suspect = always
) -> FileReading:
    """Read what is new in ``file``. Raises ``OSError`` when it cannot be opened or read.

    Size and time are those of the opened file: it may have grown since it was listed.
    """
    with Path(file.path).open("rb") as opened:
        now = os.fstat(opened.fileno())
        anew = before is None or file.kind not in LOG_KINDS or _replaced(opened, now.st_size, before)
        cursor = 0 if anew or before is None else before.cursor
        result = _read(file, opened, cursor, clean, suspect)
        head, head_size = fingerprint(opened, max(result.reading.cursor, 0))
    state = SourceState(
        file.name,
        file.kind,
        now.st_size,
        now.st_mtime_ns,
        head,
        head_size,
        result.reading.cursor,
        result.reading.waiting,
    )
    result.state, result.before, result.anew = state, before, anew
    result.start, result.session = cursor, file.session
    return result


def fingerprint(opened: BinaryIO, upto: int) -> tuple[str, int]:
    """Return a fingerprint of the first bytes of a file, of at most ``upto``, and how many they are."""
    opened.seek(0)
    head = opened.read(min(upto, _HEAD_BYTES))
    return hashlib.blake2b(head, digest_size=8).hexdigest(), len(head)


def _replaced(opened: BinaryIO, size: int, before: SourceState) -> bool:
    """Tell whether the file is another one than before: shorter than what was read, or begun otherwise."""
    if size < before.cursor:
        return True
    return fingerprint(opened, before.head_size) != (before.head, before.head_size)


def _read(file: SourceFile, opened: BinaryIO, cursor: int, clean: Clean, suspect: Suspect) -> FileReading:
    empty = SourceState(file.name, file.kind, 0, 0, "", 0, 0, 0)
    result = FileReading(empty, None, anew=True, reading=Reading())
    opened.seek(0)
    if file.kind in LOG_KINDS:
        name = TranscriptName(file.session, file.agent)
        result.reading = read_transcript(opened, cursor, name, clean, suspect)
    elif file.kind == "agent":
        result.reading = read_agent(opened, file.session, file.agent, clean)
    elif file.kind == "todos":
        result.reading, result.tasks = read_todos(opened, file.session, clean)
    elif file.kind == "tasks":
        result.reading, result.tasks = read_task(opened, file.session, clean)
    elif Path(file.path).name == "audit.jsonl":
        result.reading, result.wrangler_events = read_wrangler_log(opened, file.session, clean)
    elif Path(file.path).name == "context.json":
        folder = str(Path(file.path).parent)
        result.reading, result.wrangler_session = read_wrangler_session(opened, file.session, folder, clean)
    else:
        result.reading, _ = read_wrangler_session(opened, file.session, "", clean)
    return result
