"""The records of one root, ready to be asked: store opened, brought up to date, priced."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from outrider.app.deriving import Deriver
from outrider.app.ingest import Ingested, Progress, Tools, ingest
from outrider.app.roots import Root, user_folder
from outrider.edge.store import facts, settings
from outrider.edge.store.database import mapped, open_database, transaction
from outrider.edge.store.derived import reprice
from outrider.judge.metrics.pricing import PriceTable
from outrider.kernel.errors import UnreadableError
from outrider.kernel.redaction import default_redactor
from outrider.record.usage import Usage

ATTRIBUTION_RULES = "1"
"""Version of what derives runs and times; another one in the store makes every session anew."""

PRICE_FILE = "prices.json"
"""Name of the user's own price table, in Outrider's folder; its rows win over the shipped ones."""


@dataclass(slots=True)
class Library:
    """An open store with what the last ingest found."""

    root: Root
    connection: sqlite3.Connection
    ingested: Ingested
    prices: PriceTable

    def close(self) -> None:
        """Close the store."""
        self.connection.close()


def open_library(
    root: Root, environment: Mapping[str, str], progress: Progress | None = None, read: bool = True
) -> Library:
    """Open the store of ``root`` and read what is new; ``read`` False shows it as it stands."""
    prices = price_table(environment)
    connection = open_database(root.store)
    try:
        with mapped(root.store):
            ingested = Ingested()
            _match_versions(connection, root, prices)
            if read:
                tools = Tools(_redacted, prices.cost_nano_usd, _suspect)
                ingested = ingest(connection, root, tools, progress)
            else:
                Deriver(connection, prices.cost_nano_usd).refresh()
    except BaseException:
        connection.close()
        raise
    return Library(root, connection, ingested, prices)


def _redacted(text: str) -> str:
    """Redact with the shipped rules, which are only loaded when there is something to read."""
    return default_redactor().redact(text)


def _suspect(text: str) -> bool:
    return default_redactor().may_hold_secret(text)


def price_table(environment: Mapping[str, str]) -> PriceTable:
    """Return the shipped prices with the user's own over them.

    Raises :class:`UnreadableError` when the user's file cannot be used.
    """
    shipped = resources.files("outrider.judge.metrics").joinpath("prices.json").read_text("utf-8")
    table = PriceTable.from_json(shipped)
    own = user_folder(environment) / PRICE_FILE
    if not own.exists():
        return table
    return table.merged(_own_prices(own))


def _own_prices(path: Path) -> PriceTable:
    try:
        return PriceTable.from_json(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UnreadableError(
            "price-file-unusable", f"{path}: {error}", "mend the file or move it away"
        ) from error


def _match_versions(connection: sqlite3.Connection, root: Root, prices: PriceTable) -> None:
    """Make derived rows anew where the rules or the prices they stand on have changed."""
    known = settings.all_settings(connection)
    wanted = {"root": str(root.folder), "rules": ATTRIBUTION_RULES, "prices": prices.version}
    if known == wanted:
        return
    with transaction(connection):
        if known.get("rules") not in (None, ATTRIBUTION_RULES):
            facts.make_all_stale(connection)
        elif known.get("prices") not in (None, prices.version):
            _reprice(connection, prices)
        settings.save_settings(connection, wanted)


def _reprice(connection: sqlite3.Connection, prices: PriceTable) -> None:
    with closing(
        connection.execute(
            """SELECT session_id, uid, model, at, input, output, cache_read, cache_write_5m,
                      cache_write_1h, web_searches FROM request"""
        )
    ) as rows:
        costs = [(prices.cost_nano_usd(row[2], row[3], Usage(*row[4:])), row[0], row[1]) for row in rows]
    reprice(connection, costs)
