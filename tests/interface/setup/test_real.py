"""The environment made for real, by venv and pip from the lock file; needs a package index that answers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from outrider.app.environment.making import EnvironmentUnusableError, Maker, make
from outrider.app.environment.places import LOCK_FILE, Place
from outrider.app.environment.starting import interpreter

ROOT = Path(__file__).parents[3]
_UNANSWERED = ("cannot be reached", "No matching distribution", "Failed to fetch", "Request failed")


@pytest.mark.skipif(not os.environ.get("OUTRIDER_LONG"), reason="takes half a minute: make test-long")
def test_the_locked_libraries_can_be_installed_and_imported(tmp_path: Path) -> None:
    place = Place(tmp_path / "ro ot", tmp_path / "da ta")
    place.root.mkdir()
    shutil.copy(ROOT / LOCK_FILE, place.root)
    try:
        python = make(place, Maker(interpreter(), dict(os.environ)), lambda _: None).python
    except EnvironmentUnusableError as error:
        if any(words in error.message for words in _UNANSWERED):
            pytest.skip(f"no package index answers: {error.message}")
        raise
    wanted = "import click, markdown_it, mcp, msgspec, platformdirs, rich, yaml"
    assert subprocess.run([python, "-I", "-c", wanted], check=False).returncode == 0
    assert sys.prefix not in str(python)
