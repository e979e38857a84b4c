"""The engine over whole runs: live and afterwards, ahead and back, it says the same."""

from __future__ import annotations

import json
import subprocess
import sys

from hypothesis import given

from outrider.judge.conformance.engine.compiled import Compiled
from outrider.judge.conformance.engine.rules import Engine, judge_events
from outrider.judge.conformance.engine.verdicts import Refused
from outrider.record.activities.activity import Activity, Event
from tests.judge.conformance.engine import strategies
from tests.judge.conformance.engine.made import before, commit_rule, compiled, pattern, rule
from tests.judge.conformance.engine.made import events as made_events


@given(strategies.all_rules, strategies.events)
def test_live_verdicts_are_those_of_the_events_so_far(rules: Compiled, events: list[Event]) -> None:
    engine, violations = Engine(rules), []
    for count, event in enumerate(events):
        violations += engine.step(event)
        assert engine.finish() == judge_events(rules, events[: count + 1]).verdicts
    assert violations == judge_events(rules, events).violations


@given(strategies.all_rules, strategies.events)
def test_verdicts_now_differ_from_those_at_the_end_only_by_what_is_owed(
    rules: Compiled, events: list[Event]
) -> None:
    engine = Engine(rules)
    for event in events:
        engine.step(event)
    for now, end in zip(engine.verdicts_now(), engine.finish(), strict=True):
        assert now.verdict == end.verdict or (now.verdict, end.verdict) == ("pending", "broken")
        assert now.owed == end.owed
        assert bool(end.broken > now.broken) == bool(end.owed)


@given(strategies.all_rules, strategies.events, strategies.events)
def test_a_snapshot_at_any_point_brings_back_the_same_engine(
    rules: Compiled, before: list[Event], after: list[Event]
) -> None:
    engine = Engine(rules)
    for event in before:
        engine.step(event)
    snapshot = json.loads(json.dumps(engine.snapshot()))
    restored = Engine.restore(rules, snapshot)
    assert isinstance(restored, Engine)
    assert restored.snapshot() == engine.snapshot()
    for event in after:
        assert restored.step(event) == engine.step(event)
    assert restored.finish() == engine.finish()


@given(strategies.all_rules, strategies.events, strategies.events)
def test_looking_ahead_says_what_the_steps_will_say_and_changes_nothing(
    rules: Compiled, before: list[Event], call: list[Event]
) -> None:
    engine = Engine(rules)
    for event in before:
        engine.step(event)
    kept, verdicts = engine.snapshot(), engine.finish()
    ahead = engine.look_ahead([event.activity for event in call], at=7, agent="s1", task="2")
    assert engine.snapshot() == kept
    assert engine.finish() == verdicts
    stepped = [
        violation
        for event in call
        for violation in engine.step(event._replace(id="", at=7, agent="s1", task="2"))
    ]
    assert ahead == stepped


@given(strategies.all_rules, strategies.events)
def test_every_violation_is_counted_and_counts_never_contradict_each_other(
    rules: Compiled, events: list[Event]
) -> None:
    judgement = judge_events(rules, events)
    for index, verdict in enumerate(judgement.verdicts):
        told = sum(each.keys for each in judgement.violations if each.rule == index)
        assert verdict.broken == told + len(verdict.owed)
        assert (verdict.verdict == "broken") == (verdict.broken > 0)
        assert verdict.fulfilled <= verdict.activations
        if verdict.verdict == "not triggered":
            assert (verdict.activations, verdict.fulfilled) == (0, 0)


def test_a_later_part_of_a_call_sees_the_earlier_ones() -> None:
    engine = Engine(compiled(commit_rule()))
    engine.step(made_events("edit.src@a.py")[0])
    passed, commit = Activity("test.pass"), Activity("git.commit")
    assert [each.rule for each in engine.look_ahead([commit])] == [0]
    assert engine.look_ahead([passed, commit]) == []
    assert [each.rule for each in engine.look_ahead([commit, passed])] == [0]


def test_a_violation_tells_the_whole_story_in_event_ids() -> None:
    run = made_events("edit.src@a.py", "test.pass", "edit.src@b.py", "read@c.py", "git.commit")
    (violation,) = judge_events(compiled(commit_rule()), run).violations
    assert violation.event == violation.activation == "e4"
    assert (violation.evidence, violation.invalidation) == ("e1", "e2")
    assert violation.expected == violation.repair == ("test.pass",)
    assert violation.at == 4


def test_repeated_violations_are_counted_one_by_one() -> None:
    (verdict,) = judge_events(compiled(commit_rule()), made_events("git.commit", "git.commit")).verdicts
    assert (verdict.activations, verdict.fulfilled, verdict.broken) == (2, 0, 2)


def test_evidence_in_the_event_that_broke_the_rule_counts_from_then_on() -> None:
    anything_after_tests = before(pattern("anything", "*"), pattern("test.pass"))
    run = made_events("test.pass", "read", "read")
    (verdict,) = judge_events(compiled(anything_after_tests), run).verdicts
    assert (verdict.activations, verdict.fulfilled, verdict.broken) == (3, 2, 1)


def test_a_rule_that_never_mattered_is_not_triggered_but_a_prohibition_is_kept() -> None:
    rules = compiled(rule("before", 2), rule("after", 2), rule("forbid", 3), rule("at most", 1, most=2))
    assert {each.verdict for each in judge_events(rules, made_events("x", "y")).verdicts} == {"not triggered"}
    assert judge_events(compiled(rule("never", 1)), made_events("x")).verdicts[0].verdict == "kept"


def test_what_is_owed_is_pending_while_the_run_goes_on_and_broken_at_its_end() -> None:
    engine = Engine(compiled(rule("after", 2)))
    engine.step(made_events("word:a")[0])
    assert engine.verdicts_now()[0].verdict == "pending"
    (end,) = engine.finish()
    assert end.verdict == "broken"
    assert [(each.activation, each.owed, each.repair) for each in end.owed] == [("e0", True, ("b",))]
    engine.step(made_events("word:b")[0])
    assert engine.finish()[0].verdict == "kept"


def test_a_ban_that_was_broken_stands_and_is_not_fulfilled_when_it_ends() -> None:
    run = made_events("word:a", "word:b", "word:b", "word:c", "word:b", "word:a")
    judgement = judge_events(compiled(rule("forbid", 3)), run)
    assert [(each.event, each.activation, each.invalidation) for each in judgement.violations] == [
        ("e1", "e0", ""),
        ("e2", "e0", "e1"),
    ]
    assert judgement.violations[0].repair == ("c",)
    (verdict,) = judgement.verdicts
    assert (verdict.activations, verdict.fulfilled, verdict.broken) == (2, 1, 2)


def test_one_too_many_has_no_repair() -> None:
    (violation,) = judge_events(
        compiled(rule("at most", 1, most=1)), made_events("word:a", "word:a")
    ).violations
    assert (violation.activation, violation.invalidation) == ("e0", "e0")
    assert (violation.expected, violation.repair) == ((), ())


def test_a_restored_engine_refuses_what_is_not_its_own() -> None:
    snapshot = Engine(compiled(rule("never", 1))).snapshot()
    other = Compiled("other", (rule("never", 1),))
    assert Engine.restore(other, snapshot) == Refused("a snapshot of other rules")


def test_the_engine_needs_only_the_standard_library_and_no_dataclasses() -> None:
    code = (
        "import sys; import outrider.judge.conformance.engine.rules;"
        "heavy = {'dataclasses', 'inspect', 'json', 'hashlib', 'yaml', 'markdown_it', 'msgspec', 'click'};"
        "print(sorted(heavy & set(sys.modules)),"
        " sorted(each for each in sys.modules if each.startswith('outrider.plan')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] []"
