from __future__ import annotations

from outrider.judge.attribution.account import account
from outrider.judge.conformance.audit import RunAudit, audited, event_of, unproven_claims
from outrider.plan.workflow.model import Workflow
from outrider.record.activities.activity import Activity, Event
from outrider.record.events import events_of
from outrider.record.session import Session
from tests.record.sessions import Story

from .made_runs import classify, workflow_of

RULES = """
skill: outer
steps:
  fix: { evidence: [edit.src, test.pass] }
  ship: { evidence: [git.commit] }
order: fix > ship
rules:
  - before git.commit require test.pass since edit.src
  - after edit.src require review
"""


def _audits(story: Story, workflows: dict[int, Workflow]) -> list[RunAudit]:
    session: Session = story.build()
    accounted = account(session, story.text_of, lambda model, at, usage: 1)
    return audited(session, accounted, events_of(session, classify).events, workflows)


def _does(story: Story, *activities: str) -> None:
    for activity in activities:
        story.work("Do", does=activity)


def _verdicts(audit: RunAudit) -> list[str]:
    return [rule.verdict.verdict for rule in audit.rules]


def test_evidence_from_before_the_skill_was_loaded_counts() -> None:
    story = Story()
    story.prompt()
    _does(story, "edit.src", "test.pass")
    story.chosen("outer")
    _does(story, "git.commit")
    (audit,) = _audits(story, {1: workflow_of(RULES)})
    assert _verdicts(audit)[:2] == ["kept", "not triggered"]


def test_an_edit_from_before_makes_the_evidence_stale_and_is_named() -> None:
    story = Story()
    story.prompt()
    _does(story, "test.pass", "edit.src")
    story.chosen("outer")
    _does(story, "git.commit")
    (audit,) = _audits(story, {1: workflow_of(RULES)})
    (violation,) = audit.rules[0].violations
    events = [
        event_of(each, audit.rules[0].rule, audit.told)
        for each in (violation.evidence, violation.invalidation)
    ]
    assert [event.activity.name for event in events if event] == ["test.pass", "edit.src"]
    assert violation.repair == ("test.pass",)


def test_what_is_owed_at_the_end_is_broken_and_what_never_came_up_is_not() -> None:
    story = Story()
    story.prompt()
    story.chosen("outer")
    _does(story, "edit.src", "test.pass")
    (audit,) = _audits(story, {1: workflow_of(RULES)})
    assert _verdicts(audit) == ["not triggered", "broken", "broken"]
    assert [violation.owed for violation in audit.rules[1].violations] == [True]


def test_work_of_a_nested_run_counts_for_the_rules_around_it_and_not_for_their_order() -> None:
    story = Story()
    story.prompt()
    story.chosen("outer", text="use inner")
    _does(story, "edit.src")
    story.chosen("inner")
    _does(story, "git.commit", "review")
    outer, inner = _audits(story, {1: workflow_of(RULES), 2: workflow_of(RULES)})
    assert _verdicts(outer) == ["broken", "kept", "broken"]
    assert [visit.step for visit in outer.path.visits] == ["fix"]
    assert [visit.step for visit in inner.path.visits] == ["ship"]


def test_a_nested_skill_that_prescribes_nothing_is_part_of_the_run_around_it() -> None:
    story = Story()
    story.prompt()
    story.chosen("outer", text="use style")
    _does(story, "edit.src", "test.pass")
    story.chosen("style")
    _does(story, "git.commit")
    (audit,) = _audits(story, {1: workflow_of(RULES), 2: Workflow("style")})
    assert [visit.step for visit in audit.path.visits] == ["fix", "ship"]
    assert sum(used.calls for used in audit.used.values()) == len(story.build().calls) - 1


def test_an_order_that_was_only_derived_breaks_no_rule() -> None:
    story = Story()
    story.prompt()
    story.chosen("outer")
    _does(story, "git.commit")
    declared = workflow_of(RULES)
    derived = Workflow("outer", declared.steps, declared.order, declared.order_text, derived=True)
    (audit,) = _audits(story, {1: derived})
    assert audit.rules == ()
    assert [step for step, _ in audit.path.skipped] == ["fix"]


def _events(*told: tuple[str, str]) -> list[Event]:
    return [Event(f"e{n}", n, "", Activity(name, of)) for n, (name, of) in enumerate(told)]


def test_a_claim_is_proven_by_what_passed_since_the_last_edit() -> None:
    claim = ("claim.done", "tests")
    assert not unproven_claims(_events(("test.pass", ""), claim))
    assert unproven_claims(_events(("test.pass", ""), ("edit.src", "a.py"), claim))
    assert not unproven_claims(_events(claim), _events(("test.pass", "")))
    assert not unproven_claims(_events(("test.pass", ""), ("edit.docs", "a.md"), claim))


def test_a_lint_run_proves_work_and_no_tests() -> None:
    assert not unproven_claims(_events(("lint.pass", ""), ("claim.done", "work")))
    assert unproven_claims(_events(("lint.pass", ""), ("claim.done", "tests")))
