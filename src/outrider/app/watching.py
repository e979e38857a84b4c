"""Sessions under the guard as they stand now, and what time alone makes due."""

from __future__ import annotations

from dataclasses import dataclass, replace

from outrider.app.guard import in_force
from outrider.edge.store import guard_log
from outrider.edge.store.guard_files import GuardFiles, SessionState, Trip
from outrider.judge.guard.looks import Entry, Look, limits_of_time, look
from outrider.kernel.errors import UsageError

WATCHED_EVENT = "Watch"
"""The event that stands in the log where no hook noticed something, but the watcher."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A session and for how many seconds it has stalled, 0 where it has not."""

    look: Look
    stalled: float = 0.0


def looks(files: GuardFiles, since: float) -> list[Look]:
    """Return the sessions that hooks told of since then, the newest first."""
    trips = files.trips()
    return [_looked(files, state, trips) for state in files.sessions(since)]


def watched(files: GuardFiles, now: float, hours: float, stall_seconds: float) -> list[Watched]:
    """Return the sessions of the last hours with time-outs and stalls, and write those to the guard's log.

    No state names its project, so the limits are those of the user for all projects.
    """
    trips = files.trips()
    found = []
    settings = in_force(files, None).effective.settings
    for state in files.sessions(now - hours * 3600):
        seen = replace(_looked(files, state, trips), limits=limits_of_time(state.state, settings, now))
        found.append(Watched(seen, seen.stalled(now, stall_seconds)))
    _note(files, found, now)
    return found


def find_session(files: GuardFiles, given: str | None) -> str:
    """Return the session that is meant by an id or its beginning, empty for none; an unknown one as it is."""
    if not given:
        return ""
    names = {state.session for state in files.sessions(0)}
    fitting = sorted(name for name in names if name.startswith(given))
    if given in names or not fitting:
        return given
    if len(fitting) > 1:
        raise UsageError(
            "ambiguous-session", f"{given}: begins {len(fitting)} sessions", "give more of the id"
        )
    return fitting[0]


def find_entry(files: GuardFiles, given: str) -> Entry:
    """Return the intervention with this id, or with the only one that begins so."""
    found = [entry for entry in guard_log.entries(files.folder) if entry.id.startswith(given)]
    exact = [entry for entry in found if entry.id == given]
    if len(exact or found) != 1:
        what = "no such intervention" if not found else f"begins {len(found)} interventions"
        raise UsageError("no-such-intervention", f"{given[:40]}: {what}", "list them: outrider guard log")
    return (exact or found)[0]


def _looked(files: GuardFiles, state: SessionState, trips: list[Trip]) -> Look:
    seen = look(state.session, state.changed, state.state, files.began(state.session))
    seen = replace(seen, faults=state.faults)
    reasons = [trip.reason for trip in trips if trip.session in ("", state.session)]
    return replace(seen, tripped=reasons[0]) if reasons else seen


def _note(files: GuardFiles, found: list[Watched], now: float) -> None:
    """Write to the log what was not told before: each limit once a level, each stall once."""
    due = [(each.look.session, *what) for each in found for what in _due(each)]
    if not due:
        return
    known = {
        (entry.session, entry.detector, entry.label, entry.count // 100, entry.since)
        for entry in guard_log.entries(files.folder)
        if entry.event == WATCHED_EVENT
    }
    for session, detector, label, count, since in due:
        if (session, detector, label, count // 100 if detector == "limit" else 0, since) not in known:
            told = {"session": session, "detector": detector, "label": label, "since": since}
            guard_log.append(
                files.folder, {"t": now, **told, **_nothing(0 if detector == "stall" else count)}
            )


def _due(each: Watched) -> list[tuple[str, str, int, float]]:
    due = [("limit", label, count, each.look.began) for label, count in each.look.limits]
    if each.stalled:
        due.append(("stall", each.look.waits_for, 0, max(each.look.last, each.look.changed)))
    return due


def _nothing(count: int) -> guard_log.Row:
    """Return what every row of the watcher has: it can note, and tell nobody but the person who looks."""
    return {
        "agent": "", "level": "note", "count": count, "key": "", "evidence": [], "said": "",
        "event": WATCHED_EVENT, "mode": "observe",
    }  # fmt: skip
