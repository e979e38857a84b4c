"""What happens at first use: the environment is made while a command or a server waits, or behind all."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TextIO

from outrider.app.environment.looking import Seen, look
from outrider.app.environment.making import EnvironmentUnusableError, Maker, make
from outrider.app.environment.places import Place
from outrider.app.environment.running import clean
from outrider.app.environment.starting import compile_for_hooks, interpreter, is_off, start_detached
from outrider.interface.setup import asked

_FINE, _NOT_THERE = 0, 1
_LOOK_AGAIN_SECONDS = 0.25
_SHORTLY_SECONDS = 1.0
"""Wait for the lock of one that nobody waits for: long enough for somebody who only looked."""


def needed(place: Place, environment: Mapping[str, str], err: TextIO) -> int:
    """Make the environment for a command that needs it, unless that is switched off or failed just before."""
    seen = look(place)
    if seen.python is not None:
        return _FINE
    if is_off(environment):
        return _refuse(err, "the environment is missing, and OUTRIDER_SETUP=off keeps it from being made")
    if not seen.may_try(time.time()) and seen.failure is not None:
        return _refuse(err, f"the environment could not be made a moment ago: {seen.failure.reason}")
    return asked.set_up(place, environment, err)


def background(place: Place, environment: Mapping[str, str]) -> int:
    """Start making the environment where that is in order, and come back at once."""
    if _is_due(look(place), environment):
        start_detached(place, environment)
    return _FINE


def detached(place: Place, environment: Mapping[str, str]) -> int:
    """Make the environment for nobody in particular; another who makes it already is left to it."""
    try:
        made = make(place, Maker(interpreter(), environment, wait=_SHORTLY_SECONDS), lambda _: None)
    except EnvironmentUnusableError as error:
        return error.exit_code
    if made.now:
        compile_for_hooks(place, made.python, environment)
    return _FINE


def wait(place: Place, environment: Mapping[str, str], seconds: float, err: TextIO) -> int:
    """Start making the environment and wait for it some time; it is made on when that is over."""
    seen = look(place)
    until = time.monotonic() + seconds
    maker = start_detached(place, environment) if _is_due(seen, environment) else None
    while seen.python is None and time.monotonic() < until:
        if not seen.in_the_making and (maker is None or maker.poll() is not None):
            break
        time.sleep(_LOOK_AGAIN_SECONDS)
        seen = look(place)
    seen = look(place)
    if seen.python is not None:
        return _FINE
    err.write(f"outrider: {clean(_why_not(seen, environment))}\n")
    return _NOT_THERE


def _is_due(seen: Seen, environment: Mapping[str, str]) -> bool:
    is_wanted = seen.python is None and not seen.in_the_making
    return is_wanted and not is_off(environment) and seen.may_try(time.time())


def _why_not(seen: Seen, environment: Mapping[str, str]) -> str:
    if seen.in_the_making:
        return (
            "no tools in this session, its environment is still being made: they are there in the next one; "
            "`outrider setup --check` tells how it went"
        )
    why = "its environment could not be made"
    if seen.failure is not None:
        why = f"{why} ({seen.failure.reason})"
    elif is_off(environment):
        why = "its environment is missing (OUTRIDER_SETUP=off)"
    return f"no tools in this session, {why}: they are there in the next one after `outrider setup`"


def _refuse(err: TextIO, message: str) -> int:
    return asked.tell_error(
        EnvironmentUnusableError("environment-missing", message, "make it: outrider setup"), err
    )
