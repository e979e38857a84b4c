"""Sessions made anew from their facts, each together with its relatives."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from outrider.edge.store import facts
from outrider.edge.store.database import transaction
from outrider.edge.store.derived import save_derived
from outrider.edge.store.sources import stale_sessions
from outrider.judge.attribution.account import CostOf, account
from outrider.kernel import limits
from outrider.record.build import build_session
from outrider.record.entries import Entry
from outrider.record.ownership import owned


class Deriver:
    """Derives sessions and keeps the texts of skills that it needed at hand."""

    def __init__(self, connection: sqlite3.Connection, cost_of: CostOf) -> None:
        self._connection = connection
        self._cost_of = cost_of
        self._texts: dict[str, str] = {}

    def derive_read(self, by_session: Mapping[str, list[Entry]]) -> int:
        """Derive sessions whose facts are all in ``by_session``, which have just been saved.

        This spares reading back what is in memory anyway. Sessions that have more facts, or relatives
        elsewhere, stay stale for :meth:`refresh`. Runs inside the caller's transaction.
        """
        done: set[int] = set()
        for name, own in by_session.items():
            session_id = facts.newly_read(self._connection, name, len(own))
            if session_id is None or session_id in done:
                continue
            family = facts.relatives(self._connection, session_id)
            if len(family) == 1:
                self._derive(family, {name: own})
                done.add(session_id)
        return len(done)

    def refresh(self) -> int:
        """Derive every stale session; return how many sessions were made anew."""
        waiting = stale_sessions(self._connection)
        fresh: set[int] = set()
        while waiting:
            with transaction(self._connection):
                before = len(fresh)
                while waiting and len(fresh) - before < limits.SESSIONS_PER_TRANSACTION:
                    session_id = waiting.pop()
                    if session_id not in fresh:
                        fresh |= self.derive_family(session_id)
        return len(fresh)

    def derive_family(self, session_id: int) -> set[int]:
        """Derive a session and its relatives inside the caller's transaction; return their ids."""
        family = facts.relatives(self._connection, session_id)
        entries = {name: facts.entries_of(self._connection, key) for key, name in family.items()}
        self._derive(family, entries)
        return set(family)

    def _derive(self, family: Mapping[int, str], entries: Mapping[str, list[Entry]]) -> None:
        own = owned(entries)
        for session_id, name in family.items():
            settings = facts.settings_of(self._connection, session_id)
            session = build_session(name, own[name], settings)
            accounted = account(session, self._text_of, self._cost_of)
            save_derived(self._connection, session_id, session, accounted)

    def _text_of(self, digest: str) -> str:
        if digest not in self._texts:
            self._texts[digest] = facts.skill_text_of(self._connection, digest)
        return self._texts[digest]
