"""Names and front matter (OR2xx), for Claude Code or for the open Agent Skills standard.

Fields: Claude Code's documentation of skills, commands and agents, November 2026; the portable ones are those
of agentskills/agentskills, whose reference validator refuses all others.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from outrider.judge.lint.case import Case, found, quoted
from outrider.judge.lint.finding import Edit, Finding, Fix, Severity
from outrider.plan.plugin.components import Component
from outrider.plan.plugin.page import Page
from outrider.plan.workflow.mistakes import did_you_mean

_SKILL_FIELDS = frozenset(
    [
        "name",
        "description",
        "when_to_use",
        "argument-hint",
        "arguments",
        "disable-model-invocation",
        "user-invocable",
        "allowed-tools",
        "disallowed-tools",
        "model",
        "effort",
        "context",
        "agent",
        "background",
        "hooks",
        "paths",
        "shell",
        "metadata",
        "license",
        "compatibility",
        "version",
    ]
)
_AGENT_FIELDS = frozenset(
    [
        "name",
        "description",
        "tools",
        "disallowedTools",
        "model",
        "permissionMode",
        "mcpServers",
        "hooks",
        "maxTurns",
        "skills",
        "initialPrompt",
        "memory",
        "effort",
        "background",
        "isolation",
        "color",
        "metadata",
        "version",
    ]
)
_PORTABLE_FIELDS = frozenset(["name", "description", "license", "compatibility", "metadata", "allowed-tools"])
_PORTABLE_NAME = re.compile(r"[^\W_A-Z]+(?:-[^\W_A-Z]+)*\Z")
_PORTABLE_NAME_CHARS = 64
_PORTABLE_DESCRIPTION_CHARS = 1024
LISTED_CHARS = 1536
"""What the host lists of one skill's `description` and `when_to_use`."""
LISTING_CHARS = 8000
"""What the host lists of all skills where it does not know the size of the context."""


def check(case: Case) -> Iterator[Finding]:
    """Yield what is wrong with names and front matter."""
    for component in case.collection.components:
        page = case.collection.pages.get(component.path)
        if page is None:
            continue
        yield from _reading(component, page)
        if page.front.lines:
            yield from _fields(case, component, page)
            yield from _name(case, component, page)
        if page.front.lines or component.kind != "skill":
            yield from _description(case, component, page)
    yield from _same_names(case)
    yield from _budget(case)


def _reading(component: Component, page: Page) -> Iterator[Finding]:
    if not page.front.lines and component.kind != "command":
        yield found(
            "OR202",
            page.path,
            1,
            f"{component.kind} `{component.name}` has no front matter: the host "
            "lists it without a description",
            about=page.line_text(1),
        )
    fault = page.front.fault
    if fault is not None:
        line = page.line_text(fault.line)
        yield found(
            "OR203",
            page.path,
            fault.line,
            f"front matter is no YAML ({fault.message}): the host loads the file with empty metadata; "
            f"quote the text: {quoted(line.strip())}",
            about=line.strip(),
            column=fault.column,
            fix=_quoting(page, fault.line),
        )


def _quoting(page: Page, line: int) -> Fix | None:
    """Return the fix that puts a plain value into quotes, where that is what ails the line."""
    text = page.line_text(line)
    key, colon, value = text.partition(":")
    value = value.strip()
    if not colon or not re.fullmatch(r"[\w-]+", key) or ": " not in value or value[0] in "\"'|>[{":
        return None
    start = page.line_starts[line - 1] + text.index(value)
    safe = value.replace("\\", "\\\\").replace('"', '\\"')
    return Fix("quote the value", (Edit(page.path, start, start + len(value), f'"{safe}"'),))


def _fields(case: Case, component: Component, page: Page) -> Iterator[Finding]:
    if page.front.fault is not None:
        return
    known = _AGENT_FIELDS if component.kind == "agent" else _SKILL_FIELDS
    if case.profile == "portable" and component.kind == "skill":
        known = _PORTABLE_FIELDS
    for field in page.front.values:
        if field not in known:
            line = _line_of(page, field)
            guess = did_you_mean(field, known)
            who = "the open standard" if case.profile == "portable" else "Claude Code"
            yield found(
                "OR204",
                page.path,
                line,
                f"{who} knows no field {quoted(field)}" + (f": {guess}" if guess else ""),
                about=field,
            )
    context = page.front.values.get("context")
    if case.profile == "claude-code" and isinstance(context, str) and context not in ("", "fork", "inline"):
        yield found(
            "OR204",
            page.path,
            _line_of(page, "context"),
            f"`context: {context}` means nothing to the host: it knows `fork`",
            about=f"context: {context}",
        )


def _name(case: Case, component: Component, page: Page) -> Iterator[Finding]:
    said = page.front.values.get("name")
    if not isinstance(said, str) or not said:
        if component.kind == "skill" and case.profile == "portable":
            yield found(
                "OR201", page.path, 1, f"no `name`: the folder is {quoted(component.name)}", about="name"
            )
        return
    line = _line_of(page, "name")
    if component.kind == "skill" and said != component.name and component.folder:
        at = page.line_text(line).find(said)
        start = page.line_starts[line - 1] + at
        fix = Fix(
            "write the folder's name",
            (Edit(page.path, start, start + len(said), component.name),),
            safe=False,
        )
        yield found(
            "OR201",
            page.path,
            line,
            f"name {quoted(said)} differs from the folder {quoted(component.name)}",
            about=said,
            column=at + 1,
            fix=fix if at >= 0 else None,
        )
    elif not _PORTABLE_NAME.match(said) or len(said) > _PORTABLE_NAME_CHARS:
        severity: Severity | None = "error" if case.profile == "portable" else None
        yield found(
            "OR207",
            page.path,
            line,
            f"name {quoted(said)}: small letters, digits and single hyphens, at "
            "most {_PORTABLE_NAME_CHARS}",
            about=said,
            severity=severity,
        )


def _description(case: Case, component: Component, page: Page) -> Iterator[Finding]:
    values = page.front.values
    text = " ".join(
        str(values[key]) for key in ("description", "when_to_use") if isinstance(values.get(key), str)
    )
    if not text.strip():
        if component.kind != "command":
            yield found(
                "OR205",
                page.path,
                1,
                f"{component.kind} `{component.name}` has no description: nobody knows when to use it",
                about="description",
            )
        return
    line = _line_of(page, "description")
    most = _PORTABLE_DESCRIPTION_CHARS if case.profile == "portable" else LISTED_CHARS
    if component.kind == "skill" and len(text) > most:
        yield found(
            "OR206",
            page.path,
            line,
            f"description has {len(text):,} characters: what stands beyond {{most:,}} is cut in the listing",
            about="description",
        )


def _same_names(case: Case) -> Iterator[Finding]:
    groups: defaultdict[tuple[str, str, str], list[Component]] = defaultdict(list)
    kinds: defaultdict[tuple[str, str], list[Component]] = defaultdict(list)
    for component in case.collection.components:
        groups[component.plugin, component.kind, component.name].append(component)
        kinds[component.plugin, component.name].append(component)
    for (_, kind, name), group in groups.items():
        for other in group[1:]:
            yield found(
                "OR208",
                other.path,
                1,
                f"{kind} {quoted(name)} also stands in {quoted(group[0].path)}",
                about=name,
            )
    for (_, name), group in kinds.items():
        if {"skill", "command"} <= {component.kind for component in group}:
            command = next(component for component in group if component.kind == "command")
            yield found(
                "OR209",
                command.path,
                1,
                f"{quoted(name)} is a skill too: `/{name}` calls one of them",
                about=name,
            )


def _budget(case: Case) -> Iterator[Finding]:
    total = 0
    for skill in case.collection.skills:
        values = case.collection.pages[skill.path].front.values if skill.path in case.collection.pages else {}
        if values.get("disable-model-invocation") != "true":
            total += min(
                len(str(values.get("description", ""))) + len(str(values.get("when_to_use", ""))),
                LISTED_CHARS,
            )
    if total > LISTING_CHARS and case.collection.skills:
        first = case.collection.skills[0]
        yield found(
            "OR210",
            first.path,
            1,
            f"the descriptions of {len(case.collection.skills)} skills have {total:,} characters: the host "
            f"lists about 1 % of the context "
            f"({LISTING_CHARS:,} characters where it does not know it) and drops those of the least used "
            f"skills first",
            about="description",
        )


def _line_of(page: Page, field: str) -> int:
    for number, line in enumerate(page.lines[: page.front.lines], 1):
        if line.startswith(field + ":"):
            return number
    return 1
