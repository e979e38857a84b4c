"""One conversation being written: the shapes of its lines, and the booking of what they mean.

Shapes follow transcripts of clients 1.0 to 2.1.330. A thread is a main conversation or a subagent.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from .traps import SEVERAL, Size, Trap
from .truth import Book, Request

Record = dict[str, Any]

DAY = 86_400_000
"""Milliseconds, as all times here."""

SURROGATE = "\ue000"
"""Stands for a lone surrogate until the line is bytes; see ``damage.encoded``."""

_RESULT_SIZES = ((680, 100, 900), (280, 900, 4_000), (30, 4_000, 18_000), (5, 18_000, 60_000))
_HUGE_RESULT = (0.0015, 50_000, 250_000)
_TOOLS = ("Bash", "Read", "Edit", "Grep", "Write", "mcp__tracker__issue_get")
_WORDS = (
    "return value of the parser is not checked",
    "def read(path: Path) -> list[str]:",
    "\t",
    "  ",
    "FAILED tests/test_cart.py::test_total - assert 3 == 4",
    "    if not rows:\n        return None",
    '{"name": "cart", "items": [1, 2, 3]}',
    "naïve façade — «quoted»",
    "npm run build",
    "==> ok <==",
    "src/cart/total.py:41:",
    "the quick brown fox",
    "C:\\temp\\new",
    "\n",
    "0x7f3a",
    "日本語のテスト",
)


@dataclass
class World:
    """What all threads of a folder share."""

    rng: random.Random
    size: Size
    traps: frozenset[str]
    book: Book
    text_pool: str = ""

    def __post_init__(self) -> None:
        length = 400_000 if self.size.large_results else 8_000
        parts = self.rng.choices(_WORDS, k=length // 20)
        self.text_pool = "\n".join(" ".join(parts[at : at + 6]) for at in range(0, len(parts), 6))

    def on(self, trap: str) -> bool:
        """Is the trap set?"""
        return trap in self.traps

    def text(self, length: int) -> str:
        """About ``length`` characters that look like tool output."""
        length = min(length, len(self.text_pool) - 1)
        start = self.rng.randrange(len(self.text_pool) - length)
        return self.text_pool[start : start + length]

    def result_text(self) -> str:
        """Text of a tool result; sizes as skewed as real ones in a large folder."""
        if not self.size.large_results:
            return self.text(self.rng.randint(30, 200))
        share, low, high = _HUGE_RESULT
        if self.rng.random() < share:
            return self.text(self.rng.randint(low, high))
        weights = [weight for weight, _, _ in _RESULT_SIZES]
        _, low, high = self.rng.choices(_RESULT_SIZES, weights)[0]
        return self.text(self.rng.randint(low, high))

    def uuid(self) -> str:
        """A line or session id."""
        raw = f"{self.rng.getrandbits(128):032x}"
        return f"{raw[:8]}-{raw[8:12]}-4{raw[13:16]}-a{raw[17:20]}-{raw[20:]}"

    def token(self, prefix: str, digits: int = 24) -> str:
        """An id of the service (``msg_``, ``req_``, ``toolu_``) or of an agent."""
        return prefix + f"{self.rng.getrandbits(4 * digits):0{digits}x}"


@dataclass
class Session:
    """What every line of one session repeats."""

    id: str
    cwd: str
    version: str
    model: str
    request_ids: bool = True
    relay: bool = False
    unreliable: bool = False
    flat_cache: bool = False
    zero_split: bool = False

    def since(self, *version: int) -> bool:
        """Is the client at least this version?"""
        return tuple(int(part) for part in self.version.split(".")) >= version


@dataclass
class Call:
    """A tool call of a response and, once written, its ids."""

    name: str
    input: dict[str, Any]
    id: str = ""
    line: str = ""
    answered: bool = False


@dataclass
class Thread:
    """Writes lines in order; ``records`` is the file (or the part of one) so far."""

    world: World
    session: Session
    clock: int
    agent_id: str | None = None
    agent: str | None = None
    old_sidechain: bool = False
    records: list[Record] = field(default_factory=list)
    leaf: str | None = None
    skills: list[str] = field(default_factory=list)
    stamped_skill: str | None = None
    prompt_id: str = ""
    context: int = 14_000
    skew: int = 0
    undated: bool = False
    to_midnight: bool = False

    def line(self, kind: str, **fields: Any) -> Record:
        """Append a chained line of the given type."""
        world, session = self.world, self.session
        self.clock += world.rng.randint(20, 900)
        record: Record = {
            "parentUuid": self.leaf,
            "isSidechain": self.agent_id is not None or self.old_sidechain,
            "userType": "external",
            "entrypoint": "cli",
            "cwd": session.cwd,
            "sessionId": session.id,
            "version": session.version,
            "gitBranch": "main",
        }
        if self.agent_id:
            record["agentId"] = self.agent_id
        record |= {"type": kind, **fields, "uuid": world.uuid()}
        if not self.undated:
            record["timestamp"] = stamp(self.clock + self.skew)
        self.records.append(record)
        self.leaf = record["uuid"]
        if kind in ("user", "assistant") and not (self.agent_id or self.old_sidechain):
            world.book.spoke(session.id, session.cwd)
        return record

    def plain(self, kind: str, **fields: Any) -> None:
        """Append a line outside the chain (no uuid), as the client's book-keeping lines are."""
        self.records.append({"type": kind, **fields, "sessionId": self.session.id})

    def user(self, content: Any, **fields: Any) -> Record:
        """A user line: prompt, command, skill body, notification."""
        if self.session.since(2, 1, 88) and "promptId" not in fields:
            fields = {"promptId": self.prompt_id, **fields}
        return self.line("user", message={"role": "user", "content": content}, **fields)

    def prompt(self, text: str) -> None:
        """A person asks."""
        self.pause(20, 90)
        self.prompt_id = self.world.uuid()
        self.stamped_skill = None
        self.plain("file-history-snapshot", messageId=self.prompt_id, isSnapshotUpdate=False)
        self.user(text)
        if not self.agent:
            self.world.book.truth.prompts += 1

    def pause(self, low: int, high: int) -> None:
        """Time passes, in seconds."""
        self.clock += 1000 * self.world.rng.randint(low, high)

    def respond(self, *calls: Call, text: str = "", stop: str | None = None, between: bool = False) -> None:
        """One response, on one line or (trap) one line per content block; booked once."""
        world = self.world
        for call in calls:
            call.id = world.token("toolu_")
        blocks: list[Record] = [{"type": "text", "text": text or world.text(world.rng.randint(30, 300))}]
        if world.rng.random() < 0.15:
            blocks.insert(
                0,
                {"type": "thinking", "thinking": world.text(120), "signature": world.token("", 40)},
            )
        blocks += [{"type": "tool_use", "id": c.id, "name": c.name, "input": c.input} for c in calls]
        several = bool(SEVERAL & world.traps)
        groups = [[block] for block in blocks] if several else [blocks]
        if self.to_midnight and len(groups) > 1:
            now = self.clock + self.skew
            self.clock += DAY - now % DAY - 950
            self.to_midnight = False
        usage = self._usage()
        stop = stop or ("tool_use" if calls else "end_turn")
        self._write(groups, usage, stop, calls, between)

    def results(self, *calls: Call) -> None:
        """Results of ordinary calls not yet answered, each hanging on the line of its call."""
        for call in calls:
            if not call.answered:
                output = self.world.result_text()
                self.result(call, output, {"stdout": output, "stderr": "", "interrupted": False})

    def result(self, call: Call, content: Any, value: Any, **block: Any) -> None:
        """The result of one call: what the model sees, and what the client keeps beside it."""
        call.answered = True
        self.leaf = call.line
        self.pause(0, 4)
        self.user(
            [{"tool_use_id": call.id, "type": "tool_result", "content": content, **block}],
            toolUseResult=value,
            sourceToolAssistantUUID=call.line,
        )

    def work(self, count: int) -> None:
        """``count`` responses with ordinary calls and their results."""
        rng = self.world.rng
        for _ in range(count):
            calls = [self._ordinary() for _ in range(rng.choice(self.world.size.calls))]
            self.respond(*calls, between=rng.random() < 0.5)
            self.results(*calls)
            if rng.random() < 0.12:
                self.line(
                    "attachment",
                    attachment={
                        "type": "hook_success",
                        "hookName": "PostToolUse",
                        "durationMs": rng.randint(5, 90),
                        "exitCode": 0,
                        "stdout": "",
                    },
                )

    def _ordinary(self) -> Call:
        rng = self.world.rng
        name = rng.choice(_TOOLS)
        return Call(name, {"command": self.world.text(rng.randint(10, 160)), "description": "work"})

    def _usage(self) -> Record:
        """Usage of the whole response, all tokens final; grows the context."""
        rng, session = self.world.rng, self.session
        written = rng.randint(300, 4_000)
        usage: Record = {
            "input_tokens": rng.randint(1, 15),
            "cache_creation_input_tokens": written,
            "cache_read_input_tokens": self.context,
            "output_tokens": rng.randint(30, 1_800),
            "service_tier": "standard",
        }
        self.context = self.context + written if self.context < 160_000 else 15_000
        long = rng.choice((0, written, written * 3 // 4)) if self.world.on(Trap.CACHE_TIERS) else 0
        if session.zero_split:
            usage["cache_creation"] = dict.fromkeys(_SPLIT, 0)
        elif not session.flat_cache:
            usage["cache_creation"] = dict(zip(_SPLIT, (written - long, long), strict=True))
        if session.since(2, 1, 197):
            usage["server_tool_use"] = {"web_search_requests": 0, "web_fetch_requests": 0}
            usage["iterations"] = []
            if self.world.on(Trap.UNKNOWN_KIND):
                usage["iterations"] = [{"type": "message", **usage}]
        if session.unreliable:
            usage["output_tokens"] = rng.randint(2, 40)
        return usage

    def _write(
        self,
        groups: list[list[Record]],
        usage: Record,
        stop: str,
        calls: tuple[Call, ...],
        between: bool,
    ) -> None:
        world, session = self.world, self.session
        message_id = "msg_relay" if session.relay else world.token("msg_01")
        request_id = world.token("req_011C") if session.request_ids else None
        final_everywhere = session.since(2, 1, 197) and world.rng.random() < 0.5
        silent = session.unreliable or stop == "none"
        rise, day, so_far = usage["output_tokens"], "", 0
        between = between and self._may_stand_between()
        for at, blocks in enumerate(groups):
            last = at == len(groups) - 1
            whole = last or final_everywhere
            so_far = rise if whole else max(so_far, min(rise, 1 + at * 7))
            message = {
                "id": message_id,
                "type": "message",
                "role": "assistant",
                "model": session.model,
                "content": blocks,
                "stop_reason": stop if whole and not silent else None,
                "stop_sequence": None,
                "usage": {**usage, "output_tokens": so_far},
            }
            extra = {"requestId": request_id} if request_id else {}
            if self.stamped_skill and session.since(2, 1, 140):
                extra["attributionSkill"] = self.stamped_skill
            if world.on(Trap.UNKNOWN_KIND):
                extra["quantumFoam"] = "[1, 2]"
            record = self.line("assistant", message=message, **extra)
            day = record.get("timestamp", "")[:10] if at == 0 else day
            for call in calls:
                if any(block.get("id") == call.id for block in blocks):
                    call.line = record["uuid"]
                    if between and not last:
                        self._progress(call)
                        self.results(call)
        self._book(usage, day, calls, silent)

    def _may_stand_between(self) -> bool:
        if not self.session.request_ids:
            return self.world.on(Trap.BETWEEN_NO_ID) and not self.session.relay
        return self.world.on(Trap.BETWEEN)

    def _progress(self, call: Call) -> None:
        self.line(
            "progress",
            data={"type": "hook_progress", "hookEvent": "PreToolUse", "hookName": call.name},
            toolUseID=call.id,
            parentToolUseID=call.id,
        )

    def _book(self, usage: Record, day: str, calls: tuple[Call, ...], silent: bool) -> None:
        split = usage.get("cache_creation") or {}
        written, long = usage["cache_creation_input_tokens"], split.get(_SPLIT[1], 0)
        tokens = (
            usage["input_tokens"],
            usage["output_tokens"],
            usage["cache_read_input_tokens"],
            written - long,
            long,
        )
        session = self.session
        self.world.book.requests.append(
            Request(
                session=session.id,
                project=session.cwd,
                model=session.model,
                day=day,
                skill=self.skills[-1] if self.skills else None,
                agent=self.agent,
                tokens=tokens,
                tools=tuple(call.name for call in calls),
                reliable=not silent,
            )
        )


_SPLIT = ("ephemeral_5m_input_tokens", "ephemeral_1h_input_tokens")


def stamp(milliseconds: int) -> str:
    """A timestamp as the client writes it."""
    moment = datetime.fromtimestamp(milliseconds / 1000, tz=UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{milliseconds % 1000:03d}Z"
