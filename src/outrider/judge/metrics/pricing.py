"""What a request cost, from a dated table of list prices.

The price is that of the day of the request, by the vendor's own list: discounts, batches, fast modes,
subscriptions and the surcharges of regional clouds are not in a transcript, or not in this table. What
has no price is *unpriced* (None), which reports show as tokens; it is never counted as free.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from outrider.judge.metrics.model_names import spellings
from outrider.judge.metrics.price_rows import Price, read_rows
from outrider.record.responses import SYNTHETIC
from outrider.record.usage import Usage

_RULES = "1"
"""Version of the name and tier rules: part of a table's version, as another rule gives another cost."""

_NAMES_KEPT = 1_000
"""Model names whose rows are remembered. Records name a dozen; a hostile one must not fill the memory."""


@dataclass(frozen=True, slots=True)
class PriceTable:
    """Prices by model and date. ``version`` changes whenever a cost could."""

    prices: tuple[Price, ...]
    version: str
    _by_name: dict[str, tuple[Price, ...]] = field(repr=False, compare=False)
    _found: dict[str, tuple[Price, ...]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def from_json(cls, text: str) -> PriceTable:
        """Return the table in the text of a price file; see :mod:`~outrider.judge.metrics.price_rows`.

        Raises :class:`ValueError` that names the row and what is wrong with it.
        """
        return _table(read_rows(text))

    def merged(self, override: PriceTable) -> PriceTable:
        """Return this table with every model that ``override`` has under any name replaced by its rows.

        A replaced model keeps the names it had here, so that its dated and relayed forms follow.
        """
        named = override._by_name
        kept: list[Price] = []
        names: dict[str, list[str]] = {}
        for price in self.prices:
            winners = [named[name][0].model for name in price.names if name in named]
            if winners:
                free = (name for name in price.names if name not in named)
                names.setdefault(winners[0], []).extend(free)
            else:
                kept.append(price)
        won = (_with_names(price, names.get(price.model, ())) for price in override.prices)
        return _table((*kept, *won))

    def cost_nano_usd(self, model: str, at_ms: int, usage: Usage) -> int | None:
        """Return the list price of one request in nano-USD.

        ``at_ms`` is ms since 1970, UTC; 0 or less says that the instant is not known. None when there is
        no price: for the model, for that date, or for its web searches. Messages that the client wrote
        itself cost nothing.
        """
        rows = self._found.get(model)
        if rows is None:
            if model == SYNTHETIC:
                return 0
            rows = self._remembered(model)
        if at_ms <= 0:
            return rows[0].cost(usage) if rows and rows[0].undated else None
        for price in rows:
            if price.holds_at(at_ms):
                return price.cost(usage)
        return None

    def rows(self, model: str) -> tuple[Price, ...]:
        """Return the prices of ``model`` in the order in which they are tried; none when unknown."""
        named = self._by_name
        return next((named[name] for name in spellings(model) if name in named), ())

    def _remembered(self, model: str) -> tuple[Price, ...]:
        rows = self.rows(model)
        if len(self._found) < _NAMES_KEPT:
            self._found[model] = rows
        return rows


def _table(prices: tuple[Price, ...]) -> PriceTable:
    by_name: dict[str, tuple[Price, ...]] = {}
    for price in prices:
        for name in price.names:
            by_name[name] = (*by_name.get(name, ()), price)
    content = repr((_RULES, sorted(map(repr, prices))))
    return PriceTable(prices, hashlib.sha256(content.encode()).hexdigest()[:12], by_name)


def _with_names(price: Price, more: Iterable[str]) -> Price:
    return replace(price, names=tuple(dict.fromkeys((*price.names, *more))))
