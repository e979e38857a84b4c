"""Foreign text made inert before a person or a terminal sees it.

Text from records is hostile until shown otherwise: control characters move a cursor, bidirectional
marks reorder a line, zero-width characters hide a part of it. Each becomes a visible stand-in.
"""

from __future__ import annotations

import re

_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)


def inert(text: str) -> str:
    """Return ``text`` on one line with every control, bidirectional, zero-width and lone surrogate shown."""
    if text.isascii() and text.isprintable():
        return text
    return _UNSAFE.sub(_stand_in, text)


def clipped(text: str, limit: int) -> str:
    """Return at most ``limit`` characters of inert text; a cut is marked with an ellipsis."""
    safe = inert(text[: limit + 1])
    return safe if len(safe) <= limit else safe[: max(limit - 1, 0)] + "…"


def _stand_in(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code in (0x09, 0x0A, 0x0D):
        return " "
    if code < 0x20:
        return chr(0x2400 + code)
    return "\ufffd"
