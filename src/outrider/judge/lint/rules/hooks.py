"""Hooks of a plugin and the scripts they run (OR703 to OR708, OR114 in scripts).

Shapes and events are those of Claude Code's hook reference, November 2026.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from outrider.judge.lint.case import Case, found, quoted
from outrider.judge.lint.finding import Finding
from outrider.plan.plugin.collection import Collection
from outrider.plan.plugin.manifests import JsonFile
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


def hooks_file(case: Case, file: JsonFile) -> Iterator[Finding]:
    """Yield what is wrong with a file of hooks, or with those in a manifest."""
    events = file.table.get("hooks")
    if not isinstance(events, dict):
        if "modules" in file.table:
            return
        stray = [key for key in file.table if key in EVENTS]
        what = (
            f'{quoted(line_at(file, file.line_of(stray[0])))} stands on top: events belong under a `"hooks"` '
            f"key"
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
            "OR708",
            file.path,
            file.line_of("hookSpecificOutput"),
            '`"hookSpecificOutput": {` lacks `hookEventName`: the host drops it',
            about="hookSpecificOutput",
        )
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


def scripts(case: Case) -> Iterator[Finding]:
    """Files that hook scripts run or read and that do not exist."""
    collection = case.collection
    for path, file in collection.tree.files.items():
        inside = path.removeprefix(collection.plugin_root(path)).lstrip("/")
        if not inside.startswith("hooks/") or not file.text or path.endswith((".md", ".json")):
            continue
        root = collection.plugin_root(path)
        yield from _missing_scripts(collection, path, file.text, root)
        answer = _OUTPUT.search(file.text)
        if answer and "hookEventName" not in file.text:
            yield found(
                "OR708",
                path,
                file.text.count("\n", 0, answer.start()) + 1,
                "`hookSpecificOutput` lacks `hookEventName`: the host drops it",
                about="hookSpecificOutput",
            )


def _missing_scripts(collection: Collection, path: str, text: str, root: str) -> Iterator[Finding]:
    for number, line in enumerate(text.split("\n"), 1):
        for match in _SCRIPT.finditer(line) if not line.lstrip().startswith("#") else ():
            where = match[2].replace("\\", "/").rstrip(".,")
            bases = folders_above(path) if match[1] else [root]
            if _is_own_script(where) and not any(_is_there(collection, base, where) for base in bases):
                said = f"{quoted(match[0])} does not exist: the hook fails there"
                yield found("OR706", path, number, said, about=where)


def _is_own_script(where: str) -> bool:
    return "." in where.rpartition("/")[2] or where.split("/", maxsplit=1)[0] in (
        "scripts",
        "skills",
        "hooks",
        "commands",
    )


def _is_there(collection: Collection, base: str, path: str) -> bool:
    full = joined(base, path)
    return full is not None and collection.tree.has(full)


def old_paths_in_scripts(case: Case) -> Iterator[Finding]:
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


def _line_around(text: str, at: int) -> str:
    end = text.find("\n", at)
    return text[text.rfind("\n", 0, at) + 1 : end if end >= 0 else len(text)]


def line_at(file: JsonFile, line: int) -> str:
    """Return a line of a JSON file, with the one before it where it is a bracket alone."""
    lines = file.text.split("\n")
    text = lines[line - 1].strip() if 0 < line <= len(lines) else ""
    return text if len(text) > 1 or line < 2 else f"{lines[line - 2].strip()} {text}"
