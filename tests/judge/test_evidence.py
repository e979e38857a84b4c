"""Evidence is what calls did after the last edit; nothing that is said counts."""

from __future__ import annotations

from outrider.app.vocabulary import Vocabularies
from outrider.judge.attribution.account import account
from outrider.judge.conformance.audit import audited
from outrider.judge.evidence import Evidence, evidence_of
from outrider.record.events import events_of
from tests.judge.conformance.made_runs import classify, workflow_of
from tests.record.sessions import Story

PASSED = "..... [100%]\n5 passed in 0.10s"
FAILED = "Exit code 1\n1 failed, 4 passed in 0.10s"
CLASSIFY = Vocabularies().of_project("")


def _bash(story: Story, command: str, result: str = PASSED, *, error: bool = False) -> str:
    call = story.call("Bash", command=command)
    story.response(call)
    story.result(call, result, is_error=error)
    return call.id


def _edit(story: Story, path: str = "/home/user/project/src/cart.py") -> str:
    call = story.call("Edit", file_path=path, old_string="a", new_string="b")
    story.response(call)
    story.result(call, "The file has been updated.")
    return call.id


def _evidence(story: Story) -> Evidence:
    session = story.build()
    events = events_of(session, CLASSIFY).events
    return evidence_of(session.id, events, {call.id: call for call in session.calls}, [])


def test_tests_that_passed_after_the_last_edit_are_fresh_with_their_counts() -> None:
    story = Story()
    story.prompt()
    edit = _edit(story)
    ran = _bash(story, "pytest -q")
    found = _evidence(story)
    assert found.fresh
    assert found.edit is not None
    assert (found.edit.id, found.edits) == (edit, 1)
    (check,) = found.checks
    assert (check.kind, check.ended, check.event, check.runner) == ("test", "pass", ran, "pytest")
    assert (check.exit, check.total, check.failed) == (0, 5, 0)


def test_an_edit_after_them_makes_them_stale() -> None:
    story = Story()
    story.prompt()
    _edit(story)
    _bash(story, "pytest -q")
    _edit(story)
    found = _evidence(story)
    assert not found.fresh
    assert [(each.ended, each.fresh) for each in found.checks] == [("pass", False)]


def test_a_changed_document_does_not_make_tests_stale() -> None:
    story = Story()
    story.prompt()
    _edit(story)
    _bash(story, "pytest -q")
    _edit(story, "/home/user/project/README.md")
    assert _evidence(story).fresh


def test_the_last_run_counts_not_the_best() -> None:
    story = Story()
    story.prompt()
    _edit(story)
    _bash(story, "pytest -q")
    _bash(story, "pytest -q", FAILED, error=True)
    found = _evidence(story)
    assert not found.fresh
    assert [(each.ended, each.exit, each.total, each.failed) for each in found.checks] == [("fail", 1, 5, 1)]


def test_what_the_model_claims_is_no_evidence() -> None:
    story = Story()
    story.prompt()
    _edit(story)
    story.response(text="All tests pass: 5 passed in 0.10s, exit code 0. I ran pytest -q and ruff check.")
    found = _evidence(story)
    assert not found.fresh
    assert found.checks == ()


def test_output_of_something_else_that_looks_like_a_test_run_is_no_evidence() -> None:
    story = Story()
    story.prompt()
    _edit(story)
    _bash(story, "cat old.log")
    _bash(story, "echo '5 passed in 0.10s'")
    assert not _evidence(story).fresh


def test_tests_in_the_background_that_have_not_ended_are_unclear_and_have_no_exit_status() -> None:
    story = Story()
    story.prompt()
    _edit(story)
    _bash(story, "pytest -q", "Command running in background with ID: b1")
    found = _evidence(story)
    assert not found.fresh
    assert [(each.ended, each.exit) for each in found.checks] == [("unclear", None)]


def test_one_call_that_tests_and_lints_gives_neither_the_status_nor_the_counts_of_the_other() -> None:
    story = Story()
    story.prompt()
    _edit(story)
    _bash(
        story,
        "ruff check . ; pytest -q",
        "Exit code 1\nAll checks passed!\n1 failed, 4 passed in 0.1s",
        error=True,
    )
    checks = {each.kind: each for each in _evidence(story).checks}
    assert (checks["test"].ended, checks["test"].total) == ("fail", 5)
    assert (checks["lint"].exit, checks["lint"].total) == (None, None)


def test_edits_are_counted_since_the_last_commit() -> None:
    story = Story()
    story.prompt()
    _edit(story)
    _bash(story, "git commit -m done", "[main 1234567] done\n 1 file changed")
    _edit(story)
    assert _evidence(story).edits == 1


def test_what_is_owed_names_its_rule_and_what_would_keep_it() -> None:
    story = Story()
    story.prompt()
    story.chosen("outer")
    for activity in ("edit.src", "test.pass"):
        story.work("Do", does=activity)
    session = story.build()
    accounted = account(session, story.text_of, lambda model, at, usage: 1)
    events = events_of(session, classify).events
    workflow = workflow_of(
        "skill: outer\nsteps: {fix: {evidence: [edit.src]}}\nrules: [after edit.src require review]"
    )
    runs = audited(session, accounted, events, {1: workflow})
    found = evidence_of(session.id, events, {call.id: call for call in session.calls}, runs)
    assert [(each.run, each.skill, each.rule, each.repair) for each in found.owed] == [
        (1, "outer", "after edit.src require review", ("review",))
    ]


def test_a_session_without_events_has_no_evidence_and_no_fault() -> None:
    story = Story()
    story.prompt()
    found = _evidence(story)
    assert (found.fresh, found.edit, found.checks, found.owed) == (False, None, (), ())
