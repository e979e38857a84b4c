"""What git remembers of a collection: paths that stood in it once, and what changed since a revision."""

from __future__ import annotations

import contextlib
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from outrider.kernel import limits
from outrider.plan.plugin.former import Gone

_REVISION = re.compile(r"[\w][\w./@{}^~:-]{0,200}\Z")


class GitPast:
    """A running `git log`; starting it early lets it work beside the reading of files.

    Everything stays quietly empty where there is no git, no repository, or no answer in time.
    """

    def __init__(self, root: Path, revision: str = "HEAD", git_dir: Path | None = None) -> None:
        where = ["--git-dir", str(git_dir)] if git_dir else ["-C", str(root)]
        command = ["git", "-c", "core.quotePath=false", *where, "log", "--format=%x00%h", "--diff-filter=DR"]
        command += ["-M60%", "-l400", "--name-status", f"-n{limits.LINT_GIT_PATHS}"]
        command += ["--relative"] if git_dir is None else []
        self._running: subprocess.Popen[bytes] | None = None
        with contextlib.suppress(OSError):
            self._running = subprocess.Popen(  # noqa: S603 - the words are ours, the revision is checked
                [*command, revision, "--"],
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                stdin=subprocess.DEVNULL,
            )

    def gone(self) -> list[Gone]:
        """Return the paths that are gone, the newest first."""
        if self._running is None:
            return []
        try:
            raw, _ = self._running.communicate(timeout=limits.LINT_GIT_SECONDS)
        except subprocess.TimeoutExpired:
            self._running.kill()
            self._running.communicate()
            return []
        if self._running.returncode:
            return []
        return list(_gone(raw.decode("utf-8", "replace")))[: limits.LINT_GIT_PATHS]


def changed_since(root: Path, revision: str) -> frozenset[str] | None:
    """Return the paths below ``root`` that differ from ``revision`` or are new; None when git does not "
    "know.
    """
    if not _REVISION.match(revision):
        return None
    changed = _lines(root, "diff", "--name-only", "--relative", revision, "--")
    fresh = _lines(root, "ls-files", "--others", "--exclude-standard")
    return None if changed is None else frozenset(changed) | frozenset(fresh or ())


def _lines(root: Path, *arguments: str) -> list[str] | None:
    command = ["git", "-c", "core.quotePath=false", "-C", str(root), *arguments]
    try:
        done = subprocess.run(  # noqa: S603 - as above
            command, capture_output=True, timeout=limits.LINT_GIT_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return None if done.returncode else done.stdout.decode("utf-8", "replace").splitlines()


def _gone(text: str) -> Iterator[Gone]:
    commit = ""
    for line in text.split("\n"):
        if line.startswith("\0"):
            commit = line[1:]
            continue
        status, *paths = line.split("\t")
        if status == "D" and len(paths) == 1:
            yield Gone(paths[0], commit)
        elif status.startswith("R") and len(paths) == 2:
            yield Gone(paths[0], commit, paths[1])
