"""A session as rows that stand under each other: turns, runs, answers, calls, subagents."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from outrider.judge.attribution.account import Account
from outrider.record.inputs import input_fact
from outrider.record.session import MAIN, Call, Request, Session, Subagent, Turn
from outrider.record.subagents import MAX_DEPTH
from outrider.record.usage import Usage

RowKind = Literal["turn", "run", "answer", "call", "agent", "compaction"]

_LABEL_KEYS = (
    "command", "file_path", "path", "skill", "description", "pattern", "url", "query", "subject",
    "prompt",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bar:
    """One row. ``level`` is how deep it stands; ``turn`` the number of its turn (0: before the first).

    Rows of turns, runs and subagents sum up what stands under them; ``cost`` is None when unpriced.
    """

    kind: RowKind
    level: int
    turn: int
    label: str
    at: int
    ended: int
    usage: Usage
    cost: int | None
    status: str = ""
    requests: int = 0
    calls: int = 0


def waterfall(session: Session, account: Account, deep: bool = False) -> list[Bar]:
    """Return the rows of a session in order; ``deep`` also lists the answers and calls of subagents."""
    return list(_Waterfall(session, account, deep).bars())


class _Waterfall:
    def __init__(self, session: Session, account: Account, deep: bool) -> None:
        self._session = session
        self._account = account
        self._deep = deep
        self._starts = [turn.at for turn in session.turns]
        self._calls_of: dict[str, list[Call]] = {}
        for call in session.calls:
            self._calls_of.setdefault(call.request, []).append(call)
        self._requests_of: dict[str, list[Request]] = {}
        for request in session.requests:
            self._requests_of.setdefault(request.agent, []).append(request)
        known = {call.id for call in session.calls}
        self._agents_of: dict[str, list[Subagent]] = {}
        self._unlaunched: list[Subagent] = []
        for agent in session.subagents:
            if agent.call_id in known and agent.depth < MAX_DEPTH:
                self._agents_of.setdefault(agent.call_id, []).append(agent)
            else:
                self._unlaunched.append(agent)

    def bars(self) -> Iterator[Bar]:
        main = self._requests_of.get(MAIN, [])
        turns: list[Turn | None] = [None, *self._session.turns]
        for number, turn in enumerate(turns):
            requests = [each for each in main if self._turn_of(each.at) == number]
            if turn is not None:
                yield self._turn_bar(turn, requests)
            yield from self._main_bars(requests, number)
        for agent in self._unlaunched:
            yield from self._agent_bars(agent, 1, self._turn_of(agent.at))

    def _turn_of(self, at: int) -> int:
        return bisect_right(self._starts, at)

    def _turn_bar(self, turn: Turn, requests: list[Request]) -> Bar:
        ended = max([turn.ended, *(each.ended for each in requests)])
        label = (turn.command and f"/{turn.command} {turn.text}") or turn.text
        status = "interrupted" if turn.interrupted else "correction" if turn.correction else ""
        return self._summed("turn", 0, turn.number, label, turn.at, ended, requests, status)

    def _main_bars(self, requests: list[Request], turn: int) -> Iterator[Bar]:
        shown: list[int] = []
        for request in requests:
            number = self._account.runs.of_request[request.uid]
            path = self._path(number)
            for depth, each in enumerate(path):
                if shown[: depth + 1] != path[: depth + 1]:
                    yield self._run_bar(each, depth + 1, turn, requests)
                    shown = path[: depth + 1]
            shown = path
            yield from self._request_bars(request, len(path) + 1, turn)
        yield from self._compactions(turn)

    def _compactions(self, turn: int) -> Iterator[Bar]:
        for each in self._session.compactions:
            if self._turn_of(each.at) == turn and each.agent == MAIN:
                label = f"compaction ({each.trigger or 'unknown'}), {each.before} tokens before"
                ended = each.at + each.duration
                yield Bar("compaction", 1, turn, label, each.at, ended, Usage(), 0)

    def _path(self, number: int) -> list[int]:
        path: list[int] = []
        while number:
            path.insert(0, number)
            number = self._account.runs.runs[number - 1].parent
        return path

    def _run_bar(self, number: int, level: int, turn: int, requests: list[Request]) -> Bar:
        run = self._account.runs.runs[number - 1]
        own = [r for r in requests if number in self._path(self._account.runs.of_request[r.uid])]
        ended = max([run.at, *(each.ended for each in own)])
        begins = self._turn_of(run.at) == turn
        status = run.trigger if begins else "goes on"
        at = run.at if begins else own[0].at
        return self._summed("run", level, turn, run.load.name, at, ended, own, status)

    def _request_bars(self, request: Request, level: int, turn: int) -> Iterator[Bar]:
        label = request.text or request.model
        cost = self._account.costs[request.uid]
        usage, stop = request.usage, request.stop_reason
        at, ended = request.at, request.ended
        yield Bar("answer", level, turn, label, at, ended, usage, cost, stop, 1)
        for call in self._calls_of.get(request.uid, ()):
            yield Bar(
                "call",
                level + 1,
                turn,
                call_label(call),
                call.at,
                call.at if call.ended is None else call.ended,
                Usage(),
                0,
                call.status,
                0,
                1,
            )
            yield from self._launched_bars(call, level + 2, turn)

    def _launched_bars(self, call: Call, level: int, turn: int) -> Iterator[Bar]:
        for agent in self._agents_of.get(call.id, ()):
            yield from self._agent_bars(agent, level, turn)

    def _agent_bars(self, agent: Subagent, level: int, turn: int) -> Iterator[Bar]:
        requests = self._requests_of.get(agent.id, [])
        label = f"{agent.type} {agent.id}"
        yield self._summed("agent", level, turn, label, agent.at, agent.ended, requests, "")
        for request in requests:
            if self._deep:
                yield from self._request_bars(request, level + 1, turn)
            else:
                for call in self._calls_of.get(request.uid, ()):
                    yield from self._launched_bars(call, level + 1, turn)

    def _summed(
        self,
        kind: RowKind,
        level: int,
        turn: int,
        label: str,
        at: int,
        ended: int,
        requests: list[Request],
        status: str,
    ) -> Bar:
        usage, cost, priced = Usage(), 0, True
        for request in requests:
            usage = usage.plus(request.usage)
            price = self._account.costs[request.uid]
            cost, priced = cost + (price or 0), priced and price is not None
        calls = sum(len(self._calls_of.get(request.uid, ())) for request in requests)
        total = cost if priced or cost else None
        return Bar(kind, level, turn, label, at, ended, usage, total, status, len(requests), calls)


def call_label(call: Call) -> str:
    """Return a call as people recognise it: the tool and the fact of its input that says most."""
    fact = next((found for key in _LABEL_KEYS if (found := input_fact(call.input, key))), "")
    return f"{call.name} {fact}".strip()
