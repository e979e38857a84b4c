"""What a detector found, before anybody decides what to do about it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from outrider.judge.guard.thread import Lap

NEVER = 1_000_000
"""A count that is not reached: this detector does not block."""


class Finding:
    """``count`` laps since the last hint of one kind of standing still, ``total`` since progress or a person.

    ``hint`` is the count from which it is worth a word, ``block`` the total from which a call may be
    held back
    where enforcing was asked for; by default that takes twice as much. ``held`` are the keys of those calls.
    """

    __slots__ = ("block", "count", "detector", "evidence", "held", "hint", "key", "label", "since", "total")

    def __init__(
        self, detector: str, laps: list[Lap], count: int, total: int, *, hint: int = 0, block: int = NEVER
    ) -> None:
        last = laps[-1] if laps else None
        self.detector = detector
        self.count = count
        self.total = total
        self.hint = hint
        self.block = block
        self.evidence = [lap.call for lap in laps[-8:] if lap.call]
        self.label = last.label if last else ""
        self.key = last.key if last else ""
        self.since = laps[0].start if laps else 0.0
        self.held = [self.key] if last and block != NEVER else []

    @property
    def is_due(self) -> bool:
        """Tell whether enough came since the last hint."""
        return self.count >= self.hint

    def is_runaway(self) -> bool:
        """Tell whether this is where no healthy session can be."""
        return bool(self.held) and self.total >= self.block * 2
