"""A second opinion: totals of a folder by a reader that is simple, slow and independent.

Its rule: drop a line whose uuid was seen in any file; lines of one message id are one response when
they share a request id or, without one, hang on each other by ``parentUuid``; take the maximum of
each usage field. Embedded ``agent_progress`` entries are lines of their own. ``Mistake`` names what
readers are known to get wrong; each can be switched on to see what it gives.

It does not apply to ``EXTRA`` traps: they need more than this rule.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from typing import Any

from .truth import TOKENS, Sums

Line = dict[str, Any]


class Mistake(Enum):
    """A known way to count wrong."""

    FIRST_LINE_KEPT = auto()
    EVERY_LINE_SUMMED = auto()
    NO_SUBAGENTS = auto()
    NO_EMBEDDED = auto()
    PER_FILE_DEDUP = auto()
    REQUEST_ID_REQUIRED = auto()
    MESSAGE_ID_IS_ENOUGH = auto()
    FLAT_CACHE_IGNORED = auto()
    ONE_CACHE_TIER = auto()
    TOOL_RESULT_ENDS_RESPONSE = auto()
    DAMAGED_LINE_DROPPED = auto()
    SYNTHETIC_COUNTED = auto()
    DAY_OF_LAST_LINE = auto()


@dataclass
class Response:
    """One response while its lines come in."""

    model: str
    day: str
    usage: list[int] = field(default_factory=lambda: [0] * len(TOKENS))
    calls: set[str] = field(default_factory=set)
    stop_seen: bool = False


@dataclass
class Reading:
    """What the reader makes of a folder."""

    totals: Sums
    by_model: dict[str, Sums]
    by_day: dict[str, Sums]
    unreliable: int


def read(root: Path, *mistakes: Mistake) -> Reading:
    """Totals of every transcript under ``root/projects``."""
    reader = _Reader(frozenset(mistakes))
    for path in sorted((root / "projects").rglob("*.jsonl")):
        if path.name != "journal.jsonl":
            reader.file(path)
    return reader.reading()


class _Reader:
    def __init__(self, mistakes: frozenset[Mistake]) -> None:
        self.wrong = mistakes
        self.uuids: set[str] = set()
        self.responses: dict[Any, Response] = {}
        self.of_line: dict[str, Any] = {}
        """uuid of a line without request id → key of its response."""

    def file(self, path: Path) -> None:
        if Mistake.NO_SUBAGENTS in self.wrong and "subagents" in path.parts:
            return
        if Mistake.PER_FILE_DEDUP in self.wrong:
            self.uuids, self.of_line = set(), {}
        keep = Mistake.DAMAGED_LINE_DROPPED not in self.wrong
        for raw in path.read_bytes().split(b"\n"):
            for line in _records(raw, recover=keep):
                inner = _embedded(line)
                if inner is None:
                    self.line(line, path)
                elif Mistake.NO_EMBEDDED not in self.wrong:
                    self.line(inner, path)

    def line(self, line: Line, path: Path) -> None:
        uuid = line.get("uuid")
        message = line.get("message")
        if line.get("type") != "assistant" or not isinstance(message, dict) or not uuid:
            return
        if line.get("isApiErrorMessage") and Mistake.SYNTHETIC_COUNTED not in self.wrong:
            return
        summed = Mistake.EVERY_LINE_SUMMED in self.wrong
        if uuid in self.uuids and not summed:
            return
        self.uuids.add(uuid)
        key = len(self.responses) if summed else self._key(line, message, path)
        self.of_line[uuid] = key
        day = str(line.get("timestamp", ""))[:10]
        new = key not in self.responses
        response = self.responses.setdefault(key, Response(str(message.get("model")), day))
        if Mistake.DAY_OF_LAST_LINE in self.wrong:
            response.day = day
        if new or Mistake.FIRST_LINE_KEPT not in self.wrong:
            usage = self._usage(message.get("usage") or {})
            response.usage = [max(pair) for pair in zip(response.usage, usage, strict=True)]
        response.stop_seen |= message.get("stop_reason") is not None
        response.calls |= {
            block["id"] for block in message.get("content", ()) if block.get("type") == "tool_use"
        }

    def _key(self, line: Line, message: Line, path: Path) -> Any:
        id_, request = message.get("id"), line.get("requestId")
        scope = path if Mistake.PER_FILE_DEDUP in self.wrong else None
        if Mistake.MESSAGE_ID_IS_ENOUGH in self.wrong:
            return id_
        if request and Mistake.TOOL_RESULT_ENDS_RESPONSE not in self.wrong:
            return scope, id_, request
        above = (
            None
            if request is None and Mistake.REQUEST_ID_REQUIRED in self.wrong
            else (self.of_line.get(str(line.get("parentUuid"))))
        )
        if above is not None and above[1] == id_:
            return above
        return scope, id_, line["uuid"]

    def _usage(self, usage: Line) -> list[int]:
        split = usage.get("cache_creation") or {}
        flat = usage.get("cache_creation_input_tokens", 0)
        long = split.get("ephemeral_1h_input_tokens", 0)
        if Mistake.FLAT_CACHE_IGNORED in self.wrong and not split:
            flat = 0
        if Mistake.ONE_CACHE_TIER in self.wrong:
            long = 0
        return [
            usage.get("input_tokens", 0),
            usage.get("output_tokens", 0),
            usage.get("cache_read_input_tokens", 0),
            flat - long,
            long,
        ]

    def reading(self) -> Reading:
        totals, by_model, by_day = Sums(), {}, {}
        calls: dict[str, set[str]] = {}
        for response in self.responses.values():
            model = by_model.setdefault(response.model, Sums())
            day = by_day.setdefault(response.day, Sums())
            for sums, name in (
                (totals, "t"),
                (model, "m" + response.model),
                (day, "d" + response.day),
            ):
                sums.requests += 1
                for token, value in zip(TOKENS, response.usage, strict=True):
                    sums.tokens[token] += value
                calls.setdefault(name, set()).update(response.calls)
                sums.calls = len(calls[name])
        unreliable = sum(not response.stop_seen for response in self.responses.values())
        return Reading(totals, by_model, by_day, unreliable)


def _embedded(line: Line) -> Line | None:
    data = line.get("data")
    if line.get("type") == "progress" and isinstance(data, dict) and data.get("type") == "agent_progress":
        inner = data.get("message")
        return inner if isinstance(inner, dict) else {}
    return None


def _records(raw: bytes, *, recover: bool) -> Iterator[Line]:
    """Objects on a physical line; of a damaged one, those that are whole."""
    text = raw.decode("utf-8", "replace").lstrip("\ufeff").strip(" \t\r")
    if not text:
        return
    whole = _object(text)
    if whole is not None:
        yield whole
        return
    at = text.find('{"') if recover else -1
    decoder = json.JSONDecoder()
    while at >= 0:
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            at = text.find('{"', at + 1)
            continue
        if isinstance(value, dict) and "type" in value and (end == len(text) or text[end] == "{"):
            yield value
        at = text.find('{"', end)


def _object(text: str) -> Line | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
