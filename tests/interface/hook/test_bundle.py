"""The bundle is only a cache: with it, without it and with a stale one the hook says the same."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAYLOAD = {"session_id": "s", "hook_event_name": "PreToolUse", "tool_name": "Bash", "tool_use_id": "t"}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a copy of the program, so that its caches are this test's own."""
    ignored = shutil.ignore_patterns("__pycache__", "*.yaml", "sample")
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=ignored)
    shutil.copytree(ROOT / "bin", tmp_path / "bin")
    return tmp_path


def run(tree: Path, **more: str) -> subprocess.CompletedProcess[bytes]:
    home = tree / "home"
    (home / "guard").mkdir(parents=True, exist_ok=True)
    (home / "guard" / "tripped").write_text("stop\n")
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.run(
        [str(tree / "bin" / "outrider-hook")],
        input=json.dumps(PAYLOAD).encode(),
        capture_output=True,
        env={**kept, "OUTRIDER_HOME": str(home), "OUTRIDER_PYTHON": sys.executable, **more},
        check=True,
    )


def bundles(tree: Path) -> list[Path]:
    return list(tree.glob("src/outrider/interface/hook/__pycache__/*.bundle"))


def test_it_is_made_at_the_first_run_and_used_at_the_next(tree: Path) -> None:
    first = run(tree)
    assert b"deny" in first.stdout
    assert len(bundles(tree)) == 1
    made = bundles(tree)[0].stat().st_mtime_ns
    assert b"deny" in run(tree).stdout
    assert bundles(tree)[0].stat().st_mtime_ns == made
    assert not (tree / "home" / "guard" / "faults.log").exists()


def test_a_changed_module_is_never_answered_from_an_old_bundle(tree: Path) -> None:
    run(tree)
    answers = tree / "src" / "outrider" / "interface" / "hook" / "decisions.py"
    answers.write_text(answers.read_text().replace('"permissionDecision": decision', '"other": decision'))
    assert b"other" in run(tree).stdout
    assert b"other" in run(tree).stdout


@pytest.mark.parametrize("content", [b"", b"x" * 300, b"i\x01\x00\x00\x00", b"[\x01\x00\x00\x00N"])
def test_a_damaged_bundle_is_made_anew(tree: Path, content: bytes) -> None:
    run(tree)
    bundles(tree)[0].write_bytes(content)
    assert b"deny" in run(tree).stdout
    assert len(bundles(tree)[0].read_bytes()) > 10_000


def test_where_it_cannot_be_written_the_hook_works_without(tree: Path) -> None:
    cache = tree / "src" / "outrider" / "interface" / "hook" / "__pycache__"
    cache.write_text("in the way")
    assert b"deny" in run(tree).stdout
    assert run(tree).returncode == 0


def test_who_wants_no_caches_gets_none(tree: Path) -> None:
    assert b"deny" in run(tree, PYTHONDONTWRITEBYTECODE="1").stdout
    assert bundles(tree) == []
