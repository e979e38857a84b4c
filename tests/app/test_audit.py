"""Recorded sessions against the workflows of their skills, from records to verdicts."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from outrider.app.audit import is_skill, runs_of
from outrider.edge.store.queries import Scope
from outrider.kernel.errors import UnreadableError
from outrider.record.usage import Usage
from tests.edge.readers.records import assistant, record

from .shops import BAD, RULES, SESSIONS, Shop, audit_of, audits_of, shop, wrangler_of
from .wrangler_logs import write_session


@pytest.fixture
def made(tmp_path: Path) -> Shop:
    return shop(tmp_path)


def amounts(made: Shop, skill: str) -> list[object]:
    return [(run.session, run.run.number, run.used) for run in runs_of(audits_of(made.config, skill))]


def test_rules_of_the_projects_file_are_judged_on_what_the_records_say(made: Shop) -> None:
    made.workflow(RULES)
    found = runs_of(audits_of(made.config, "practicing-tdd"))
    verdicts = {run.session[:8]: [rule.verdict.verdict for rule in run.rules] for run in found}
    assert verdicts == {
        "8843a8ab": ["kept", "not triggered", "kept"],
        "1d1b608b": ["broken", "not triggered", "kept"],
        "01c3af73": ["kept", "not triggered", "kept"],
        "270e7eaa": ["broken", "not triggered", "broken"],
    }


def test_a_break_names_what_broke_the_rule_and_what_would_have_kept_it(made: Shop) -> None:
    made.workflow(RULES)
    (run,) = audit_of(made.config, SESSIONS[1], "practicing-tdd").runs
    (violation,) = run.rules[0].violations
    told = [each.activity for each in run.told[violation.event]]
    assert [(each.name, each.of) for each in told] == [("edit.src", "src/checkout/shipping.ts")]
    assert (violation.evidence, violation.repair) == ("", ("test.fail",))


@pytest.mark.parametrize("skill", ["practicing-tdd", "craft:practicing-tdd"])
def test_asking_for_one_skill_gives_its_runs_with_the_numbers_they_always_have(
    made: Shop, skill: str
) -> None:
    made.workflow(RULES)
    everything = runs_of(audits_of(made.config))
    wanted = [run for run in everything if is_skill(run.run.load.name, skill)]
    assert [run.session[:8] for run in wanted] == list(SESSIONS)
    assert amounts(made, skill) == [(run.session, run.run.number, run.used) for run in wanted]


def test_a_nested_run_without_a_workflow_counts_for_the_run_around_it_whatever_was_asked_for(
    made: Shop,
) -> None:
    made.workflow(RULES)
    made.write("workflow.yaml", "skill: reviewing-code\n", made.beside("1.3.0", "reviewing-code"))
    whole, asked, inner = (
        audit_of(made.config, SESSIONS[2], skill).runs for skill in ("", "practicing-tdd", "reviewing-code")
    )
    assert [run.run.load.name for run in whole] == ["craft:practicing-tdd"]
    assert asked == whole
    assert [run.run.load.name for run in inner] == ["craft:reviewing-code"]


def test_only_runs_that_began_in_time_and_in_the_project_count(made: Shop) -> None:
    later = [run.run.at for run in runs_of(audits_of(made.config))]
    cut = sorted(later)[2]
    assert [run.run.at for run in runs_of(audits_of(made.config, scope=Scope(since=cut)))] == sorted(later)[
        2:
    ]
    assert {
        audit.view.session.settings[0].cwd
        for audit in audits_of(made.config, scope=Scope(0, str(made.project)))
    } == {str(made.project)}
    assert audits_of(made.config, "no-such-skill") == []


def test_a_badly_written_workflow_judges_nothing_and_its_mistakes_are_told(made: Shop) -> None:
    path = made.workflow(BAD)
    for audit in audits_of(made.config, "practicing-tdd"):
        (run,) = audit.runs
        assert (run.rules, run.workflow.steps) == ((), ())
        (found,) = audit.found.values()
        assert (found.path, [each.slug for each in found.mistakes]) == (
            str(path),
            ["unknown-activity", "unknown-step"],
        )


def test_a_workflow_file_that_cannot_be_read_stops_the_audit_with_a_named_error(made: Shop) -> None:
    made.workflow("#" * (2 << 20))
    with pytest.raises(UnreadableError) as told:
        audits_of(made.config)
    assert told.value.slug == "unreadable-file"


def test_steps_and_outside_of_all_runs_with_the_outside_of_runs_are_the_session(made: Shop) -> None:
    made.workflow(RULES)
    for audit in audits_of(made.config):
        account = audit.view.account
        usage, requests, calls = (
            account.accounts[0].usage,
            account.accounts[0].requests,
            account.accounts[0].calls,
        )
        for run in audit.runs:
            for used in run.used.values():
                usage, requests, calls = usage.plus(used.usage), requests + used.requests, calls + used.calls
        session = audit.view.session
        assert (requests, calls) == (len(session.requests), len(session.calls))
        assert usage == sum_of(request.usage for request in session.requests)


def sum_of(usages: Iterable[Usage]) -> Usage:
    whole = Usage()
    for usage in usages:
        whole = whole.plus(usage)
    return whole


def test_wranglers_logs_are_found_in_the_folders_in_which_sessions_ran(made: Shop) -> None:
    write_session(made.project, "2026-01-02-bell")
    ((session, findings),) = wrangler_of(made.config, "2026-01-02-bell")
    assert (session.name, session.status) == ("2026-01-02-bell", "completed")
    assert {each.code for each in findings} >= {"wrangler.tests-skipped", "wrangler.pending-at-end"}


def test_a_scope_bounds_wranglers_logs_too_and_a_name_needs_none(made: Shop) -> None:
    write_session(made.project, "2026-01-02-bell")
    ended = 1_767_348_000_000
    for scope, count in (
        (Scope(), 1),
        (Scope(since=ended), 1),
        (Scope(since=ended + 1), 0),
        (Scope(project=str(made.project)), 1),
        (Scope(project=f"{made.project}/"), 1),
        (Scope(project=str(made.project)[:-1]), 0),
    ):
        assert len(wrangler_of(made.config, None, scope)) == count
    assert len(wrangler_of(made.config, "2026-01-02-bell", Scope(since=ended + 1))) == 1
    assert wrangler_of(made.config, "2026") == []


def test_a_log_that_lies_in_two_copies_of_a_project_is_audited_once(made: Shop, tmp_path: Path) -> None:
    write_session(made.project, "2026-01-02-bell")
    copy = tmp_path / "copy"
    write_session(copy, "2026-01-02-bell")
    lines = [
        record("user", "u1", cwd=str(copy), message={"role": "user", "content": "hi"}),
        assistant("ok", "u2"),
    ]
    path = made.config / "projects/copy/11111111-2222-4333-8444-555555555555.jsonl"
    path.parent.mkdir()
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert len(wrangler_of(made.config)) == 1
