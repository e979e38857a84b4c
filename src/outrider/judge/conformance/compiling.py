"""Rules and the order of a workflow, compiled for the engine.

The rules keep their index; the order, where there is one that can be watched, is the last of them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence

from outrider.judge.conformance.engine.compiled import (
    Compiled,
    CompiledOrder,
    CompiledPattern,
    CompiledRule,
)
from outrider.plan.workflow.model import Mode, Order, Pattern, Rule, Step, Workflow
from outrider.plan.workflow.order_graph import visible_graph


def compile_workflow(workflow: Workflow) -> Compiled:
    """Compile the rules of ``workflow`` and, after them, its order."""
    rules = [compile_rule(rule, workflow.mode) for rule in workflow.rules]
    if workflow.order is not None:
        order = compile_order(workflow.order, workflow.steps, workflow.order_text, workflow.mode)
        if order is not None:
            rules.append(order)
    return _sealed(rules)


def compile_rules(rules: Iterable[Rule], mode: Mode = "observe") -> Compiled:
    """Compile ``rules`` alone; ``mode`` is for those that have none of their own."""
    return _sealed([compile_rule(rule, mode) for rule in rules])


def compile_rule(rule: Rule, mode: Mode) -> CompiledRule:
    """Compile one rule of the five forms other than `order`; its patterns in the order of the letters."""
    second = rule.required or rule.forbidden
    patterns = (rule.trigger, second, rule.edge) if second else (rule.trigger,)
    return CompiledRule(
        rule.text,
        rule.form,
        tuple(
            CompiledPattern(pattern.text, _alternatives((pattern,)))
            for pattern in patterns
            if pattern is not None
        ),
        rule.per,
        rule.most,
        mode=rule.mode or mode,
        by=rule.by,
    )


def compile_order(order: Order, steps: Sequence[Step], text: str, mode: Mode) -> CompiledRule | None:
    """Compile the order of ``steps``; None when none of its steps can be seen.

    A step without evidence shows nothing when it is done, so the order passes over it.
    """
    graph = visible_graph(order, tuple(steps))
    evidence = {step.name: step.evidence for step in steps}
    names = list(dict.fromkeys(graph.steps))
    patterns = tuple(CompiledPattern(name, _alternatives(evidence.get(name, ()))) for name in names)
    if not any(pattern.alternatives for pattern in patterns):
        return None
    compiled = CompiledOrder(
        tuple(names.index(name) for name in graph.steps),
        _mask(graph.starts),
        _mask(graph.ends),
        tuple(_mask(after) for after in graph.after),
        graph.may_be_empty,
    )
    return CompiledRule(text, "order", patterns, order=compiled, mode=mode)


def _alternatives(patterns: Iterable[Pattern]) -> tuple[tuple[str, str, str, str], ...]:
    return tuple(
        (each.name, each.of, each.to, each.within) for pattern in patterns for each in pattern.alternatives
    )


def _mask(positions: Iterable[int]) -> int:
    mask = 0
    for position in positions:
        mask |= 1 << position
    return mask


def _sealed(rules: Sequence[CompiledRule]) -> Compiled:
    written = json.dumps(rules, ensure_ascii=True, separators=(",", ":"))
    return Compiled(hashlib.sha256(written.encode()).hexdigest()[:32], tuple(rules))
