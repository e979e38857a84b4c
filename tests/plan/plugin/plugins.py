"""Small plugins for tests, as values."""

from __future__ import annotations

from outrider.plan.plugin.collection import Collection, make_collection
from outrider.plan.plugin.former import Gone, read_former
from outrider.plan.plugin.page import Page
from outrider.plan.plugin.tree import File, make_tree


def skill(body: str, name: str = "shipping") -> str:
    return f"---\nname: {name}\ndescription: Use when it is ready.\n---\n# Title\n\n{body}\n"


def plugin(files: dict[str, str], gone: list[Gone] | None = None, name: str = "demo") -> Collection:
    """Return a plugin `demo` with these files, and what git knows to be gone."""
    files = {".claude-plugin/plugin.json": f'{{"name": "{name}"}}', **files}
    tree = make_tree(name, [File(path, text=text) for path, text in files.items()])
    pages = {path: Page(path, text) for path, text in files.items() if path.endswith(".md")}
    return make_collection(tree, pages, read_former(gone or []))
