"""Rules as text."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outrider.plan.workflow.mistakes import TextError
from outrider.plan.workflow.model import Rule
from outrider.plan.workflow.patterns import parse_pattern
from outrider.plan.workflow.rule_text import parse_rule, read_rule, rule_as_text
from tests.plan.workflow.made import WORDS, rules

P = parse_pattern


@pytest.mark.parametrize(
    "rule",
    [
        Rule("before edit.src require test.fail", "before", P("edit.src"), required=P("test.fail")),
        Rule(
            "before git.commit require test.pass in a since edit.src of a/** | edit.test per file",
            "before",
            P("git.commit"),
            required=P("test.pass in a"),
            edge=P("edit.src of a/** | edit.test"),
            per="file",
        ),
        Rule("after edit.src require review", "after", P("edit.src"), required=P("review")),
        Rule(
            "after test.fail forbid edit.test until test.pass",
            "forbid",
            P("test.fail"),
            forbidden=P("edit.test"),
            edge=P("test.pass"),
        ),
        Rule("at most 3 review per task", "at most", P("review"), most=3, per="task"),
        Rule("never git.push to main", "never", P("git.push to main")),
    ],
    ids=lambda rule: rule.form,
)
def test_each_form_reads_as_its_parts(rule: Rule) -> None:
    assert parse_rule(rule.text, WORDS) == rule


def test_a_rule_may_stand_on_several_lines() -> None:
    rule = parse_rule("before git.commit\n\trequire test.pass\n")
    assert rule == parse_rule("before git.commit  require test.pass")


@pytest.mark.parametrize(
    ("text", "column", "slug", "expected"),
    [
        ("", 1, "empty-text", "says nothing"),
        ("befor a require b", 1, "rule-form", "no rule begins with `befor`"),
        ("require a", 1, "rule-form", "no rule begins with `require`"),
        (
            "before read",
            12,
            "unexpected-text",
            "expected `require`, `of`, `to`, `in` or `|` but found the end",
        ),
        ("before require read", 8, "unexpected-text", "expected an activity but found `require`"),
        ("after read forbid plan", 23, "unexpected-text", "expected `until` but found the end"),
        (
            "after read require plan until web",
            25,
            "unexpected-text",
            "expected `per …` or the end but found `until`",
        ),
        (
            "never read per branch",
            16,
            "unexpected-text",
            "expected one of `file`, `task`, `agent`, `commit`, `prompt`",
        ),
        ("never read per file task", 21, "unexpected-text", "expected the end but found `task`"),
        ("at least 3 read", 4, "unexpected-text", "expected `most` after `at` but found `least`"),
        (
            "at most three read",
            9,
            "unexpected-text",
            "expected a whole number after `at most` but found `three`",
        ),
        ("at most ² read", 9, "unexpected-text", "expected a whole number"),
        ("at most 9999999999 read", 9, "unexpected-text", "expected a whole number"),
        ("at most 0 read", 9, "at-most-zero", "roundabout"),
        ("never reed", 7, "unknown-activity", "`reed` is no known activity"),
    ],
)
def test_a_mistake_says_where_and_what_was_expected(text: str, column: int, slug: str, expected: str) -> None:
    with pytest.raises(TextError) as caught:
        parse_rule(text, WORDS)
    assert (caught.value.column, caught.value.slug) == (column, slug)
    assert expected in caught.value.message


def test_all_unknown_names_of_a_rule_are_told_at_once() -> None:
    reading = read_rule("before reed require tst.pass since edit.sorc", WORDS)
    assert [each.column for each in reading.mistakes] == [8, 21, 36]


@given(rules)
def test_writing_and_reading_a_rule_gives_the_same(rule: Rule) -> None:
    text = rule_as_text(rule)
    assert parse_rule(text) == replace(rule, text=text)


@given(
    st.text()
    | st.lists(
        st.sampled_from(
            [
                "before",
                "after",
                "at",
                "most",
                "never",
                "require",
                "since",
                "until",
                "forbid",
                "per",
                "file",
                "3",
                "read",
                "plan",
                "|",
                "of",
            ]
        )
    ).map(" ".join)
)
def test_no_text_breaks_the_reading_of_rules(text: str) -> None:
    reading = read_rule(text, WORDS)
    assert (reading.value is None) == bool(reading.mistakes)
    if reading.value:
        assert (
            parse_rule(rule_as_text(reading.value)).trigger.alternatives == reading.value.trigger.alternatives
        )
