"""Hook payloads and recorded calls as one small neutral value.

Everything that the detectors compare is worked out here, once: the key of the call, its outcome without
what is volatile, the identity of an error, what an edit wrote. No text is kept. A payload may have any
shape: what cannot be read gives no observation.

Payloads: hooks reference of the host, as captured from clients 2.1.112 to 2.1.330.
"""

from __future__ import annotations

from outrider.judge.guard.seeing import call_keys, kinds, masking, results
from outrider.judge.guard.seeing.digests import digest
from outrider.kernel.limits import GUARD_INPUT_CHARS, GUARD_PARTS_SPOOLED, GUARD_TEXT_CHARS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

CALL = "call"
RESULT = "result"
BATCH = "batch"
REFUSED = "refused"
ASKED = "asked"
PROMPT = "prompt"
STOP = "stop"
AGENT_START = "agent_start"
AGENT_STOP = "agent_stop"
COMPACTION = "compaction"
SESSION = "session"
MESSAGE = "message"

OWN_MEMBER = "outrider"
"""The member of a spooled payload that holds the observation."""

NO_TOOL = "no tool"
"""The identity of the error that a tool does not exist: one and the same under every name."""

OWN_MARK = "[outrider guard"
"""How every text of ours begins."""


class Observation:
    """One thing seen, at ``time`` (seconds), of ``agent`` (empty: the main thread).

    A call has ``call`` (its id, may be empty), ``tool``, ``key``, ``family``, ``kind``, ``label`` and
    for an edit
    ``target``, ``content``, ``before``; a result also ``outcome``, ``bare`` (without digits),
    ``identity`` of an
    error, ``size`` in characters and the flags. ``group`` names the reply that a call came in, where known.
    A batch has its calls in ``parts``. A prompt is ``automatic`` when a program wrote it, and ``asks`` for
    repetition or not; the end of a turn ``spoke`` when it tells the last message, of which ``outcome`` is the
    digest, ``question`` tells a question at its end, ``laps`` how often its end repeats itself. ``text`` is
    only kept of a message that comes in pieces.
    """

    __slots__ = (
        *(
            "agent",
            "bare",
            "before",
            "call",
            "content",
            "event",
            "failed",
            "family",
            "group",
            "identity",
            "key",
        ),
        *(
            "kind",
            "label",
            "outcome",
            "own",
            "parts",
            "refused",
            "size",
            "stage",
            "target",
            "text",
            "time",
            "tool",
        ),
        *("transient", "failing", "took", "automatic", "asks", "question", "laps", "spoke", "started"),
    )

    def __init__(self, event: str, time: float, agent: str = "") -> None:
        self.event = event
        self.time = time
        self.agent = agent
        self.call = self.tool = self.key = self.family = self.label = self.target = self.content = ""
        self.before = self.outcome = self.bare = self.identity = self.group = self.stage = self.text = ""
        self.started = ""
        self.kind = kinds.ACT
        self.size = 0
        self.failed = self.refused = self.transient = self.failing = self.own = False
        self.automatic = self.asks = self.question = self.spoke = False
        self.laps = 0
        self.took = 0.0
        self.parts: list[Observation] = []


def of_payload(payload: object, time: float) -> Observation | None:
    """Return what a hook payload says, or nothing where it says nothing to the guard.

    A payload from our own spool brings its observation along: its texts were never kept.
    """
    if not isinstance(payload, dict):
        return None
    if OWN_MEMBER in payload:
        return unpacked(payload[OWN_MEMBER], time)
    reader = _READERS.get(text_in(payload, "hook_event_name"))
    return reader(payload, time) if reader else None


def of_call(
    tool: str,
    given: object,
    response: object,
    *,
    time: float,
    ended: float | None = None,
    failed: bool = False,
    agent: str = "",
    call: str = "",
    group: str = "",
    folder: str = "",
) -> tuple[Observation, Observation]:
    """Return the call and the result of one recorded call, as the hooks would have told them."""
    fields: dict[object, object] = {
        "tool_name": tool,
        "tool_input": given,
        "tool_use_id": call,
        "agent_id": agent,
        "cwd": folder,
    }
    started = _call(fields, time)
    answered = _result({**fields, "tool_response": response}, time if ended is None else ended, failed=failed)
    started.group = answered.group = group
    return started, answered


def add_message(made: Observation, text: str) -> None:
    """Put into an observation what there is to know of a message."""
    made.outcome = digest(masking.masked(text[-GUARD_TEXT_CHARS:].strip()))
    made.size = len(text.strip())
    made.question = "?" in text[-300:]
    if len(text) > 400:
        from outrider.judge.guard.detectors import chants

        made.laps = chants.laps(text)


def packed(seen: Observation) -> dict[str, object]:
    """Return an observation as a plain object, without its text and without what it is empty of."""
    plain = {name: getattr(seen, name) for name in _PLAIN}
    made: dict[str, object] = {name: value for name, value in plain.items() if value}
    if seen.parts:
        made["parts"] = [packed(part) for part in seen.parts[:GUARD_PARTS_SPOOLED]]
    return made


def unpacked(value: object, time: float) -> Observation | None:
    """Return the observation of :func:`packed`; nothing where that is damaged."""
    if not isinstance(value, dict) or not isinstance(value.get("event"), str):
        return None
    made = Observation(value["event"], time)
    for name in _PLAIN:
        given = value.get(name)
        if given is not None and isinstance(given, type(getattr(made, name))):
            setattr(made, name, given)
    parts = value.get("parts")
    for part in parts if isinstance(parts, list) else ():
        found = unpacked(part, time)
        if found is not None:
            made.parts.append(found)
    return made


_PLAIN = tuple(name for name in Observation.__slots__ if name not in ("parts", "text", "time"))


def text_in(payload: Mapping[Any, object], name: str) -> str:
    """Return a text member of a payload, empty where it has none."""
    value = payload.get(name)
    return value if isinstance(value, str) else ""


def _named(event: str, payload: dict[object, object], time: float) -> Observation:
    made = Observation(event, time, text_in(payload, "agent_id")[:80])
    made.call = text_in(payload, "tool_use_id")[:80]
    made.tool = text_in(payload, "tool_name")[:120]
    if made.tool:
        _fill(made, call_keys.key_of(made.tool, payload.get("tool_input"), text_in(payload, "cwd")))
    return made


def _fill(made: Observation, key: call_keys.CallKey) -> None:
    made.key = key.key
    made.family = key.family
    made.kind = key.kind
    made.label = key.label
    made.target = key.target
    made.content = key.content
    made.before = key.before


def _call(payload: dict[object, object], time: float) -> Observation:
    return _named(CALL, payload, time)


def _result(payload: dict[object, object], time: float, *, failed: bool = False) -> Observation:
    made = Observation(RESULT, time, text_in(payload, "agent_id")[:80])
    made.call = text_in(payload, "tool_use_id")[:80]
    made.tool = text_in(payload, "tool_name")[:120]
    key = call_keys.key_of(made.tool, payload.get("tool_input"), text_in(payload, "cwd"))
    _fill(made, key)
    response = payload["tool_response"] if "tool_response" in payload else payload.get("tool_result")
    if response is None:
        response = payload.get("error", "")
    text = results.text_of(response)
    made.failed = failed or payload.get("is_error") is True or results.failed(response, text)
    _add_outcome(made, text, key.words)
    took = payload.get("duration_ms")
    if isinstance(took, int | float) and 0 < took < 86_400_000:
        made.took = took / 1000
    if made.kind == kinds.AGENT and isinstance(response, dict):
        made.started = text_in(response, "agentId")[:80]
        made.stage = text_in(response, "status")
    return made


def _failure(payload: dict[object, object], time: float) -> Observation:
    made = _result({**payload, "tool_response": payload.get("error", "")}, time, failed=True)
    if payload.get("is_interrupt") is True:
        made.event, made.failed = REFUSED, False
        made.stage = "interrupt"
    return made


def _add_outcome(made: Observation, text: str, words: frozenset[str]) -> None:
    stripped = text.strip()
    if stripped in ("(Bash completed with no output)", "(no content)"):
        stripped = ""
    if made.kind == kinds.CHANGE and results.changed_nothing(stripped):
        made.failed = True
    made.own = OWN_MARK in stripped[:400] or (made.failed and results.is_fallout(stripped))
    made.size = len(stripped)
    folded = masking.masked(stripped)
    made.outcome = digest(("!" if made.failed else "") + folded)
    made.bare = digest(masking.without_digits(folded))
    if made.failed or len(stripped) < 400:
        made.refused = (made.failed or not made.size) and results.is_refusal(stripped)
        made.transient = results.is_transient(stripped)
    if made.failed:
        said = stripped[:200].partition("\n")[0] if made.kind == kinds.CHANGE else _without_exit(stripped)
        made.identity = digest(masking.masked(said, words)) if len(said) >= 12 else ""
        if results.names_no_tool(stripped):
            made.identity = NO_TOOL
    elif made.kind == kinds.CHECK and results.looks_failing(stripped):
        made.failing = True
        made.identity = made.outcome


def _without_exit(text: str) -> str:
    """Return a shell's error without the line that tells its exit status."""
    first, _, rest = text.partition("\n")
    return rest.strip() if first.startswith("Exit code ") else text


def _batch(payload: dict[object, object], time: float) -> Observation:
    made = Observation(BATCH, time, text_in(payload, "agent_id")[:80])
    calls = payload.get("tool_calls")
    for given in calls[:100] if isinstance(calls, list) else ():
        if isinstance(given, dict):
            part = _result({**given, "agent_id": made.agent, "cwd": payload.get("cwd")}, time)
            part.refused = part.refused or results.is_refusal(results.text_of(given.get("tool_response")))
            made.parts.append(part)
    return made


def _denied(payload: dict[object, object], time: float) -> Observation:
    made = _named(REFUSED, payload, time)
    made.refused = True
    return made


def _asked(payload: dict[object, object], time: float) -> Observation:
    return _named(ASKED, payload, time)


def _prompt(payload: dict[object, object], time: float) -> Observation:
    made = Observation(PROMPT, time, text_in(payload, "agent_id")[:80])
    text = text_in(payload, "prompt") or text_in(payload, "user_prompt")
    made.label = text_in(payload, "command_name")[:80]
    from outrider.judge.guard.seeing import prompts

    made.key = digest(text[:GUARD_INPUT_CHARS])
    made.size = len(text)
    made.automatic = prompts.is_automatic(text)
    made.asks = prompts.asks_for_repetition(text) or made.label in ("loop", "watch", "schedule")
    return made


def _stop(payload: dict[object, object], time: float) -> Observation:
    name = text_in(payload, "hook_event_name")
    made = Observation(
        AGENT_STOP if name == "SubagentStop" else STOP, time, text_in(payload, "agent_id")[:80]
    )
    add_message(made, text_in(payload, "last_assistant_message"))
    made.label = text_in(payload, "agent_type")[:80]
    made.stage = "again" if payload.get("stop_hook_active") is True else ""
    made.spoke = isinstance(payload.get("last_assistant_message"), str)
    made.failed = name == "StopFailure"
    return made


def _agent_start(payload: dict[object, object], time: float) -> Observation:
    made = Observation(AGENT_START, time, text_in(payload, "agent_id")[:80])
    made.label = text_in(payload, "agent_type")[:80]
    return made


def _compaction(payload: dict[object, object], time: float) -> Observation:
    made = Observation(COMPACTION, time, text_in(payload, "agent_id")[:80])
    made.stage = text_in(payload, "hook_event_name")
    made.label = text_in(payload, "trigger")[:20]
    return made


def _session(payload: dict[object, object], time: float) -> Observation:
    if text_in(payload, "hook_event_name") == "SessionStart" and payload.get("source") == "compact":
        return _compaction(payload, time)
    made = Observation(SESSION, time)
    made.stage = "end" if text_in(payload, "hook_event_name") == "SessionEnd" else "start"
    return made


def _message(payload: dict[object, object], time: float) -> Observation:
    made = Observation(MESSAGE, time, text_in(payload, "agent_id")[:80])
    made.call = text_in(payload, "message_id")[:80]
    made.text = text_in(payload, "delta") or text_in(payload, "text") or text_in(payload, "message")
    made.stage = "" if payload.get("final") is False else "final"
    return made


_READERS = {
    "PreToolUse": _call,
    "PostToolUse": _result,
    "PostToolUseFailure": _failure,
    "PostToolBatch": _batch,
    "PermissionDenied": _denied,
    "PermissionRequest": _asked,
    "UserPromptSubmit": _prompt,
    "UserPromptExpansion": _prompt,
    "Stop": _stop,
    "StopFailure": _stop,
    "SubagentStop": _stop,
    "SubagentStart": _agent_start,
    "PreCompact": _compaction,
    "PostCompact": _compaction,
    "SessionStart": _session,
    "SessionEnd": _session,
    "MessageDisplay": _message,
}
