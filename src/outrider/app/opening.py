"""The records opened for a command, whatever has become of the store."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from outrider.app.library import Library, open_library
from outrider.app.pending import Progress
from outrider.app.roots import Root
from outrider.edge.store.database import DamagedStoreError

if TYPE_CHECKING:
    from outrider.app.care import Rebuilt


def open_mended(
    root: Root, environment: Mapping[str, str], now: datetime, progress: Progress | None, read: bool
) -> tuple[Library, Rebuilt | None]:
    """Open the records of ``root``; a damaged store is set aside and made anew, and the loss told."""
    try:
        return open_library(root, environment, progress, read), None
    except DamagedStoreError:
        from outrider.app.care import rebuild_store  # noqa: PLC0415 - only needed in this rare case

        rebuilt = rebuild_store(root, environment, now, progress)
        return open_library(root, environment, progress, read=False), rebuilt
