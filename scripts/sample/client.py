"""How the client versions in the sample differ in the keys of their records.

Seen in records of the real client: 2.1.50 writes placeholders for output tokens and no
stop reason; attribution keys came before 2.1.197; later versions add effort, block
indexes and the number of thinking tokens.
"""

from dataclasses import dataclass
from typing import Any

Record = dict[str, Any]


@dataclass(frozen=True)
class Client:
    version: str
    placeholders: bool = False
    attributes: bool = True
    thinking_count: bool = False
    effort: bool = False
    block_index: bool = False

    def envelope(self, cwd: str, session: str, branch: str, slug: str) -> Record:
        tail: Record = {"userType": "external"}
        if not self.placeholders:
            tail["entrypoint"] = "cli"
        tail |= {"cwd": cwd, "sessionId": session, "version": self.version, "gitBranch": branch}
        if self.placeholders:
            tail["slug"] = slug
        return tail

    def usage(self, counts: dict[str, int], thinking: int) -> Record:
        long_lived, short_lived = counts["write_1h"], counts["write_5m"]
        usage: Record = {
            "input_tokens": counts["input"],
            "cache_creation_input_tokens": long_lived + short_lived,
            "cache_read_input_tokens": counts["read"],
            "output_tokens": counts["output"],
        }
        if self.thinking_count:
            usage["output_tokens_details"] = {"thinking_tokens": thinking}
        if not self.placeholders:
            usage["server_tool_use"] = {"web_search_requests": 0, "web_fetch_requests": 0}
        return usage | {
            "service_tier": "standard",
            "cache_creation": {
                "ephemeral_1h_input_tokens": long_lived,
                "ephemeral_5m_input_tokens": short_lived,
            },
        }

    def answer_keys(self, index: int, model: str) -> Record:
        keys: Record = {}
        if self.block_index:
            keys |= {"apiBlockIndex": index, "requestedModel": model, "madeBy": "model"}
        if self.effort:
            keys["effort"] = "medium"
        return keys


OLD = Client("2.1.50", placeholders=True, attributes=False)
C197 = Client("2.1.197")
C294 = Client("2.1.294", thinking_count=True, effort=True)
C330 = Client("2.1.330", thinking_count=True, effort=True, block_index=True)
