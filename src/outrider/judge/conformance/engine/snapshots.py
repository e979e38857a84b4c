"""What monitors know, as plain JSON values, and back. What does not fit is refused, never half taken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from outrider.judge.conformance.engine.monitor import Counts, Held, Monitor, Standing
from outrider.judge.conformance.engine.verdicts import Refused
from outrider.kernel.limits import KEYS_PER_RULE

SCHEMA = "outrider.rules-state/1"


def written(digest: str, at: int, monitors: Iterable[Monitor]) -> dict[str, object]:
    """Return the snapshot of ``monitors`` after an event at ``at``."""
    standings = [monitor.standing for monitor in monitors]
    return {
        "schema": SCHEMA,
        "rules": digest,
        "at": at,
        "monitors": [
            [list(each.counts), list(each.base), {key: list(held) for key, held in each.keys.items()}]
            for each in standings
        ],
    }


def read(snapshot: object, digest: str, monitors: list[Monitor]) -> int | Refused:
    """Put ``monitors`` where the snapshot says; returns the time of its last event."""
    try:
        at, standings = _standings(snapshot, digest, monitors)
    except ValueError as error:
        return Refused(str(error))
    for monitor, standing in zip(monitors, standings, strict=True):
        monitor.standing = standing
    return at


def _standings(snapshot: object, digest: str, monitors: list[Monitor]) -> tuple[int, list[Standing]]:
    if not isinstance(snapshot, Mapping) or snapshot.get("schema") != SCHEMA:
        raise ValueError("not a snapshot of rules")
    if snapshot.get("rules") != digest:
        raise ValueError("a snapshot of other rules")
    entries = snapshot.get("monitors")
    if not isinstance(entries, list) or len(entries) != len(monitors):
        raise ValueError("a snapshot of another number of rules")
    standings = [_standing(entry, monitor) for entry, monitor in zip(entries, monitors, strict=True)]
    return _number(snapshot.get("at")), standings


def _standing(entry: object, monitor: Monitor) -> Standing:
    if not isinstance(entry, list) or len(entry) != 3:
        raise ValueError("a damaged snapshot: a rule's entry")
    counts, base, keys = entry
    if not isinstance(counts, list) or len(counts) != len(Counts._fields):
        raise ValueError("a damaged snapshot: counts")
    if not isinstance(keys, dict) or len(keys) > KEYS_PER_RULE:
        raise ValueError("a damaged snapshot: keys")
    held = {_text(key): _held(each, monitor) for key, each in keys.items()}
    return Standing(Counts(*(_count(each) for each in counts)), _held(base, monitor), held)


def _held(entry: object, monitor: Monitor) -> Held:
    if not isinstance(entry, list) or len(entry) != 4:
        raise ValueError("a damaged snapshot: a key's entry")
    state = _count(entry[0])
    if not monitor.automaton.form.holds(state):
        raise ValueError("a damaged snapshot: a state that does not exist")
    return state, _text(entry[1]), _text(entry[2]), _text(entry[3])


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("a damaged snapshot: not a text")
    return value


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError("a damaged snapshot: not a number")
    return value


def _count(value: object) -> int:
    number = _number(value)
    if number < 0:
        raise ValueError("a damaged snapshot: below zero")
    return number
