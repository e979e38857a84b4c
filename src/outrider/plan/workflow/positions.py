"""YAML text to values that know where they stand.

The subset is small on purpose: mappings, lists and texts. References, tags, directives and merge keys are
refused at the event that begins them, before anything is built, so that no file is larger than it looks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Protocol

import yaml

from outrider.kernel.limits import WORKFLOW_CHARS, WORKFLOW_DEPTH, WORKFLOW_NODES
from outrider.plan.workflow.mistakes import MistakeSlug
from outrider.plan.workflow.model import Mistake
from outrider.plan.workflow.scanner import hidden_character

_Loader = type[yaml.SafeLoader]
_FAST: _Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_EXACT_UP_TO_CHARS = 64 * 1024
"""Up to here bad YAML is read again by the slow parser, so that every machine tells the same mistake."""


@dataclass(frozen=True, slots=True)
class TextNode:
    """A text. ``plain``: it stands without quotes; ``raw`` is how it is written, from its place on."""

    text: str
    line: int
    column: int
    plain: bool
    raw: str

    @property
    def is_nothing(self) -> bool:
        """Tell whether nothing stands here, or YAML's word for it."""
        return self.plain and self.text in ("", "~", "null", "Null", "NULL")

    def place(self, offset: int) -> tuple[int, int]:
        """Return line and column of the character at ``offset`` of the text, however the text is folded."""
        at = self._in_raw(offset)
        before = self.raw[:at]
        lines = before.count("\n")
        column = len(before) - before.rfind("\n") if lines else self.column + at
        return self.line + lines, column

    def _in_raw(self, offset: int) -> int:
        start = 0
        if not self.plain:
            start = self.raw.find("\n") + 1 if self.raw[:1] in "|>" else 1
        to_pass = sum(not char.isspace() for char in self.text[:offset])
        for at in range(start, len(self.raw)):
            if not self.raw[at].isspace():
                if to_pass == 0:
                    return at
                to_pass -= 1
        return len(self.raw)


@dataclass(frozen=True, slots=True)
class ListNode:
    """A list."""

    items: tuple[Node, ...]
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class MapNode:
    """A mapping, its pairs as they stand, repeated keys included."""

    pairs: tuple[tuple[TextNode, Node], ...]
    line: int
    column: int


Node = TextNode | ListNode | MapNode


def read_nodes(text: str) -> Node | Mistake:
    """Return the value that ``text`` holds, or the one mistake that keeps it from being read."""
    if len(text) > WORKFLOW_CHARS:
        message = f"this file has {len(text):,} characters; {WORKFLOW_CHARS:,} are read"
        return Mistake(1, 1, "too-large", message, "is it a workflow file?")
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if unreadable := _unreadable(text):
        return unreadable
    found = _read_with(_FAST, text)
    if isinstance(found, Mistake) and found.slug == "not-yaml" and len(text) <= _EXACT_UP_TO_CHARS:
        return _read_with(yaml.SafeLoader, text)
    return found


class _Mark(Protocol):
    """A place as both parsers tell it, from 0."""

    line: int
    column: int


class _RefusedError(Exception):
    def __init__(self, mark: _Mark | None, slug: MistakeSlug, message: str, suggestion: str = "") -> None:
        super().__init__(message)
        line, column = _spot(mark)
        self.mistake = Mistake(line + 1, column + 1, slug, message, suggestion)


def _unreadable(text: str) -> Mistake | None:
    at = text.find("\ufffd")
    if at >= 0:
        return _mistake_at(text, at, "not-utf-8", "this is no UTF-8 text", "save the file as UTF-8")
    at = hidden_character(text)
    if at >= 0:
        message = f"the character U+{ord(text[at]):04X} does not show"
        return _mistake_at(text, at, "hidden-character", message, "remove it")
    at = text.find("\t")
    if at >= 0:
        message = "YAML and its readers do not agree on what a tab means"
        return _mistake_at(text, at, "tab", message, "write spaces, or `\\t` in double quotes")
    return None


def _mistake_at(text: str, at: int, slug: MistakeSlug, message: str, suggestion: str) -> Mistake:
    before = text[:at]
    return Mistake(before.count("\n") + 1, at - before.rfind("\n"), slug, message, suggestion)


def _read_with(loader: _Loader, text: str) -> Node | Mistake:
    try:
        return _Builder(text, yaml.parse(text, Loader=loader)).document()
    except _RefusedError as refused:
        return refused.mistake
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        return _syntax(error).mistake


def _syntax(error: Exception) -> _RefusedError:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or "it cannot be parsed"
    context = getattr(error, "context", None) or ""
    for slug in _SIGNS:
        if f"scanning a {slug}" in context or f"scanning an {slug}" in context:
            return _misread(getattr(error, "context_mark", None) or mark, slug)
    return _RefusedError(mark, "not-yaml", f"this is no YAML: {problem}", _syntax_hint(problem))


def _syntax_hint(problem: str) -> str:
    if "mapping values are not allowed" in problem:
        return "put a text with `: ` in quotes"
    return "check quotes, brackets and indentation near here; put unusual texts in quotes"


class _Builder:
    """Builds nodes from events, as they come."""

    def __init__(self, text: str, events: Iterator[yaml.Event]) -> None:
        self._lines = text.split("\n")
        self._events = events
        self._count = 0
        self._brackets = 0

    def document(self) -> Node:
        node: Node | None = None
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                if node is not None:
                    raise _RefusedError(event.start_mark, "second-document", "a file holds one workflow")
                if event.version or event.tags:
                    message = "directives are not read"
                    raise _RefusedError(event.start_mark, "directive", message, "remove the line with `%`")
            elif isinstance(event, yaml.NodeEvent):
                node = self._node(event, 0)
        if node is None or (isinstance(node, TextNode) and node.is_nothing):
            raise _RefusedError(None, "empty-file", "this file says nothing", "begin with `skill: NAME`")
        return node

    def _node(self, event: yaml.Event, depth: int) -> Node:
        _refuse_references(event)
        self._count += 1
        if self._count > WORKFLOW_NODES:
            raise _RefusedError(event.start_mark, "too-many", f"a file may hold {WORKFLOW_NODES:,} values")
        if isinstance(event, yaml.ScalarEvent):
            return self._text(event)
        if depth >= WORKFLOW_DEPTH:
            message = f"values may be nested {WORKFLOW_DEPTH} deep"
            raise _RefusedError(event.start_mark, "too-deep", message, "a workflow needs five levels")
        in_brackets = int(bool(getattr(event, "flow_style", False)))
        self._brackets += in_brackets
        node = (
            self._list(event, depth)
            if isinstance(event, yaml.SequenceStartEvent)
            else self._map(event, depth)
        )
        self._brackets -= in_brackets
        return node

    def _list(self, start: yaml.Event, depth: int) -> ListNode:
        items = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(_placed(self._node(event, depth + 1), *_place(start)))
        return ListNode(tuple(items), *_place(start))

    def _map(self, start: yaml.Event, depth: int) -> MapNode:
        pairs = []
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._node(event, depth + 1)
            if not isinstance(key, TextNode):
                raise _RefusedError(
                    event.start_mark, "wrong-type", "a key must be a text", "put braces in quotes"
                )
            if key.plain and key.text == "<<":
                raise _RefusedError(event.start_mark, "merge-key", "merge keys are not read", "write it out")
            value = self._node(next(self._events), depth + 1)
            pairs.append((key, _placed(value, key.line, key.column)))
        return MapNode(tuple(pairs), *_place(start))

    def _text(self, event: yaml.ScalarEvent) -> TextNode:
        at = hidden_character(event.value)
        if at >= 0:
            message = f"the character U+{ord(event.value[at]):04X} does not show"
            raise _RefusedError(event.start_mark, "hidden-character", message, "remove its escape")
        plain = not event.style
        if plain and self._brackets and "?" in event.value:
            # The fast parser takes it for a part of the text, the other one for the sign of a key.
            raise _RefusedError(
                event.start_mark, "not-yaml", "a text with `?` in brackets must stand in quotes"
            )
        line, column = _place(event)
        return TextNode(event.value, line, column, plain, self._raw(event.start_mark, event.end_mark))

    def _raw(self, start: _Mark | None, end: _Mark | None) -> str:
        (line, column), (last, until) = _spot(start), _spot(end)
        if line == last:
            return "".join(self._lines[line : line + 1])[column:until]
        end_line = [each[:until] for each in self._lines[last : last + 1]]
        return "\n".join([self._lines[line][column:], *self._lines[line + 1 : last], *end_line])


def _place(event: yaml.Event) -> tuple[int, int]:
    line, column = _spot(event.start_mark)
    return line + 1, column + 1


def _spot(mark: _Mark | None) -> tuple[int, int]:
    """Return line and column from 0."""
    return (mark.line, mark.column) if mark else (0, 0)


def _placed(node: Node, line: int, column: int) -> Node:
    """Place an absent value where its key or its list begins: parsers differ in where they see nothing."""
    if isinstance(node, TextNode) and node.plain and not node.text:
        return replace(node, line=line, column=column, raw="")
    return node


def _refuse_references(event: yaml.Event) -> None:
    if isinstance(event, yaml.AliasEvent):
        raise _misread(event.start_mark, "alias")
    if getattr(event, "anchor", None):
        raise _misread(event.start_mark, "anchor")
    if getattr(event, "tag", None):
        raise _misread(event.start_mark, "tag")


_SIGNS: Final[dict[MistakeSlug, str]] = {"alias": "*", "anchor": "&", "tag": "!"}


def _misread(mark: _Mark | None, slug: MistakeSlug) -> _RefusedError:
    """Tell that YAML takes the first character of a text for a sign of its own."""
    article = "a" if slug == "tag" else "an"
    message = f"YAML takes a text that begins with `{_SIGNS[slug]}` for {article} {slug}, which is not read"
    return _RefusedError(mark, slug, message, "put the text in quotes, or write out what is meant")
