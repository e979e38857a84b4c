"""What one line of a record says, freed from the shape of any client version.

An :class:`Entry` is the smallest fact that is kept. The same line read from two places (a resumed or
forked history, a subagent mirrored into its parent) gives equal entries, so that storing is idempotent.
Every text in here has been redacted and cut by the reader. New fields go to the end, with a default, so
that what older versions stored still reads.
"""

from __future__ import annotations

from typing import Literal

from outrider.record.packed import Packed
from outrider.record.usage import Usage

PromptKind = Literal["human", "command", "local", "notification", "meta", "summary", "interrupt"]
"""Who speaks in a user line: a person; a typed slash command; output of a local command; a background
task reporting back; the client itself; a compaction's summary; or the note that a person interrupted."""

MarkKind = Literal["turn_duration", "compaction", "hooks", "api_error"]
"""Client's own notes on a session. ``amount`` is milliseconds for the first three."""


class CallPart(Packed, frozen=True, gc=False):
    """One tool call as the model wrote it; ``input`` is JSON text."""

    id: str
    name: str
    input: str


class ResponsePart(Packed, frozen=True, gc=False, tag="response"):
    """One line of a model response. A response stands on several lines, each repeating its usage.

    ``host_skill`` and ``host_agent`` are the client's own attribution; ``client`` is its version.
    """

    message_id: str
    request_id: str
    model: str
    usage: Usage
    stop_reason: str = ""
    host_skill: str = ""
    host_agent: str = ""
    client: str = ""
    text: str = ""
    calls: tuple[CallPart, ...] = ()
    api_error: bool = False


class Result(Packed, frozen=True, gc=False):
    """What came back for one call. ``size`` is the characters of the whole text, ``text`` an excerpt."""

    call_id: str
    text: str
    size: int
    is_error: bool = False


class ResultPart(Packed, frozen=True, gc=False, tag="results"):
    """One user line that carries results, with the few structured facts beside them.

    ``agent_id`` names the subagent that a launch started; ``denial`` says who refused the call.
    """

    results: tuple[Result, ...]
    agent_id: str = ""
    status: str = ""
    denial: str = ""
    interrupted: bool = False
    duration_ms: int = 0
    text: str = ""


class Prompt(Packed, frozen=True, gc=False, tag="prompt"):
    """One user line of text. ``command`` is the slash command's name without the slash."""

    kind: PromptKind
    text: str
    command: str = ""
    source: str = ""
    queued: bool = False


class SkillBody(Packed, frozen=True, gc=False, tag="skill"):
    """The text of a skill or command as the client inserted it into the conversation.

    ``call_id`` is the Skill call that asked for it, empty when a person typed it. ``base`` is the folder
    that the client named, empty for plain commands. ``digest`` identifies the version of the text.
    """

    base: str
    digest: str
    size: int
    call_id: str = ""


class Mark(Packed, frozen=True, gc=False, tag="mark"):
    """A note of the client: how long a turn or its hooks took, a compaction, an API error."""

    kind: MarkKind
    amount: int = 0
    detail: str = ""
    before: int = 0
    after: int = 0


class HookRun(Packed, frozen=True, gc=False, tag="hook"):
    """One run of one hook as the client reports it, in milliseconds."""

    event: str
    name: str
    duration_ms: int
    outcome: str


class AgentFact(Packed, frozen=True, gc=False, tag="agent"):
    """What is known of a subagent apart from its own lines: its type and the call that started it."""

    agent_type: str
    call_id: str
    parent_agent: str = ""
    description: str = ""


class Title(Packed, frozen=True, gc=False, tag="title"):
    """A name given to a session, by the client or by a person."""

    text: str


Body = ResponsePart | ResultPart | Prompt | SkillBody | Mark | HookRun | AgentFact | Title


class Entry(Packed, frozen=True, gc=False):
    """One fact with its place.

    ``uid`` is the line's uuid, ``parent`` that of the line it answers, empty for none. ``agent`` is empty
    on the main thread. ``at`` is milliseconds since 1970 UTC, None when unknown. ``sidechain`` marks lines
    of old clients that wrote subagents into the parent's file without an id.
    """

    uid: str
    parent: str
    agent: str
    at: int | None
    body: Body
    sidechain: bool = False


class Setting(Packed, frozen=True, gc=False):
    """What surrounds a session: folder, branch, client version, way of starting it."""

    cwd: str = ""
    branch: str = ""
    version: str = ""
    entrypoint: str = ""
