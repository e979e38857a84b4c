"""The answer of `outrider backtest` as JSON."""

from __future__ import annotations

from outrider.edge.reports.json_text import Json
from outrider.judge.backtest.cases import Backtest, Case, SessionResult
from outrider.judge.metrics.totals import NANO


def backtest(found: Backtest) -> Json:
    """Return `outrider.backtest/1`."""
    sums = found.totals()
    return {
        "schema": "outrider.backtest/1",
        "sessions": [_session(tested) for tested in found.sessions],
        "totals": {
            "sources": sums.sources,
            "sessions": sums.sessions,
            "events": sums.events,
            "calls": sums.calls,
            "faults": sums.faults,
            "interventions": sum(sums.by_level.values()),
            "levels": sums.by_level,
            "detectors": sums.by_detector,
            "sessions_with_interventions": sums.sessions_with_interventions,
            "hints_per_1000_calls": round(sums.hints_per_1000_calls, 3),
            "spared_calls": sums.spared_calls,
            "spared_cost_usd": _usd(sums.spared_cost),
            "passed_over": found.passed_over,
        },
        "unreadable": [{"source": source, "reason": reason} for source, reason in found.unreadable],
    }


def _session(tested: SessionResult) -> Json:
    return {
        "source": tested.source,
        "session": tested.session,
        "events": tested.events,
        "calls": tested.calls,
        "faults": tested.faults,
        "interventions": [_intervention(case) for case in tested.cases],
        "interventions_left_out": tested.cases_left_out,
        "spared_calls": len(tested.spared),
        "spared_cost_usd": _usd(tested.spared_cost),
    }


def _intervention(case: Case) -> Json:
    return {
        "t": case.at,
        "event": case.event,
        "level": case.level,
        "detector": case.detector,
        "count": case.count,
        "evidence": list(case.evidence),
        "index": case.index,
        "call": case.call,
        "agent": case.agent,
        "label": case.label,
        "since": case.since,
    }


def _usd(nano: int | None) -> float | None:
    return None if nano is None else nano / NANO
