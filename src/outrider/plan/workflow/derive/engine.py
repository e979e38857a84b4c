"""Workflows of wrangler's engine (YAML, version 2) as workflows in our sense.

Phases are steps. The steps inside a phase of type `per-task` or `loop` are steps that repeat, those of type
`parallel` one step; a condition makes a phase optional; `safety` gives limits.
Source of the format: wrangler's published workflow files.
"""

from __future__ import annotations

from outrider.plan.workflow.derive.found import FoundStep, named, short_name
from outrider.plan.workflow.model import Limits, Order, Step, Workflow
from outrider.plan.workflow.order_text import order_as_text
from outrider.plan.workflow.patterns import parse_pattern
from outrider.plan.yaml_text import Plain, yaml_value

_REPEATING = ("per-task", "loop")
_DEPTH = 6


def derive_engine(text: str) -> Workflow:
    """Return the workflow of an engine file; an empty one when ``text`` is no such file."""
    value = yaml_value(text)
    phases = value.get("phases") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(phases, list):
        return Workflow("", derived=True)
    reader = _Engine()
    order = reader.order(phases, 0)
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

    def order(self, phases: list[Plain], depth: int) -> Order | None:
        parts = [part for phase in phases if (part := self._phase(phase, depth)) is not None]
        if len(parts) < 2:
            return parts[0] if parts else None
        return Order("sequence", parts=tuple(parts))

    def _phase(self, phase: Plain, depth: int) -> Order | None:
        if not isinstance(phase, dict) or depth > _DEPTH:
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
        title = _text(phase.get("name")) or "phase"
        known = [FoundStep(step.title, 0, name=step.name) for step in self.steps]
        name = named([*known, FoundStep(title, 0, name=short_name(title))])[-1].name
        agent = _text(phase.get("agent"))
        told = "review" if kind == "parallel" and "review" in title else f"agent:{agent}" if agent else ""
        evidence = (parse_pattern(told),) if told else ()
        self.steps.append(
            Step(name, title, evidence, optional, (title,), source="engine", confidence=0.95 if told else 0.6)
        )
        return name


def _limits(safety: Plain | None) -> Limits:
    """Return the limits of the run; the engine's own time-out is for a step and therefore no limit here."""
    found = safety if isinstance(safety, dict) else {}
    calls = _text(found.get("maxTotalCalls"))
    time = _text(found.get("maxWorkflowTimeoutMs"))
    return Limits(
        time_ms=int(time) if time.isdigit() else None, calls=int(calls) if calls.isdigit() else None
    )


def _text(value: Plain | None) -> str:
    return value if isinstance(value, str) else ""
