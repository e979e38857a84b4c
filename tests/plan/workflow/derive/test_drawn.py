"""Steps that are drawn."""

from __future__ import annotations

import pytest

from outrider.kernel.limits import DERIVED_STEPS
from tests.plan.workflow.derive.made import derived, drawn, evidence, source, titles


def order(body: str) -> str:
    return derived(drawn(body)).order_text


def test_boxes_are_steps_and_questions_are_looked_through() -> None:
    text = drawn(
        'boil [label="Boil\\nwater"]; ask [shape=diamond label="hot"]; boil -> ask -> steep; ask -> boil'
    )
    assert titles(text) == ["Boil water", "steep"]
    assert derived(text).order_text == "boil-water+ > steep"
    assert source(text) == "dot"


@pytest.mark.parametrize(
    "node",
    [
        'x [label="Is it hot?"]',
        'x [shape=diamond label="hot enough"]',
        "x [shape=note]",
        'x [shape=plaintext label="a remark"]',
        'x [label="Next"]',
        'x [label="Done" shape=doublecircle]',
    ],
)
def test_questions_remarks_and_signposts_are_no_steps(node: str) -> None:
    assert titles(drawn(f"a -> b; {node}; b -> x")) == ["a", "b"]


def test_a_diamond_that_is_something_to_do_is_a_step() -> None:
    assert titles(drawn('a -> c -> b; c [shape=diamond label="Verify it boils"]')) == [
        "a",
        "Verify it boils",
        "b",
    ]


def test_a_last_step_in_a_double_circle_is_a_step() -> None:
    assert titles(drawn('a -> b; b [shape=doublecircle label="Serve the tea"]')) == ["a", "Serve the tea"]


def test_nodes_without_edges_are_no_steps() -> None:
    assert titles(drawn('a -> b; legend [label="Legend"]')) == ["a", "b"]


@pytest.mark.parametrize("name", ["when_to_use", "which_tea", "choose_skill", "should_i", "DecisionTree"])
def test_a_drawing_that_chooses_is_no_process(name: str) -> None:
    assert titles(drawn("a -> b -> c", name)) == []


@pytest.mark.parametrize("heading", ["When to use", "Examples", "Common mistakes"])
def test_a_drawing_beside_the_process_is_none(heading: str) -> None:
    assert titles(drawn("a -> b -> c").replace("The Process", heading)) == []


def test_the_drawing_with_most_steps_is_the_process() -> None:
    assert titles(drawn("a -> b") + drawn("c -> d -> e")) == ["c", "d", "e"]


def test_a_way_that_ends_at_a_decision_may_end_there() -> None:
    assert order("a -> q; q [shape=diamond]; q -> b; q -> stop; stop [label=Stop]") == "a > b?"
    assert order("a -> q; q [shape=diamond]; q -> b; b -> c") == "a > b > c"


def test_a_way_that_begins_at_a_signpost_begins_with_what_it_leads_to() -> None:
    assert order("b -> a; a -> b; start -> a; start [label=Start]; a -> c") == "(a > b?)+ > c"


def test_a_round_with_checks_repeats_and_its_last_part_may_be_left_out() -> None:
    body = """
        fill [label="Fill the pot"]; look [shape=diamond label="Check it is full"];
        heat; listen [shape=diamond label="Confirm it sings"]; wipe; again [label=Next];
        fill -> look; look -> heat [label=yes]; look -> fill [label=no]; heat -> listen;
        listen -> wipe; listen -> heat [label=no]; wipe -> listen; listen -> again; again -> fill;
    """
    assert order(body) == "((fill-pot > check-full)+ > heat > confirm-sings > wipe?)+"


def test_of_a_drawing_that_was_not_read_whole_no_order_is_claimed() -> None:
    workflow = derived(drawn("{a b} -> c; c -> d"))
    assert ([step.title for step in workflow.steps], workflow.order) == (["c", "d"], None)


def test_of_more_steps_than_a_workflow_has_no_order_is_claimed() -> None:
    workflow = derived(drawn(" -> ".join(f"pour{number}" for number in range(DERIVED_STEPS + 1))))
    assert (len(workflow.steps), workflow.order) == (DERIVED_STEPS, None)


def test_a_node_takes_its_evidence_from_the_section_it_names() -> None:
    text = (
        drawn('a [label="Steep leaves"]; a -> b')
        + "\n## Steep the leaves\nRun `pytest`.\n\n## Other\n`git commit`\n"
    )
    assert evidence(derived(text)) == [["test.run"], []]


def test_the_lines_are_those_of_the_nodes() -> None:
    assert [step.line for step in derived(drawn("\na;\nb;\na -> b")).steps] == [8, 9]
