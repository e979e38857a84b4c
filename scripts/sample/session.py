"""A conversation: what the person types and what the model answers."""

from collections.abc import Iterator

from sample.calls import Call
from sample.client import Record
from sample.skills import Skill
from sample.transcript import Transcript, tokens

RESULT_OVERHEAD = 24
CACHE_LIFE = {"1h": 3600.0, "5m": 300.0, "mixed": 300.0}


class Session(Transcript):
    """A transcript with turns, responses, calls and the usage that follows from them."""

    def wait(self, minutes: float) -> None:
        """The person reads, thinks, is away."""
        self.now += minutes * 60

    def open_turn(self) -> None:
        self.prompt_id = self.ids.uuid()
        self.turn_start, self.skill = self.now, None
        self.turns += 1

    def _typed_keys(self) -> Record:
        if self.client.placeholders:
            return {}
        keys: Record = {"permissionMode": "acceptEdits", "promptSource": "typed"}
        if self.client.block_index:
            keys["turnPosition"] = {"promptIndex": self.turns - 1, "turnIndex": self.turns}
        return keys

    def prompt(self, text: str) -> None:
        self.open_turn()
        self.user(text, **self._typed_keys())
        self.context += tokens(text)

    def types_skill(self, skill: Skill, args: str) -> None:
        """The person types the skill as a slash command."""
        self.open_turn()
        command = f"<command-message>{skill.name}</command-message>\n"
        command += f"<command-name>/{skill.name}</command-name>\n"
        self.user(f"{command}<command-args>{args}</command-args>")
        self._load(skill, f"{skill.loaded()}\n\nARGUMENTS: {args}")

    def _load(self, skill: Skill, body: str, call: Call | None = None) -> None:
        keys: Record = {"isMeta": True}
        if call is not None:
            keys["sourceToolUseID"] = call.id
        self.user([{"type": "text", "text": body}], **keys)
        if not self.client.placeholders:
            self.attach("command_permissions", allowedTools=[])
        self.context += tokens(body)
        self.skill = skill

    def hears(self, prompt: str) -> None:
        """A subagent gets its task."""
        self.user(prompt)
        self.context += tokens(prompt)

    def says_host(self, text: str, *, kind: str, turn: str) -> None:
        """The host itself opens a turn, with no person behind it."""
        origin = {"kind": kind, "producer": "session-task"}
        self.user(text, origin=origin, promptSource="system", turnOrigin=turn)
        self.context += tokens(text)

    def interrupt(self) -> None:
        """The person presses Escape."""
        self.user([{"type": "text", "text": "[Request interrupted by user]"}])

    def reply(self, seconds: float, *parts: str | Call, think: int = 0, cut: bool = False) -> None:
        """One response of the model and the results of its calls; `think` counts tokens."""
        calls = [part for part in parts if isinstance(part, Call)]
        blocks = list(self._blocks(parts, think))
        counts = self._count(blocks, think)
        stop = None if cut else ("tool_use" if calls else "end_turn")
        message, request = self.ids.message(), self.ids.request()
        asked: dict[str, str] = {}
        start = self.now
        for index, block in enumerate(blocks):
            self.now = start + seconds * (index + 1) / len(blocks)
            shown, told = self._shown(counts, stop, last=index == len(blocks) - 1)
            line = self._answer(block, index, told, shown, think)
            line["message"]["id"], line["requestId"] = message, request
            uuid = self.put(line)
            if block["type"] == "tool_use":
                asked[block["id"]] = uuid
        self.final_text = next((part for part in parts if isinstance(part, str)), "")
        for call in calls:
            self._result(call, asked[call.id])

    def _blocks(self, parts: tuple[str | Call, ...], think: int) -> Iterator[Record]:
        if think:
            yield {"type": "thinking", "thinking": "", "signature": "sample"}
        for part in parts:
            if isinstance(part, str):
                yield {"type": "text", "text": part}
            else:
                part.id = self.ids.call()
                yield {"type": "tool_use", "id": part.id, "name": part.name, "input": part.input}

    def _count(self, blocks: list[Record], think: int) -> dict[str, int]:
        """Usage of one request: the cache holds what the request before it sent."""
        idle, self.requested_at = self.now - self.requested_at, self.now
        if self.cached and idle > CACHE_LIFE[self.tier]:
            self.cached = self.system if self.tier == "mixed" else 0
        fresh = 3 + len(self.lines) % 7
        created = self.context - self.cached - fresh
        stable = self.tier == "mixed" and self.cached == 0
        long_lived = created if self.tier == "1h" else self.system if stable else 0
        output = sum(tokens(block.get("text") or block.get("input", "")) for block in blocks)
        counts = {"input": fresh, "read": self.cached, "output": output + think + 4}
        counts |= {"write_1h": long_lived, "write_5m": created - long_lived}
        self.spent.update(counts)
        self.cached = self.context - fresh
        self.context += counts["output"]
        return counts

    def _shown(
        self, counts: dict[str, int], stop: str | None, *, last: bool
    ) -> tuple[dict[str, int], str | None]:
        """Counts and stop reason as this client writes them on one line of a response."""
        output = counts["output"]
        if self.client.placeholders:
            output, stop = 2 + output % 9, None
        elif self.agent and not last:
            # subagent files of the real client hold partial counts on the early lines
            output, stop = 1 + output % 5, None
        elif stop is None:
            output = max(1, output // 3)
        return counts | {"output": output}, stop

    def _answer(
        self, block: Record, index: int, stop: str | None, counts: dict[str, int], think: int
    ) -> Record:
        message = {"id": "", "type": "message", "role": "assistant", "model": self.model}
        message |= {"content": [block], "stop_reason": stop, "stop_sequence": None}
        message["usage"] = self.client.usage(counts, think)
        line = {"message": message, "requestId": "", "type": "assistant"}
        return line | self.client.answer_keys(index, self.model) | self._attribution()

    def _attribution(self) -> Record:
        if not self.client.attributes:
            return {}
        keys = {"attributionAgent": self.agent["type"]} if self.agent else {}
        if self.skill is not None:
            keys |= {"attributionSkill": self.skill.name, "attributionPlugin": self.skill.plugin}
        return keys

    def _result(self, call: Call, asked: str) -> None:
        self.calls += 1
        call.run_at(self.stamp()[11:19])
        if call.play is not None:
            call.play(call)
        else:
            self.now += call.takes
        block: Record = {"tool_use_id": call.id, "type": "tool_result", "content": call.text}
        if call.failed or call.name == "Bash":
            block["is_error"] = call.failed
        self.last = asked
        keys = {"toolUseResult": call.detail, "sourceToolAssistantUUID": asked} | call.keys
        if self.agent and not call.failed:
            del keys["toolUseResult"]
        self.user([block], **keys)
        self.context += tokens(call.text) + RESULT_OVERHEAD
        if call.skill is not None:
            self._load(call.skill, call.skill.loaded(), call)
        if self.formatter and call.name in ("Edit", "Write"):
            self._format(call)

    def _format(self, call: Call) -> None:
        took = 340 + 53 * (len(self.lines) % 9)
        path = call.input["file_path"].removeprefix(self.cwd + "/")
        self.now += took / 1000
        hook = {"hookName": f"PostToolUse:{call.name}", "toolUseID": call.id}
        hook |= {"hookEvent": "PostToolUse", "content": "", "stdout": f"{path} {took // 4}ms\n"}
        command = "npx prettier --write"
        self.attach("hook_success", **hook, stderr="", exitCode=0, command=command, durationMs=took)
