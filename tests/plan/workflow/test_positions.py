"""YAML as values with positions."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from outrider.plan.workflow import positions
from outrider.plan.workflow.model import Mistake
from outrider.plan.workflow.positions import ListNode, MapNode, Node, TextNode, read_nodes
from tests.plan.workflow.made import TDD


def _value(text: str) -> TextNode:
    root = read_nodes(text)
    assert isinstance(root, MapNode)
    value = root.pairs[0][1]
    assert isinstance(value, TextNode)
    return value


@pytest.mark.parametrize(
    ("text", "word", "place"),
    [
        ("a: one two", "two", (1, 8)),
        ("a: 'one two'", "two", (1, 9)),
        ('a: "one two"', "two", (1, 9)),
        ("a: one\n  two", "two", (2, 3)),
        ("a: >\n  one\n\n  two\n", "two", (4, 3)),
        ("a: |\n  one\n  two\n", "two", (3, 3)),
        ("a: >-\r\n  one\r\n  two\r\n", "two", (3, 3)),
        ("a: 'ä one\n  two'", "two", (2, 3)),
    ],
)
def test_a_word_is_found_where_it_stands_however_its_text_is_written(
    text: str, word: str, place: tuple[int, int]
) -> None:
    value = _value(text)
    assert value.place(value.text.index(word)) == place


def test_the_end_of_a_text_has_a_place_too() -> None:
    assert _value("a: one").place(3) == (1, 7)


def test_nothing_is_told_from_a_quoted_nothing() -> None:
    assert [_value(f"a: {text}").is_nothing for text in ("", "~", "null", '""', "'~'")] == [True] * 3 + [
        False
    ] * 2


@pytest.mark.parametrize(
    ("text", "line", "column", "slug"),
    [
        ("", 1, 1, "empty-file"),
        ("# nothing\n", 1, 1, "empty-file"),
        ("~", 1, 1, "empty-file"),
        ("a: b\nc: *x", 2, 4, "alias"),
        ("a: *.py", 1, 4, "alias"),
        ("a: **b**", 1, 4, "alias"),
        ("a: &x b", 1, 4, "anchor"),
        ("a: & b", 1, 4, "anchor"),
        ("a: !<x", 1, 4, "tag"),
        ("a: !!python/name:os.system b", 1, 4, "tag"),
        ("a: !x b", 1, 4, "tag"),
        ("a:\n  <<: {b: c}", 2, 3, "merge-key"),
        ("a: b\n---\nc: d", 2, 1, "second-document"),
        ("%YAML 1.1\n---\na: b", 1, 1, "directive"),
        ("{a: b}: c", 1, 1, "wrong-type"),
        ("[" * 30, 1, 21, "too-deep"),
        ("[" * 500_000, 1, 21, "too-deep"),
        ("a: b: c", 1, 5, "not-yaml"),
        ("a:\n\t- b", 2, 1, "tab"),
        ("a: [b", 1, 6, "not-yaml"),
        ('a: "\\U00110000"', 1, 1, "not-yaml"),
        ("a: \x07", 1, 4, "hidden-character"),
        ('a: "\\u0007"', 1, 4, "hidden-character"),
        ("a: \u202eb", 1, 4, "hidden-character"),
        ("a: \ud800", 1, 4, "hidden-character"),
        ("a: b\nc: \ufffd", 2, 4, "not-utf-8"),
        ("a" * 1_048_577, 1, 1, "too-large"),
        ("[" + "a," * 30_000 + "]", 1, 40_000, "too-many"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else None,
)
def test_what_cannot_be_read_is_one_mistake(text: str, line: int, column: int, slug: str) -> None:
    mistake = read_nodes(text)
    assert isinstance(mistake, Mistake)
    assert (mistake.line, mistake.column, mistake.slug) == (line, column, slug)


def test_a_bomb_is_refused_at_its_first_fuse() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{new}: &{new} [*{old}, *{old}]\n" for old, new in zip("abcdef", "bcdefg", strict=True)
    )
    mistake = read_nodes(bomb)
    assert isinstance(mistake, Mistake)
    assert (mistake.line, mistake.slug) == (1, "anchor")


def _same_without_the_fast_parser(text: str) -> tuple[Node | Mistake, Node | Mistake]:
    fast = positions._FAST
    with_it = read_nodes(text)
    try:
        positions._FAST = yaml.SafeLoader
        return with_it, read_nodes(text)
    finally:
        positions._FAST = fast


@pytest.mark.parametrize(
    "text",
    [
        TDD,
        "a:\n  -\n  - b\n  -",
        "a:   # c\nb: >\n  x\n\n\nc: |-\n  y\n d: 1",
        "a: {b, c: , d}",
        "[a, [], {}]",
    ],
)
def test_both_parsers_give_the_same(text: str) -> None:
    one, other = _same_without_the_fast_parser(text)
    assert one == other


@given(
    st.integers(0, len(TDD) - 1),
    st.sampled_from([*"\n\t ,:[]{}#&*!|>'\"%@`-?a", "", "\n  ", ": ", " #", "- "]),
)
def test_both_parsers_give_the_same_when_a_file_is_damaged(at: int, put: str) -> None:
    one, other = _same_without_the_fast_parser(TDD[:at] + put + TDD[at + 1 :])
    assert one == other


@given(st.text() | st.text("a:-[]{},#\n '\"|>&*!%?\t", max_size=60))
def test_no_text_breaks_the_reading(text: str) -> None:
    assert isinstance(read_nodes(text), TextNode | ListNode | MapNode | Mistake)
