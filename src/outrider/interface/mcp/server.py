"""The server over stdio, by the official SDK: both generations of the protocol, no socket, no state."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import Any

import anyio
import anyio.to_thread
import mcp_types as types
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server

from outrider import __version__
from outrider.interface.mcp.catalogue import INSTRUCTIONS, TOOLS
from outrider.interface.mcp.tools import Answer, Toolbox
from outrider.kernel.errors import OutriderError
from outrider.kernel.inert import clipped

CALL_ID = "claudecode/toolUseId"
"""The member of a call's `_meta` by which the host joins it to its hooks (seen with 2.1.197 to 2.1.330)."""

_SHOWN = 200


def run(toolbox: Toolbox, prepare: Callable[[], None]) -> None:
    """Serve until the host closes the pipe; ``prepare`` is done beside it once the first list was given."""
    anyio.run(_serve, _server(toolbox, prepare))


async def _serve(server: Server[Any]) -> None:
    async with stdio_server() as (receiving, sending):
        await server.run(receiving, sending, server.create_initialization_options())


def _server(toolbox: Toolbox, prepare: Callable[[], None]) -> Server[Any]:
    once = threading.Event()

    async def listed(_: object, __: object) -> types.ListToolsResult:
        if not once.is_set():
            once.set()
            threading.Thread(target=_quietly, args=(prepare,), daemon=True).start()
        return types.ListToolsResult(
            tools=[_tool(each.name, each.description, each.schema) for each in TOOLS]
        )

    async def called(_: object, params: types.CallToolRequestParams) -> types.CallToolResult:
        call = (params.meta or {}).get(CALL_ID)
        given = params.arguments or {}
        return await anyio.to_thread.run_sync(
            answered, toolbox, params.name, given, call if isinstance(call, str) else ""
        )

    return Server(
        "outrider",
        version=__version__,
        instructions=INSTRUCTIONS,
        on_list_tools=listed,
        on_call_tool=called,
    )


def answered(toolbox: Toolbox, name: str, given: dict[str, Any], call: str) -> types.CallToolResult:
    """Return a tool's answer; a fault becomes an answer that says so, without a path of this machine."""
    from outrider.edge.reports.tool_answers import text

    try:
        return _result(text(toolbox.call(name, given, call)))
    except OutriderError as error:
        told: Answer = {"could_not": error.slug, "next": clipped(error.hint, _SHOWN)}
        return _result(text(told), is_error=True)
    except Exception as error:
        print(f"outrider: {name[:40]!r}: {type(error).__name__}", file=sys.stderr)
        return _result(text({"could_not": "internal", "next": "run: outrider doctor"}), is_error=True)


def _result(text: str, *, is_error: bool = False) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(type="text", text=text)], is_error=is_error)


def _tool(name: str, description: str, schema: dict[str, object]) -> types.Tool:
    return types.Tool(
        name=name,
        description=description,
        input_schema=schema,
        annotations=types.ToolAnnotations(read_only_hint=True, open_world_hint=False),
    )


def _quietly(prepare: Callable[[], None]) -> None:
    try:
        prepare()
    except Exception as error:
        print(f"outrider: {type(error).__name__}", file=sys.stderr)
