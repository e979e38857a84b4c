"""All checks of the installation, in bounded time, with nothing but the standard library."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
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
        with tempfile.TemporaryDirectory(prefix="outrider-doctor-", ignore_cleanup_errors=True) as scratch:
            folder = Path(scratch).resolve()
            scene = scene_of(root, environment, folder, config=config, clients=clients)
            return tuple(_checks(scene))
    except OSError as error:
        return (unknown("scratch", f"{error.strerror or type(error).__name__}", "make room in TMPDIR"),)


def _checks(scene: Scene) -> list[Check]:
    own = _plugin(scene) if plugin.is_copy(scene.root) else [note("plugin", "this Outrider is no plugin's copy")]
    return [
        *own,
        host.client(scene),
        *host.settings(scene),
        plugin.installed(scene),
        folders.home(scene),
        *folders.guard(scene),
        *store.look(scene),
        folders.disk(scene),
    ]


def _plugin(scene: Scene) -> list[Check]:
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
