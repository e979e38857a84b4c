"""What skills require of each other and of tools (OR403 to OR407)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from outrider.judge.lint.case import Case, found, quoted
from outrider.judge.lint.finding import Finding
from outrider.plan.plugin.page import Page, without_markup

_REQUIRED = re.compile(r"\bREQUIRED\b|\bMUST (?:use|load|invoke|be used)\b|\bprerequisite", re.IGNORECASE)
_LOOP = re.compile(
    r"\b(?:repeat|loop|iterate|retry|try again|keep \w+ing)\b[^.\n]{0,60}\buntil\b[^.\n]*", re.IGNORECASE
)
_BOUND = re.compile(
    r"\b(?:max(?:imum)?|at most|up to|no more than|limit|\d+ (?:times|attempts|iterations|rounds|tries))\b",
    re.IGNORECASE,
)
_GATE = re.compile(
    r"^\s*(?:[-*]|\d+[.)])\s+(?:\[ \]\s+)?(?:verify|ensure|make sure|check)\b[^.\n]*$",
    re.IGNORECASE | re.MULTILINE,
)
_CRITERION = re.compile(
    r"\d|`|\b(?:exit|pass|passes|passing|exists?|empty|no |all |zero|green|clean|matches|without)\b",
    re.IGNORECASE,
)
_TOOLS = (
    "Read",
    "Write",
    "Edit",
    "Bash",
    "Grep",
    "Glob",
    "WebFetch",
    "WebSearch",
    "NotebookEdit",
    "TodoWrite",
    "Task",
)
_STEP_TITLE = re.compile(r"^(?:Step|Phase|Stage)?\s*(\d{1,2})[.:)\s–—-]+(.*)$", re.IGNORECASE)


def check_page(case: Case, page: Page) -> Iterator[Finding]:
    """Yield a skill's forbidden tools, unbounded loops, vague gates, and checklists that differ."""
    if page.path in case.collection.by_path and page.path.endswith("SKILL.md"):
        yield from _forbidden_tools(page)
        yield from _loops(page)
        yield from _gates(page)
        yield from _checklists(page)


def check(case: Case) -> Iterator[Finding]:
    """Yield circles of required skills."""
    edges = _required(case)
    told: set[frozenset[str]] = set()
    for start in sorted(edges):
        circle = _circle(edges, start)
        if circle and frozenset(circle) not in told:
            told.add(frozenset(circle))
            path, line = edges[circle[0]][circle[1] if len(circle) > 1 else circle[0]]
            names = " → ".join(quoted(name) for name in (*circle, circle[0]))
            yield found(
                "OR404", path, line, f"skills require each other in a circle: {names}", about=circle[0]
            )


def _required(case: Case) -> dict[str, dict[str, tuple[str, int]]]:
    edges: defaultdict[str, dict[str, tuple[str, int]]] = defaultdict(dict)
    for skill in case.collection.skills:
        page = case.collection.pages.get(skill.path)
        if page is None or "REQUIRED" not in page.text:
            continue
        for reference in case.references.of(page):
            target = case.collection.by_path.get(reference.target)
            if target is None or target.kind != "skill" or target.path == skill.path or reference.in_fence:
                continue
            if (
                reference.form in ("qualified", "phrase", "marked")
                and re.search(r"\bREQUIRED\b", page.line_text(reference.line))
                and not re.search(
                    r"\bREQUIRED BACKGROUND|\bcalled by|required by",
                    page.line_text(reference.line),
                    re.IGNORECASE,
                )
            ):
                edges[skill.name].setdefault(target.name, (skill.path, reference.line))
    return edges


def _circle(edges: dict[str, dict[str, tuple[str, int]]], start: str) -> list[str]:
    """Return a shortest circle through ``start``, by breadth; empty when there is none."""
    paths = [[start]]
    seen = {start}
    while paths:
        path = paths.pop(0)
        for name in sorted(edges.get(path[-1], ())):
            if name == start:
                return path
            if name not in seen:
                seen.add(name)
                paths.append([*path, name])
    return []


def _forbidden_tools(page: Page) -> Iterator[Finding]:
    denied = page.front.values.get("disallowed-tools")
    names = (
        set(re.findall(r"\w+", denied)) if isinstance(denied, str) else {str(name) for name in denied or ()}
    )
    for tool in sorted(names.intersection(_TOOLS)):
        match = re.search(
            rf"\b(?:use|using|with|via|run|call) (?:the )?`?{tool}`?(?: tool)?\b(?! (?:is|only))", page.prose
        )
        if match and not re.search(
            rf"(?:never|not|don't|without|instead of)[^.\n]{{0,30}}{tool}",
            page.line_text(page.line_of(match.start())),
        ):
            line, column = page.place(match.start())
            yield found(
                "OR405",
                page.path,
                line,
                f"{quoted(match[0])}, but `disallowed-tools` takes {quoted(tool)} away",
                about=tool,
                column=column,
            )


def _loops(page: Page) -> Iterator[Finding]:
    for match in _LOOP.finditer(page.prose):
        line = page.line_of(match.start())
        around = " ".join(page.lines[max(line - 3, 0) : line + 2])
        if not _BOUND.search(around):
            yield found(
                "OR406",
                page.path,
                line,
                f"{quoted(match[0].strip())} has no bound: say after how many rounds to stop and ask",
                about=match[0].strip(),
            )


def _gates(page: Page) -> Iterator[Finding]:
    for match in _GATE.finditer(page.prose):
        if not _CRITERION.search(match[0]) and len(match[0].split()) < 9:
            line = page.line_of(match.start() + len(match[0]) - len(match[0].lstrip()))
            yield found(
                "OR407",
                page.path,
                line,
                f"{quoted(match[0].strip())} names nothing that can be checked",
                about=match[0].strip(),
            )


def _checklists(page: Page) -> Iterator[Finding]:
    """A numbered checklist whose steps the page's own numbered headings name otherwise."""
    steps: dict[tuple[str, int], tuple[str, int]] = {}
    for heading in page.headings:
        match = _STEP_TITLE.match(heading.title)
        if match and match[2] and re.match(r"step|phase", heading.title, re.IGNORECASE):
            steps.setdefault(
                (heading.title.split(" ")[0].lower(), int(match[1])), (match[2].strip(), heading.line)
            )
    form = re.compile(
        r"^\s*(?:[-*]|\d+[.)])\s+(?:\[ \]\s+)?(?:\*\*)?(Step|"
        r"Phase) (\d{1,2})(?:\*\*)?\s*[:–—-]\s*(?:\*\*)?([^\n*(]{3,60})",
        re.MULTILINE | re.IGNORECASE,
    )
    for match in form.finditer(page.prose):
        key = (match[1].lower(), int(match[2]))
        if (
            key in steps
            and _words(match[3]).isdisjoint(_words(steps[key][0]))
            and _words(match[3])
            and _words(steps[key][0])
        ):
            line = page.line_of(match.start(1))
            yield found(
                "OR403",
                page.path,
                line,
                f"{quoted(without_markup(match[0].strip()))}: the heading of line {steps[key][1]} says "
                f"{quoted(steps[key][0])}",
                about=match[3].strip(),
            )


def _words(text: str) -> set[str]:
    return {word[:5] for word in re.findall(r"[a-z]{4,}", text.lower())}
