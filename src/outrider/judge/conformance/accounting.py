"""What each visit of a run used: time, tokens, cost, calls. The rest of the run is outside of its steps."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from outrider.judge.attribution.account import Account
from outrider.judge.attribution.time import part_of, stretches
from outrider.judge.conformance.steps import Path
from outrider.record.activities.activity import Event
from outrider.record.session import MAIN, Call, Request, Session
from outrider.record.usage import Usage

OUTSIDE = -1
"""The visit number of what belongs to no step."""


@dataclass(slots=True)
class Used:
    """What a part of a run used.

    ``ms`` is time on the main thread at work, ``waiting_ms`` time there spent waiting for the person,
    ``agents_ms`` time in subagents, beside the others.
    """

    ms: int = 0
    waiting_ms: int = 0
    agents_ms: int = 0
    usage: Usage = field(default_factory=Usage)
    cost: int = 0
    unpriced: int = 0
    requests: int = 0
    calls: int = 0
    errors: int = 0

    def charge(self, request: Request, cost: int | None) -> None:
        """Add one request."""
        self.usage = self.usage.plus(request.usage)
        self.requests += 1
        if cost is None:
            self.unpriced += 1
        else:
            self.cost += cost

    def add(self, other: Used) -> None:
        """Add what another part used."""
        self.usage = self.usage.plus(other.usage)
        for name in ("ms", "waiting_ms", "agents_ms", "cost", "unpriced", "requests", "calls", "errors"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(frozen=True, slots=True)
class RunItems:
    """What belongs to one run, in order of time: its requests, calls and moments (as indexes)."""

    requests: Sequence[Request]
    calls: Sequence[Call]
    moments: Sequence[int]


def items_by_run(session: Session, account: Account, folded: Mapping[int, int]) -> dict[int, RunItems]:
    """Sort a session's requests, calls and moments by the run that they belong to.

    What belongs to a run in ``folded`` counts for the run that it is mapped to.
    """
    runs = account.runs
    requests: dict[int, list[Request]] = defaultdict(list)
    calls: dict[int, list[Call]] = defaultdict(list)
    moments: dict[int, list[int]] = defaultdict(list)
    for request in session.requests:
        requests[_counting(runs.of_request[request.uid], folded)].append(request)
    for call in session.calls:
        calls[_counting(runs.of_call[call.id], folded)].append(call)
    for index, number in enumerate(runs.of_moment):
        moments[_counting(number, folded)].append(index)
    return {
        number: RunItems(requests[number], calls[number], moments[number])
        for number in range(len(account.accounts))
    }


def _counting(number: int, folded: Mapping[int, int]) -> int:
    return folded.get(number, number)


def used_by_visit(
    session: Session, account: Account, items: RunItems, events: Sequence[Event], path: Path
) -> dict[int, Used]:
    """Return what each visit of a run used by its index, ``OUTSIDE`` for the rest of the run."""
    labels = _Labels(session, events, path)
    found: dict[int, Used] = defaultdict(Used)
    found[OUTSIDE] = Used()
    for request in items.requests:
        found[labels.of_request(request)].charge(request, account.costs[request.uid])
    for call in items.calls:
        used = found[labels.of_call(call)]
        used.calls += 1
        used.errors += call.status == "error"
    spent = stretches(session)
    session_calls = {call.id: call for call in session.calls}
    for index in items.moments:
        moment = session.moments[index]
        used = found[labels.of_moment(moment.kind, moment.subject, moment.at)]
        if moment.agent != MAIN:
            used.agents_ms += spent[index]
        elif part_of(moment, session_calls) == "person":
            used.waiting_ms += spent[index]
        else:
            used.ms += spent[index]
    return dict(found)


class _Labels:
    """The visit of each request and call of a run.

    What asked for an event belongs to the event's visit; work inside a subagent whose launch belongs to a
    visit goes with it; anything else belongs to the visit that was last begun at its time.
    """

    def __init__(self, session: Session, events: Sequence[Event], path: Path) -> None:
        self._of_call: dict[str, int] = {}
        self._of_request: dict[str, int] = {}
        self._instants: list[int] = []
        self._begun: list[int] = []
        for index, visit in sorted(path.visit_of.items()):
            event = events[index]
            self._of_call.setdefault(event.id, visit)
            if event.request:
                self._of_request.setdefault(event.request, visit)
            self._instants.append(event.at)
            self._begun.append(visit)
        self._of_agent = _launched(session, self._of_call)
        self._calls = {call.id: call for call in session.calls}
        self._requests = {request.uid: request for request in session.requests}

    def of_request(self, request: Request) -> int:
        label = self._of_request.get(request.uid)
        if label is None:
            label = self._of_agent.get(request.agent)
        return self._at(request.at) if label is None else label

    def of_call(self, call: Call) -> int:
        label = self._of_call.get(call.id)
        request = self._requests.get(call.request)
        if label is None and request is not None:
            label = self.of_request(request)
        return self._at(call.at) if label is None else label

    def of_moment(self, kind: str, subject: str, at: int) -> int:
        if kind == "response" and subject in self._requests:
            return self.of_request(self._requests[subject])
        if kind == "result" and subject in self._calls:
            return self.of_call(self._calls[subject])
        return self._at(at)

    def _at(self, instant: int) -> int:
        """Return the visit that was last begun at ``instant``."""
        index = bisect_right(self._instants, instant)
        return self._begun[index - 1] if index else OUTSIDE


def _launched(session: Session, of_call: Mapping[str, int]) -> dict[str, int]:
    """Return the visit of each subagent whose launch belongs to one, however deep it is nested."""
    found: dict[str, int] = {}
    for agent in sorted(session.subagents, key=lambda each: each.depth):
        label = of_call.get(agent.call_id, found.get(agent.parent))
        if label is not None:
            found[agent.id] = label
    return found
