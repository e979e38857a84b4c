"""The plugin's data folder with its environment, and Outrider's own folder with what a person set there."""

from __future__ import annotations

import os
import shutil
import stat
import time
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from outrider.app.doctor.checks import Check, note, ok, some, unknown, wrong
from outrider.app.doctor.reading import parsed, read, tail
from outrider.app.doctor.scene import Scene
from outrider.app.environment.looking import look
from outrider.app.environment.places import Place

_SETUP = "outrider setup"
_DAYS = 7
_TAIL_BYTES = 256 * 1024
_MIB = 1024 * 1024
_LITTLE, _NONE = 1024, 64
_ENTRIES = 1_000


def data_folder(scene: Scene) -> Check:
    """Return whether the plugin's data folder is there and can be written."""
    path = scene.data
    if not path.exists():
        if scene.is_used:
            found = (
                f"{path} is not there: the interpreter is looked for at each event, and there is no server"
            )
            return wrong(
                "data-folder", found, f"the client makes it when it loads the plugin; or: mkdir -p {path}"
            )
        return note("data-folder", f"{path} is not there: no client has loaded this copy yet")
    if not path.is_dir():
        return wrong("data-folder", f"{path} is no folder", "move it away; the client makes it anew")
    if not os.access(path, os.W_OK | os.X_OK):
        return wrong(
            "data-folder", f"{path} cannot be written", f"give it back to yourself: chmod u+rwx {path}"
        )
    return ok("data-folder", str(path))


def environment_python(scene: Scene) -> Path | None:
    """Return the interpreter of a complete and current environment."""
    return look(Place(scene.root, scene.data)).python


def environment(scene: Scene) -> Check:
    """Return what stands of the environment of command line and server."""
    seen = look(Place(scene.root, scene.data))
    if seen.python:
        return ok("environment", f"complete: {seen.python.parents[1]}")
    if seen.in_the_making:
        return unknown("environment", "is being made just now")
    if seen.failure:
        return wrong("environment", f"could not be made: {seen.failure.reason}", _SETUP)
    if seen.older:
        return wrong("environment", "is of another version of the plugin", _SETUP)
    if seen.halves:
        return wrong("environment", "is not complete: its making was cut off", _SETUP)
    if not scene.data.is_dir():
        return note("environment", "none yet: there is no data folder")
    return wrong("environment", "none: command line and server do not run (the hooks do)", _SETUP)


def home(scene: Scene) -> Check:
    """Return whether Outrider's own folder can be written, and by its owner alone."""
    path = scene.home
    if not path.exists():
        above = _nearest(path)
        if not (above.is_dir() and os.access(above, os.W_OK | os.X_OK)):
            return wrong("home", f"{path} cannot be made", f"make {above} writable, or set OUTRIDER_HOME")
        return ok("home", f"{path} (made at the first event)")
    if not path.is_dir() or not os.access(path, os.W_OK | os.X_OK):
        return wrong("home", f"{path} is no folder that can be written", "mend it, or set OUTRIDER_HOME")
    return _modes(path)


def _modes(path: Path) -> Check:
    open_to = {mode: [] for mode in ("write", "read")}  # type: dict[str, list[str]]
    parts = [path, *(path / name for name in ("guard", "guard/sessions", "guard/rules", "spool"))]
    parts += [each for folder in (path, path / "guard") for each in _files(folder)]
    for each in parts:
        bits = _bits(each)
        if bits & (stat.S_IWGRP | stat.S_IWOTH):
            open_to["write"].append(str(each))
        elif bits & (stat.S_IRGRP | stat.S_IROTH):
            open_to["read"].append(str(each))
    following = f"chmod -R go= {path}"
    if open_to["write"]:
        return wrong("home", f"others may write: {some(open_to['write'], 3)}", following)
    if open_to["read"]:
        return note("home", f"others may read: {some(open_to['read'], 3)}", following)
    return ok("home", str(path))


def _bits(path: Path) -> int:
    try:
        return path.lstat().st_mode if not path.is_symlink() else 0
    except OSError:
        return 0


def _files(folder: Path) -> Iterator[Path]:
    try:
        yield from (each for each in islice(folder.iterdir(), _ENTRIES) if each.is_file())
    except OSError:
        return


def guard(scene: Scene) -> list[Check]:
    """Return what of the guard keeps it from doing what its person wants: settings, switch, faults."""
    return [_settings(scene), _switch(scene), _faults(scene)]


def _settings(scene: Scene) -> Check:
    content, why = read(scene.home / "guard" / "settings.json")
    if content is None and why == "missing":
        return ok("guard-settings", "none set: the defaults hold")
    given = parsed(content) if content is not None else None
    if not isinstance(given, dict):
        found = f"guard/settings.json {why or 'is no JSON object'}: the last good ones hold, or the defaults"
        return wrong("guard-settings", found, "outrider guard set, or move the file away")
    try:
        from outrider.judge.guard.trust import effective  # noqa: PLC0415 - doctor must also run where it is damaged

        mistakes = effective(given, str(scene.project), None).mistakes
    except Exception as error:
        return unknown("guard-settings", f"not looked at: {type(error).__name__} in the plugin's own source")
    if mistakes:
        return wrong("guard-settings", f"guard/settings.json: {some(mistakes, 3)}", "outrider guard settings")
    return ok("guard-settings", "without a mistake")


def _switch(scene: Scene) -> Check:
    flags = [each.name for each in _files(scene.home / "guard") if each.name.startswith("tripped")]
    if not flags:
        return ok("kill-switch", "not set")
    return wrong(
        "kill-switch", f"set, so calls are denied: {some(flags)}", "outrider guard reset [--session ID]"
    )


def _faults(scene: Scene) -> Check:
    since = time.time() - _DAYS * 86_400
    counts: Counter[str] = Counter()
    for line in tail(scene.home / "guard" / "faults.log", _TAIL_BYTES).splitlines():
        at, _, slug = line.decode("ascii", "replace").partition(" ")
        if at.isdigit() and len(at) < 12 and int(at) > since:
            counts[slug[:60]] += 1
    if not counts:
        return ok("faults", f"none in the last {_DAYS} days")
    found = some(f"{slug} {count:,}" for slug, count in counts.most_common(6))
    return note("faults", f"in the last {_DAYS} days: {found}", "docs/hook.md says what each mark means")


def disk(scene: Scene) -> Check:
    """Return how much room there is for what Outrider keeps."""
    try:
        free = shutil.disk_usage(_nearest(scene.home)).free // _MIB
    except OSError as error:
        return unknown("disk", f"free space cannot be told ({error.strerror})")
    if free < _NONE:
        return wrong("disk", f"{free:,} MiB free: hooks may not be able to write", "make room")
    return (note if free < _LITTLE else ok)("disk", f"{free:,} MiB free")


def _nearest(path: Path) -> Path:
    return next((each for each in (path, *path.parents) if each.exists()), Path("/"))
