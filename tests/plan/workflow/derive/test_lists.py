"""Steps that stand in lists."""

from __future__ import annotations

import pytest

from tests.plan.workflow.derive.made import derived, source, titles


@pytest.mark.parametrize(
    "text",
    [
        "# Tea\n## The Process\n1. Boil: until it sings\n2. Steep. Three minutes.\n",
        "# Tea\n## The Process\n1. **Boil** the water\n2. **Steep**\n",
        "# Tea\n1. Boil\n2. Steep\n",
        "# Tea\n## Process\n1. Boil\n   - salt\n   - lid\n2. Steep\n",
        "# Tea\n## Process\n1. Boil\n\n```bash\nboil\n```\n\n2. Steep\n",
        "# Tea\n## The Pattern\n```\nWHEN thirsty:\n\n1. Boil: water\n2. Steep: leaves\n```\n",
        "# Tea\n## The Pattern\n```text\n1. Boil\n2. Steep\n```\n",
        "1. Boil\n2. Steep\n",
    ],
    ids=["clauses", "bold", "of the skill", "bullets inside", "code between", "fenced", "text", "no heading"],
)
def test_numbered_lists_that_tell_how_to_proceed_are_steps(text: str) -> None:
    assert titles(text) == ["Boil", "Steep"]
    assert source(text) == "numbered"


@pytest.mark.parametrize(
    "text",
    [
        "# Tea\n## Red Flags\n1. Boil over\n2. Steep long\n",
        "# Tea\n## Process\n### Example\n1. Boil\n2. Steep\n",
        "# Tea\n## Teas\n1. Green\n2. Black\n",
        "# Tea\n## Process\n- Boil\n- Steep\n",
        "# Tea\n## Process\n1. Boil\n",
        "# Tea\n## Process\n```python\n1. Boil\n2. Steep\n```\n",
        "# Tea\n## Template\n```\n1. Boil\n2. Steep\n```\n",
        "# Tea\n## Process\n- x\n  1. Boil\n  2. Steep\n",
    ],
    ids=["faults", "example", "kinds", "bullets", "one", "a program", "template", "inner"],
)
def test_other_lists_are_none(text: str) -> None:
    assert titles(text) == []


def test_the_longest_list_is_the_process() -> None:
    assert titles("## Steps\n1. a1\n2. a2\n\nx\n\n## Method\n1. b1\n2. b2\n3. b3\n") == ["b1", "b2", "b3"]


def test_a_list_that_numbers_on_after_other_text_is_one_list() -> None:
    assert len(titles("## Steps\n1. Boil\n\nText between.\n\n2. Steep\n\n> More\n\n3. Serve\n")) == 3


def test_of_a_checklist_no_order_is_claimed() -> None:
    workflow = derived("# Tea\n## Checklist\n- [ ] Boil\n- [x] Steep\n")
    assert [step.title for step in workflow.steps] == ["Boil", "Steep"]
    assert [step.source for step in workflow.steps] == ["checklist", "checklist"]
    assert (workflow.order, workflow.order_text) == (None, "")


def test_a_checklist_under_another_heading_is_no_process() -> None:
    assert titles("# Tea\n## Success criteria\n- [ ] Hot\n- [ ] Sweet\n") == []


def test_a_long_item_is_named_by_its_first_clause() -> None:
    assert titles(
        "## Steps\n1. Boil the water (with lid) and wait\n2. Steep \N{EM DASH} three minutes\n"
    ) == [
        "Boil the water",
        "Steep",
    ]
