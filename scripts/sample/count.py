"""Totals of transcripts, counted from the written lines alone.

Independent of the code that writes the sample, and of the product: a response counts once
by its message id, each kind of token by the largest value that its lines show.
"""

import json
from collections import Counter, defaultdict
from typing import Any

KINDS = ("input", "cache read", "cache write 5m", "cache write 1h", "output")


class Tally:
    """What one session, or all of them, amount to."""

    def __init__(self) -> None:
        self.lines = self.torn = 0
        self.usage: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(KINDS, 0))
        self.models: dict[str, str] = {}
        self.calls: set[str] = set()
        self.runs: dict[str, str] = {}
        self.kinds: Counter[str] = Counter()

    def read(self, file: str) -> None:
        for text in file.split("\n"):
            if not text:
                continue
            self.lines += 1
            try:
                self.take(json.loads(text))
            except ValueError:
                self.torn += 1

    def take(self, line: dict[str, Any]) -> None:
        self.kinds[line["type"]] += 1
        inner = line["data"].get("message") if line["type"] == "progress" else line
        message = (inner or {}).get("message") or {}
        content = message.get("content")
        blocks = content if isinstance(content, list) else []
        self.calls |= {block["id"] for block in blocks if block["type"] == "tool_use"}
        self.note_run(line, blocks)
        if "usage" in message and message["model"] != "<synthetic>":
            self.models[message["id"]] = message["model"]
            for kind, value in kinds(message["usage"]).items():
                seen = self.usage[message["id"]]
                seen[kind] = max(seen[kind], value)

    def note_run(self, line: dict[str, Any], blocks: list[dict[str, Any]]) -> None:
        marker = "Base directory for this skill: "
        if line.get("isMeta") and blocks and blocks[0]["text"].startswith(marker):
            home = blocks[0]["text"].removeprefix(marker).split("\n")[0]
            version, _, skill = home.split("/")[-3:]
            self.runs[line["uuid"]] = f"{skill} {version}"
        result = line.get("toolUseResult")
        if isinstance(result, dict) and result.get("status") == "forked":
            self.runs[line["uuid"]] = result["commandName"].split(":")[1] + " (fork)"

    def tokens(self) -> dict[str, int]:
        return {kind: sum(usage[kind] for usage in self.usage.values()) for kind in KINDS}


def kinds(usage: dict[str, Any]) -> dict[str, int]:
    tiers = usage["cache_creation"]
    values = (
        usage["input_tokens"],
        usage["cache_read_input_tokens"],
        tiers["ephemeral_5m_input_tokens"],
        tiers["ephemeral_1h_input_tokens"],
        usage["output_tokens"],
    )
    return dict(zip(KINDS, values, strict=True))


def of_session(files: dict[str, str], session: str) -> list[str]:
    """Transcripts with `session` in their path: its own and those of its subagents."""
    return [path for path in files if session in path and path.endswith(".jsonl")]


def count(files: dict[str, str], paths: list[str]) -> Tally:
    tally = Tally()
    for path in paths:
        tally.read(files[path])
    return tally
