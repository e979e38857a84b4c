"""Texts of records in a terminal: without secrets first, cut second."""

from __future__ import annotations

from collections.abc import Callable

from outrider.kernel import limits


def shortened(text: str, clean: Callable[[str], str]) -> str:
    """Return ``text`` without secrets, and of a long one its head and tail."""
    head, tail = limits.BACKTEST_SHOWN_CHARS
    longest = limits.BACKTEST_CLEANED_CHARS
    if len(text) > 2 * longest:
        text = text[:longest] + text[-longest:]
    safe = clean(text)
    if len(safe) <= head + tail:
        return safe
    return f"{safe[:head]} [… {len(safe) - head - tail} characters left out …] {safe[-tail:]}"
