"""What the guard's reports are given by use cases, named by shape: reports do not know the store."""

from __future__ import annotations

from typing import Protocol

from outrider.judge.guard.looks import Look


class TripLike(Protocol):
    """A kill switch that is set; see the store's."""

    @property
    def session(self) -> str:
        """The session, empty for all."""

    @property
    def reason(self) -> str:
        """What the person wrote who set it."""

    @property
    def at(self) -> float:
        """When, in seconds since 1970."""


class WatchedLike(Protocol):
    """A session under way, with the seconds since it stalled."""

    @property
    def look(self) -> Look:
        """What its state says."""

    @property
    def stalled(self) -> float:
        """Seconds without an event, 0 where that is no stall."""
