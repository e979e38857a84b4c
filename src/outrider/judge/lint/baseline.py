"""A baseline: findings that were there when lint came, so that only new ones are shown.

A finding is known again by its rule, its file and the thing itself, not by its line, which moves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from outrider.judge.lint.finding import Finding

SCHEMA = "outrider.baseline/1"


def baseline_of(findings: Iterable[Finding]) -> dict[str, Any]:
    """Return the findings as the value of a baseline file."""
    counts = Counter(_key(finding) for finding in findings)
    entries = [
        {"code": code, "path": path, "about": about, "count": n}
        for (code, path, about), n in sorted(counts.items())
    ]
    return {"schema": SCHEMA, "findings": entries}


def read_baseline(value: object) -> Counter[tuple[str, str, str]] | None:
    """Return what a baseline file holds; None when it is none."""
    if (
        not isinstance(value, Mapping)
        or value.get("schema") != SCHEMA
        or not isinstance(value.get("findings"), list)
    ):
        return None
    known: Counter[tuple[str, str, str]] = Counter()
    for entry in value["findings"]:
        if isinstance(entry, Mapping) and isinstance(entry.get("count", 1), int):
            known[str(entry.get("code")), str(entry.get("path")), str(entry.get("about"))] += entry.get(
                "count", 1
            )
    return known


def new_findings(findings: Iterable[Finding], known: Counter[tuple[str, str, str]]) -> list[Finding]:
    """Return the findings that the baseline does not hold."""
    left = Counter(known)
    new = []
    for finding in findings:
        key = _key(finding)
        if left[key] > 0:
            left[key] -= 1
        else:
            new.append(finding)
    return new


def _key(finding: Finding) -> tuple[str, str, str]:
    return finding.code, finding.path, finding.about or finding.message
