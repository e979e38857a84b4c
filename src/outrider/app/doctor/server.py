"""The MCP server, started and asked for its tools."""

from __future__ import annotations

import json

from outrider.app.doctor.checks import Check, ok, some, unknown, wrong
from outrider.app.doctor.hooks_run import host_variables
from outrider.app.doctor.reading import mapping, parsed
from outrider.app.doctor.running import run
from outrider.app.doctor.scene import Scene

TOOLS = ("audit", "evidence", "explain", "skill_report", "status", "step")
_SECONDS = 8.0
_VERSION = "2025-06-18"
_CLIENT = {"name": "outrider-doctor", "version": "1"}
_TALK: tuple[dict[str, object], ...] = (
    {
        "id": 1,
        "method": "initialize",
        "params": {"protocolVersion": _VERSION, "capabilities": {}, "clientInfo": _CLIENT},
    },
    {"method": "notifications/initialized"},
    {"id": 2, "method": "tools/list"},
)
_NEXT = "run bin/outrider-mcp by hand to see what it says; then: outrider setup, or install the plugin again"


def look(scene: Scene, *, has_environment: bool) -> Check:
    """Return whether the server starts and has its tools; it is not started without its environment."""
    if not has_environment:
        return unknown("server", "not started: its environment is not complete")
    command = scene.root / "bin" / "outrider-mcp"
    if not command.is_file():
        return wrong("server", "bin/outrider-mcp is not there", "install the plugin again")
    given = b"".join(json.dumps({"jsonrpc": "2.0", **each}).encode("ascii") + b"\n" for each in _TALK)
    variables = host_variables(scene, scene.scratch / "server-home", scene.data)
    ran = run((str(command),), given, variables, scene.scratch, scene.left(_SECONDS), _has_answer)
    answer = _answer(ran.output)
    if answer is None:
        how = ran.why or (f"silent for {ran.seconds:.0f} s" if ran.is_late else f"ended with {ran.code}")
        return wrong("server", f"does not start: {how}", _NEXT)
    listed = mapping(answer.get("result")).get("tools")
    names = sorted(str(mapping(each).get("name")) for each in listed) if isinstance(listed, list) else []
    if tuple(names) != TOOLS:
        missing = [name for name in TOOLS if name not in names]
        return wrong("server", f"its tools are not the six: missing {some(missing) or 'none'}", _NEXT)
    return ok("server", f"{len(names)} tools after {ran.seconds:.1f} s")


def _has_answer(output: bytes) -> bool:
    return _answer(output) is not None


def _answer(output: bytes) -> dict[str, object] | None:
    """Return the answer to the second request, where it has come whole."""
    for line in output.split(b"\n")[:-1]:
        said = mapping(parsed(line)) if line.startswith(b"{") else {}
        if said.get("id") == 2:
            return said
    return None
