"""One source of steps, and the file that is made of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outrider.kernel.limits import DERIVED_STEPS
from outrider.plan.skill.text import read_skill
from outrider.plan.workflow.derive.derive import derive
from outrider.plan.workflow.model import Workflow
from outrider.plan.workflow.write import write_workflow
from tests.plan.workflow.derive.made import derived, drawn, source
from tests.plan.workflow.made import read

NOTES = "<!-- workflow:step:boil -->\n<!-- workflow:step:steep -->\n"
DRAWING = drawn("a -> b")
HEADINGS = "\n## Step 1: Boil\n## Step 2: Steep\n"
NUMBERS = "\n## Process\n1. Boil\n2. Steep\n"
BOXES = "\n## Checklist\n- [ ] Boil\n- [ ] Steep\n"


def test_the_most_trusted_source_with_two_steps_is_the_only_one() -> None:
    sources = [NOTES, DRAWING, HEADINGS, NUMBERS, BOXES]
    names = ["annotation", "dot", "heading", "numbered", "checklist"]
    for least in range(len(sources)):
        assert source("\n".join(reversed(sources[least:]))) == names[least]


def test_one_step_is_no_workflow() -> None:
    assert source("## Step 1: Boil\n" + NUMBERS) == "numbered"


def test_a_text_without_steps_and_rules_gives_an_empty_workflow() -> None:
    assert derived("# Tea\n\nTea is good.\n") == Workflow("made-up", derived=True)


def test_the_name_is_that_of_the_front_matter_else_of_the_folder() -> None:
    assert derived("---\nname: tea\n---\n" + NUMBERS).skill == "tea"
    assert derived(NUMBERS).skill == "made-up"


def test_of_very_many_steps_the_first_are_kept_and_no_order_is_claimed() -> None:
    workflow = derived("".join(f"## Step {number % 90 + 1}: Pour\n" for number in range(1_000)))
    assert (len(workflow.steps), workflow.order) == (DERIVED_STEPS, None)


@pytest.mark.parametrize(
    "title", ["x" * 50_000, "\ud800\0\u202e", "*" * 500, "1.", "e\u0301: # ' \" {", "true", "-"]
)
def test_any_title_makes_a_step_that_can_be_written(title: str) -> None:
    assert mistakes(derived(f"# T\n## Step 1: {title}\n## Step 2: {title}\n")) == set()


_LINES = st.sampled_from(
    [
        *(line for text in (DRAWING, HEADINGS, NUMBERS, BOXES) for line in text.split("\n")),
        *("---", "name: tea", "> ", "- ", "1. ", "   1. x", "**1. Boil**", "```", "```dot", "<!--", "-->"),
        *(
            "No code without a failing test.",
            "Never push to main",
            "`git commit`",
            "### RED",
            "### GREEN",
            "\t",
            "\0",
        ),
        *(
            "## Phase 1: \ud800",
            "### 1. Dispatch a subagent",
            "a -> c -> a;",
            "node [shape=diamond]",
            "{",
            "}",
            "]",
        ),
    ]
)


@given(
    st.lists(_LINES, max_size=30).map("\n".join)
    | st.text(max_size=200)
    | st.binary().map(lambda raw: raw.decode("utf-8", "replace"))
)
def test_any_text_gives_a_workflow_that_can_be_written_and_read(text: str) -> None:
    workflow = derive(read_skill(text, path="skills/made-up/SKILL.md"))
    assert len(workflow.steps) <= DERIVED_STEPS
    if workflow.steps or workflow.rules:
        assert mistakes(workflow) <= {"bad-name"}, "a name comes from the front matter as it is"


@given(st.lists(_LINES, max_size=30).map("\n".join))
def test_what_is_read_back_is_what_was_derived(text: str) -> None:
    workflow = derived(text)
    again, _ = read(write_workflow(workflow))
    if again is not None and workflow.steps:
        assert again.order == workflow.order
        assert [step.evidence for step in again.steps] == [step.evidence for step in workflow.steps]


def mistakes(workflow: Workflow) -> set[str]:
    """Return the mistakes of the file that a workflow is written as, but for steps that nothing shows."""
    return {each.slug for each in read(write_workflow(workflow))[1]} - {"step-without-evidence"}
