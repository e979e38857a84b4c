from __future__ import annotations

from hypothesis import given

from outrider.judge.attribution.account import Account, account
from outrider.record.usage import Usage
from tests.record.made import stories
from tests.record.sessions import Story


def _price(model: str, at: int, usage: Usage) -> int | None:
    return None if "mystery" in model else usage.total_tokens


def _account(story: Story) -> Account:
    return account(story.build(), story.text_of, _price)


def test_a_run_is_charged_with_its_own_work_alone() -> None:
    story = Story()
    story.typed("outer")
    story.response(usage=Usage(100))
    story.chosen("inner")
    story.response(usage=Usage(7))
    outside, outer, inner = _account(story).accounts
    assert (outside.requests, outer.requests, inner.requests) == (0, 2, 1)
    assert (inner.usage, inner.cost) == (Usage(7), 7)
    assert outer.run is not None
    assert outside.run is None


def test_a_request_without_a_price_is_unpriced_and_costs_nothing() -> None:
    story = Story()
    story.response(model="mystery-9", usage=Usage(5))
    story.response(usage=Usage(8))
    (outside,) = _account(story).accounts
    assert (outside.cost, outside.unpriced, outside.requests) == (8, 1, 2)


def test_only_errors_are_counted_as_errors() -> None:
    story = Story()
    for fields in ({"is_error": True}, {"is_error": True, "denial": "hook"}, {}):
        call = story.call()
        story.response(call)
        story.result(call, **fields)
    (outside,) = _account(story).accounts
    assert (outside.calls, outside.errors) == (3, 1)


def test_a_request_is_priced_by_the_day_its_own_clock_says() -> None:
    story = Story()
    (line,) = story.response()
    seen: list[int] = []
    account(story.build(), story.text_of, lambda model, at, usage: seen.append(at))
    assert seen == [line.at]


@given(stories())
def test_the_accounts_of_all_runs_add_up_to_the_session(story: Story) -> None:
    session, done = story.build(), _account(story)
    usage = Usage()
    for request in session.requests:
        usage = usage.plus(request.usage)
    summed = Usage()
    for each in done.accounts:
        summed = summed.plus(each.usage)
    costs = list(done.costs.values())
    assert summed == usage
    assert sum(each.requests for each in done.accounts) == len(session.requests) == len(costs)
    assert sum(each.calls for each in done.accounts) == len(session.calls)
    assert sum(each.errors for each in done.accounts) == sum(c.status == "error" for c in session.calls)
    assert sum(each.cost for each in done.accounts) == sum(cost or 0 for cost in costs)
    assert sum(each.unpriced for each in done.accounts) == costs.count(None)
