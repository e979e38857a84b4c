"""Lines of model responses joined to requests, each counted once.

A client writes one line per content block, all with the same message id and each repeating the usage so
far. The message id alone does not identify a response: relays exist that give every response the same
id, and some give no request id. What holds on every client: the input side of the usage (input and cache
tokens) is the same on all lines of one response and larger on the next one, because the next prompt
contains the former's answer. (Found equal on all 25,232 multi-line responses of the public records
named in the project's notes on real data.)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from outrider.record.entries import ResponsePart
from outrider.record.ordering import Placed
from outrider.record.session import Request
from outrider.record.usage import Usage

SYNTHETIC = "<synthetic>"
"""The model name under which clients write messages of their own; no request stands behind them."""

_PLACEHOLDERS_FROM = (2, 1, 12)


Line = tuple[Placed, ResponsePart]
"""One line of a response: its place, and what it says."""


@dataclass(slots=True)
class Response:
    """The lines of one response while they are gathered; ``number`` counts it among its namesakes."""

    number: int = 0
    parts: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class _Namesakes:
    """Responses of one thread under one message id and without request ids: one, or all of a relay."""

    responses: list[Response] = field(default_factory=list)
    by_line: dict[str, int] = field(default_factory=dict)
    by_call: dict[str, int] = field(default_factory=dict)

    def begun(self) -> Response:
        """Begin another response."""
        response = Response(len(self.responses))
        self.responses.append(response)
        return response

    def note(self, response: Response, placed: Placed, part: ResponsePart) -> None:
        """Remember where a line and its calls are."""
        self.by_line[placed.entry.uid] = response.number
        self.by_call.update((call.id, response.number) for call in part.calls)

    def continued(self, placed: Placed, part: ResponsePart, answered: str) -> Response | None:
        """Return the response that a line goes on, the latest when there are several.

        That is the one whose line it hangs on; or one that has not stopped and had the same prompt, when
        the line hangs on a result of its calls (``answered``) or on nothing at all.
        """
        entry = placed.entry
        found = [self.by_line.get(entry.uid, -1), self.by_line.get(entry.parent, -1)]
        if entry.parent:
            waiting = [self.by_call.get(answered, -1)]
        else:
            waiting = list(range(len(self.responses)))
        found += [number for number in waiting if number >= 0 and self._goes_on(number, part)]
        latest = max(found)
        return self.responses[latest] if latest >= 0 else None

    def _goes_on(self, number: int, part: ResponsePart) -> bool:
        last = self.responses[number].parts[-1][1]
        return not last.stop_reason and _same_prompt(last.usage, part.usage)


def joined(lines: Iterable[Line], call_of_result: dict[str, str]) -> list[Response]:
    """Join the lines of a session, given in order, to responses.

    ``call_of_result`` maps the uid of a result line to the call it answers: results can stand between
    the lines of one response.
    """
    with_request: dict[tuple[str, str], Response] = {}
    without: dict[tuple[str, str], _Namesakes] = {}
    all_responses: list[Response] = []
    for line in lines:
        placed, part = line
        if part.model == SYNTHETIC or part.api_error:
            continue
        if part.request_id and part.message_id:
            key = (part.message_id, part.request_id)
            response = with_request.get(key)
            if response is None:
                response = with_request[key] = Response()
                all_responses.append(response)
        else:
            namesakes = without.setdefault((placed.entry.agent, part.message_id), _Namesakes())
            response = namesakes.continued(placed, part, call_of_result.get(placed.entry.parent, ""))
            if response is None:
                response = namesakes.begun()
                all_responses.append(response)
            namesakes.note(response, placed, part)
        response.parts.append(line)
    return all_responses


def request_of(response: Response) -> Request:
    """Return the request that a response's lines tell of; each usage field is the largest seen."""
    first, opening = response.parts[0]
    usage, stop, skill, host_agent, agent = opening.usage, "", "", "", first.entry.agent
    client = ""
    texts: list[str] = []
    for placed, part in response.parts:
        usage = usage.maximum(part.usage)
        stop = part.stop_reason or stop
        skill = skill or part.host_skill
        host_agent = host_agent or part.host_agent
        agent = max(agent, placed.entry.agent)
        client = client or part.client
        if part.text and part.text not in texts:
            texts.append(part.text)
    return Request(
        first.entry.uid,
        agent,
        first.at,
        response.parts[-1][0].at,
        first.said,
        opening.message_id,
        opening.model,
        usage,
        bool(stop) or _before_placeholders(client),
        stop,
        skill,
        host_agent,
        client,
        "\n".join(texts),
    )


def _same_prompt(one: Usage, other: Usage) -> bool:
    return one.prompt_tokens == other.prompt_tokens > 0


@lru_cache(maxsize=256)
def _before_placeholders(client: str) -> bool:
    """Tell clients that wrote final output tokens without a stop reason: those before 2.1.12."""
    numbers = client.split(".")[:3]
    if len(numbers) < len(_PLACEHOLDERS_FROM) or not all(n.isdigit() for n in numbers):
        return False
    return tuple(int(number) for number in numbers) < _PLACEHOLDERS_FROM
