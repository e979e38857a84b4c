"""Numbers of steps: headings and lists with gaps and doubles, pointers to steps that are not there "
"(OR401, OR402, OR119).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from outrider.judge.lint.case import Case, found, quoted
from outrider.judge.lint.finding import Finding
from outrider.plan.plugin.page import Heading, ListItem, Page
from outrider.plan.plugin.scope import line_scope

_NUMBERED = re.compile(
    r"(?:(Step|Phase|Stage|Part|Task|Gate|Level|Rule|Layer|Section)\s+)?(\d{1,2})(?:([.:)]|\s+[-–—:]|$)(?!\d)|(?=\s*$))",
    re.IGNORECASE,
)
_POINTER = re.compile(
    r"(?:(?:\*\*|`)([a-z][a-z0-9]*(?:-[a-z0-9]+)*)(?:\*\*|`)[^\n(]{0,12})?\((?:see |per |from |in )?(Phase|"
    r"Step) (\d{1,2}(?:\.\d{1,2})?)\)"
)
_FEWEST = 2


def check_page(case: Case, page: Page) -> Iterator[Finding]:
    """Yield gaps and doubles in the numbers of headings and lists, and pointers to steps that are not "
    "there.
    """
    scope = case.scopes[page.path]
    if scope in ("plugin", "template") or (scope == "history" and case.is_loaded(page.path)):
        yield from _headings(page)
        yield from _lists(page)
    if scope == "plugin":
        yield from _pointers(case, page)


def _headings(page: Page) -> Iterator[Finding]:
    for word, run in _heading_runs(page):
        if len(run) < _FEWEST:
            continue
        before: tuple[int, Heading] | None = None
        for number, heading in run:
            if before is not None and number != before[0] + 1 and not (number <= 1 and before[0] > 1):
                what = "comes twice" if number == before[0] else f"follows {before[0]}"
                label = f"{word} {number}".strip()
                yield found(
                    "OR401",
                    page.path,
                    heading.line,
                    f"{quoted(page.line_text(heading.line).strip())}: {label or number} {what} (line "
                    f"{before[1].line})",
                    about=heading.title,
                )
            before = (number, heading)


def _heading_runs(page: Page) -> list[tuple[str, list[tuple[int, Heading]]]]:
    """Return runs of numbered headings: of one level and one word, under the same heading."""
    runs: dict[tuple[int, int, str], list[tuple[int, Heading]]] = defaultdict(list)
    parents: list[tuple[int, int]] = []
    for index, heading in enumerate(page.headings):
        while parents and parents[-1][0] >= heading.level:
            parents.pop()
        parent = parents[-1][1] if parents else -1
        parents.append((heading.level, index))
        match = _NUMBERED.match(heading.title)
        if match and not re.match(r"\d+-", heading.title):
            runs[parent, heading.level, (match[1] or "").capitalize()].append((int(match[2]), heading))
    return [(key[2], run) for key, run in runs.items()]


def _lists(page: Page) -> Iterator[Finding]:
    groups: defaultdict[int, list[ListItem]] = defaultdict(list)
    for item in page.items:
        if item.number >= 0:
            groups[item.group].append(item)
    for items in groups.values():
        numbers = [item.number for item in items]
        if len(set(numbers)) == 1 or len(numbers) < _FEWEST:
            continue
        for before, item in pairwise(items):
            if item.number != before.number + 1:
                text = page.line_text(item.line).strip()
                what = "comes twice" if item.number == before.number else f"follows {before.number}"
                yield found(
                    "OR402", page.path, item.line, f"{quoted(text)}: {item.number} {what}", about=text
                )
                break


def _pointers(case: Case, page: Page) -> Iterator[Finding]:
    for match in _POINTER.finditer(page.prose):
        target, name = page, match[1]
        if name:
            components = case.collection.by_name.get(name)
            if not components or components[0].path not in case.collection.pages:
                continue
            target = case.collection.pages[components[0].path]
        word, number = match[2], match[3]
        line, column = page.place(match.start(2))
        if _has_step(target, word, number) or line_scope(page, line) != "plugin":
            continue
        if target is page and not _numbers_any(page, word):
            continue
        where = f"{quoted(name)} has" if name else "the page has"
        yield found(
            "OR119",
            page.path,
            line,
            f"`({match[0].rpartition('(')[2]}`: {where} no {word} {number}",
            about=f"{word} {number}",
            column=column,
        )


@lru_cache(maxsize=4096)
def _has_step(page: Page, word: str, number: str) -> bool:
    form = rf"^[\s#>*-]*(?:\*\*|`|\|\s*)*{word}s?\s+{re.escape(number)}(?![\d.]*\d)"
    if re.search(form, page.text, re.MULTILINE | re.IGNORECASE):
        return True
    ranged = re.compile(rf"{word}s?\s+(\d+)\s*(?:-|–|to)\s*(\d+)", re.IGNORECASE)
    if any(
        int(low) <= float(number) <= int(high) for low, high in ranged.findall(page.text)
    ) and page.path.endswith("x"):
        return True
    return word.lower() == "step" and any(
        str(item.number) == number for item in page.items if item.depth == 0
    )


@lru_cache(maxsize=1024)
def _numbers_any(page: Page, word: str) -> bool:
    return sum(heading.title.startswith(word + " ") for heading in page.headings) >= _FEWEST
