"""The server as the host starts it: a program of its own, spoken to in lines of JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).parents[3] / "src"
PROGRAM = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); from outrider.interface.mcp.entry import main; main()"
)
OLD, NEW = "2025-11-25", "2026-07-28"
_CLIENT = {"name": "a host", "version": "1"}

Json = dict[str, Any]


class Served:
    """One running server; with ``generation`` NEW each request says what the host speaks, and none greets."""

    def __init__(
        self, environment: dict[str, str], generation: str = OLD, command: Sequence[str] = ()
    ) -> None:
        self.generation = generation
        self.errors = ""
        self._number = 0
        self._process = subprocess.Popen(
            command or [sys.executable, "-I", "-c", PROGRAM, str(SOURCE)],
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def greeted(self) -> Json:
        """Greet as the generation does; return what the server says of itself."""
        if self.generation == NEW:
            return self.ask("server/discover")
        said = self.ask("initialize", {"protocolVersion": OLD, "capabilities": {}, "clientInfo": _CLIENT})
        self.tell({"jsonrpc": "2.0", "method": "notifications/initialized"})
        return said

    def tool(self, name: str, given: object = None, call: str = "") -> tuple[bool, Json]:
        """Call a tool; return whether it could not, and its answer."""
        meta = {"claudecode/toolUseId": call} if call else {}
        params = {"name": name, "arguments": {} if given is None else given, "_meta": meta}
        result = self.ask("tools/call", params)["result"]
        (block,) = result["content"]
        return result.get("isError", False), json.loads(block["text"])

    def ask(self, method: str, params: Json | None = None) -> Json:
        """Ask and return the whole response."""
        self._number += 1
        given = dict(params or {})
        if self.generation == NEW:
            given["_meta"] = {
                **given.get("_meta", {}),
                "io.modelcontextprotocol/protocolVersion": NEW,
                "io.modelcontextprotocol/clientInfo": _CLIENT,
                "io.modelcontextprotocol/clientCapabilities": {},
            }
        self.tell({"jsonrpc": "2.0", "id": self._number, "method": method, "params": given})
        return self.heard()

    def tell(self, message: object) -> None:
        """Send one line."""
        assert self._process.stdin is not None
        self._process.stdin.write((message if isinstance(message, str) else json.dumps(message)) + "\n")
        self._process.stdin.flush()

    def heard(self) -> Json:
        """Return the next line."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, f"the server has gone: {self.closed()} {self.errors}"
        value: Json = json.loads(line)
        return value

    def closed(self) -> int:
        """Close the server's input; return how it ended."""
        if self._process.stdin and not self._process.stdin.closed:
            _, self.errors = self._process.communicate(timeout=30)
        return self._process.wait(30)
