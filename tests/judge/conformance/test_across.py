"""Steps and rules over many runs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from outrider.judge.attribution.account import account
from outrider.judge.conformance.accounting import Used
from outrider.judge.conformance.across import StepRow, StepTable, rule_rows, step_table
from outrider.judge.conformance.audit import RunAudit, audited
from outrider.plan.workflow.model import Workflow
from outrider.record.events import events_of
from tests.record.sessions import Story

from .made_runs import ACTIVITIES, ALL, LINEAR, classify, session_of, workflow_of

RULED = (
    LINEAR
    + """
rules:
  - { rule: before git.commit require test.pass, why: only what passes is kept }
  - never git.push
"""
)


def run(does: str, workflow: str = LINEAR, session: str = "s", text: str = "Do the work.") -> RunAudit:
    story = Story(session)
    story.prompt()
    story.chosen("mend", text=text)
    for letter in does:
        story.work("Do", does=ACTIVITIES[letter])
    return _audit(story, workflow_of(workflow))


def _audit(story: Story, workflow: Workflow) -> RunAudit:
    session = story.build()
    accounted = account(session, story.text_of, lambda model, at, usage: usage.total_tokens)
    (found,) = audited(session, accounted, events_of(session, classify).events, {1: workflow})
    return found


def table(*runs: RunAudit) -> StepTable:
    return step_table("mend", runs)


def row(of: StepTable, step: str) -> StepRow:
    return next(each for each in of.rows if each.step == step)


def test_steps_stand_in_the_order_of_the_workflow_visited_or_not() -> None:
    rows = table(run("stf")).rows
    assert [each.step for each in rows] == ["look", "test", "fix", "check", "ship"]
    assert [each.visits for each in rows] == [1, 1, 0, 0, 0]


def test_visits_are_counted_each_and_deviations_by_run() -> None:
    found = table(run("stfepvc"), run("epvcs"), run("stfepvepvc"))
    assert (row(found, "look").visits, row(found, "look").runs) == (3, 3)
    assert row(found, "look").out_of_order == 1
    assert row(found, "test").skipped == 1
    assert (row(found, "check").visits, row(found, "check").repeated) == (4, 1)
    assert (row(found, "fix").skipped, row(found, "ship").visits) == (0, 3)


def test_shares_of_the_time_with_the_outside_are_one() -> None:
    found = table(run("stfepvc"), run("rrstfepvc"))
    assert abs(sum(each.share for each in found.rows) + found.outside_share - 1) < 1e-9


def test_the_bottleneck_is_the_step_with_the_most_time_over_all_runs() -> None:
    found = table(run("stfepvc"), run("stfepvc"))
    longest = max(found.rows, key=lambda each: sum(each.ms))
    assert found.bottleneck == longest.step
    assert table(run("")).bottleneck == ""


def test_percentiles_are_of_runs_that_came_by() -> None:
    found = row(table(run("s"), run("srrr"), run("tf")), "look")
    assert len(found.ms) == len(found.costs) == 2
    assert min(found.ms) <= found.percentile_ms(0.5) <= found.percentile_ms(0.9) <= max(found.ms)
    assert min(found.costs) <= found.percentile_cost(0.5) <= found.percentile_cost(0.9) == max(found.costs)


def test_runs_sessions_and_versions_are_counted() -> None:
    found = table(run("s"), run("s"), run("s", session="t"), run("s", text="Another text."))
    assert (found.runs, found.sessions) == (4, 2)
    assert sorted(count for _, count in found.versions) == [1, 3]


def test_no_runs_are_an_empty_table() -> None:
    found = table()
    assert (found.runs, found.rows, found.outside_share, found.bottleneck, found.order_scores) == (
        0,
        (),
        0,
        "",
        (),
    )


def test_a_step_that_only_a_newer_version_has_stands_behind_the_others() -> None:
    older = run("s", "skill: mend\nsteps: { look: { evidence: [search] } }\n")
    rows = table(older, run("stf")).rows
    assert [each.step for each in rows][:2] == ["look", "test"]


@given(st.lists(st.sampled_from(ALL), max_size=4))
def test_the_table_holds_what_its_runs_used(chosen: list[object]) -> None:
    runs = []
    for made in chosen:
        _, story = session_of(made)  # type: ignore[arg-type]
        runs.append(_audit(story, workflow_of(made.workflow)))  # type: ignore[attr-defined]
    found = table(*runs)
    whole, expected = Used(), Used()
    whole.add(found.outside)
    for each in found.rows:
        whole.add(each.used)
    for audit in runs:
        for used in audit.used.values():
            expected.add(used)
    assert whole == expected
    assert sum(each.visits for each in found.rows) == sum(len(audit.path.visits) for audit in runs)


def test_rules_are_counted_by_verdict_the_most_often_broken_first() -> None:
    rows = rule_rows([run("stfepvc", RULED), run("stfec", RULED), run("stfvc", RULED), run("s", RULED)])
    told = {each.rule: (each.broken, each.kept, each.not_triggered, each.runs) for each in rows}
    assert told["before git.commit require test.pass"] == (2, 1, 1, 4)
    assert sum(told["never git.push"]) == 8
    assert told["never git.push"][0] == 0
    assert [each.broken for each in rows] == sorted((each.broken for each in rows), reverse=True)


def test_a_rule_says_why_and_how_often_it_came_up() -> None:
    (found,) = [each for each in rule_rows([run("cc", RULED)]) if each.rule.startswith("before")]
    assert (found.why, found.activations, found.violations) == ("only what passes is kept", 2, 2)


def test_the_same_rule_of_two_skills_is_two_rules() -> None:
    other = Story()
    other.prompt()
    other.chosen("other")
    other.work("Do", does="git.commit")
    rows = rule_rows([run("c", RULED), _audit(other, workflow_of(RULED))])
    assert {each.skill for each in rows if each.rule == "never git.push"} == {"mend", "other"}
