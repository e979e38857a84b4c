"""A graph of steps as an order expression, claiming no more than the graph does.

What every way from a beginning to an end passes is a *milestone*; milestones stand in one order whatever way
is taken. What lies between two of them is optional: in its order where it has one, else in any. A way back
makes what it spans repeat. So the order accepts every way that passes no step twice. Of ways that go round it
accepts those that go back from the end of what repeats; where rounds overlap, leaving one half way looks like
a skip.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from outrider.plan.workflow.model import Order

_After = Mapping[str, Sequence[str]]
_Span = tuple[int, int]

_ROUNDS_IN_ROUNDS = 2
"""Repetitions within a repetition that are told apart; more of them nobody reads."""


def order_of(
    nodes: Sequence[str],
    edges: Mapping[str, Iterable[str]],
    starts: Iterable[str] = (),
    ends: Iterable[str] = (),
) -> Order | None:
    """Return the order of ``nodes``, given in the order of their appearance; None when there are none.

    ``starts`` and ``ends`` are nodes at which a way may begin or end although edges lead to or from them.
    """
    if not nodes:
        return None
    after = {node: [each for each in edges.get(node, ()) if each in nodes] for node in nodes}
    reach = {node: _reached(after, [node]) for node in nodes}
    beginnings = _beginnings(after, reach, set(starts))
    endings = _endings(after, reach, beginnings, set(ends))
    milestones = _milestones(after, beginnings, endings)
    parts = _parts(_stretches(after, beginnings, milestones), after, reach)
    orders = _repeated([part for part, _ in parts], _ways_back(parts, after))
    return orders[0] if len(orders) == 1 else Order("sequence", parts=tuple(orders))


def _reached(after: _After, starts: Iterable[str], barred: str = "") -> dict[str, None]:
    """Return what can be reached from ``starts`` in at least one move, without entering ``barred``."""
    found: dict[str, None] = {}
    waiting = list(starts)
    while waiting:
        for each in after[waiting.pop()]:
            if each not in found and each != barred:
                found[each] = None
                waiting.append(each)
    return found


def _beginnings(after: _After, reach: Mapping[str, Mapping[str, None]], told: set[str]) -> dict[str, None]:
    """Return where ways begin; a circle that nothing leads to begins with what is drawn first."""
    entered = {each for node, following in after.items() for each in following if each != node}
    found = {node: None for node in after if node in told or node not in entered}
    covered = {*found, *(each for node in found for each in reach[node])}
    for node in after:
        if node not in covered:
            found[node] = None
            covered |= {node, *reach[node]}
    return found


def _endings(
    after: _After, reach: Mapping[str, Mapping[str, None]], beginnings: Iterable[str], told: set[str]
) -> set[str]:
    """Return where ways end; a circle that nothing leads out of ends where it closes."""
    found = {node for node in after if node in told or not set(after[node]) - {node}}
    caught = [node for node in after if node not in found and found.isdisjoint(reach[node])]
    for node in caught:
        circle = reach[node]
        if all(node in reach[each] for each in circle):
            led_to = {each for one in after if one not in circle for each in after[one]}
            found |= _closers(after, circle, {*beginnings} | led_to)
    return found


def _closers(after: _After, circle: Mapping[str, None], doors: set[str]) -> set[str]:
    """Return the nodes of a circle from which the longest rounds go back to where it is entered."""
    closing = {one for one in circle if not doors.isdisjoint(after[one])}
    inside = {one: [each for each in after[one] if each not in doors] for one in after}
    last = {one for one in closing if closing.isdisjoint(set(_reached(inside, [one])) - {one})}
    return last or closing


def _milestones(after: _After, beginnings: Iterable[str], endings: set[str]) -> list[str]:
    """Return the nodes that every way passes, in the order in which every way passes them."""
    first = list(beginnings)
    must = [node for node in after if _is_on_every_way(node, after, first, endings)]
    before = {}
    for node in must:
        others = [each for each in first if each != node]
        before[node] = {*others, *_reached(after, others, node)}
    return sorted(must, key=lambda node: sum(other in before[node] for other in must))


def _is_on_every_way(node: str, after: _After, beginnings: Sequence[str], endings: set[str]) -> bool:
    others = [each for each in beginnings if each != node]
    return endings.isdisjoint(others) and endings.isdisjoint(_reached(after, others, node))


def _stretches(after: _After, beginnings: Iterable[str], milestones: Sequence[str]) -> list[list[str]]:
    """Return milestones, each alone, and between them what can be passed there, in the order of a way."""
    place: dict[str, int] = {}
    waiting = list(beginnings)
    for number, milestone in enumerate([*milestones, ""]):
        own = [each for each in waiting if each != milestone]
        for node in [*own, *_reached(after, own, milestone)]:
            place.setdefault(node, 2 * number)
        place[milestone] = 2 * number + 1
        waiting = [milestone]
    found: list[list[str]] = [[] for _ in range(2 * len(milestones) + 1)]
    for node in after:
        found[place[node]].append(node)
    return found


def _parts(
    stretches: Sequence[list[str]], after: _After, reach: Mapping[str, Mapping[str, None]]
) -> list[tuple[Order, list[str]]]:
    """Return the parts of the sequence, each with its nodes; every second stretch is a milestone."""
    found: list[tuple[Order, list[str]]] = []
    passed: set[str] = set()
    for number, stretch in enumerate(stretches):
        if number % 2:
            found += [(_step(node, after, is_optional=False), [node]) for node in stretch]
        else:
            back = [node for node in stretch if not passed.isdisjoint(reach[node])]
            found += _loose(back, after) + _loose([node for node in stretch if node not in back], after)
        passed.update(stretch)
    return found


def _loose(nodes: list[str], after: _After) -> list[tuple[Order, list[str]]]:
    """Return what may be left out: one after the other where edges say so, else in any order."""
    inner = {node: [each for each in after[node] if each in nodes and each != node] for node in nodes}
    reach = {node: _reached(inner, [node]) for node in nodes}
    in_order = sorted(nodes, key=lambda node: -len(reach[node]))
    if all(later in reach[one] and one not in reach[later] for one, later in pairwise(in_order)):
        return [(_step(node, after, is_optional=True), [node]) for node in in_order]
    choice = tuple(Order("step", node) for node in nodes)
    return [(Order("either", parts=choice, optional=True, repeats=True), nodes)]


def _step(node: str, after: _After, *, is_optional: bool) -> Order:
    return Order("step", node, optional=is_optional, repeats=node in after[node])


def _ways_back(parts: Sequence[tuple[Order, list[str]]], after: _After) -> list[_Span]:
    """Return from where to where edges lead back, as numbers of parts: the earlier and the later one."""
    place = {node: number for number, (_, nodes) in enumerate(parts) for node in nodes}
    edges = ((place[each], place[node]) for node, following in after.items() for each in following)
    return sorted({span for span in edges if span[0] < span[1]})


def _repeated(parts: Sequence[Order], spans: Sequence[_Span], depth: int = 0) -> list[Order]:
    """Let repeat what is spanned: overlapping spans as one, and spans inside of others by themselves."""
    found: list[Order] = []
    at = 0
    for first, last in _joined(spans):
        own = [span for span in spans if first <= span[0] and span[1] <= last]
        inner = [
            (one - first, other - first)
            for one, other in own
            if (one, other) != (first, last) and not any(_cross((one, other), each) for each in own)
        ]
        inside = _repeated(parts[first : last + 1], inner if depth < _ROUNDS_IN_ROUNDS else (), depth + 1)
        found += parts[at:first]
        found.append(Order("sequence", parts=tuple(inside), repeats=True))
        at = last + 1
    return [*found, *parts[at:]]


def _joined(spans: Sequence[_Span]) -> list[_Span]:
    """Return the spans that are in no other, those that overlap as one."""
    found: list[_Span] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found


def _cross(one: _Span, other: _Span) -> bool:
    return one[0] < other[0] <= one[1] < other[1] or other[0] < one[0] <= other[1] < one[1]
