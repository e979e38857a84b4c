"""Time between calls: the best sign of a justified wait.

The gap of two laps is the time in which nothing of the call ran, so that a slow test is not taken for a
patient poll; only for polls the whole distance counts, since they may do their waiting themselves.
"""

from __future__ import annotations

import itertools

from outrider.judge.guard.seeing import kinds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from outrider.judge.guard.thread import Lap

SLOW_SECONDS = 15.0
"""A median gap from here on is waiting."""

GROWING_SECONDS = 8.0
"""Gaps that grow count as backing off from here on."""

SPACED_SECONDS = 45.0
"""Laps with other work between them are apart, not in a loop, from this median distance on."""


def gaps(laps: list[Lap]) -> list[float]:
    """Return the seconds between each lap and the next."""
    return [
        after.start - (before.start if before.kind == kinds.POLL else before.end)
        for before, after in itertools.pairwise(laps)
    ]


def median(numbers: list[float]) -> float:
    """Return the middle number, 0 of none; of two middle ones the smaller."""
    return sorted(numbers)[(len(numbers) - 1) // 2] if numbers else 0.0


def is_waiting(laps: list[Lap]) -> bool:
    """Tell whether these laps of one call are spaced like a wait: slow, or at growing distances."""
    found = gaps(laps)
    return median(found) >= SLOW_SECONDS or is_growing(found)


def is_growing(found: list[float]) -> bool:
    """Tell whether the last gaps grow: each clearly longer than the one before, the last a real pause."""
    last = found[-4:]
    if len(last) < 2 or last[-1] < GROWING_SECONDS:
        return False
    return all(after >= before * 1.2 for before, after in itertools.pairwise(last))


def distance(laps: list[Lap]) -> float:
    """Return the median distance from start to start."""
    return median([after.start - before.start for before, after in itertools.pairwise(laps)])
