"""The record model: what happened in one session, in the words of the design."""

from __future__ import annotations

from typing import Literal

from outrider.record.entries import Setting
from outrider.record.packed import Packed
from outrider.record.usage import Usage

CallStatus = Literal["ok", "error", "refused", "interrupted", "open"]
"""How a call ended: with a result, with an error, refused by a person, a hook or the permission rules,
cut off by a person, or not at all as far as the record goes."""

Trigger = Literal["typed", "model", "fork"]
"""How a skill was loaded: typed by a person, chosen by the model, or run in a subagent of its own."""

MomentKind = Literal["response", "result", "prompt", "load", "hook", "note"]

MAIN = ""
"""The agent name of the main thread."""


class Request(Packed, frozen=True, gc=False):
    """One model response with its usage. ``uid`` is its first line's; instants are milliseconds.

    ``at`` and ``ended`` are in order with the other events; ``dated`` is what the first line's own clock
    says, for days and prices. ``reliable`` is false where the client left a streaming placeholder as the
    output tokens.
    """

    uid: str
    agent: str
    at: int
    ended: int
    dated: int
    message_id: str
    model: str
    usage: Usage
    reliable: bool
    stop_reason: str
    host_skill: str
    host_agent: str
    client: str
    text: str


class Call(Packed, frozen=True, gc=False):
    """One tool call with its result. ``input`` is JSON text; ``result`` an excerpt of ``result_size``."""

    id: str
    uid: str
    agent: str
    request: str
    name: str
    input: str
    at: int
    ended: int | None
    status: CallStatus
    denial: str
    result: str
    result_size: int
    agent_id: str
    host_duration: int


class Load(Packed, frozen=True, gc=False):
    """One loading of a skill. ``agent`` is the thread in which its work stands.

    ``name`` is as people write it (``plugin:skill`` where the plugin is known). ``digest`` identifies the
    version of the text and is empty when the record does not hold the text. ``base`` is the skill's folder.
    """

    uid: str
    agent: str
    at: int
    name: str
    plugin: str
    plugin_version: str
    digest: str
    size: int
    trigger: Trigger
    call_id: str
    base: str = ""


class Turn(Packed, frozen=True, gc=False):
    """From a prompt to the end of the answer. ``correction``: said after an interrupt or a refusal,
    or put in while the model worked.
    """

    uid: str
    number: int
    at: int
    ended: int
    text: str
    by_person: bool
    command: str
    interrupted: bool
    correction: bool
    asked_back: bool
    host_duration: int


class Subagent(Packed, frozen=True, gc=False):
    """One subagent of a session. ``call_id`` is the call that started it, where that is known."""

    id: str
    type: str
    call_id: str
    parent: str
    at: int
    ended: int
    depth: int


class Compaction(Packed, frozen=True, gc=False):
    """One compaction: tokens before and after where the client says them, and its duration in ms."""

    uid: str
    agent: str
    at: int
    trigger: str
    before: int
    after: int
    duration: int


class Moment(Packed, frozen=True, gc=False):
    """One instant of a thread, for splitting its time: the stretch before it is what it ended.

    ``subject`` is the uid of a request, turn, load or note, or the call id of a result.
    """

    at: int
    agent: str
    kind: MomentKind
    subject: str


class Session(Packed, frozen=True, gc=False):
    """One conversation: its main thread and its subagents', everything in order of time.

    ``hook_ms`` is what hooks took by the client's own account; ``skewed`` counts lines whose clock runs
    behind the line they answer; ``api_errors`` are requests that the service refused.
    """

    id: str
    at: int
    ended: int
    settings: tuple[Setting, ...]
    title: str
    requests: tuple[Request, ...]
    calls: tuple[Call, ...]
    loads: tuple[Load, ...]
    turns: tuple[Turn, ...]
    subagents: tuple[Subagent, ...]
    compactions: tuple[Compaction, ...]
    moments: tuple[Moment, ...]
    hook_ms: int
    api_errors: int
    interrupts: int
    skewed: int
