"""Graphviz digraphs, as far as skills use them: nodes with labels and shapes, edges, clusters.

Source of the grammar: the DOT language of Graphviz. The reading is tolerant: what it does not know it skips.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

_MOST_NODES = 200
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|->|--|[{}\[\];,=]|[^\s{}\[\];,="]+')
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/|^\s*#[^\n]*", re.DOTALL | re.MULTILINE)


@dataclass(slots=True)
class Node:
    """One node: its label without line breaks, its shape in lower case, the line it first stands on."""

    label: str
    shape: str = ""
    line: int = 0


@dataclass(slots=True)
class Digraph:
    """A digraph: its name, its nodes by their ids in order of appearance, its edges."""

    name: str
    nodes: dict[str, Node] = field(default_factory=dict)
    edges: list[tuple[str, str]] = field(default_factory=list)


def read_digraph(text: str, first_line: int = 1) -> Digraph | None:
    """Read the first digraph of ``text``; None when there is none."""
    clean = _COMMENT.sub(lambda match: "\n" * match[0].count("\n"), text)
    head = re.search(r"\bdigraph\s*(\"[^\"]*\"|[\w-]*)\s*\{", clean)
    if head is None:
        return None
    graph = Digraph(head[1].strip('"'))
    line = first_line + clean.count("\n", 0, head.end())
    _Reader(graph, list(_tokens(clean[head.end() :], line))).read()
    return graph


def _tokens(text: str, line: int) -> Iterator[tuple[str, int]]:
    at = 0
    for match in _TOKEN.finditer(text):
        line += text.count("\n", at, match.start())
        at = match.start()
        yield match[0], line


class _Reader:
    def __init__(self, graph: Digraph, tokens: list[tuple[str, int]]) -> None:
        self._graph = graph
        self._tokens = tokens
        self._at = 0
        self._defaults: list[str] = [""]

    def read(self) -> None:
        depth = 1
        while self._at < len(self._tokens) and depth:
            word, line = self._tokens[self._at]
            if word == "{":
                depth += 1
                self._defaults.append(self._defaults[-1])
                self._at += 1
            elif word == "}":
                depth -= 1
                self._defaults.pop()
                self._at += 1
            elif word in ("subgraph", "graph", "edge", "node"):
                self._keyword(word)
            elif word in ";,[]=->--":
                self._at += 1
            else:
                self._statement(line)

    def _keyword(self, word: str) -> None:
        self._at += 1
        if word == "subgraph":
            if self._peek() not in ("{", ""):
                self._at += 1
            return
        attributes = self._attributes()
        if word == "node" and "shape" in attributes:
            self._defaults[-1] = attributes["shape"].lower()

    def _statement(self, line: int) -> None:
        names = [self._name()]
        if self._peek() == "=":
            self._at += 2
            return
        while self._peek() in ("->", "--"):
            self._at += 1
            if self._peek() in ("", "{", "}", ";"):
                break
            names.append(self._name())
        attributes = self._attributes()
        for name in names:
            self._node(name, line)
        self._graph.edges += pairwise(names)
        if len(names) == 1 and names[0] in self._graph.nodes:
            node = self._graph.nodes[names[0]]
            node.label = _label(attributes.get("label", node.label))
            node.shape = attributes.get("shape", node.shape).lower()

    def _node(self, name: str, line: int) -> None:
        if name not in self._graph.nodes and len(self._graph.nodes) < _MOST_NODES:
            self._graph.nodes[name] = Node(_label(name), self._defaults[-1], line)

    def _attributes(self) -> dict[str, str]:
        found: dict[str, str] = {}
        while self._peek() == "[":
            self._at += 1
            while self._peek() not in ("]", ""):
                key = self._name()
                if self._peek() == "=":
                    self._at += 1
                    found[key] = self._name()
            self._at += 1
        return found

    def _name(self) -> str:
        token = self._peek()
        self._at += 1
        return token[1:-1].replace('\\"', '"') if token.startswith('"') else token

    def _peek(self) -> str:
        return self._tokens[self._at][0] if self._at < len(self._tokens) else ""


def _label(text: str) -> str:
    return " ".join(re.sub(r"\\[nlr]", " ", text).split())
