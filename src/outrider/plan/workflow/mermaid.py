"""A workflow as a Mermaid flowchart: a node for every mention of a step, an arrow for all that may follow."""

from __future__ import annotations

import re
from collections.abc import Iterator

from outrider.kernel.inert import clipped
from outrider.plan.workflow.model import Step, Workflow
from outrider.plan.workflow.order_graph import OrderGraph, order_graph

_LABEL_CHARS = 80
_SPECIAL = re.compile(r"[^\w ,.]")


def mermaid(workflow: Workflow) -> str:
    """Draw the order of a workflow; without an order, its steps stand beside each other.

    Steps that may be left out have round ends. Every character of a text that could mean something to
    Mermaid or to a browser is written as a code.
    """
    return "".join(f"{line}\n" for line in _lines(workflow))


def _lines(workflow: Workflow) -> Iterator[str]:
    yield "flowchart TD"
    steps = {step.name: step for step in workflow.steps}
    if workflow.order is None:
        yield from (_node(at, step, step.optional) for at, step in enumerate(workflow.steps))
        return
    graph = order_graph(workflow.order, workflow.steps)
    yield '    start(("start"))'
    for at, name in enumerate(graph.steps):
        yield _node(at, steps.get(name, Step(name)), at in graph.optional)
    yield '    finish(("end"))'
    yield from _arrows(graph)


def _arrows(graph: OrderGraph) -> Iterator[str]:
    yield from (f"    start --> s{at}" for at in graph.starts)
    if graph.may_be_empty:
        yield "    start --> finish"
    for at, following in enumerate(graph.after):
        yield from (f"    s{at} --> s{other}" for other in following)
        if at in graph.ends:
            yield f"    s{at} --> finish"


def _node(at: int, step: Step, optional: bool) -> str:
    label = _escaped(step.name) + (f"<br/>{_escaped(step.title)}" if step.title else "")
    opening, closing = ("([", "])") if optional else ("[", "]")
    return f'    s{at}{opening}"{label}"{closing}'


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda match: f"#{ord(match.group())};", clipped(text, _LABEL_CHARS))
