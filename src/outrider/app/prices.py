"""The prices in force: the shipped table with the user's own over it, read only when something needs them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from outrider.app.roots import user_folder
from outrider.kernel.errors import UnreadableError

if TYPE_CHECKING:
    from outrider.judge.metrics.pricing import PriceTable

PRICE_FILE = "prices.json"
"""Name of the user's own price table, in Outrider's folder; its rows win over the shipped ones."""


@dataclass(slots=True)
class PriceList:
    """The texts of the tables. ``version`` tells whether costs that were made before still hold."""

    shipped: str
    own: str
    own_path: Path
    _table: PriceTable | None = None

    @property
    def version(self) -> str:
        """A hash of both texts."""
        text = f"{self.shipped}\0{self.own}".encode("utf-8", "replace")
        return hashlib.blake2b(text, digest_size=8).hexdigest()

    def table(self) -> PriceTable:
        """Return the table. Raises :class:`UnreadableError` when the user's file is badly written."""
        if self._table is None:
            from outrider.judge.metrics.pricing import PriceTable  # noqa: PLC0415 - see module

            self._table = PriceTable.from_json(self.shipped)
            if self.own:
                try:
                    self._table = self._table.merged(PriceTable.from_json(self.own))
                except ValueError as error:
                    raise _unusable(self.own_path, error) from error
        return self._table


def price_list(environment: Mapping[str, str]) -> PriceList:
    """Return the prices in force. Raises :class:`UnreadableError` when the user's file cannot be read."""
    shipped = resources.files("outrider.judge.metrics").joinpath("prices.json").read_text("utf-8")
    path = user_folder(environment) / PRICE_FILE
    try:
        own = path.read_text("utf-8") if path.exists() else ""
    except (OSError, ValueError) as error:
        raise _unusable(path, error) from error
    return PriceList(shipped, own, path)


def _unusable(path: Path, error: Exception) -> UnreadableError:
    return UnreadableError("price-file-unusable", f"{path}: {error}", "mend the file or move it away")
