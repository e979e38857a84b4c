"""Strict mode in the client that people use: with a guard calls run, without one they do not."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.client import client as clients
from tests.client.client import ROOT, Client, Run, UnavailableError
from tests.client.model import Json, Script, calls, says
from tests.client.test_installation import _told

FLOOR = "2.1.197"
"""Before 2.1.295 a client does not know `onFailure`."""

PARTS = ("bin", "hooks", "src", ".claude-plugin", "strict")
HOOK = "src/outrider/interface/hook"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the plugin from which things may be taken away."""
    for name in PARTS:
        ignored = shutil.ignore_patterns("__pycache__", "sample")
        shutil.copytree(ROOT / name, tmp_path / "copy" / name, ignore=ignored)
    return tmp_path / "copy"


def look(client: Client, copy: Path, *, main: bool = True, before: Sequence[list[Json]] = ()) -> Run:
    """Play a session that ends with a call that writes a file, under strict mode."""
    client.plugin = copy / "strict"
    given = {"CLAUDE_CODE_PLUGIN_DIRS": str(copy)} if main else {}
    writes = calls("Bash", command="echo ran > ran.txt", description="Write")
    script = Script([*before, writes, says("Done.")])
    return client.run(
        script, environment={**given, "OUTRIDER_PYTHON": sys.executable, "OUTRIDER_SETUP": "off"}
    )


def ran(client: Client) -> bool:
    return (client.project / "ran.txt").exists()


def test_the_clients_own_check_finds_nothing(program: Path, tmp_path: Path) -> None:
    done = _told(program, tmp_path / "home", "plugin", "validate", "--strict", str(ROOT / "strict"))
    assert (done.returncode, done.stderr) == (0, "")
    assert "✘" not in done.stdout


def test_it_installs_from_the_same_marketplace_and_can_be_disabled_as_it_says(
    program: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    assert _told(program, home, "plugin", "marketplace", "add", str(ROOT)).returncode == 0
    assert _told(program, home, "plugin", "install", "outrider-strict@outrider").returncode == 0
    assert _told(program, home, "plugin", "disable", "outrider-strict").returncode == 0
    settings = json.loads((home / "config" / "settings.json").read_text())
    assert settings["enabledPlugins"] == {"outrider-strict@outrider": False}


def test_with_a_guard_that_works_calls_run_and_nothing_is_said(client: Client, copy: Path) -> None:
    run = look(client, copy)
    assert ran(client)
    assert "outrider" not in json.dumps(run.main[1].results)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("hooks/hooks.json", "{"),
        ("bin/outrider-hook", None),
        (f"{HOOK}/entry.py", None),
        (f"{HOOK}/session.py", "def ("),
    ],
)
def test_without_one_no_call_runs_and_the_model_reads_why(
    client: Client, copy: Path, name: str, text: str | None
) -> None:
    (copy / name).unlink() if text is None else (copy / name).write_text(text)
    run = look(client, copy)
    assert not ran(client)
    [(is_error, said)] = run.main[1].results
    assert is_error
    assert "outrider-strict: no tool runs, as the guard does not work: " in said
    assert "claude plugin disable outrider-strict" in said


def test_a_guard_that_dies_silently_while_the_session_goes_on_is_noticed(client: Client, copy: Path) -> None:
    hook = copy / "bin" / "outrider-hook"
    (client.project / "break.sh").write_text(f"echo '#!/bin/sh' > '{hook}'; sleep 3\n")
    first = calls("Bash", command="sh break.sh", description="Break it")
    run = look(client, copy, before=[first])
    assert hook.read_text() == "#!/bin/sh\n"
    assert not ran(client)
    assert "it was told nothing of this call" in run.main[2].results[0][1]


def test_without_the_main_plugin_no_call_runs(client: Client, copy: Path) -> None:
    run = look(client, copy, main=False)
    assert not ran(client)
    assert "the plugin outrider has not run yet" in run.main[1].results[0][1]


def test_where_its_own_script_is_gone_no_call_runs(client: Client, copy: Path) -> None:
    (copy / "strict" / "hooks" / "guard-works.sh").unlink()
    look(client, copy)
    assert not ran(client)


def test_a_client_before_2_1_295_lets_the_call_run(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It does not know `onFailure`: a hook that ends with 1 holds nothing back there."""
    if not os.environ.get("OUTRIDER_CLIENT_CACHE"):
        pytest.skip("a second version is fetched only into a cache that was named (OUTRIDER_CLIENT_CACHE)")
    monkeypatch.setattr(clients, "VERSION", FLOOR)
    try:
        client = Client(clients.fetched(), tmp_path / "client")
    except UnavailableError as error:
        pytest.skip(f"no client {FLOOR}: {error}")
    (copy / "bin" / "outrider-hook").unlink()
    run = look(client, copy)
    assert ran(client)
    assert run.result["result"] == "Done."
    kept = "".join(path.read_text() for path in (run.config / "projects").rglob("*.jsonl"))
    assert "hook_non_blocking_error" in kept
    assert "outrider-strict: no tool runs" in kept
