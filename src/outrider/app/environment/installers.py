"""The programs that fill an environment, and what they may take over from the user's surroundings."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from outrider.app.environment.places import python_of

NOWHERE = "/"
"""Where they run: uv takes settings from the folder it runs in and all above, which could be a project's."""

_PIP_KEPT = frozenset(
    """INDEX_URL EXTRA_INDEX_URL FIND_LINKS NO_INDEX TRUSTED_HOST KEYRING_PROVIDER CERT CLIENT_CERT PROXY
    CACHE_DIR NO_CACHE_DIR PREFER_BINARY ONLY_BINARY""".split()
)
_UV_KEPT = frozenset(
    """INDEX DEFAULT_INDEX INDEX_URL EXTRA_INDEX_URL FIND_LINKS NO_INDEX INDEX_STRATEGY KEYRING_PROVIDER
    INSECURE_HOST NATIVE_TLS SYSTEM_CERTS HTTP_TIMEOUT OFFLINE
    CACHE_DIR NO_CACHE NO_CONFIG LINK_MODE""".split()
)
_CONFIG = ("PIP_CONFIG_FILE", "UV_CONFIG_FILE")


@dataclass(frozen=True, slots=True)
class Installer:
    """The commands that make an environment, in their order, and the environment they run in."""

    name: str
    commands: tuple[tuple[str, ...], ...]
    environment: Mapping[str, str]


def installers(
    interpreter: str, folder: Path, lock_file: Path, environment: Mapping[str, str]
) -> tuple[Installer, ...]:
    """Return how to make an environment in ``folder``, the preferred way first.

    That is uv where it is on the PATH. It does not know pip's configuration, in which a person's mirror may
    stand, so venv and pip come after it.
    """
    python = str(python_of(folder))
    kept = surroundings(environment)
    bounded = ("--disable-pip-version-check", "--no-input", "--progress-bar", "off", "--retries", "1")
    venv = (interpreter, "-I", "-m", "venv", str(folder))
    install = (python, "-I", "-m", "pip", "install", *bounded, "--timeout", "15")
    wanted = ("--require-hashes", "-r", str(lock_file))
    pip = Installer("pip", (venv, (*install, *wanted)), kept)
    uv = shutil.which("uv", path=environment.get("PATH", os.defpath))
    if uv is None or not uv.startswith("/"):
        return (pip,)
    make = (uv, "venv", "--no-project", "--python", interpreter, str(folder))
    return Installer("uv", (make, (uv, "pip", "install", "--python", python, *wanted)), kept), pip


def surroundings(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that installers get.

    The host gives a project's own variables to everything that it starts. Of those for pip and uv only the
    ones stay that say where and how to download, which the hashes make harmless; not those that name further
    things to install, other places to install to, or a configuration file outside the user's own folders.
    """
    return {name: value for name, value in environment.items() if _stays(name, value, environment)}


def _stays(name: str, value: str, environment: Mapping[str, str]) -> bool:
    if name in _CONFIG:
        return _is_users_own(value, environment)
    if name.startswith("PIP_"):
        return name.removeprefix("PIP_") in _PIP_KEPT
    if name.startswith("UV_"):
        return name.removeprefix("UV_") in _UV_KEPT
    return not name.startswith(("PYTHON", "VIRTUAL_ENV", "CONDA_PREFIX", "__PYVENV"))


def _is_users_own(path: str, environment: Mapping[str, str]) -> bool:
    home = environment.get("HOME", "").rstrip("/")
    given = os.path.normpath(path)
    own = (f"{home}/.config/", f"{home}/.pip/") if home.startswith("/") else ()
    return given == os.devnull or given.startswith(("/etc/", *own))
