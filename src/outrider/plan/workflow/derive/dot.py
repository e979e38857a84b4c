"""Graphviz digraphs, as far as skills use them: nodes with labels and shapes, edges, clusters.

Source of the grammar: the DOT language of Graphviz. The reading is tolerant: what it does not know it skips.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from outrider.kernel.limits import DIGRAPH_CHARS, DIGRAPH_EDGES, DIGRAPH_NODES

_QUOTED = r'"(?:[^"\\]|\\.)*(?:"|\\?\Z)'
_TOKEN = re.compile(_QUOTED + r'|->|--|[{}\[\];,=]|(?:(?!->|--)[^\s{}\[\];,="])+', re.DOTALL)
_COMMENT = re.compile(
    rf"(?P<quoted>{_QUOTED})|//[^\n]*|/\*.*?(?:\*/|\Z)|^[ \t]*#[^\n]*", re.DOTALL | re.MULTILINE
)
_SIGNS = frozenset((";", ",", "[", "]", "=", "->", "--"))
_HEAD = re.compile(r'\bdigraph\s{0,20}(?:("[^"]{0,200}"|[\w-]{1,100})\s{0,20})?\{')


@dataclass(slots=True)
class Node:
    """One node: its label without line breaks, its shape in lower case, the line it first stands on."""

    label: str
    shape: str = ""
    line: int = 0


@dataclass(slots=True)
class Digraph:
    """A digraph: its name, its nodes by their ids in order of appearance, its edges, each once.

    ``is_partial``: some of its nodes or edges are missing here.
    """

    name: str
    nodes: dict[str, Node] = field(default_factory=dict)
    edges: dict[tuple[str, str], None] = field(default_factory=dict)
    is_partial: bool = False


def read_digraph(text: str, first_line: int = 1) -> Digraph | None:
    """Read the first digraph of ``text``; None when there is none."""
    clean = _COMMENT.sub(_blank, text[:DIGRAPH_CHARS])
    head = _HEAD.search(clean)
    if head is None:
        return None
    graph = Digraph((head[1] or "").strip('"'), is_partial=len(text) > DIGRAPH_CHARS)
    line = first_line + clean.count("\n", 0, head.end())
    _Reader(graph, list(_tokens(clean[head.end() :], line))).read()
    return graph


def _blank(match: re.Match[str]) -> str:
    """Return a quoted text as it is, and of a comment its line breaks."""
    return match["quoted"] or "\n" * match[0].count("\n")


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
            elif word in _SIGNS:
                self._graph.is_partial |= word == "->"
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
        groups = [[self._name()]]
        if self._peek() == "=":
            self._at += 2
            return
        while self._peek() in ("->", "--"):
            self._at += 1
            groups.append(self._end_of_edge())
        attributes = self._attributes()
        for name in (name for group in groups for name in group):
            self._node(name, line)
        for ones, others in pairwise(groups):
            self._edges(ones, others)
        if len(groups) == 1 and groups[0][0] in self._graph.nodes:
            node = self._graph.nodes[groups[0][0]]
            node.label = _label(attributes.get("label", node.label))
            node.shape = attributes.get("shape", node.shape).lower()

    def _end_of_edge(self) -> list[str]:
        """Return the node that an edge leads to, or those of a group in braces."""
        if self._peek() in ("", "}", ";", "subgraph"):
            self._graph.is_partial = True
            return []
        if self._peek() != "{":
            return [self._name()]
        self._at += 1
        names: list[str] = []
        while self._peek() not in ("", "}"):
            name = self._name()
            if name not in _SIGNS:
                names.append(name)
        self._at += 1
        return names

    def _node(self, name: str, line: int) -> None:
        if name in self._graph.nodes:
            return
        if len(self._graph.nodes) < DIGRAPH_NODES:
            self._graph.nodes[name] = Node(_label(name), self._defaults[-1], line)
        else:
            self._graph.is_partial = True

    def _edges(self, ones: list[str], others: list[str]) -> None:
        for one in ones:
            for other in others:
                if len(self._graph.edges) >= DIGRAPH_EDGES:
                    self._graph.is_partial = True
                elif one in self._graph.nodes and other in self._graph.nodes:
                    self._graph.edges[one, other] = None

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
        if not token.startswith('"'):
            return token
        return token[1 : -1 if len(token) > 1 and token.endswith('"') else None].replace('\\"', '"')

    def _peek(self) -> str:
        return self._tokens[self._at][0] if self._at < len(self._tokens) else ""


def _label(text: str) -> str:
    return " ".join(re.sub(r"\\[nlr]", " ", text).split())
