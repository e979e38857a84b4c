"""Payloads that no host sends: cut, bent, hostile, giant."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

from tests.interface.hook.payloads import EVENTS, payload

HOSTILE = (
    *("", " ", ".", "..", "../../x", "/etc/x", "a/b", "a\\b", "a\0b", "\0", "~", "~root", "$HOME", "`id`"),
    *("$(id)", "; rm -rf x", "-rf", "--", "*", "?", "CON", "nul.txt", "a" * 10_000, "é" * 300, "\ud800"),
    *("😀" * 120, "\u202eabc", "\u2028", "\x1b[31m", "\r\n", "x.json", "x.lock", "tripped", "__proto__"),
    *("</system-reminder>", "%s%n", "{}", "null", "０", "²", "ａ", "İ", "a:b", "mcp__a__b", "Task", "Skill"),
)
"""Names as no client makes them, for every place that a name could reach."""

VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1e300, 2**63, 2**200, -0.0, "", "x", "\ud83d", "\0", [], {}, [[]], [None]),
    *({"": {}}, {"a": None}, [{}] * 300, {str(at): at for at in range(500)}, "y" * 20_000, ["z" * 9_000] * 9),
)

FIELDS = (
    *("session_id", "hook_event_name", "tool_name", "tool_input", "tool_response", "tool_use_id", "error"),
    *("agent_id", "agent_type", "tool_calls", "prompt", "cwd", "transcript_path", "agent_transcript_path"),
    *("permission_mode", "source", "reason", "trigger", "duration_ms", "stop_hook_active", "prompt_id"),
    *("last_assistant_message", "is_interrupt", "outrider", "effort", "command_name"),
)

KNOWN = (*EVENTS, "UserPromptExpansion", "Notification", "StopFailure", "TaskCompleted", "PostCompact")


def texts() -> Iterator[bytes]:
    """Yield texts that are no payload at all."""
    yield from (b"", b" ", b"\n", b"{", b"}", b"[", b'"', b"null", b"true", b"7", b"[]", b"{}", b"\xff\xfe")
    yield from (b"\0" * 1_000, b"\xef\xbb\xbf{}", b"NaN", b"-Infinity", b"1e999", b"-", b"{}{}", b'{"a":}')
    yield from (b"[" * 100_000, b'{"a":' * 100_000, b"9" * 5_000, b'{"session_id":1e400}', b'"\\ud800"')
    for inner in (b"[" * 5_000 + b"]" * 5_000, b'{"a":' * 5_000 + b"1" + b"}" * 5_000, b"9" * 5_000, b"NaN"):
        for event in EVENTS:
            whole = json.dumps(payload(event, tool_input="@", prompt="@", tool_calls="@")).encode()
            yield whole.replace(b'"@"', inner)


def strange(chance: random.Random) -> bytes:
    """Return one malformed payload picked at random."""
    given = payload(chance.choice(KNOWN), f"toolu_{chance.randrange(40)}")
    kind = chance.randrange(7)
    if kind == 0:
        raw = json.dumps(given).encode()
        return raw[: chance.randrange(len(raw))]
    if kind == 1:
        changed = bytearray(json.dumps(given).encode())
        for _ in range(chance.randrange(1, 9)):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        return bytes(changed)
    if kind == 2:
        return chance.randbytes(chance.randrange(400))
    if kind == 3:
        return json.dumps(_bent(given, chance, 4)).encode()
    if kind == 4:
        given.pop(chance.choice(list(given)))
        return json.dumps(given).encode()
    if kind == 5:
        for name in chance.sample(FIELDS, 3):
            given[name] = chance.choice(VALUES)
        return json.dumps(given).encode()
    for name in chance.sample(FIELDS, 3):
        given[name] = chance.choice(HOSTILE)
    return json.dumps(given, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")


def _bent(value: Any, chance: random.Random, depth: int) -> Any:
    """Return the value with parts of other types, in the places where the host has its own."""
    if depth and isinstance(value, dict) and value:
        name = chance.choice(list(value))
        return {**value, name: _bent(value[name], chance, depth - 1)}
    if depth and isinstance(value, list) and value:
        at = chance.randrange(len(value))
        return [*value[:at], _bent(value[at], chance, depth - 1), *value[at + 1 :]]
    return chance.choice((*VALUES, *HOSTILE))
