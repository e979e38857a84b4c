"""Steps that stand as headings."""

from __future__ import annotations

import pytest

from tests.plan.workflow.derive.made import derived, source, titles


@pytest.mark.parametrize(
    "text",
    [
        "# Tea\n## Phase 1: Boil\n## Phase 2: Steep\n",
        "# Tea\n## Step 1 - Boil\nx\n## Step 2 - Steep\n",
        "# Tea\n## Brewing\n### Stage 1. Boil\n### Stage 2. Steep\n",
        "# Tea\n## The Process\n### 1. Boil\n### 2. Steep\n",
        "# Tea\n### 1) Boil\n### 2) Steep\n",
        "# Tea\n## How to brew\n**1. Boil:** water\n\n**2. Steep**\n",
        "# Tea\n## How to brew\n**Step 1: Boil**\n\nwater\n\n**Step 2: Steep**\n",
        "## PHASE 1: `Boil`\n## PHASE 2: **Steep**\n",
    ],
    ids=["phases", "steps", "stages", "numbers", "numbers of a skill", "bold", "bold steps", "markup"],
)
def test_numbered_headings_are_steps(text: str) -> None:
    assert titles(text) == ["Boil", "Steep"]
    assert source(text) == "heading"


@pytest.mark.parametrize(
    "text",
    [
        "# Tea\n## Phase 1: Boil\n",
        "# Tea\n## Boil\n## Steep\n",
        "# Tea\n## Common Mistakes\n### 1. Cold water\n### 2. Old leaves\n",
        "# Tea\n## Examples\n### Step 1: Boil\n### Step 2: Steep\n",
        "# Tea\n## Teas\n### 1. Green\n### 2. Black\n",
        "# Tea\n## Teas\n**1. Green**\n\n**2. Black**\n",
        "# Tea\n```\n## Step 1: Boil\n## Step 2: Steep\n```\n",
        "# Tea\n## Output format\n### 1. Title\n### 2. Leaves\n",
    ],
    ids=["one", "bare", "mistakes", "examples", "kinds", "bold kinds", "code", "format"],
)
def test_other_headings_are_none(text: str) -> None:
    assert titles(text) == []


def test_the_letters_of_a_cycle_are_steps() -> None:
    text = "# Cups\n## Cycle\n### RED: Write a failing test\n### Verify RED\n### GREEN\n### REFACTOR\n"
    assert titles(text) == ["RED: Write a failing test", "Verify RED", "GREEN", "REFACTOR"]


def test_the_highest_headings_that_number_steps_win_over_those_inside() -> None:
    text = (
        "# Tea\n## Phase 1: Boil\n### Step 1: Fill\n### Step 2: Heat\n### Step 3: Wait\n## Phase 2: Steep\n"
    )
    assert titles(text) == ["Boil", "Steep"]


def test_words_win_over_bare_numbers() -> None:
    text = "# Tea\n## Process\n### 1. Boil\n### 2. Steep\n## Method\n### Step 1: Fill\n### Step 2: Pour\n"
    assert titles(text) == ["Fill", "Pour"]


def test_steps_come_one_after_the_other_and_may_be_left_out_where_they_say_so() -> None:
    workflow = derived(
        "# Tea\n## Step 1: Boil\n## Step 2: Add milk (optional)\n## Step 3: If guests come, bake\n"
        "## Step 4: Stir\nOptional: only with sugar.\n## Step 5: Serve\n"
    )
    assert [step.optional for step in workflow.steps] == [False, True, True, True, False]
    assert workflow.order_text == "boil > add-milk-optional? > if-guests-come-bake? > stir? > serve"


def test_a_step_knows_its_line_and_how_sure_it_is() -> None:
    steps = derived("# Tea\n\n## Phase 1: Boil\nRun `pytest`.\n\n## Phase 2: Wait\n").steps
    assert [(step.line, step.confidence) for step in steps] == [(3, 0.85), (6, 0.51)]


def test_equal_titles_get_names_of_their_own() -> None:
    steps = derived("# Tea\n## Step 1: Stir\n## Step 2: Stir\n## Step 3: Stir 2\n## Step 4: Stir\n").steps
    assert [step.name for step in steps] == ["stir", "stir-2", "stir-2-2", "stir-3"]
