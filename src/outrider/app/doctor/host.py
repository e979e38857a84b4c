"""The client: its version, and its settings that switch hooks or the plugin off."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from outrider.app.doctor.checks import Check, note, ok, some, unknown, wrong
from outrider.app.doctor.plugin import NAME
from outrider.app.doctor.reading import mapping, read_object
from outrider.app.doctor.running import run
from outrider.app.doctor.scene import Scene

FLOOR = (2, 1, 197)
STRICT = (2, 1, 295)
_VERSION = re.compile(r"(\d{1,6})\.(\d{1,6})\.(\d{1,6})")
_SECONDS = 4.0


def client(scene: Scene) -> Check:
    """Return whether the client is new enough; the one on the PATH, else the newest in the records."""
    path = shutil.which("claude", path=scene.environment.get("PATH", ""))
    said, where = "", "on the PATH"
    if path:
        quiet = {**scene.environment, "HOME": str(scene.scratch), "CLAUDE_CONFIG_DIR": str(scene.scratch)}
        ran = run((path, "--version"), b"", quiet, scene.scratch, scene.left(_SECONDS))
        said = ran.output.decode("utf-8", "replace")[:200]
    if not _VERSION.search(said) and scene.clients:
        said, where = max(scene.clients, key=_order), "the newest in the records"
    if not _VERSION.search(said):
        return unknown("client", "`claude --version` says nothing" if path else "`claude` is not on the PATH")
    version = _order(said)
    shown = f"{'.'.join(map(str, version))}, {where}"
    if version < FLOOR:
        return wrong("client", f"{shown}: older than 2.1.197", "claude update")
    if version < STRICT:
        return note("client", f"{shown}: works, but strict mode needs 2.1.295")
    return ok("client", shown)


def _order(said: str) -> tuple[int, ...]:
    match = _VERSION.search(said)
    return tuple(int(part) for part in match.groups()) if match else ()


def settings(scene: Scene) -> list[Check]:
    """Return what of the client's settings keeps our hooks from running."""
    read = [(path, is_managed, *read_object(path)) for path, is_managed in _files(scene)]
    broken = [f"{path} {why}" for path, _, content, why in read if content is None and why != "missing"]
    checks = [unknown("settings-file", some(broken), "mend or move it; claude doctor")] if broken else []
    found = [(path, is_managed, content) for path, is_managed, content, _ in read if content is not None]
    return [*checks, _hooks(scene, found), _plugin(found)]


_Found = list[tuple[Path, bool, dict[str, object]]]


def _hooks(scene: Scene, found: _Found) -> Check:
    """Return whether hooks are switched off; the strongest file that says anything decides."""
    for path, _, content in found:
        if isinstance(content.get("disableAllHooks"), bool):
            if content["disableAllHooks"]:
                return wrong("hooks-disabled", f"disableAllHooks in {path}", "take it out of that file")
            break
    for path, is_managed, content in found:
        if is_managed and content.get("allowManagedHooksOnly") is True:
            following = "ask who manages this machine to allow the plugin's hooks"
            return wrong("hooks-disabled", f"allowManagedHooksOnly in {path}", following)
    if scene.environment.get("CLAUDE_CODE_SIMPLE", "") not in ("", "0", "false"):
        return wrong("hooks-disabled", "CLAUDE_CODE_SIMPLE is set (as by --bare)", "unset CLAUDE_CODE_SIMPLE")
    strict = [str(path) for path, _, content in found if content.get("strictPluginOnlyCustomization")]
    if strict:
        return note(
            "hooks-disabled", f"strictPluginOnlyCustomization in {some(strict)}: plugins' hooks still run"
        )
    return ok("hooks-disabled", "nothing switches hooks off")


def _plugin(found: _Found) -> Check:
    decided: dict[str, bool] = {}
    for _, _, content in found:
        for key, value in mapping(content.get("enabledPlugins")).items():
            if key.partition("@")[0] == NAME and isinstance(value, bool):
                decided.setdefault(key, value)
    off = [key for key, value in decided.items() if not value]
    if off and not any(decided.values()):
        return wrong(
            "plugin-disabled", f"enabledPlugins switches off {some(off)}", f"claude plugin enable {off[0]}"
        )
    return ok("plugin-disabled", some(key for key, value in decided.items() if value) or "nothing says so")


def _files(scene: Scene) -> Iterator[tuple[Path, bool]]:
    """Return the files of settings with whether they are managed, the strongest first."""
    is_mac = sys.platform == "darwin"
    managed = Path("/Library/Application Support/ClaudeCode" if is_mac else "/etc/claude-code")
    try:
        more = sorted((managed / "managed-settings.d").glob("*.json"), reverse=True)[:100]
    except OSError:
        more = []
    yield from ((path, True) for path in (*more, managed / "managed-settings.json"))
    for name in ("settings.local.json", "settings.json"):
        yield scene.project / ".claude" / name, False
    yield scene.config / "settings.json", False
