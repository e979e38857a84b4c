"""Fixes applied to texts: edits that do not overlap, from the end to the beginning."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from outrider.judge.lint.finding import Edit, Finding


def fixed_texts(texts: Mapping[str, str], findings: Iterable[Finding], *, unsafe: bool) -> dict[str, str]:
    """Return the texts that change, by path. Of fixes that overlap the first one wins."""
    edits: defaultdict[str, list[Edit]] = defaultdict(list)
    for finding in findings:
        fix = finding.fix
        if fix is None or not (fix.safe or unsafe):
            continue
        if all(_is_free(edits[edit.path], edit) for edit in fix.edits):
            for edit in fix.edits:
                edits[edit.path].append(edit)
    changed = {path: _applied(texts[path], some) for path, some in edits.items() if path in texts}
    return {path: text for path, text in changed.items() if text != texts[path]}


def _is_free(taken: list[Edit], edit: Edit) -> bool:
    return all(edit.end <= other.start or edit.start >= other.end for other in taken)


def _applied(text: str, edits: list[Edit]) -> str:
    for edit in sorted(edits, key=lambda each: each.start, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text
