"""Steps that are drawn: the digraph of a process in a `dot` block."""

from __future__ import annotations

import re
from typing import NamedTuple

from outrider.kernel.limits import DERIVED_STEPS, DIGRAPHS
from outrider.plan.skill.text import Fence, Section, Skill
from outrider.plan.workflow.derive.dot import Digraph, read_digraph
from outrider.plan.workflow.derive.flow import order_of
from outrider.plan.workflow.derive.found import FoundStep, FoundSteps, is_optional, named
from outrider.plan.workflow.derive.places import is_aside
from outrider.plan.workflow.model import Order

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
    drawings = [fence for fence in skill.fences if fence.language in _LANGUAGES][:DIGRAPHS]
    found = [steps for fence in drawings if (steps := _drawn(skill, fence)) and len(steps.steps) > 1]
    return sorted(found, key=lambda each: -len(each.steps))


def _drawn(skill: Skill, fence: Fence) -> FoundSteps | None:
    if is_aside(skill.titles_above(skill.section_at(fence.line))):
        return None
    graph = read_digraph(fence.text, fence.line)
    return None if graph is None or _CHOOSING.search(graph.name) else _steps(skill, graph)


def _steps(skill: Skill, graph: Digraph) -> FoundSteps:
    connected = {node for edge in graph.edges for node in edge}
    ids = [node for node in graph.nodes if node in connected and _is_step(graph, node)]
    told = dict.fromkeys(ids[:DERIVED_STEPS])
    titles = [(_words(section.title), section) for section in skill.sections]
    steps = named(
        FoundStep(
            graph.nodes[node].label,
            graph.nodes[node].line,
            _text_of(skill, graph.nodes[node].label, titles) if node in told else "",
            is_optional(graph.nodes[node].label),
        )
        for node in ids
    )
    names = dict(zip(ids, (step.name for step in steps), strict=True))
    is_claimed = not graph.is_partial and len(ids) <= DERIVED_STEPS
    return FoundSteps("dot", tuple(steps), _order(graph, names) if is_claimed else None, _TRUST)


def _order(graph: Digraph, names: dict[str, str]) -> Order | None:
    """Return the order of the nodes that are steps, ``names`` by their ids; others are looked through."""
    after: dict[str, list[str]] = {node: [] for node in graph.nodes}
    for one, other in graph.edges:
        after[one].append(other)
    entered = {other for one, other in graph.edges if one != other}
    found = {node: _next_steps(after, node, names) for node in graph.nodes}
    openings = [node for node in graph.nodes if node not in entered]
    return order_of(
        list(names.values()),
        {name: [names[each] for each in found[node].steps] for node, name in names.items()},
        [names[each] for node in openings for each in ([node] if node in names else found[node].steps)],
        [name for node, name in names.items() if found[node].may_end],
    )


def _is_step(graph: Digraph, node: str) -> bool:
    """Tell whether a node is something to do: no question, no remark, no mere signpost."""
    drawn = graph.nodes[node]
    if drawn.shape in _NO_STEPS or drawn.label.endswith("?") or drawn.label.lower() in _SIGNPOSTS:
        return False
    return drawn.shape not in _DECIDING or bool(_DOING.match(drawn.label))


class _Next(NamedTuple):
    """The steps that may come next, and whether a way ends without another."""

    steps: list[str]
    may_end: bool


def _next_steps(after: dict[str, list[str]], node: str, names: dict[str, str]) -> _Next:
    """Return the steps that come after one, decisions looked through."""
    found: list[str] = []
    may_end = False
    waiting = [node]
    seen = {node}
    for current in waiting:
        may_end = may_end or not after[current]
        for each in after[current]:
            if each in names and each not in found:
                found.append(each)
            elif each not in names and each not in seen:
                seen.add(each)
                waiting.append(each)
    return _Next(found, may_end)


def _text_of(skill: Skill, label: str, titles: list[tuple[frozenset[str], Section]]) -> str:
    """Return a node's label, and below it the text of the section that the label names, if there is one."""
    words = _words(label)
    for title, section in titles:
        if words and title and (words <= title or title <= words):
            return f"{label}\n{skill.between(section.line + 1, section.end)}"
    return label


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z]{3,}", text.lower())) - {"the", "and", "phase", "step"}
