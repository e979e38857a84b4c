"""Which files of a configuration folder are records, and of what."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

SourceKind = Literal["transcript", "agent", "journal", "tasks", "todos", "wrangler"]

_MAX_DEPTH = 8


class SourceFile(NamedTuple):
    """One file that can be read. ``path`` is absolute, ``name`` is how the store knows it.

    ``session`` and ``agent`` are what its place says, for lines that do not say it themselves.
    """

    path: str
    name: str
    kind: SourceKind
    size: int
    mtime_ns: int
    session: str = ""
    agent: str = ""


def source_files(root: Path) -> Iterator[SourceFile]:
    """Yield the record files below the configuration folder ``root``, in a fixed order.

    Symbolic links are not followed, so that nothing outside of the folder is read by accident.
    """
    for folder, recognised in (("projects", _transcript), ("todos", _todo_list), ("tasks", _task_file)):
        for found in _files(f"{root}/{folder}", folder):
            source = recognised(found)
            if source is not None:
                yield source


def files_below(folder: Path) -> Iterator[SourceFile]:
    """Yield every file below ``folder`` that could be a log or a record, whatever folder it is.

    Its kind is what its name says: `transcript` for all lines of JSON.
    """
    for found in _files(str(folder), str(folder)):
        yield _transcript(found) or _source(found, "transcript", "")


def wrangler_files(project: Path) -> Iterator[SourceFile]:
    """Yield the logs and contexts of wrangler's own sessions in a project's folder."""
    folder = f"{project}/.wrangler/sessions"
    for found in _files(folder, folder):
        if found.name in ("context.json", "audit.jsonl", "checkpoint.json", "blocker.json"):
            session = found.path.rpartition("/")[0].rpartition("/")[2]
            yield _source(found, "wrangler", session)


class _Found(NamedTuple):
    """One file: its path, the same below the configuration folder, its name, size and time."""

    path: str
    below: str
    name: str
    size: int
    mtime_ns: int


def _files(folder: str, below: str, depth: int = 0) -> Iterator[_Found]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        try:
            name = f"{below}/{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                if depth < _MAX_DEPTH and entry.name != "tool-results":
                    yield from _files(entry.path, name, depth + 1)
            elif entry.is_file(follow_symlinks=False):
                stat = entry.stat(follow_symlinks=False)
                yield _Found(entry.path, name, entry.name, stat.st_size, stat.st_mtime_ns)
        except OSError:
            continue


def _transcript(found: _Found) -> SourceFile | None:
    if found.name.endswith(".meta.json") and found.name.startswith("agent-"):
        agent = found.name[len("agent-") : -len(".meta.json")]
        return _source(found, "agent", _session_folder(found), agent)
    if not found.name.endswith(".jsonl"):
        return None
    if found.name == "journal.jsonl":
        return _source(found, "journal", _session_folder(found))
    stem = found.name[: -len(".jsonl")]
    if stem.startswith("agent-"):
        return _source(found, "transcript", _session_folder(found), stem[len("agent-") :])
    return _source(found, "transcript", stem)


def _source(found: _Found, kind: SourceKind, session: str, agent: str = "") -> SourceFile:
    names = (_storable(each) for each in (session, agent))
    return SourceFile(found.path, _storable(found.below), kind, found.size, found.mtime_ns, *names)


def _storable(name: str) -> str:
    """Return ``name`` with its bytes that are no UTF-8 written out: as they are they cannot be stored."""
    return name if name.isascii() else os.fsencode(name).decode("utf-8", "backslashreplace")


def _session_folder(found: _Found) -> str:
    """Return the session in whose folder a subagent's file stands, empty for old layouts without one."""
    parts = found.below.split("/")
    return parts[parts.index("subagents") - 1] if "subagents" in parts[1:] else ""


def _todo_list(found: _Found) -> SourceFile | None:
    stem, dot, ending = found.name.rpartition(".")
    session, _, agent = stem.partition("-agent-")
    return _source(found, "todos", session, agent) if dot and ending == "json" else None


def _task_file(found: _Found) -> SourceFile | None:
    folder = found.below.split("/")[-2]
    return _source(found, "tasks", folder) if found.name.endswith(".json") else None
