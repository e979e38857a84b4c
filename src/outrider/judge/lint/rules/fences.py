"""Markdown structure that is damaged (OR501 to OR503, OR506 to OR508)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from outrider.judge.lint.case import Case, found, quoted
from outrider.judge.lint.finding import Finding
from outrider.kernel import limits
from outrider.plan.plugin.page import Fence, Page

_OPENING = re.compile(r"^([ >]*)(`{3,}|~{3,})[ \t]*([\w#+{\[(.-][^`\n]*)$")
_BARE = re.compile(r"^([ >]*)(`{3,}|~{3,})[ \t]*$")
_POINTER = re.compile(
    r"^\s*(?:\*\*)?(?:[Ss]ee|[Rr]ead|[Ff]or (?:more|details|"
    r"full)[^\n]*[Ss]ee)\b[^\n]*?\(?((?:\./)?references?/[\w./-]+\.md)"
)
_DYNAMIC = re.compile(r"!`[^`\n]+`")
_TABLE_HEAD = re.compile(r"^\s*\|?(?:\s*:?-+:?\s*\|)+\s*:?-*:?\s*\|?\s*$")
_MARKUP_LANGUAGES = ("markdown", "md", "")


def check_page(case: Case, page: Page) -> Iterator[Finding]:
    """Yield damaged fences, tables, and pages that begin in the middle of something."""
    nested = list(_nested(page))
    yield from nested
    yield from _unclosed(page)
    if case.is_loaded(page.path):
        yield from _begins_inside(page)
        yield from _in_fences(page)
    yield from _tables(page)


def _nested(page: Page) -> Iterator[Finding]:
    """A line that opens a block of the same kind inside an open one: the next closing line ends that.

    What follows the first is mostly its consequence, so that a page has one finding.
    """
    inner = [(line, fence) for fence in page.fences if (line := _inner_opening(page, fence))]
    if inner:
        line, fence = inner[0]
        text, outer = page.line_text(line).strip(), page.line_text(fence.line).strip()
        more = [
            f"{number} {quoted(page.line_text(number).strip())}" for number, _ in inner[1 : limits.LINT_LINKS]
        ]
        also = f"; the same in line {', '.join(more)}" if more else ""
        yield found(
            "OR502",
            page.path,
            line,
            f"{quoted(text)} stands inside the block {quoted(outer)} of line {fence.line}, which ends at "
            f"the next "
            f"closing line: write the outer one with more of `{fence.marker[0]}`{also}",
            about=text,
        )


def _inner_opening(page: Page, fence: Fence) -> int:
    own = len(page.line_text(fence.line)) - len(page.line_text(fence.line).lstrip(" >"))
    for line in range(fence.line + 1, fence.end + (0 if fence.closed else 1)):
        match = _OPENING.match(page.line_text(line))
        if (
            match
            and match[2][0] == fence.marker[0]
            and len(match[2]) >= len(fence.marker)
            and len(match[1]) <= own + 3
        ):
            return line
    return 0


def _unclosed(page: Page) -> Iterator[Finding]:
    for fence in page.fences:
        if not fence.closed:
            opening = page.line_text(fence.line).strip()
            lines = fence.end - fence.line
            swallowed = [
                heading for heading in page.lines[fence.line : fence.end] if re.match(r"#{1,4} \w", heading)
            ]
            hint = (
                f", with the heading {quoted(swallowed[-1])}"
                if swallowed and fence.language in ("", "bash", "typescript")
                else ""
            )
            yield found(
                "OR501",
                page.path,
                fence.line,
                f"the block {quoted(opening)} is never closed: it swallows the {lines} lines behind it{hint}",
                about=opening,
            )


def _begins_inside(page: Page) -> Iterator[Finding]:
    """A reference file whose first list goes on from another's, or whose blocks are the wrong way round."""
    numbered = [item for item in page.items if item.number >= 0]
    for index, item in enumerate(numbered):
        starts = index == 0 or item.group != numbered[index - 1].group
        if (
            starts
            and item.number > 1
            and not any(each.number == item.number - 1 for each in numbered[:index])
        ):
            text = page.line_text(item.line).strip()
            yield found(
                "OR503",
                page.path,
                item.line,
                f"a numbered list begins with {quoted(text)}: what stood before it is missing",
                about=text,
            )
            break
    if page.fences and _are_inverted(page):
        text = page.line_text(page.fences[0].line).strip()
        yield found(
            "OR503",
            page.path,
            page.fences[0].line,
            f"the first {quoted(text)} closes a block that begins nowhere: from here on text and code are "
            f"exchanged",
            about=text,
        )


def _are_inverted(page: Page) -> bool:
    first = page.fences[0]
    inside = page.lines[first.line : first.end]
    opens = any(_OPENING.match(line) for line in inside)
    headed = any(re.match(r"#{2,4} \w", line) for line in inside)
    return not first.info and headed and (opens or not page.fences[-1].closed)


def _in_fences(page: Page) -> Iterator[Finding]:
    for fence in page.fences:
        if fence.language in _MARKUP_LANGUAGES and fence.closed:
            continue
        for line in range(fence.line + 1, fence.end):
            match = _POINTER.match(page.line_text(line))
            if match:
                yield found(
                    "OR508",
                    page.path,
                    line,
                    f"the pointer to {quoted(match[1])} stands inside a code block: nobody follows it",
                    about=match[1],
                )
    if page.path.endswith("SKILL.md"):
        for fence in page.fences:
            for line in range(fence.line + 1, fence.end):
                match = _DYNAMIC.search(page.line_text(line))
                if match:
                    yield found(
                        "OR507",
                        page.path,
                        line,
                        f"the host runs {quoted(match[0])} when the skill loads, although it stands in a "
                        f"code block",
                        about=match[0],
                    )


def _tables(page: Page) -> Iterator[Finding]:
    lines = page.prose.split("\n")
    number = 1
    while number < len(lines):
        if not _is_below_head(lines, number):
            number += 1
            continue
        width = _cells(lines[number])
        number += 1
        is_told = False
        while number < len(lines) and "|" in lines[number]:
            if not is_told and (cells := _cells(lines[number])) > width:
                is_told = True
                said = f"the row has {cells} cells, its table {width}: what is beyond is not shown"
                yield found("OR506", page.path, number + 1, said, about=lines[number].strip())
            number += 1


def _is_below_head(lines: list[str], number: int) -> bool:
    """Tell whether a line of dashes stands under a row of as many cells."""
    line = lines[number]
    if "|" not in line or "-" not in line or not _TABLE_HEAD.match(line) or "|" not in lines[number - 1]:
        return False
    return _cells(lines[number - 1]) == _cells(line)


def _cells(line: str) -> int:
    inner = re.sub(r"`[^`]*`", "x", line).replace("\\|", "")
    return len(inner.strip().strip("|").split("|"))
