"""Workflows of wrangler's engine (YAML, version 2) as workflows in our sense.

Phases are steps. The steps inside a phase of type `per-task` or `loop` are steps that repeat, those of type
`parallel` one step; a condition makes a phase optional; `safety` gives limits.
Source of the format: wrangler's published workflow files.
"""

from __future__ import annotations

import re

from outrider.kernel.inert import clipped
from outrider.kernel.limits import LABEL_CHARS, WORKFLOW_ITEMS
from outrider.plan.workflow.derive.found import short_name
from outrider.plan.workflow.mistakes import TextError
from outrider.plan.workflow.model import Limits, Order, Pattern, Step, Workflow
from outrider.plan.workflow.node_reading import is_name
from outrider.plan.workflow.order_text import order_as_text
from outrider.plan.workflow.patterns import parse_pattern
from outrider.plan.yaml_text import Plain, yaml_value

_REPEATING = ("per-task", "loop")
_DEPTH = 6
_TRUST, _WITHOUT_EVIDENCE = 0.95, 0.6


def derive_engine(text: str) -> Workflow:
    """Return the workflow of an engine file; an empty one when ``text`` is no such file."""
    value = yaml_value(text)
    phases = value.get("phases") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(phases, list):
        return Workflow("", derived=True)
    reader = _Engine()
    order = reader.order(phases, 0)
    if len(reader.steps) >= WORKFLOW_ITEMS:
        order = None
    return Workflow(
        _text(value.get("name")),
        tuple(reader.steps),
        order,
        order_as_text(order) if order else "",
        limits=_limits(value.get("safety")),
        derived=True,
    )


class _Engine:
    """Collects steps while it reads phases; names stay their own."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self._uses: dict[str, int] = {}

    def order(self, phases: list[Plain], depth: int) -> Order | None:
        parts = [part for phase in phases if (part := self._phase(phase, depth)) is not None]
        if len(parts) < 2:
            return parts[0] if parts else None
        return Order("sequence", parts=tuple(parts))

    def _phase(self, phase: Plain, depth: int) -> Order | None:
        if not isinstance(phase, dict) or depth > _DEPTH or len(self.steps) >= WORKFLOW_ITEMS:
            return None
        kind, inner = _text(phase.get("type")), phase.get("steps")
        optional = bool(phase.get("condition"))
        if kind in _REPEATING and isinstance(inner, list):
            order = self.order(inner, depth + 1)
            if order is None:
                return None
            return Order(
                order.kind, order.step, order.parts, optional=optional or order.optional, repeats=True
            )
        return Order("step", self._step(phase, kind, optional), optional=optional)

    def _step(self, phase: dict[str, Plain], kind: str, optional: bool) -> str:
        title = clipped(_text(phase.get("name")).strip(), LABEL_CHARS) or "phase"
        evidence = _evidence(kind, title, _text(phase.get("agent")))
        trust = _TRUST if evidence else _WITHOUT_EVIDENCE
        name = self._own_name(short_name(title))
        self.steps.append(Step(name, title, evidence, optional, (title,), source="engine", confidence=trust))
        return name

    def _own_name(self, name: str) -> str:
        self._uses[name] = number = self._uses.get(name, 0) + 1
        return name if number == 1 else self._own_name(f"{name}-{number}")


def _evidence(kind: str, title: str, agent: str) -> tuple[Pattern, ...]:
    if kind == "parallel" and "review" in title:
        return (parse_pattern("review"),)
    try:
        return (parse_pattern(f"agent:{agent}"),) if is_name(agent, "step") else ()
    except TextError:
        return ()


def _limits(safety: Plain | None) -> Limits:
    """Return the limits of the run; the engine's own time-out is for a step and therefore no limit here."""
    found = safety if isinstance(safety, dict) else {}
    return Limits(
        time_ms=_number(found.get("maxWorkflowTimeoutMs")), calls=_number(found.get("maxTotalCalls"))
    )


def _number(value: Plain | None) -> int | None:
    """Return a number above zero of at most twelve digits: 30 years in milliseconds."""
    text = _text(value)
    return int(text) if re.fullmatch(r"[1-9][0-9]{0,11}", text) else None


def _text(value: Plain | None) -> str:
    return value if isinstance(value, str) else ""
