"""Manifests and other JSON files of a plugin (OR701, OR702, OR709); hooks are looked at by their own module.

Keys are those of Claude Code's plugin reference, November 2026. What
`claude plugin validate` checks beyond this is asked of it, where it is there.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from outrider.judge.lint.case import Case, found, quoted
from outrider.judge.lint.finding import Finding
from outrider.judge.lint.rules import hooks
from outrider.judge.lint.rules.hooks import line_at
from outrider.plan.plugin.manifests import PLUGIN_MANIFEST, JsonFile
from outrider.plan.plugin.scope import is_placeholder
from outrider.plan.plugin.tree import joined

_PATH_KEYS = (
    "skills",
    "commands",
    "agents",
    "workflows",
    "outputStyles",
    "hooks",
    "mcpServers",
    "lspServers",
)
_MANIFESTS = re.compile(r"(?:^|/)(?:\.[\w-]+-plugin/(?:plugin|marketplace)\.json|gemini-extension\.json)$")
_HOOKS = re.compile(r"(?:^|/)hooks/hooks[\w-]*\.json$")
_OWN_PATH = re.compile(r"(?:\./)?((?:skills|commands|agents|hooks)/[\w./-]+\.\w+)\Z")


def check(case: Case) -> Iterator[Finding]:
    """Yield what is wrong with manifests, hooks and the scripts they run."""
    for path, file in case.collection.json.items():
        is_manifest, is_hooks = bool(_MANIFESTS.search(path)), bool(_HOOKS.search(path))
        if (
            file.value is None
            and file.fault
            and (is_manifest or is_hooks or path.count("/") == 0 or path.endswith(".mcp.json"))
        ):
            yield found(
                "OR701",
                path,
                file.fault_line,
                f"no JSON ({file.fault}): {quoted(line_at(file, file.fault_line))}",
                about=line_at(file, file.fault_line),
            )
        elif is_manifest and not path.startswith("tests/"):
            yield from _manifest(case, file)
        elif is_hooks and not path.startswith("tests/"):
            yield from hooks.hooks_file(case, file)
        elif not path.startswith(("tests/", "evals/")):
            yield from _paths_in_json(case, file)
    yield from _second_manifests(case)
    yield from hooks.scripts(case)
    yield from hooks.old_paths_in_scripts(case)


def _manifest(case: Case, file: JsonFile) -> Iterator[Finding]:
    base = (
        "/".join(file.path.split("/")[:-2])
        if file.path.endswith(("plugin.json", "marketplace.json"))
        else file.path.rpartition("/")[0]
    )
    tables: list[Mapping[str, Any]] = [file.table]
    if file.path.endswith("marketplace.json"):
        listed = file.table.get("plugins")
        tables = [entry for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []
    for table in tables:
        source = table.get("source")
        folder = base
        if isinstance(source, str) and source.startswith("."):
            folder = joined(base, source) or ""
            if not case.collection.tree.has(folder):
                yield _missing(file, source)
        for key in _PATH_KEYS:
            for path in _paths(table.get(key)):
                full = joined(folder, path)
                if full is None:
                    yield found(
                        "OR702",
                        file.path,
                        file.line_of(path),
                        f"{quoted(path)} leaves the plugin: the host refuses it",
                        about=path,
                    )
                elif not case.collection.tree.has(full):
                    yield _missing(file, path)
    inline = file.table.get("hooks")
    if isinstance(inline, dict):
        yield from hooks.hooks_file(
            case, JsonFile(file.path, file.text, {"hooks": inline.get("hooks", inline)})
        )


def _missing(file: JsonFile, path: str) -> Finding:
    return found("OR702", file.path, file.line_of(path), f"{quoted(path)} does not exist", about=path)


def _paths(value: object) -> Iterator[str]:
    values = value if isinstance(value, list) else [value]
    for each in values:
        if (
            isinstance(each, str)
            and (each.startswith(".") or "/" in each)
            and "*" not in each
            and "://" not in each
        ):
            yield each


def _paths_in_json(case: Case, file: JsonFile) -> Iterator[Finding]:
    """Paths into skills, commands, agents or hooks that other JSON files of the plugin hold."""
    seen: set[str] = set()
    for text in _strings(file.value):
        match = _OWN_PATH.match(text)
        if (
            match is None
            or match[1] in seen
            or is_placeholder(match[1])
            or case.collection.tree.has(match[1])
        ):
            continue
        seen.add(match[1])
        former = case.collection.former.paths.get(match[1])
        folder = match[1].split("/")[0]
        if former or (case.collection.tree.has(folder) and folder == "skills"):
            gone = f" since commit {former.commit}" if former else ""
            yield found(
                "OR702", file.path, file.line_of(text), f"{quoted(text)} does not exist{gone}", about=text
            )


def _strings(value: object, depth: int = 0) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict) and depth < 12:
        for each in value.values():
            yield from _strings(each, depth + 1)
    elif isinstance(value, list) and depth < 12:
        for each in value:
            yield from _strings(each, depth + 1)


def _second_manifests(case: Case) -> Iterator[Finding]:
    named: defaultdict[str, list[str]] = defaultdict(list)
    for folder, name in case.collection.plugins.items():
        path = f"{folder}/{PLUGIN_MANIFEST}".lstrip("/")
        if path in case.collection.json and not path.startswith(("tests/", "examples/")):
            named[name].append(path)
    for name, paths in named.items():
        first, *others = sorted(paths, key=lambda path: path.count("/"))
        for path in others:
            file = case.collection.json[path]
            version = str(file.table.get("version", ""))
            yield found(
                "OR709",
                path,
                file.line_of(version) if version else 1,
                f'a second manifest of {quoted(name)} (`"version": "{version}"`): {quoted(first)} is the '
                f"first",
                about=version or name,
            )
