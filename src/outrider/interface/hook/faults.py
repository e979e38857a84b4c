"""Marks of faults of ours: countable, bounded, and never a reason for another fault."""

from __future__ import annotations

from outrider.interface.hook import files
from outrider.kernel.limits import GUARD_FAULTS, GUARD_LOG_BYTES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from outrider.interface.hook.places import Places


def mark(places: Places, slug: str, now: float) -> None:
    """Leave one countable line about a fault of ours."""
    try:
        files.append_line(places.faults, f"{now:.0f} {slug}\n".encode("ascii"), GUARD_LOG_BYTES)
    except OSError:
        return


def blame(places: Places, slug: str, now: float) -> None:
    """Mark a fault and count it: after three in a row the session is only observed."""
    mark(places, slug, now)
    try:
        files.append_line(places.state("errors"), b"\n", GUARD_LOG_BYTES)
    except OSError:
        return


def forgive(places: Places) -> None:
    """Forget the faults before an event that went well, unless they were three in a row."""
    path = places.state("errors")
    if 0 < files.size_of(path) < GUARD_FAULTS:
        files.remove(path)
