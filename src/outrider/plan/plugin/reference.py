"""A reference from a page to something: how it is written, what it resolves to, what it is about."""

from __future__ import annotations

from typing import Literal, NamedTuple

from outrider.plan.plugin.collection import Collection
from outrider.plan.plugin.page import Page
from outrider.plan.plugin.scope import PageScope, Scope, is_placeholder, line_scope

Form = Literal[
    "qualified",
    "slash",
    "phrase",
    "listed",
    "marked",
    "agent",
    "tool",
    "link",
    "anchor",
    "path",
    "shell",
    "variable",
    "include",
    "tree",
    "file",
]
"""How a reference is written: `plugin:name`; `/name`; "the x skill"; an entry of a list of names; a name in
backquotes or bold; an agent's type; an MCP tool; a Markdown link; its anchor; a path in text, in a shell
line, behind `${CLAUDE_PLUGIN_ROOT}`; `@path`; an entry of a drawn tree; a bare file name."""


class Reference(NamedTuple):
    """One reference. ``name`` is what is looked up, ``start`` its place in the page's text.

    ``target`` is the path that it resolves to, empty when nothing is there.
    """

    form: Form
    name: str
    page: str
    line: int
    column: int
    start: int
    target: str
    scope: Scope
    in_fence: bool = False


class Scene(NamedTuple):
    """A page within its collection, as those see it who look for references on it."""

    page: Page
    collection: Collection
    scope: PageScope

    def scope_at(self, start: int, name: str) -> Scope:
        """Return what a reference to ``name`` that begins at ``start`` is about."""
        if is_placeholder(name):
            return "placeholder"
        if self.scope != "plugin" and self.scope != "state":  # noqa: PLR1714 - narrows the type
            return self.scope
        line, column = self.page.place(start)
        return line_scope(self.page, line, column + len(name))

    def reference(
        self, form: Form, name: str, start: int, target: str | None, scope: Scope | None = None
    ) -> Reference:
        """Return a reference that begins at ``start``."""
        line, column = self.page.place(start)
        if scope is None:
            scope = "plugin" if target else self.scope_at(start, name)
        return Reference(
            form, name, self.page.path, line, column, start, target or "", scope, self._in_fence(line)
        )

    def _in_fence(self, line: int) -> bool:
        return self.page.fence_at(line) is not None
