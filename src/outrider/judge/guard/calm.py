"""Whether a session is calm: nothing is near that could be said to the next call.

While it is, a hook need not make anybody wait: what it finds can be said one event later, since nothing is
found that would hold a call. Asked after every result; the last answer holds for the calls between.
"""

from __future__ import annotations

from outrider.judge.guard import settings as setting
from outrider.judge.guard.guard import Guard
from outrider.judge.guard.ladder import NOTE
from outrider.judge.guard.seeing import observations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from outrider.judge.guard.seeing.observations import Observation
    from outrider.judge.guard.settings import Settings


def is_calm(settings: Settings, state: dict[str, object], seen: Observation | None, now: float) -> bool:
    """Tell whether the call just ``seen``, made again with the same result, would pass in silence.

    ``state`` is a copy of the guard's own, which is used up. Where the call failed, one is held back, a run
    ended, or a limit due, a session is not calm, whatever comes next.
    """
    if settings.mode == setting.OFF:
        return True
    if any(state.get(name) for name in ("families", "stopped", "denies")):
        return False
    if seen is not None and (seen.failed or seen.failing or seen.refused):
        return False
    if seen is None or seen.event != observations.RESULT:
        return not _loud(settings, state, [], now)
    return not _loud(
        settings, state, [_again(seen, observations.CALL), _again(seen, observations.RESULT)], now
    )


def _loud(settings: Settings, state: dict[str, object], more: list[Observation], now: float) -> bool:
    guard = Guard(settings, state)
    if guard.is_near_limit(now):
        return True
    told = guard.check(now)
    for seen in more:
        told = told + guard.observe(seen, now)
    return any(each.level != NOTE for each in told)


def _again(seen: Observation, event: str) -> Observation:
    """Return the same call or result once more, under an id of its own and in a reply of its own."""
    made = type(seen)(event, seen.time, seen.agent)
    for name in type(seen).__slots__:
        if name not in ("event", "parts"):
            setattr(made, name, getattr(seen, name))
    made.call = made.group = f"{seen.call}+"
    return made
