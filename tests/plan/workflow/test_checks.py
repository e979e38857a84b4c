"""What a well written workflow can still get wrong."""

from __future__ import annotations

import pytest

from outrider.kernel.limits import PATTERN_COMPARISONS
from outrider.plan.workflow import patterns
from outrider.plan.workflow.checks import check_workflow
from outrider.plan.workflow.limit_text import parse_limit
from outrider.plan.workflow.model import Limits, Rule, Step, Workflow
from outrider.plan.workflow.order_text import parse_order
from outrider.plan.workflow.patterns import parse_pattern
from outrider.plan.workflow.rule_text import parse_rule


def rules_of(*texts: str) -> list[tuple[str, str]]:
    workflow = Workflow("x", rules=tuple(parse_rule(text) for text in texts))
    return [(each.key, each.slug) for each in check_workflow(workflow)]


def order_of(text: str, *names: str, optional: str = "") -> list[tuple[str, str, str]]:
    steps = tuple(Step(name, evidence=(parse_pattern("plan"),), optional=name == optional) for name in names)
    problems = check_workflow(Workflow("x", steps, parse_order(text)))
    return [(each.part, each.key, each.slug) for each in problems]


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("before edit.src require edit.src", "rule-never-holds"),
        ("before test.* require test.pass", "rule-never-holds"),
        ("before test.* require test.pass since edit.src per file", "rule-never-holds"),
        ("before git.commit require test.pass since test.pass", "edge-without-effect"),
        ("before git.commit require test.* since test.fail", "edge-without-effect"),
        ("after edit.src require edit.*", "rule-always-holds"),
        ("after edit.src require edit.src", "rule-always-holds"),
        ("after test.fail forbid edit.src until edit.*", "rule-always-holds"),
        ("after test.fail forbid edit.src until test.fail", "edge-without-effect"),
        ("after test.* forbid edit.src until test.pass", "edge-without-effect"),
    ],
)
def test_a_rule_that_cannot_be_meant_is_told(text: str, slug: str) -> None:
    assert rules_of(text) == [("0", slug)]


@pytest.mark.parametrize(
    "text",
    [
        "before test.fail require test.*",
        "before edit.src of src/** require edit.src",
        "before git.commit require test.pass since test.*",
        "before git.commit require review since git.commit",
        "after test.* require test.pass",
        "after test.fail forbid test.fail until edit.src",
        "after test.fail forbid edit.src until test.*",
        "at most 1 git.commit per commit",
        "never *",
    ],
)
def test_a_rule_that_can_be_meant_is_left_alone(text: str) -> None:
    assert rules_of(text) == []


def test_none_at_most_is_told_even_of_a_rule_that_was_not_read() -> None:
    workflow = Workflow("x", rules=(Rule("", "at most", parse_pattern("plan")),))
    assert [each.slug for each in check_workflow(workflow)] == ["at-most-zero"]


@pytest.mark.parametrize(
    "texts",
    [
        ("never review", "after edit.src require review"),
        ("never review | plan", "before git.commit require review since edit.src"),
        ("never edit.*", "after plan require edit.src of src/**"),
    ],
)
def test_what_is_asked_for_must_not_be_forbidden(texts: tuple[str, str]) -> None:
    assert rules_of(*texts) == [("1", "rules-contradict")]


def test_a_narrow_ban_contradicts_nothing_wider() -> None:
    assert rules_of("never git.push to main", "after git.commit require git.push") == []


def test_evidence_must_not_be_forbidden() -> None:
    step = Step("ship", evidence=(parse_pattern("git.push to main"),))
    workflow = Workflow("x", (step,), rules=(parse_rule("never git.push"),))
    assert [(each.part, each.key, each.slug) for each in check_workflow(workflow)] == [
        ("step", "ship", "rules-contradict")
    ]


def test_rules_that_wait_for_each_other_are_told_once() -> None:
    circle = (
        "before plan require review",
        "before review require read",
        "before read require plan of x | plan",
    )
    assert rules_of(*circle) == [("2", "rules-contradict")]
    assert rules_of("before plan require review", "before review require read") == []


def test_the_same_rule_in_other_words_is_told() -> None:
    assert rules_of("never plan | read", "never  read | plan") == [("1", "duplicate-rule")]
    assert rules_of("at most 2 plan", "at most 2 plan per file") == []


def test_every_step_must_show() -> None:
    steps = (Step("seen", marks=("I begin",)), Step("unseen"))
    assert [(each.key, each.slug) for each in check_workflow(Workflow("x", steps))] == [
        ("unseen", "step-without-evidence")
    ]


@pytest.mark.parametrize(
    ("text", "optional", "problems"),
    [
        ("a > b", "", [("step", "c", "step-not-in-order")]),
        ("a > a > b > c", "", [("order", "a", "repeated-step")]),
        ("a > b? > a > c", "", [("order", "a", "repeated-step")]),
        ("a > b > a > c", "b", [("order", "a", "repeated-step")]),
        ("(a > b)+ > c", "", []),
        ("a > b > a > c", "", []),
        ("a+ > b > c", "", []),
        ("(a | a) > b > c", "", [("order", "a", "repeated-step")]),
        ("(a > b > a)+ > c", "", [("order", "a", "repeated-step")]),
    ],
)
def test_an_order_must_tell_its_steps_apart(
    text: str, optional: str, problems: list[tuple[str, str, str]]
) -> None:
    assert order_of(text, "a", "b", "c", optional=optional) == problems


def test_a_limit_behind_another_one_is_told() -> None:
    step = Step("a", marks=("x",), limits=Limits(time_ms=parse_limit("2h", "time"), calls=5, failed_calls=6))
    workflow = Workflow(
        "x", (step,), limits=Limits(time_ms=parse_limit("1h", "time"), calls=5, failed_calls=9)
    )
    assert [(each.part, each.key, each.slug) for each in check_workflow(workflow)] == [
        ("limit", "failed_calls", "unreachable-limit"),
        ("step limit", "a.time", "unreachable-limit"),
        ("step limit", "a.failed_calls", "unreachable-limit"),
    ]


def test_a_workflow_that_says_nothing_is_told() -> None:
    assert [each.slug for each in check_workflow(Workflow("x"))] == ["says-nothing"]


def test_the_largest_workflow_is_checked_without_comparing_forever(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = [0]

    def counted(mine: object, theirs: object) -> bool:
        compared[0] += 1
        return False

    monkeypatch.setattr(patterns, "_includes", counted)
    wide = " | ".join(f"mcp:a.b{number}*" for number in range(19))
    rules = tuple(parse_rule(f"never mcp:z{number}.* | {wide}") for number in range(200))
    evidence = (parse_pattern(wide),) * 20
    steps = tuple(Step(f"s{number}", evidence=evidence) for number in range(200))
    assert check_workflow(Workflow("x", steps, rules=rules)) == ()
    assert 0 < compared[0] <= PATTERN_COMPARISONS


def test_an_order_of_many_arrows_is_checked() -> None:
    names = [f"s{number}" for number in range(200)]
    steps = tuple(Step(name, evidence=(parse_pattern("plan"),), optional=True) for name in names)
    order = parse_order("(" * 19 + " > ".join(names + names[::-1]) + ")+" * 19)
    assert {each.slug for each in check_workflow(Workflow("x", steps, order))} == {"repeated-step"}
