"""Limits: how much of what was allowed a session, a run, a step or a subagent has used.

Counts grow with events; tokens and cost are told from outside, once for each response. At 80 % there is one
hint, at the limit one word more, and another each time that what was used has doubled.
"""

from __future__ import annotations

from outrider.kernel.limits import GUARD_AGENTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from outrider.judge.guard.settings import Settings

SOFT = 0.8

NEAR = {"seconds": 600.0, "idle": 600.0, "calls": 10, "failed": 10, "edits": 10, "agents": 10}
"""What may be used up before anybody looks again: a long thought, or the calls of one reply."""

NEAR_SHARE = 0.5
"""The same for what is told from outside: no single reply takes half of a limit of tokens or cost."""


class Used:
    """One limit that was reached: ``used`` of ``limit`` in ``scope``; ``full`` from the limit on."""

    __slots__ = ("full", "limit", "name", "scope", "used")

    def __init__(self, scope: str, name: str, used: float, limit: float) -> None:
        self.scope = scope
        self.name = name
        self.used = used
        self.limit = limit
        self.full = used >= limit


class Budgets:
    """Counters by scope ("session", "run:7", "agent:a1") and the marks of what was said about them."""

    __slots__ = ("scopes",)

    def __init__(self, scopes: dict[str, dict[str, float]]) -> None:
        self.scopes = scopes

    def enter(self, scope: str, now: float) -> None:
        """Begin a scope, where it has not begun; the oldest goes when there are too many."""
        if scope not in self.scopes:
            self.scopes[scope] = {"began": now, "last": now}
            if len(self.scopes) > GUARD_AGENTS * 2:
                del self.scopes[next(name for name in self.scopes if name != "session")]

    def leave(self, scope: str) -> None:
        """End a scope."""
        self.scopes.pop(scope, None)

    def spend(self, scope: str, name: str, amount: float, now: float) -> None:
        """Add to one counter of a scope that has begun."""
        counters = self.scopes.get(scope)
        if counters is not None and amount > 0:
            counters[name] = counters.get(name, 0.0) + amount
            counters["last"] = max(now, counters["last"])

    def reached(self, settings: Settings, now: float) -> list[Used]:
        """Return the limits that were newly reached: at 80 %, at the limit, and when that has doubled."""
        if not settings.limits:
            return []
        found: list[Used] = []
        for scope, counters in self.scopes.items():
            for name, limit in _allowed(settings, scope).items():
                used = _used(counters, name, now)
                level = _level(used / limit)
                if level > counters.get("said_" + name, 0):
                    counters["said_" + name] = level
                    found.append(Used(scope, name, used, limit))
        return found

    def is_near(self, settings: Settings, now: float) -> bool:
        """Tell whether a limit may be newly reached before anybody looks again, in a new scope too."""
        fresh = {scope: {"began": now, "last": now} for scope in settings.limits}
        return any(
            _level(_soon(name, _used(counters, name, now), limit)) > counters.get("said_" + name, 0)
            for scope, counters in (*fresh.items(), *self.scopes.items())
            for name, limit in _allowed(settings, scope).items()
        )

    def standing(self, settings: Settings, now: float) -> list[Used]:
        """Return every limit of the scopes that have begun, with what is used of it."""
        return [
            Used(scope, name, _used(counters, name, now), limit)
            for scope, counters in self.scopes.items()
            for name, limit in _allowed(settings, scope).items()
        ]

    def is_over(self, settings: Settings, scope: str, now: float) -> bool:
        """Tell whether any limit of a scope is used up."""
        counters = self.scopes.get(scope, {})
        limits = _allowed(settings, scope)
        return any(_used(counters, name, now) >= limit for name, limit in limits.items())


def _level(share: float) -> int:
    """Return 1 from the soft limit on, 2 from the limit on, and one more each time that doubles."""
    level = int(share >= SOFT)
    while share >= 1:
        share /= 2
        level += 1
    return level


def _soon(name: str, used: float, limit: float) -> float:
    """Return the share of a limit that may be used before anybody looks again."""
    return used / limit + (NEAR[name] / limit if name in NEAR else NEAR_SHARE)


def _allowed(settings: Settings, scope: str) -> dict[str, float]:
    """Return what a scope may use: what is set for its kind, and what a workflow allows it by its name."""
    general = settings.limits.get(scope.partition(":")[0], {})
    own = settings.limits.get(scope, {}) if ":" in scope else {}
    return {name: min(general.get(name, limit), limit) for name, limit in {**general, **own}.items()}


def _used(counters: dict[str, float], name: str, now: float) -> float:
    if name == "seconds":
        return now - counters.get("began", now)
    if name == "idle":
        return now - counters.get("last", now)
    return counters.get(name, 0.0)


def unpacked(state: object) -> Budgets:
    """Return the budgets of a snapshot; raises ValueError where that is damaged."""
    if not isinstance(state, dict):
        raise ValueError("budgets are damaged")
    for scope, counters in state.items():
        if not isinstance(scope, str) or not isinstance(counters, dict):
            raise ValueError("budgets are damaged")
        if not all(isinstance(value, int | float) for value in counters.values()):
            raise ValueError("budgets are damaged")
        if "began" not in counters or "last" not in counters:
            raise ValueError("budgets are damaged")
    return Budgets(state)
