"""Audits: recorded runs against the workflows of their skills."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from outrider.app.library import Library
from outrider.app.sessions import SessionView, view_session
from outrider.app.vocabulary import Classifier, Vocabularies
from outrider.app.workflows import Found, Workflows
from outrider.edge.store import facts
from outrider.edge.store.queries import Scope
from outrider.edge.store.runs import sessions_with_runs
from outrider.edge.store.wrangler_rows import wrangler_events, wrangler_sessions
from outrider.judge.conformance.audit import RunAudit, audited
from outrider.judge.conformance.wrangler import audit_wrangler
from outrider.judge.conformance.wrangler_log import WranglerFinding
from outrider.record.events import Stream, events_of
from outrider.record.session import Load
from outrider.record.wrangler import WranglerSession


@dataclass(frozen=True, slots=True)
class SessionAudit:
    """The audits of a session's runs, and the workflows of all runs that were asked for, by run number.

    A run that is part of the one around it has a workflow here and no audit of its own.
    """

    view: SessionView
    stream: Stream
    runs: tuple[RunAudit, ...]
    found: dict[int, Found]


@dataclass(slots=True)
class Auditor:
    """Audits sessions of one library; reads every vocabulary and workflow once."""

    library: Library
    _vocabularies: Vocabularies = field(default_factory=Vocabularies)
    _workflows: dict[str, Workflows] = field(default_factory=dict)

    def session(self, session_id: int, skill: str = "") -> SessionAudit:
        """Audit the runs of a session, or only those of one skill, with the same numbers either way."""
        view = view_session(self.library, session_id)
        project = project_of(view)
        stream = self.stream(view)
        runs = view.account.runs.runs
        found = {run.number: self.workflow_of(run.load, project) for run in runs}
        asked = {run.number for run in runs if skill and is_skill(run.load.name, skill)}
        audits = audited(
            view.session,
            view.account,
            stream.events,
            {number: each.workflow for number, each in found.items()},
            asked,
        )
        if skill:
            audits = [each for each in audits if each.run.number in asked]
            found = {number: found[number] for number in asked}
        return SessionAudit(view, stream, tuple(audits), found)

    def stream(self, view: SessionView) -> Stream:
        """Return what happened in a session, in the words of its project."""
        return events_of(view.session, self.classifier(view))

    def classifier(self, view: SessionView) -> Classifier:
        """Return what says what the calls of a session mean, in the words of its project."""
        return self._vocabularies.of_project(project_of(view))

    def workflow_of(self, load: Load, project: str) -> Found:
        """Return the workflow that holds for a load."""
        return self.workflows(project).of_load(load, project)

    def workflows(self, project: str) -> Workflows:
        """Return what finds workflows in the words of ``project``."""
        if project not in self._workflows:
            words = self._vocabularies.of_project(project).vocabulary.words
            self._workflows[project] = Workflows(words, self._text_of)
        return self._workflows[project]

    def _text_of(self, digest: str) -> str:
        return facts.skill_text_of(self.library.connection, digest) if digest else ""

    def all_sessions(self, scope: Scope, skill: str = "") -> Iterator[SessionAudit]:
        """Audit the runs of ``scope``, or those of ``skill``, session by session; the oldest first."""
        for session_id in sessions_with_runs(self.library.connection, scope, skill):
            yield _since(self.session(session_id, skill), scope.since)


def _since(audit: SessionAudit, since: int) -> SessionAudit:
    """Leave out the runs of a session that began earlier."""
    late = {run.number for run in audit.view.account.runs.runs if run.at >= since}
    return replace(
        audit,
        runs=tuple(each for each in audit.runs if each.run.number in late),
        found={number: found for number, found in audit.found.items() if number in late},
    )


def wrangler_audits(
    library: Library, name: str | None, scope: Scope
) -> list[tuple[WranglerSession, list[WranglerFinding]]]:
    """Audit wrangler's own session logs: all of ``scope``, or the one of this name. A copy counts once."""
    sessions: dict[str, WranglerSession] = {}
    for session in wrangler_sessions(library.connection):
        if session.name == name or (name is None and _is_within(session, scope)):
            sessions.setdefault(session.name, session)
    return [
        (session, list(audit_wrangler(session, wrangler_events(library.connection, session.name))))
        for session in sessions.values()
    ]


def _is_within(session: WranglerSession, scope: Scope) -> bool:
    ended = session.ended or session.at or 0
    project = scope.project.rstrip("/")
    return ended >= scope.since and (not project or f"{session.folder}/".startswith(f"{project}/"))


def runs_of(audits: Iterable[SessionAudit]) -> list[RunAudit]:
    """Return the audits of all runs."""
    return [run for audit in audits for run in audit.runs]


def is_skill(name: str, wanted: str) -> bool:
    """Tell whether a skill's name is the one that a person gave, with or without its plugin."""
    return name == wanted or name.rpartition(":")[2] == wanted


def project_of(view: SessionView) -> str:
    """Return the folder in which a session began."""
    return view.session.settings[0].cwd if view.session.settings else ""
