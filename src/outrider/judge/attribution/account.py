"""The account of a session: what each run used, so that the parts add up to the whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from outrider.judge.attribution.runs import Run, Runs, TextOf, attributed
from outrider.judge.attribution.time import RunTime, times
from outrider.record.session import Request, Session
from outrider.record.usage import Usage

CostOf = Callable[[str, int, Usage], int | None]
"""Prices one request: model, instant in ms, usage; nano-USD, None when there is no price."""


@dataclass(slots=True)
class RunAccount:
    """What one run used itself; nested runs have their own account. Cost is nano-USD.

    ``run`` is None for the work outside of all runs.
    """

    run: Run | None
    time: RunTime
    usage: Usage = field(default_factory=Usage)
    cost: int = 0
    requests: int = 0
    unpriced: int = 0
    calls: int = 0
    errors: int = 0


@dataclass(slots=True)
class Account:
    """The accounts of a session's runs, by number, and the price of each of its requests."""

    runs: Runs
    accounts: list[RunAccount]
    costs: dict[str, int | None]


def account(session: Session, text_of: TextOf, cost_of: CostOf) -> Account:
    """Attribute ``session`` and sum up what each run used."""
    runs = attributed(session, text_of)
    spent = times(session, runs)
    accounts = [
        RunAccount(runs.runs[number - 1] if number else None, spent[number])
        for number in range(len(runs.runs) + 1)
    ]
    costs = {each.uid: cost_of(each.model, each.dated, each.usage) for each in session.requests}
    for request in session.requests:
        _charge(accounts[runs.of_request[request.uid]], request, costs[request.uid])
    for call in session.calls:
        owner = accounts[runs.of_call[call.id]]
        owner.calls += 1
        owner.errors += call.status == "error"
    return Account(runs, accounts, costs)


def _charge(owner: RunAccount, request: Request, cost: int | None) -> None:
    owner.usage = owner.usage.plus(request.usage)
    owner.requests += 1
    if cost is None:
        owner.unpriced += 1
    else:
        owner.cost += cost
