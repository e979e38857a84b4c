"""What is run with the environment, and making it without anybody waiting."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from outrider.app.environment.installers import NOWHERE, surroundings
from outrider.app.environment.places import Place
from outrider.app.environment.running import Log, run

SWITCH = "OUTRIDER_SETUP"
OFF = "off"
_COMPILE_SECONDS = 60.0
_CLI = "import sys; sys.path.insert(0, sys.argv.pop(1)); from outrider.interface.cli.main import main; main()"


def interpreter() -> str:
    """Return the interpreter that environments are made from: this one, outside any environment."""
    return str(getattr(sys, "_base_executable", "") or sys.executable)


def is_off(environment: Mapping[str, str]) -> bool:
    """Tell whether the user wants nothing made unasked."""
    return environment.get(SWITCH, "").strip().lower() == OFF


def cli_command(place: Place, python: Path, *arguments: str) -> tuple[str, ...]:
    """Return the command line's program with the environment's interpreter, as `bin/outrider` starts it."""
    return (str(python), "-I", "-c", _CLI, str(place.root / "src"), *arguments)


def compile_for_hooks(place: Place, python: Path, environment: Mapping[str, str]) -> str:
    """Compile rules, words and prices for the hooks; returns why that failed, or nothing."""
    log = Log(place.folder / "compile.log")
    try:
        command = cli_command(place, python, "guard", "compile")
        until = time.monotonic() + _COMPILE_SECONDS
        return run(command, surroundings(environment), until, log, lambda _: None)
    finally:
        log.close()


def start_detached(place: Place, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start making the environment in a process of its own, which outlives this one and its terminal."""
    program = place.root / "src" / "outrider" / "interface" / "setup" / "entry.py"
    return subprocess.Popen(  # noqa: S603 - our own program
        [interpreter(), "-I", "-S", str(program), "--detached"],
        cwd=NOWHERE,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
