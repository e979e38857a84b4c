"""Options of the set-up program, and its exit codes: 0 fine, 1 not there, 2 usage, 3 could not be made."""

from __future__ import annotations

import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType

import outrider
from outrider.app.environment.places import Place, place_of
from outrider.interface.setup import asked, unasked

HELP = """Usage: outrider setup [--check]

  Make the environment of the plugin: the libraries that command line and
  server need, once, in the plugin's data folder (docs/environment.md).

Options:
  --check  Only say what there is.
  --help   Show this message and exit.
"""


def main(arguments: Sequence[str], environment: Mapping[str, str], root: str) -> int:
    """Do what was asked for, for the plugin at ``root``; returns the exit code."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    place = place_of(Path(root), environment)
    try:
        return _run(list(arguments), environment, place)
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def _run(arguments: list[str], environment: Mapping[str, str], place: Place) -> int:
    match arguments:
        case []:
            return asked.set_up(place, environment, sys.stdout)
        case ["--check"]:
            return asked.check(place, sys.stdout)
        case ["--needed"]:
            return unasked.needed(place, environment, sys.stderr)
        case ["--background"]:
            return unasked.background(place, environment)
        case ["--detached"]:
            return unasked.detached(place, environment)
        case ["--wait", seconds] if seconds.isascii() and seconds.isdigit():
            return unasked.wait(place, environment, float(seconds), sys.stderr)
        case [("--help" | "--version") as option]:
            said = HELP if option == "--help" else f"outrider, version {outrider.__version__}\n"
            sys.stdout.write(said)
            return 0
    sys.stderr.write("outrider setup takes --check or --help\n")
    return 2


def _leave(number: int, _: FrameType | None) -> None:
    """End by way of every clean-up: the child is killed, what is half-made is removed."""
    sys.exit(128 + number)
