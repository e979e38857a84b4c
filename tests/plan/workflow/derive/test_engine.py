"""Workflows of wrangler's engine."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outrider.kernel.limits import WORKFLOW_ITEMS
from outrider.plan.workflow.derive.engine import derive_engine
from outrider.plan.workflow.model import Limits, Workflow
from outrider.plan.workflow.write import write_workflow
from tests.plan.workflow.derive.made import evidence
from tests.plan.workflow.made import told

BAKERY = """\
name: bakery
version: 2
safety: { maxTotalCalls: 90, maxWorkflowTimeoutMs: 60000, maxStepTimeoutMs: 5 }
phases:
  - name: plan
    agent: planner
  - name: record
    type: code
    handler: write-list
  - name: each loaf
    type: per-task
    steps:
      - { name: knead, agent: baker }
      - name: taste review
        type: parallel
        steps: [{ name: salt, agent: taster }, { name: crust, agent: taster }]
      - name: mend
        type: loop
        condition: review.bad
        steps:
          - { name: mend it, agent: mender }
          - { name: taste review, type: parallel, steps: [{ name: salt }] }
      - { name: note, type: code, condition: loud }
  - { name: sell, agent: seller }
"""


def test_phases_are_steps_and_types_say_how_they_repeat() -> None:
    workflow = derive_engine(BAKERY)
    assert workflow.skill == "bakery"
    assert workflow.order_text == (
        "plan > record > (knead > taste-review > (mend > taste-review-2)+? > note?)+ > sell"
    )


def test_agents_and_parallel_reviews_are_evidence_and_names_are_marks() -> None:
    workflow = derive_engine(BAKERY)
    assert evidence(workflow) == [
        ["agent:planner"], [], ["agent:baker"], ["review"], ["agent:mender"], ["review"], [], ["agent:seller"],
    ]  # fmt: skip
    assert [step.marks for step in workflow.steps][:2] == [("plan",), ("record",)]
    assert {step.confidence for step in workflow.steps if step.evidence} == {0.95}
    assert {step.confidence for step in workflow.steps if not step.evidence} == {0.6}


def test_a_condition_makes_a_step_optional() -> None:
    assert [step.name for step in derive_engine(BAKERY).steps if step.optional] == ["note"]


def test_safety_gives_the_limits_of_the_run() -> None:
    assert derive_engine(BAKERY).limits == Limits(time_ms=60_000, calls=90)


@pytest.mark.parametrize("number", ["0", "-1", "many", "\u00b2", "9" * 5_000, "1.5", "[1]"])
def test_a_limit_that_is_no_number_is_none(number: str) -> None:
    text = f"phases: [{{name: a}}]\nsafety: {{maxTotalCalls: {number}, maxWorkflowTimeoutMs: {number}}}\n"
    assert derive_engine(text).limits == Limits()


@pytest.mark.parametrize(
    "text", ["", "a: b", "phases: x", "[]", "phases: [a, [b], {}]", "phases: []", "a: [", "\0"]
)
def test_what_is_no_engine_file_has_at_most_nameless_phases(text: str) -> None:
    workflow = derive_engine(text)
    assert {step.title for step in workflow.steps} <= {"phase"}
    assert workflow.skill == ""


def test_it_reads_back_as_a_file_without_mistakes() -> None:
    assert told(write_workflow(derive_engine(BAKERY))) == []


@pytest.mark.parametrize(
    "text",
    [
        "name: a\nphases:\n" + "- {name: b, agent: c}\n" * 3_000,
        "name: a\nphases: " + "[{type: loop, steps: " * 6 + "[{name: b}]" + "}]" * 6,
        "name: a\nphases: " + "[" * 50_000,
        "name: a\nphases: [&x {name: b}, *x]",
        "name: a\nphases: [{name: " + "b" * 500_000 + "}]",
        "name: a\nphases: [{name: b, agent: 'x | y of \"'}]",
    ],
    ids=["many", "deep", "brackets", "alias", "long", "agent"],
)
def test_bad_input_is_bounded(text: str) -> None:
    workflow = derive_engine(text)
    assert len(workflow.steps) <= WORKFLOW_ITEMS
    assert all(len(step.title) <= 200 for step in workflow.steps)


def test_of_more_phases_than_a_workflow_has_no_order_is_claimed() -> None:
    assert derive_engine("phases:\n" + "- name: b\n" * 300).order is None


_VALUES = st.recursive(
    st.sampled_from(
        ["a", "loop", "per-task", "parallel", "review", "~", "''", '"\\e \\ud800"', "'x y'", "1"]
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: f"[{', '.join(parts)}]"),
        st.dictionaries(
            st.sampled_from(["name", "type", "steps", "agent", "condition"]), inner, max_size=4
        ).map(lambda pairs: "{" + ", ".join(f"{key}: {value}" for key, value in pairs.items()) + "}"),
    ),
    max_leaves=12,
)


@given(_VALUES, _VALUES)
def test_whatever_stands_there_reads_back_or_is_no_workflow(phases: str, safety: str) -> None:
    workflow = derive_engine(f"name: bakery\nphases: [{phases}, {phases}]\nsafety: {safety}\n")
    if workflow.steps:
        assert told(write_workflow(workflow)) == []


@given(st.text(max_size=80) | st.binary().map(lambda raw: raw.decode("utf-8", "replace")))
def test_no_text_is_an_exception(text: str) -> None:
    assert isinstance(derive_engine(text), Workflow)
    assert isinstance(derive_engine(f"phases:\n- name: {text}\n  agent: {text}"), Workflow)
