"""From what the client tells a status line to the line; every fault becomes an empty one.

Reads the state that the hook left, without its lock: that file is only ever replaced whole. Writes nothing.
"""

from __future__ import annotations

import sys

from outrider.interface.hook import files, places, wire
from outrider.judge.guard.seeing.observations import text_in
from outrider.kernel.limits import GUARD_STATE_BYTES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from outrider.judge.guard.standing import Standing

GIVEN_BYTES = 1 << 20
"""A client tells some 2 KiB; more is not looked at."""

REASON_BYTES = 200

USAGE = b"""usage: outrider statusline [--color] < JSON

Prints one line of what stands in a session. Claude Code runs it, see docs/statusline.md.
"""


def answer(arguments: Sequence[str]) -> bytes:
    """Return what is printed: a line of what the client tells on standard input."""
    import posix
    from time import time

    if "--help" in arguments:
        return USAGE
    given = b"" if posix.isatty(0) else files.drained(0, GIVEN_BYTES)
    coded = sys.getfilesystemencoding(), "surrogateescape"
    environment = {name.decode(*coded): value.decode(*coded) for name, value in posix.environ.items()}
    return line_of(given, environment, time(), color="--color" in arguments) + b"\n"


def line_of(given: bytes | None, environment: Mapping[str, str], now: float, *, color: bool) -> bytes:
    """Return the line for what the client told, without its end; empty where nothing is known."""
    try:
        told = wire.read_json((given or b"").decode("utf-8", "replace"))
        if not isinstance(told, dict):
            return b""
        from outrider.interface.statusline import line

        return line.of(_standing(told, environment, now), _cost(told), color=color).encode("utf-8")
    except Exception:
        return b""


def _standing(told: dict[str, object], environment: Mapping[str, str], now: float) -> Standing | None:
    """Return what stands in the session that the client tells of, None where its hooks told nothing."""
    home, session = places.home_of(environment), text_in(told, "session_id")
    if not home or not session:
        return None
    place = places.Places(home, session)
    raw = files.read_at_most(place.state(), GUARD_STATE_BYTES)
    if raw is None:
        return None
    try:
        state = wire.read_json(raw.decode("ascii"))
    except (ValueError, RecursionError):
        state = None
    from outrider.interface.hook import configuration
    from outrider.judge.guard import standing

    project = _project(told)
    held = configuration.in_force(place, project)
    shelf = configuration.Shelf(place, project)
    faults = files.size_of(place.state("errors"))
    known = standing.Known(
        held.settings, shelf.modes(held), shelf.rules_of, now, tripped=_tripped(place), faults=faults
    )
    return standing.standing(session, state, known)


def _project(told: dict[str, object]) -> str:
    workspace = told.get("workspace")
    found = text_in(workspace, "project_dir") if isinstance(workspace, dict) else ""
    found = found or text_in(told, "cwd")
    return found if found.startswith("/") else ""


def _tripped(place: places.Places) -> str:
    """Return the reason of the kill switch that is set, empty where none is."""
    for path in place.flag("tripped"):
        if files.exists(path):
            try:
                raw = files.read_piece(path, 0, REASON_BYTES)[0]
            except (OSError, ValueError):
                raw = b""
            return raw.decode("utf-8", "replace").partition("\n")[0].strip() or "by hand"
    return ""


def _cost(told: dict[str, object]) -> float:
    """Return what the session has cost by the client's own count, in USD; 0 where it does not say."""
    cost = told.get("cost")
    value = cost.get("total_cost_usd") if isinstance(cost, dict) else None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e9:
        return 0.0
    return float(value)
