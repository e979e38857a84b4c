"""What a hook loads: its own few modules, and of the standard library next to nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.interface.hook.payloads import EVENTS, payload
from tests.interface.hook.program import ROOT

HOOK = ROOT / "src" / "outrider" / "interface" / "hook" / "entry.py"
_END = """
import posix, sys
path, kept = sys.argv[1:]
sys.argv[1:] = []
start = set(sys.modules)
really = posix._exit
def end(code):
    opened = posix.open(kept, posix.O_WRONLY | posix.O_CREAT, 0o600)
    posix.write(opened, "\\n".join(sorted(set(sys.modules) - start)).encode())
    really(code)
posix._exit = end
opened = posix.open(path, posix.O_RDONLY)
source = posix.read(opened, 1 << 20)
exec(compile(source, path, "exec"), {"__name__": "__main__", "__file__": path})
"""

NEVER = {
    *("json", "re", "os", "typing", "dataclasses", "enum", "subprocess", "socket", "sqlite3", "pathlib"),
    *("logging", "argparse", "tempfile", "threading", "collections", "functools", "hashlib", "datetime"),
    *(
        "msgspec",
        "yaml",
        "markdown_it",
        "click",
        "rich",
        "platformdirs",
        "ast",
        "inspect",
        "random",
        "shutil",
    ),
}
"""None of these on the way of an event without rules."""

BUILT_IN = {"posix", "marshal", "_json", "time", "_imp", "gc", "__future__", "errno", "math", "_bisect"}
"""All that may be loaded of the standard library: compiled modules, and the one that annotations ask for."""

AT_MOST = 40
"""Modules of ours and others, as the budget has it."""


def loaded(home: Path, given: object) -> set[str]:
    """Return the modules that an interpreter has loaded at the end of one hook."""
    kept = home / "loaded"
    kept.unlink(missing_ok=True)
    subprocess.run(
        [sys.executable, "-I", "-S", "-c", _END, str(HOOK), str(kept)],
        input=json.dumps(given).encode(),
        env={"OUTRIDER_HOME": str(home), "HOME": str(home)},
        check=True,
        timeout=20,
        capture_output=True,
    )
    return set(kept.read_text().split())


@pytest.mark.parametrize("event", EVENTS)
def test_an_event_loads_nothing_that_it_does_not_need(tmp_path: Path, event: str) -> None:
    for _ in range(2):
        found = loaded(tmp_path, payload(event))
    assert found & NEVER == set()
    others = {name for name in found if not name.startswith("outrider")}
    assert others <= BUILT_IN
    assert len(found) <= AT_MOST, sorted(found)
