"""A Markdown file as structure, for checking: lines count from 1, damage is a value.

Fences, indented code and comments are taken out of the prose, so that no example is read as text; the prose
keeps every character's place.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from markdown_it.token import Token

from outrider.plan.front_matter import FrontMatter, read_front_matter
from outrider.plan.markdown import BLOCKS


class Heading(NamedTuple):
    """A heading; ``title`` without its markup."""

    level: int
    title: str
    line: int


class Fence(NamedTuple):
    """A fenced block from its opening line to its ``end``, the closing line or the last that it swallows."""

    line: int
    end: int
    marker: str
    info: str
    closed: bool

    @property
    def language(self) -> str:
        """The first word after the marker, in small letters."""
        return self.info.split(" ")[0].split("{")[0].lower()


class ListItem(NamedTuple):
    """An item of a list. ``number`` is -1 for bullets; items of one list share ``group``."""

    line: int
    end: int
    depth: int
    number: int
    group: int


class Span(NamedTuple):
    """A part of the prose: ``text`` begins at ``start`` of the page's text."""

    text: str
    start: int


class _Blocks(NamedTuple):
    headings: tuple[Heading, ...]
    fences: tuple[Fence, ...]
    items: tuple[ListItem, ...]
    hidden: tuple[tuple[int, int], ...]


class Page:
    """A Markdown file whose lines end with a newline alone; it is parsed when its structure is first "
    "asked for.
    """

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text

    @cached_property
    def front(self) -> FrontMatter:
        """The front matter."""
        return read_front_matter(self.text)

    @property
    def headings(self) -> tuple[Heading, ...]:
        """All headings, in order."""
        return self._blocks.headings

    @property
    def fences(self) -> tuple[Fence, ...]:
        """All fenced blocks, in order."""
        return self._blocks.fences

    @property
    def items(self) -> tuple[ListItem, ...]:
        """The items of all lists, in order."""
        return self._blocks.items

    @cached_property
    def _blocks(self) -> _Blocks:
        lines = self.lines
        body = (
            "\n" * self.front.lines + "\n".join(lines[self.front.lines :]) if self.front.lines else self.text
        )
        tokens = BLOCKS.parse(body)
        fences = tuple(_fences(tokens, lines))
        hidden = [
            (token.map[0], token.map[1]) for token in tokens if token.type == "code_block" and token.map
        ]
        hidden += [(fence.line - 1, fence.end) for fence in fences]
        return _Blocks(tuple(_headings(tokens)), fences, tuple(_items(tokens)), tuple(hidden))

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the file, the first at index 0."""
        return self.text.split("\n")

    @cached_property
    def prose(self) -> str:
        """The text with front matter, code blocks and comments blanked; places are those of the text."""
        lines = list(self.lines)
        for first, end in ((0, self.front.lines), *self._blocks.hidden):
            lines[first:end] = [_FILLER * len(line) for line in lines[first:end]]
        return _COMMENT.sub(_blank, "\n".join(lines)) if "<!--" in self.text else "\n".join(lines)

    @cached_property
    def without_code(self) -> str:
        """The text with blocks of program code blanked; front matter and samples of text are left in."""
        lines = list(self.lines)
        for fence in self.fences:
            if fence.language not in ("", "markdown", "md", "text", "txt", "yaml", "bash", "sh"):
                lines[fence.line : fence.end] = [
                    _FILLER * len(line) for line in lines[fence.line : fence.end]
                ]
        return "\n".join(lines)

    @cached_property
    def prose_and_trees(self) -> str:
        """The prose with drawn folder trees left in, whose notes are text; places are those of the text."""
        lines = self.prose.split("\n")
        for fence in self.fences:
            if "──" in self.fence_text(fence):
                lines[fence.line : fence.end] = self.lines[fence.line : fence.end]
        return "\n".join(lines)

    @cached_property
    def code_spans(self) -> list[Span]:
        """Inline code, without its backquotes."""
        return [
            Span(match[2].strip(), match.start(2) + len(match[2]) - len(match[2].lstrip()))
            for match in _CODE_SPAN.finditer(self.prose)
        ]

    @cached_property
    def slugs(self) -> list[Span]:
        """Words with hyphens, as names of components are, everywhere in the text."""
        return [Span(match[0], match.start()) for match in _SLUG.finditer(self.text)]

    @cached_property
    def line_starts(self) -> list[int]:
        """The place of the first character of each line."""
        return [0, *accumulate(len(line) + 1 for line in self.lines)]

    def place(self, offset: int) -> tuple[int, int]:
        """Return line and column of the character at ``offset``, both from 1."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def line_of(self, offset: int) -> int:
        """Return the line of the character at ``offset``."""
        return bisect_right(self.line_starts, offset)

    def line_text(self, line: int) -> str:
        """Return one line, empty beyond the last."""
        return self.lines[line - 1] if 0 < line <= len(self.lines) else ""

    def heading_at(self, line: int) -> int:
        """Return the index of the heading that ``line`` stands under, -1 for none."""
        return bisect_right(self.headings, line, key=lambda heading: heading.line) - 1

    def titles_around(self, line: int) -> list[str]:
        """Return the titles of the sections around ``line``, the innermost first."""
        index, level, titles = self.heading_at(line), 99, []
        while index >= 0:
            heading = self.headings[index]
            if heading.level < level:
                titles.append(heading.title)
                level = heading.level
            index -= 1
        return titles

    def fence_at(self, line: int) -> Fence | None:
        """Return the fence that ``line`` stands in, None outside of all."""
        index = bisect_right(self.fences, line, key=lambda fence: fence.line) - 1
        return self.fences[index] if index >= 0 and line <= self.fences[index].end else None

    def fence_text(self, fence: Fence) -> str:
        """Return the lines inside a fence."""
        return "\n".join(self.lines[fence.line : fence.end - (1 if fence.closed else 0)])


_FILLER = "\x01"
"""Stands for characters that are no prose: it is neither a space nor part of a word, so that no search "
"gets lost."""

_CODE_SPAN = re.compile(r"(?<!`)(`{1,3})(?!`)([^`\n](?:[^\n]*?[^`\n])?)\1(?!`)")
_SLUG = re.compile(r"(?<![\w-])[a-z][a-z0-9]*(?:-[a-z0-9]+)+(?![\w-])")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_NOT_NEWLINE = re.compile(r"[^\n]")
_MARKUP = re.compile(r"[*`]{1,3}|(?<!\w)_{1,3}|_{1,3}(?!\w)")
_CLOSING = re.compile(r"[\s>]*(`{3,}|~{3,})[ \t]*\Z")


def lines_with(text: str, *words: str) -> Iterator[tuple[int, int]]:
    """Yield begin and end of each line of ``text`` that holds one of ``words``.

    Searching in these alone is many times faster than in everything.
    """
    places = sorted({text.rfind("\n", 0, at) + 1 for word in words for at in _places(text, word)})
    for begin in places:
        end = text.find("\n", begin)
        yield begin, end if end >= 0 else len(text)


def found_in(form: re.Pattern[str], text: str, parts: Iterable[tuple[int, int]]) -> Iterator[re.Match[str]]:
    """Yield the matches of ``form`` in some parts of ``text``."""
    for begin, end in parts:
        yield from form.finditer(text, begin, end)


def _places(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        end = text.find("\n", at)
        at = text.find(word, end) if end >= 0 else -1


def without_markup(text: str) -> str:
    """Return a heading's or an item's words without emphasis and backquotes."""
    return _MARKUP.sub("", text).strip()


def _blank(match: re.Match[str]) -> str:
    return _NOT_NEWLINE.sub(_FILLER, match[0])


def _headings(tokens: list[Token]) -> list[Heading]:
    return [
        Heading(int(token.tag[1]), without_markup(tokens[index + 1].content), token.map[0] + 1)
        for index, token in enumerate(tokens)
        if token.type == "heading_open" and token.map
    ]


def _fences(tokens: list[Token], lines: list[str]) -> list[Fence]:
    return [
        Fence(token.map[0] + 1, end, token.markup, token.info.strip(), closed)
        for token in tokens
        if token.type == "fence" and token.map
        for end, closed in (_end(token, token.map, lines),)
    ]


def _end(token: Token, span: list[int], lines: list[str]) -> tuple[int, bool]:
    """Return the last line of a fence, and whether it closes the fence."""
    first, end = span[0], min(span[1], len(lines))
    match = _CLOSING.match(lines[end - 1]) if end - 1 > first else None
    closed = match is not None and match[1][0] == token.markup[0] and len(match[1]) >= len(token.markup)
    return end, closed


def _items(tokens: list[Token]) -> list[ListItem]:
    found: list[ListItem] = []
    lists: list[tuple[bool, int]] = []
    groups = 0
    for token in tokens:
        kind = token.type
        if kind == "ordered_list_open" or kind == "bullet_list_open":  # noqa: PLR1714 - a hot loop
            groups += 1
            lists.append((kind[0] == "o", groups))
        elif kind == "ordered_list_close" or kind == "bullet_list_close":  # noqa: PLR1714
            lists.pop()
        elif kind == "list_item_open" and token.map:
            ordered, group = lists[-1]
            number = int(token.info) if ordered and token.info.isdigit() else -1
            found.append(ListItem(token.map[0] + 1, token.map[1], len(lists) - 1, number, group))
    return found
