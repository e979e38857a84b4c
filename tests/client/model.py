"""A stand-in for the model: plays a script over the Messages API on the loopback device.

Each conversation (the main loop, and each subagent) has its own list of replies. Which reply is due follows
from the request alone, so that a request that is sent again gets the same answer.
"""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Json = dict[str, Any]

USAGE = {
    "input_tokens": 50,
    "output_tokens": 10,
    "cache_read_input_tokens": 0,
    "cache_creation_input_tokens": 0,
}
AGENT_HEADER = "x-claude-code-agent-id"


def says(text: str) -> list[Json]:
    """A reply that ends the turn."""
    return [{"type": "text", "text": text}]


def calls(tool: str, /, **given: object) -> list[Json]:
    """A reply with one tool call."""
    return [{"type": "tool_use", "name": tool, "input": given}]


@dataclass
class Request:
    """What the client sent: ``agent`` is empty for the main loop."""

    agent: str
    messages: list[Json]

    @property
    def turn(self) -> int:
        return sum(message["role"] == "assistant" for message in self.messages)

    @property
    def news(self) -> list[Json]:
        """The blocks that came after the model's last reply, whoever wrote them."""
        last = max((i for i, m in enumerate(self.messages) if m["role"] == "assistant"), default=-1)
        return [block for message in self.messages[last + 1 :] for block in blocks(message["content"])]

    @property
    def results(self) -> list[tuple[bool, str]]:
        """Whether each new tool result is an error, and its text."""
        found = [block for block in self.news if block["type"] == "tool_result"]
        return [(block.get("is_error") is True, text_of(block.get("content", ""))) for block in found]

    @property
    def remarks(self) -> str:
        """All new text that is no tool result."""
        return "\n".join(block["text"] for block in self.news if block["type"] == "text")


def blocks(content: str | list[Json]) -> list[Json]:
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def text_of(content: str | list[Json]) -> str:
    return "\n".join(block.get("text", "") for block in blocks(content))


@dataclass
class Script:
    """The replies of the main loop, and of the subagents in the order in which they first speak."""

    main: Sequence[list[Json]]
    agents: Sequence[Sequence[list[Json]]] = ()
    requests: list[Request] = field(default_factory=list)
    _met: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def reply(self, agent: str, body: Json) -> list[Json]:
        """Return the content of the next message."""
        if not body.get("tools"):
            return says("A title")
        request = Request(agent, body["messages"])
        with self._lock:
            self.requests.append(request)
            known = self._replies_of(agent)
        if request.turn >= len(known):
            return says("The script has no more replies.")
        named = f"{agent or 'main'}_{request.turn}"
        return [
            {"id": f"toolu_{named}_{number}", **block} if block["type"] == "tool_use" else block
            for number, block in enumerate(known[request.turn])
        ]

    def _replies_of(self, agent: str) -> Sequence[list[Json]]:
        if not agent:
            return self.main
        if agent not in self._met:
            self._met.append(agent)
        place = self._met.index(agent)
        return self.agents[place] if place < len(self.agents) else ()

    @property
    def of_main(self) -> list[Request]:
        return [request for request in self.requests if not request.agent]

    @property
    def of_agents(self) -> list[Request]:
        return [request for request in self.requests if request.agent]


class Model:
    """The server: ``with Model(script) as address``."""

    def __init__(self, script: Script) -> None:
        handler = type("Handler", (_Handler,), {"script": script})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = False
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def __enter__(self) -> str:
        self._thread.start()
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    script: Script

    def log_message(self, *_: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self._answer(200, "text/plain", b"")

    def do_GET(self) -> None:
        self._answer(404, "application/json", b"{}")

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        path = self.path.partition("?")[0]
        if path == "/v1/messages/count_tokens":
            self._answer(200, "application/json", b'{"input_tokens": 50}')
        elif path == "/v1/messages":
            content = self.script.reply(self.headers.get(AGENT_HEADER, ""), body)
            message = _message(content, body["model"])
            if body.get("stream"):
                self._answer(200, "text/event-stream", b"".join(_streamed(message)))
            else:
                self._answer(200, "application/json", json.dumps(message).encode())
        else:
            self._answer(404, "application/json", b"{}")

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def _message(content: list[Json], model: str) -> Json:
    wants = any(block["type"] == "tool_use" for block in content)
    return {
        "id": f"msg_{uuid.uuid4().hex}",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": content,
        "stop_reason": "tool_use" if wants else "end_turn",
        "stop_sequence": None,
        "usage": USAGE,
    }


def _streamed(message: Json) -> Iterator[bytes]:
    """The events of a streamed message, as the Messages API documents them."""
    yield _event("message_start", message={**message, "content": [], "stop_reason": None})
    for index, block in enumerate(message["content"]):
        if block["type"] == "text":
            empty, delta = {**block, "text": ""}, {"type": "text_delta", "text": block["text"]}
        else:
            empty = {**block, "input": {}}
            delta = {"type": "input_json_delta", "partial_json": json.dumps(block["input"])}
        yield _event("content_block_start", index=index, content_block=empty)
        yield _event("content_block_delta", index=index, delta=delta)
        yield _event("content_block_stop", index=index)
    ending = {"stop_reason": message["stop_reason"], "stop_sequence": None}
    yield _event("message_delta", delta=ending, usage=message["usage"])
    yield _event("message_stop")


def _event(name: str, **fields: object) -> bytes:
    return f"event: {name}\ndata: {json.dumps({'type': name, **fields})}\n\n".encode()
