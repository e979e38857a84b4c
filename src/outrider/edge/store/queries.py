"""Questions to the derived tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from outrider.judge.metrics.totals import (
    OUTSIDE,
    Coverage,
    Row,
    SessionRow,
    SkillRow,
    Totals,
    Unpriced,
    percentile,
)
from outrider.record.usage import Usage

BY = ("day", "project", "model", "skill", "agent", "tool")
"""What a report can be cut by."""

_EPOCH = date(1970, 1, 1)
MAIN_THREAD = "(main)"
NO_CALL = "(answer)"

_SUMS = """count(*), sum(request.input), sum(request.output), sum(request.cache_read),
    sum(request.cache_write_5m), sum(request.cache_write_1h), sum(request.web_searches),
    sum(coalesce(request.cost, 0)), sum(request.cost IS NULL), sum(NOT request.reliable)"""

_SKILL = f"iif(run.skill = '', '{OUTSIDE}', run.skill)"
_SKILL_JOIN = "JOIN run ON run.session_id = {table}.session_id AND run.number = {table}.run"
_AGENT = f"coalesce(subagent.type, '{MAIN_THREAD}')"
_AGENT_JOIN = """LEFT JOIN subagent
    ON subagent.session_id = {table}.session_id AND subagent.agent = {table}.agent"""
_MODEL_JOIN = "JOIN request ON request.session_id = call.session_id AND request.uid = call.request"
_LED = "WITH led AS (SELECT session_id, request, name, min(at || id) FROM call GROUP BY 1, 2)"
_LED_JOIN = "LEFT JOIN led ON led.session_id = request.session_id AND led.request = request.uid"
_DAY_MS = 86_400_000


class _Cut(NamedTuple):
    """How requests and calls are cut by one thing: the key's expression and the join that it needs."""

    of_request: str
    request_join: str
    of_call: str
    call_join: str


_KEYS = {
    "day": _Cut(f"request.at / {_DAY_MS}", "", f"call.at / {_DAY_MS}", ""),
    "project": _Cut("session.project", "", "session.project", ""),
    "model": _Cut("request.model", "", "request.model", _MODEL_JOIN),
    "skill": _Cut(_SKILL, _SKILL_JOIN, _SKILL, _SKILL_JOIN),
    "agent": _Cut(_AGENT, _AGENT_JOIN, _AGENT, _AGENT_JOIN),
    "tool": _Cut(f"coalesce(led.name, '{NO_CALL}')", _LED_JOIN, "call.name", ""),
}


@dataclass(frozen=True, slots=True)
class Scope:
    """Which part of the records a question is about. ``project`` is a folder with all below it."""

    since: int = 0
    project: str = ""

    def where(self, table: str) -> tuple[str, list[object]]:
        """Return the condition on ``table`` (with its session joined) and its values."""
        parts, values = [f"{table}.at >= ?"], [self.since]
        condition, more = self.project_condition()
        return " AND ".join([*parts, condition]), [*values, *more]

    def project_condition(self) -> tuple[str, list[object]]:
        """Return the condition on the session's project and its values."""
        if not self.project:
            return "1", []
        below = self.project.rstrip("/") + "/"
        return "(session.project = ? OR substr(session.project, 1, ?) = ?)", [
            self.project,
            len(below),
            below,
        ]


def totals(connection: sqlite3.Connection, scope: Scope, rows: Iterable[Row]) -> Totals:
    """Return the sums over a scope, from the rows of any cut of it: the parts add up to the whole."""
    whole = Totals(sessions=_session_count(connection, scope))
    for row in rows:
        whole = whole.with_part(row.totals)
    return whole


def _session_count(connection: sqlite3.Connection, scope: Scope) -> int:
    condition, values = scope.project_condition()
    row = connection.execute(
        f"SELECT count(*) FROM session WHERE own > 0 AND ended >= ? AND {condition}",
        [scope.since, *values],
    ).fetchone()
    return int(row[0])


def rows_by(connection: sqlite3.Connection, by: str, scope: Scope) -> list[Row]:
    """Return the sums of each part, the most expensive first (days in order)."""
    requests, calls = _request_sums(connection, by, scope), _call_sums(connection, by, scope)
    rows = [
        Row(_shown(by, key), _totals(requests.get(key, _NOTHING), calls.get(key, _NO_CALLS)))
        for key in requests.keys() | calls.keys()
    ]
    if by == "day":
        return sorted(rows, key=lambda row: row.key)
    return sorted(rows, key=lambda row: (-row.totals.cost, -row.totals.calls, row.key))


_Sums = tuple[int | None, ...]
_NOTHING: _Sums = (0,) * 11
_NO_CALLS: _Sums = (0,) * 3


def _shown(by: str, key: object) -> str:
    if by == "day":
        return f"{_EPOCH + timedelta(days=int(str(key))):%Y-%m-%d}"
    return str(key or "")


def _request_sums(connection: sqlite3.Connection, by: str, scope: Scope) -> dict[object, _Sums]:
    cut = _KEYS[by]
    where, values = scope.where("request")
    query = f"""{_LED if by == "tool" else ""}
        SELECT {cut.of_request}, count(DISTINCT request.session_id), {_SUMS}
        FROM request JOIN session ON session.id = request.session_id
        {cut.request_join.format(table="request")} WHERE {where} GROUP BY 1"""
    return {row[0]: tuple(row[1:]) for row in connection.execute(query, values)}


def _call_sums(connection: sqlite3.Connection, by: str, scope: Scope) -> dict[object, _Sums]:
    cut = _KEYS[by]
    where, values = scope.where("call")
    query = f"""SELECT {cut.of_call}, count(DISTINCT call.session_id), count(*),
        sum(call.status = 'error') FROM call JOIN session ON session.id = call.session_id
        {cut.call_join.format(table="call")} WHERE {where} GROUP BY 1"""
    return {row[0]: tuple(row[1:]) for row in connection.execute(query, values)}


def _totals(requests: _Sums, calls: _Sums) -> Totals:
    """Put sums together; every call stands in a session that has requests under the same or another key."""
    sessions, count, *tokens, cost, unpriced, unreliable = (value or 0 for value in requests)
    with_calls, calls_made, errors = (value or 0 for value in calls)
    return Totals(
        max(sessions, with_calls), count, calls_made, errors, Usage(*tokens), cost, unpriced, unreliable
    )


def unpriced(connection: sqlite3.Connection, scope: Scope) -> list[Unpriced]:
    """Return what was used of models that have no price."""
    where, values = scope.where("request")
    query = f"""SELECT request.model, {_SUMS} FROM request
        JOIN session ON session.id = request.session_id
        WHERE request.cost IS NULL AND {where} GROUP BY 1 ORDER BY 1"""
    return [Unpriced(row[0], row[1], Usage(*row[2:8])) for row in connection.execute(query, values)]


def coverage(connection: sqlite3.Connection, unreadable: int) -> Coverage:
    """Return how much of the sources has been read."""
    row = connection.execute(
        """SELECT sum(is_log), sum(lines * is_log), sum(accounted * is_log), sum(faults),
                  sum(waiting), sum(gone), sum(NOT is_log)
           FROM (SELECT *, kind IN ('transcript', 'journal') AS is_log FROM source)"""
    ).fetchone()
    files, lines, accounted, faults, waiting, gone, documents = (value or 0 for value in row)
    return Coverage(files, lines, accounted, faults, documents, unreadable, waiting, gone)


def sessions(connection: sqlite3.Connection, scope: Scope, limit: int) -> list[SessionRow]:
    """Return sessions, the latest first; ``limit`` 0 gives all."""
    condition, values = scope.project_condition()
    query = f"""SELECT session.name, project, session.at, session.ended, client, title, prompt,
            prompts, interrupts, corrections,
            (SELECT count(*) FROM run WHERE run.session_id = session.id AND number > 0),
            (SELECT count(*) FROM subagent WHERE subagent.session_id = session.id),
            (SELECT count(*) FROM compaction WHERE compaction.session_id = session.id),
            (SELECT count(*) FROM call WHERE call.session_id = session.id),
            (SELECT coalesce(sum(status = 'error'), 0) FROM call WHERE call.session_id = session.id),
            {_SUMS}
        FROM session LEFT JOIN request ON request.session_id = session.id
        WHERE own > 0 AND session.ended >= ? AND {condition}
        GROUP BY session.id ORDER BY session.ended DESC, session.name LIMIT ?"""
    values = [scope.since, *values, limit or -1]
    return [_session_row(row) for row in connection.execute(query, values)]


def _session_row(row: tuple[Any, ...]) -> SessionRow:
    *described, calls, errors = row[:15]
    sums = [value or 0 for value in row[15:]]
    requests, *rest = sums
    totals = _totals((1, requests if any(rest) else 0, *rest), (1, calls, errors))
    return SessionRow(*(*described, totals))


def skills(connection: sqlite3.Connection, scope: Scope) -> list[SkillRow]:
    """Return every skill that ran, the most expensive first."""
    sums = {row.key: row.totals for row in rows_by(connection, "skill", scope)}
    host = _host_sums(connection, scope)
    where, values = scope.where("run")
    query = f"""SELECT skill, trigger, parent, digest, size, model_ms, tools_ms, person_ms, hooks_ms,
            other_ms, agents_ms, run.agent, run.ended
        FROM run JOIN session ON session.id = run.session_id WHERE number > 0 AND {where}"""
    runs: dict[str, list[tuple[object, ...]]] = {}
    for skill, *rest in connection.execute(query, values):
        runs.setdefault(skill, []).append(tuple(rest))
    rows = [_skill_row(name, each, sums.get(name, Totals()), host) for name, each in runs.items()]
    return sorted(rows, key=lambda row: (-row.totals.cost, -row.runs, row.name))


def _skill_row(
    name: str, runs: list[tuple[object, ...]], totals: Totals, host: dict[str, tuple[int, Usage]]
) -> SkillRow:
    numbers = [[int(str(value)) for value in run[4:10]] for run in runs]
    in_agent = [run[0] == "fork" or bool(run[10]) for run in runs]
    active = [
        model + tools + hooks + other + (agents if inside else 0)
        for (model, tools, _, hooks, other, agents), inside in zip(numbers, in_agent, strict=True)
    ]
    model, tools, person, hooks, _, agents = (sum(column) for column in zip(*numbers, strict=True))
    host_requests, host_usage = host.get(name, (0, Usage()))
    return SkillRow(
        name,
        len(runs),
        sum(run[0] == "typed" for run in runs),
        sum(run[1] != 0 for run in runs),
        len({run[2] for run in runs if run[2]}),
        totals,
        sum(active),
        percentile(active, 0.5),
        percentile(active, 0.9),
        model,
        tools,
        person,
        hooks,
        agents,
        max(int(str(run[3])) for run in runs) // 4,
        host_requests,
        host_usage,
        max(int(str(run[11])) for run in runs),
    )


def _host_sums(connection: sqlite3.Connection, scope: Scope) -> dict[str, tuple[int, Usage]]:
    """Return what the client's own attribution gives to each skill."""
    where, values = scope.where("request")
    query = f"""SELECT host_skill, {_SUMS} FROM request
        JOIN session ON session.id = request.session_id
        WHERE host_skill <> '' AND {where} GROUP BY 1"""
    return {row[0]: (row[1], Usage(*row[2:8])) for row in connection.execute(query, values)}
