"""Workflows as texts: the file a person keeps and edits, and the JSON that programs read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar

from outrider.kernel.inert import inert
from outrider.plan.workflow.limit_text import limits_as_texts
from outrider.plan.workflow.mistakes import TextError
from outrider.plan.workflow.model import Limits, Order, Pattern, Rule, Source, Step, Workflow
from outrider.plan.workflow.order_text import order_as_text, parse_order
from outrider.plan.workflow.patterns import parse_pattern, pattern_as_text
from outrider.plan.workflow.rule_text import parse_rule, rule_as_text

SCHEMA: Final = "outrider.workflow/1"

_NANO = 10**9
_ONE_LINE_CHARS = 90
_PLAIN = re.compile(r"[^\W\d_](?:[\w./*+>|@~;$^()=?'-]|:(?=[\w./*])| (?=[\w./*+>|(:@~$^]))*")
"""Texts that need no quotes, in a list in brackets only without `?`."""
_NO_TEXT: Final = frozenset(("true", "false", "yes", "no", "on", "off", "null", "y", "n"))

_PLACES: Final[dict[Source, str]] = {
    "declared": "written by hand",
    "annotation": "an annotation",
    "dot": "a diagram",
    "heading": "a heading",
    "numbered": "a numbered list",
    "checklist": "a checklist",
    "engine": "an engine's definition",
}

Value = TypeVar("Value")


def write_workflow(workflow: Workflow, *, notes: bool = True) -> str:
    """Write the file that reads as ``workflow``.

    With ``notes``, what was derived says in a comment where it comes from and how sure that is. Where a text
    does not say what the parts of the workflow say, the parts are written.
    """
    return "".join(f"{line}\n" for line in _lines(workflow, notes))


def workflow_json(workflow: Workflow) -> dict[str, Any]:
    """Return the workflow for programs, in schema ``outrider.workflow/1``; times are ms, money is USD."""
    return {
        "schema": SCHEMA,
        "skill": workflow.skill,
        "derived": workflow.derived,
        "mode": workflow.mode,
        "order": _order_text(workflow) or None,
        "steps": [_step_json(step) for step in workflow.steps],
        "rules": [_rule_json(rule, workflow) for rule in workflow.rules],
        "limits": _limits_json(workflow.limits),
    }


def _lines(workflow: Workflow, notes: bool) -> Iterator[str]:
    if notes and workflow.derived:
        yield "# Derived from the text of the skill. Keep what is right, mend what is not."
    yield f"skill: {_scalar(workflow.skill)}"
    if workflow.steps:
        yield "steps:"
    for step in workflow.steps:
        yield from _step_lines(step, notes)
    if workflow.order:
        yield f"order: {_scalar(_order_text(workflow))}"
    if workflow.rules:
        yield "rules:"
    for rule in workflow.rules:
        yield from _rule_lines(rule, notes)
    if workflow.limits != Limits():
        yield f"limits: {_limits_text(workflow.limits)}"
    if workflow.mode != "observe":
        yield f"mode: {workflow.mode}"


def _step_lines(step: Step, notes: bool) -> Iterator[str]:
    yield f"  {_scalar(step.name)}:{_note(step, notes)}"
    if step.title:
        yield f"    title: {_scalar(step.title)}"
    patterns = [_pattern_text(each) for each in step.evidence]
    if patterns:
        yield from _list_lines("evidence", patterns)
    elif not step.marks:
        yield "    evidence: []" + ("  # the skill's text does not say what shows this step" if notes else "")
    if step.optional:
        yield "    optional: true"
    if step.marks:
        yield from _list_lines("marks", list(step.marks))
    if step.limits != Limits():
        yield f"    limits: {_limits_text(step.limits)}"


def _rule_lines(rule: Rule, notes: bool) -> Iterator[str]:
    text = _scalar(_same(rule, rule.text, parse_rule, _rule_parts) or rule_as_text(rule))
    if rule.mode is None and not rule.why and not rule.by:
        yield f"  - {text}{_note(rule, notes)}"
        return
    yield f"  - rule: {text}{_note(rule, notes)}"
    if rule.mode:
        yield f"    mode: {rule.mode}"
    if rule.why:
        yield f"    why: {_scalar(rule.why)}"
    if rule.by:
        yield f"    by: {_scalar(rule.by)}"


def _list_lines(key: str, texts: list[str]) -> Iterator[str]:
    scalars = [_scalar(each, in_brackets=True) for each in texts]
    line = f"    {key}: [{', '.join(scalars)}]"
    if len(line) <= _ONE_LINE_CHARS:
        yield line
        return
    yield f"    {key}:"
    yield from (f"      - {each}" for each in scalars)


def _limits_text(limits: Limits) -> str:
    return "{ " + ", ".join(f"{name}: {text}" for name, text in limits_as_texts(limits).items()) + " }"


def _note(part: Step | Rule, notes: bool) -> str:
    if not notes or part.source == "declared":
        return ""
    where = f"line {part.line}, " if part.line else ""
    return f"  # {where}{_PLACES[part.source]}, confidence {part.confidence:.2f}"


def _scalar(text: str, *, in_brackets: bool = False) -> str:
    """Write a text so that YAML reads it back as this text, in quotes where it could be anything else."""
    text = inert(text).replace("\ufffd", "?").strip()
    is_plain = _PLAIN.fullmatch(text) and text.lower() not in _NO_TEXT
    if is_plain and not (in_brackets and "?" in text):
        return text
    return json.dumps(text, ensure_ascii=False)


def _order_text(workflow: Workflow) -> str:
    if workflow.order is None:
        return ""
    return _same(workflow.order, workflow.order_text, parse_order, _itself) or order_as_text(workflow.order)


def _pattern_text(pattern: Pattern) -> str:
    return _same(pattern, pattern.text, parse_pattern, _alternatives) or pattern_as_text(pattern)


def _same(value: Value, text: str, parse: Callable[[str], Value], parts: Callable[[Value], object]) -> str:
    """Return ``text`` when it says what ``value`` is, else nothing."""
    text = inert(text).strip()
    try:
        return text if parts(parse(text)) == parts(value) else ""
    except TextError:
        return ""


def _itself(order: Order) -> object:
    return order


def _alternatives(pattern: Pattern) -> object:
    return pattern.alternatives


def _rule_parts(rule: Rule) -> object:
    patterns = (rule.trigger, rule.required, rule.forbidden, rule.edge)
    return (rule.form, rule.most, rule.per, *(each and each.alternatives for each in patterns))


def _step_json(step: Step) -> dict[str, Any]:
    return {
        "step": step.name,
        "title": step.title,
        "evidence": [_pattern_text(each) for each in step.evidence],
        "optional": step.optional,
        "marks": list(step.marks),
        "limits": _limits_json(step.limits),
        **_origin(step),
    }


def _rule_json(rule: Rule, workflow: Workflow) -> dict[str, Any]:
    return {
        "rule": rule.text or rule_as_text(rule),
        "form": rule.form,
        "per": rule.per,
        "mode": rule.mode or workflow.mode,
        "why": rule.why,
        "by": rule.by,
        **_origin(rule),
    }


def _origin(part: Step | Rule) -> dict[str, Any]:
    return {"source": part.source, "confidence": part.confidence, "line": part.line}


def _limits_json(limits: Limits) -> dict[str, Any]:
    values = {
        "time_ms": limits.time_ms,
        "idle_ms": limits.idle_ms,
        "tokens": limits.tokens,
        "cost_usd": None if limits.cost is None else limits.cost / _NANO,
        "calls": limits.calls,
        "failed_calls": limits.failed_calls,
        "edits": limits.edits,
        "agents": limits.agents,
    }
    return {name: value for name, value in values.items() if value is not None}
