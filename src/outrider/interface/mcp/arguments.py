"""Arguments of tools: ids and names, never a path, a query or a text. What is none is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping

from outrider.kernel.errors import UsageError

_SESSION = re.compile(r"[0-9a-f][0-9a-f-]{5,63}\Z")
_SKILL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}(?::[A-Za-z0-9][A-Za-z0-9_.-]{0,63})?\Z")
_EVENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{1,79}\Z")
_STEP = re.compile(r"[^\W_][\w .,:/+-]{0,79}\Z")

LAST = "last"


def session(given: Mapping[str, object], default: str) -> str:
    """Return the session that is asked for: an id, the beginning of one, or `last`; else ``default``."""
    value = _text(given, "session")
    if not value:
        return default if _SESSION.match(default) else LAST
    return (
        value
        if value == LAST
        else _matched("session", value, _SESSION, "an id of at least 6 digits, or last")
    )


def skill(given: Mapping[str, object], *, needed: bool = False) -> str:
    """Return the name of the skill that is asked for; empty where none is and none is ``needed``."""
    value = _text(given, "skill")
    return value if not value and not needed else _matched("skill", value, _SKILL, "a skill's name")


def event(given: Mapping[str, object]) -> str:
    """Return the id of a call or of an intervention."""
    return _matched("event", _text(given, "event"), _EVENT, "the id of a call, or g-...")


def step(given: Mapping[str, object]) -> str:
    """Return the name of a step."""
    return _matched("name", _text(given, "name"), _STEP, "a step's name")


def _text(given: Mapping[str, object], name: str) -> str:
    value = given.get(name)
    return value if isinstance(value, str) else "" if value is None else "\0"


def _matched(name: str, value: str, form: re.Pattern[str], what: str) -> str:
    if not form.match(value):
        raise UsageError("bad-argument", f"{name}: not {what}", f"give {what}")
    return value
