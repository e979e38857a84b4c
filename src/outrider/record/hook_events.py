"""A recorded session told again as the hooks of the client would have told it while it ran.

Source of the events, their fields and their order: payloads captured from clients 2.1.112 to 2.1.330. Texts
are as long as the record keeps them: heads and tails of long results and inputs. A refused call raises no
event of its own, only that of its batch; an interrupted turn has no Stop.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

from outrider.record.events import input_of
from outrider.record.session import MAIN, Call, Session, Subagent, Turn

Payload = dict[str, Any]


class Told(NamedTuple):
    """One event: when in milliseconds since 1970, and what the hook would have been given."""

    at: int
    payload: Payload


def hook_events(session: Session) -> list[Told]:
    """Return the events of a session in order."""
    teller = _Teller(session)
    found = sorted(teller.all(), key=lambda each: each[:3])
    return [Told(at, payload) for at, _, _, payload in found]


_Ranked = tuple[int, int, int, Payload]
"""Instant, place among events of one instant (prompts first, ends last), number, payload."""

_LAST = 1 << 60


class _Teller:
    """Knows what every event of one session carries."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._folder = session.settings[0].cwd if session.settings else ""
        self._types = {agent.id: agent.type for agent in session.subagents}
        self._number = 0

    def all(self) -> Iterator[_Ranked]:
        """Yield all events, in no order."""
        yield self._told(self._session.at, -3, "SessionStart", source="startup")
        yield from self._compactions()
        yield from self._calls()
        yield from self._turns()
        yield from self._subagents()

    def _told(self, at: int, rank: int, event: str, agent: str = MAIN, **fields: object) -> _Ranked:
        self._number += 1
        payload: Payload = {"session_id": self._session.id, "cwd": self._folder, "hook_event_name": event}
        if agent:
            payload |= {"agent_id": agent, "agent_type": self._types.get(agent, "unknown")}
        return at, rank, self._number, payload | fields

    def _turns(self) -> Iterator[_Ranked]:
        for turn in self._session.turns:
            if turn.by_person and turn.command:
                yield self._told(
                    turn.at, -2, "UserPromptExpansion", prompt=turn.text, command_name=turn.command
                )
            if turn.text or turn.command:
                yield self._told(turn.at, -1, "UserPromptSubmit", prompt=_prompt(turn))
        yield from self._stops()

    def _stops(self) -> Iterator[_Ranked]:
        """Tell the end of each turn, with the last words that the model said in it."""
        spoken = [request for request in self._session.requests if request.agent == MAIN]
        for turn in self._session.turns:
            said = [each.text for each in spoken if turn.at <= each.ended <= turn.ended]
            if said and not turn.interrupted:
                yield self._told(
                    turn.ended, _LAST, "Stop", stop_hook_active=False, last_assistant_message=said[-1]
                )

    def _calls(self) -> Iterator[_Ranked]:
        batches: dict[str, list[Call]] = defaultdict(list)
        for call in self._session.calls:
            batches[call.request].append(call)
        places = {request.uid: number for number, request in enumerate(self._session.requests, 1)}
        for uid, calls in batches.items():
            place = places.get(uid, len(places)) * 3
            for call in calls:
                fields = _of_call(call)
                yield self._told(call.at, place, "PreToolUse", call.agent, **fields)
                yield from self._result(call, fields, place + 1)
            ended = [call.ended for call in calls if call.ended is not None]
            if len(ended) == len(calls):
                answered = [{**_of_call(call), "tool_response": call.result} for call in calls]
                yield self._told(max(ended), place + 2, "PostToolBatch", calls[0].agent, tool_calls=answered)

    def _result(self, call: Call, fields: Payload, place: int) -> Iterator[_Ranked]:
        if call.ended is None or call.status in ("open", "refused"):
            return
        took = max(call.ended - call.at, 0)
        if call.status == "ok":
            response = _response(call)
            yield self._told(
                call.ended,
                place,
                "PostToolUse",
                call.agent,
                **fields,
                tool_response=response,
                duration_ms=took,
            )
        else:
            cut_off = call.status == "interrupted"
            yield self._told(
                call.ended,
                place,
                "PostToolUseFailure",
                call.agent,
                **fields,
                error=call.result,
                is_interrupt=cut_off,
                duration_ms=took,
            )

    def _subagents(self) -> Iterator[_Ranked]:
        said: dict[str, str] = {}
        for request in self._session.requests:
            if request.agent and request.text:
                said[request.agent] = request.text
        for agent in self._session.subagents:
            if agent.id in said or any(call.agent == agent.id for call in self._session.calls):
                yield from self._subagent(agent, said.get(agent.id, ""))

    def _subagent(self, agent: Subagent, said: str) -> Iterator[_Ranked]:
        yield self._told(agent.at, 0, "SubagentStart", agent.id)
        yield self._told(agent.ended, _LAST - 1, "SubagentStop", agent.id, last_assistant_message=said)

    def _compactions(self) -> Iterator[_Ranked]:
        for each in self._session.compactions:
            began = max(each.at - each.duration, self._session.at)
            yield self._told(began, 0, "PreCompact", each.agent, trigger=each.trigger)


def _prompt(turn: Turn) -> str:
    """Return a prompt as it is submitted; a report that arrives as one keeps the look of it."""
    if turn.command and not turn.text.startswith("/"):
        return f"/{turn.command} {turn.text}".rstrip()
    return turn.text if turn.by_person else f"<task-notification>{turn.text}"


def _of_call(call: Call) -> Payload:
    return {"tool_name": call.name, "tool_input": input_of(call), "tool_use_id": call.id}


_LAUNCHED = "Async agent launched"


def _response(call: Call) -> Payload | list[Payload]:
    """Return a result in a shape that says that it is no failure, whatever its words are."""
    text = {"type": "text", "text": call.result}
    if call.name == "Bash":
        return {"stdout": call.result, "stderr": "", "interrupted": False}
    if call.agent_id:
        status = "async_launched" if call.result.startswith(_LAUNCHED) else "completed"
        return {"status": status, "agentId": call.agent_id, "content": [text]}
    return [text]
