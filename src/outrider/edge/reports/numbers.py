"""Numbers as people read them."""

from __future__ import annotations

from datetime import datetime, timezone

from outrider.judge.metrics.totals import NANO, Coverage

_SECOND, _MINUTE, _HOUR = 1_000, 60_000, 3_600_000
_CENT = NANO // 100


def tokens(value: int) -> str:
    """Return a count of tokens: 950, 12.3k, 4.56M."""
    if value < 1_000:
        return str(value)
    if value < 1_000_000:
        return f"{value / 1_000:.1f}k"
    if value < 1_000_000_000:
        return f"{value / 1_000_000:.2f}M"
    return f"{value / 1_000_000_000:.2f}G"


def usd(nano: int) -> str:
    """Return money: $1,227.25, and more digits below a cent."""
    return f"${nano / NANO:,.2f}" if nano == 0 or nano >= _CENT else f"${nano / NANO:.4f}"


def duration(ms: int) -> str:
    """Return a duration: 840ms, 12.4s, 3m05s, 2h07m."""
    if ms < _SECOND:
        return f"{ms}ms"
    if ms < _MINUTE:
        return f"{ms / _SECOND:.1f}s"
    if ms < _HOUR:
        return f"{ms // _MINUTE}m{ms % _MINUTE // _SECOND:02d}s"
    return f"{ms // _HOUR}h{ms % _HOUR // _MINUTE:02d}m"


def counted(count: int, noun: str) -> str:
    """Return a count with its noun: 1 run, 2 runs."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def times(count: int) -> str:
    """Return how often: once, 2 times."""
    return "once" if count == 1 else f"{count:,} times"


def moment(ms: int) -> str:
    """Return an instant in UTC to the minute."""
    return f"{datetime.fromtimestamp(ms / 1000, timezone.utc):%Y-%m-%d %H:%M}"


def clock(ms: int) -> str:
    """Return the time of day of an instant in UTC."""
    return f"{datetime.fromtimestamp(ms / 1000, timezone.utc):%H:%M:%S}"


def coverage_line(coverage: Coverage) -> str:
    """Return how much of the records stands behind what is shown."""
    parts = [
        f"{coverage.files:,} files",
        f"{coverage.lines:,} lines",
        f"{coverage.accounted:,} accounted for",
        f"{coverage.faults:,} faults",
    ]
    if coverage.unreadable:
        parts.append(f"{coverage.unreadable:,} files unreadable")
    if coverage.waiting:
        parts.append(f"{coverage.waiting:,} bytes of unfinished records")
    if coverage.gone:
        parts.append(f"{coverage.gone:,} files kept after the host removed them")
    more = "  (details: outrider doctor)" if coverage.faults or coverage.unreadable else ""
    return "coverage: " + ", ".join(parts) + more
