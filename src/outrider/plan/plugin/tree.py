"""The files of a collection as a value: what stands where, and what could not be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Reading = Literal[
    "text", "binary", "not-utf-8", "too-large", "link-out", "link-broken", "unreadable", "unread"
]
"""What became of a file: read as text; no text; larger than is read; a link that leaves the tree or leads
nowhere; refused by the system; `unread`, because nothing asks for its text."""


@dataclass(frozen=True, slots=True)
class File:
    """One file. ``text`` is empty unless ``reading`` is `text`; its lines end with a newline alone."""

    path: str
    reading: Reading = "text"
    text: str = ""
    executable: bool = False
    is_link: bool = False


@dataclass(frozen=True)
class Tree:
    """Files by path, relative to the root with `/` between the parts. ``cut``: there were more than are read.

    ``name`` is the root's own, ``folders`` all folders that hold a file.
    """

    name: str
    files: Mapping[str, File]
    folders: frozenset[str] = field(default_factory=frozenset)
    cut: bool = False

    def has(self, path: str) -> bool:
        """Tell whether a file or a folder stands at ``path``; the root itself is the empty path."""
        path = path.rstrip("/")
        return not path or path in self.files or path in self.folders

    def text(self, path: str) -> str:
        """Return the text of a file; empty where there is none."""
        file = self.files.get(path)
        return file.text if file else ""


def make_tree(name: str, files: Iterable[File], cut: bool = False) -> Tree:
    """Return the tree of ``files``."""
    by_path = {file.path: file for file in files}
    folders: set[str] = set()
    for path in by_path:
        above = path.rpartition("/")[0]
        while above and above not in folders:
            folders.add(above)
            above = above.rpartition("/")[0]
    return Tree(name, by_path, frozenset(folders), cut)


def joined(base: str, path: str) -> str | None:
    """Return ``path`` seen from the folder ``base``, without `.` and `..`; None when it leaves the root."""
    parts = [part for part in base.split("/") if part]
    for part in path.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part and part != ".":
            parts.append(part)
    return "/".join(parts)


def folders_above(path: str) -> list[str]:
    """Return the folder of a path and those around it, the nearest first; the last is the root."""
    found = []
    while path:
        path = path.rpartition("/")[0]
        found.append(path)
    return found
