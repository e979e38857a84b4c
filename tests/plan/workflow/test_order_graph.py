from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from outrider.plan.workflow.model import Order, Step
from outrider.plan.workflow.order_graph import START, OrderGraph, free_graph, order_graph, visible_graph
from outrider.plan.workflow.order_text import parse_order
from outrider.plan.workflow.patterns import parse_pattern

SEEN = parse_pattern("read")


def _graph(text: str, *optional: str) -> OrderGraph:
    steps = tuple(Step(name, evidence=(SEEN,), optional=name in optional) for name in "abcdef")
    return order_graph(parse_order(text), steps)


def _skipped(graph: OrderGraph, one: str, other: str) -> list[str] | None:
    start = START if not one else graph.steps.index(one)
    jump = graph.jumps_from(start).get(graph.steps.index(other))
    return None if jump is None else [graph.steps[at] for at in jump.skipped]


def test_a_jump_leaves_out_the_mandatory_steps_between() -> None:
    graph = _graph("a > b > c > d")
    assert _skipped(graph, "a", "b") == []
    assert _skipped(graph, "a", "d") == ["b", "c"]
    assert _skipped(graph, "", "c") == ["a", "b"]


def test_there_is_no_way_back_without_a_repetition() -> None:
    assert _skipped(_graph("a > b > c"), "c", "a") is None
    assert _skipped(_graph("(a > b > c)+"), "c", "a") == []
    assert _skipped(_graph("(a > b > c)+"), "b", "a") == ["c"]


def test_optional_steps_and_groups_are_left_out_for_nothing() -> None:
    assert _skipped(_graph("a > b? > c"), "a", "c") == []
    assert _skipped(_graph("a > b > c", "b"), "a", "c") == []
    assert _skipped(_graph("a > (b > c)? > d"), "a", "d") == []
    assert _skipped(_graph("a > (b > c)? > d"), "a", "c") == ["b"]


def test_a_step_that_nothing_shows_is_passed_over() -> None:
    steps = (Step("a", evidence=(SEEN,)), Step("b"), Step("c", evidence=(SEEN,)))
    assert visible_graph(parse_order("a > b > c"), steps).jumps_from(0)[2].skipped == ()
    assert order_graph(parse_order("a > b > c"), steps).jumps_from(0)[2].skipped == (1,)


def test_of_alternatives_one_is_enough() -> None:
    graph = _graph("a > (b | (c > d)) > e")
    assert _skipped(graph, "a", "e") == ["b"]
    assert _skipped(graph, "d", "e") == []
    assert _skipped(graph, "b", "c") is None


def test_what_is_owed_is_the_cheapest_way_to_an_end() -> None:
    graph = _graph("a > b > (c > d)? > e")
    owed = [graph.steps[at] for at in graph.owed_after(graph.steps.index("b"))]
    assert owed == ["e"]
    assert _graph("a? > b?").owed_after(START) == ()


def test_without_an_order_every_step_may_follow_every_other() -> None:
    graph = free_graph((Step("a"), Step("b"), Step("c", optional=True)))
    assert graph.jumps_from(2)[0].skipped == ()
    assert graph.owed_after(0) == ()
    assert all(at not in after for at, after in enumerate(graph.after))


def _pattern(order: Order) -> str:
    """The order as a regular expression over one-letter steps."""
    if order.kind == "step":
        inner = order.step
    else:
        inner = (
            "".join(map(_pattern, order.parts))
            if order.kind == "sequence"
            else "|".join(map(_pattern, order.parts))
        )
    marks = {(False, False): "", (True, False): "?", (False, True): "+", (True, True): "*"}
    return f"(?:{inner}){marks[order.optional, order.repeats]}"


_ORDERS = st.recursive(
    st.builds(
        lambda name, o, r: Order("step", name, (), o, r), st.sampled_from("abc"), st.booleans(), st.booleans()
    ),
    lambda inner: st.builds(
        lambda kind, parts, o, r: Order(kind, "", tuple(parts), o, r),
        st.sampled_from(["sequence", "either"]),
        st.lists(inner, min_size=2, max_size=3),
        st.booleans(),
        st.booleans(),
    ),
    max_leaves=6,
)


@given(_ORDERS, st.text("abc", max_size=6))
def test_the_words_of_the_graph_are_the_words_of_the_expression(order: Order, word: str) -> None:
    graph = order_graph(order)
    states = {START}
    for letter in word:
        states = {at for state in states for at in graph.next_of(state) if graph.steps[at] == letter}
    accepted = any(state in graph.ends or (state == START and graph.may_be_empty) for state in states)
    assert accepted == bool(re.fullmatch(_pattern(order), word))
