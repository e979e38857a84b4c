"""Texts from records: redacted first, cut second.

Redacting after cutting would let the half of a secret through, so each cut sees the text beyond itself up to
the end of the word there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import msgspec

from outrider.edge.readers.shapes import lenient_value
from outrider.kernel import limits

Clean = Callable[[str], str]
"""Takes secrets out of a text."""

Suspect = Callable[[str], bool]
"""Tells whether a text could hold a secret; False is certain."""


def always(_: str) -> bool:
    """Suspect every text."""
    return True


def excerpt(text: str, kept: tuple[int, int], clean: Clean) -> str:
    """Return ``text`` without secrets, cut to ``kept`` characters of head and tail."""
    head, tail = kept
    if len(text) <= head + tail:
        return clean(text)
    last = clean(text if _spans_lines(text) else text[_word_start(text, len(text) - tail) :])
    left_out = f"[… {len(text) - head - tail} characters left out …]"
    return f"{beginning(text, head, clean)}\n{left_out}\n{last[-tail:]}"


def beginning(text: str, kept: int, clean: Clean) -> str:
    """Return ``text`` without secrets, cut to its first ``kept`` characters."""
    return clean(text if _spans_lines(text) else text[: _word_end(text, kept)])[:kept]


_KEY, _PUTTY_KEY = "PRIVATE KEY", "Private-Lines: "
"""What begins the forms of secret that span lines: then all of the text is looked at."""


def _spans_lines(text: str) -> bool:
    return _KEY in text or _PUTTY_KEY in text


def _word_end(text: str, at: int) -> int:
    """Return the end of the word around ``at`` and some text behind it, so that a secret there is whole."""
    at += limits.REDACTION_MARGIN_CHARS
    found = _SPACE.search(text, at, at + limits.LONGEST_SECRET_CHARS)
    return found.start() if found else at + limits.LONGEST_SECRET_CHARS


def _word_start(text: str, at: int) -> int:
    at = max(at - limits.REDACTION_MARGIN_CHARS, 0)
    lowest = max(at - limits.LONGEST_SECRET_CHARS, 0)
    return max(text.rfind(" ", lowest, at), text.rfind("\n", lowest, at), lowest)


_SPACE = re.compile(r"\s")


def input_text(raw: msgspec.Raw, clean: Clean) -> str:
    """Return a call's input as JSON text without secrets, long strings cut when the whole is large."""
    data = bytes(raw)
    if not data:
        return "{}"
    if len(data) <= limits.INPUT_CHARS:
        return clean(data.decode("utf-8", "replace"))
    try:
        value = msgspec.json.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        value = lenient_value(data)
    return value_text(value, clean)


def value_text(value: object, clean: Clean) -> str:
    """Return a JSON value as text without secrets, its long strings and long lists cut.

    The whole is cleaned once more: some secrets show only by the name beside them.
    """
    return clean(json.dumps(_cut(value, clean, 0), ensure_ascii=False, separators=(",", ":")))


def _cut(value: object, clean: Clean, depth: int) -> object:
    if isinstance(value, str):
        return excerpt(value, limits.INPUT_STRING_CHARS, clean)
    if depth > limits.INPUT_DEPTH:
        return None
    if isinstance(value, dict):
        items = list(value.items())[: limits.INPUT_ITEMS]
        return {
            beginning(str(key), limits.LABEL_CHARS, clean): _cut(each, clean, depth + 1)
            for key, each in items
        }
    if isinstance(value, list):
        return [_cut(each, clean, depth + 1) for each in value[: limits.INPUT_ITEMS]]
    return value
