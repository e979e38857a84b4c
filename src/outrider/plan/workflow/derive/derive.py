"""A workflow from a skill's text: one source of steps, their order, evidence, and rules beyond doubt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice

from outrider.kernel.limits import DERIVED_STEPS, PATTERN_ALTERNATIVES, WORKFLOW_ITEMS
from outrider.plan.skill.text import Skill
from outrider.plan.workflow.derive.annotations import annotated
from outrider.plan.workflow.derive.drawn import drawn_steps
from outrider.plan.workflow.derive.evidence import evidence_in
from outrider.plan.workflow.derive.found import FoundStep, FoundSteps
from outrider.plan.workflow.derive.headings import heading_steps
from outrider.plan.workflow.derive.lists import checklist_steps, numbered_steps
from outrider.plan.workflow.derive.prohibitions import prohibitions
from outrider.plan.workflow.mistakes import TextError
from outrider.plan.workflow.model import Pattern, Rule, Source, Step, Workflow
from outrider.plan.workflow.order_text import order_as_text
from outrider.plan.workflow.patterns import parse_pattern
from outrider.plan.workflow.rule_text import parse_rule

_WITHOUT_EVIDENCE = 0.6
"""What the confidence of a step is multiplied by when nothing in its text shows in a record."""


def derive(skill: Skill) -> Workflow:
    """Return the workflow that a skill's text describes; without steps where it describes none.

    The most trusted source that gives at least two steps is the only one: annotations, a drawn process,
    headings that number phases or steps, numbered lists, checklists.
    """
    notes = annotated(skill)
    found = notes.found or _best(skill)
    told = [*_rules(((note.text, note.line, 1.0) for note in notes.rules), "annotation")]
    told += _rules(prohibitions(skill), "heading")
    rules = {rule.text: rule for rule in reversed(told[:WORKFLOW_ITEMS])}
    if found is None:
        return Workflow(skill.name, rules=tuple(reversed(rules.values())), derived=True)
    steps = tuple(_step(each, found) for each in found.steps[:DERIVED_STEPS])
    order = found.order if len(found.steps) <= DERIVED_STEPS else None
    text = order_as_text(order) if order else ""
    return Workflow(skill.name, steps, order, text, tuple(reversed(rules.values())), derived=True)


def _best(skill: Skill) -> FoundSteps | None:
    for source in (drawn_steps, heading_steps, numbered_steps, checklist_steps):
        for found in source(skill):
            if len(found.steps) > 1:
                return found
    return None


def _step(step: FoundStep, found: FoundSteps) -> Step:
    evidence = _patterns(step.evidence or evidence_in(step.title, step.text))
    confidence = found.confidence * (1 if evidence else _WITHOUT_EVIDENCE)
    return Step(
        step.name,
        step.title,
        evidence,
        step.optional,
        marks=() if evidence or not step.title else (step.title,),
        source=found.source,
        confidence=round(confidence, 2),
        line=step.line,
    )


def _patterns(texts: Iterable[str]) -> tuple[Pattern, ...]:
    """Read patterns, each once and no more than a step may have; what is none is left out."""
    found: dict[Pattern, None] = {}
    for text in islice(dict.fromkeys(texts), PATTERN_ALTERNATIVES):
        with suppress(TextError):
            found[parse_pattern(text)] = None
    return tuple(found)


def _rules(told: Iterable[tuple[str, int, float]], source: Source) -> Iterator[Rule]:
    for text, line, confidence in told:
        try:
            rule = parse_rule(text)
        except TextError:
            continue
        yield Rule(
            rule.text, rule.form, rule.trigger, rule.required, rule.forbidden, rule.edge, rule.most, rule.per,
            source=source, confidence=confidence, line=line,
        )  # fmt: skip
