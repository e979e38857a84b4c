"""One session: found by what a person gives, and shown as it ran."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from outrider.app.library import Library
from outrider.edge.store import facts
from outrider.judge.attribution.account import Account, account
from outrider.kernel.errors import UsageError
from outrider.kernel.inert import clipped
from outrider.record.build import build_session
from outrider.record.ownership import owned
from outrider.record.session import Session
from outrider.record.tasks import TaskItem

_SHOWN = 60


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session with its attribution and its task items."""

    session: Session
    account: Account
    tasks: tuple[TaskItem, ...]


def find_session(library: Library, given: str) -> int:
    """Return the session that ``given`` means: an id, the beginning of one, a transcript's path, `last`.

    Raises :class:`UsageError` when it means none or more than one.
    """
    connection = library.connection
    if given == "last":
        query = "SELECT id FROM session WHERE own > 0 ORDER BY ended DESC, name LIMIT 1"
        rows = connection.execute(query).fetchall()
    else:
        name = Path(given).stem if given.endswith(".jsonl") or "/" in given else given
        rows = connection.execute(
            "SELECT id, name FROM session WHERE substr(name, 1, ?) = ? ORDER BY name",
            (len(name), name),
        ).fetchall()
        exact = [row for row in rows if row[1] == name]
        rows = exact or rows
    shown = clipped(given, _SHOWN)
    if not rows:
        raise UsageError("no-such-session", f"{shown}: no such session", "list them: outrider sessions")
    if len(rows) > 1:
        raise UsageError("ambiguous-session", f"{shown}: begins {len(rows)} sessions", "give more of the id")
    return int(rows[0][0])


def view_session(library: Library, session_id: int) -> SessionView:
    """Build a session's record and attribution from its facts."""
    connection = library.connection
    family = facts.relatives(connection, session_id)
    entries = {name: facts.entries_of(connection, key) for key, name in family.items()}
    name = family[session_id]
    session = build_session(name, owned(entries)[name], facts.settings_of(connection, session_id))
    texts = {load.digest: facts.skill_text_of(connection, load.digest) for load in session.loads}
    found = account(session, lambda digest: texts.get(digest, ""), library.prices.cost_nano_usd)
    items = connection.execute(
        "SELECT session, item, subject, status FROM task_item WHERE session = ? ORDER BY item + 0",
        (name,),
    )
    return SessionView(session, found, tuple(TaskItem(*row) for row in items))
