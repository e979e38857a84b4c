"""What a person sees of the guard: one intervention of the log, and one session as the hook remembers it."""

from __future__ import annotations

from dataclasses import dataclass

from outrider.judge.guard import session
from outrider.judge.guard.breaker import CLOSED
from outrider.judge.guard.guard import Guard
from outrider.judge.guard.seeing import kinds, observations
from outrider.judge.guard.session import Memory
from outrider.judge.guard.settings import OFF, Settings
from outrider.judge.guard.thread import ASKED, Thread

_DEPTH = 3
_OF_TIME = (" seconds", " idle")


@dataclass(frozen=True, slots=True)
class Entry:
    """One intervention. ``since`` and ``at`` are seconds since 1970, ``said`` what the model was given.

    ``call`` is the call at whose event it was.
    ``after`` is what the model did next: "same", "other", "stopped", "changed", empty where it is not known;
    ``after_tool`` and ``after_call`` say with which call.
    """

    id: str
    at: float
    session: str
    agent: str
    level: str
    detector: str
    count: int
    label: str
    key: str
    since: float
    evidence: tuple[str, ...]
    said: str
    event: str
    mode: str
    call: str = ""
    after: str = ""
    after_tool: str = ""
    after_call: str = ""
    after_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Held:
    """A family of calls with a breaker that is not closed; it was repeated ``count`` times."""

    agent: str
    label: str
    state: str
    count: int
    trips: int


@dataclass(frozen=True, slots=True)
class Look:
    """One session. Times are seconds since 1970, 0 where they are not known.

    ``doing`` is "working", "waiting for a person", "between turns" or, where the state could not be read,
    "unknown"; ``waits_for`` the label of the call under way that is oldest. ``stopped`` says why the guard
    ended the run. ``limits`` are limits of time that were reached: label and percent.
    """

    session: str
    changed: float
    began: float = 0.0
    last: float = 0.0
    calls: int = 0
    agents: int = 0
    doing: str = "unknown"
    waits_for: str = ""
    stopped: str = ""
    held: tuple[Held, ...] = ()
    limits: tuple[tuple[str, int], ...] = ()
    faults: int = 0
    """Faults of the hook itself in a row; after three the session is only observed."""
    tripped: str | None = None
    """The reason of the kill switch that holds for this session, None where none is set."""

    def stalled(self, now: float, after: float) -> float:
        """Return for how many seconds a turn under way has had no event, 0 where that is no stall."""
        silent = now - max(self.last, self.changed)
        return silent if self.doing == "working" and silent >= after else 0.0


def look(name: str, changed: float, state: object, began: float = 0.0) -> Look:
    """Return a session as its state file tells it; ``began`` where something else tells its beginning."""
    memory = _memory(state)
    if memory is None:
        return Look(name, changed, began)
    threads = list(memory.threads.values())
    starts = [lap.start for thread in threads for lap in (*thread.ring[:1], *thread.waiting[:1])]
    starts += [scope["began"] for scope in memory.budgets.values()]
    main = memory.threads.get("") or Thread()
    waiting = sorted((lap for thread in threads for lap in thread.waiting), key=lambda lap: lap.start)
    return Look(
        name,
        changed,
        began or min((start for start in starts if start > 0), default=0.0),
        max((thread.last for thread in threads), default=0.0),
        sum(thread.seq for thread in threads),
        sum(1 for agent in memory.threads if agent),
        _doing(main, memory),
        waiting[0].label if waiting else "",
        memory.stopped,
        tuple(
            Held(family.partition(":")[0], kept.label, kept.breaker.state, kept.count, kept.breaker.trips)
            for family, kept in memory.families.items()
            if kept.breaker.state != CLOSED
        ),
    )


def limits_of_time(state: object, settings: Settings, now: float) -> tuple[tuple[str, int], ...]:
    """Return the limits of time that a session has reached and that its hooks have not told yet."""
    found = _guard_state(state)
    if found is None or settings.mode == OFF or not settings.limits:
        return ()
    told = Guard(settings, found).check(now)
    return tuple((each.label, each.count) for each in told if each.label.endswith(_OF_TIME))


def _doing(main: Thread, memory: Memory) -> str:
    if main.last_event == observations.STOP and not memory.running:
        return "between turns"
    if any(lap.has(ASKED) or lap.kind == kinds.ASK for lap in main.waiting):
        return "waiting for a person"
    return "working" if main.last_event else "between turns"


def _memory(state: object) -> Memory | None:
    found = _guard_state(state)
    if found is None:
        return None
    try:
        return session.restored(found)
    except (ValueError, KeyError, TypeError):
        return None


def _guard_state(state: object, depth: int = 0) -> dict[str, object] | None:
    """Return the guard's own part of a session's state, wherever the hook keeps it."""
    if not isinstance(state, dict) or depth > _DEPTH:
        return None
    if "version" in state and "threads" in state:
        return state
    for value in state.values():
        if (found := _guard_state(value, depth + 1)) is not None:
            return found
    return None
