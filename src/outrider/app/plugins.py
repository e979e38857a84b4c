"""A collection of plugins, read from disk: files, pages, components, and what git remembers."""

from __future__ import annotations

from pathlib import Path

from outrider.edge.readers.git_past import GitPast
from outrider.edge.readers.plugin_tree import read_tree
from outrider.plan.plugin.collection import Collection, make_collection
from outrider.plan.plugin.components import HOST_FOLDERS
from outrider.plan.plugin.former import read_former
from outrider.plan.plugin.page import Page
from outrider.plan.plugin.tree import Tree


def read_collection(root: Path, past: GitPast | None = None) -> Collection:
    """Read the plugins below ``root``; ``past`` is a git log that runs already, None to do without.

    Raises :class:`UnreadableError` when there is no such folder.
    """
    tree = read_tree(root)
    return make_collection(tree, _pages(tree), read_former(past.gone()) if past else None)


def _pages(tree: Tree) -> dict[str, Page]:
    return {
        path: Page(path, file.text)
        for path, file in tree.files.items()
        if path.endswith(".md") and file.reading == "text" and not file.is_link and not is_state(path)
    }


def is_state(path: str) -> bool:
    """Tell whether a page is what work left behind: it stands in a hidden folder that no host looks into."""
    return any(part[0] == "." and part not in HOST_FOLDERS for part in path.split("/")[:-1] if part)
