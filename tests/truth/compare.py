"""Hold the JSON of ``outrider report --json`` against the truth of a made folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from .generator import UNKNOWN_MODEL, folder_name
from .truth import TOKENS, Sums, Truth

SCHEMA = "outrider.report/1"

OUTSIDE = frozenset({None, "", "-", "main", "none", "outside", "(main)", "(none)", "(outside)"})
"""Keys under which a report may put what belongs to no skill or no subagent."""


def differences(truth: Truth, report: dict[str, Any], by: str | None = None) -> list[str]:
    """One line for every figure that is not true; empty when all are.

    ``by`` names the cut of ``report["rows"]`` (day, project, model, skill, agent, tool, session).
    Costs are not compared: the truth knows no prices. Undated responses may stand under any day.
    """
    return list(_all(truth, report, by))


def _all(truth: Truth, report: dict[str, Any], by: str | None) -> Iterator[str]:
    if report.get("schema") != SCHEMA:
        yield f"schema: {report.get('schema')!r}, expected {SCHEMA!r}"
    totals = report.get("totals", {})
    yield from _sums("totals", truth.totals, totals)
    if totals.get("sessions") != truth.totals.sessions:
        yield f"totals.sessions: {totals.get('sessions')}, true {truth.totals.sessions}"
    if UNKNOWN_MODEL in truth.by["model"] and UNKNOWN_MODEL not in json.dumps(totals.get("unpriced")):
        yield f"totals.unpriced: {UNKNOWN_MODEL} is not named"
    yield from _coverage(truth, report.get("coverage", {}))
    if by == "tool":
        yield from _tools(truth, report.get("rows", []))
    elif by:
        yield from _rows(truth, report.get("rows", []), by)


def _sums(where: str, true: Sums, given: dict[str, Any]) -> Iterator[str]:
    for name in ("requests", "calls"):
        if given.get(name) != getattr(true, name):
            yield f"{where}.{name}: {given.get(name)}, true {getattr(true, name)}"
    for name in TOKENS:
        value = given.get("tokens", {}).get(name)
        if value != true.tokens[name]:
            yield f"{where}.tokens.{name}: {value}, true {true.tokens[name]}"


def _coverage(truth: Truth, given: dict[str, Any]) -> Iterator[str]:
    files, lines, accounted = (given.get(name, -1) for name in ("files", "lines", "accounted"))
    faults = given.get("faults", -1)
    faults = len(faults) if isinstance(faults, list) else faults
    joined = sum(fault.kind == "no-newline" for fault in truth.faults)
    certain = sum(fault.certain for fault in truth.faults)
    bounds = {
        "files": (files, truth.files - truth.journals, truth.files),
        "lines": (
            lines,
            truth.lines - len(truth.torn) - truth.journal_lines,
            truth.lines + truth.blank_lines + joined,
        ),
        "accounted": (accounted, lines - len(truth.faults) - len(truth.torn), lines),
        "faults": (faults, certain, len(truth.faults)),
    }
    for name, (value, low, high) in bounds.items():
        if not low <= value <= high:
            yield f"coverage.{name}: {value}, true {low if low == high else f'{low} to {high}'}"


def _tools(truth: Truth, rows: list[dict[str, Any]]) -> Iterator[str]:
    given = {row["key"]: row.get("calls", 0) for row in rows if row.get("calls")}
    for key in sorted(given.keys() | truth.tools.keys(), key=str):
        if given.get(key, 0) != truth.tools.get(key, 0):
            yield f"tool {key}: {given.get(key, 0)} calls, true {truth.tools.get(key, 0)}"


def _rows(truth: Truth, rows: list[dict[str, Any]], by: str) -> Iterator[str]:
    names = _names(truth, by)
    given: dict[str, dict[str, Any]] = {}
    for row in rows:
        key = names.get(row["key"], row["key"])
        if (key in truth.by[by] and key not in OUTSIDE) or (
            by == "day" and 0 < row.get("requests", 0) <= truth.undated_requests
        ):
            given[key] = row
        elif row.get("requests") and not (key in OUTSIDE and by in ("skill", "agent", "day")):
            yield f"{by} {key!r}: in the report, not in the truth"
    if by == "day" and truth.undated_requests:
        yield from _days(truth, given)
        return
    for key, true in truth.by[by].items():
        unsure = by == "skill" and truth.skills[key].ambiguous
        if key not in given:
            yield f"{by} {key!r}: missing"
        elif not unsure:
            yield from _sums(f"{by} {key!r}", true, given[key])


def _names(truth: Truth, by: str) -> dict[str, str]:
    """Other spellings of a key: a project may go by its folder or its last part."""
    if by != "project":
        return {}
    return {
        spelling: cwd
        for cwd in truth.by["project"]
        for spelling in (folder_name(cwd), cwd.rpartition("/")[2])
    }


def _days(truth: Truth, given: dict[str, dict[str, Any]]) -> Iterator[str]:
    for day, true in truth.by["day"].items():
        value = given.get(day, {}).get("requests", 0)
        if day and not true.requests <= value <= true.requests + truth.undated_requests:
            yield f"day {day!r}.requests: {value}, true {true.requests} (and some undated)"
