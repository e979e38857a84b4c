"""The real client takes the plugin without a word, and installs it from its own marketplace."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.client.client import ROOT, Client
from tests.client.model import Script, calls, says


def _told(program: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    folder.mkdir(exist_ok=True)
    surroundings = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "CLAUDE_CONFIG_DIR": str(folder / "config"),
        "DISABLE_TELEMETRY": "1",
        "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
    }
    return subprocess.run(
        [program, *arguments],
        env=surroundings,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("part", ["", ".claude-plugin/plugin.json", ".claude-plugin/marketplace.json"])
def test_the_clients_own_check_finds_nothing(program: Path, tmp_path: Path, part: str) -> None:
    done = _told(program, tmp_path / "home", "plugin", "validate", "--strict", str(ROOT / part))
    assert (done.returncode, done.stderr) == (0, "")
    assert "✘" not in done.stdout


def test_it_installs_from_its_marketplace_into_an_empty_home(program: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert _told(program, home, "plugin", "marketplace", "add", str(ROOT)).returncode == 0
    assert _told(program, home, "plugin", "install", "outrider@outrider").returncode == 0
    listed = json.loads((home / "config" / "plugins" / "installed_plugins.json").read_text())
    copy = Path(listed["plugins"]["outrider@outrider"][0]["installPath"])
    assert (copy / "bin" / "outrider-hook").stat().st_mode & 0o111
    assert (copy / "requirements-plugin.lock").is_file()


def test_command_and_host_mean_the_same_data_folder(client: Client) -> None:
    for words in (("marketplace", "add", str(ROOT)), ("install", "outrider@outrider")):
        subprocess.run(
            [client.program, "plugin", *words],
            env=client._environment("http://127.0.0.1:9"),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
        )
    client.plugin = None
    check = calls("Bash", command="outrider setup --check || true")
    run = client.run(Script([check, says("Done.")]), environment={"OUTRIDER_SETUP": "off"})
    made = [each.name for each in (run.config / "plugins" / "data").iterdir()]
    assert made == ["outrider-outrider"]
    assert f"data folder: {run.config / 'plugins' / 'data' / made[0]}" in run.main[1].results[0][1]
