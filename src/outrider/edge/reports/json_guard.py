"""The guard as JSON (docs/schemas.md)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from outrider.edge.reports.guard_screen import explained_rows, setting_rows
from outrider.edge.reports.guard_values import TripLike, WatchedLike
from outrider.judge.guard.catalogue import Meaning
from outrider.judge.guard.looks import Entry, Look
from outrider.judge.guard.trust import Effective

Json = dict[str, Any]


def status(
    effective: Effective,
    folder: str,
    wrong: Sequence[str],
    from_good: bool,
    trips: Sequence[TripLike],
    found: Sequence[Look],
    faults: int,
) -> Json:
    """Return `outrider.guard/1`."""
    return {
        "schema": "outrider.guard/1",
        "folder": folder,
        "settings": [
            {"name": name, "value": value, "origin": effective.origins.get(name, "")}
            for name, value in setting_rows(effective)
        ],
        "ignored": effective.ignored,
        "mistakes": list(wrong),
        "last_sound": from_good,
        "tripped": [
            {"session": trip.session, "reason": trip.reason, "at_ms": _ms(trip.at)} for trip in trips
        ],
        "sessions": [_look(each) for each in found],
        "faults": faults,
    }


def log(found: Sequence[Entry]) -> Json:
    """Return `outrider.guardlog/1`."""
    return {"schema": "outrider.guardlog/1", "interventions": [entry(each) for each in found]}


def explained(each: Entry, meaning: Meaning | None, mode: str, ways: Sequence[str]) -> Json:
    """Return `outrider.intervention/1`."""
    texts = {name.replace(" ", "_"): text for name, text in explained_rows(each, meaning, mode)}
    told = {name: texts[name] for name in _TOLD if name in texts}
    return {"schema": "outrider.intervention/1", **entry(each), **told, "mode_now": mode, "ways": list(ways)}


def watch(found: Sequence[WatchedLike]) -> Json:
    """Return `outrider.watch/1`."""
    return {
        "schema": "outrider.watch/1",
        "sessions": [{**_look(each.look), "stalled_ms": _ms(each.stalled)} for each in found],
    }


def entry(each: Entry) -> Json:
    """Return one intervention."""
    return {
        "id": each.id,
        "at_ms": _ms(each.at),
        "session": each.session,
        "agent": each.agent,
        "level": each.level,
        "detector": each.detector,
        "count": each.count,
        "label": each.label,
        "since_ms": _ms(each.since),
        "evidence": list(each.evidence),
        "said": each.said,
        "event": each.event,
        "mode": each.mode,
        "call": each.call,
        "then": {"did": each.after, "tool": each.after_tool, "call": each.after_call} if each.after else None,
    }


_TOLD = ("meaning", "speaks_at", "blocks_at", "not_for", "cleared_by")


def _look(each: Look) -> Json:
    return {
        "session": each.session,
        "began_ms": _ms(each.began),
        "last_ms": _ms(max(each.last, each.changed)),
        "calls": each.calls,
        "agents": each.agents,
        "doing": each.doing,
        "waits_for": each.waits_for,
        "stopped": each.stopped,
        "tripped": each.tripped,
        "faults": each.faults,
        "breakers": [
            {"agent": held.agent, "label": held.label, "state": held.state, "count": held.count}
            for held in each.held
        ],
        "limits": [{"limit": label, "percent": percent} for label, percent in each.limits],
    }


def _ms(seconds: float) -> int:
    return int(seconds * 1000)
