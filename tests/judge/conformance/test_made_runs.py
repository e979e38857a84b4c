"""Alignment on runs whose steps are known, told as whole sessions."""

from __future__ import annotations

import pytest

from outrider.judge.attribution.account import account
from outrider.judge.conformance.accounting import OUTSIDE, Used
from outrider.judge.conformance.audit import RunAudit, audited
from outrider.record.events import events_of

from .made_runs import ACTIVITIES, ALL, Made, classify, session_of, workflow_of


def _audit(made: Made) -> RunAudit:
    session, story = session_of(made)
    accounted = account(session, story.text_of, lambda model, at, usage: usage.total_tokens)
    (audit,) = audited(
        session, accounted, events_of(session, classify).events, {1: workflow_of(made.workflow)}
    )
    return audit


def _labels(audit: RunAudit) -> list[str]:
    """The step of each letter: its visit's, else that of the visit under way."""
    current, labels = "", []
    for index, event in enumerate(audit.events):
        if index in audit.path.visit_of:
            current = audit.path.visits[audit.path.visit_of[index]].step
        if event.activity.name in ACTIVITIES.values():
            labels.append(current)
    return labels


def _odd(audit: RunAudit) -> set[str]:
    found = {f"-{step}" for step, _ in audit.path.skipped}
    signs = {"out of order": "<", "repeated": "+"}
    found |= {signs[v.status] + v.step for v in audit.path.visits if v.status != "in order"}
    return found


def test_there_are_enough_made_runs_of_every_kind() -> None:
    assert len(ALL) >= 60
    assert {made.how for made in ALL} == {"plain", "prompts", "agents"}


def test_the_steps_of_made_runs_are_told_right() -> None:
    right = whole = 0
    wrong = []
    for made in ALL:
        told, truth = _labels(_audit(made)), made.truth
        assert len(told) == len(truth), made
        same = sum(one == other for one, other in zip(told, truth, strict=True))
        right, whole = right + same, whole + len(truth)
        if same < len(truth):
            wrong.append((made.does, made.how, told))
    print(f"{right} of {whole} labels agree: {right / whole:.3f}; runs with a difference: {wrong}")
    assert right / whole >= 0.95


def test_the_deviations_of_made_runs_are_found_exactly() -> None:
    wrong = [
        (made.does, made.how, made.odd, sorted(_odd(_audit(made))))
        for made in ALL
        if _odd(_audit(made)) != set(made.odd.split())
    ]
    print(f"{len(ALL) - len(wrong)} of {len(ALL)} runs exact; others: {wrong}")
    assert len(wrong) <= 0.1 * len(ALL)


@pytest.mark.parametrize("made", ALL, ids=lambda made: f"{made.does}-{made.how}")
def test_what_steps_and_outside_used_adds_up_to_the_run(made: Made) -> None:
    session, story = session_of(made)
    accounted = account(session, story.text_of, lambda model, at, usage: usage.total_tokens)
    events = events_of(session, classify).events
    (audit,) = audited(session, accounted, events, {1: workflow_of(made.workflow)})
    whole = Used()
    for used in audit.used.values():
        whole.add(used)
    run = accounted.accounts[1]
    assert OUTSIDE in audit.used
    assert (whole.usage, whole.cost, whole.requests, whole.calls, whole.errors) == (
        run.usage, run.cost, run.requests, run.calls, run.errors,
    )  # fmt: skip
    assert (whole.ms + whole.waiting_ms, whole.waiting_ms, whole.agents_ms) == (
        run.time.main.total, run.time.main.person, run.time.agents.total,
    )  # fmt: skip
