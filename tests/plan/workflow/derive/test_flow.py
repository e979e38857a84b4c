"""Graphs of steps as order expressions."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outrider.plan.workflow.derive.flow import order_of
from outrider.plan.workflow.model import Order
from outrider.plan.workflow.order_graph import START, OrderGraph, order_graph
from outrider.plan.workflow.order_text import mentions, order_as_text, parse_order

Edges = dict[str, list[str]]


def edges(text: str) -> Edges:
    """Read `ab bc` as edges from a to b and from b to c; a letter alone is a node."""
    found: Edges = {node: [] for node in dict.fromkeys(text.replace(" ", ""))}
    for pair in text.split():
        if len(pair) > 1:
            found[pair[0]].append(pair[1])
    return found


def order(text: str, starts: str = "", ends: str = "") -> str:
    graph = edges(text)
    found = order_of(list(graph), graph, starts, ends)
    return order_as_text(found) if found else ""


@pytest.mark.parametrize(
    ("drawn", "said"),
    [
        ("", ""),
        ("a", "a"),
        ("ab bc", "a > b > c"),
        ("ab bc ac", "a > b? > c"),
        ("ab bd ad bc cd", "a > b? > c? > d"),
        ("ab ac bd cd", "a > (b | c)+? > d"),
        ("ab bb bc", "a > b+ > c"),
        ("ab ba bc", "(a > b)+ > c"),
        ("ab bc cb cd", "a > (b > c)+ > d"),
        ("ab bc cd ba da", "((a > b)+ > c > d)+"),
        ("ab bc cd db ca", "(a > b > c > d?)+"),
        ("ab cd", "(a | b | c | d)+?"),
    ],
)
def test_what_a_graph_says(drawn: str, said: str) -> None:
    assert order(drawn) == said


def test_a_way_that_may_end_early_makes_the_rest_optional() -> None:
    assert order("ab bc", ends="a") == "a > b? > c?"


def test_a_way_that_may_begin_late_makes_the_first_optional() -> None:
    assert order("ab bc", starts="b") == "a? > b > c"


def test_a_circle_begins_with_what_is_drawn_first_and_ends_where_its_longest_round_closes() -> None:
    assert order("ab bc cd da ba dc") == "((a > b)+ > (c > d)+)+"


def test_what_leads_back_stays_in_the_round_and_what_leads_out_does_not() -> None:
    assert order("ab bc bd ca de df") == "(a > b > c?)+ > d > (e | f)+?"


def test_nodes_that_appear_late_are_put_where_ways_pass_them() -> None:
    graph = {"c": [], "a": ["b"], "b": ["c"]}
    found = order_of(list(graph), graph)
    assert found is not None
    assert order_as_text(found) == "a > b > c"


@st.composite
def graphs(draw: st.DrawFn) -> tuple[Edges, list[str], list[str]]:
    nodes = list("abcdef"[: draw(st.integers(1, 6))])
    node = st.sampled_from(nodes)
    pairs = draw(st.lists(st.tuples(node, node), max_size=12, unique=True))
    found = {one: [other for each, other in pairs if each == one] for one in nodes}
    return found, draw(st.lists(node, max_size=1)), draw(st.lists(node, max_size=1))


@given(graphs())
def test_every_way_that_passes_no_step_twice_is_accepted(drawn: tuple[Edges, list[str], list[str]]) -> None:
    graph, starts, ends = drawn
    found = order_of(list(graph), graph, starts, ends)
    assert found is not None
    accepting = order_graph(found)
    for way in _ways(graph, starts, ends):
        assert _accepts(accepting, way), (graph, order_as_text(found), way)


@given(graphs())
def test_every_order_names_each_step_once_and_reads_back(drawn: tuple[Edges, list[str], list[str]]) -> None:
    found = order_of(list(drawn[0]), *drawn)
    assert found is not None
    assert sorted(mentions(found)) == sorted(drawn[0])
    assert parse_order(order_as_text(found)) == found


@pytest.mark.parametrize("count", [1, 2, 40])
def test_a_chain_is_claimed_whole_and_a_full_graph_hardly_at_all(count: int) -> None:
    nodes = [f"n{number}" for number in range(count)]
    chain = order_of(nodes, {one: [other] for one, other in pairwise(nodes)})
    assert _mandatory(chain) == count
    full = order_of(nodes, {one: [other for other in nodes if other != one] for one in nodes})
    assert _mandatory(full) <= 2


def _mandatory(order: Order | None) -> int:
    if order is None or order.optional:
        return 0
    return 1 if order.kind == "step" else sum(_mandatory(part) for part in order.parts)


def _ways(graph: Edges, starts: list[str], ends: list[str]) -> Iterator[list[str]]:
    """Yield the ways from an entry to an exit that pass no node twice."""
    entered = {other for one in graph for other in graph[one] if other != one}
    left = {one for one in graph if set(graph[one]) - {one}}
    waiting = [[node] for node in graph if node in starts or node not in entered]
    for way in waiting:
        if way[-1] in ends or way[-1] not in left:
            yield way
        waiting += [[*way, each] for each in graph[way[-1]] if each not in way]


def _accepts(graph: OrderGraph, way: list[str]) -> bool:
    """Tell whether a way leaves nothing out."""
    at = {START}
    for step in way:
        at = {
            to
            for one in at
            for to, jump in graph.jumps_from(one).items()
            if graph.steps[to] == step and not jump.skipped
        }
    return any(not graph.owed_after(one) for one in at)
