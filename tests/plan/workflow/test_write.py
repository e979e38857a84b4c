"""Workflows as texts."""

from __future__ import annotations

from dataclasses import replace

import yaml
from hypothesis import assume, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from outrider.kernel.inert import inert
from outrider.plan.workflow.file import read_workflow
from outrider.plan.workflow.model import Limits, Order, Rule, Step, Workflow
from outrider.plan.workflow.order_text import order_as_text, parse_order
from outrider.plan.workflow.patterns import parse_pattern
from outrider.plan.workflow.rule_text import parse_rule, rule_as_text
from outrider.plan.workflow.schema import workflow_schema
from outrider.plan.workflow.write import workflow_json, write_workflow
from tests.plan.workflow.made import TDD, WORDS, limits, patterns, rules, step_names, well, without_places

DERIVED = Workflow(
    "tdd",
    (
        Step(
            "red", "Watch: it fails", (parse_pattern("test.fail"),), source="heading", confidence=0.9, line=12
        ),
        Step("think", source="numbered", confidence=0.25, line=20),
        Step("tell", marks=("I'm done", "Step 3: *tell*"), source="annotation", line=30),
    ),
    parse_order("red > think > tell"),
    rules=(
        replace(parse_rule("never git.push"), source="dot", confidence=0.5, line=7, why="no", mode="advise"),
    ),
    derived=True,
)


def test_a_derived_workflow_says_where_each_part_comes_from() -> None:
    assert (
        write_workflow(DERIVED)
        == """\
# Derived from the text of the skill. Keep what is right, mend what is not.
skill: tdd
steps:
  red:  # line 12, a heading, confidence 0.90
    title: "Watch: it fails"
    evidence: [test.fail]
  think:  # line 20, a numbered list, confidence 0.25
    evidence: []  # the skill's text does not say what shows this step
  tell:  # line 30, an annotation, confidence 1.00
    marks: [I'm done, "Step 3: *tell*"]
order: red > think > tell
rules:
  - rule: never git.push  # line 7, a diagram, confidence 0.50
    mode: advise
    why: "no"
"""
    )


def test_without_notes_there_is_no_comment() -> None:
    assert "#" not in write_workflow(DERIVED, notes=False)


def test_a_text_that_says_something_else_than_its_parts_is_not_written() -> None:
    rule = replace(parse_rule("never git.push"), text="never plan")
    step = Step("a", evidence=(parse_pattern("plan")._replace(text="read"),))
    written = write_workflow(Workflow("x", (step,), Order("step", "a"), "b", (rule,)))
    assert written == "skill: x\nsteps:\n  a:\n    evidence: [plan]\norder: a\nrules:\n  - never git.push\n"


def test_texts_that_yaml_would_read_as_something_else_stand_in_quotes() -> None:
    texts = (
        "yes",
        "null",
        "1.5",
        "2024-01-01",
        "a: b",
        "a #b",
        "*a",
        "&a",
        "!a",
        "- a",
        "a:",
        "{a}",
        "[a]",
        "'a",
        "%a",
        "@a",
        "`a`",
        "a, b",
        "?",
        "=",
    )
    steps = (Step("a", marks=texts), Step("no", marks=("n",)))
    written = write_workflow(Workflow("true", steps, limits=Limits(calls=3)))
    assert without_places(well(written)).steps == steps
    value = yaml.safe_load(written)
    assert (value["skill"], value["steps"]["a"]["marks"]) == ("true", list(texts))


def test_a_title_from_a_hostile_skill_is_written_inert() -> None:
    written = write_workflow(Workflow("x", (Step("a", "b\x1b[2J\n- c\u202e", marks=("d",)),)))
    assert well(written).steps[0].title == "b␛[2J - c?"


texts = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp"), exclude_characters="\ufffd"),
    min_size=1,
    max_size=20,
)
texts = texts.map(str.strip).filter(lambda text: text and inert(text) == text)
steps = st.builds(
    lambda name, title, evidence, optional, marks, limit: Step(
        name, title, tuple(dict.fromkeys(evidence)), optional, tuple(dict.fromkeys(marks)), limit
    ),
    step_names,
    st.just("") | texts,
    st.lists(patterns, min_size=1, max_size=2),
    st.booleans(),
    st.lists(texts, max_size=2),
    limits,
)


def _sequence(parts: list[Step]) -> Order | None:
    mentioned = tuple(Order("step", part.name, repeats=part.optional) for part in parts)
    return Order("sequence", parts=mentioned) if len(mentioned) > 1 else None


@st.composite
def workflows(draw: st.DrawFn) -> Workflow:
    parts = draw(st.lists(steps, max_size=4, unique_by=lambda step: step.name))
    order = _sequence(parts) if draw(st.booleans()) else None
    named: list[Rule] = []
    for rule in draw(st.lists(rules, max_size=3)):
        mode, why = draw(st.sampled_from([None, "observe", "enforce"])), draw(st.just("") | texts)
        by = draw(st.sampled_from(["", "shop:reviewing", "reviewing"]))
        named.append(replace(rule, text=rule_as_text(rule), mode=mode, why=why, by=by))
    mode = draw(st.sampled_from(["observe", "advise", "enforce"]))
    text = order_as_text(order) if order else ""
    return Workflow(draw(step_names), tuple(parts), order, text, tuple(named), draw(limits), mode)


@given(workflows(), st.booleans())
def test_writing_and_reading_a_workflow_gives_the_same(workflow: Workflow, notes: bool) -> None:
    written = write_workflow(workflow, notes=notes)
    known, mistakes = read_workflow(written, WORDS)
    sound = {
        "says-nothing",
        "rules-contradict",
        "rule-never-holds",
        "rule-always-holds",
        "edge-without-effect",
        "duplicate-rule",
        "unreachable-limit",
    }
    assert {each.slug for each in mistakes} <= sound
    assume(known is not None)
    assert known is not None
    assert without_places(known) == workflow
    assert list(Draft202012Validator(workflow_schema()).iter_errors(yaml.safe_load(written))) == []


def test_writing_twice_changes_nothing() -> None:
    written = write_workflow(well(TDD))
    assert write_workflow(well(written)) == written
    assert without_places(well(written)) == without_places(well(TDD))


def test_programs_get_numbers_and_the_origin_of_every_part() -> None:
    value = workflow_json(replace(DERIVED, limits=Limits(time_ms=1, cost=1_500_000_000)))
    assert value["schema"] == "outrider.workflow/1"
    assert value["limits"] == {"time_ms": 1, "cost_usd": 1.5}
    assert value["order"] == "red > think > tell"
    assert value["steps"][0] == {
        "step": "red",
        "title": "Watch: it fails",
        "evidence": ["test.fail"],
        "optional": False,
        "marks": [],
        "limits": {},
        "source": "heading",
        "confidence": 0.9,
        "line": 12,
    }
    assert value["rules"] == [
        {
            "rule": "never git.push",
            "form": "never",
            "per": "",
            "mode": "advise",
            "why": "no",
            "by": "",
            "source": "dot",
            "confidence": 0.5,
            "line": 7,
        }
    ]
