"""The plugin's skills in the real client: they load, a person types one, and its run is in the report."""

from __future__ import annotations

import json
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

from outrider.app.audit import runs_of
from outrider.app.report import make_report
from outrider.edge.store.queries import Scope
from tests.app.shops import audits_of
from tests.app.stores import library
from tests.client.client import ROOT, TOOLS, Client
from tests.client.model import Model, Script, calls, says
from tests.client.test_server import equipped

SKILLS = ("audit", "improve-skill", "why", "write-workflow")


def told(client: Client, script: Script, prompt: str) -> list[dict[str, Any]]:
    """Everything that a headless run prints."""
    command = [client.program, "-p", "--plugin-dir", ROOT, "--allowedTools", TOOLS]
    command += ["--output-format", "stream-json", "--verbose", "--", prompt]
    with Model(script) as address:
        done = subprocess.run(
            command,
            cwd=client.project,
            env=client._environment(address),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert (done.returncode, done.stderr) == (0, "")
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_typed_skill_loads_runs_and_stands_in_the_report_with_its_steps(client: Client) -> None:
    look = calls("Bash", command='outrider audit "$CLAUDE_CODE_SESSION_ID"')
    script = Script([look, says("No other run.")])
    lines = told(equipped(client), script, "/outrider:audit this session")
    (begun,) = [line for line in lines if line.get("subtype") == "init"]
    assert {f"outrider:{name}" for name in SKILLS} <= set(begun["slash_commands"])
    asked = script.of_main[0].remarks
    body = (ROOT / "skills" / "audit" / "SKILL.md").read_text().split("---\n", 2)[2]
    assert body.strip() in asked
    assert "ARGUMENTS: this session" in asked
    failed, answer = script.of_main[1].results[0]
    assert not failed
    assert "outrider:audit  run 1 of session" in answer
    assert recorded(client.folder / "config") == [("outrider:audit", ["read"], [])]


def recorded(config: Path) -> list[tuple[str, list[str], list[str]]]:
    """Every run in the records: its skill, the steps that were visited, the rules that were broken."""
    with closing(library(config, config.parent / "reported")) as opened:
        report = make_report(opened, "skill", Scope())
        names = [row.key for row in report.rows if row.key.startswith("outrider:")]
    runs = runs_of(audits_of(config))
    assert names == [run.run.load.name for run in runs]
    return [
        (
            run.run.load.name,
            [visit.step for visit in run.path.visits],
            [each.rule.text for each in run.broken],
        )
        for run in runs
    ]


def test_the_model_is_offered_only_the_skills_that_need_no_person(client: Client) -> None:
    script = Script([says("Hello.")])
    told(client, script, "Hello")
    listed = json.dumps([request.messages for request in script.of_main])
    offered = {name for name in SKILLS if f"outrider:{name}:" in listed}
    assert offered == {"audit", "why"}
