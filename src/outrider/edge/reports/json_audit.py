"""Audits, steps and rules as JSON (`outrider.audit/1`, `outrider.steps/1`, `outrider.rules/1`)."""

from __future__ import annotations

from collections.abc import Sequence

from outrider.edge.reports.json_text import Json, coverage, tokens
from outrider.judge.conformance.accounting import Used
from outrider.judge.conformance.across import RuleRow, StepRow, StepTable
from outrider.judge.conformance.audit import RuleAudit, RunAudit, event_of
from outrider.judge.conformance.engine.verdicts import Violation
from outrider.judge.conformance.steps import Visit, step_status
from outrider.judge.conformance.wrangler_log import WranglerFinding
from outrider.judge.metrics.totals import NANO, Coverage
from outrider.plan.workflow.model import Step
from outrider.record.activities.activity import Event
from outrider.record.wrangler import WranglerSession

WranglerAudited = tuple[WranglerSession, Sequence[WranglerFinding]]


def audit(
    runs: Sequence[tuple[RunAudit, str, str]], wrangler: Sequence[WranglerAudited], covered: Coverage
) -> Json:
    """Return `outrider.audit/1`; each run comes with the origin and the path of its workflow."""
    return {
        "schema": "outrider.audit/1",
        "runs": [run(each, origin, path) for each, origin, path in runs],
        "wrangler": [_wrangler(each) for each in wrangler],
        "coverage": coverage(covered),
    }


def run(each: RunAudit, origin: str, path: str) -> Json:
    """Return one run of `outrider.audit/1`."""
    diverged = each.path.diverged_at
    return {
        "session": each.session,
        "run": each.run.number,
        "skill": each.run.load.name,
        "skill_version": each.run.load.digest,
        "plugin_version": each.run.load.plugin_version,
        "trigger": each.run.trigger,
        "at_ms": each.run.at,
        "ended_ms": each.run.ended,
        "workflow": {"origin": origin, "path": path},
        "steps": [_step(each, step) for step in each.workflow.steps],
        "outside": _used(each, each.outside),
        "rules": [_rule(each, rule) for rule in each.rules],
        "order_score": each.path.order_score,
        "unexplained": len(each.path.unexplained),
        "unexplained_events": [_event(each.events[index]) for index in each.path.unexplained],
        "diverged_at": _event_at(each.events, diverged),
        "bottleneck": each.bottleneck or None,
        "unproven_claims": [_event(event) for event in each.unproven],
    }


def steps(table: StepTable, covered: Coverage) -> Json:
    """Return `outrider.steps/1`."""
    return {
        "schema": "outrider.steps/1",
        "skill": table.skill,
        "runs": table.runs,
        "sessions": table.sessions,
        "versions": dict(table.versions),
        "steps": [_step_row(row) for row in table.rows],
        "outside": {**_amounts(table.outside), "share": table.outside_share},
        "bottleneck": table.bottleneck or None,
        "order_score": sum(table.order_scores) / len(table.order_scores) if table.order_scores else None,
        "coverage": coverage(covered),
    }


def rules(rows: Sequence[RuleRow], covered: Coverage) -> Json:
    """Return `outrider.rules/1`."""
    return {
        "schema": "outrider.rules/1",
        "rules": [
            {
                "skill": row.skill,
                "rule": row.rule,
                "mode": row.mode,
                "why": row.why,
                "runs": row.runs,
                "kept": row.kept,
                "broken": row.broken,
                "not_triggered": row.not_triggered,
                "activations": row.activations,
                "violations": row.violations,
            }
            for row in rows
        ],
        "coverage": coverage(covered),
    }


def _step(each: RunAudit, step: Step) -> Json:
    return {
        "step": step.name,
        "title": step.title or step.name,
        "status": step_status(step, each.path),
        "optional": step.optional,
        "visits": [_visit(each, visit, used) for visit, used in each.visits_of(step)],
        "source": step.source,
        "line": step.line or None,
        "confidence": step.confidence,
    }


def _visit(each: RunAudit, visit: Visit, used: Used) -> Json:
    first, last = each.events[visit.events[0]], each.events[visit.events[-1]]
    return {
        "from_event": first.id,
        "to_event": last.id,
        "from_ms": first.at,
        "to_ms": last.at,
        "status": visit.status,
        "evidence": sorted({each.events[index].activity.name for index in visit.events}),
        **_used(each, used),
    }


def _used(each: RunAudit, used: Used) -> Json:
    return {"seconds": each.ms(used) / 1000, "waiting_seconds": used.waiting_ms / 1000, **_amounts(used)}


def _amounts(used: Used) -> Json:
    return {
        "tokens": tokens(used.usage),
        "cost_usd": used.cost / NANO,
        "unpriced_requests": used.unpriced,
        "requests": used.requests,
        "calls": used.calls,
        "errors": used.errors,
        "agent_seconds": used.agents_ms / 1000,
    }


def _rule(each: RunAudit, rule: RuleAudit) -> Json:
    first = rule.violations[0] if rule.violations else None
    return {
        "rule": rule.rule.text,
        "form": rule.rule.form,
        "mode": rule.rule.mode,
        "verdict": rule.verdict.verdict,
        "activations": rule.verdict.activations,
        "fulfilled": rule.verdict.fulfilled,
        "broken": rule.verdict.broken,
        "evidence": _evidence(first, rule, each) if first else {},
        "repair": list(first.repair) if first else [],
        "violations": [
            {**_evidence(violation, rule, each), "repair": list(violation.repair)}
            for violation in rule.violations
        ],
    }


def _evidence(violation: Violation, rule: RuleAudit, each: RunAudit) -> Json:
    event = event_of(violation.event, rule.rule, each.told)
    return {
        "event": violation.event,
        "at_ms": violation.at,
        "activity": event.activity.name if event else "",
        "key": violation.key,
        "activation": violation.activation,
        "evidence": violation.evidence,
        "invalidation": violation.invalidation,
        "expected": list(violation.expected),
        "owed": violation.owed,
    }


def _event(event: Event) -> Json:
    return {"event": event.id, "at_ms": event.at, "activity": event.activity.name, "of": event.activity.of}


def _event_at(events: Sequence[Event], index: int | None) -> Json | None:
    if index is None:
        return None
    return _event(events[index]) if index < len(events) else {"event": "", "at_ms": None, "activity": "end"}


def _step_row(row: StepRow) -> Json:
    return {
        "step": row.step,
        "title": row.title,
        "optional": row.optional,
        "visits": row.visits,
        "runs": row.runs,
        "skipped": row.skipped,
        "out_of_order": row.out_of_order,
        "repeated": row.repeated,
        **_amounts(row.used),
        "cost_usd_p50": row.percentile_cost(0.5) / NANO,
        "cost_usd_p90": row.percentile_cost(0.9) / NANO,
        "seconds": {
            "p50": row.percentile_ms(0.5) / 1000,
            "p90": row.percentile_ms(0.9) / 1000,
            "total": sum(row.ms) / 1000,
        },
        "share": row.share,
    }


def _wrangler(each: WranglerAudited) -> Json:
    session, findings = each
    return {
        "session": session.name,
        "dialect": session.dialect,
        "status": session.status,
        "findings": [
            {
                "code": finding.code,
                "severity": finding.severity,
                "message": finding.message,
                "evidence": [{"entry": place.number, "at_ms": place.at} for place in finding.evidence],
                "repair": finding.advice,
            }
            for finding in findings
        ],
    }
