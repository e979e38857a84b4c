"""Totals, skills and sessions over the records of a root."""

from __future__ import annotations

from dataclasses import dataclass

from outrider.app.library import Library
from outrider.edge.store import queries
from outrider.edge.store.queries import Scope
from outrider.judge.metrics.totals import Coverage, Report, Row, SessionRow, SkillRow


@dataclass(frozen=True, slots=True)
class Overview:
    """What the first screen shows: a project's or all sums, recent sessions, dear skills, and
    what stands out.
    """

    project: str
    report: Report
    sessions: tuple[SessionRow, ...]
    skills: tuple[SkillRow, ...]
    remarks: tuple[str, ...]


def make_report(library: Library, by: str, scope: Scope) -> Report:
    """Return the totals of ``scope`` cut by ``by``."""
    connection = library.connection
    rows = queries.rows_by(connection, by, scope)
    return Report(
        by,
        queries.totals(connection, scope, rows),
        tuple(rows),
        tuple(queries.unpriced(connection, scope)),
        coverage(library),
    )


def make_overview(library: Library, scope: Scope) -> Overview:
    """Return the first screen."""
    report = make_report(library, "day", scope)
    skills = tuple(queries.skills(library.connection, scope))
    sessions = tuple(queries.sessions(library.connection, scope, 8))
    tools = queries.rows_by(library.connection, "tool", scope)
    return Overview(scope.project, report, sessions, skills, tuple(_remarks(report, skills, tools)))


def coverage(library: Library) -> Coverage:
    """Return how much of the sources the answers stand on."""
    return queries.coverage(library.connection, len(library.ingested.unreadable))


_OFTEN_FAILING = 0.2
_MANY_CALLS = 10
_LARGE_BODY_TOKENS = 5_000


def _remarks(report: Report, skills: tuple[SkillRow, ...], tools: list[Row]) -> list[str]:
    """Say what stands out, each with its number."""
    remarks = []
    totals = report.totals
    dear = [row for row in skills if row.totals.cost]
    if dear and totals.cost:
        share = 100 * dear[0].totals.cost / totals.cost
        remarks.append(f"{dear[0].name} is the dearest skill: {share:.0f} % of the cost")
    remarks += [
        f"{row.key}: {row.totals.errors} of {row.totals.calls} calls failed"
        for row in tools
        if row.totals.calls >= _MANY_CALLS and row.totals.errors >= _OFTEN_FAILING * row.totals.calls
    ]
    remarks += [
        f"{row.name} loads about {row.body_tokens:,} tokens; after a compaction the host keeps 5,000"
        for row in skills
        if row.body_tokens > _LARGE_BODY_TOKENS
    ]
    return remarks
