"""Names of the tools that a plugin's own MCP server offers, read from its sources."""

from __future__ import annotations

import re

from outrider.plan.plugin.tree import Tree

_SOURCES = (".ts", ".js", ".mjs", ".py")
_SERVER = re.compile(r"registerTool|ListToolsRequestSchema|server\.tool\(|@\w*mcp\.tool|FastMCP|list_tools\(")
_LISTED = re.compile(r"\bname['\"]?\s*[:=]\s*['\"]([a-z][a-z0-9]*(?:[_-][a-z0-9]+)+)['\"]")
_REGISTERED = re.compile(r"(?:registerTool|server\.tool)\(\s*['\"]([\w-]+)['\"]")
_DECORATED = re.compile(r"@\w*mcp\.tool[^\n]*\n(?:@[^\n]*\n)*\s*(?:async )?def (\w+)")


def tools_in_sources(tree: Tree) -> frozenset[str]:
    """Return the tool names that server sources register; empty when none was found.

    A source counts when it speaks of registering or listing tools. Tests and built files are left out, and so
    is a name with hyphens among many with underscores: it is the server's.
    """
    found: set[str] = set()
    for path, file in tree.files.items():
        if path.endswith(_SOURCES) and _is_source(path) and _SERVER.search(file.text):
            found.update(_REGISTERED.findall(file.text))
            found.update(_DECORATED.findall(file.text))
            if "ListToolsRequestSchema" in file.text or "list_tools" in file.text:
                found.update(_LISTED.findall(file.text))
    snakes = {name for name in found if "_" in name}
    return frozenset(snakes if len(snakes) > len(found) / 2 else found)


def _is_source(path: str) -> bool:
    parts = path.split("/")
    aside = {"dist", "build", "node_modules", "test", "tests", "__tests__"}
    return not aside.intersection(parts) and ".test." not in parts[-1] and ".min." not in parts[-1]
