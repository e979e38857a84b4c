"""A stand-in for the model: plays a script over the Messages API on the loopback device.

Each conversation (the main loop, what comes after a compaction of it, and each subagent) has its own list of
replies. Which reply is due follows from the request alone, so that a request that is sent again gets the same
answer; only how often a reply failed first is counted. A request without tools is a side call. The request for
a compaction's summary carries everything a normal one does, and is known by what it asks for.
"""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
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
SUMMARY = "summary-of-what-was"
"""Stands in the summary of a compaction, so that what comes after it is known by it."""

_WANTS_SUMMARY = "detailed summary of"


def says(text: str) -> list[Json]:
    """A reply that ends the turn."""
    return [{"type": "text", "text": text}]


def calls(tool: str, /, **given: object) -> list[Json]:
    """A reply with one tool call."""
    return [{"type": "tool_use", "name": tool, "input": given}]


@dataclass(frozen=True)
class Reply:
    """A reply with a usage of its own, that comes late, or after tries that fail with these statuses."""

    content: list[Json]
    usage: Json = field(default_factory=lambda: USAGE)
    delay: float = 0.0
    failing: tuple[int, ...] = ()


Told = Sequence["list[Json] | Reply | Callable[[Request], list[Json]]"]
"""Replies; one that depends on what came before is made of the request."""


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
    """The replies of the main loop, after its compaction, and of the subagents as they first speak.

    ``given`` are the replies that were given, each with whom it was given to, without side calls;
    ``bodies`` what was asked, word for word.
    """

    main: Told
    agents: Sequence[Told] = ()
    after: Told = ()
    requests: list[Request] = field(default_factory=list)
    given: list[tuple[str, Reply]] = field(default_factory=list)
    bodies: list[Json] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)
    _met: list[str] = field(default_factory=list)
    _first: dict[str, int] = field(default_factory=dict)
    _tries: dict[tuple[str, int], int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def reply(self, agent: str, body: Json) -> Reply | int:
        """Return the next message, or the status of a try that fails."""
        if not body.get("tools"):
            return Reply(says("A title"))
        request = Request(agent, body["messages"])
        if _WANTS_SUMMARY in "".join(text_of(each["content"]) for each in request.messages[-2:]):
            return Reply(says(f"<analysis>short</analysis><summary>{SUMMARY}</summary>"))
        with self._lock:
            self.bodies.append(body)
            known, name = self._replies_of(request)
            # What a compaction keeps counts as turns as well.
            turn = request.turn - self._first.setdefault(name, request.turn if name == "after" else 0)
            due = known[turn] if turn < len(known) else says("The script has no more replies.")
            reply = due if isinstance(due, Reply) else Reply(due(request) if callable(due) else due)
            tries = self._tries.get((name, turn), 0)
            self._tries[name, turn] = tries + 1
            if tries < len(reply.failing):
                self.failed.append(reply.failing[tries])
                return reply.failing[tries]
            self.requests.append(request)
            named = replace(reply, content=_named(reply.content, f"{name}_{turn}"))
            self.given.append((agent, named))
        return named

    def _replies_of(self, request: Request) -> tuple[Told, str]:
        if not request.agent:
            compacted = SUMMARY in text_of(request.messages[0]["content"])
            return (self.after, "after") if compacted else (self.main, "main")
        if request.agent not in self._met:
            self._met.append(request.agent)
        place = self._met.index(request.agent)
        return (self.agents[place] if place < len(self.agents) else ()), request.agent

    @property
    def outcomes(self) -> dict[str, bool]:
        """Every call whose result the model was told, and whether that was an error."""
        return {
            block["tool_use_id"]: block.get("is_error") is True
            for request in self.requests
            for message in request.messages
            for block in blocks(message["content"])
            if block["type"] == "tool_result"
        }

    @property
    def last_calls(self) -> set[str]:
        """The calls of the last reply."""
        return {block["id"] for block in self.given[-1][1].content if block["type"] == "tool_use"}

    @property
    def of_main(self) -> list[Request]:
        return [request for request in self.requests if not request.agent]

    @property
    def of_agents(self) -> list[Request]:
        return [request for request in self.requests if request.agent]


def _named(content: list[Json], name: str) -> list[Json]:
    """Give each call an id that follows from where it stands."""
    return [
        {"id": f"toolu_{name}_{number}", **block} if block["type"] == "tool_use" else block
        for number, block in enumerate(content)
    ]


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
            reply = self.script.reply(self.headers.get(AGENT_HEADER, ""), body)
            if isinstance(reply, int):
                error = {"type": "error", "error": {"type": "overloaded_error", "message": "try again"}}
                self._answer(reply, "application/json", json.dumps(error).encode())
                return
            time.sleep(reply.delay)
            message = _message(reply, body["model"])
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


def _message(reply: Reply, model: str) -> Json:
    wants = any(block["type"] == "tool_use" for block in reply.content)
    return {
        "id": f"msg_{uuid.uuid4().hex}",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": reply.content,
        "stop_reason": "tool_use" if wants else "end_turn",
        "stop_sequence": None,
        "usage": reply.usage,
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
