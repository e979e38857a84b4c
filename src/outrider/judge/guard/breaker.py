"""A circuit breaker for one family of calls, or for a whole agent.

Closed lets calls pass; open holds them back; half-open lets exactly one probe through and waits for its
outcome. From open a way leads on by progress (something new was written, a person spoke) or by time, so no
state is without an exit. A probe that changes nothing opens again for twice the time.
"""

from __future__ import annotations

CLOSED = "closed"
OPEN = "open"
HALF_OPEN = "half_open"
FORCED_OPEN = "forced_open"
DISABLED = "disabled"
METRICS_ONLY = "metrics_only"
STATES = (CLOSED, OPEN, HALF_OPEN, FORCED_OPEN, DISABLED, METRICS_ONLY)

PASS = "through"  # noqa: S105  (no password, but the word for letting a call go)
PROBE = "probe"
REFUSE = "refuse"

FIRST_WAIT = 300.0
"""Seconds until a probe is let through without progress."""

LONGEST_WAIT = 4 * 3600.0


class Breaker:
    """``since`` is when it opened or let its probe through, ``probing`` whether a probe is under way."""

    __slots__ = ("probing", "since", "state", "trips", "wait", "would_refuse")

    def __init__(self, state: str = CLOSED) -> None:
        self.state = state
        self.since = 0.0
        self.wait = FIRST_WAIT
        self.trips = 0
        self.probing = False
        self.would_refuse = 0

    def trip(self, now: float) -> bool:
        """Open, where it is closed; tell whether it did. A second trip needs progress in between."""
        if self.state == METRICS_ONLY:
            self.would_refuse += 1
        if self.state != CLOSED:
            return False
        self._open(now)
        return True

    def ask(self, now: float) -> str:
        """Say what becomes of a call at ``now``: pass, probe or refuse."""
        if self.state in (CLOSED, DISABLED, METRICS_ONLY):
            return PASS
        if self.state == FORCED_OPEN:
            return REFUSE
        if self._is_due(now):
            self.state, self.probing = HALF_OPEN, False
        if self.state == OPEN or self.probing:
            return REFUSE
        self.probing, self.since = True, now
        return PROBE

    def progress(self) -> None:
        """Something new was written, or a person spoke: the next call is a probe."""
        if self.state in (OPEN, HALF_OPEN):
            self.state, self.probing = HALF_OPEN, False

    def settle(self, is_new: bool, now: float) -> None:
        """Take in the outcome of the probe: a new one closes, the same one opens for twice the time."""
        if self.state != HALF_OPEN or not self.probing:
            return
        self.probing = False
        if is_new:
            self.state, self.wait = CLOSED, FIRST_WAIT
        else:
            self.wait = min(self.wait * 2, LONGEST_WAIT)
            self._open(now)

    def force(self, state: str) -> None:
        """Set forced open, disabled, metrics only or closed by hand."""
        if state not in (FORCED_OPEN, DISABLED, METRICS_ONLY, CLOSED):
            raise ValueError(state)
        self.state, self.probing, self.wait = state, False, FIRST_WAIT

    def packed(self) -> list[object]:
        """Return the breaker as a plain list."""
        return [self.state, self.since, self.wait, self.trips, self.probing, self.would_refuse]

    def _open(self, now: float) -> None:
        self.state, self.since = OPEN, now
        self.trips += 1

    def _is_due(self, now: float) -> bool:
        """Tell whether the time is up; a probe whose outcome never came is given up after the same time."""
        waiting = self.state == OPEN or (self.state == HALF_OPEN and self.probing)
        return waiting and not self.since <= now < self.since + self.wait


def unpacked(values: object) -> Breaker:
    """Return the breaker of ``packed``; raises ValueError where that is damaged."""
    if not isinstance(values, list) or len(values) != 6 or values[0] not in STATES:
        raise ValueError("a breaker is damaged")
    made = Breaker(values[0])
    made.since, made.wait = _number(values[1]), _number(values[2])
    made.trips, made.would_refuse = int(_number(values[3])), int(_number(values[5]))
    made.probing = values[4] is True
    return made


def _number(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise ValueError("a breaker is damaged")
    return float(value)
