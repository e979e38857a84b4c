"""From a workflow, as it is written, to rules at work."""

from __future__ import annotations

import json

from outrider.judge.conformance.compiling import compile_rules, compile_workflow
from outrider.judge.conformance.engine.compiled import Compiled, read_compiled
from outrider.judge.conformance.engine.rules import Engine, judge_events
from outrider.plan.workflow.model import Step, Workflow
from outrider.plan.workflow.order_text import parse_order
from outrider.plan.workflow.patterns import parse_pattern
from outrider.plan.workflow.rule_text import parse_rule
from tests.judge.conformance.engine.made import events

RULES = (
    "before edit.src require test.fail since edit.test",
    "after edit.src require review",
    "after test.fail forbid edit.test until test.pass",
    "at most 3 review per task",
    "never git.push to main",
)


def tdd() -> Workflow:
    steps = (
        Step("red", evidence=(parse_pattern("edit.test"), parse_pattern("test.fail"))),
        Step("green", evidence=(parse_pattern("edit.src"), parse_pattern("test.pass"))),
        Step("refactor", evidence=(parse_pattern("edit.src"), parse_pattern("test.pass")), optional=True),
    )
    text = "(red > green > refactor?)+"
    order = parse_order(text)
    return Workflow("tdd", steps, order, text, tuple(parse_rule(each) for each in RULES), mode="advise")


def test_rules_keep_their_index_and_the_order_comes_last() -> None:
    compiled = compile_workflow(tdd())
    assert [rule.text for rule in compiled.rules] == [*RULES, "(red > green > refactor?)+"]
    assert {rule.mode for rule in compiled.rules} == {"advise"}


def test_every_form_keeps_its_parts() -> None:
    compiled = compile_workflow(tdd())
    assert [tuple(pattern.text for pattern in rule.patterns) for rule in compiled.rules] == [
        ("edit.src", "test.fail", "edit.test"),
        ("edit.src", "review"),
        ("test.fail", "edit.test", "test.pass"),
        ("review",),
        ("git.push to main",),
        ("red", "green", "refactor"),
    ]
    assert (compiled.rules[3].most, compiled.rules[3].per) == (3, "task")


def test_a_hook_takes_from_a_file_what_the_command_compiled() -> None:
    compiled = compile_workflow(tdd())
    read = read_compiled(json.loads(json.dumps(compiled)))
    assert isinstance(read, Compiled)
    assert read == compiled
    snapshot = Engine(compiled).snapshot()
    assert isinstance(Engine.restore(read, snapshot), Engine)


def test_other_rules_have_another_digest() -> None:
    one, other = compile_rules([parse_rule(RULES[0])]), compile_rules([parse_rule(RULES[1])])
    assert one.digest != other.digest
    assert compile_rules([parse_rule(RULES[0])]).digest == one.digest


def test_a_rule_may_carry_its_own_mode_and_scope() -> None:
    compiled = compile_rules([parse_rule("before edit.src require read per file")], "enforce")
    assert (compiled.rules[0].mode, compiled.rules[0].per) == ("enforce", "file")


def test_a_good_run_keeps_every_rule_that_it_sets_off() -> None:
    names = ("edit.test", "test.fail", "edit.src", "test.pass", "edit.src", "test.pass", "review")
    verdicts = judge_events(compile_workflow(tdd()), events(*names)).verdicts
    assert [each.verdict for each in verdicts] == ["kept"] * 6


def test_code_before_its_test_breaks_the_rule_and_the_order_with_the_way_back() -> None:
    result = judge_events(compile_workflow(tdd()), events("edit.src", "review"))
    assert [(each.rule, each.expected, each.repair) for each in result.violations] == [
        (0, ("test.fail",), ("test.fail",)),
        (5, ("red",), ("red",)),
    ]


def test_an_order_whose_steps_nobody_could_see_is_not_watched() -> None:
    workflow = Workflow("think", (Step("a"), Step("b")), parse_order("a > b"), "a > b")
    assert compile_workflow(workflow).rules == ()
