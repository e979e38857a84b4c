"""Text that repeats itself: the tail of a message is periodic.

Code, lists, tables, headings, quotes and rules repeat by their nature; they are taken out first.
"""

from __future__ import annotations

from outrider.kernel.limits import GUARD_TEXT_CHARS

LAPS = 10
CHARS = 450
LONGEST = 400
"""Longest unit of repetition that is looked for."""


def laps(text: str) -> int:
    """Return how often the tail of ``text`` repeats its unit, 0 where that is no chant."""
    prose = _prose(text[-GUARD_TEXT_CHARS:])
    if len(prose) < CHARS:
        return 0
    probe = prose[-40:]
    found = prose.rfind(probe, 0, len(prose) - 1)
    if found < 0:
        return 0
    period = len(prose) - 40 - found
    if period > LONGEST or not any(sign.isalnum() for sign in probe):
        return 0
    length = _periodic(prose, period)
    return length // period if length >= CHARS and length >= LAPS * period else 0


def _periodic(prose: str, period: int) -> int:
    """Return the length of the longest tail with this period; compares whole units, so it is quick."""
    unit = prose[-period:]
    length = period
    while prose[-length - period : -length] == unit:
        length += period
    return length


def _prose(text: str) -> str:
    kept: list[str] = []
    fenced = False
    for line in text.splitlines():
        bare = line.strip()
        if bare.startswith(("```", "~~~")):
            fenced = not fenced
        elif bare and not fenced and not _is_formal(line, bare):
            kept.append(bare)
    return " ".join(" ".join(kept).split())


def _is_formal(line: str, bare: str) -> bool:
    """Tell whether this line is part of a list, a table, a heading, a quote, a rule or code."""
    if (
        line.startswith(("    ", "\t"))
        or bare[0] in "|#>+•"
        or bare.startswith(("- ", "* ", "\u2013 ", "[ ]", "[x]"))
    ):
        return True
    if not any(sign.isalnum() for sign in bare):
        return True
    number = bare.split(" ", 1)[0]
    return number[-1] in ".)" and number[:-1].isalnum() and len(number) <= 4 and not number[:-1].isalpha()
