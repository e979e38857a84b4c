"""The published schema of workflow files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from outrider.plan.workflow.schema import workflow_schema
from tests.plan.workflow.made import TDD, read

ROOT = Path(__file__).parent.parent.parent.parent
VALIDATOR = Draft202012Validator(workflow_schema())
SHIPPED = sorted((ROOT / "src" / "outrider" / "plan" / "workflow").rglob("library/**/*.yaml"))


def test_the_schema_is_one_and_is_the_published_one() -> None:
    Draft202012Validator.check_schema(workflow_schema())
    assert json.loads((ROOT / "docs" / "workflow.schema.json").read_text("utf-8")) == workflow_schema()


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_workflow_reads_well_and_fits_the_schema(path: Path) -> None:
    text = path.read_text("utf-8")
    assert read(text)[1] == ()
    assert list(VALIDATOR.iter_errors(yaml.safe_load(text))) == []


@pytest.mark.parametrize(
    "text",
    [
        "rules: [never plan]",
        "skill: x\nrule: never plan",
        "skill: x\nrules: never plan",
        "skill: x\nrules: [plan]",
        "skill: x\nrules: [{mode: observe}]",
        "skill: x\nrules: [{rule: never plan, mode: watch}]",
        "skill: x\nsteps: [a]",
        "skill: x\nsteps: {a: {}}",
        "skill: x\nsteps: {a b: {marks: c}}",
        "skill: x\nsteps: {a: {marks: c, optional: maybe}}",
        "skill: x\nlimits: {time: 45}",
        "skill: x\nlimits: {cost: 5}",
        "skill: x\nlimits: {calls: 0}",
        "skill: x\nlimits: {tme: 5m}",
        "skill: x\nmode: watch",
    ],
)
def test_what_the_schema_refuses_the_reader_refuses_too(text: str) -> None:
    assert not VALIDATOR.is_valid(yaml.safe_load(text))
    assert read(text)[0] is None


def test_the_schema_takes_what_the_guide_shows() -> None:
    assert list(VALIDATOR.iter_errors(yaml.safe_load(TDD))) == []
