"""Digraphs as far as skills use them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outrider.kernel.limits import DIGRAPH_EDGES, DIGRAPH_NODES
from outrider.plan.workflow.derive.dot import Digraph, read_digraph


def read(body: str) -> Digraph:
    graph = read_digraph("digraph g {\n" + body + "\n}")
    assert graph is not None
    return graph


def edges(body: str) -> list[str]:
    return [f"{one}>{other}" for one, other in read(body).edges]


def test_nodes_have_labels_shapes_and_the_line_they_first_stand_on() -> None:
    graph = read_digraph('digraph tea {\n  boil [label="Boil\\nwater" shape=Box];\n\n  boil -> steep;\n}', 10)
    assert graph is not None
    assert graph.name == "tea"
    found = [(key, node.label, node.shape, node.line) for key, node in graph.nodes.items()]
    assert found == [("boil", "Boil water", "box", 11), ("steep", "steep", "", 13)]


def test_quoted_ids_are_their_own_labels_over_several_lines() -> None:
    graph = read('"Boil the\n water; then [wait] -> go" -> "Say \\"done\\""')
    assert [node.label for node in graph.nodes.values()] == [
        "Boil the water; then [wait] -> go",
        'Say "done"',
    ]
    assert len(graph.edges) == 1


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("a -> b -> c", ["a>b", "b>c"]),
        ("a->b;b->c", ["a>b", "b>c"]),
        ("a -> {b; c}", ["a>b", "a>c"]),
        ("a -> {b c} -> d", ["a>b", "a>c", "b>d", "c>d"]),
        ('a -> b [label="no -> way"]; b -> a [label=yes]', ["a>b", "b>a"]),
        ("a -> b; a -> b", ["a>b"]),
        ("a -> a", ["a>a"]),
        ("subgraph cluster_one { label=x; a -> b } b -> c", ["a>b", "b>c"]),
        ("rankdir=LR; graph [rank=same]; edge [color=red]; a -> b", ["a>b"]),
        ("", []),
    ],
)
def test_edges(body: str, found: list[str]) -> None:
    assert edges(body) == found


def test_a_shape_for_all_holds_inside_its_braces() -> None:
    graph = read("node [shape=diamond]; a; subgraph cluster_x { node [shape=box]; b } c; d [shape=note]")
    assert [node.shape for node in graph.nodes.values()] == ["diamond", "box", "diamond", "note"]


def test_comments_are_no_part_and_keep_the_lines() -> None:
    graph = read('// a -> x\n/* b -> y\n*/\n  # c -> z\na -> b\n"http://tea" -> a')
    assert list(graph.nodes) == ["a", "b", "http://tea"]
    assert graph.nodes["a"].line == 6


@pytest.mark.parametrize("body", ["{a b} -> c", "a -> subgraph x { b c }", "a ->"])
def test_edges_that_are_not_understood_make_the_reading_partial(body: str) -> None:
    assert read(body).is_partial


@pytest.mark.parametrize(
    "text", ["", "graph g { a -- b }", "digraph", "a digraph without braces", "digraph x ["]
)
def test_what_holds_no_digraph_gives_none(text: str) -> None:
    assert read_digraph(text) is None


@pytest.mark.parametrize(
    "body",
    [
        "".join(f"n{number} -> n{number + 1};" for number in range(10_000)),
        "".join(f"n{number % 97} -> n{number % 89};" for number in range(10_000)),
        " -> ".join(f"n{number}" for number in range(20_000)),
        "{" * 100_000,
        "a [" * 50_000,
        '"\\"' * 100_000,
        "/*" * 100_000,
        " \n" * 100_000 + "#",
    ],
    ids=["chain", "many edges", "one line", "braces", "brackets", "quotes", "comments", "empty lines"],
)
def test_bad_input_is_bounded(body: str) -> None:
    graph = read(body)
    assert len(graph.nodes) <= DIGRAPH_NODES
    assert len(graph.edges) <= DIGRAPH_EDGES


def test_a_digraph_of_which_something_is_missing_says_so() -> None:
    whole = ";".join(f"n{number} -> n{number + 1}" for number in range(DIGRAPH_NODES - 1))
    assert not read(whole).is_partial
    assert read(whole + "; n0 -> another").is_partial


@pytest.mark.parametrize(
    "head", ["digraph " * 40_000, "digraph" + " " * 300_000, "digraph-" * 40_000, 'digraph "' * 40_000]
)
def test_a_beginning_that_never_comes_is_looked_for_once(head: str) -> None:
    assert read_digraph(head) is None


@given(
    st.text('ab{}[]->;,="\\\n/*# digraph', max_size=120)
    | st.binary().map(lambda raw: raw.decode("utf-8", "replace"))
)
def test_no_text_is_an_exception(text: str) -> None:
    for whole in (text, "digraph g {" + text):
        graph = read_digraph(whole)
        if graph is not None:
            assert all(one in graph.nodes and other in graph.nodes for one, other in graph.edges)
