"""The result of a backtest: every would-be intervention, and what it would have spared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from outrider.judge.guard.ladder import HINT, LEVELS, NOTE


@dataclass(frozen=True, slots=True)
class Around:
    """One event beside a case: ``given`` is what a call was given, ``came`` what came of it, or a text."""

    index: int
    at: float
    event: str
    agent: str
    tool: str
    given: str
    came: str


@dataclass(frozen=True, slots=True)
class Case:
    """One intervention that would have been.

    ``at`` is in seconds, ``index`` counts the session's events from 0, ``event`` is the hook's name and
    ``call`` the id of the call it was about, where there is one. ``around`` is only kept for a review.
    """

    at: float
    index: int
    event: str
    call: str
    level: str
    detector: str
    count: int
    evidence: tuple[str, ...]
    agent: str
    label: str
    since: float
    around: tuple[Around, ...] = ()


@dataclass(frozen=True, slots=True)
class SessionResult:
    """One session of one source. ``events`` are those read, ``faults`` the places that could not be.

    ``spared`` are the calls that a deny would have held back, or that came after a stop; ``cost`` is what
    the requests with no other calls cost, in nano-USD, None where the source does not tell.
    """

    source: str
    session: str
    events: int = 0
    calls: int = 0
    faults: int = 0
    cases: tuple[Case, ...] = ()
    cases_left_out: int = 0
    spared: tuple[str, ...] = ()
    spared_cost: int | None = None


@dataclass(frozen=True, slots=True)
class Backtest:
    """All sessions of all sources. ``unreadable`` are sources with the reason, ``passed_over`` files of
    other kinds.
    """

    sessions: tuple[SessionResult, ...]
    unreadable: tuple[tuple[str, str], ...] = ()
    passed_over: int = 0

    @property
    def intervened(self) -> bool:
        """Tell whether anything more than a note would have been said."""
        return any(case.level != NOTE for case in self.cases())

    def cases(self) -> Iterable[Case]:
        """Return the cases of all sessions."""
        return (case for tested in self.sessions for case in tested.cases)

    def totals(self) -> Totals:
        """Return the sums."""
        levels = Counter(case.level for case in self.cases())
        detectors = Counter(case.detector for case in self.cases())
        costs = [tested.spared_cost for tested in self.sessions if tested.spared_cost is not None]
        calls = sum(tested.calls for tested in self.sessions)
        return Totals(
            len({tested.source for tested in self.sessions}),
            sum(tested.events > 0 for tested in self.sessions),
            sum(tested.events for tested in self.sessions),
            calls,
            sum(tested.faults for tested in self.sessions),
            {level: levels[level] for level in LEVELS},
            dict(sorted(detectors.items(), key=lambda each: (-each[1], each[0]))),
            sum(bool(tested.cases) for tested in self.sessions),
            1000 * levels[HINT] / calls if calls else 0.0,
            sum(len(tested.spared) for tested in self.sessions),
            sum(costs) if costs else None,
        )


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums of a backtest. ``spared_cost`` is in nano-USD, None where no source tells costs."""

    sources: int
    sessions: int
    events: int
    calls: int
    faults: int
    by_level: dict[str, int]
    by_detector: dict[str, int]
    sessions_with_interventions: int
    hints_per_1000_calls: float
    spared_calls: int
    spared_cost: int | None
