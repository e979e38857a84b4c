"""Calls paired with their results, wherever in the session the result stands."""

from __future__ import annotations

from collections.abc import Iterable

from outrider.record.entries import CallPart, Result, ResultPart
from outrider.record.ordering import Placed
from outrider.record.packed import Packed
from outrider.record.responses import Response
from outrider.record.session import Call, CallStatus, Request


class Answer(Packed, frozen=True, gc=False):
    """The result of one call with its place and the facts of its line."""

    placed: Placed
    result: Result
    part: ResultPart


def answers(placed: Iterable[Placed]) -> dict[str, Answer]:
    """Return the first result of every call, by the call's id."""
    found: dict[str, Answer] = {}
    for item in placed:
        if isinstance(item.entry.body, ResultPart):
            for result in item.entry.body.results:
                found.setdefault(result.call_id, Answer(item, result, item.entry.body))
    return found


def paired(responses: Iterable[tuple[Request, Response]], answered: dict[str, Answer]) -> list[Call]:
    """Return every call of the responses, each with its result where there is one."""
    calls: dict[str, Call] = {}
    for request, response in responses:
        for placed, line in response.parts:
            for part in line.calls:
                if part.id not in calls:
                    calls[part.id] = _call(request, placed, part, answered.get(part.id))
    return sorted(calls.values(), key=lambda call: (call.at, call.uid, call.id))


def _call(request: Request, placed: Placed, part: CallPart, answer: Answer | None) -> Call:
    return Call(
        part.id,
        placed.entry.uid,
        placed.entry.agent,
        request.uid,
        part.name,
        part.input,
        placed.at,
        max(answer.placed.at, placed.at) if answer else None,
        _status(answer),
        answer.part.denial if answer else "",
        answer.result.text if answer else "",
        answer.result.size if answer else 0,
        answer.part.agent_id if answer else "",
        answer.part.duration_ms if answer else 0,
    )


def _status(answer: Answer | None) -> CallStatus:
    if answer is None:
        return "open"
    if answer.part.denial:
        return "refused"
    if answer.part.interrupted or answer.result.text.startswith("[Request interrupted"):
        return "interrupted"
    return "error" if answer.result.is_error else "ok"
