"""What is used of the limits, and what is said about it."""

from __future__ import annotations

from outrider.judge.guard import ladder
from outrider.judge.guard import settings as setting
from outrider.judge.guard.seeing import kinds
from outrider.judge.guard.thread import FAILED, REFUSED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from outrider.judge.guard.session import Memory
    from outrider.judge.guard.settings import Settings
    from outrider.judge.guard.thread import Lap


def count(memory: Memory, lap: Lap, agent: str) -> None:
    """Count an answered call."""
    spend(memory, "calls", 1, lap.end, agent)
    if lap.has(FAILED):
        spend(memory, "failed", 1, lap.end, agent)
    if lap.kind == kinds.CHANGE and not lap.flags & (FAILED | REFUSED) and lap.target not in ("", "shell"):
        spend(memory, "edits", 1, lap.end, agent)


def spend(memory: Memory, name: str, amount: float, now: float, agent: str) -> None:
    """Add to a counter of the session, of the runs and steps under way, and of the agent."""
    spent = memory.limited()
    spent.enter("session", now)
    if agent:
        spent.enter(f"agent:{agent}", now)
    for scope in spent.scopes:
        if scope == f"agent:{agent}" or not scope.startswith("agent:"):
            spent.spend(scope, name, amount, now)


def limits(memory: Memory, settings: Settings, now: float) -> list[ladder.Intervention]:
    """Return what is to be said about limits that were newly reached."""
    told = []
    for used in memory.limited().reached(settings, now):
        agent = used.scope.partition(":")[2] if used.scope.startswith("agent:") else ""
        level = _level(settings, used.used / used.limit)
        label = f"{used.scope.partition(':')[0]} {used.name}"
        percent = int(used.used / used.limit * 100)
        told.append(ladder.Intervention(level, "limit", percent, agent=agent, label=label, time=now))
        if level == ladder.STOP and not agent:
            memory.stop("")
    return told


def _level(settings: Settings, share: float) -> str:
    """Advising stops at hints until twice the limit is used."""
    if settings.mode == setting.OBSERVE:
        return ladder.NOTE
    return (
        ladder.last_step(settings) if share >= (1 if settings.mode == setting.ENFORCE else 2) else ladder.HINT
    )
