"""One session as JSON (`outrider.session/1`, docs/schemas.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from msgspec.structs import asdict as named

from outrider.edge.reports.json_text import Json, coverage, tokens
from outrider.judge.attribution.account import Account, RunAccount
from outrider.judge.metrics.totals import NANO, Coverage
from outrider.judge.metrics.waterfall import Bar
from outrider.record.session import Session
from outrider.record.tasks import TaskItem


def shown(
    session: Session,
    account: Account,
    tasks: Sequence[TaskItem],
    bars: Sequence[Bar],
    covered: Coverage,
) -> Json:
    """Return `outrider.session/1`."""
    return {
        "schema": "outrider.session/1",
        "id": session.id,
        "title": session.title,
        "at_ms": session.at,
        "ended_ms": session.ended,
        "settings": [named(each) for each in session.settings],
        "interrupts": session.interrupts,
        "api_errors": session.api_errors,
        "skewed_lines": session.skewed,
        "hook_ms": session.hook_ms,
        "runs": [_run(number, each) for number, each in enumerate(account.accounts)],
        "turns": [named(turn) for turn in session.turns],
        "subagents": [named(each) for each in session.subagents],
        "compactions": [named(each) for each in session.compactions],
        "tasks": [asdict(each) for each in tasks],
        "rows": [_bar(bar) for bar in bars],
        "coverage": coverage(covered),
    }


def _run(number: int, each: RunAccount) -> Json:
    run = each.run
    value: Json = {
        "number": number,
        "skill": run.load.name if run else "",
        "requests": each.requests,
        "calls": each.calls,
        "errors": each.errors,
        "tokens": tokens(each.usage),
        "cost_usd": each.cost / NANO,
        "unpriced_requests": each.unpriced,
        "ms": asdict(each.time.main),
        "agents_ms": each.time.agents.total,
    }
    if run:
        load = run.load
        value |= {
            "parent": run.parent,
            "plugin": load.plugin,
            "plugin_version": load.plugin_version,
            "version": load.digest,
            "trigger": load.trigger,
            "event": load.uid,
            "agent": load.agent,
            "at_ms": run.at,
            "ended_ms": run.ended,
            "ended_by": run.ended_by,
        }
    return value


def _bar(bar: Bar) -> Json:
    return {
        "kind": bar.kind,
        "level": bar.level,
        "turn": bar.turn,
        "label": bar.label,
        "at_ms": bar.at,
        "ended_ms": bar.ended,
        "tokens": tokens(bar.usage),
        "cost_usd": None if bar.cost is None else bar.cost / NANO,
        "status": bar.status,
        "requests": bar.requests,
        "calls": bar.calls,
    }
