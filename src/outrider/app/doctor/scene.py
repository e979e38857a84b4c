"""What is looked at: the copy of the plugin, and the folders that belong to it and to the person."""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from outrider.app.environment.places import place_of
from outrider.kernel.limits import DOCTOR_SECONDS

_STORE_CHARS = 12


@dataclass(frozen=True, slots=True)
class Scene:
    """One installation. ``until`` is of the monotonic clock; ``clients`` are versions seen in the records.

    ``is_used`` tells that a client must have made the data folder: it is named, or the copy is installed.
    """

    root: Path
    data: Path
    is_used: bool
    home: Path
    config: Path
    project: Path
    environment: Mapping[str, str]
    scratch: Path
    until: float
    clients: tuple[str, ...] = ()

    def left(self, seconds: float) -> float:
        """Return how long something may take that would be given ``seconds``."""
        return max(0.05, min(seconds, self.until - time.monotonic()))

    @property
    def store(self) -> Path:
        """The store of this configuration folder (as app/roots.py names it)."""
        digest = hashlib.sha256(str(self.config).encode("utf-8", "replace")).hexdigest()
        return self.home / f"store-{digest[:_STORE_CHARS]}.sqlite3"


def scene_of(
    root: Path,
    environment: Mapping[str, str],
    scratch: Path,
    *,
    config: Path | None = None,
    clients: tuple[str, ...] = (),
) -> Scene:
    """Return the scene for a copy of the plugin, as the variables and the place of the copy say."""
    root = root.resolve()
    own_config = config_folder(environment)
    data = place_of(root, environment).data
    is_used = bool(environment.get("CLAUDE_PLUGIN_DATA")) or "cache" in root.parts
    return Scene(
        root,
        data,
        is_used,
        home_folder(environment),
        config or own_config,
        Path.cwd(),
        environment,
        scratch,
        time.monotonic() + DOCTOR_SECONDS,
        clients,
    )


def config_folder(environment: Mapping[str, str]) -> Path:
    """Return the client's configuration folder."""
    given = environment.get("CLAUDE_CONFIG_DIR") or "~/.claude"
    return _expanded(given, environment).absolute()


def home_folder(environment: Mapping[str, str]) -> Path:
    """Return the folder for Outrider's own files, as the hook finds it (interface/hook/places.py)."""
    if own := environment.get("OUTRIDER_HOME", ""):
        return _expanded(own, environment).absolute()
    home = Path(environment.get("HOME") or "/")
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "outrider"
    shared = environment.get("XDG_DATA_HOME", "").strip()
    return (Path(shared) if shared.startswith("/") else home / ".local" / "share") / "outrider"


def _expanded(given: str, environment: Mapping[str, str]) -> Path:
    home = environment.get("HOME") or "/"
    return Path(home + given[1:] if given == "~" or given.startswith("~/") else given)
