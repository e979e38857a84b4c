"""Families of calls that are held back, and who is asked or stopped when that does not help."""

from __future__ import annotations

from outrider.judge.guard import breaker, ladder, session
from outrider.judge.guard import settings as setting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from outrider.judge.guard.detectors.findings import Finding
    from outrider.judge.guard.seeing.observations import Observation
    from outrider.judge.guard.session import Memory
    from outrider.judge.guard.settings import Settings
    from outrider.judge.guard.thread import Lap, Thread


def hold(memory: Memory, finding: Finding, agent: str, thread: Thread, now: float) -> None:
    """Open the breakers of all calls that a finding is about."""
    outcomes = {lap.key: lap.outcome for lap in thread.ring[-12:]}
    for key in finding.held:
        family = session.Family(breaker.Breaker(), outcomes.get(key, ""), finding.label, finding.total)
        memory.hold(f"{agent}:{key}", family).breaker.trip(now)


def held_back(memory: Memory, settings: Settings, seen: Observation) -> ladder.Intervention | None:
    """Return what becomes of a call that must not run now; nothing where it may."""
    family = memory.families.get(f"{seen.agent}:{seen.key}")
    stopped = memory.is_stopped(seen.agent) and settings.mode in (setting.ADVISE, setting.ENFORCE)
    again = seen.call in memory.denied
    if not again and not stopped and (family is None or family.breaker.ask(seen.time) != breaker.REFUSE):
        return None
    tried = memory.denies.get(seen.agent, 0) + (not again)
    memory.denies[seen.agent] = tried
    if not again:
        memory.deny(seen.call)
    level = ladder.last_step(settings) if stopped or tried > ladder.DENIES else ladder.DENY
    if level == ladder.STOP:
        memory.stop(seen.agent)
    return ladder.Intervention(
        level,
        "breaker",
        family.count if family else tried,
        evidence=(seen.call,) if seen.call else (),
        agent=seen.agent,
        key=seen.key,
        label=seen.label,
        since=family.breaker.since if family else 0.0,
        time=seen.time,
    )


def settle(memory: Memory, lap: Lap, agent: str) -> None:
    """Take in the outcome of a call; a family whose breaker closed is forgotten."""
    name = f"{agent}:{lap.key}"
    family = memory.families.get(name)
    if family is not None:
        family.breaker.settle(lap.outcome != family.outcome, lap.end)
        if family.breaker.state == breaker.CLOSED:
            del memory.families[name]


def progress(memory: Memory, agent: str | None) -> None:
    """Half-open the breakers of one agent, or of all."""
    for name, family in memory.families.items():
        if agent is None or name.startswith(agent + ":"):
            family.breaker.progress()
