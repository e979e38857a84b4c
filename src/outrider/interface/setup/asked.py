"""What a person asked for: making the environment in the foreground, or saying what there is."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TextIO

from outrider.app.environment.looking import Seen, look
from outrider.app.environment.making import EnvironmentUnusableError, Maker, make
from outrider.app.environment.places import LOCK_FILE, Place
from outrider.app.environment.running import clean
from outrider.app.environment.starting import compile_for_hooks, interpreter
from outrider.kernel.errors import OutriderError
from outrider.kernel.limits import SETUP_SECONDS

_FINE, _FINDINGS = 0, 1


def set_up(place: Place, environment: Mapping[str, str], out: TextIO) -> int:
    """Make the environment if there is none, then what the hooks read; says where, and how long it took."""
    seen = look(place)
    if seen.python is None:
        _say(out, f"making the environment of the plugin in {place.folder}")
        _say(
            out,
            f"  {_libraries(place)} libraries of {LOCK_FILE}, {SETUP_SECONDS:.0f} s at most; "
            f"log: {place.log}",
        )
        if seen.in_the_making:
            _say(out, "  another process is making it: waiting")
    begun = time.monotonic()
    progress = Progress(out, _libraries(place))
    try:
        made = make(place, Maker(interpreter(), environment), progress.hear)
    except EnvironmentUnusableError as error:
        progress.end()
        return tell_error(error, out)
    progress.end()
    took = (
        f"done in {time.monotonic() - begun:.0f} s"
        if seen.python is None
        else "the environment is complete and current"
    )
    _say(out, f"{took}: {made.python.parent.parent}")
    if reason := compile_for_hooks(place, made.python, environment):
        _say(out, f"  rules, words and prices were not compiled for the hooks: {reason}")
        return EnvironmentUnusableError.exit_code
    _say(out, "  rules, words and prices are compiled for the hooks")
    return _FINE


def check(place: Place, out: TextIO) -> int:
    """Say what there is, and change nothing; the exit code tells whether it can be used."""
    seen = look(place)
    _say(out, f"plugin: {place.root}")
    _say(out, f"data folder: {place.data}")
    for line in told(seen):
        _say(out, line)
    return _FINE if seen.python is not None else _FINDINGS


def told(seen: Seen) -> list[str]:
    """Return what is to say about an environment, the main thing first."""
    if seen.python is not None:
        return [f"environment: complete and current, {seen.python.parent.parent}"]
    lines = ["environment: outdated" if seen.older else "environment: missing"]
    if seen.in_the_making:
        return ["environment: in the making"]
    if seen.failure is not None:
        at = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(seen.failure.at))
        lines.append(f"last attempt failed {at}: {seen.failure.reason}")
    return [*lines, "make it: outrider setup"]


def tell_error(error: OutriderError, out: TextIO) -> int:
    """Say what is missing and what to do, in two lines; returns the exit code."""
    _say(out, f"error[{error.slug}]: {error.message}")
    _say(out, f"  {error.hint}")
    return error.exit_code


class Progress:
    """How far the installer is, on one line of a terminal; silent in a pipe."""

    def __init__(self, out: TextIO, total: int) -> None:
        self._out = out if out.isatty() else None
        self._total = total
        self._seen = 0

    def hear(self, line: str) -> None:
        """Take in one line of the installer."""
        if line.startswith("Collecting "):
            self._seen += 1
            self._show(f"  {min(self._seen, self._total)} of {self._total}: {line.split()[1][:60]}")
        elif line.startswith(("Installing", "Prepared", "Resolved")):
            self._show(f"  {line.split(maxsplit=1)[0].lower()} …")

    def end(self) -> None:
        """Take the line away."""
        if self._seen:
            self._show("")
            self._seen = 0

    def _show(self, text: str) -> None:
        if self._out is not None:
            self._out.write(f"\r\x1b[2K{text}")
            self._out.flush()


def _libraries(place: Place) -> int:
    try:
        return sum(
            "==" in line and not line.startswith(("#", " "))
            for line in place.lock_file.open(encoding="utf-8")
        )
    except (OSError, UnicodeDecodeError):
        return 0


def _say(out: TextIO, line: str) -> None:
    out.write(f"{clean(line)}\n")
    out.flush()
