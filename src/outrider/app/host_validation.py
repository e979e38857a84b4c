"""What `claude plugin validate` says of a plugin, where the client is there: asked, not copied."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

from outrider.judge.lint.finding import Finding, Severity
from outrider.kernel import limits

_CODE = "host"


def validated(root: Path, command: str = "claude") -> tuple[list[Finding], str]:
    """Return the host's findings, and what to tell a person when it could not be asked."""
    client = shutil.which(command)
    if client is None:
        return [], "no `claude` on the PATH: `claude plugin validate` was not asked"
    try:
        done = subprocess.run(  # noqa: S603 - the client's own path, and a folder
            [client, "plugin", "validate", "--json", str(root)],
            capture_output=True,
            timeout=limits.VALIDATE_SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        value = json.loads(done.stdout.decode("utf-8", "replace") or "null")
    except (OSError, subprocess.TimeoutExpired, ValueError, RecursionError):
        return [], "`claude plugin validate` gave no answer that could be read"
    return list(_findings(value)), ""


def _findings(value: object) -> list[Finding]:
    """Read the answer of the host, whose shape is not documented: lists of errors and warnings, at any "
    "depth.
    """
    found: list[Finding] = []
    ranks: tuple[tuple[str, Severity], ...] = (("errors", "error"), ("warnings", "warning"))
    waiting: list[tuple[object, str]] = [(value, "")]
    while waiting and len(found) < limits.VALIDATE_FINDINGS:
        each, path = waiting.pop(0)
        if isinstance(each, dict):
            here = str(each.get("file") or each.get("filePath") or path)
            for key, severity in ranks:
                listed = each.get(key)
                found += [
                    _finding(one, here, severity) for one in (listed if isinstance(listed, list) else ())
                ]
            waiting += [(inner, here) for key, inner in each.items() if key not in ("errors", "warnings")]
        elif isinstance(each, list):
            waiting += [(inner, path) for inner in each]
    return found


def _finding(one: object, path: str, severity: Severity) -> Finding:
    text = (
        one if isinstance(one, str) else str(one.get("message") or one) if isinstance(one, dict) else str(one)
    )
    where = str(one.get("path") or "") if isinstance(one, dict) else ""
    return Finding(
        _CODE, severity, path, 1, 1, f"claude plugin validate: {where + ': ' if where else ''}{text}", text
    )
