"""Lines by which a run says where it is: a heading, a bold line, `Phase 2: …`, `Step 3`."""

from __future__ import annotations

import re

_HEADING = re.compile(r"#{1,6}\s+(\S[^\n]{0,150})")
_BOLD = re.compile(r"\*\*([^*\n]{2,150})\*\*:?\s*$")
_NUMBERED = re.compile(
    r"(?:(?:now|starting|begin|beginning|moving\sto|on\sto|entering)\s)?((?:phase|step|stage)\s\d[^\n]{0,120})",
    re.IGNORECASE,
)
_LINES = 40
_WORD = re.compile(r"[a-z0-9]+")
_NUMBER = re.compile(
    r"^\s*(?:(?:phase|step|stage|task)\s+)?\d{1,3}(?:\.\d{1,3})?\s*[,.:)\u2013\u2014-]*\s*", re.IGNORECASE
)
_HEAD = re.compile(r"(?<=\w)(?:[:.;]\s|\s[\u2013\u2014-]\s)")
_SMALL = frozenset(
    ["a", "an", "the", "to", "of", "and", "or", "for", "in", "on", "with", "step", "phase", "stage"]
)


def announcements_in(text: str) -> tuple[str, ...]:
    """Return the announcing lines of ``text``, without their markup, the first 40 lines only."""
    found = []
    for line in text.split("\n", _LINES)[:_LINES]:
        stripped = line.strip()
        match = _HEADING.match(stripped) or _BOLD.match(stripped) or _NUMBERED.match(stripped)
        if match:
            found.append(match[1].strip("*:# ").strip())
    return tuple(found)


def naming_words(text: str) -> frozenset[str]:
    """Return the words of ``text`` that name something.

    A number before them, small words, and what is said after the first clause are left out.
    """
    bare = _NUMBER.sub("", text[:300])
    return frozenset(_WORD.findall(_HEAD.split(bare)[0].lower())) - _SMALL
