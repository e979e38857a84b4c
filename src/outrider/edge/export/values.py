"""How both exports write times, money and foreign text."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from outrider.kernel import limits
from outrider.kernel.inert import inert

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_NANO = 10**9


def instant(ms: int) -> str:
    """Return milliseconds since 1970 as ISO 8601 in UTC; what no calendar holds becomes its nearest end."""
    at = _EPOCH + timedelta(milliseconds=min(max(ms, 0), limits.LATEST_INSTANT_MS))
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def dollars(nano: int) -> str:
    """Return nano-USD as USD, every digit of it."""
    sign = "-" if nano < 0 else ""
    return f"{sign}{abs(nano) // _NANO}.{abs(nano) % _NANO:09d}"


def told(text: str) -> str:
    """Return foreign text inert, and without the two characters that neither XML nor Unicode text allows."""
    return inert(text).replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")
