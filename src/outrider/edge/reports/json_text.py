"""Answers as JSON, each with its versioned schema (docs/schemas.md)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from outrider.judge.metrics.totals import (
    NANO,
    Coverage,
    Report,
    SessionRow,
    SkillRow,
    Totals,
    Unpriced,
)
from outrider.record.usage import Usage

Json = dict[str, Any]


def text(value: Json) -> str:
    """Return JSON text that is safe to print and to embed: ASCII alone, no control characters."""
    return json.dumps(value, indent=2, ensure_ascii=True, allow_nan=False)


def report(value: Report) -> Json:
    """Return `outrider.report/1`."""
    return {
        "schema": "outrider.report/1",
        "by": value.by,
        "totals": {**totals(value.totals), **unpriced(value.unpriced)},
        "coverage": coverage(value.coverage),
        "rows": [{"key": row.key, **totals(row.totals)} for row in value.rows],
    }


def skills(rows: tuple[SkillRow, ...], covered: Coverage) -> Json:
    """Return `outrider.skills/1`."""
    return {
        "schema": "outrider.skills/1",
        "skills": [_skill(row) for row in rows],
        "coverage": coverage(covered),
    }


def sessions(rows: list[SessionRow], covered: Coverage) -> Json:
    """Return `outrider.sessions/1`."""
    return {
        "schema": "outrider.sessions/1",
        "sessions": [session(row) for row in rows],
        "coverage": coverage(covered),
    }


def totals(value: Totals) -> Json:
    """Return sums; money in USD, with every nano-USD."""
    return {
        "sessions": value.sessions,
        "requests": value.requests,
        "calls": value.calls,
        "errors": value.errors,
        "tokens": tokens(value.usage),
        "web_searches": value.usage.web_searches,
        "cost_usd": value.cost / NANO,
        "unpriced_requests": value.unpriced_requests,
        "unreliable_requests": value.unreliable_requests,
    }


def tokens(usage: Usage) -> Json:
    """Return tokens by kind."""
    return {
        "input": usage.input,
        "output": usage.output,
        "cache_read": usage.cache_read,
        "cache_write_5m": usage.cache_write_5m,
        "cache_write_1h": usage.cache_write_1h,
    }


def coverage(value: Coverage) -> Json:
    """Return how much of the sources an answer stands on."""
    return {
        "files": value.files,
        "lines": value.lines,
        "accounted": value.accounted,
        "faults": value.faults + value.unreadable,
        "documents": value.documents,
        "unreadable_files": value.unreadable,
        "waiting_bytes": value.waiting,
        "gone_files": value.gone,
    }


def unpriced(values: tuple[Unpriced, ...]) -> Json:
    """Return the models without a price, and what they used."""
    return {
        "unpriced": [each.model for each in values],
        "unpriced_usage": [
            {"model": each.model, "requests": each.requests, "tokens": tokens(each.usage)} for each in values
        ],
    }


def session(row: SessionRow) -> Json:
    """Return one session of a list."""
    return {
        "id": row.id,
        "project": row.project,
        "at_ms": row.at,
        "ended_ms": row.ended,
        "client": row.client,
        "title": row.title,
        "prompt": row.prompt,
        "prompts": row.prompts,
        "interrupts": row.interrupts,
        "corrections": row.corrections,
        "runs": row.runs,
        "subagents": row.subagents,
        "compactions": row.compactions,
        **{key: each for key, each in totals(row.totals).items() if key != "sessions"},
    }


def _skill(row: SkillRow) -> Json:
    own = totals(row.totals)
    return {
        "name": row.name,
        "runs": row.runs,
        "runs_typed": row.runs_typed,
        "runs_nested": row.runs_nested,
        "versions": row.versions,
        "sessions": own["sessions"],
        "requests": own["requests"],
        "calls": own["calls"],
        "errors": own["errors"],
        "tokens": own["tokens"],
        "cost_usd": own["cost_usd"],
        "unpriced_requests": own["unpriced_requests"],
        "unreliable_requests": own["unreliable_requests"],
        "seconds": row.active_ms / 1000,
        "seconds_p50": row.p50_ms / 1000,
        "seconds_p90": row.p90_ms / 1000,
        "seconds_by": {
            "model": row.model_ms / 1000,
            "tools": row.tools_ms / 1000,
            "person": row.person_ms / 1000,
            "hooks": row.hooks_ms / 1000,
            "agents": row.agents_ms / 1000,
        },
        "body_tokens": row.body_tokens,
        "host": {"requests": row.host_requests, "tokens": tokens(row.host_usage)},
        "last_ms": row.last_at,
    }


def overview(
    where: str,
    made: Report,
    latest: Sequence[SessionRow],
    used: Sequence[SkillRow],
    remarks: Sequence[str],
) -> Json:
    """Return `outrider.overview/1`."""
    return {
        "schema": "outrider.overview/1",
        "project": where,
        "totals": {**totals(made.totals), **unpriced(made.unpriced)},
        "sessions": [session(row) for row in latest],
        "skills": [_skill(row) for row in used],
        "remarks": list(remarks),
        "coverage": coverage(made.coverage),
    }


def ingested(files: int, read: int, size: int, refreshed: int, covered: Coverage) -> Json:
    """Return `outrider.ingest/1`."""
    return {
        "schema": "outrider.ingest/1",
        "files": files,
        "read_files": read,
        "read_bytes": size,
        "sessions": refreshed,
        "coverage": coverage(covered),
    }


def plain(value: Any) -> Json:  # noqa: ANN401 - any dataclass whose fields are JSON values
    """Return a value whose field names are its schema."""
    return asdict(value)
