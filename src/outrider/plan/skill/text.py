"""The text of a SKILL.md as structure. Lines count from 1; damage is a value, never an exception."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from markdown_it.token import Token

from outrider.kernel import limits
from outrider.plan.front_matter import read_front_matter
from outrider.plan.markdown import BLOCKS
from outrider.plan.workflow.model import Mistake
from outrider.plan.yaml_text import Plain


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands under it, up to the next heading of its level or a higher one.

    ``parent`` is the index of the section around it, -1 for none; level 0 is the text before all headings.
    ``end`` is its last line.
    """

    level: int
    title: str
    line: int
    end: int
    parent: int


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list. ``depth`` counts from 0; ``number`` is 0 for bullets; ``checkbox`` for `- [ ]`."""

    text: str
    line: int
    end: int
    depth: int
    number: int
    checkbox: bool
    group: int


@dataclass(frozen=True, slots=True)
class Fence:
    """A fenced code block; ``line`` is that of its first line of code."""

    language: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Note:
    """A comment, or a paragraph."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill. ``fault`` says why the front matter could not be read; its other keys are in ``front``."""

    name: str
    path: str = ""
    front: dict[str, Plain] = field(default_factory=dict)
    fault: Mistake | None = None
    lines: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    items: tuple[Item, ...] = ()
    fences: tuple[Fence, ...] = ()
    comments: tuple[Note, ...] = ()
    paragraphs: tuple[Note, ...] = ()

    def section_at(self, line: int) -> int:
        """Return the index of the innermost section that holds ``line``, -1 for none."""
        return bisect_right(self.sections, line, key=lambda section: section.line) - 1

    def titles_above(self, index: int) -> list[str]:
        """Return the titles of a section and of those around it, the innermost first; not the skill's own."""
        titles = []
        while index >= 0 and self.sections[index].level > 1:
            titles.append(self.sections[index].title)
            index = self.sections[index].parent
        return titles

    def between(self, first: int, last: int) -> str:
        """Return the lines from ``first`` to ``last``."""
        return "\n".join(self.lines[first - 1 : last])


_CHECKBOX = re.compile(r"\[[ xX]\]\s+")


def read_skill(text: str, *, path: str = "") -> Skill:
    """Read a skill. Of a text beyond the limits only the beginning is read."""
    text = text[: limits.SKILL_READ_CHARS].replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    lines = tuple(text.split("\n", limits.SKILL_READ_LINES)[: limits.SKILL_READ_LINES])
    front = read_front_matter("\n".join(lines))
    body = "\n" * front.lines + "\n".join(lines[front.lines :])
    tokens = BLOCKS.parse(body)
    name = front.values.get("name")
    return Skill(
        name if isinstance(name, str) and name else _name_of(path),
        path,
        front.values,
        front.fault,
        lines,
        _sections(tokens, len(lines)),
        tuple(_items(tokens)),
        tuple(_fences(tokens)),
        tuple(_comments(_without_code(body, tokens))),
        tuple(_paragraphs(tokens)),
    )


def _name_of(path: str) -> str:
    parts = path.replace("\\", "/").split("/")
    if parts[-1] == "SKILL.md" and len(parts) > 1:
        return parts[-2]
    return parts[-1].rpartition(":")[2].removesuffix(".md")


def _sections(tokens: list[Token], last: int) -> tuple[Section, ...]:
    heads = [
        (int(token.tag[1]), tokens[index + 1].content.strip(), token.map[0] + 1)
        for index, token in enumerate(tokens)
        if token.type == "heading_open" and token.map and token.level == 0
    ]
    ends, parents, around = [last] * len(heads), [-1] * len(heads), list[int]()
    for index, (level, _, line) in enumerate(heads):
        while around and heads[around[-1]][0] >= level:
            ends[around.pop()] = line - 1
        parents[index] = around[-1] if around else -1
        around.append(index)
    return tuple(
        Section(level, _plain(title), line, end, parent)
        for (level, title, line), end, parent in zip(heads, ends, parents, strict=True)
    )


def _items(tokens: list[Token]) -> list[Item]:
    found: list[Item] = []
    lists: list[tuple[bool, int]] = []
    groups = 0
    for index, token in enumerate(tokens):
        if token.type in ("ordered_list_open", "bullet_list_open"):
            groups += 1
            lists.append((token.type[0] == "o", groups))
        elif token.type in ("ordered_list_close", "bullet_list_close"):
            lists.pop()
        elif token.type == "list_item_open" and token.map:
            ordered, group = lists[-1]
            text = _first_text(tokens, index)
            number = int(token.info) if ordered and token.info.isdigit() else 0
            line, end = token.map[0] + 1, token.map[1]
            checkbox = _CHECKBOX.match(text)
            text = text[checkbox.end() :] if checkbox else text
            found.append(Item(text, line, end, len(lists) - 1, number, bool(checkbox), group))
    return found


def _first_text(tokens: list[Token], index: int) -> str:
    """Return the first paragraph of the list item that begins at ``index``."""
    for token in tokens[index + 1 : index + 4]:
        if token.type == "inline":
            return token.content.strip()
    return ""


def _fences(tokens: list[Token]) -> list[Fence]:
    return [
        Fence(token.info.strip().split(" ")[0].lower(), token.content, token.map[0] + 2)
        for token in tokens
        if token.type == "fence" and token.map
    ]


def _without_code(body: str, tokens: list[Token]) -> str:
    """Blank the lines of code blocks, in which a comment is an example of one."""
    lines = body.split("\n")
    for token in tokens:
        if token.type in ("fence", "code_block") and token.map:
            first, end = token.map
            lines[first:end] = [""] * (end - first)
    return "\n".join(lines)


def _comments(text: str) -> list[Note]:
    found: list[Note] = []
    line, at = 1, 0
    while len(found) < limits.SKILL_COMMENTS:
        begin = text.find("<!--", at)
        end = text.find("-->", begin + 4) if begin >= 0 else -1
        if end < 0:
            break
        line += text.count("\n", at, begin)
        found.append(Note(text[begin + 4 : end].strip(), line))
        at = end + 3
        line += text.count("\n", begin, at)
    return found


def _paragraphs(tokens: list[Token]) -> list[Note]:
    return [
        Note(tokens[index + 1].content.strip(), token.map[0] + 1)
        for index, token in enumerate(tokens)
        if token.type == "paragraph_open" and token.map and token.level == 0
    ]


def _plain(text: str) -> str:
    """Return a heading without its markup."""
    return re.sub(r"[*`]{1,3}|(?<!\w)_{1,3}|_{1,3}(?!\w)", "", text).strip()
