"""References to agents, by their type, and to MCP tools."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from outrider.plan.plugin.names import is_stand_in
from outrider.plan.plugin.page import found_in, lines_with
from outrider.plan.plugin.reference import Reference, Scene

BUILT_IN_AGENTS = frozenset(
    (
        "general-purpose",
        "explore",
        "plan",
        "statusline-setup",
        "output-style-setup",
        "claude-code-guide",
        "claude",
        "fork",
    )
)
"""Agent types of the host, in small letters."""

_AGENT_FIELD = re.compile(
    r"\b(?:subagent_type|agentType|agent_type)[\"'`]?\s*[:=]\s*[\"'`]?([A-Za-z][\w-]*)(?![\w:-])"
)
_TASK_TOOL = re.compile(
    r"\b(?:Task|Agent|Dispatch)(?: tool)? \(([a-z][\w-]*)(?:, [^)\n]*)?\)|\b([a-z]+-[a-z-]*[a-z]) type\b"
)
_AGENT_MARKED = re.compile(r"(?:`|\*\*)([a-z][\w-]*)(?:`|\*\*)\s+(?:sub)?agents?\b")
_MCP = re.compile(r"\bmcp__(?:plugin_)?([\w-]+?)__([\w-]+)")
_NEAR = 0.88
_SNAKE = re.compile(r"\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b")


def agents(scene: Scene) -> Iterator[Reference]:
    """Find the types of agents that a text tells to start."""
    collection, page = scene.collection, scene.page
    names = {component.name for component in collection.components if component.kind == "agent"}
    if "gent" not in page.text and "Task" not in page.text and " type" not in page.text:
        return
    everywhere = list(lines_with(page.text, "gent", "Task", "ispatch", " type"))
    for form, text in ((_AGENT_FIELD, page.text), (_TASK_TOOL, page.text), (_AGENT_MARKED, page.prose)):
        for match in found_in(form, text, everywhere):
            name = match[1] or match[2]
            if name.lower() in BUILT_IN_AGENTS or is_stand_in(name) or name in names:
                continue
            former = collection.former.names.get(name)
            certain = "-" in name and form in (_AGENT_FIELD, _TASK_TOOL)
            if match.lastindex == 2 and "review" not in name:
                certain = False
            if certain or (former and former.kind == "agent"):
                yield scene.reference("agent", name, match.start(match.lastindex or 1), None)


def tools(scene: Scene) -> Iterator[Reference]:
    """Find MCP tools by their full name, and bare ones that begin as the collection's own do."""
    collection, page = scene.collection, scene.page
    if not collection.tools:
        return
    own = {name for server in collection.servers for name in (server, server.replace("-", "_"))}
    for match in _MCP.finditer(page.text):
        if any(match[1].endswith(server) for server in own) and not is_stand_in(match[2]):
            yield scene.reference(
                "tool", match[2], match.start(2), "tool" if match[2] in collection.tools else None
            )
    families = _families(collection.tools)
    for span in page.code_spans:
        name = span.text.split("(")[0]
        if _SNAKE.fullmatch(name) and name.split("_")[0] in families:
            target = "tool" if name in collection.tools else None
            if target or _is_like_a_tool(name, collection.tools):
                yield scene.reference("tool", name, span.start, target)


def _families(tools_known: frozenset[str]) -> frozenset[str]:
    heads = [name.split("_")[0] for name in tools_known if "_" in name]
    return frozenset(head for head in heads if heads.count(head) > 1)


def _is_like_a_tool(name: str, tools_known: frozenset[str]) -> bool:
    """Tell whether a name that begins like the tools also ends like one: a field's name does not."""
    tails = {tail for tool in tools_known for tail in tool.split("_")[1:]}
    if get_close_matches(name, tools_known, 1, _NEAR):
        return True
    return bool(tails.intersection(name.split("_")[1:])) or name.rsplit("_", maxsplit=1)[-1] in (
        *("create", "list", "get", "update", "delete", "search", "start", "stop", "complete"),
        *("read", "write", "add", "remove"),
    )
