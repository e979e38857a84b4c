"""Whole made-up skills in the shapes that published ones have, and what is derived from them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outrider.kernel.limits import DERIVED_STEPS
from outrider.plan.skill.text import read_skill
from outrider.plan.workflow.derive.derive import derive
from outrider.plan.workflow.model import Step
from outrider.plan.workflow.write import workflow_json, write_workflow
from tests.plan.workflow.derive.made import derived, evidence, source, titles
from tests.plan.workflow.made import well

CYCLE = """\
---
name: growing-features
---
# Growing features

## When to use

```dot
digraph when_to_use {
    "Is it new?" [shape=diamond];
    "growing-features" [shape=box];
    "pruning-features" [shape=box];
    "Is it new?" -> "growing-features" [label="yes"];
    "Is it new?" -> "pruning-features" [label="no"];
}
```

## The Process

```dot
digraph growing {
    rankdir=LR;
    subgraph cluster_each {
        label="Each feature";
        "Write a failing test" [shape=box];
        "Fails for the\\nright reason?" [shape=diamond];
        "Write minimal code" [shape=box];
        "Run the tests" [shape=box];
    }
    "More to grow?" [shape=diamond];
    "Use garden:finishing-beds" [shape=doublecircle];

    "Write a failing test" -> "Fails for the\\nright reason?";
    "Fails for the\\nright reason?" -> "Write a failing test" [label="no"];
    "Fails for the\\nright reason?" -> "Write minimal code" [label="yes"];
    "Write minimal code" -> "Run the tests";
    "Run the tests" -> "More to grow?";
    "More to grow?" -> "Write a failing test" [label="yes"];
    "More to grow?" -> "Use garden:finishing-beds" [label="no"];
}
```

## Example

1. Somebody asks for a pond
2. You dig
"""

PHASES = """\
# Hunting leaks

## The Iron Law

    NO PATCHES WITHOUT A SOURCE

## The Three Phases

### Phase 1: Look
1. **Read the gauge**
   - all of it
2. **Look at recent changes**
   - `git diff`

### Phase 2: Test (optional)
Change one thing and run `pytest`.

### Phase 3: Mend
1. Write a failing test
2. Fix it, then `git commit`

## Red Flags

### Phase 4: Panic

## Quick Reference

| Phase | Does |
|---|---|
| **1. Look** | reads |

## Checklist
- [ ] looked
- [ ] mended
"""

NUMBERED = """\
# Packing a parcel

## How to pack

1. **Read the list** — every line of it
2. Create todos for what it names
   1. one for each thing
   2. one for the box

A word between.

3. If the box is full: ask your human partner
4. Dispatch a subagent to weigh it

## Output format

1. Weight
2. Price
3. Number of stamps
4. Date
5. Name
"""

BOXED = """\
# Closing the shop

The gate:

## The Gate

```
BEFORE you lock:

1. COUNT: what is in the till?
2. RUN: execute the full command
3. ONLY THEN: make the claim
```
"""

CHECKLIST = """\
# Opening the shop

## Checklist

- [ ] Sweep the floor
- [x] Run the linter
- [ ] Open a pull request
"""

ANNOTATED = """\
# Tea

<!-- workflow:step:boil Boil the water -->
Run `make build`.

<!-- workflow:step:steep -->
<!-- workflow:optional -->
<!-- workflow:evidence: edit.src, test.pass -->

<!-- workflow:end -->
Never mind `git push`.

<!-- workflow:order: (boil > steep?)+ -->
<!-- workflow:rule: at most 3 review per task -->

```
<!-- workflow:step:sugar -->
```

### Phase 1: no step
### Phase 2: none either
"""

REFERENCE = """\
# Colours

Use when something needs a colour.

## Core responsibilities
- know colours

## When to use
1. Walls
2. Doors

## Common mistakes
1. Grey walls
2. Grey doors

## Examples

### Step 1: An example
### Step 2: Another

## FAQ
### 1. Why grey?
### 2. Why not?
"""

SKILLS = (CYCLE, PHASES, NUMBERED, BOXED, CHECKLIST, ANNOTATED, REFERENCE)


def test_a_drawn_process_gives_its_boxes_and_its_round() -> None:
    workflow = derived(CYCLE)
    assert source(CYCLE) == "dot"
    assert titles(CYCLE) == [
        "Write a failing test",
        "Write minimal code",
        "Run the tests",
        "Use garden:finishing-beds",
    ]
    assert workflow.order_text == (
        "(write-failing-test+ > write-minimal-code > run-tests)+ > use-garden-finishing-beds"
    )
    assert evidence(workflow)[0] == ["edit.test", "test.fail"]
    assert evidence(workflow)[2:] == [["test.run"], ["skill:finishing-beds"]]
    assert [step.line for step in workflow.steps] == [25, 27, 28, 31]


def test_headings_give_phases_and_their_lists_are_detail() -> None:
    workflow = derived(PHASES)
    assert source(PHASES) == "heading"
    assert titles(PHASES) == ["Look", "Test (optional)", "Mend"]
    assert workflow.order_text == "look > test-optional? > mend"
    assert evidence(workflow)[2][:2] == ["edit.test", "test.fail"]
    assert [step.line for step in workflow.steps] == [9, 15, 18]


def test_a_numbered_list_goes_on_after_a_remark_and_leaves_out_what_is_nested() -> None:
    workflow = derived(NUMBERED)
    assert source(NUMBERED) == "numbered"
    assert [step.line for step in workflow.steps] == [5, 6, 12, 13]
    assert [step.optional for step in workflow.steps] == [False, False, True, False]
    assert evidence(workflow) == [
        ["read | search"],
        ["task.start | task.done"],
        ["ask.user | prompt"],
        ["agent:*"],
    ]


def test_a_procedure_in_a_block_of_plain_text_is_one() -> None:
    assert titles(BOXED) == ["COUNT", "RUN", "ONLY THEN"]
    assert evidence(derived(BOXED))[1:] == [["test.run | build.run | lint.run"], ["claim.done"]]


def test_a_checklist_claims_no_order() -> None:
    workflow = derived(CHECKLIST)
    assert source(CHECKLIST) == "checklist"
    assert (workflow.order, workflow.order_text) == (None, "")
    assert evidence(workflow) == [[], ["lint.run"], ["pr.create"]]


def test_annotations_win_over_everything_else() -> None:
    workflow = derived(ANNOTATED)
    assert source(ANNOTATED) == "annotation"
    assert [(step.name, step.title, step.optional) for step in workflow.steps] == [
        ("boil", "Boil the water", False),
        ("steep", "steep", True),
    ]
    assert evidence(workflow) == [["build.pass"], ["edit.src", "test.pass"]]
    assert workflow.order_text == "(boil > steep?)+"
    assert [(rule.text, rule.line, rule.source) for rule in workflow.rules] == [
        ("at most 3 review per task", 14, "annotation")
    ]


def test_reference_text_prescribes_nothing() -> None:
    assert derived(REFERENCE) == replace(derived(""), skill="made-up")


def test_trust_falls_from_source_to_source() -> None:
    def best(text: str) -> float:
        return max(step.confidence for step in derived(text).steps)

    assert best(ANNOTATED) > best(CYCLE) > best(PHASES) > best(NUMBERED) > best(BOXED) > best(CHECKLIST)


def test_a_step_that_nothing_shows_is_trusted_less_and_is_known_by_its_title() -> None:
    def sweep() -> Step:
        return derived(CHECKLIST).steps[0]

    assert sweep().evidence == ()
    assert sweep().marks == ("Sweep the floor",)
    assert sweep().confidence < derived(CHECKLIST).steps[1].confidence


@pytest.mark.parametrize("text", SKILLS)
def test_the_printed_file_is_well_written_and_says_the_same(text: str) -> None:
    workflow = derived(text)
    if not workflow.steps and not workflow.rules:
        return
    again = well(write_workflow(workflow))
    assert [(step.name, step.title, step.evidence, step.optional, step.marks) for step in again.steps] == [
        (step.name, step.title, step.evidence, step.optional, step.marks) for step in workflow.steps
    ]
    assert (again.order, [rule.text for rule in again.rules]) == (
        workflow.order,
        [rule.text for rule in workflow.rules],
    )


@pytest.mark.parametrize(
    "text",
    [
        "## Step 1: same\n" * 900_000,
        "## Process\n" + "1. do\n" * 40_000,
        "## Process\n" + "1. do\n2. done\n\ntext\n\n" * 20_000,
        "## Checklist\n" + "- [ ] do\n" * 40_000,
        "<!-- workflow:step:a x -->\n<!-- workflow:end -->\n" * 5_000,
        "<!-- workflow:step:a -->\n<!-- workflow:evidence: " + ",".join(f"a{i}" for i in range(20_000)) + " -->",
        "<!-- workflow:step:a -->\n<!-- workflow:order: " + "(" * 60_000 + "a -->",
        "```dot\ndigraph p {" + "".join(f"n{i} -> n{i + 1};" for i in range(9_000)) + "}\n```",
        "```dot\ndigraph p {" + "".join(f"n{i * 7 % 199} -> n{i * 31 % 198};" for i in range(6_000)) + "}\n```",
        '```dot\ndigraph p {"' + "\\" * 100_000,
        "```dot\ndigraph p {" + "/*" * 60_000,
        "```dot\n" + "digraph " * 20_000,
        "## Process\n" + "```dot\ndigraph p { a -> b -> c }\n```\n" * 4_000,
        "## Step 1: a\n" + "write run verify confirm a-b a_b mcp__a " * 4_000 + "\n## Step 2: b\nx",
        "\ud800## Step 1: a\n## Step 2: \udfff b\n",
    ],
    ids=[
        "10 MB of steps", "long list", "many lists", "checklist", "annotations", "evidence", "order", "chain",
        "dense drawing", "open quote", "open comment", "no drawing", "drawings", "words", "surrogates",
    ],
)  # fmt: skip
def test_bad_skills_are_bounded_and_raise_nothing(text: str) -> None:
    workflow = derive(read_skill(text))
    assert len(workflow.steps) <= DERIVED_STEPS
    assert max((len(step.evidence) for step in workflow.steps), default=0) <= 20
    assert len(write_workflow(workflow)) < 100_000
    assert workflow_json(workflow)["derived"] is True


_PIECES = st.sampled_from(
    [
        *(line for skill in SKILLS for line in skill.split("\n")),
        "### 1. Look", "### 2. Run `npm test`", "**1. Do it**", "```", "~~~", "- [ ] x", "a -> b;", "}",
        "digraph x {", "```dot", "<!-- workflow:step:x -->", "<!--", "-->", "## Steps", "---", "1. a", "2. b",
    ]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=40))
@settings(max_examples=200, deadline=None)
def test_whatever_is_derived_stands_in_the_text_under_a_name_of_its_own(lines: list[str]) -> None:
    workflow = derived("\n".join(lines))
    names = [step.name for step in workflow.steps]
    assert len(names) == len(set(names))
    places = [step.line for step in workflow.steps] + [rule.line for rule in workflow.rules]
    assert all(1 <= line <= max(len(lines), 1) for line in places)
    assert len({step.source for step in workflow.steps}) <= 1
    if workflow.steps:
        assert well(write_workflow(workflow)).order == workflow.order
