"""Steps that a skill's author marked with comments."""

from __future__ import annotations

import pytest

from outrider.plan.skill.text import read_skill
from outrider.plan.workflow.derive.annotations import annotated
from tests.plan.workflow.derive.made import derived, evidence, titles

TEA = """\
# Tea
<!-- workflow:order: (boil > steep)+ > serve? -->
<!-- workflow:rule: never git.push to main -->
## Water
<!-- workflow:step:boil Boil the water -->
Run the tests.
<!-- workflow:end -->
Commit your changes.
<!-- workflow:step:steep -->
<!-- workflow:evidence: edit.src of leaves/**, test.pass -->
Wait.
<!-- workflow:step:serve -->
<!-- workflow:optional -->
"""


def test_comments_give_steps_with_titles_places_and_full_confidence() -> None:
    steps = derived(TEA).steps
    found = [(step.name, step.title, step.line, step.optional, step.source) for step in steps]
    assert found == [
        ("boil", "Boil the water", 5, False, "annotation"),
        ("steep", "steep", 9, False, "annotation"),
        ("serve", "serve", 12, True, "annotation"),
    ]
    assert steps[1].confidence == 1.0


def test_evidence_is_what_the_comment_says_else_what_the_text_up_to_the_end_says() -> None:
    assert evidence(derived(TEA)) == [["test.run"], ["edit.src of leaves/**", "test.pass"], []]


def test_order_and_rules_are_the_authors() -> None:
    workflow = derived(TEA)
    assert workflow.order_text == "(boil > steep)+ > serve?"
    assert [(rule.text, rule.line, rule.confidence) for rule in workflow.rules] == [
        ("never git.push to main", 3, 1.0)
    ]


def test_without_an_order_steps_come_as_they_stand() -> None:
    text = "<!-- workflow:step:boil -->\n<!-- workflow:step:steep -->\n<!-- workflow:optional -->\n"
    assert derived(text).order_text == "boil > steep?"


@pytest.mark.parametrize("order", ["boil >", "boil > sip", "(" * 9_000])
def test_an_order_that_cannot_be_read_claims_nothing(order: str) -> None:
    text = f"<!-- workflow:step:boil -->\n<!-- workflow:step:steep -->\n<!-- workflow:order: {order} -->\n"
    assert (len(derived(text).steps), derived(text).order) == (2, None)


def test_names_are_kept_as_the_author_wrote_them() -> None:
    text = "<!-- workflow:step:Boil_1.a -->\n<!-- workflow:step:steep! it -->\n<!-- workflow:step: -->\n"
    assert [step.name for step in derived(text).steps] == ["Boil_1.a", "steep", "step"]


def test_annotations_win_over_everything_else() -> None:
    text = "## Step 1: x\n## Step 2: y\n<!-- workflow:step:boil -->\n<!-- workflow:step:steep -->\n"
    assert titles(text) == ["boil", "steep"]


@pytest.mark.parametrize(
    "text",
    [
        "<!-- a workflow:step:boil -->",
        "<!-- workflow:steps:boil -->",
        "```\n<!-- workflow:step:boil -->\n```",
        "",
    ],
)
def test_other_comments_and_examples_say_nothing(text: str) -> None:
    assert annotated(read_skill(text)).found is None


def test_a_rule_alone_is_kept_beside_steps_from_elsewhere() -> None:
    workflow = derived("<!-- workflow:rule: never edit.docs -->\n## Step 1: Boil\n## Step 2: Steep\n")
    assert [step.source for step in workflow.steps] == ["heading", "heading"]
    assert [rule.source for rule in workflow.rules] == ["annotation"]


def test_a_rule_that_cannot_be_read_is_left_out() -> None:
    assert derived("<!-- workflow:rule: be kind -->\n<!-- workflow:rule: never review -->").rules[0].text == (
        "never review"
    )
