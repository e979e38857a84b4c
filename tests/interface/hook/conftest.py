"""What several tests of the hook program stand on."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def volume(tmp_path: Path) -> Iterator[Path]:
    """Mount a volume of its own; skip where that is not allowed."""
    place = tmp_path / "volume"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=128k,mode=700", "none", str(place)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("no volume may be mounted here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)
