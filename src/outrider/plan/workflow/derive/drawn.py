"""Steps that are drawn: the digraph of a process in a `dot` block."""

from __future__ import annotations

import re

from outrider.plan.skill.text import Skill
from outrider.plan.workflow.derive.dot import Digraph, read_digraph
from outrider.plan.workflow.derive.flow import order_of
from outrider.plan.workflow.derive.found import FoundStep, FoundSteps, is_optional, named
from outrider.plan.workflow.derive.places import is_aside

_LANGUAGES = ("dot", "graphviz")
_DECIDING = ("diamond", "mdiamond")
_NO_STEPS = ("note", "plaintext", "point", "none")
_DOING = re.compile(r"^(?:verify|check|run|review|confirm|test|validate|inspect)\b", re.IGNORECASE)
_SIGNPOSTS = frozenset(
    ["next", "start", "begin", "end", "done", "finish", "finished", "stop", "exit", "repeat", "entry"]
)
_CHOOSING = re.compile(r"when|should|choos|decision|which", re.IGNORECASE)
_TRUST = 0.9


def drawn_steps(skill: Skill) -> list[FoundSteps]:
    """Return the steps of every digraph that draws a process; those that choose a skill draw none."""
    found = []
    for fence in skill.fences:
        graph = read_digraph(fence.text, fence.line) if fence.language in _LANGUAGES else None
        if graph is None or _CHOOSING.search(graph.name):
            continue
        if is_aside(skill.titles_above(skill.section_at(fence.line))):
            continue
        steps = _steps(skill, graph)
        if len(steps.steps) > 1:
            found.append(steps)
    return sorted(found, key=lambda each: -len(each.steps))


def _steps(skill: Skill, graph: Digraph) -> FoundSteps:
    connected = {node for edge in graph.edges for node in edge}
    ids = [node for node in graph.nodes if node in connected and _is_step(graph, node)]
    steps = named(
        FoundStep(
            graph.nodes[node].label,
            graph.nodes[node].line,
            f"{graph.nodes[node].label}\n{_section_of(skill, graph.nodes[node].label)}",
            is_optional(graph.nodes[node].label),
        )
        for node in ids
    )
    names = dict(zip(ids, (step.name for step in steps), strict=True))
    edges = {names[node]: [names[each] for each in _next_steps(graph, node, names)] for node in ids}
    return FoundSteps("dot", tuple(steps), order_of(list(names.values()), edges), _TRUST)


def _is_step(graph: Digraph, node: str) -> bool:
    """Tell whether a node is something to do: no question, no remark, no mere signpost."""
    drawn = graph.nodes[node]
    if drawn.shape in _NO_STEPS or drawn.label.endswith("?") or drawn.label.lower() in _SIGNPOSTS:
        return False
    return drawn.shape not in _DECIDING or bool(_DOING.match(drawn.label))


def _next_steps(graph: Digraph, node: str, names: dict[str, str]) -> list[str]:
    """Return the steps that come after one, decisions looked through."""
    after: dict[str, list[str]] = {}
    for one, other in graph.edges:
        after.setdefault(one, []).append(other)
    found: list[str] = []
    seen, waiting = {node}, list(after.get(node, ()))
    while waiting:
        current = waiting.pop(0)
        if current in names and current not in found:
            found.append(current)
        elif current not in seen and current not in names:
            waiting += after.get(current, ())
        seen.add(current)
    return found


def _section_of(skill: Skill, label: str) -> str:
    """Return the text of the section that a node's label names, empty when there is none."""
    words = _words(label)
    for section in skill.sections:
        title = _words(section.title)
        if words and title and (words <= title or title <= words):
            return skill.between(section.line + 1, section.end)
    return ""


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z]{3,}", text.lower())) - {"the", "and", "phase", "step"}
