"""A plugin's JSON files: manifests, hooks and servers, with the line of everything they name.

Keys and components are those of Claude Code's plugin reference as it stood in November 2026.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from outrider.kernel import limits
from outrider.plan.plugin.tree import File, Tree, joined

PLUGIN_MANIFEST = ".claude-plugin/plugin.json"
MARKETPLACE = ".claude-plugin/marketplace.json"


@dataclass(frozen=True, slots=True)
class JsonFile:
    """A JSON file. ``fault`` says why it could not be read, with ``fault_line``; ``value`` is then None."""

    path: str
    text: str
    value: Any = None
    fault: str = ""
    fault_line: int = 1

    @property
    def table(self) -> dict[str, Any]:
        """The value where it is an object, otherwise an empty one."""
        return self.value if isinstance(self.value, dict) else {}

    def line_of(self, text: str, after: str = "") -> int:
        """Return the line on which a string stands, behind the first ``after``; 1 where it is not found."""
        start = max(self.text.find(json.dumps(after)), 0) if after else 0
        for written in (json.dumps(text), json.dumps(text, ensure_ascii=False), text):
            at = self.text.find(written, start)
            if at >= 0:
                return self.text.count("\n", 0, at) + 1
        return 1


def read_json(file: File) -> JsonFile:
    """Read a JSON file; what is nested too deeply is a fault like any other."""
    try:
        return JsonFile(file.path, file.text, json.loads(file.text.removeprefix("\ufeff")))
    except json.JSONDecodeError as error:
        return JsonFile(file.path, file.text, None, error.msg, error.lineno)
    except RecursionError:
        return JsonFile(file.path, file.text, None, "nested too deeply")


def json_files(tree: Tree) -> dict[str, JsonFile]:
    """Return the JSON files of a tree that are small enough to be somebody's own."""
    return {
        path: read_json(file)
        for path, file in tree.files.items()
        if path.endswith(".json")
        and file.reading == "text"
        and len(file.text) <= limits.LINT_JSON_CHARS
        and not path.endswith(("package-lock.json", "composer.lock"))
    }


def plugin_folders(tree: Tree, files: dict[str, JsonFile]) -> dict[str, str]:
    """Return the names of plugins by their folder; a tree without a manifest is one plugin of its own."""
    found: dict[str, str] = {}
    for path, file in files.items():
        if path == MARKETPLACE or path.endswith("/" + MARKETPLACE):
            found = _listed(path.removesuffix(MARKETPLACE).rstrip("/"), file) | found
    for path, file in files.items():
        if path == PLUGIN_MANIFEST or path.endswith("/" + PLUGIN_MANIFEST):
            folder = path.removesuffix(PLUGIN_MANIFEST).rstrip("/")
            found[folder] = _text(file.table.get("name")) or folder.rpartition("/")[2] or tree.name
    return found or {"": tree.name}


def plugin_names(folders: dict[str, str], files: dict[str, JsonFile]) -> set[str]:
    """Return every name by which a plugin of the tree can be called."""
    names = set(folders.values())
    for path, file in files.items():
        if path == MARKETPLACE or path.endswith("/" + MARKETPLACE):
            names |= {name for entry in entries(file) if (name := _text(entry.get("name")))}
    return names


def entries(marketplace: JsonFile) -> list[dict[str, Any]]:
    """Return the plugins that a marketplace lists."""
    listed = marketplace.table.get("plugins")
    return [entry for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []


def _listed(base: str, marketplace: JsonFile) -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in entries(marketplace):
        source, name = entry.get("source"), _text(entry.get("name"))
        folder = joined(base, source) if isinstance(source, str) and source.startswith(".") else None
        if folder is not None and name:
            found.setdefault(folder, name)
    return found


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
