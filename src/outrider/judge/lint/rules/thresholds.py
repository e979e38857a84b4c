"""Thresholds of one skill that differ (OR306): the value that stands most often is taken as right."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from outrider.judge.lint.case import Case, found, quoted
from outrider.judge.lint.finding import Finding
from outrider.plan.plugin.components import Component
from outrider.plan.plugin.page import found_in, lines_with
from outrider.plan.plugin.scope import line_scope

_PERCENT = re.compile(
    r"(?<![\d.\w-])(\d{1,3})\s?%\+?\s*(?:or (?:higher|more|above)\s*)?(?:of )?(?:test |code )?(compliance|"
    r"coverage|required|confidence|similarity|threshold)\b"
    r"|\b(compliance|coverage|threshold|confidence|similarity)\s*(?:percentage )?(?:is\s*)?(?:[<>]=?|≥|≤|=|"
    r"of|:|at least|below|under|must be)\s*(\d{1,3})\s?%",
    re.IGNORECASE,
)
_STRICT = re.compile(
    r"\b(?:required|must|minimum|at least|threshold|gate|goal|target|pass|≥|>=|needs?|default|if|until|"
    r"below|blocks?)\b|≥|>=|<",
    re.IGNORECASE,
)


_AROUND = 300


class _Value(NamedTuple):
    number: int
    path: str
    line: int
    said: str


def check(case: Case) -> Iterator[Finding]:
    """Yield the rarer values of strict percentages that one skill states for one thing."""
    for skill in case.collection.skills:
        for values in _values(case, skill).values():
            usual, times = Counter(value.number for value in values).most_common(1)[0]
            right = next(value for value in values if value.number == usual)
            for value in values:
                if value.number != usual:
                    message = f"{quoted(value.said)}, but {quoted(right.said)} in {right.path}:{right.line}"
                    more = f" and {times - 1} more places" if times > 1 else ""
                    yield found("OR306", value.path, value.line, message + more, about=value.said)


def _values(case: Case, skill: Component) -> dict[str, list[_Value]]:
    values: defaultdict[str, list[_Value]] = defaultdict(list)
    for path, page in case.collection.pages.items():
        if case.scopes[path] != "plugin" or not (path == skill.path or path.startswith(f"{skill.folder}/")):
            continue
        for match in found_in(_PERCENT, page.text, lines_with(page.text, "%")):
            line = page.line_of(match.start())
            number = int(match[1] or match[4])
            around = page.text[
                max(page.line_starts[line - 1], match.start() - _AROUND) : match.end() + _AROUND
            ]
            if number and _STRICT.search(around.split("\n")[0]) and line_scope(page, line) != "example":
                noun = _noun(match[2] or match[3])
                values[noun].append(_Value(number, path, line, match[0].strip()))
    return values


def _noun(word: str) -> str:
    word = word.lower().split(" ")[-1]
    return "compliance" if word in ("required", "threshold") else word
