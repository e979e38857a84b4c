"""From a finding to a step: note, hint, deny, ask or stop.

How far it may go is set by the mode. To observe is to note. To advise is to hint; only where a healthy
session cannot be, twice beyond the block count, is one family of calls held back. To enforce is to hold back
from the block count on, or when a third hint would be due; and who tries on against that is brought before a
person, or, where none is there, stopped.
"""

from __future__ import annotations

from outrider.judge.guard.settings import ADVISE, ENFORCE, OBSERVE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from outrider.judge.guard.detectors.findings import Finding
    from outrider.judge.guard.settings import Settings

NOTE = "note"
HINT = "hint"
DENY = "deny"
ASK = "ask"
STOP = "stop"
LEVELS = (NOTE, HINT, DENY, ASK, STOP)

HINTS = 2
"""Hints about one thing before an enforcing guard holds it back."""

DENIES = 3
"""Calls held back in one agent before a person is asked, or a run without one ends."""


class Intervention:
    """What the guard wants done: a step of the ladder with its reasons.

    ``count`` laps (for a limit: percent), ``evidence`` the ids of the last calls, ``agent`` empty for
    the main
    thread, ``repair`` what would keep a rule, ``since`` and ``time`` in seconds.
    """

    __slots__ = ("agent", "count", "detector", "evidence", "key", "label", "level", "repair", "since", "time")

    def __init__(
        self,
        level: str,
        detector: str,
        count: int,
        *,
        evidence: tuple[str, ...] = (),
        agent: str = "",
        key: str = "",
        label: str = "",
        repair: str = "",
        since: float = 0.0,
        time: float = 0.0,
    ) -> None:
        self.level = level
        self.detector = detector
        self.count = count
        self.evidence = evidence
        self.agent = agent
        self.key = key
        self.label = label
        self.repair = repair
        self.since = since
        self.time = time

    def packed(self) -> dict[str, object]:
        """Return the intervention as a plain object."""
        return {name: _plain(getattr(self, name)) for name in self.__slots__}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Intervention) and self.packed() == other.packed()

    def __hash__(self) -> int:
        return hash((self.level, self.detector, self.count, self.agent, self.key, self.time))

    def __repr__(self) -> str:
        return (
            f"Intervention({self.level}, {self.detector}, {self.count}, {self.label!r}, agent={self.agent!r})"
        )


def of_finding(found: Finding, agent: str, level: str, now: float) -> Intervention:
    """Return the intervention of one finding."""
    return Intervention(
        level,
        found.detector,
        max(found.count, found.total),
        evidence=tuple(found.evidence),
        agent=agent,
        key=found.key,
        label=found.label,
        since=found.since,
        time=now,
    )


def holds_back(found: Finding, settings: Settings, hints: int) -> bool:
    """Tell whether calls of this finding's family are held back from now on."""
    mode = settings.mode_of(found.detector)
    if mode == ENFORCE:
        return bool(found.held) and (found.total >= found.block or hints >= HINTS)
    return mode == ADVISE and found.is_runaway()


def level_of(found: Finding, settings: Settings) -> str:
    """Return what is said about a finding at once: a note where the guard only observes, else a hint."""
    return NOTE if settings.mode_of(found.detector) == OBSERVE else HINT


def last_step(settings: Settings) -> str:
    """Return what follows where holding back did not help."""
    return ASK if settings.interactive else STOP


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
