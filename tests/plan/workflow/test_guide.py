"""What the guide for authors of workflows says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest
import yaml
from jsonschema import Draft202012Validator

from outrider.plan.workflow.limit_text import LIMIT_KEYS
from outrider.plan.workflow.mistakes import MistakeSlug
from outrider.plan.workflow.patterns import RESERVED, read_pattern
from outrider.plan.workflow.schema import workflow_schema
from outrider.plan.workflow.step_reading import STEP_KEYS
from tests.plan.workflow.made import WORDS, read

DOCS = Path(__file__).parent.parent.parent.parent / "docs"
GUIDE = (DOCS / "workflows.md").read_text("utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)


def test_the_guide_has_examples() -> None:
    assert len(EXAMPLES) >= 5


@pytest.mark.parametrize("text", EXAMPLES, ids=lambda text: text.splitlines()[0].removeprefix("skill: "))
def test_every_example_reads_well_and_fits_the_schema(text: str) -> None:
    assert read(text)[1] == ()
    assert list(Draft202012Validator(workflow_schema()).iter_errors(yaml.safe_load(text))) == []


def test_every_pattern_of_the_guide_reads_well() -> None:
    table = GUIDE.partition("## Patterns")[2].partition("## Order")[0]
    patterns = [text.replace("\\|", "|") for text in re.findall(r"^\| `(.*?)` \|", table, re.MULTILINE)]
    assert len(patterns) >= 8
    assert [text for text in patterns if read_pattern(text, WORDS).mistakes] == []


def test_the_guide_names_every_key_limit_and_reserved_word() -> None:
    assert [key for key in STEP_KEYS if f"| `{key}` |" not in GUIDE] == []
    assert [key.name for key in LIMIT_KEYS if f"`{key.name}`" not in GUIDE] == []
    assert set(RESERVED) == set(re.findall(r"`(of to [a-z\s]+)`", GUIDE)[0].split())


def test_every_mistake_has_its_paragraph_and_every_paragraph_its_mistake() -> None:
    told = re.findall(r"^### (\S+)\n\S", (DOCS / "workflow-mistakes.md").read_text("utf-8"), re.MULTILINE)
    assert sorted(told) == sorted(get_args(MistakeSlug))


def test_every_mistake_is_made_somewhere() -> None:
    folder = Path(__file__).parent.parent.parent.parent / "src" / "outrider" / "plan" / "workflow"
    made = "".join(path.read_text("utf-8") for path in folder.glob("*.py") if path.name != "mistakes.py")
    assert [slug for slug in get_args(MistakeSlug) if f'"{slug}"' not in made] == []
