"""All references of a collection, resolved against it alone: nothing is fetched and no file is opened."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from outrider.plan.plugin import agents_and_tools, drawn_trees, names, paths
from outrider.plan.plugin.collection import Collection
from outrider.plan.plugin.page import Page
from outrider.plan.plugin.reference import Reference, Scene
from outrider.plan.plugin.scope import page_scope

_FINDERS = (
    *names.FINDERS,
    agents_and_tools.agents,
    agents_and_tools.tools,
    *paths.FINDERS,
    drawn_trees.drawn_trees,
)


class References:
    """All references of a collection, made page by page when they are first asked for."""

    def __init__(self, collection: Collection) -> None:
        self.collection = collection
        self._of: dict[str, list[Reference]] = {}

    def of(self, page: Page) -> list[Reference]:
        """Return the references on one page, in order of place."""
        if page.path not in self._of:
            self._of[page.path] = sorted(_found(page, self.collection), key=lambda each: each.start)
        return self._of[page.path]

    def keep(self, found: Mapping[str, list[Reference]]) -> None:
        """Take over what was found elsewhere, by page."""
        self._of.update(found)

    def found(self, paths: Iterable[str]) -> dict[str, list[Reference]]:
        """Return what was found so far on some pages."""
        return {path: self._of[path] for path in paths if path in self._of}

    @cached_property
    def all(self) -> list[Reference]:
        """All references of the collection."""
        return [each for page in self.collection.pages.values() for each in self.of(page)]


def _found(page: Page, collection: Collection) -> Iterator[Reference]:
    scene = Scene(page, collection, page_scope(page))
    for find in _FINDERS:
        yield from find(scene)
