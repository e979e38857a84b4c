"""All rules over a collection, in order of place."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from outrider.judge.lint.case import Case
from outrider.judge.lint.finding import Finding
from outrider.judge.lint.rules import (
    agreement,
    counts,
    fences,
    front_matter,
    manifests,
    prose,
    reading,
    references,
    requirements,
    size,
    steps,
)

_FAMILIES: tuple[Callable[[Case], Iterator[Finding]], ...] = (
    reading.check, references.check, front_matter.check, counts.check, agreement.check, steps.check,
    requirements.check, fences.check, prose.check, size.check, manifests.check,
)  # fmt: skip


def findings(case: Case) -> list[Finding]:
    """Return everything that any rule finds, in order of path and line."""
    found = [finding for family in _FAMILIES for finding in family(case)]
    return sorted(found, key=lambda each: (each.path, each.line, each.code, each.column, each.message))
