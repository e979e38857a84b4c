"""Which interpreter the hooks' launcher takes (bin/outrider-hook), and whether it is of use."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from outrider.app.doctor.checks import Check, note, ok, wrong
from outrider.app.doctor.reading import read
from outrider.app.doctor.running import run
from outrider.app.doctor.scene import Scene

_NAMES = ("python3", "python3.14", "python3.13", "python3.12", "python3.11")
_PROBE = "import sys; print(sys.version_info >= (3, 11), sys.version.split()[0], sys.executable)"
_SECONDS = 5.0
_INSTALL = "install Python 3.11 or newer, or name one: OUTRIDER_PYTHON=/path/to/python3"


def look(scene: Scene) -> Check:
    """Return which interpreter the hooks run with."""
    named = scene.environment.get("OUTRIDER_PYTHON", "")
    where = "OUTRIDER_PYTHON" if named else "the cache in the data folder"
    given = named or _cached(scene)
    if given and os.access(given, os.X_OK) and not Path(given).is_dir():
        is_new, found, _ = _probed(scene, given)
        if is_new:
            return ok("interpreter", f"{given} ({found}), from {where}")
        return _instead(scene, f"{where} names {given}, which is {found or 'no Python'}", can_heal=not named)
    if given:
        return _instead(
            scene, f"{where} names {given}, which is not there or may not be executed", can_heal=True
        )
    return _instead(scene, "", can_heal=True)


def _instead(scene: Scene, why: str, *, can_heal: bool) -> Check:
    """Return what the launcher finds on the PATH in place of an interpreter that is none."""
    for name in _NAMES if can_heal else ():
        path = shutil.which(name, path=scene.environment.get("PATH", ""))
        is_new, found, real = _probed(scene, path) if path else (False, "", "")
        if path and is_new:
            if why:
                return note("interpreter", f"{why}; the launcher finds {path} ({found}) by itself")
            shim = "" if os.path.realpath(path) == os.path.realpath(real) else f", by way of {path}"
            return ok("interpreter", f"{real or path} ({found}), from the PATH{shim}")
    return wrong("interpreter", f"{why or 'none of 3.11 or newer is on the PATH'}: no hook runs", _INSTALL)


def _probed(scene: Scene, python: str) -> tuple[bool, str, str]:
    """Return whether an interpreter is new enough, its version, and its own path."""
    ran = run((python, "-I", "-S", "-c", _PROBE), b"", scene.environment, scene.scratch, scene.left(_SECONDS))
    words = ran.output.decode("utf-8", "replace").strip().split(" ", 2)
    if ran.code or ran.is_late or len(words) != 3:
        return False, "", ""
    return words[0] == "True", words[1], words[2]


def _cached(scene: Scene) -> str:
    content, _ = read(scene.data / "interpreter")
    return (content or b"").partition(b"\n")[0].decode("utf-8", "replace").strip()
