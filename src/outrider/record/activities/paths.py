"""Paths as activities name them: relative to the session's folder when below it."""

from __future__ import annotations

import posixpath

from outrider.kernel.limits import PATH_CHARS
from outrider.record.activities.parts import SUBSTITUTED

_ELSEWHERE = (
    "/dev/",
    "/tmp/",  # noqa: S108 - recognised, not used
    "/private/tmp/",
    "/private/var/",
    "/var/tmp/",  # noqa: S108
    "/var/folders/",
    "/proc/",
    "$TMPDIR/",
    "${TMPDIR}/",
    "$TMP/",
    "%TEMP%",
)
"""What is written there is no part of a project."""


def placed(path: str, within: str, cwd: str) -> str:
    """Return ``path``, found in the folder ``within``, as activities name it; empty when it is unknown."""
    if not path or len(path) > PATH_CHARS or SUBSTITUTED in path or "\n" in path:
        return ""
    path = path.replace("\\", "/").removeprefix("$PWD/")
    if within and not path.startswith(("/", "~", "$")):
        path = f"{within}/{path}"
    if path.startswith("$"):
        return ""
    path = posixpath.normpath(path)
    cwd = cwd.replace("\\", "/").rstrip("/")
    return path[len(cwd) + 1 :] if cwd and path.startswith(f"{cwd}/") else path


def is_elsewhere(path: str) -> bool:
    """Tell whether a placed path is of no project: a device, a temporary file, the client's records."""
    return path.startswith(_ELSEWHERE) or "/.claude/projects/" in path


def folder_of(within: str, cwd: str) -> str:
    """Return the folder of an activity: empty for the session's own or one that is unknown."""
    folder = placed(within, "", cwd) if within else ""
    return "" if folder in (".", cwd.rstrip("/"), "~") else folder
