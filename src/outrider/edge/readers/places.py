"""The identity and the instant of a line."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta, timezone

from outrider.kernel import limits

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MILLISECOND = timedelta(milliseconds=1)


def hashed_uid(text: str) -> str:
    """Return a stable identity for a fact that has no uuid of its own."""
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()


def milliseconds(moment: datetime) -> int | None:
    """Return milliseconds since 1970 UTC; None when that is out of range. Without a zone, UTC is meant."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    at = (moment - _EPOCH) // _MILLISECOND
    return at if 0 <= at <= limits.LATEST_INSTANT_MS else None


def instant(timestamp: str) -> int | None:
    """Return milliseconds since 1970 UTC of an ISO 8601 time, None when it is none or out of range."""
    try:
        return milliseconds(datetime.fromisoformat(timestamp))
    except (ValueError, OverflowError):
        return None
