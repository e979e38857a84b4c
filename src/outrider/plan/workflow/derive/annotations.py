"""Steps that a skill's author marked with comments.

    <!-- workflow:step:red Write a failing test -->      a step begins here; the title may be left out
    <!-- workflow:optional -->                           the step it stands in need not come
    <!-- workflow:evidence: edit.test, test.fail -->     what shows the step it stands in
    <!-- workflow:order: (red > green)+ -->              the order, in the words of a workflow file
    <!-- workflow:rule: never git.push to main -->       a rule
    <!-- workflow:end -->                                the last step ends here

Source of the first form: wrangler's own proposal for its skills.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field, replace

from outrider.plan.skill.text import Note, Skill
from outrider.plan.workflow.derive.found import FoundStep, FoundSteps, in_sequence, named, short_name
from outrider.plan.workflow.mistakes import TextError
from outrider.plan.workflow.model import Order
from outrider.plan.workflow.node_reading import is_name
from outrider.plan.workflow.order_text import parse_order

_NOTE = re.compile(r"^workflow:(step|optional|evidence|order|rule|end)\b:?\s*(.*)$", re.DOTALL)
_TRUST = 1.0


@dataclass(frozen=True, slots=True)
class Annotated:
    """What the comments of a skill say; ``rules`` are texts with their lines, not yet read."""

    found: FoundSteps | None = None
    rules: tuple[Note, ...] = ()


@dataclass(slots=True)
class _Taken:
    steps: list[FoundStep] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    order: str = ""
    rules: list[Note] = field(default_factory=list)


def annotated(skill: Skill) -> Annotated:
    """Read the comments that speak of the workflow; a skill has any steps by them when one begins a step."""
    taken = _Taken()
    for note in skill.comments:
        if match := _NOTE.match(note.text):
            _take(taken, match[1], " ".join(match[2].split()), note.line)
    if not taken.steps:
        return Annotated(None, tuple(taken.rules))
    steps = named(_with_texts(skill, taken))
    return Annotated(
        FoundSteps("annotation", tuple(steps), _order(taken.order, steps), _TRUST), tuple(taken.rules)
    )


def _order(text: str, steps: list[FoundStep]) -> Order | None:
    """Return the author's order, nothing where it cannot be read; without one the order of the text."""
    if not text:
        return in_sequence(steps)
    try:
        return parse_order(text, [step.name for step in steps])
    except TextError:
        return None


def _take(taken: _Taken, kind: str, said: str, line: int) -> None:
    if kind == "step":
        name, _, title = said.partition(" ")
        own = name if is_name(name, "step") else short_name(name)
        taken.steps.append(FoundStep(title or name.replace("-", " "), line, name=own))
    elif kind == "order":
        taken.order = said
    elif kind == "rule":
        taken.rules.append(Note(said, line))
    elif kind == "end":
        taken.ends.append(line)
    elif taken.steps and kind == "optional":
        taken.steps[-1] = replace(taken.steps[-1], optional=True)
    elif taken.steps and kind == "evidence":
        evidence = tuple(each.strip() for each in said.split(",") if each.strip())
        taken.steps[-1] = replace(taken.steps[-1], evidence=evidence)


def _with_texts(skill: Skill, taken: _Taken) -> list[FoundStep]:
    begins = [step.line for step in taken.steps] + [len(skill.lines) + 1]
    found = []
    for step, until in zip(taken.steps, begins[1:], strict=True):
        after = bisect_right(taken.ends, step.line)
        end = min([until - 1, *taken.ends[after : after + 1]])
        found.append(replace(step, text=skill.between(step.line + 1, end)))
    return found
