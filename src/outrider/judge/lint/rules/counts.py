"""Numbers that must agree with the tree or with each other (OR301, OR304, OR307)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import lru_cache

from outrider.judge.lint.case import Case, also_on, found, quoted
from outrider.judge.lint.finding import Edit, Finding, Fix
from outrider.kernel import limits
from outrider.plan.plugin.collection import Collection
from outrider.plan.plugin.page import Page, lines_with, without_markup
from outrider.plan.plugin.scope import line_scope
from outrider.plan.workflow.mistakes import shown

_WORDS = dict(
    zip(
        ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
        range(2, 13),
        strict=True,
    )
)
_QUALIFIERS = (
    r"(?:(?:total|slash|mcp|available|different|composable|installed|bundled|workflow|unique|plugin|shipped|"
    r"specialized|built-in|core|custom|reusable|proven|markdown)\s+)?"
)
_COUNT = re.compile(
    rf"(?<![\w.$#/-])(\d{{1,4}})(\+)?\s+{_QUALIFIERS}(skills?|commands?|agents?|"
    rf"(?:MCP )?tools)\b(?!\s*(?:per|each|at a time|in parallel|calls?|uses?|invocations?))",
    re.IGNORECASE,
)
_CELL = re.compile(
    r"^\s*\|\s*\**(?:total\s+)?(skills|commands|agents|tools|slash commands|"
    r"mcp tools)\**\s*\|\s*\**(\d{1,4})\**\s*\|",
    re.IGNORECASE | re.MULTILINE,
)
_HEADED = re.compile(r"(skills|commands|agents|tools)\**[ :]*\((\d{1,4})(?: total)?\)", re.IGNORECASE)
_PART = re.compile(
    r"\b(?:these|those|other|another|first|last|top|up to|about|only|following|new|of the|at least|than|"
    r"all but|least|launch|spawn|dispatch|run|use|using|with|add|added|adds|creat\w+|max|maximum|between|"
    r"parallel|fewer|more|update[ds]?|affected|modified|fix(?:ed)?|migrat\w+)\s*\W*$",
    re.IGNORECASE,
)
_SMALL = 4
_GAP = 3
_ANNOUNCED = re.compile(
    r"\b(?:(?:exactly|these|the|following|has|have|are|in|into|through|with|all|present|offer|launch|spawn)\s+)(?:these\s+|exactly\s+)?(?:\*\*)?(\d{1,2}|two|three|four|five|six|seven|eight|nine|ten)(?:\*\*)?"
    r"\s+(?:\w+\s+)?(options|steps|phases|agents|subagents|questions|rules|principles|checks|gates|stages|categories|exceptions|items|ways|layers|levels|types|criteria)\b[^.\n]{0,60}:\**\s*$",
    re.IGNORECASE | re.MULTILINE,
)


def check_page(case: Case, page: Page) -> Iterator[Finding]:
    """Yield numbers on a page that the tree or the same page contradicts."""
    if case.scopes[page.path] == "plugin":
        yield from _counts(case, page, _totals(case.collection))
        yield from _announced(page)
        yield from _omitting_lists(case, page)


def check(case: Case) -> Iterator[Finding]:
    """Yield numbers in manifests that the tree contradicts."""
    for path, file in case.collection.json.items():
        if path.endswith(("plugin.json", "marketplace.json", "package.json")):
            yield from _manifest_counts(path, file.text, _totals(case.collection))


@lru_cache(maxsize=2)
def _totals(collection: Collection) -> dict[str, set[int]]:
    """Return the numbers that are right for each noun; a collection of several plugins has several."""
    totals: dict[str, set[int]] = {}
    for kind in ("skill", "command", "agent"):
        own = [
            component
            for component in collection.components
            if component.kind == kind and "." not in component.path[:1]
        ]
        numbers = {len(own), len({component.name for component in own})}
        numbers |= {
            sum(component.plugin == plugin for component in own) for plugin in collection.plugins.values()
        }
        groups: defaultdict[str, int] = defaultdict(int)
        for component in own:
            groups[component.path.split("/")[1] if component.path.count("/") > 1 else ""] += 1
        if own:
            totals[kind] = numbers
            totals[kind + " groups"] = {count for name, count in groups.items() if count > 1}
    if collection.tools:
        heads: defaultdict[str, int] = defaultdict(int)
        for tool in collection.tools:
            heads[tool.split("_")[0]] += 1
        totals["tool"] = {len(collection.tools)}
        totals["tool groups"] = set(heads.values())
    return totals


def _counts(case: Case, page: Page, totals: dict[str, set[int]]) -> Iterator[Finding]:
    if case.collection.skill_of(page.path) is not None and not page.path.startswith("commands"):
        return
    text = page.prose_and_trees
    wrong: defaultdict[tuple[int, str], list[re.Match[str]]] = defaultdict(list)
    places: dict[tuple[int, str], int] = {}
    for form, number_at, noun_at in ((_COUNT, 1, 3), (_CELL, 2, 1), (_HEADED, 2, 1)):
        for match in _in_lines(form, text):
            number, noun = int(match[number_at]), match[noun_at].lower().split(" ")[-1].rstrip("s")
            if noun not in totals or _agrees(number, noun, bool(form is _COUNT and match[2]), totals):
                continue
            if not _is_other_count(page, match, text, form is _COUNT):
                wrong[number, noun].append(match)
                places.setdefault((number, noun), number_at)
    for key, matches in wrong.items():
        yield _count_finding(page, matches, places[key], key[1], max(totals[key[1]]))


def _in_lines(form: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    nouns = ("kill", "ommand", "gent", "tool", "Tool", "TOOL", "KILL", "OMMAND", "GENT")
    for begin, end in lines_with(text, *nouns):
        yield from form.finditer(text, begin, end)


def _agrees(number: int, noun: str, is_least: bool, totals: dict[str, set[int]]) -> bool:
    right = totals[noun]
    if is_least:
        return number <= max(right)
    return number in right or (number < _SMALL and number != 0) or number in totals.get(noun + " groups", ())


def _is_other_count(page: Page, match: re.Match[str], text: str, is_plain: bool) -> bool:
    before = text[max(text.rfind("\n", 0, match.start()) + 1, match.start() - 40) : match.start()]
    return (
        bool(is_plain and _PART.search(before)) or line_scope(page, page.line_of(match.start(1))) != "plugin"
    )


def _count_finding(
    page: Page, matches: list[re.Match[str]], number_at: int, noun: str, right: int
) -> Finding:
    first = matches[0]
    spans = [match.span(number_at) if match.lastindex else match.span() for match in matches]
    line, column = page.place(spans[0][0])
    more = sorted({page.line_of(start) for start, _ in spans} - {line})
    said = " ".join(first[0].split())
    there = f"there {'is' if right == 1 else 'are'} {right} {noun}{'' if right == 1 else 's'}"
    edits = tuple(Edit(page.path, start, end, str(right)) for start, end in spans)
    fix = Fix(f"write {right}", edits, safe=False) if len({match.re for match in matches}) == 1 else None
    message = f"{quoted(said.strip('| '))}: {there}{also_on(more)}"
    return found("OR301", page.path, line, message, about=said, column=column, fix=fix)


def _manifest_counts(path: str, text: str, totals: dict[str, set[int]]) -> Iterator[Finding]:
    for match in _COUNT.finditer(text):
        noun = match[3].lower().split(" ")[-1].rstrip("s")
        if noun in totals and not _agrees(int(match[1]), noun, bool(match[2]), totals):
            line = text.count("\n", 0, match.start()) + 1
            yield found(
                "OR301",
                path,
                line,
                f"{quoted(match[0])}: there are {max(totals[noun])} {noun}s",
                about=match[0],
            )


def _announced(page: Page) -> Iterator[Finding]:
    """A sentence that announces n things and is followed by a list of another length."""
    if ":\n" not in page.prose and ":**\n" not in page.prose:
        return
    tops = [item for item in page.items if item.depth == 0]
    sizes = Counter(item.group for item in tops)
    for match in _ANNOUNCED.finditer(page.prose):
        number = int(match[1]) if match[1].isdigit() else _WORDS[match[1].lower()]
        line = page.line_of(match.end(2))
        index = bisect_right(tops, line, key=lambda item: item.line)
        if index == len(tops) or tops[index].line > line + _GAP:
            continue
        between = page.prose[match.end() : page.line_starts[tops[index].line - 1]]
        size = sizes[tops[index].group]
        if not between.strip(" \n\x01") and size not in (1, number):
            said = f"{quoted(match[0].strip())} is followed by {size}"
            yield found("OR304", page.path, line, said, about=f"{match[1]} {match[2]}")


def _omitting_lists(case: Case, page: Page) -> Iterator[Finding]:
    """A list that names nearly all skills or commands, and not the others."""
    collection = case.collection
    if page.path in collection.by_path or collection.skill_of(page.path) is not None:
        return
    names: dict[str, str] = {}
    text = page.text
    for component in collection.components:
        if component.plugin == collection.plugin_of(page.path) and component.kind in ("skill", "command"):
            names[component.name] = component.kind
    for kind in ("skill", "command"):
        own = sorted(name for name, its in names.items() if its == kind)
        title = next(
            (
                heading
                for heading in page.headings
                if re.search(
                    rf"\b{kind}s?\b.*(?:library|collection|list|reference|index|catalog|available|overview|"
                    rf"\binside\b)|^(?:available |all )?{kind}s$|what's inside",
                    heading.title,
                    re.IGNORECASE,
                )
            ),
            None,
        )
        if title is None or len(own) < _SMALL:
            continue
        missing = [name for name in own if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text)]
        if missing and len(missing) <= max(2, len(own) // 4):
            shown_names = ", ".join(shown(name) for name in missing[: limits.LINT_NAMED])
            yield found(
                "OR307",
                page.path,
                title.line,
                f"the list under {quoted(without_markup(title.title))} leaves out the "
                f"{kind}{'s' if len(missing) > 1 else ''} {shown_names}",
                about=missing[0],
            )
