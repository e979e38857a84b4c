"""`outrider status` and `outrider statusline`: the same standing in words, as JSON and as a line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from outrider.app.rule_cache import write_rules, write_words
from outrider.app.vocabulary import Vocabularies
from outrider.interface.cli.main import outrider
from outrider.plan.workflow.file import read_workflow
from tests.interface.hook.driver import SESSION, Failure, Hooks
from tests.interface.statusline.test_program import WORKFLOW

ROOT = Path(__file__).parents[3]


@pytest.fixture
def hooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hooks:
    made = Hooks(Path(os.environ["OUTRIDER_HOME"]), tmp_path)
    monkeypatch.chdir(tmp_path)
    return made


@pytest.fixture
def played(hooks: Hooks) -> Hooks:
    """A session under rules with a step, a limit, a call that is held, and something owed."""
    workflow, _ = read_workflow(WORKFLOW, Vocabularies().of_project("").vocabulary.words)
    assert workflow is not None
    write_words(hooks.home)
    write_rules(hooks.home, "practicing-tdd", workflow)
    hooks.settings({"mode": "enforce", "limits": {"session": {"calls": 15, "cost": 5}}})
    hooks.tell("UserPromptExpansion", command_name="practicing-tdd", expansion_type="slash_command")
    for _ in range(12):
        hooks.call("Bash", {"command": "pytest"}, Failure("Exit code 1\n1 failed in 0.1s"))
    return hooks


def run(*arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(
        outrider, list(arguments), prog_name="outrider", catch_exceptions=False, input=given
    )


def test_status_says_in_words_what_stands(played: Hooks) -> None:
    said = run("status").stdout
    assert said.startswith(f"session {SESSION}: guard enforce, last event ")
    assert "practicing-tdd" in said
    assert "1 of 2" in said
    assert "owed by practicing-tdd: after test.fail require review; what would keep it: review" in said
    assert "session calls" in said
    assert "held back: Bash pytest (breaker open, repeated " in said


def test_status_as_json_has_the_documented_members(played: Hooks) -> None:
    found = json.loads(run("status", SESSION[:12], "--json").stdout)
    assert found["schema"] == "outrider.status/1"
    assert found["session"] == SESSION
    assert found["runs"] == [
        {
            "skill": "practicing-tdd",
            "agent": "",
            "step": "red",
            "number": 1,
            "steps": 2,
            "owed": [{"rule": "after test.fail require review", "repair": "review"}],
        }
    ]
    assert {"scope", "limit", "used", "most"} == set(found["limits"][0])
    assert {"agent", "label", "state", "count", "trips"} == set(found["breakers"][0])
    assert (found["mode"], found["stopped"], found["tripped"], found["faults"]) == ("enforce", "", "", 0)
    assert found["readable"]
    assert found["last_ms"] == int(played.now * 1000)


def test_without_any_session_status_is_an_error_that_says_so(hooks: Hooks) -> None:
    for arguments in (["status"], ["status", "nobody"]):
        said = run(*arguments)
        assert said.exit_code == 2
        assert "error[no-such-session]" in said.stderr


def test_a_session_without_anything_is_said_in_one_line(hooks: Hooks) -> None:
    hooks.call("Read", {"file_path": "a"})
    assert run("status").stdout.splitlines()[1:] == ["no skill is at work"]
    (hooks.home / "guard" / "sessions" / f"{SESSION}.json").write_text("{")
    assert "cannot be read" in run("status").stdout


def test_the_command_and_the_launcher_print_the_same_line(played: Hooks) -> None:
    told = json.dumps({"session_id": SESSION, "cwd": str(played.project), "cost": {"total_cost_usd": 1.2}})
    environment = {**os.environ, "OUTRIDER_PYTHON": sys.executable, "PYTHONPATH": str(ROOT / "src")}
    lines = set()
    for command in (
        [str(ROOT / "bin" / "outrider"), "statusline"],
        [sys.executable, "-m", "outrider.interface.cli.main", "statusline"],
    ):
        done = subprocess.run(
            command, input=told, capture_output=True, text=True, env=environment, check=True, timeout=30
        )
        lines.add(done.stdout)
    (line,) = lines
    assert line.startswith("practicing-tdd · red 1/2 · ")
    assert line.endswith(" · held: Bash pytest · owes: review\n")


def test_the_documented_setting_finds_the_plugin_that_was_installed_last(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "statusline.md").read_text("utf-8")
    setting = next(line for line in text.splitlines() if "plugins/cache" in line)
    command = json.loads(setting)["statusLine"]["command"]
    for at, version in enumerate(("0.9.0", "0.10.0")):
        launcher = tmp_path / ".claude/plugins/cache/market/outrider" / version / "bin/outrider"
        launcher.parent.mkdir(parents=True)
        launcher.write_text(f'#!/bin/sh\necho "{version} $*"\n')
        launcher.chmod(0o755)
        os.utime(launcher, (at, at))
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        capture_output=True,
        text=True,
        env={"HOME": str(tmp_path), "PATH": os.environ["PATH"]},
        check=True,
        timeout=20,
    )
    assert done.stdout == "0.10.0 statusline\n"
