"""A graph of steps as an order expression, claiming no more than the graph does.

Cycles become repetitions. Of what lies between two steps that every way passes, all is optional; where
it has an order of its own it keeps it, else it may come in any order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise

from outrider.plan.workflow.model import Order

Edges = Mapping[str, Iterable[str]]


def order_of(nodes: list[str], edges: Edges) -> Order | None:
    """Return the order of ``nodes``, given in the order of their appearance; None when there are none."""
    parts = _ordered(nodes, {node: [each for each in edges.get(node, ()) if each in nodes] for node in nodes})
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else Order("sequence", parts=tuple(parts))


def _ordered(nodes: list[str], edges: dict[str, list[str]]) -> list[Order]:
    components = _components(nodes, edges)
    index_of = {node: index for index, component in enumerate(components) for node in component}
    after: dict[int, set[int]] = {index: set() for index in range(len(components))}
    for node, following in edges.items():
        after[index_of[node]] |= {index_of[each] for each in following} - {index_of[node]}
    orders = [_of_component(component, edges) for component in components]
    return _chained(orders, after)


def _of_component(component: list[str], edges: dict[str, list[str]]) -> Order:
    """Return the order of nodes that can all reach each other: once through, again and again."""
    first = component[0]
    if len(component) == 1:
        return Order("step", first, repeats=False)
    inner: dict[str, list[str]] = {node: [] for node in component}
    seen, path = set(), [first]
    while path:
        node = path.pop()
        if node in seen:
            continue
        seen.add(node)
        for each in edges[node]:
            if each in inner and each not in seen:
                inner[node].append(each)
                path.append(each)
    parts = _ordered(component, _without_cycles(component, inner))
    return Order("sequence", parts=tuple(parts), repeats=True) if len(parts) > 1 else parts[0]


def _without_cycles(nodes: list[str], edges: dict[str, list[str]]) -> dict[str, list[str]]:
    """Drop edges to nodes that appear earlier, which is what closes a cycle."""
    place = {node: number for number, node in enumerate(nodes)}
    return {node: [each for each in edges[node] if place[each] > place[node]] for node in nodes}


def _chained(orders: list[Order], after: dict[int, set[int]]) -> list[Order]:
    """Put components, which stand in topological order, one after the other."""
    reach = _reachable(after)
    starts = [i for i in after if not any(i in following for following in after.values())]
    ends = [i for i in after if not after[i]]
    through = [i for i in after if _is_on_every_way(i, starts, ends, after)]
    parts: list[Order] = []
    loose: list[int] = []
    for index in range(len(orders)):
        if index in through:
            parts += _between(loose, orders, reach)
            parts.append(orders[index])
            loose = []
        else:
            loose.append(index)
    return parts + _between(loose, orders, reach)


def _between(loose: list[int], orders: list[Order], reach: dict[int, set[int]]) -> list[Order]:
    if not loose:
        return []
    in_order = all(later in reach[one] for one, later in pairwise(loose))
    if in_order:
        return [_optional(orders[index]) for index in loose]
    return [Order("either", parts=tuple(orders[index] for index in loose), optional=True, repeats=True)]


def _optional(order: Order) -> Order:
    return Order(order.kind, order.step, order.parts, optional=True, repeats=order.repeats)


def _is_on_every_way(node: int, starts: list[int], ends: list[int], after: dict[int, set[int]]) -> bool:
    waiting = [start for start in starts if start != node]
    seen = set(waiting)
    while waiting:
        current = waiting.pop()
        if current in ends:
            return False
        for following in after[current] - seen - {node}:
            seen.add(following)
            waiting.append(following)
    return True


def _reachable(after: dict[int, set[int]]) -> dict[int, set[int]]:
    reach: dict[int, set[int]] = {}
    for index in sorted(after, reverse=True):
        reach[index] = set(after[index]).union(*(reach.get(each, set()) for each in after[index]))
    return reach


def _components(nodes: list[str], edges: dict[str, list[str]]) -> list[list[str]]:
    """Return the strongly connected components in topological order, their nodes in order of appearance.

    Each set of nodes that reach each other is found by two searches, which is enough for graphs that
    people draw (at most some 200 nodes).
    """
    reach = {node: _from(node, edges) for node in nodes}
    found: list[list[str]] = []
    taken: set[str] = set()
    for node in nodes:
        if node not in taken:
            component = [
                each for each in nodes if each == node or (each in reach[node] and node in reach[each])
            ]
            taken.update(component)
            found.append(component)
    return _topological(found, reach)


def _from(node: str, edges: dict[str, list[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = list(edges[node])
    while waiting:
        current = waiting.pop()
        if current not in seen:
            seen.add(current)
            waiting += edges[current]
    return seen


def _topological(components: list[list[str]], reach: dict[str, set[str]]) -> list[list[str]]:
    """Sort components so that each comes after all that lead to it; else in order of appearance."""
    waiting, found = list(components), []
    while waiting:
        ready = next(
            one
            for one in waiting
            if not any(one[0] in reach[other[0]] for other in waiting if other is not one)
        )
        waiting.remove(ready)
        found.append(ready)
    return found
