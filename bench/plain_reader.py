"""The fastest totals-only reader that the standard library gives: the measure for a cold ingest.

A byte test passes over every line without a usage object; the rest is parsed. The rule is the exact
one: repeated line uuids count once, lines of one message join by request id or by their parent, the
maximum of each usage field counts. It knows nothing of skills, steps, calls, damage or time.

    python bench/plain_reader.py FOLDER
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

FIELDS = ("input", "output", "cache_read", "cache_write_5m", "cache_write_1h")


def read(root: Path) -> dict[str, int]:
    """Totals of all transcripts under ``root/projects``."""
    seen: set[str] = set()
    key_of: dict[str, object] = {}
    usages: dict[object, list[int]] = {}
    for path in root.joinpath("projects").rglob("*.jsonl"):
        with path.open("rb") as lines:
            for raw in lines:
                if b'"usage":{' in raw and b'"type":"assistant"' in raw:
                    _line(raw, seen, key_of, usages)
    totals = [sum(column) for column in zip(*usages.values(), strict=True)] or [0] * len(FIELDS)
    return {"requests": len(usages), **dict(zip(FIELDS, totals, strict=True))}


def _line(raw: bytes, seen: set[str], key_of: dict[str, object], usages: dict[object, list[int]]) -> None:
    try:
        line = json.loads(raw)
    except ValueError:
        return
    if line.get("type") == "progress":
        line = line.get("data", {}).get("message", {})
    uuid = line.get("uuid")
    if line.get("type") != "assistant" or uuid in seen or line.get("isApiErrorMessage"):
        return
    seen.add(uuid)
    message = line["message"]
    request = line.get("requestId")
    if request:
        key: object = (message["id"], request)
    else:
        key = key_of.get(line.get("parentUuid"), uuid)
        key_of[uuid] = key
    usage = message["usage"]
    written = usage.get("cache_creation_input_tokens", 0)
    long = usage.get("cache_creation", {}).get("ephemeral_1h_input_tokens", 0)
    new = [
        usage["input_tokens"],
        usage["output_tokens"],
        usage.get("cache_read_input_tokens", 0),
        written - long,
        long,
    ]
    old = usages.get(key)
    usages[key] = new if old is None else [max(pair) for pair in zip(old, new, strict=True)]


if __name__ == "__main__":
    print(json.dumps(read(Path(sys.argv[1]))))
