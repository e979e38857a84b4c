"""Where records are read from and where the store stands."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import platformdirs

from outrider.kernel.errors import UnreadableError

_NAME_CHARS = 12


@dataclass(frozen=True, slots=True)
class Root:
    """One configuration folder of the client and the store that belongs to it.

    ``sample`` is true for the records that are shipped with Outrider.
    """

    folder: Path
    store: Path
    sample: bool = False


def configured_root(environment: Mapping[str, str], given: str | None) -> Root:
    """Return the folder that was asked for, else the client's own.

    An empty variable counts as unset. Raises :class:`UnreadableError` when a folder that was asked for
    is not there.
    """
    if given:
        folder = Path(given).expanduser().absolute()
        if not folder.is_dir():
            raise UnreadableError(
                "no-such-folder", f"{given}: no such folder", "give a folder that holds `projects/`"
            )
        return root_at(folder, environment)
    config = environment.get("CLAUDE_CONFIG_DIR") or str(Path.home() / ".claude")
    return root_at(Path(config).expanduser().absolute(), environment)


def sample_root(environment: Mapping[str, str]) -> Root:
    """Return the records that are shipped with Outrider."""
    folder = Path(str(resources.files("outrider.sample").joinpath("config")))
    return Root(folder, _store_path(folder, environment), sample=True)


def root_at(folder: Path, environment: Mapping[str, str]) -> Root:
    """Return the root for a folder; each folder has a store of its own."""
    return Root(folder, _store_path(folder, environment))


def has_records(folder: Path) -> bool:
    """Tell whether a configuration folder holds any transcript."""
    return next((folder / "projects").glob("**/*.jsonl"), None) is not None


def user_folder(environment: Mapping[str, str]) -> Path:
    """Return the folder for Outrider's own files."""
    home = environment.get("OUTRIDER_HOME")
    return Path(home).expanduser().absolute() if home else platformdirs.user_data_path("outrider")


def _store_path(folder: Path, environment: Mapping[str, str]) -> Path:
    digest = hashlib.sha256(str(folder).encode("utf-8", "replace")).hexdigest()
    return user_folder(environment) / f"store-{digest[:_NAME_CHARS]}.sqlite3"
