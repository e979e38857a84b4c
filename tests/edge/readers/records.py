"""Transcript lines made by hand, in the shapes of clients 1.0 to 2.1.330, and readings of them."""

from __future__ import annotations

import io
import json
import os
import random
from typing import Any

from outrider.edge.readers.transcript import TranscriptName, read_transcript
from outrider.record.entries import Body, Entry
from outrider.record.reading import Reading

Record = dict[str, Any]

LONG = bool(os.environ.get("OUTRIDER_LONG"))
SESSION = "11111111-2222-4333-8444-555555555555"
CLIENT = "2.1.330"
AT = "2026-10-10T10:10:10.100Z"
AT_MS = 1_791_627_010_100
USAGE = {
    "input_tokens": 10,
    "output_tokens": 20,
    "cache_read_input_tokens": 300,
    "cache_creation_input_tokens": 4_000,
    "cache_creation": {"ephemeral_5m_input_tokens": 1_000, "ephemeral_1h_input_tokens": 3_000},
    "server_tool_use": {"web_search_requests": 2, "web_fetch_requests": 0},
    "service_tier": "standard",
}


def record(kind: str, uid: str = "u1", **fields: Any) -> Record:
    """Return a line of ``kind`` with everything that each line of a newer client carries."""
    return {
        "parentUuid": None,
        "isSidechain": False,
        "type": kind,
        "uuid": uid,
        "timestamp": AT,
        "userType": "external",
        "entrypoint": "cli",
        "cwd": "/home/user/project",
        "sessionId": SESSION,
        "version": CLIENT,
        "gitBranch": "main",
    } | fields


def assistant(content: Any = "done", uid: str = "u1", usage: Any = None, **fields: Any) -> Record:
    message = {
        "id": f"msg_{uid}",
        "type": "message",
        "role": "assistant",
        "model": "claude-opus-5-5",
        "content": [{"type": "text", "text": content}] if isinstance(content, str) else content,
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": USAGE if usage is None else usage,
    }
    return record("assistant", uid, **({"message": message, "requestId": f"req_{uid}"} | fields))


def user(content: Any = "mend the cart", uid: str = "u1", **fields: Any) -> Record:
    message = {"role": "user", "content": content}
    return record("user", uid, **({"message": message, "promptId": "p1"} | fields))


def result(content: Any = "ok", uid: str = "u1", *, error: bool = False, **fields: Any) -> Record:
    block = {"type": "tool_result", "tool_use_id": "toolu_1", "content": content, "is_error": error}
    return user([block], uid, **fields)


def call(name: str = "Bash", **given: Any) -> Record:
    return {"type": "tool_use", "id": "toolu_1", "name": name, "input": given}


def progress(inner: Record, **fields: Any) -> Record:
    """Return a progress line that embeds a subagent's line, as clients up to about 2.1.63 wrote."""
    embedded = {key: inner[key] for key in ("type", "message", "uuid", "timestamp")}
    data = {"type": "agent_progress", "message": embedded, "agentId": "a1", "prompt": "look"}
    return record(
        "progress", "p1", **({"data": data, "parentToolUseID": "toolu_1", "version": "2.1.20"} | fields)
    )


def hook(kind: str = "hook_success", **fields: Any) -> Record:
    attachment = {
        "type": kind,
        "hookName": "PreToolUse:Bash",
        "toolUseID": "toolu_1",
        "hookEvent": "PreToolUse",
        "stdout": "",
        "stderr": "",
        "exitCode": 0,
        "command": "check.py",
        "durationMs": 53,
    }
    return record("attachment", attachment=attachment | fields)


def compaction() -> Record:
    facts = {"trigger": "auto", "preTokens": 150_000, "postTokens": 9_000, "durationMs": 257.4}
    return record(
        "system",
        "c1",
        subtype="compact_boundary",
        logicalParentUuid="u0",
        compactMetadata=facts,
        level="info",
    )


def every_kind() -> list[Record]:
    """Return one line of each kind that says something, and some that say nothing."""
    return [
        user(),
        user([{"type": "text", "text": "look"}, {"type": "image", "source": {"type": "base64"}}], "u2"),
        assistant([{"type": "thinking", "thinking": "…", "signature": "s"}], "u3"),
        assistant([{"type": "text", "text": "I look."}, call(command="ls")], "u4", attributionSkill="mend"),
        result(
            "out", "u5", toolUseResult={"stdout": "out", "stderr": "", "interrupted": False, "isImage": False}
        ),
        result(
            [{"type": "text", "text": "started"}],
            "u6",
            toolUseResult={
                "isAsync": True,
                "status": "async_launched",
                "agentId": "a1",
                "totalDurationMs": 5,
            },
        ),
        user(
            "Base directory for this skill: /s/mend\n\n# Mend", "u7", isMeta=True, sourceToolUseID="toolu_1"
        ),
        user("<command-name>/mend</command-name>\n<command-args>it</command-args>", "u8"),
        progress(assistant("from below", "u9")),
        hook(),
        compaction(),
        record("system", "u10", subtype="stop_hook_summary", hookCount=1, hookInfos=[{"durationMs": 57}]),
        record("system", "u11", subtype="turn_duration", durationMs=1_234),
        {"type": "custom-title", "customTitle": "Cart", "sessionId": SESSION},
        {"type": "summary", "summary": "Mending", "leafUuid": "u5"},
        {"type": "file-history-snapshot", "messageId": "m", "snapshot": {"trackedFileBackups": {}}},
        record("brand-new-kind", "u12", message="text where an object was", data=[1, {"a": None}]),
    ]


def raw(*records: Record) -> bytes:
    """Return the bytes of a file that holds ``records``."""
    lines = (json.dumps(each, ensure_ascii=False, separators=(",", ":")) for each in records)
    return "".join(f"{line}\n" for line in lines).encode()


def read(content: bytes, cursor: int = 0, clean: Any = str) -> Reading:
    name = TranscriptName("of-the-file", "")
    return read_transcript(io.BytesIO(content), cursor, name, clean)


def entries(*records: Record) -> list[Entry]:
    """Return all entries that ``records`` give, none of them damaged."""
    reading = read(raw(*records))
    assert reading.faults == []
    return [entry for each in reading.entries.values() for entry in each]


def body(one: Record) -> Body:
    """Return the one fact that a line gives."""
    (entry,) = entries(one)
    return entry.body


def uids(reading: Reading) -> list[str]:
    return [entry.uid for each in reading.entries.values() for entry in each]


def many(count: int, seed: int = 1) -> list[Record]:
    """Return ``count`` lines of all kinds and sizes, each with an identity of its own."""
    rng = random.Random(seed)
    kinds = every_kind()
    lines = [dict(rng.choice(kinds)) for _ in range(count)]
    for number, line in enumerate(lines):
        if "uuid" in line:
            line["uuid"] = f"{number:08d}-{rng.getrandbits(32):08x}"
        line["padding"] = 'é\u2028\\"{}' * rng.randint(0, 200)
    return lines
