"""Does the guard work at this call? Asked by the plugin `outrider-strict` before each tool call.

Judges the very payload that the guard gets at the same time, from the state as it stands, and keeps nothing.
Then waits until the guard has taken the call in: it writes its state down at each event.
"""

from __future__ import annotations

import sys

from outrider.interface.hook import configuration, files, places, wire
from outrider.judge.guard.seeing.observations import text_in
from outrider.judge.guard.watch import Rulebook, Watch
from outrider.kernel.limits import GUARD_FAULTS, GUARD_SETTINGS_BYTES, GUARD_STATE_BYTES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

PAYLOAD_BYTES = 16 * 1024 * 1024
READ_ONLY = 1
"""Of a volume's flags (`ST_RDONLY`)."""

WAIT_SECONDS = 5.0
"""Time that the guard's own hook has; after that the client takes no answer from it."""

NEW_WAIT_SECONDS = 1.5
"""The same where nothing was ever told of the session: most likely nobody will."""

EARLIER_SECONDS = 2.0
"""So much earlier the guard may have been at it: both hooks are started at the same time, in any order."""

PAUSE = 0.01


def main() -> int:
    """Read the payload from the host; returns 0, or says what is broken and returns 1."""
    import posix
    from time import time

    coded = sys.getfilesystemencoding(), "surrogateescape"
    environment = {name.decode(*coded): value.decode(*coded) for name, value in posix.environ.items()}
    why = broken(files.drained(0, PAYLOAD_BYTES), environment, time())
    if why:
        posix.write(1, why.encode("ascii", "replace"))
    return int(bool(why))


def broken(given: bytes | None, environment: Mapping[str, str], now: float) -> str:
    """Return what keeps the guard from working, in a few words; empty where it works."""
    home = places.home_of(environment)
    if not home:
        return "it has no folder for its files (OUTRIDER_HOME)"
    try:
        payload = wire.read_json((given or b"").decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        payload = None
    if not isinstance(payload, dict) or not text_in(payload, "session_id"):
        return "it cannot read what the client tells of this call"
    place = places.Places(home, text_in(payload, "session_id"))
    try:
        _judge(place, payload, environment, now)
        return _disk(place) or _settings(place) or _awaited(place, now)
    except Exception as error:
        return f"it fails with {type(error).__name__} at this call"


def _disk(place: places.Places) -> str:
    """Return why nothing could be written down, without trying it: what is not written down is not said."""
    import posix

    folder = place.state().rpartition("/")[0]
    if not files.exists(folder):
        return ""
    volume = posix.statvfs(folder)
    if volume.f_flag & READ_ONLY or not posix.access(folder, posix.W_OK):
        return "its folder cannot be written"
    if not volume.f_bavail:
        return "the disk is full"
    if files.size_of(place.state("errors")) >= GUARD_FAULTS:
        return "it had three faults in a row and only watches (outrider guard status, outrider guard reset)"
    return ""


def _settings(place: places.Places) -> str:
    """Return whether neither the settings nor the last good ones can be read."""
    for name in (configuration.SETTINGS, configuration.LAST_GOOD):
        path = f"{place.guard}/{name}"
        if name == configuration.SETTINGS and not files.exists(path):
            return ""
        try:
            raw = files.read_at_most(path, GUARD_SETTINGS_BYTES)
            if raw is not None and isinstance(wire.read_json(raw.decode("utf-8")), dict):
                return ""
        except (OSError, ValueError, RecursionError):
            continue
    return "its settings are damaged (outrider guard status)"


def _awaited(place: places.Places, now: float) -> str:
    """Wait for the guard to take in what began at ``now``; returns why there is none where it does not."""
    from time import monotonic, sleep

    is_known = files.exists(place.state())
    end = monotonic() + (WAIT_SECONDS if is_known else NEW_WAIT_SECONDS)
    while files.changed_at(place.state()) < now - EARLIER_SECONDS:
        if monotonic() > end:
            told = "this call" if is_known else "this session"
            return f"it was told nothing of {told} (is the plugin outrider enabled?)"
        sleep(PAUSE)
    return ""


def _judge(
    place: places.Places, payload: dict[str, object], environment: Mapping[str, str], now: float
) -> None:
    """Judge the payload as the guard does, and put everything down again; raises what that raises."""
    raw = files.read_at_most(place.state(), GUARD_STATE_BYTES)
    try:
        state = wire.read_json(raw.decode("ascii")) if raw is not None else None
    except (ValueError, RecursionError):
        # The guard begins anew with a damaged state, and works.
        state = None
    project = environment.get("CLAUDE_PROJECT_DIR", "")
    held = configuration.in_force(place, project)
    book = None
    if files.exists(f"{place.guard}/vocabulary.json"):
        shelf = configuration.Shelf(place, project)
        book = Rulebook(shelf.rules_of, shelf.vocabulary, shelf.modes(held), shelf.before, speaks=held.speaks)
    watch = Watch(held.settings, book, state.get("watch") if isinstance(state, dict) else None)
    watch.observe(payload, now)
    wire.write_json(watch.state())
