"""Which session a call of one of our own tools came from.

A server knows the session that it was started for, which is another one after `/clear` or `--continue`. The
call's id is in the spool of the session that made it, since its hook came before it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from outrider.kernel.limits import MCP_SPOOL_BYTES, MCP_SPOOLS

WAIT_SECONDS = 0.4
"""A hook of a calm session may still be at work when the call arrives."""

_PAUSE = 0.05
_HOUR = 3_600.0


def session_of_call(home: Path, call: str, now: float, sleep: Callable[[float], None] = time.sleep) -> str:
    """Return the session whose hooks told of ``call``, empty where none did within half a second."""
    if not call or not call.isascii() or not call.replace("_", "").replace("-", "").isalnum():
        return ""
    wanted = f'"tool_use_id":"{call}"'.encode("ascii")
    for _ in range(1 + int(WAIT_SECONDS / _PAUSE)):
        for spool in _spools(home / "spool", now):
            if wanted in _end_of(spool).replace(b'": "', b'":"'):
                return spool.stem
        sleep(_PAUSE)
    return ""


def _spools(folder: Path, now: float) -> Iterator[Path]:
    """Yield the spools of the last hour, the newest first."""
    found = []
    try:
        for path in folder.glob("*.jsonl"):
            changed = path.stat().st_mtime
            if changed > now - _HOUR:
                found.append((changed, path))
    except OSError:
        return
    yield from (path for _, path in sorted(found, reverse=True)[:MCP_SPOOLS])


def _end_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            file.seek(0, 2)
            file.seek(max(0, file.tell() - MCP_SPOOL_BYTES))
            return file.read(MCP_SPOOL_BYTES)
    except OSError:
        return b""
