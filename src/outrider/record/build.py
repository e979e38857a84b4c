"""Entries of one session to its record: ordered, joined, paired and linked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from outrider.record.calls import Answer, answers, paired
from outrider.record.entries import (
    AgentFact,
    Entry,
    HookRun,
    Mark,
    Prompt,
    ResponsePart,
    ResultPart,
    Setting,
    SkillBody,
    Title,
)
from outrider.record.loads import forked_calls, loads_of
from outrider.record.ordering import Placed, ordered
from outrider.record.reading import Span
from outrider.record.responses import Response, joined, request_of
from outrider.record.session import Compaction, Load, Moment, Request, Session, Turn
from outrider.record.subagents import subagents_of
from outrider.record.threads import threaded
from outrider.record.turns import turns_of


def build_session(session: str, entries: Iterable[Entry], settings: Mapping[Setting, Span]) -> Session:
    """Return the record of ``session`` from its own entries, given in any order."""
    placed, skewed = ordered(threaded(entries))
    by_kind = _by_kind(placed)
    answered = answers(by_kind[ResultPart])
    responses = _responses(by_kind)
    requests = [request_of(response) for response in responses]
    calls = paired(zip(requests, responses, strict=True), answered)
    forked = forked_calls((call_id, each.part.status) for call_id, each in answered.items())
    inserted = [*by_kind[SkillBody], *by_kind[Prompt]]
    loads = loads_of(inserted, calls, forked)
    turns = turns_of(placed)
    events = [item for item in placed if type(item.entry.body) not in _NO_EVENTS]
    return Session(
        session,
        events[0].at if events else 0,
        events[-1].at if events else 0,
        tuple(sorted(settings, key=lambda each: (settings[each], repr(each)))),
        _title(by_kind[Title]),
        tuple(requests),
        tuple(calls),
        tuple(loads),
        tuple(turns),
        tuple(subagents_of(placed, calls)),
        tuple(_compactions(by_kind[Mark])),
        tuple(_moments(events, responses, requests, answered, loads, turns)),
        _hook_ms(by_kind),
        sum(_is_api_error(item) for item in by_kind[ResponsePart]),
        sum(_is_interrupt(item) for item in by_kind[Prompt]),
        skewed,
    )


_NO_EVENTS = (AgentFact, Title)


def _by_kind(placed: Iterable[Placed]) -> dict[type, list[Placed]]:
    found: dict[type, list[Placed]] = defaultdict(list)
    for item in placed:
        found[type(item.entry.body)].append(item)
    return found


def _responses(by_kind: Mapping[type, Sequence[Placed]]) -> list[Response]:
    parts = [
        (item, item.entry.body) for item in by_kind[ResponsePart] if isinstance(item.entry.body, ResponsePart)
    ]
    call_of_result = {
        item.entry.uid: item.entry.body.results[0].call_id
        for item in by_kind[ResultPart]
        if isinstance(item.entry.body, ResultPart)
    }
    return joined(parts, call_of_result)


def _title(placed: Sequence[Placed]) -> str:
    titles = [item.entry.body.text for item in placed if isinstance(item.entry.body, Title)]
    return titles[-1] if titles else ""


def _compactions(placed: Sequence[Placed]) -> Iterable[Compaction]:
    for item in placed:
        body = item.entry.body
        if isinstance(body, Mark) and body.kind == "compaction":
            yield Compaction(
                item.entry.uid,
                item.entry.agent,
                item.at,
                body.detail,
                body.before,
                body.after,
                body.amount,
            )


def _hook_ms(by_kind: Mapping[type, Sequence[Placed]]) -> int:
    """Sum what the client says hooks took; a Stop hook that stands in both forms counts once."""
    runs = stops = summaries = 0
    for item in by_kind[HookRun]:
        body = item.entry.body
        if isinstance(body, HookRun):
            runs += body.duration_ms
            stops += body.duration_ms if body.event == "Stop" else 0
    for item in by_kind[Mark]:
        body = item.entry.body
        if isinstance(body, Mark) and body.kind == "hooks":
            summaries += body.amount
    return runs + max(summaries - stops, 0)


def _is_interrupt(item: Placed) -> bool:
    body = item.entry.body
    return isinstance(body, Prompt) and body.kind == "interrupt"


def _is_api_error(item: Placed) -> bool:
    body = item.entry.body
    return isinstance(body, ResponsePart) and body.api_error


def _moments(
    placed: Sequence[Placed],
    responses: Sequence[Response],
    requests: Sequence[Request],
    answered: Mapping[str, Answer],
    loads: Iterable[Load],
    turns: Iterable[Turn],
) -> Iterable[Moment]:
    request_of_line = {
        line.entry.uid: request.uid
        for request, response in zip(requests, responses, strict=True)
        for line, _ in response.parts
    }
    answered_on: dict[str, list[str]] = defaultdict(list)
    for call, answer in answered.items():
        answered_on[answer.placed.entry.uid].append(call)
    prompts = {turn.uid for turn in turns if turn.by_person}
    loaded = {load.uid for load in loads}
    for item in placed:
        uid, body = item.entry.uid, item.entry.body
        if uid in request_of_line:
            yield Moment(item.at, item.entry.agent, "response", request_of_line[uid])
        elif uid in answered_on:
            for call in answered_on[uid]:
                yield Moment(item.at, item.entry.agent, "result", call)
        elif uid in prompts:
            yield Moment(item.at, item.entry.agent, "prompt", uid)
        elif uid in loaded and isinstance(body, SkillBody | Prompt):
            yield Moment(item.at, item.entry.agent, "load", uid)
        elif isinstance(body, HookRun) or (isinstance(body, Mark) and body.kind == "hooks"):
            yield Moment(item.at, item.entry.agent, "hook", uid)
        else:
            yield Moment(item.at, item.entry.agent, "note", uid)
