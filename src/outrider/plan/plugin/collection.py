"""A collection of skills as one value: its tree, pages, components, manifests, tools and past."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from outrider.plan.plugin.components import Component, find_components, owner_of
from outrider.plan.plugin.former import Former
from outrider.plan.plugin.manifests import JsonFile, json_files, plugin_folders, plugin_names
from outrider.plan.plugin.page import Page
from outrider.plan.plugin.tools import tools_in_sources
from outrider.plan.plugin.tree import Tree


@dataclass(frozen=True, eq=False)
class Collection:
    """Everything that is known of a tree of plugins. ``plugins`` are their names by folder."""

    tree: Tree
    pages: Mapping[str, Page]
    json: Mapping[str, JsonFile] = field(default_factory=dict)
    plugins: Mapping[str, str] = field(default_factory=dict)
    plugin_names: frozenset[str] = frozenset()
    components: tuple[Component, ...] = ()
    former: Former = field(default_factory=Former)

    @cached_property
    def by_name(self) -> Mapping[str, list[Component]]:
        """Components by each name that they answer to."""
        found: defaultdict[str, list[Component]] = defaultdict(list)
        for component in self.components:
            found[component.name].append(component)
            if component.said and component.said != component.name:
                found[component.said].append(component)
        return dict(found)

    @cached_property
    def by_path(self) -> Mapping[str, Component]:
        """Components by the path of their file."""
        return {component.path: component for component in self.components}

    @cached_property
    def skills(self) -> tuple[Component, ...]:
        """The skills alone."""
        return tuple(component for component in self.components if component.kind == "skill")

    @cached_property
    def skill_folders(self) -> Mapping[str, Component]:
        """Skills by their folder."""
        return {skill.folder: skill for skill in self.skills}

    @cached_property
    def tools(self) -> frozenset[str]:
        """Names of the tools of the collection's own servers, from their sources."""
        return tools_in_sources(self.tree) if self.has_server else frozenset()

    @cached_property
    def has_server(self) -> bool:
        """Tell whether a manifest declares an MCP server."""
        return any(
            path.endswith(".mcp.json") or "mcpServers" in file.table for path, file in self.json.items()
        )

    @cached_property
    def servers(self) -> frozenset[str]:
        """Names of the MCP servers that manifests declare."""
        tables = [file.table.get("mcpServers") for file in self.json.values()]
        return frozenset(name for table in tables if isinstance(table, dict) for name in table)

    @cached_property
    def basenames(self) -> Mapping[str, list[str]]:
        """Paths of files by their last part."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for path in self.tree.files:
            found[path.rpartition("/")[2]].append(path)
        return dict(found)

    @cached_property
    def _ignored(self) -> frozenset[str]:
        lines = self.tree.text(".gitignore").split("\n")
        return frozenset(line.strip().strip("/") for line in lines if line.strip() and line[0] not in "#!")

    def is_ignored(self, path: str) -> bool:
        """Tell whether git ignores a path by the plain name of one of its parts: it is made when work is "
        "done.
        """
        parts = path.strip("/").split("/")
        return any(
            part in self._ignored or "/".join(parts[: n + 1]) in self._ignored for n, part in enumerate(parts)
        )

    def skill_of(self, path: str) -> Component | None:
        """Return the skill whose folder holds ``path``, the innermost; None for files of no skill."""
        folder = path.rpartition("/")[0]
        while folder:
            if folder in self.skill_folders:
                return self.skill_folders[folder]
            folder = folder.rpartition("/")[0]
        return self.skill_folders.get("")

    def plugin_root(self, path: str) -> str:
        """Return the folder of the plugin that ``path`` belongs to."""
        folder = path
        while folder:
            folder = folder.rpartition("/")[0]
            if folder in self.plugins:
                return folder
        return ""

    def plugin_of(self, path: str) -> str:
        """Return the name of the plugin that ``path`` belongs to."""
        return owner_of(path, dict(self.plugins))[0]


def make_collection(
    tree: Tree,
    pages: Mapping[str, Page],
    former: Former | None = None,
    json: Mapping[str, JsonFile] | None = None,
) -> Collection:
    """Put a collection together from its tree, the pages of its Markdown files, and its past."""
    files = dict(json) if json is not None else json_files(tree)
    folders = plugin_folders(tree, files)
    return Collection(
        tree,
        pages,
        files,
        folders,
        frozenset(plugin_names(folders, files)),
        tuple(find_components(tree, folders)),
        former or Former(),
    )
