"""Suppressions in the text: which findings a person has looked at and left, and why.

`<!-- outrider-ignore OR107: reason -->` (or `# outrider-ignore OR107: reason` where comments look so) holds
for its own line and the next line that is not empty; `outrider-ignore-file` for the whole file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from outrider.judge.lint.case import found, quoted
from outrider.judge.lint.catalogue import RULES
from outrider.judge.lint.finding import Finding
from outrider.plan.plugin.tree import Tree

_MARK = re.compile(r"(?:<!--|#|//)\s*outrider-ignore(-file)?\b[ \t]*([^\n]*?)\s*(?:-->|$)", re.MULTILINE)
_PARTS = re.compile(r"([\w-]+(?:[ \t]*,[ \t]*[\w-]+)*)[ \t]*(?::[ \t]*(.*))?\Z")


class Suppression(NamedTuple):
    """Codes that are left on a line, or in a whole file where ``line`` is 0."""

    path: str
    line: int
    codes: frozenset[str]


def suppressions(tree: Tree) -> tuple[list[Suppression], list[Finding]]:
    """Return the suppressions of a tree, and findings for those that name no rule or give no reason."""
    kept: list[Suppression] = []
    wrong: list[Finding] = []
    for path, file in tree.files.items():
        if "outrider-ignore" in file.text:
            for each in _of(path, file.text):
                (kept if isinstance(each, Suppression) else wrong).append(each)  # type: ignore[arg-type]
    return kept, wrong


def not_suppressed(findings: Iterable[Finding], kept: Iterable[Suppression]) -> Iterator[Finding]:
    """Yield the findings that no suppression covers."""
    by_place = {(each.path, each.line, code) for each in kept for code in each.codes}
    for finding in findings:
        if not {(finding.path, 0, finding.code), (finding.path, finding.line, finding.code)} & by_place:
            yield finding


def _of(path: str, text: str) -> Iterator[Suppression | Finding]:
    lines = text.split("\n")
    for match in _MARK.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        parts = _PARTS.match(match[2])
        codes = frozenset(re.split(r"[ \t]*,[ \t]*", parts[1])) if parts else frozenset[str]()
        known = frozenset(rule.code for rule in RULES.values() if rule.code in codes or rule.slug in codes)
        if not known or len(known) < len(codes):
            yield found(
                "OR907", path, line, f"{quoted(match[0])} names no rule that there is", about=match[0]
            )
            continue
        if parts is None or not (parts[2] or "").strip():
            yield found(
                "OR907",
                path,
                line,
                f"{quoted(match[0])} gives no reason: write it behind a colon",
                about=match[0],
            )
        if match[1]:
            yield Suppression(path, 0, known)
            continue
        yield Suppression(path, line, known)
        following = next(
            (number for number in range(line + 1, len(lines) + 1) if lines[number - 1].strip()), 0
        )
        if following:
            yield Suppression(path, following, known)
