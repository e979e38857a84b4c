"""Drawn folder trees: what they show against what is there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from outrider.plan.plugin.collection import Collection
from outrider.plan.plugin.page import Page
from outrider.plan.plugin.reference import Reference, Scene
from outrider.plan.plugin.scope import is_placeholder
from outrider.plan.plugin.tree import joined

_TREE_LINE = re.compile(r"^([│| \t\u00a0]*)[├└`+][─-]{1,3}[ \u00a0]*([\w.][^\s#(←]*)")
_ROOT_LINE = re.compile(r"^([\w.-]+(?:/[\w.-]+)*)/?[ \t]*(?:#.*|\(.*)?$")
_TREE_SHARE = 0.6


def drawn_trees(scene: Scene) -> Iterator[Reference]:
    """Find entries of drawn folder trees that do not exist, where most of the tree does."""
    for fence in scene.page.fences if "──" in scene.page.text or "|--" in scene.page.text else ():
        entries = list(_drawn(scene, fence.line + 1, scene.page.fence_text(fence)))
        real = [entry for entry in entries if not is_placeholder(entry[0])]
        former = scene.collection.former.paths
        found = [entry for entry in real if scene.collection.tree.has(entry[0]) or entry[0] in former]
        if all(entry[0].startswith(".") for entry in found):
            continue
        if len(real) < 3 or len(found) < _TREE_SHARE * len(real):
            continue
        starts = scene.page.line_starts
        for path, line, column in real:
            parent = path.rpartition("/")[0]
            if (
                not scene.collection.tree.has(path)
                and not scene.collection.is_ignored(path)
                and scene.collection.tree.has(parent)
            ):
                shown = (
                    path + "/" if scene.page.line_text(line)[column:].split(" ")[0].endswith("/") else path
                )
                yield scene.reference("tree", shown, starts[line - 1] + column, None)


def _drawn(scene: Scene, first_line: int, text: str) -> Iterator[tuple[str, int, int]]:
    """Yield path, line and column of each entry of a drawn tree, with the folder that it is drawn under."""
    collection, page = scene.collection, scene.page
    base = collection.plugin_root(page.path)
    stack: list[tuple[int, str]] = []
    for number, line in enumerate(text.split("\n")):
        match = _TREE_LINE.match(line)
        if match is None:
            if (root := _ROOT_LINE.match(line.strip())) and line.strip().rstrip("/"):
                stack = [(-1, _root_of(collection, page, root[1], base))]
            continue
        depth, name = len(match[1]), match[2]
        while stack and stack[-1][0] >= depth:
            stack.pop()
        parent = stack[-1][1] if stack else base
        path = f"{parent}/{name.rstrip('/')}".strip("/")
        stack.append((depth, path))
        yield path, first_line + number, match.start(2)


def _root_of(collection: Collection, page: Page, name: str, base: str) -> str:
    here = page.path.rpartition("/")[0]
    for folder in (here, base):
        path = joined(folder, name)
        if path and collection.tree.has(path):
            return path
    return base if name.rstrip("/") in {collection.tree.name, *collection.plugin_names} else name
