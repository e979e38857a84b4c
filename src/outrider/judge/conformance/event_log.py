"""Runs as an event log: what process-mining tools are given.

A case is one run of one skill. An event stands in every case that it belongs to (nested runs share
events); the exports tell the same event by its session and evidence.
"""

from __future__ import annotations

from dataclasses import dataclass

from outrider.record.activities.activity import Event


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """An event of a run and what it took.

    ``step`` is the step it was aligned with (empty: none), ``tokens`` all of the usage that is its share,
    ``cost`` nano-USD or None when unpriced, ``duration_ms`` its wall time.
    """

    event: Event
    step: str = ""
    tokens: int = 0
    cost: int | None = None
    duration_ms: int = 0


@dataclass(frozen=True, slots=True)
class Case:
    """One run: its session's id, its number there (from 1), its skill and the digest of the skill's text.

    ``started`` is in milliseconds; ``parent`` is the number of the run around it (0: none); ``events``
    are in the order in which they took effect.
    """

    session: str
    run: int
    skill: str
    version: str
    started: int
    events: tuple[LoggedEvent, ...] = ()
    parent: int = 0

    @property
    def cost(self) -> int | None:
        """The nano-USD of all events; None when one of them has no price."""
        costs = [logged.cost for logged in self.events]
        return None if None in costs else sum(cost for cost in costs if cost is not None)


@dataclass(frozen=True, slots=True)
class Exported:
    """A log: its cases, in any order."""

    cases: tuple[Case, ...] = ()
