"""From the bytes of a payload to the bytes of an answer; every fault becomes silence and a mark."""

from __future__ import annotations

import sys

from outrider.interface.hook import faults, files, places, quiet, session, wire
from outrider.judge.guard.seeing.observations import text_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

PAYLOAD_BYTES = 16 * 1024 * 1024
"""Larger payloads are let pass unread: reading one would keep a person waiting."""


def main(bundle: str, ticket: str = "") -> None:
    """Read the payload from the host and answer it; ``bundle`` is where to write one, empty: nowhere.

    With a ``ticket`` of the quiet lane nobody waits for an answer.
    """
    import posix
    from time import time

    own = str(posix.getpid())
    coded = sys.getfilesystemencoding(), "surrogateescape"
    environment = {name.decode(*coded): value.decode(*coded) for name, value in posix.environ.items()}
    given = files.drained(0, PAYLOAD_BYTES)
    answer = run(given, environment, time(), own, ticket if ticket.isdecimal() else "")
    if answer:
        posix.write(1, answer)
    if bundle and "PYTHONDONTWRITEBYTECODE" not in environment:
        posix.close(1)
        from outrider.interface.hook import bundle as bundles

        bundles.write(bundle, own)


def run(given: bytes | None, environment: Mapping[str, str], now: float, own: str, ticket: str = "") -> bytes:
    """Return what is answered to one payload: the bytes of a JSON object, or none.

    With the ``ticket`` of a quiet lane the event is as old as that, and nobody waits for an answer.
    """
    home = places.home_of(environment)
    if not home:
        return b""
    payload = _read(given)
    event, name = _named(payload)
    place = places.Places(home, name or environment.get("CLAUDE_CODE_SESSION_ID", ""))
    lane = quiet.Lane(place, ticket)
    if payload is None or not event or not name:
        faults.mark(place, "payload-cut" if ticket else "payload-unreadable", now)
        lane.cut()
        return b""
    try:
        payload.pop("outrider", None)
        for _ in range(lane.wait()):
            faults.mark(place, "event-lost", now)
        answer = session.Session(place, environment, lane.drawn() or now, own, lane).handle(event, payload)
        faults.forgive(place)
        return wire.write_json(answer).encode("ascii") if answer else b""
    except Exception as error:
        faults.blame(place, type(error).__name__, now)
        return b""
    finally:
        lane.leave()
        if ticket:
            _return_foreign(home, environment, name, ticket)


def _return_foreign(home: str, environment: Mapping[str, str], name: str, ticket: str) -> None:
    """Take away a ticket that was drawn for another session than the payload's, by the environment's word."""
    drawn_for = environment.get("CLAUDE_CODE_SESSION_ID", "")
    if drawn_for != name:
        quiet.Lane(places.Places(home, drawn_for), ticket).leave()


def _read(given: bytes | None) -> dict[str, object] | None:
    if given is None:
        return None
    try:
        payload = wire.read_json(given.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None
    return payload if isinstance(payload, dict) else None


def _named(payload: dict[str, object] | None) -> tuple[str, str]:
    """Return the event's name and the session's; empty where there is none."""
    if payload is None:
        return "", ""
    return text_in(payload, "hook_event_name"), text_in(payload, "session_id")
