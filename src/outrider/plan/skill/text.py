"""The text of a SKILL.md as structure. Lines count from 1; damage is a value, never an exception."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

from outrider.kernel import limits
from outrider.plan.workflow.model import Mistake
from outrider.plan.yaml_text import Plain, yaml_value


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
        found = -1
        for index, section in enumerate(self.sections):
            if section.line <= line <= section.end:
                found = index
        return found

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


_FRONT = re.compile(r"\A\ufeff?---[ \t]*\n(.*?)^---[ \t]*$\n?", re.DOTALL | re.MULTILINE)
_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
_CHECKBOX = re.compile(r"\[[ xX]\]\s+")


def read_skill(text: str, *, path: str = "") -> Skill:
    """Read a skill. Of a text beyond the limit only the beginning is read."""
    text = text[: limits.SKILL_BODY_CHARS].replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    front, fault, skipped = _front_matter(text)
    lines = tuple(text.split("\n"))
    body = "\n" * skipped + "\n".join(lines[skipped:])
    tokens = _MARKDOWN.parse(body)
    name = front.get("name")
    return Skill(
        name if isinstance(name, str) and name else _name_of(path),
        path,
        front,
        fault,
        lines,
        _sections(tokens, len(lines)),
        tuple(_items(tokens)),
        tuple(_fences(tokens)),
        tuple(_comments(body)),
        tuple(_paragraphs(tokens)),
    )


def _parser() -> MarkdownIt:
    """Return a parser of blocks alone: what stands inside lines is looked at as text."""
    parser = MarkdownIt("commonmark")
    parser.core.ruler.disable("inline")
    return parser


_MARKDOWN = _parser()


def _name_of(path: str) -> str:
    parts = path.replace("\\", "/").split("/")
    if parts[-1] == "SKILL.md" and len(parts) > 1:
        return parts[-2]
    return parts[-1].rpartition(":")[2].removesuffix(".md")


def _front_matter(text: str) -> tuple[dict[str, Plain], Mistake | None, int]:
    match = _FRONT.match(text)
    if match is None:
        return {}, None, 0
    lines = match[0].count("\n")
    value = yaml_value(match[1]) if match[1].strip() else {}
    if isinstance(value, dict):
        return value, None, lines
    fault = value if isinstance(value, Mistake) else Mistake(1, 1, "wrong-type", "front matter is no mapping")
    return _plain_lines(match[1]), fault, lines


def _plain_lines(text: str) -> dict[str, Plain]:
    """Read `key: value` lines of front matter that is no YAML, as hosts do."""
    pairs = (line.partition(":") for line in text.split("\n") if ":" in line and line[:1].isalpha())
    return {key.strip(): value.strip() for key, _, value in pairs}


def _sections(tokens: list[Token], last: int) -> tuple[Section, ...]:
    heads = [
        (int(token.tag[1]), tokens[index + 1].content.strip(), token.map[0] + 1)
        for index, token in enumerate(tokens)
        if token.type == "heading_open" and token.map and token.level == 0
    ]
    found = []
    for index, (level, title, line) in enumerate(heads):
        end = next((later[2] - 1 for later in heads[index + 1 :] if later[0] <= level), last)
        parent = next((n for n in range(index - 1, -1, -1) if heads[n][0] < level), -1)
        found.append(Section(level, _plain(title), line, end, parent))
    return tuple(found)


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


def _comments(text: str) -> list[Note]:
    found, line, at = [], 1, 0
    for match in _COMMENT.finditer(text):
        line += text.count("\n", at, match.start())
        at = match.start()
        found.append(Note(match[1].strip(), line))
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
