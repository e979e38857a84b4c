"""The price file: JSON text to checked rows.

The same format serves the table that ships and the file in which a user puts prices of their own::

    {"format": 1, "rows": [{"model": "claude-x", "input": 3000, "output": 15000, "cache_read": 300,
      "cache_write_5m": 3750, "cache_write_1h": 6000, "web_search_1000": 10000000000}]}

Prices are nano-USD per ``per`` tokens, ``per`` being 1 where it is not given: 1 USD per million tokens is
1000. A price that is no whole nano-USD per token takes ``"per": 1000``. ``web_search_1000`` is nano-USD
per thousand web searches, null where there is no price. ``names`` are further exact names of the model.
``from`` (inclusive) and ``until`` (exclusive) are UTC dates. ``daily`` is a pair of UTC times between
which a row wins over those without. ``above`` lists tiers: when the *whole* prompt, cache included, is
longer than ``prompt_tokens``, its prices hold for every token of the request. ``source`` says where the
numbers come from and ``derived`` which of them the source did not have itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, pairwise
from typing import NoReturn

from outrider.record.usage import Usage

FORMAT = 1

HIGHEST_PRICE = 10**6
"""Nano-USD per token, 1,000 USD per million: above it a price is a slip of units, and the cost of the
largest usage that is let in would not fit a 64-bit integer."""

_KINDS = ("input", "output", "cache_read", "cache_write_5m", "cache_write_1h")
_OPTIONAL = frozenset(
    {"names", "per", "web_search_1000", "from", "until", "daily", "above", "source", "derived"}
)
_ROW_KEYS = frozenset({"model", *_KINDS}) | _OPTIONAL
_TIER_KEYS = frozenset({"prompt_tokens", *_KINDS})
_ALWAYS, _NEVER = -(2**63), 2**63
_DAY_MS = 86_400_000
_EPOCH = date(1970, 1, 1)
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class Rates:
    """Prices of one kind of token each, in nano-USD per :attr:`Price.per` tokens."""

    input: int
    output: int
    cache_read: int
    cache_write_5m: int
    cache_write_1h: int


@dataclass(frozen=True, slots=True)
class Price:
    """What a model costs from ``since`` until before ``until`` (ms since 1970, UTC).

    ``daily`` is a span of ms within the UTC day; ``above`` are tiers by prompt tokens, lowest first;
    ``web_search`` is nano-USD per search.
    """

    model: str
    names: tuple[str, ...]
    rates: Rates
    above: tuple[tuple[int, Rates], ...] = ()
    per: int = 1
    web_search: int | None = None
    since: int = _ALWAYS
    until: int = _NEVER
    daily: tuple[int, int] | None = None

    @property
    def undated(self) -> bool:
        """Whether the price holds at any instant, so that a request without one can be priced."""
        return self.since == _ALWAYS and self.until == _NEVER and self.daily is None

    def holds_at(self, at_ms: int) -> bool:
        """Say whether this is a price for a request made at ``at_ms``."""
        if not self.since <= at_ms < self.until:
            return False
        return self.daily is None or self.daily[0] <= at_ms % _DAY_MS < self.daily[1]

    def cost(self, usage: Usage) -> int | None:
        """Return nano-USD, rounded half up where ``per`` is not 1; None for searches without a price."""
        rates = self.rates
        if self.above:
            prompt = usage.prompt_tokens
            for threshold, tier in self.above:
                if prompt > threshold:
                    rates = tier
        cost = (
            usage.input * rates.input
            + usage.output * rates.output
            + usage.cache_read * rates.cache_read
            + usage.cache_write_5m * rates.cache_write_5m
            + usage.cache_write_1h * rates.cache_write_1h
        )
        if self.per != 1:
            cost = (cost + self.per // 2) // self.per
        if not usage.web_searches:
            return cost
        return None if self.web_search is None else cost + usage.web_searches * self.web_search


def read_rows(text: str) -> tuple[Price, ...]:
    """Return the rows of a price file, those of a time of day before the others.

    Raises :class:`ValueError` that names the row and what is wrong with it.
    """
    try:
        file = json.loads(text, object_pairs_hook=_unrepeated)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(file, dict) or not isinstance(file.get("rows"), list):
        raise ValueError('a price file is an object with a list of "rows"')
    if file.get("format") != FORMAT:
        raise ValueError(f'"format" must be {FORMAT}')
    prices = [_Row(number, row).price() for number, row in enumerate(file["rows"], 1)]
    _refuse_shared_names(prices)
    _refuse_overlaps(prices)
    return tuple(sorted(prices, key=lambda price: (price.model, price.daily is None, price.since)))


def _unrepeated(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"{next(key for key in keys if keys.count(key) > 1)!r} stands twice")
    return found


class _Row:
    """One row while it is checked."""

    def __init__(self, number: int, row: object) -> None:
        self.place = f"row {number}"
        if not isinstance(row, dict):
            self.refuse("is not an object")
        self.row: dict[str, object] = row
        self.model = self.name(row.get("model"), "model")
        self.place = f"row {number} ({self.model})"

    def refuse(self, what: str) -> NoReturn:
        raise ValueError(f"{self.place}: {what}")

    def price(self) -> Price:
        self.know(self.row, _ROW_KEYS, "")
        since, until = self.day("from", _ALWAYS), self.day("until", _NEVER)
        if since >= until:
            self.refuse('"until" must be later than "from"')
        self.texts("derived")
        per = self.whole(self.row.get("per", 1), '"per"', 10**9)
        if per == 0:
            self.refuse('"per" must be at least 1')
        names = dict.fromkeys((self.model, *self.texts("names")))
        rates = self.rates(self.row, per, "")
        above = tuple(self.tiers(per))
        return Price(self.model, tuple(names), rates, above, per, self.search(), since, until, self.daily())

    def know(self, found: dict[str, object], keys: frozenset[str], where: str) -> None:
        if unknown := sorted(found.keys() - keys):
            self.refuse(f"{where}unknown {unknown[0]!r}")

    def name(self, value: object, key: str) -> str:
        if not isinstance(value, str) or not value.strip():
            self.refuse(f'"{key}" must be text')
        return value.strip().lower()

    def texts(self, key: str) -> list[str]:
        values = self.row.get(key, [])
        if not isinstance(values, list):
            self.refuse(f'"{key}" must be a list')
        return [self.name(value, key) for value in values]

    def whole(self, value: object, what: str, most: int) -> int:
        if type(value) is not int or not 0 <= value <= most:
            self.refuse(f"{what} must be a whole number from 0 to {most}")
        return value

    def rates(self, found: dict[str, object], per: int, where: str) -> Rates:
        if missing := [key for key in _KINDS if key not in found]:
            self.refuse(f'{where}"{missing[0]}" is missing')
        most = HIGHEST_PRICE * per
        return Rates(*(self.whole(found[key], f'{where}"{key}"', most) for key in _KINDS))

    def tiers(self, per: int) -> Iterator[tuple[int, Rates]]:
        found = self.row.get("above", [])
        if not isinstance(found, list):
            self.refuse('"above" must be a list')
        last = 0
        for tier in found:
            if not isinstance(tier, dict):
                self.refuse("a tier is not an object")
            self.know(tier, _TIER_KEYS, "tier: ")
            threshold = self.whole(tier.get("prompt_tokens"), 'tier: "prompt_tokens"', 10**12)
            if threshold <= last:
                self.refuse('tiers must rise in "prompt_tokens"')
            last = threshold
            yield threshold, self.rates(tier, per, "tier: ")

    def search(self) -> int | None:
        value = self.row.get("web_search_1000")
        if value is None:
            return None
        thousand = self.whole(value, '"web_search_1000"', 10**12)
        if thousand % 1000:
            self.refuse('"web_search_1000" must be a multiple of 1000')
        return thousand // 1000

    def day(self, key: str, missing: int) -> int:
        value = self.row.get(key)
        if value is None:
            return missing
        try:
            day = date.fromisoformat(str(value))
        except ValueError:
            self.refuse(f'"{key}" must be a date like 2026-01-31')
        return (day - _EPOCH).days * _DAY_MS

    def daily(self) -> tuple[int, int] | None:
        value = self.row.get("daily")
        if value is None:
            return None
        found = [_TIME.fullmatch(str(part)) for part in value] if isinstance(value, list) else []
        ends = [(int(part[1]) * 60 + int(part[2])) * 60_000 for part in found if part]
        if len(found) != 2 or len(ends) != 2 or ends[0] >= ends[1]:
            self.refuse('"daily" must be two rising times like ["01:00", "04:00"]')
        return ends[0], ends[1]


def _refuse_shared_names(prices: Sequence[Price]) -> None:
    owners: dict[str, str] = {}
    for price in prices:
        for name in price.names:
            if owners.setdefault(name, price.model) != price.model:
                raise ValueError(f"{price.model}: the name {name!r} is {owners[name]}'s already")


def _refuse_overlaps(prices: Sequence[Price]) -> None:
    kinds: dict[tuple[str, bool], list[Price]] = {}
    for price in prices:
        kinds.setdefault((price.model, price.daily is None), []).append(price)
    for (model, whole_day), rows in kinds.items():
        rows.sort(key=lambda price: price.since)
        pairs = pairwise(rows) if whole_day else combinations(rows, 2)
        if any(_overlap(one, other) for one, other in pairs):
            raise ValueError(f"{model}: two rows have a price for the same time")


def _overlap(one: Price, other: Price) -> bool:
    if one.until <= other.since:
        return False
    if one.daily is None or other.daily is None:
        return True
    return one.daily[0] < other.daily[1] and other.daily[0] < one.daily[1]
