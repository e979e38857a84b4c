"""Which files of a configuration folder are records, and of what."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

SourceKind = Literal["transcript", "agent", "journal", "tasks", "todos", "wrangler"]

_MAX_DEPTH = 8


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file that can be read. ``path`` is absolute, ``name`` is how the store knows it.

    ``session`` and ``agent`` are what its place says, for lines that do not say it themselves.
    """

    path: Path
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
    for folder, walk in (
        ("projects", _transcript),
        ("todos", _todo_list),
        ("tasks", _task_file),
    ):
        for path, stat in _files(root / folder, 0):
            found = walk(path, root, stat)
            if found is not None:
                yield found


def wrangler_files(project: Path) -> Iterator[SourceFile]:
    """Yield the logs and contexts of wrangler's own sessions in a project's folder."""
    for path, stat in _files(project / ".wrangler" / "sessions", 0):
        if path.name in ("context.json", "audit.jsonl", "checkpoint.json", "blocker.json"):
            yield SourceFile(path, str(path), "wrangler", stat.st_size, stat.st_mtime_ns, path.parent.name)


def _files(folder: Path, depth: int) -> Iterator[tuple[Path, os.stat_result]]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        try:
            if entry.is_dir(follow_symlinks=False):
                if depth < _MAX_DEPTH and entry.name != "tool-results":
                    yield from _files(Path(entry.path), depth + 1)
            elif entry.is_file(follow_symlinks=False):
                yield Path(entry.path), entry.stat(follow_symlinks=False)
        except OSError:
            continue


def _transcript(path: Path, root: Path, stat: os.stat_result) -> SourceFile | None:
    name = path.relative_to(root).as_posix()
    size, mtime = stat.st_size, stat.st_mtime_ns
    if path.suffix == ".json":
        is_meta = path.name.startswith("agent-") and path.name.endswith(".meta.json")
        session = _session_folder(path)
        agent = path.name[len("agent-") : -len(".meta.json")]
        return SourceFile(path, name, "agent", size, mtime, session, agent) if is_meta else None
    if path.suffix != ".jsonl":
        return None
    if path.name == "journal.jsonl":
        return SourceFile(path, name, "journal", size, mtime, _session_folder(path))
    if path.name.startswith("agent-"):
        session = _session_folder(path)
        agent = path.stem[len("agent-") :]
        return SourceFile(path, name, "transcript", size, mtime, session, agent)
    return SourceFile(path, name, "transcript", size, mtime, path.stem)


def _session_folder(path: Path) -> str:
    """Return the session in whose folder a subagent's file stands, empty for old layouts without one."""
    parts = path.parts
    return parts[parts.index("subagents") - 1] if "subagents" in parts[1:] else ""


def _todo_list(path: Path, root: Path, stat: os.stat_result) -> SourceFile | None:
    if path.suffix != ".json":
        return None
    session, _, agent = path.stem.partition("-agent-")
    name = path.relative_to(root).as_posix()
    return SourceFile(path, name, "todos", stat.st_size, stat.st_mtime_ns, session, agent)


def _task_file(path: Path, root: Path, stat: os.stat_result) -> SourceFile | None:
    if path.suffix != ".json":
        return None
    name = path.relative_to(root).as_posix()
    return SourceFile(path, name, "tasks", stat.st_size, stat.st_mtime_ns, path.parent.name)
