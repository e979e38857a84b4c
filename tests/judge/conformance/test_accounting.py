"""What the visits of all runs used, with what is outside of steps and of runs, is what the session used."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from outrider.judge.attribution.account import Account, account
from outrider.judge.conformance.accounting import OUTSIDE, Used, items_by_run
from outrider.judge.conformance.audit import RunAudit, audited
from outrider.plan.workflow.model import Workflow
from outrider.record.events import events_of
from outrider.record.session import Session
from outrider.record.usage import Usage
from tests.record.made import NAMES, stories
from tests.record.sessions import Story

from .made_runs import ACTIVITIES, ALL, CYCLE, LINEAR, classify, session_of, workflow_of

FULL, EMPTY = workflow_of(LINEAR), Workflow("empty")
SUMS = ("cost", "unpriced", "requests", "calls", "errors")


def _price(model: str, at: int, usage: Usage) -> int | None:
    return None if "mystery" in model else usage.total_tokens


def _audits(story: Story, chosen: dict[int, Workflow]) -> tuple[Session, Account, list[RunAudit]]:
    session = story.build()
    accounted = account(session, story.text_of, _price)
    return session, accounted, audited(session, accounted, events_of(session, classify).events, chosen)


def _whole(accounted: Account, audits: list[RunAudit], numbers: set[int]) -> Used:
    """All visits of all audited runs, and the outside of runs."""
    whole = Used()
    for audit in audits:
        for used in audit.used.values():
            whole.add(used)
    for number in numbers:
        own = accounted.accounts[number]
        rest = Used(usage=own.usage)
        for name in SUMS:
            setattr(rest, name, getattr(own, name))
        whole.add(rest)
    return whole


def _assert_whole(session: Session, accounted: Account, audits: list[RunAudit], rest: set[int]) -> None:
    whole = _whole(accounted, audits, rest)
    everything = Used()
    for request in session.requests:
        everything.charge(request, accounted.costs[request.uid])
    assert (whole.usage, whole.cost, whole.unpriced) == (
        everything.usage,
        everything.cost,
        everything.unpriced,
    )
    assert (whole.requests, whole.calls) == (len(session.requests), len(session.calls))
    assert whole.errors == sum(call.status == "error" for call in session.calls)


@given(stories(), st.lists(st.sampled_from([FULL, EMPTY]), min_size=8, max_size=8))
def test_steps_and_outside_of_every_run_with_the_outside_of_runs_are_the_session(
    story: Story, workflows: list[Workflow]
) -> None:
    count = len(account(story.build(), story.text_of, _price).runs.runs)
    chosen = {number: workflows[number % 8] for number in range(1, count + 1)}
    session, accounted, audits = _audits(story, chosen)
    _assert_whole(session, accounted, audits, {0})


@given(stories())
def test_every_moment_of_every_run_is_counted_once(story: Story) -> None:
    session = story.build()
    accounted = account(session, story.text_of, _price)
    items = items_by_run(session, accounted, {})
    counted = Counter(index for each in items.values() for index in each.moments)
    assert counted == Counter(range(len(session.moments)))


@given(stories())
def test_time_of_a_run_is_split_and_not_made(story: Story) -> None:
    count = len(account(story.build(), story.text_of, _price).runs.runs)
    session, accounted, audits = _audits(story, dict.fromkeys(range(1, count + 1), FULL))
    for audit in audits:
        spent = sum(used.ms + used.waiting_ms for used in audit.used.values())
        assert 0 <= spent <= session.ended - session.at
    whole = sum(used.ms + used.waiting_ms for audit in audits for used in audit.used.values())
    assert whole <= session.ended - session.at


def test_made_runs_in_every_manner_add_up() -> None:
    for made in ALL:
        session, story = session_of(made)
        accounted = account(session, story.text_of, _price)
        workflow = workflow_of(made.workflow)
        audits = audited(session, accounted, events_of(session, classify).events, {1: workflow})
        _assert_whole(session, accounted, audits, {0})


def _nested(folded: bool) -> tuple[Session, Account, list[RunAudit]]:
    story = Story()
    story.prompt()
    story.chosen("outer", text="use inner")
    story.work("Do", does=ACTIVITIES["s"])
    story.chosen("inner")
    call = story.call("Agent", does="agent:worker")
    story.response(call)
    child = story.agent("a1")
    child.prompt("work on it")
    child.work("Do", does=ACTIVITIES["t"])
    child.response()
    story.result(call, "done", agent_id="a1")
    story.work("Do", does=ACTIVITIES["e"])
    return _audits(story, {1: FULL, 2: EMPTY if folded else workflow_of(CYCLE)})


def test_work_of_a_subagent_counts_for_the_run_that_launched_it_and_for_no_other() -> None:
    session, accounted, (outer, inner) = _nested(folded=False)
    assert sum(used.agents_ms for used in outer.used.values()) == 0
    assert sum(used.agents_ms for used in inner.used.values()) > 0
    _assert_whole(session, accounted, [outer, inner], {0})


def test_a_folded_run_counts_for_the_run_around_it() -> None:
    session, accounted, audits = _nested(folded=True)
    assert [audit.run.number for audit in audits] == [1]
    _assert_whole(session, accounted, audits, {0})
    assert sum(used.agents_ms for used in audits[0].used.values()) > 0


def test_what_has_no_workflow_is_missing_from_the_audits_and_nothing_else_is() -> None:
    story = Story()
    for name in NAMES:
        story.prompt()
        story.typed(name)
        story.work("Do", does="edit.src")
        story.response()
    session, accounted, audits = _audits(story, {1: FULL, 3: FULL})
    assert [audit.run.number for audit in audits] == [1, 3]
    _assert_whole(session, accounted, audits, {0, 2})


def test_waiting_for_a_person_is_no_time_of_a_step() -> None:
    story = Story()
    story.prompt()
    story.chosen("mend")
    story.work("Do", does="search")
    story.response(text="Shall I go on?")
    story.wait(500)
    story.prompt("yes")
    story.work("Do", does="edit.src")
    _, _, (audit,) = _audits(story, {1: FULL})
    assert sum(used.waiting_ms for used in audit.used.values()) >= 500_000
    assert sum(used.ms for used in audit.used.values()) < 60_000


def test_an_error_is_counted_where_its_call_is() -> None:
    story = Story()
    story.prompt()
    story.chosen("mend")
    story.work("Do", does="search")
    call = story.call("Do", does="edit.src")
    story.response(call)
    story.result(call, "no", is_error=True)
    _, _, (audit,) = _audits(story, {1: FULL})
    errors = {number: used.errors for number, used in audit.used.items()}
    assert errors == {OUTSIDE: 0, 0: 1}
