"""The derived rows of a session, replaced as a whole."""

from __future__ import annotations

import sqlite3

from outrider.judge.attribution.account import Account, RunAccount
from outrider.record.session import Session, Turn

_TABLES = ("turn", "run", "request", "call", "subagent", "compaction")


def save_derived(connection: sqlite3.Connection, session_id: int, session: Session, account: Account) -> None:
    """Replace everything that is derived for one session, and mark it fresh."""
    for table in _TABLES:
        connection.execute(f"DELETE FROM {table} WHERE session_id = ?", (session_id,))
    _save_session(connection, session_id, session)
    _save_turns(connection, session_id, session)
    _save_runs(connection, session_id, session, account)
    _save_requests(connection, session_id, session, account)
    _save_calls(connection, session_id, session, account)
    _save_subagents(connection, session_id, session)


def derived_rows(connection: sqlite3.Connection, session_id: int) -> list[tuple[object, ...]]:
    """Return everything that is derived for one session, in a fixed order, to be compared."""
    found = connection.execute("SELECT * FROM session WHERE id = ?", (session_id,)).fetchall()
    for table in _TABLES:
        found += connection.execute(
            f"SELECT '{table}', * FROM {table} WHERE session_id = ? ORDER BY 2, 3", (session_id,)
        ).fetchall()
    return found


def reprice(connection: sqlite3.Connection, costs: list[tuple[int | None, int, str]]) -> None:
    """Write new costs: (cost, session id, request uid)."""
    connection.executemany("UPDATE request SET cost = ? WHERE session_id = ? AND uid = ?", costs)


def _save_session(connection: sqlite3.Connection, session_id: int, session: Session) -> None:
    settings = session.settings
    prompts = [turn for turn in session.turns if turn.by_person]
    connection.execute(
        """UPDATE session SET stale = 0, at = ?, ended = ?, project = ?, branch = ?, client = ?,
               title = ?, prompt = ?, own = ?, prompts = ?, interrupts = ?, corrections = ?,
               api_errors = ?, skewed = ?, hook_ms = ?
           WHERE id = ?""",
        (
            session.at,
            session.ended,
            settings[0].cwd if settings else "",
            settings[-1].branch if settings else "",
            settings[-1].version if settings else "",
            session.title,
            _beginning(_typed(prompts[0])) if prompts else "",
            sum(moment.kind != "hook" for moment in session.moments),
            len(prompts),
            session.interrupts,
            sum(turn.correction for turn in session.turns),
            session.api_errors,
            session.skewed,
            session.hook_ms,
            session_id,
        ),
    )


def _typed(turn: Turn) -> str:
    """Return what a person typed; of a command its name and what came with it."""
    return f"/{turn.command} {turn.text}" if turn.command else turn.text


def _beginning(text: str) -> str:
    return " ".join(text.split())[:200]


def _save_turns(connection: sqlite3.Connection, session_id: int, session: Session) -> None:
    connection.executemany(
        "INSERT INTO turn VALUES (?, ?, ?, ?, ?, ?)",
        [(session_id, t.number, t.uid, t.at, t.ended, t.by_person) for t in session.turns],
    )


def _save_runs(connection: sqlite3.Connection, session_id: int, session: Session, account: Account) -> None:
    connection.executemany(
        f"INSERT INTO run VALUES ({','.join('?' * 20)})",
        [
            (session_id, number, *_run_fields(each, session), *_time_fields(each))
            for number, each in enumerate(account.accounts)
        ],
    )


def _run_fields(each: RunAccount, session: Session) -> tuple[object, ...]:
    run = each.run
    if run is None:
        return (0, "", "", "", "", 0, "", "", "", session.at, session.ended, "")
    load = run.load
    return (
        run.parent,
        load.name,
        load.plugin,
        load.plugin_version,
        load.digest,
        load.size,
        load.trigger,
        load.agent,
        load.uid,
        run.at,
        run.ended,
        run.ended_by,
    )


def _time_fields(each: RunAccount) -> tuple[int, ...]:
    main = each.time.main
    return main.model, main.tools, main.person, main.hooks, main.other, each.time.agents.total


def _save_requests(
    connection: sqlite3.Connection, session_id: int, session: Session, account: Account
) -> None:
    connection.executemany(
        f"INSERT INTO request VALUES ({','.join('?' * 15)})",
        [
            (
                session_id,
                request.uid,
                account.runs.of_request[request.uid],
                request.agent,
                request.dated,
                request.model,
                request.usage.input,
                request.usage.output,
                request.usage.cache_read,
                request.usage.cache_write_5m,
                request.usage.cache_write_1h,
                request.usage.web_searches,
                account.costs[request.uid],
                request.reliable,
                request.host_skill,
            )
            for request in sorted(session.requests, key=lambda each: each.uid)
        ],
    )


def _save_calls(connection: sqlite3.Connection, session_id: int, session: Session, account: Account) -> None:
    dated = {request.uid: request.dated for request in session.requests}
    connection.executemany(
        "INSERT INTO call VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                session_id,
                call.id,
                account.runs.of_call[call.id],
                call.agent,
                call.request,
                call.name,
                dated[call.request],
                call.ended,
                call.status,
                call.result_size,
            )
            for call in session.calls
        ],
    )


def _save_subagents(connection: sqlite3.Connection, session_id: int, session: Session) -> None:
    connection.executemany(
        "INSERT INTO subagent VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [(session_id, a.id, a.type, a.call_id, a.parent, a.at, a.ended, a.depth) for a in session.subagents],
    )
    connection.executemany(
        "INSERT INTO compaction VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(session_id, c.uid, c.at, c.trigger, c.before, c.after, c.duration) for c in session.compactions],
    )
