"""Sessions made by hand: a :class:`Story` is told line by line, each answering the one before.

    story = Story()
    story.prompt("mend the cart")
    call = story.call("Bash")
    story.response(call)
    story.result(call)
    session = story.build()

Every line comes one second after the former; ``wait`` lets more time pass. ``agent`` begins a thread of
a subagent in the same session. Nothing here reads or writes a file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from outrider.record.build import build_session
from outrider.record.entries import (
    AgentFact,
    Body,
    CallPart,
    Entry,
    HookRun,
    Mark,
    Prompt,
    PromptKind,
    ResponsePart,
    Result,
    ResultPart,
    Setting,
    SkillBody,
    Title,
)
from outrider.record.session import MAIN, Session
from outrider.record.usage import Usage

START = 1_790_000_000_000
SECOND = 1_000
CLIENT = "2.1.300"
OLD_CLIENT = "2.0.64"
MODEL = "claude-opus-5-5"


@dataclass
class Shared:
    """What all threads of one session share."""

    session: str
    clock: int = START
    entries: list[Entry] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    numbers: count[int] = field(default_factory=lambda: count(1))


class Story:
    """One thread of a session; ``client`` is the version that its responses name."""

    def __init__(self, session: str = "s", agent: str = MAIN, shared: Shared | None = None) -> None:
        self.shared = shared or Shared(session)
        self.agent_id = agent
        self.leaf = ""
        self.client = CLIENT
        self.sidechain = False
        self.request_ids = True

    @property
    def entries(self) -> list[Entry]:
        """All entries of the session so far, in the order of telling."""
        return self.shared.entries

    def add(self, body: Body, **fields: Any) -> Entry:
        """Add one line. ``fields`` are fields of :class:`Entry` that differ from the usual."""
        self.shared.clock += SECOND
        usual: dict[str, Any] = {
            "uid": f"u{next(self.shared.numbers):04}",
            "parent": self.leaf,
            "agent": self.agent_id,
            "at": self.shared.clock,
            "sidechain": self.sidechain,
        }
        entry = Entry(**{**usual, "body": body, **fields})
        self.entries.append(entry)
        self.leaf = entry.uid
        return entry

    def wait(self, seconds: int) -> None:
        """Let time pass."""
        self.shared.clock += seconds * SECOND

    def prompt(self, text: str = "please do it", kind: PromptKind = "human", **fields: Any) -> Entry:
        """A line of text of a person or of the client."""
        return self.add(Prompt(kind, text, **fields))

    def command(self, name: str) -> Entry:
        """A typed slash command."""
        return self.add(Prompt("command", "the cart", command=name))

    def call(self, name: str = "Bash", /, **given: Any) -> CallPart:
        """A call, to be put into a response."""
        return CallPart(f"call-{next(self.shared.numbers):04}", name, json.dumps(given))

    def response(self, *calls: CallPart, text: str = "Done.", lines: int = 1, **part: Any) -> list[Entry]:
        """A response on so many lines, its calls on the last; ``part`` are fields of its lines."""
        return [self.add(each) for each in self.response_parts(*calls, text=text, lines=lines, **part)]

    def response_parts(
        self, *calls: CallPart, text: str = "Done.", lines: int = 1, **part: Any
    ) -> list[ResponsePart]:
        """The lines of a response without their places."""
        number = next(self.shared.numbers)
        usual: dict[str, Any] = {
            "message_id": f"msg-{number:04}",
            "request_id": f"req-{number:04}" if self.request_ids else "",
            "model": MODEL,
            "usage": Usage(input=number, output=10, cache_read=1000 * number),
            "stop_reason": "tool_use" if calls else "end_turn",
            "client": self.client,
        }
        whole = ResponsePart(**{**usual, "text": text, "calls": calls, **part})
        first = [_without(whole) for _ in range(lines - 1)]
        return [*first, whole]

    def result(self, call: CallPart, text: str = "fine", *, is_error: bool = False, **part: Any) -> Entry:
        """The result of one call; ``part`` are fields of :class:`ResultPart`."""
        return self.add(ResultPart((Result(call.id, text, len(text), is_error),), **part))

    def work(self, name: str = "Bash", /, **given: Any) -> CallPart:
        """A response with one call, and its result."""
        call = self.call(name, **given)
        self.response(call)
        self.result(call)
        return call

    def body(self, name: str, text: str = "Do the work.", call: str = "", base: str = "") -> Entry:
        """The text of a skill, as the client inserts it."""
        digest = f"digest of {name}: {text}"
        self.shared.texts[digest] = text
        return self.add(SkillBody(base or f"/home/user/.claude/skills/{name}", digest, len(text), call))

    def typed(self, name: str, text: str = "Do the work.") -> Entry:
        """A skill typed by a person."""
        self.command(name)
        return self.body(name, text)

    def chosen(self, name: str, text: str | None = "Do the work.") -> CallPart:
        """A skill chosen by the model; without ``text`` the client does not insert it again."""
        call = self.call("Skill", skill=name)
        self.response(call)
        self.result(call, f"Launching skill: {name}")
        if text is not None:
            self.body(name, text, call.id)
        return call

    def interrupt(self) -> Entry:
        """A person interrupts."""
        return self.prompt("[Request interrupted by user]", "interrupt")

    def mark(self, kind: str, amount: int = 0, **fields: Any) -> Entry:
        """A note of the client."""
        return self.add(Mark(kind, amount, **fields))  # type: ignore[arg-type]

    def hook(self, milliseconds: int, event: str = "PreToolUse") -> Entry:
        """One run of a hook."""
        return self.add(HookRun(event, "a hook", milliseconds, "success"))

    def title(self, text: str) -> Entry:
        """A name for the session, which has no place of its own."""
        return self.add(Title(text), at=None, parent="")

    def agent(self, agent: str) -> Story:
        """A thread of a subagent in this session."""
        child = Story(agent=agent, shared=self.shared)
        child.client, child.request_ids = self.client, self.request_ids
        return child

    def sidechain_thread(self) -> Story:
        """A thread of a subagent as old clients wrote it: in the same file, without an id."""
        child = self.agent(MAIN)
        child.sidechain = True
        return child

    def fact(self, agent: str, kind: str = "", call: str = "", **fields: Any) -> Entry:
        """What is known of a subagent apart from its lines."""
        leaf = self.leaf
        entry = self.add(AgentFact(kind, call, **fields), agent=agent, at=None, parent="")
        self.leaf = leaf
        return entry

    def delegated(self, agent: str, kind: str = "Explore") -> CallPart:
        """A subagent that is launched, works once, answers and reports."""
        call = self.call("Agent", subagent_type=kind, prompt=f"look into it, {agent}")
        self.response(call)
        child = self.agent(agent)
        child.prompt(f"look into it, {agent}")
        child.work()
        child.response()
        self.result(call, "the report", agent_id=agent)
        return call

    def build(self, settings: Mapping[Setting, tuple[int, int]] | None = None) -> Session:
        """The record of the session."""
        return build_session(self.shared.session, self.entries, settings or {})

    def text_of(self, digest: str) -> str:
        """The text of a skill by its digest."""
        return self.shared.texts.get(digest, "")


def moved(entries: Iterable[Entry], uid: str, /, **fields: Any) -> list[Entry]:
    """The entries, the one called ``uid`` with other fields."""
    return [_changed(each, **fields) if each.uid == uid else each for each in entries]


def _changed(entry: Entry, **fields: Any) -> Entry:
    usual = {name: getattr(entry, name) for name in Entry.__struct_fields__}
    return Entry(**{**usual, **fields})


def _without(part: ResponsePart) -> ResponsePart:
    """An earlier line of a response: no calls, no stop reason, few output tokens."""
    usage = part.usage
    early = Usage(usage.input, 1, usage.cache_read, usage.cache_write_5m, usage.cache_write_1h)
    fields = {name: getattr(part, name) for name in ResponsePart.__struct_fields__}
    return ResponsePart(**{**fields, "usage": early, "stop_reason": "", "text": "", "calls": ()})
