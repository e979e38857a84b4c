"""The identity and the instant of a line."""

from __future__ import annotations

import hashlib
from datetime import datetime, timezone
from functools import lru_cache

from outrider.kernel import limits

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_USUAL_LENGTH = len("2026-01-01T00:00:00.000Z")
_TO_MINUTES = len("2026-01-01T00:00:")


def hashed_uid(text: str) -> str:
    """Return a stable identity for a fact that has no uuid of its own."""
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()


def instant(timestamp: str) -> int | None:
    """Return milliseconds since 1970 UTC of an ISO 8601 time, None when it is none or out of range."""
    if len(timestamp) == _USUAL_LENGTH and timestamp[-1] == "Z":
        minute = _parsed(timestamp[:_TO_MINUTES] + "00Z")
        seconds, millis = timestamp[17:19], timestamp[20:23]
        if minute is not None and seconds.isdecimal() and millis.isdecimal():
            return minute + int(seconds) * 1000 + int(millis)
    return _parsed(timestamp)


@lru_cache(maxsize=1024)
def _parsed(timestamp: str) -> int | None:
    try:
        moment = datetime.fromisoformat(timestamp)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=timezone.utc)
        delta = moment - _EPOCH
    except (ValueError, OverflowError):
        return None
    at = delta.days * 86_400_000 + delta.seconds * 1000 + delta.microseconds // 1000
    return at if 0 <= at <= limits.LATEST_INSTANT_MS else None
