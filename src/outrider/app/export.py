"""Audited runs as an event log, in the formats of process-mining tools."""

from __future__ import annotations

from collections.abc import Iterable

from outrider.app.audit import SessionAudit
from outrider.edge.export.ocel import as_ocel
from outrider.edge.export.xes import as_xes
from outrider.judge.conformance.audit import RunAudit
from outrider.judge.conformance.event_log import Case, Exported, LoggedEvent

_WRITERS = {"ocel": as_ocel, "xes": as_xes}


def exported(audits: Iterable[SessionAudit], form: str) -> bytes:
    """Return the runs of ``audits`` as `ocel` (OCEL 2.0 JSON) or `xes` (IEEE 1849)."""
    cases = tuple(_case(audit, run) for audit in audits for run in audit.runs)
    return _WRITERS[form](Exported(cases))


def _case(audit: SessionAudit, run: RunAudit) -> Case:
    load = run.run.load
    return Case(
        run.session,
        run.run.number,
        load.name,
        load.digest,
        run.run.at,
        tuple(_logged(audit, run)),
        run.run.parent,
    )


def _logged(audit: SessionAudit, run: RunAudit) -> Iterable[LoggedEvent]:
    """Give each event its step and what it took; the usage of a request goes to its first event alone."""
    requests = {request.uid: request for request in audit.view.session.requests}
    calls = {call.id: call for call in audit.view.session.calls}
    costs = audit.view.account.costs
    told: set[str] = set()
    for index, event in enumerate(run.events):
        visit = run.path.visit_of.get(index)
        step = "" if visit is None else run.path.visits[visit].step
        call = calls.get(event.id)
        took = max((call.ended or call.at) - call.at, 0) if call and event.id not in told else 0
        request = requests.get(event.request) if event.request not in told else None
        told |= {event.id, event.request}
        if request is None:
            yield LoggedEvent(event, step, duration_ms=took, cost=0)
        else:
            yield LoggedEvent(event, step, request.usage.total_tokens, costs[request.uid], took)
