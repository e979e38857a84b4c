"""Limits as text: `45m`, `1h30m`, `600k`, `5 USD`, `300`, read and written in the units of the model."""

from __future__ import annotations

import re
from dataclasses import fields
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from outrider.plan.workflow.mistakes import TextError, shown
from outrider.plan.workflow.model import Limits

Kind = Literal["time", "count", "money"]


class LimitKey(NamedTuple):
    """A limit's name in a file, the field of :class:`Limits` it fills, and what kind of text it takes."""

    name: str
    field: str
    kind: Kind


LIMIT_KEYS: Final = (
    LimitKey("time", "time_ms", "time"),
    LimitKey("idle", "idle_ms", "time"),
    LimitKey("tokens", "tokens", "count"),
    LimitKey("cost", "cost", "money"),
    LimitKey("calls", "calls", "count"),
    LimitKey("failed_calls", "failed_calls", "count"),
    LimitKey("edits", "edits", "count"),
    LimitKey("agents", "agents", "count"),
)

EXAMPLES: Final[dict[Kind, str]] = {
    "time": "`45m` or `1h30m`",
    "count": "`300`, `600k` or `2M`",
    "money": "`5 USD`",
}

TIME_PATTERN: Final = (
    r"(?:[0-9]{1,9}d ?)?(?:[0-9]{1,9}h ?)?(?:[0-9]{1,9}m ?)?(?:[0-9]{1,9}s ?)?(?:[0-9]{1,9}ms)?"
)
COUNT_PATTERN: Final = r"([0-9][0-9_]{0,18})(?:\.([0-9]{1,6}))?([kM]?)"
MONEY_PATTERN: Final = r"([0-9]{1,9}(?:\.[0-9]{1,9})?) ?USD"

_UNITS_MS: Final = {"d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1_000, "ms": 1}
_TIME = re.compile(TIME_PATTERN)
_TIME_PART = re.compile(r"([0-9]+)(ms|[dhms])")
_COUNT = re.compile(COUNT_PATTERN)
_MONEY = re.compile(MONEY_PATTERN)
_NANO = 10**9
_MOST = 10**15


def parse_limit(text: str, kind: Kind) -> int:
    """Read one limit: milliseconds, a number, or nano-USD; raise :class:`TextError` when it is none."""
    readers = {"time": _time, "count": _count, "money": _money}
    text = text.strip()
    value = readers[kind](text)
    if value is None:
        raise TextError(1, "bad-limit", f"{shown(text)} is no limit of {_NOUNS[kind]}", _hint(text, kind))
    if not 0 < value < _MOST:
        what = "0 would stop everything" if value == 0 else f"{shown(text)} is beyond all bounds"
        raise TextError(1, "bad-limit", what, f"write {EXAMPLES[kind]}, or leave the limit out")
    return value


def limit_as_text(value: int, kind: Kind) -> str:
    """Write one limit so that reading gives the same number."""
    if kind == "time":
        return _time_as_text(value)
    if kind == "money":
        return f"{Decimal(value).scaleb(-9).normalize():f} USD"
    for unit, size in (("M", 10**6), ("k", 10**3)):
        if value % size == 0 and value >= size:
            return f"{value // size}{unit}"
    return str(value)


def limits_as_texts(limits: Limits) -> dict[str, str]:
    """Return the limits that are set, by their names in a file."""
    values = {each.name: getattr(limits, each.name) for each in fields(limits)}
    return {
        key.name: limit_as_text(values[key.field], key.kind)
        for key in LIMIT_KEYS
        if values[key.field] is not None
    }


_NOUNS: Final[dict[Kind, str]] = {"time": "time", "count": "number", "money": "money"}


def _hint(text: str, kind: Kind) -> str:
    if kind == "time" and text.isdecimal():
        return f"say the unit: `{text}m` for minutes, `{text}s` for seconds"
    amount = text.removeprefix("$").removesuffix("$").strip()
    if kind == "money" and _MONEY.fullmatch(amount + " USD"):
        return f"write `{amount} USD`"
    return f"write {EXAMPLES[kind]}"


def _time(text: str) -> int | None:
    if not text or not _TIME.fullmatch(text):
        return None
    return sum(int(number) * _UNITS_MS[unit] for number, unit in _TIME_PART.findall(text))


def _count(text: str) -> int | None:
    match = _COUNT.fullmatch(text)
    if match is None:
        return None
    whole, rest, unit = match.groups()
    value = Decimal(f"{whole.replace('_', '')}.{rest or 0}") * {"": 1, "k": 10**3, "M": 10**6}[unit]
    return int(value) if value == int(value) else None


def _money(text: str) -> int | None:
    match = _MONEY.fullmatch(text)
    return int(Decimal(match.group(1)) * _NANO) if match else None


def _time_as_text(value: int) -> str:
    text = ""
    for unit, size in _UNITS_MS.items():
        number, value = divmod(value, size)
        text += f"{number}{unit}" if number else ""
    return text
