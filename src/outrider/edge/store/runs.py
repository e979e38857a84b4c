"""Which sessions hold runs of a skill, and which versions of its text were seen."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from outrider.edge.store.queries import Scope

_SKILL = "(run.skill = ? OR substr(run.skill, -length(?)) = ?)"


class SkillVersion(NamedTuple):
    """One version of a skill's text in the records: its name there, and when it last ran."""

    name: str
    digest: str
    last_at: int


def sessions_with_runs(connection: sqlite3.Connection, scope: Scope, skill: str = "") -> list[int]:
    """Return the sessions of a scope that have a run (of ``skill``, with or without plugin), oldest first."""
    where, values = scope.where("run")
    of_skill = ""
    if skill:
        of_skill = f"AND {_SKILL}"
        values = [*values, *_skill_values(skill)]
    query = f"""SELECT DISTINCT session.id, session.at, session.name FROM run
        JOIN session ON session.id = run.session_id
        WHERE number > 0 AND {where} {of_skill} ORDER BY session.at, session.name"""
    return [int(row[0]) for row in connection.execute(query, values)]


def sessions_in(connection: sqlite3.Connection, scope: Scope) -> list[int]:
    """Return all sessions of a scope that have work of their own, oldest first."""
    condition, values = scope.project_condition()
    query = f"""SELECT id FROM session WHERE own > 0 AND ended >= ? AND {condition} ORDER BY at, name"""
    return [int(row[0]) for row in connection.execute(query, [scope.since, *values])]


def skill_versions(connection: sqlite3.Connection, skill: str) -> list[SkillVersion]:
    """Return the versions of a skill that ran and whose text is known, the latest first."""
    query = f"""SELECT skill, digest, max(at) AS last_at FROM run
        WHERE number > 0 AND digest <> '' AND {_SKILL}
        GROUP BY skill, digest ORDER BY last_at DESC, skill, digest"""
    return [SkillVersion(*row) for row in connection.execute(query, _skill_values(skill))]


def skill_names(connection: sqlite3.Connection) -> list[str]:
    """Return the names of all skills that ran."""
    rows = connection.execute("SELECT DISTINCT skill FROM run WHERE number > 0 ORDER BY skill")
    return [row[0] for row in rows]


def _skill_values(skill: str) -> list[object]:
    below = f":{skill}"
    return [skill, below, below]
