"""What each tool does: arguments to use cases, their results to answers."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from outrider.interface.mcp import arguments
from outrider.kernel.errors import OutriderError, UsageError
from outrider.kernel.limits import MCP_WAIT_SECONDS

if TYPE_CHECKING:
    from outrider.app.audit import Auditor
    from outrider.app.library import Library

Given = Mapping[str, object]
Answer = dict[str, Any]


@dataclass(slots=True)
class Toolbox:
    """The tools of one server. ``environment`` is what it was started with; ``home`` Outrider's own folder.

    Records are read by one call at a time; what is slow the first time is begun when the server starts.
    """

    environment: Mapping[str, str]
    home: Path
    _reading: threading.Lock = field(default_factory=threading.Lock)

    def call(self, name: str, given: Given, call: str) -> Answer:
        """Carry out a tool; ``call`` is the id of the call. Raises :class:`OutriderError`."""
        tools: dict[str, Callable[[Given, str], Answer]] = {
            "status": self._status,
            "step": self._step,
            "evidence": self._evidence,
            "audit": self._audit,
            "explain": self._explain,
            "skill_report": self._skill_report,
        }
        if name not in tools:
            raise UsageError("no-such-tool", "no such tool", "there are: " + ", ".join(tools))
        return tools[name](given, call)

    def warm_up(self) -> None:
        """Read the records that are new, so that the first question need not wait for them."""
        with self._library():
            return

    def _status(self, given: Given, call: str) -> Answer:
        from outrider.app.standing import standing
        from outrider.edge.reports import tool_answers

        return tool_answers.status(
            standing(self.home, self._session(given, call), self._project, time.time())
        )

    def _step(self, given: Given, call: str) -> Answer:
        from outrider.app.standing import steps_at_hand
        from outrider.edge.reports import tool_answers

        wanted = arguments.step(given)
        skill, steps = steps_at_hand(self.home, self._session(given, call))
        if not steps:
            raise UsageError("no-steps", "no skill with known steps is active", "nothing needs to be marked")
        names = [each.casefold() for each in steps]
        number = names.index(wanted.casefold()) + 1 if wanted.casefold() in names else 0
        return tool_answers.marked(skill, steps[number - 1], number, steps)

    def _evidence(self, given: Given, call: str) -> Answer:
        from outrider.app.evidence import session_evidence
        from outrider.edge.reports import tool_answers

        with self._auditor() as auditor:
            return tool_answers.evidence(session_evidence(auditor, self._found(auditor, given, call)))

    def _audit(self, given: Given, call: str) -> Answer:
        from outrider.app.report import coverage
        from outrider.edge.reports import tool_answers

        skill = arguments.skill(given)
        with self._auditor() as auditor:
            audit = auditor.session(self._found(auditor, given, call), skill)
            return tool_answers.audit(audit.view.session.id, audit.runs, coverage(auditor.library))

    def _explain(self, given: Given, call: str) -> Answer:
        from outrider.app.watching import find_entry
        from outrider.edge.reports import tool_answers
        from outrider.edge.store import guard_log
        from outrider.edge.store.guard_files import GuardFiles
        from outrider.judge.guard.catalogue import meaning_of

        wanted = arguments.event(given)
        files = GuardFiles(self.home)
        if wanted.startswith("g-"):
            entry = find_entry(files, wanted)
            meaning = meaning_of(entry.detector)
            return tool_answers.intervention(entry, meaning.means if meaning else "")
        with self._auditor() as auditor:
            audit = auditor.session(self._found(auditor, given, call))
            calls = [each for each in audit.view.session.calls if each.id == wanted]
            events = [each for each in audit.stream.events if each.id == wanted]
            if not calls and not events:
                raise UsageError(
                    "no-such-event", "no such event in this session", "take an id from audit or evidence"
                )
            entries = guard_log.entries(files.folder, session=audit.view.session.id)
            told = [each for each in entries if wanted in each.evidence]
            return tool_answers.event(calls[0] if calls else None, events, audit.runs, told)

    def _skill_report(self, given: Given, call: str) -> Answer:  # noqa: ARG002 - of all sessions
        from outrider.app.audit import runs_of
        from outrider.edge.reports import tool_answers
        from outrider.edge.store.queries import Scope
        from outrider.judge.conformance.across import rule_rows, step_table

        skill = arguments.skill(given, needed=True)
        with self._auditor() as auditor:
            runs = runs_of(auditor.all_sessions(Scope(0, ""), skill))
            if not runs:
                raise UsageError(
                    "no-such-run",
                    "no run of this skill is recorded",
                    "names: the command line, outrider skills",
                )
            table = step_table(runs[-1].run.load.name, runs)
            cost = table.outside.cost + sum(row.used.cost for row in table.rows)
            return tool_answers.report(table, rule_rows(runs), cost)

    @property
    def _project(self) -> str:
        folder = self.environment.get("CLAUDE_PROJECT_DIR", "")
        return folder if folder.startswith("/") else ""

    def _session(self, given: Given, call: str) -> str:
        """Return the session that is meant: the one given, the caller's, or that of the server's start."""
        from outrider.app.calling import session_of_call
        from outrider.app.standing import newest_session

        if "session" in given:
            named = arguments.session(given, "")
        else:
            own = session_of_call(self.home, call, time.time())
            named = arguments.session({}, own or self.environment.get("CLAUDE_CODE_SESSION_ID", ""))
        return newest_session(self.home) if named == arguments.LAST else named

    def _found(self, auditor: Auditor, given: Given, call: str) -> int:
        from outrider.app.sessions import find_session

        return find_session(auditor.library, self._session(given, call) or arguments.LAST)

    @contextmanager
    def _auditor(self) -> Iterator[Auditor]:
        from outrider.app.audit import Auditor

        with self._library() as library:
            yield Auditor(library)

    @contextmanager
    def _library(self) -> Iterator[Library]:
        from outrider.app.opening import open_mended
        from outrider.app.roots import configured_root
        from outrider.edge.store.database import mapped

        if not self._reading.acquire(timeout=MCP_WAIT_SECONDS):
            raise OutriderError("still-reading", "the records are being read", "ask again in a minute")
        try:
            root = configured_root(self.environment, None)
            library, _ = open_mended(root, self.environment, datetime.now(timezone.utc), None, read=True)
            try:
                with mapped(root.store):
                    yield library
            finally:
                library.close()
        finally:
            self._reading.release()
