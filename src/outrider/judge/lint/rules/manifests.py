"""Manifests, hooks and scripts of a plugin (OR7xx).

Shapes and events are those of Claude Code's plugin and hook references, November 2026. What
`claude plugin validate` checks beyond this is asked of it, where it is there.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from outrider.judge.lint.case import Case, found, quoted
from outrider.judge.lint.finding import Finding
from outrider.plan.plugin.manifests import MARKETPLACE, PLUGIN_MANIFEST, JsonFile
from outrider.plan.plugin.scope import is_placeholder
from outrider.plan.plugin.tree import folders_above, joined
from outrider.plan.workflow.mistakes import did_you_mean

EVENTS = frozenset(
    [
        "PreToolUse",
        "PostToolUse",
        "PostToolUseFailure",
        "PostToolBatch",
        "Notification",
        "UserPromptSubmit",
        "UserPromptExpansion",
        "SessionStart",
        "SessionEnd",
        "Stop",
        "StopFailure",
        "SubagentStart",
        "SubagentStop",
        "PreCompact",
        "PostCompact",
        "PermissionRequest",
        "PermissionDenied",
        "Setup",
        "TeammateIdle",
        "TaskCreated",
        "TaskCompleted",
        "Elicitation",
        "ElicitationResult",
        "ConfigChange",
        "WorktreeCreate",
        "WorktreeRemove",
        "InstructionsLoaded",
        "CwdChanged",
        "FileChanged",
        "MessageDisplay",
    ]
)
"""Hook events that the host knows."""

_TYPES = frozenset(("command", "http", "mcp_tool", "prompt", "agent"))
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
_SCRIPT = re.compile(
    r"(?:\$\{?(?:CLAUDE_PLUGIN_ROOT|PLUGIN_ROOT|CLAUDE_SKILL_DIR|REPO_ROOT|PROJECT_ROOT)\}?|\$\{?(SCRIPT_DIR|DIR|HERE)\}?|%~dp0)[\"']?[/\\]([\w./\\-]+)"
)
_OUTPUT = re.compile(r"[\"']hookSpecificOutput\\?[\"']\s*:\s*\{")
_PLUGIN_PATH = re.compile(
    r"(?:(?<=ROOT/)|(?<=ROOT\}/)|(?<![\w$}/-]))(?:\./)?((?:skills|commands|agents|hooks|scripts|lib|mcp|bin)/[\w./-]*\w)"
)
_DENIED = re.compile(
    r"\b(?:not|no|never|absent|missing|refute|legacy|old|removed?|stale|obsolete|without|exclude\w*)\b|! ",
    re.IGNORECASE,
)
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
                f"no JSON ({file.fault}): {quoted(_line(file, file.fault_line))}",
                about=_line(file, file.fault_line),
            )
        elif is_manifest and not path.startswith("tests/"):
            yield from _manifest(case, file)
        elif is_hooks and not path.startswith("tests/"):
            yield from _hooks(case, file)
        elif not path.startswith(("tests/", "evals/")):
            yield from _paths_in_json(case, file)
    yield from _second_manifests(case)
    yield from _scripts(case)
    yield from _old_paths_in_scripts(case)


def _line(file: JsonFile, line: int) -> str:
    lines = file.text.split("\n")
    text = lines[line - 1].strip() if 0 < line <= len(lines) else ""
    return text if len(text) > 1 or line < 2 else f"{lines[line - 2].strip()} {text}"


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
        yield from _hooks(case, JsonFile(file.path, file.text, {"hooks": inline.get("hooks", inline)}))


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


def _hooks(case: Case, file: JsonFile) -> Iterator[Finding]:
    events = file.table.get("hooks")
    if not isinstance(events, dict):
        if "modules" in file.table:
            return
        stray = [key for key in file.table if key in EVENTS]
        what = (
            f'{quoted(_line(file, file.line_of(stray[0])))} stands on top: events belong under a `"hooks"` key'
            if stray
            else "no `hooks` object: no hook runs"
        )
        yield found(
            "OR703",
            file.path,
            file.line_of(stray[0]) if stray else 1,
            what,
            about=stray[0] if stray else "hooks",
        )
        events = {event: file.table[event] for event in stray}
    if "cursor" in file.path:
        return
    for event, groups in events.items():
        if event not in EVENTS:
            guess = did_you_mean(event, EVENTS)
            yield found(
                "OR704",
                file.path,
                file.line_of(event),
                f"{quoted(event)} is no event of the host{': ' + guess if guess else ''}",
                about=event,
            )
            continue
        for hook in _handlers(groups):
            yield from _hook(case, file, hook)
        if not isinstance(groups, list) or any(
            not isinstance(group, dict) or not isinstance(group.get("hooks"), list) for group in groups
        ):
            yield found(
                "OR703",
                file.path,
                file.line_of(event),
                f"{quoted(event)} holds no list of groups with a `hooks` list each",
                about=event,
            )


def _handlers(groups: object) -> Iterator[dict[str, Any]]:
    for group in groups if isinstance(groups, list) else ():
        hooks = group.get("hooks") if isinstance(group, dict) else None
        yield from (hook for hook in (hooks if isinstance(hooks, list) else ()) if isinstance(hook, dict))


def _hook(case: Case, file: JsonFile, hook: dict[str, Any]) -> Iterator[Finding]:
    kind = hook.get("type")
    if kind not in _TYPES:
        said = f'"type": "{kind}"'
        line = next(
            (
                number
                for number, text in enumerate(file.text.split("\n"), 1)
                if re.search(rf'"type"\s*:\s*"{re.escape(str(kind))}"', text)
            ),
            1,
        )
        yield found(
            "OR705",
            file.path,
            line,
            f"{quoted(said)} is no type of hook: command, prompt, agent, http, mcp_tool",
            about=said,
        )
    if (
        (output := hook.get("hookSpecificOutput")) is not None
        and isinstance(output, dict)
        and "hookEventName" not in output
    ):
        yield found(
            "OR708", file.path, file.line_of("hookSpecificOutput"), '`"hookSpecificOutput": {` lacks `hookEventName`: the host drops it', about="hookSpecificOutput"
        )  # fmt: skip
    command = hook.get("command")
    if not isinstance(command, str):
        return
    root = case.collection.plugin_root(file.path)
    words = [command, *[word for word in hook.get("args", ()) if isinstance(word, str)]]
    for word in words:
        for match in re.finditer(r"\$\{CLAUDE_PLUGIN_ROOT\}[\"']?/([\w./-]+)", word):
            full = joined(root, match[1])
            if full is None or not case.collection.tree.has(full):
                yield found(
                    "OR706",
                    file.path,
                    file.line_of(command),
                    f"the hook runs {quoted(match[0])}, which does not exist",
                    about=match[1],
                )
    if "args" not in hook and re.search(r"(?<![\"'])\$\{CLAUDE_PLUGIN_ROOT\}", command):
        line = file.line_of(command)
        yield found(
            "OR707",
            file.path,
            line,
            f"{quoted(command)}: a folder with a space in its name splits it; put quotes around the path",
            about=command,
        )


def _line_around(text: str, at: int) -> str:
    end = text.find("\n", at)
    return text[text.rfind("\n", 0, at) + 1 : end if end >= 0 else len(text)]


def _old_paths_in_scripts(case: Case) -> Iterator[Finding]:
    """Paths in scripts and other files of the plugin that git knows and that are gone."""
    former = case.collection.former.paths
    for path, file in case.collection.tree.files.items() if former else ():
        if not file.text or path.endswith(".md") or case.is_aside(path):
            continue
        seen: set[str] = set()
        for match in _PLUGIN_PATH.finditer(file.text):
            old = match[1]
            if (
                old in former
                and old not in seen
                and not _DENIED.search(_line_around(file.text, match.start()))
                and not case.collection.tree.has(old)
            ):
                seen.add(old)
                line = file.text.count("\n", 0, match.start()) + 1
                yield found(
                    "OR114",
                    path,
                    line,
                    f"{quoted(old)} does not exist since commit {former[old].commit}",
                    about=old,
                )


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
                f'a second manifest of {quoted(name)} (`"version": "{version}"`): {quoted(first)} is the first',
                about=version or name,
            )


def _scripts(case: Case) -> Iterator[Finding]:
    """Files that hook scripts run or read and that do not exist."""
    collection = case.collection
    for path, file in collection.tree.files.items():
        inside = path.removeprefix(collection.plugin_root(path)).lstrip("/")
        if not inside.startswith("hooks/") or not file.text or path.endswith((".md", ".json")):
            continue
        root = collection.plugin_root(path)
        for number, line in enumerate(file.text.split("\n"), 1):
            if line.lstrip().startswith("#"):
                continue
            for match in _SCRIPT.finditer(line):
                where = match[2].replace("\\", "/").rstrip(".,")
                bases = folders_above(path) if match[1] else [root]
                if "." in where.rpartition("/")[2] or where.split("/")[0] in (
                    "scripts",
                    "skills",
                    "hooks",
                    "commands",
                ):
                    if not any(
                        (full := joined(base, where)) is not None and collection.tree.has(full)
                        for base in bases
                    ):
                        yield found(
                            "OR706",
                            path,
                            number,
                            f"{quoted(match[0])} does not exist: the hook fails there",
                            about=where,
                        )
        match = _OUTPUT.search(file.text)
        if match and "hookEventName" not in file.text:
            yield found(
                "OR708",
                path,
                file.text.count("\n", 0, match.start()) + 1,
                "`hookSpecificOutput` lacks `hookEventName`: the host drops it",
                about="hookSpecificOutput",
            )


__all__ = ["EVENTS", "MARKETPLACE", "check"]
