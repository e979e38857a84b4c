"""The files of a collection from disk: read-only, bounded, never outside the tree."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from outrider.kernel import limits
from outrider.kernel.errors import UnreadableError
from outrider.plan.plugin.tree import File, Reading, Tree, make_tree

_NOT_ENTERED = frozenset(
    (".git", "node_modules", "__pycache__", ".venv", "venv", ".mypy_cache", ".pytest_cache")
)
_READ_SUFFIXES = frozenset((".md", ".json", ".sh", ".yaml", ".yml", ".txt", ".cmd", ".toml"))
_SOURCE_SUFFIXES = frozenset((".ts", ".js", ".mjs", ".py"))
_SOURCES_NOT_READ = frozenset(("dist", "build", "test", "tests", "__tests__", "vendor"))
_PLAIN_SCRIPTS = frozenset(("hooks", "scripts", "bin", "lib"))


def read_tree(root: Path) -> Tree:
    """Read the collection below ``root``. Raises :class:`UnreadableError` when there is no such folder."""
    if not root.is_dir():
        raise UnreadableError("unreadable-file", f"{root}: no such folder", "give the folder of a plugin")
    base = os.path.realpath(root)
    files: list[File] = []
    left = limits.LINT_READ_BYTES
    for path, entry in _walk(str(root)):
        if len(files) >= limits.LINT_FILES:
            return make_tree(root.resolve().name, files, cut=True)
        file = _file(path, entry, base, left)
        left -= len(file.text)
        files.append(file)
    return make_tree(root.resolve().name, files)


def read_file(root: Path, path: str) -> File:
    """Read one file of a collection, as :func:`read_tree` does."""
    full = root / path
    return _read(path, str(full), os.stat(full), limits.LINT_READ_BYTES)


def _walk(root: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yield every file with its path below ``root``, in order of path; links are files here."""
    stack = [("", root)]
    while stack:
        inside, folder = stack.pop()
        try:
            with os.scandir(folder) as entries:
                here = sorted(entries, key=lambda entry: entry.name)
        except OSError:
            continue
        below = []
        for entry in here:
            path = f"{inside}/{entry.name}" if inside else entry.name
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in _NOT_ENTERED:
                    below.append((path, entry.path))
            else:
                yield path, entry
        stack.extend(reversed(below))


def _file(path: str, entry: os.DirEntry[str], base: str, left: int) -> File:
    try:
        if entry.is_symlink():
            return _link(path, entry, base, left)
        if not _is_read(path):
            return File(path, "unread", executable=_is_program(path) and bool(entry.stat().st_mode & 0o111))
        return _read(path, entry.path, entry.stat(), left)
    except OSError:
        return File(path, "unreadable")


def _link(path: str, entry: os.DirEntry[str], base: str, left: int) -> File:
    """Read what a symbolic link leads to, when that is a file of this tree."""
    real = os.path.realpath(entry.path)
    if real != base and not real.startswith(base + os.sep):
        return File(path, "link-out")
    if not os.path.exists(real):
        return File(path, "link-broken")
    if os.path.isdir(real) or not _is_read(path):
        return File(path, "unread")
    return replace(_read(path, real, os.stat(real), left), is_link=True)


def _read(path: str, place: str, stat: os.stat_result, left: int) -> File:
    executable = bool(stat.st_mode & 0o111)
    if stat.st_size > min(limits.LINT_FILE_BYTES, left):
        return File(path, "too-large", executable=executable)
    if not os.path.isfile(place):
        return File(path, "unreadable")
    with open(place, "rb") as opened:
        raw = opened.read(limits.LINT_FILE_BYTES + 1)
    reading, text = _decoded(raw)
    return File(path, reading, text, executable)


def _decoded(raw: bytes) -> tuple[Reading, str]:
    if b"\0" in raw:
        return "binary", ""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return "not-utf-8", ""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "text", text


def _is_read(path: str) -> bool:
    name = path.rpartition("/")[2]
    suffix = os.path.splitext(name)[1]
    if suffix in _READ_SUFFIXES:
        return name != "package-lock.json"
    if suffix in _SOURCE_SUFFIXES:
        return not _SOURCES_NOT_READ.intersection(path.split("/")) and ".test." not in name
    return name == ".gitignore" or _is_program(path)


def _is_program(path: str) -> bool:
    parts = path.split("/")
    return "." not in parts[-1] and len(parts) > 1 and bool(_PLAIN_SCRIPTS.intersection(parts[:-1]))
