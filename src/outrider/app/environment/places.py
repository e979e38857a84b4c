"""Where the plugin's data folder is, and what of the environment stands in it.

The same answers as `interface/setup/launching.sh`, which finds them without an interpreter.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

LOCK_FILE = "requirements-plugin.lock"
SENTINEL = "complete"
INLINE = "outrider-inline"
"""The host's name for a plugin given by `--plugin-dir` (seen with 2.1.330)."""
IN_PLACE = "outrider-outrider"
"""Its name for one from our own marketplace, which it uses where it stands if that is a local folder."""

_DIGEST_CHARS = 12


@dataclass(frozen=True, slots=True)
class Place:
    """One copy of the plugin and the data folder that belongs to it."""

    root: Path
    data: Path

    @property
    def lock_file(self) -> Path:
        """The libraries that the environment must hold, with versions and hashes."""
        return self.root / LOCK_FILE

    @property
    def folder(self) -> Path:
        """The folder of all environments, with the records of how they were made."""
        return self.data / "environment"

    @property
    def failed(self) -> Path:
        """The record of the last attempt, where it failed."""
        return self.folder / "failed"

    @property
    def log(self) -> Path:
        """What was printed while the environment was made last."""
        return self.folder / "setup.log"

    @property
    def lock(self) -> Path:
        """The file that its maker holds locked."""
        return self.folder / "lock"


def place_of(root: Path, environment: Mapping[str, str]) -> Place:
    """Return where the copy of the plugin at ``root`` keeps its data."""
    root = root.resolve()
    return Place(root, _data_folder(root, environment))


def wanted(lock: bytes) -> str:
    """Return how folders of environments begin that are made from the text of a lock file."""
    return hashlib.sha256(lock).hexdigest()[:_DIGEST_CHARS]


def python_of(folder: Path) -> Path:
    """Return the interpreter of an environment."""
    return folder / "bin" / "python"


def _data_folder(root: Path, environment: Mapping[str, str]) -> Path:
    given = environment.get("CLAUDE_PLUGIN_DATA", "")
    if given.startswith("/") and _is_ours(root, environment):
        return Path(given)
    cache = root.parents[2] if len(root.parents) > 2 else root
    if cache.name == "cache" and cache.parent.name == "plugins":
        return (
            cache.parent
            / "data"
            / re.sub(r"[^A-Za-z0-9_-]", "-", f"{root.parent.name}-{root.parents[1].name}")
        )
    config = environment.get("CLAUDE_CONFIG_DIR", "")
    home = environment.get("HOME", "")
    folder = (
        Path(config) if config.startswith("/") else Path(home if home.startswith("/") else "/") / ".claude"
    )
    data = folder / "plugins" / "data"
    installed = (data / IN_PLACE).is_dir() or _names_us(folder / "plugins" / "installed_plugins.json")
    return data / (IN_PLACE if installed else INLINE)


def _names_us(listed: Path) -> bool:
    """Tell whether the host's list of what is installed names the plugin by our own marketplace."""
    try:
        return '"outrider@outrider"' in listed.read_text("utf-8", "replace")
    except OSError:
        return False


def _is_ours(root: Path, environment: Mapping[str, str]) -> bool:
    """Tell whether the host's variables are about this plugin, not about another whose hook calls us."""
    given = environment.get("CLAUDE_PLUGIN_ROOT", "")
    return not given or Path(given).resolve() == root
