"""What the tests of derivation share: short ways to look at what was derived."""

from __future__ import annotations

from outrider.plan.skill.text import read_skill
from outrider.plan.workflow.derive.derive import derive
from outrider.plan.workflow.model import Workflow


def derived(text: str) -> Workflow:
    return derive(read_skill(text, path="skills/made-up/SKILL.md"))


def titles(text: str) -> list[str]:
    return [step.title for step in derived(text).steps]


def source(text: str) -> str:
    steps = derived(text).steps
    return steps[0].source if steps else ""


def evidence(workflow: Workflow) -> list[list[str]]:
    return [[pattern.text for pattern in step.evidence] for step in workflow.steps]


def drawn(body: str, name: str = "brewing") -> str:
    """Return a skill with a drawing."""
    return f"# Tea\n\n## The Process\n\n```dot\ndigraph {name} {{\n{body}\n}}\n```\n"
