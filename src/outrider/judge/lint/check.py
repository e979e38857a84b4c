"""All rules over a collection, in order of place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

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
    thresholds,
)
from outrider.plan.plugin.page import Page
from outrider.plan.plugin.reference import Reference

_OF_PAGES: tuple[Callable[[Case, Page], Iterator[Finding]], ...] = (
    references.check_page,
    counts.check_page,
    steps.check_page,
    requirements.check_page,
    fences.check_page,
    prose.check_page,
)
_OF_ALL: tuple[Callable[[Case], Iterator[Finding]], ...] = (
    reading.check,
    front_matter.check,
    counts.check,
    thresholds.check,
    agreement.check,
    requirements.check,
    size.check,
    manifests.check,
)


class OnPages(NamedTuple):
    """What rules found on some pages alone, with the references that rules over all pages will ask for."""

    findings: list[Finding]
    references: dict[str, list[Reference]]


def on_pages(case: Case, paths: Iterable[str]) -> OnPages:
    """Ask the rules that look at one page at a time; pages can be shared out."""
    chosen = [case.collection.pages[path] for path in paths]
    found = [finding for page in chosen for family in _OF_PAGES for finding in family(case, page)]
    asked = [page.path for page in chosen if "REQUIRED" in page.text and page.path in case.collection.by_path]
    return OnPages(found, case.references.found(asked))


def findings(case: Case, parts: Iterable[OnPages] | None = None) -> list[Finding]:
    """Return everything that any rule finds, in order of path and line.

    ``parts`` are the answers for the pages, where these have been shared out.
    """
    if parts is None:
        parts = (on_pages(case, case.collection.pages),)
    found = []
    for part in parts:
        case.references.keep(part.references)
        found += part.findings
    found += [finding for family in _OF_ALL for finding in family(case)]
    return sorted(found, key=lambda each: (each.path, each.line, each.code, each.column, each.message))
