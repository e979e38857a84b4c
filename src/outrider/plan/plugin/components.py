"""What a plugin is made of: where each skill, command and agent stands, by which names it is called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from outrider.plan.plugin.tree import Tree

Kind = Literal["skill", "command", "agent"]

HOST_FOLDERS = frozenset((".claude", ".agents", ".codex", ".opencode", ".cursor", ".gemini", ".github"))
"""Hidden folders in which hosts look for components; others hold a project's own state."""

_LOOKED_INTO = ("skills", "commands", "agents")
_ASIDE = frozenset(
    (
        "tests",
        "test",
        "fixtures",
        "template",
        "templates",
        "evals",
        "eval",
        "examples",
        "node_modules",
        "archive",
    )
)


@dataclass(frozen=True, slots=True)
class Component:
    """A skill, command or agent. ``name`` is what it is called by, ``path`` its file, ``plugin`` its owner.

    A skill is called by its folder's name; ``said`` is the name in its front matter, which may differ.
    """

    kind: Kind
    name: str
    path: str
    plugin: str
    said: str = ""

    @property
    def folder(self) -> str:
        """The folder that a skill owns; for other components the one that their file stands in."""
        return self.path.rpartition("/")[0]


_NAME_LINE = re.compile(r"^name:[ \t]*[\"']?(.*?)[\"']?[ \t]*$", re.MULTILINE)


def find_components(tree: Tree, plugins: dict[str, str]) -> list[Component]:
    """Return the components of a tree; ``plugins`` are the names of plugins by their folder.

    Where nothing stands in the folders that the host looks into, every SKILL.md counts: the tree is then a
    folder of skills, or one skill.
    """
    found: list[Component] = []
    elsewhere: list[Component] = []
    for path in tree.files:
        if path.endswith(".md") and (kind := kind_of(path)):
            owner, inside = owner_of(path, plugins)
            component = Component(
                kind, _name(kind, inside, tree.name), path, owner, _said_name(tree.text(path))
            )
            (found if _is_looked_into(inside) else elsewhere).append(component)
    return found or [component for component in elsewhere if component.kind == "skill"]


def _is_looked_into(inside: str) -> bool:
    parts = inside.split("/")
    return (parts[1] if parts[0] in HOST_FOLDERS and len(parts) > 1 else parts[0]) in _LOOKED_INTO


def kind_of(path: str) -> Kind | None:
    """Tell what a Markdown file is by its place; None for a page that is no component."""
    parts = path.split("/")
    folders = parts[:-1]
    if any((part[0] == "." and part not in HOST_FOLDERS) or part in _ASIDE for part in folders):
        return None
    if parts[-1] == "SKILL.md":
        return "skill"
    if parts[-1].lower() in ("readme.md", "index.md") or "skills" in folders:
        return None
    for folder in reversed(folders):
        if folder == "commands":
            return "command"
        if folder == "agents":
            return "agent"
        if folder in ("docs", "references"):
            return None
    return None


def owner_of(path: str, plugins: dict[str, str]) -> tuple[str, str]:
    """Return the name of the plugin that a path belongs to, and the path inside it."""
    folder = path
    while folder:
        folder = folder.rpartition("/")[0]
        if folder in plugins:
            return plugins[folder], path[len(folder) + 1 :] if folder else path
    return "", path


def _name(kind: Kind, inside: str, root: str) -> str:
    if kind == "skill":
        folder = inside.rpartition("/")[0]
        return folder.rpartition("/")[2] or root
    return inside.rpartition("/")[2].removesuffix(".md")


def _said_name(text: str) -> str:
    head = text[:4000]
    end = head.find("\n---", 3)
    match = _NAME_LINE.search(head, 0, end) if head.startswith("---") and end > 0 else None
    return match[1] if match else ""
