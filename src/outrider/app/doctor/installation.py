"""All checks of the installation, in bounded time, with nothing but the standard library."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from outrider.app.doctor import folders, hooks_file, hooks_run, host, interpreter, plugin, server, store
from outrider.app.doctor.checks import OK, WRONG, Check, note, ok, unknown
from outrider.app.doctor.scene import Scene, scene_of


def examine(
    root: Path,
    environment: Mapping[str, str],
    *,
    config: Path | None = None,
    clients: tuple[str, ...] = (),
) -> tuple[Check, ...]:
    """Look at the copy of the plugin at ``root`` and at the folders that belong to it.

    ``config`` is the client's configuration folder where it is not the one that the variables name;
    ``clients`` are versions of the client seen in the records. What is tried is tried in a scratch folder.
    """
    try:
        made = tempfile.TemporaryDirectory(prefix="outrider-doctor-", ignore_cleanup_errors=True)
    except OSError as error:
        return (unknown("scratch", error.strerror or type(error).__name__, "make room in TMPDIR"),)
    with made as scratch:
        scene = scene_of(root, environment, Path(scratch).resolve(), config=config, clients=clients)
        return tuple(check for name, look in _LOOKS.items() for check in _looked(name, look, scene))


def _looked(name: str, look: Callable[[Scene], Check | list[Check]], scene: Scene) -> list[Check]:
    """Return what one look finds; what cannot be looked at, or changes meanwhile, ends that look alone."""
    try:
        found = look(scene)
    except (OSError, RuntimeError, ValueError) as error:
        return [unknown("unchecked", f"{name}: {type(error).__name__}: {error}")]
    return found if isinstance(found, list) else [found]


def _plugin(scene: Scene) -> list[Check]:
    if not plugin.is_copy(scene.root):
        return [note("plugin", "this Outrider is no copy of the plugin, so there are no hooks to check")]
    found, handlers = hooks_file.look(scene)
    python = interpreter.look(scene)
    if python.verdict == WRONG:
        runs = [unknown("hooks-run", "not run: there is no interpreter for them")]
    elif not handlers:
        runs = [unknown("hooks-run", "not run: none of them can be started")]
    else:
        runs = hooks_run.look(scene, handlers)
    made = folders.environment(scene)
    return [
        ok("plugin", str(scene.root)),
        *plugin.manifest(scene),
        *found,
        python,
        *runs,
        folders.data_folder(scene),
        made,
        server.look(scene, has_environment=made.verdict == OK),
    ]


_LOOKS: Mapping[str, Callable[[Scene], Check | list[Check]]] = {
    "plugin": _plugin,
    "client": host.client,
    "settings": host.settings,
    "installed": plugin.installed,
    "home": folders.home,
    "guard": folders.guard,
    "store": store.look,
    "disk": folders.disk,
}
