"""The plugin's manifest, its version, and where copies of it are installed."""

from __future__ import annotations

import re
from pathlib import Path

from outrider.app.doctor.checks import Check, note, ok, some, unknown, wrong
from outrider.app.doctor.reading import mapping, read, read_object
from outrider.app.doctor.scene import Scene

NAME = "outrider"
_AGAIN = "install the plugin again"
_VERSION = re.compile(r'^__version__ = "([^"\n]{1,40})"', re.MULTILINE)


def is_copy(root: Path) -> bool:
    """Tell whether a folder is a copy of the plugin, whole or damaged."""
    return (root / ".claude-plugin").is_dir() or (root / "hooks" / "hooks.json").exists()


def manifest(scene: Scene) -> list[Check]:
    """Return whether the manifest can be read, and whether one version stands everywhere."""
    content, why = read_object(scene.root / ".claude-plugin" / "plugin.json")
    if content is None:
        return [wrong("manifest", f".claude-plugin/plugin.json {why}: no client loads the plugin", _AGAIN)]
    if content.get("name") != NAME:
        return [wrong("manifest", f".claude-plugin/plugin.json does not name the plugin {NAME}", _AGAIN)]
    return [ok("manifest", f"{NAME}, {content.get('version')}"), _version(scene.root, content)]


def _version(root: Path, content: dict[str, object]) -> Check:
    source, _ = read(root / "src" / "outrider" / "__init__.py")
    match = _VERSION.search((source or b"").decode("utf-8", "replace"))
    versions = {"src/outrider": match.group(1) if match else "none"}
    versions["plugin.json"] = str(content.get("version"))
    market, _ = read_object(root / ".claude-plugin" / "marketplace.json")
    for entry in _entries(market):
        if entry.get("name") == NAME and "version" in entry:
            versions["marketplace.json"] = str(entry["version"])
    if len(set(versions.values())) == 1:
        return ok("version", f"{versions['plugin.json']} in {len(versions)} places")
    found = ", ".join(f"{where} {version[:40]}" for where, version in versions.items())
    return wrong("version", f"versions differ: {found}", f"half an update? {_AGAIN}")


def _entries(market: dict[str, object] | None) -> list[dict[str, object]]:
    listed = (market or {}).get("plugins")
    return [mapping(each) for each in listed[:100]] if isinstance(listed, list) else []


def installed(scene: Scene) -> Check:
    """Return where the client has the plugin installed, as its own list says."""
    content, why = read_object(scene.config / "plugins" / "installed_plugins.json")
    if content is None and why == "missing":
        return ok("installed", "by no marketplace (a copy given by --plugin-dir is in no list)")
    if content is None:
        return unknown("installed", f"plugins/installed_plugins.json {why}")
    copies = [
        (key, Path(str(entry.get("installPath", ""))))
        for key, value in mapping(content.get("plugins")).items()
        if key.partition("@")[0] == NAME
        for entry in map(mapping, value if isinstance(value, list) else [value])
    ]
    stale = [f"{key} at {path}" for key, path in copies if not _is_there(path)]
    if stale:
        return wrong(
            "installed", f"listed, but not there: {some(stale)}", f"claude plugin uninstall, then {_AGAIN}"
        )
    if len({key for key, _ in copies}) > 1:
        found = f"more than one copy, so hooks run twice: {some(key for key, _ in copies)}"
        return wrong("installed", found, "keep one: claude plugin uninstall")
    if len(copies) > 1:
        return note("installed", f"in {len(copies)} scopes: {some(str(path) for _, path in copies)}")
    return ok("installed", some(f"{key} at {path}" for key, path in copies) or "by no marketplace")


def _is_there(path: Path) -> bool:
    try:
        return path.is_absolute() and path.is_dir()
    except (OSError, ValueError):
        return False
