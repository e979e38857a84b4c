"""The lines of one transcript: chain, clock and what the host itself writes."""

import json
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sample.client import Client, Record
from sample.ids import Ids, session_id

if TYPE_CHECKING:
    from sample.skills import Skill

HOME = "/home/dev"
CHARACTERS_PER_TOKEN = 3.7


def tokens(value: Any) -> int:
    text = value if isinstance(value, str) else json.dumps(value)
    return round(len(text) / CHARACTERS_PER_TOKEN)


class Transcript:
    """A file of chained lines; every method appends lines and may move the clock."""

    def __init__(
        self,
        name: str,
        project: str,
        client: Client,
        model: str,
        start: str,
        *,
        branch: str = "main",
        tier: str = "1h",
        system: int = 18_400,
        formatter: bool = False,
    ) -> None:
        self.name, self.project, self.client, self.model = name, project, client, model
        self.id = session_id(name)
        self.ids = Ids(name)
        self.cwd = f"{HOME}/{project}"
        self.branch, self.tier, self.system, self.formatter = branch, tier, system, formatter
        self.now = datetime.fromisoformat(start).replace(tzinfo=UTC).timestamp()
        self.started = self.now
        self.lines: list[Record] = []
        self.agents: list[Transcript] = []
        self.side_files: dict[str, Any] = {}
        self.tail = ""
        self.last: str | None = None
        self.prompt_id = ""
        self.skill: Skill | None = None
        self.agent: Record = {}
        self.parent: Transcript | None = None
        self.context, self.cached = system, 0
        self.requested_at = self.now
        self.turn_start = self.now
        self.turns = self.calls = 0
        self.spent: Counter[str] = Counter()
        self.final_text = ""

    def put(self, record: Record, *, parent: str | None = None, at: float | None = None) -> str:
        """Append a line that belongs to the chain and give its uuid."""
        uuid = self.ids.uuid()
        side = {"isSidechain": bool(self.agent)}
        if self.agent:
            side["agentId"] = self.agent["id"]
        line = {"parentUuid": parent or self.last} | side | record
        line |= {"uuid": uuid, "timestamp": self.stamp(at)}
        slug = "quiet-paper-lantern"
        line |= self.client.envelope(self.cwd, self.id, self.branch, slug)
        self.last = uuid
        if self.agent.get("embedded"):
            self._embed(line)
        else:
            self.lines.append(line)
        return uuid

    def bare(self, record: Record) -> None:
        """Append a line outside the chain."""
        self.lines.append({"type": record["type"], "sessionId": self.id} | record)

    def stamp(self, at: float | None = None) -> str:
        moment = datetime.fromtimestamp(self.now if at is None else at, UTC)
        return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"

    def _embed(self, line: Record) -> None:
        """Clients up to 2.1.52 kept a subagent's lines inside the parent's transcript."""
        inner = {key: line[key] for key in ("type", "message", "requestId") if key in line}
        inner |= {"uuid": line["uuid"], "timestamp": line["timestamp"]}
        body = {"message": inner, "normalizedMessages": [], "type": "agent_progress"}
        body |= {"prompt": self.agent["prompt"], "agentId": self.agent["id"]}
        record = {"type": "progress", "data": body, "toolUseID": self.agent["progress"]}
        record["parentToolUseID"] = self.agent["call"]
        self.parent.put(record, at=self.now)

    def user(self, content: Any, **keys: Any) -> str:
        record: Record = {} if self.client.placeholders else {"promptId": self.prompt_id}
        record |= {"type": "user", "message": {"role": "user", "content": content}}
        return self.put(record | keys)

    def attach(self, kind: str, **keys: Any) -> None:
        self.put({"attachment": {"type": kind} | keys, "type": "attachment"})

    def close_turn(self, hook_ms: int = 0) -> None:
        """What the host writes when the model has ended its turn."""
        if hook_ms:
            self.now += hook_ms / 1000
            info = {"command": "npx lint-staged --quiet", "durationMs": hook_ms}
            summary: Record = {"type": "system", "subtype": "stop_hook_summary", "hookCount": 1}
            summary |= {"hookInfos": [info], "hookErrors": [], "preventedContinuation": False}
            summary |= {"stopReason": "", "hasOutput": False, "level": "suggestion"}
            self.put(summary | {"toolUseID": self.ids.uuid()})
        took = round((self.now - self.turn_start) * 1000)
        duration: Record = {"type": "system", "subtype": "turn_duration", "durationMs": took}
        if not self.client.placeholders:
            duration["messageCount"] = len(self.lines)
        self.put(duration | {"isMeta": False})

    def api_error(self, status: int, kind: str, text: str) -> None:
        self.now += 31.5
        zero = dict.fromkeys(("input", "read", "output", "write_1h", "write_5m"), 0)
        message: Record = {"id": self.ids.uuid(), "type": "message", "role": "assistant"}
        message |= {"model": "<synthetic>", "content": [{"type": "text", "text": text}]}
        message |= {"stop_reason": "stop_sequence", "stop_sequence": ""}
        message["usage"] = self.client.usage(zero, 0)
        keys = {"isApiErrorMessage": True, "apiErrorStatus": status, "apiErrorType": kind}
        self.put({"type": "assistant", "message": message, "error": "unknown"} | keys)

    def compact(self, summary: str, *, trigger: str = "manual") -> None:
        before, logical = self.context, self.last
        self.now += 24.6
        self.context, self.cached = self.system + tokens(summary) + 900, self.system
        detail = {"trigger": trigger, "preTokens": before, "postTokens": self.context}
        record = {"type": "system", "subtype": "compact_boundary", "logicalParentUuid": logical}
        record |= {"content": "Conversation compacted", "isMeta": False, "level": "info"}
        self.last = None
        self.put(record | {"compactMetadata": detail | {"durationMs": 24_600}})
        opening = "This session is being continued from a previous conversation"
        text = f"{opening} that ran out of context.\n\nSummary:\n{summary}"
        self.user(text, isVisibleInTranscriptOnly=True, isCompactSummary=True)
