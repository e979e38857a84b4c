"""The records of one root, ready to be asked: store opened, brought up to date, priced."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from outrider.app.pending import Ingested, Progress, pending_records, pending_wrangler
from outrider.app.prices import PriceList, price_list
from outrider.app.roots import Root
from outrider.edge.store import settings
from outrider.edge.store.database import mapped, open_database, transaction
from outrider.edge.store.sources import make_all_stale, stale_sessions

if TYPE_CHECKING:
    from outrider.judge.metrics.pricing import PriceTable

ATTRIBUTION_RULES = "2"
"""Version of what derives runs and times; another one in the store makes every session anew."""


@dataclass(slots=True)
class Library:
    """An open store with what the last ingest found."""

    root: Root
    connection: sqlite3.Connection
    ingested: Ingested
    price_list: PriceList

    @property
    def prices(self) -> PriceTable:
        """The prices that costs are made with."""
        return self.price_list.table()

    def close(self) -> None:
        """Close the store."""
        self.connection.close()


def open_library(
    root: Root, environment: Mapping[str, str], progress: Progress | None = None, read: bool = True
) -> Library:
    """Open the store of ``root`` and read what is new; ``read`` False shows it as it stands."""
    prices = price_list(environment)
    connection = open_database(root.store)
    try:
        with mapped(root.store):
            _match_versions(connection, root, prices)
            ingested = _brought_up(connection, root, prices, progress if read else None, read)
    except BaseException:
        connection.close()
        raise
    return Library(root, connection, ingested, prices)


def _brought_up(
    connection: sqlite3.Connection, root: Root, prices: PriceList, progress: Progress | None, read: bool
) -> Ingested:
    """Read and derive what has to be; most calls find nothing, and load nothing for it."""
    records = pending_records(connection, root)
    wrangler = pending_wrangler(connection)
    waiting = records.changed or records.gone or wrangler.changed or wrangler.gone
    if read and (waiting or stale_sessions(connection)):
        from outrider.app.ingest import Tools, ingest  # noqa: PLC0415 - costs a third of a warm start
        from outrider.kernel.redaction import default_redactor  # noqa: PLC0415

        redactor = default_redactor()
        tools = Tools(redactor.redact, prices.table().cost_nano_usd, redactor.may_hold_secret)
        return ingest(connection, root, tools, progress)
    if stale_sessions(connection):
        from outrider.app.deriving import Deriver  # noqa: PLC0415

        Deriver(connection, prices.table().cost_nano_usd).refresh()
    return Ingested(files=records.files + wrangler.files)


def _match_versions(connection: sqlite3.Connection, root: Root, prices: PriceList) -> None:
    """Make derived rows anew where the rules or the prices they stand on have changed."""
    known = settings.all_settings(connection)
    wanted = {"root": str(root.folder), "rules": ATTRIBUTION_RULES, "prices": prices.version}
    if known == wanted:
        return
    with transaction(connection):
        if known.get("rules") not in (None, ATTRIBUTION_RULES):
            make_all_stale(connection)
        elif known.get("prices") not in (None, prices.version):
            _reprice(connection, prices.table())
        settings.save_settings(connection, wanted)


def _reprice(connection: sqlite3.Connection, prices: PriceTable) -> None:
    from outrider.edge.store.derived import reprice  # noqa: PLC0415 - only when prices have changed
    from outrider.record.usage import Usage  # noqa: PLC0415

    with closing(
        connection.execute(
            """SELECT session_id, uid, model, at, input, output, cache_read, cache_write_5m,
                      cache_write_1h, web_searches FROM request"""
        )
    ) as rows:
        costs = [(prices.cost_nano_usd(row[2], row[3], Usage(*row[4:])), row[0], row[1]) for row in rows]
    reprice(connection, costs)
