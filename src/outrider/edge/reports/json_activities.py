"""Activities as JSON (`outrider.activities/1`)."""

from __future__ import annotations

from typing import Protocol

from outrider.edge.reports.json_text import Json, coverage
from outrider.judge.metrics.totals import Coverage


class Counted(Protocol):
    """How often each activity was seen, and which calls mean nothing known."""

    @property
    def activities(self) -> tuple[tuple[str, int, int], ...]:
        """Name, times, sessions."""

    @property
    def unmatched(self) -> tuple[tuple[str, int], ...]:
        """Call and times."""

    @property
    def calls(self) -> int:
        """All calls."""


def activities(found: Counted, covered: Coverage) -> Json:
    """Return `outrider.activities/1`."""
    return {
        "schema": "outrider.activities/1",
        "calls": found.calls,
        "activities": [
            {"activity": name, "times": times, "sessions": sessions}
            for name, times, sessions in found.activities
        ],
        "unmatched": [{"call": call, "times": times} for call, times in found.unmatched],
        "coverage": coverage(covered),
    }
