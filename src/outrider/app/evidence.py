"""Evidence of one recorded session."""

from __future__ import annotations

from outrider.app.audit import Auditor
from outrider.judge.evidence import Evidence, evidence_of


def session_evidence(auditor: Auditor, session_id: int) -> Evidence:
    """Return what speaks for the work of a session as it stands."""
    audit = auditor.session(session_id)
    session = audit.view.session
    calls = {call.id: call for call in session.calls}
    return evidence_of(session.id, audit.stream.events, calls, audit.runs)
