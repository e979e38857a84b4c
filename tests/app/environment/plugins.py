"""A copy of the plugin for tests, and interpreters that only pretend to install."""

from __future__ import annotations

import stat
from pathlib import Path

from outrider.app.environment.looking import look
from outrider.app.environment.making import Maker, make
from outrider.app.environment.places import LOCK_FILE, Place

LOCK = "one==1 \\\n    --hash=sha256:00\ntwo==2 \\\n    --hash=sha256:11\n"
BARE_PATH = "/usr/bin:/bin"

_PRETENDER = """#!/bin/sh
# Stands for the interpreter outside (-m venv FOLDER) and in the environment (-m pip install ...).
case "$*" in
*"-m venv "*)
    for folder; do :; done
    echo begun >>"$TOLD"
    mkdir -p "$folder/bin" && cp "$0" "$folder/bin/python"
    ;;
*"-m pip install"*)
    echo "Collecting one"
    {install}
    ;;
esac
"""


def plugin(folder: Path, lock: str = LOCK) -> Place:
    """Return a copy of the plugin at ``folder``, and its data folder beside it; names are as bad as may be."""
    root = folder / "ro 'ot\""
    root.mkdir(parents=True, exist_ok=True)
    (root / LOCK_FILE).write_text(lock)
    return Place(root, folder / "da ta'\"$(x)")


def pretender(folder: Path, install: str = "true", seconds: float = 20, wait: float = 20) -> Maker:
    """Return a maker whose pip runs the given shell line."""
    path = folder / "interpreter"
    path.write_text(_PRETENDER.replace("{install}", install))
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    surroundings = {"PATH": BARE_PATH, "HOME": str(folder), "TOLD": str(folder / "told")}
    return Maker(str(path), surroundings, seconds, wait)


def made(place: Place, maker: Maker) -> Path:
    """Make it; returns its interpreter."""
    return make(place, maker, lambda _: None).python


def begun(folder: Path) -> int:
    """Return how often the making was begun."""
    told = folder / "told"
    return len(told.read_text().splitlines()) if told.exists() else 0


def environments(place: Place) -> list[str]:
    """Return the names of all folders of environments, whole or not."""
    return sorted(each.name for each in place.folder.iterdir() if each.is_dir())


def reason(place: Place) -> str:
    """Return the recorded reason of the last failure."""
    failure = look(place).failure
    return failure.reason if failure else ""
