"""Order expressions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outrider.plan.workflow.mistakes import TextError
from outrider.plan.workflow.model import Order
from outrider.plan.workflow.order_text import mentions, order_as_text, parse_order, read_order
from tests.plan.workflow.made import orders


def step(name: str, *, optional: bool = False, repeats: bool = False) -> Order:
    return Order("step", name, optional=optional, repeats=repeats)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("red", step("red")),
        ("(red)", step("red")),
        ("red+?", step("red", optional=True, repeats=True)),
        ("(red?)+", step("red", optional=True, repeats=True)),
        (
            "red>green > refactor?",
            Order("sequence", parts=(step("red"), step("green"), step("refactor", optional=True))),
        ),
        ("(a > b) > c", Order("sequence", parts=(step("a"), step("b"), step("c")))),
        (
            "a > (b | c)+",
            Order("sequence", parts=(step("a"), Order("either", parts=(step("b"), step("c")), repeats=True))),
        ),
        ("(a > b)+", Order("sequence", parts=(step("a"), step("b")), repeats=True)),
    ],
)
def test_an_order_reads_as_its_tree(text: str, order: Order) -> None:
    assert parse_order(text) == order


@pytest.mark.parametrize(
    ("text", "column", "slug", "suggestion"),
    [
        ("", 1, "unexpected-text", ""),
        ("a >", 4, "unexpected-text", ""),
        ("a b", 3, "unexpected-text", ""),
        ("a -> b", 3, "unexpected-text", "write `>` between steps that follow each other"),
        ("(a > b", 1, "unexpected-text", "add `)`"),
        ("a)", 2, "unexpected-text", ""),
        ("()", 2, "unexpected-text", ""),
        ("a > b | c", 7, "mixed-order", "put one of them in parentheses: `a > (b | c)`"),
        ("a > *", 5, "unknown-step", "describe it under `steps`"),
        ('"a"', 1, "unexpected-text", "names of steps stand without quotes"),
        ("a > gren", 5, "unknown-step", "did you mean `green`?"),
        ("(" * 21 + "a" + ")" * 21, 21, "too-deep", "leave out those that change nothing"),
        ("a" + " > a" * 400, 1601, "too-many", "split the workflow"),
        ("a" * 10_001, 1, "too-long", "say it in fewer words"),
    ],
)
def test_a_mistake_says_where_what_and_what_instead(
    text: str, column: int, slug: str, suggestion: str
) -> None:
    with pytest.raises(TextError) as caught:
        parse_order(text, ["a", "b", "c", "green"])
    mistake = caught.value
    assert (mistake.column, mistake.slug, mistake.suggestion) == (column, slug, suggestion)


def test_all_unknown_steps_are_told_at_once() -> None:
    assert [each.column for each in read_order("x > a > y", ["a"]).mistakes] == [1, 9]


def test_the_steps_of_an_order_come_as_they_stand() -> None:
    assert mentions(parse_order("a > (b | a)+ > c")) == ("a", "b", "a", "c")


@given(orders)
def test_writing_and_reading_an_order_gives_the_same(order: Order) -> None:
    assert parse_order(order_as_text(order)) == order


@given(st.text() | st.text("ab>|?+() ", max_size=40))
def test_no_text_breaks_the_reading_of_orders(text: str) -> None:
    reading = read_order(text)
    assert (reading.value is None) == bool(reading.mistakes)
    if reading.value:
        assert parse_order(order_as_text(reading.value)) == reading.value
