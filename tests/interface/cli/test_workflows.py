"""`outrider workflow derive|show|check` and `outrider export`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner, Result

from outrider.interface.cli.main import outrider
from outrider.plan.workflow.file import read_workflow
from tests.app.shops import BAD, RULES, Shop, shop
from tests.app.stores import SAMPLE

SKILL = """\
---
name: mend
description: Mends.
---
# Mend
## Step 1: Look
Run `git diff`.
## Step 2: Test
Run `pytest`.
## Step 3: Keep
Run `git commit`.
"""


@pytest.fixture
def skill(tmp_path: Path) -> Path:
    folder = tmp_path / "skills/mend"
    folder.mkdir(parents=True)
    (folder / "SKILL.md").write_text(SKILL)
    return folder


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(
        outrider, [str(each) for each in arguments], prog_name="outrider", catch_exceptions=False
    )


def test_a_workflow_is_derived_from_the_text_of_a_skill(skill: Path) -> None:
    result = run("workflow", "derive", skill)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[:4] == [
        "# Derived from the text of the skill. Keep what is right, mend what is not.",
        "skill: mend",
        "steps:",
        "  look:  # line 6, a heading, confidence 0.85",
    ]
    assert lines[-1] == "order: look > test > keep"


def test_what_was_derived_can_be_kept_as_a_file_without_mistakes(skill: Path) -> None:
    (skill / "workflow.yaml").write_text(run("workflow", "derive", skill).stdout)
    checked = run("workflow", "check", skill)
    assert (checked.exit_code, checked.stdout) == (0, f"{skill}: skill, 3 steps, 0 rules, no mistakes\n")


def test_derive_shows_the_text_whatever_file_lies_beside_it(skill: Path) -> None:
    derived = run("workflow", "derive", skill).stdout
    (skill / "workflow.yaml").write_text("skill: mend\nsteps: { other: { evidence: [read] } }\n")
    assert run("workflow", "derive", skill).stdout == derived
    assert "other" in run("workflow", "show", skill).stdout


def test_a_workflow_can_be_had_as_json_and_as_a_drawing(skill: Path) -> None:
    told = json.loads(run("workflow", "derive", skill, "--as", "json").stdout)
    names = json.dumps(told)
    assert all(f'"{step}"' in names for step in ("look", "test", "keep"))
    drawn = run("workflow", "show", skill, "--as", "mermaid").stdout
    assert drawn.startswith(("flowchart", "stateDiagram", "graph"))
    assert all(word in drawn for word in ("Look", "Test", "Keep"))


def test_show_says_where_a_workflow_comes_from(
    skill: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("workflow", "show", skill).stderr == "note: derived from the skill's text\n"
    (skill / "workflow.yaml").write_text("skill: mend\nsteps: { other: { evidence: [read] } }\n")
    beside = run("workflow", "show", skill).stderr
    assert beside == f"note: the workflow file beside the skill ({skill / 'workflow.yaml'})\n"
    own = tmp_path / ".outrider/workflows/mend.yaml"
    own.parent.mkdir(parents=True)
    own.write_text("skill: mend\nsteps: { ours: { evidence: [read] } }\n")
    assert run("workflow", "show", skill).stderr == f"note: the project's workflow file ({own})\n"


def test_a_skill_that_ran_a_shipped_one_and_an_installed_one_are_known_by_name() -> None:
    ran = run("workflow", "show", "practicing-tdd", "--root", SAMPLE)
    assert "order: red > green" in ran.stdout
    installed = run("workflow", "show", "reviewing-code", "--root", SAMPLE)
    assert (ran.exit_code, installed.exit_code) == (0, 0)
    shipped = run("workflow", "show", "superpowers:test-driven-development")
    assert "shipped with Outrider" in shipped.stderr
    assert read_workflow(shipped.stdout, ("edit.src", "edit.test", "test.pass", "test.fail"))[0] is not None


def test_check_tells_every_mistake_of_every_file_with_its_place(skill: Path) -> None:
    good, bad = skill, skill.parent / "bad.yaml"
    bad.write_text(BAD)
    result = run("workflow", "check", good, bad)
    assert (result.exit_code, result.stdout) == (1, f"{good}: derived, 3 steps, 0 rules, no mistakes\n")
    first, second = result.stderr.splitlines()
    assert first == (
        f"error[workflow-badly-written]: {bad}:3:21: `tset.fail` is no known activity"
        " (did you mean `test.fail`?) [unknown-activity]"
    )
    assert second.startswith(f"error[workflow-badly-written]: {bad}:4:14: ")


def test_a_long_path_hides_no_message(tmp_path: Path) -> None:
    folder = tmp_path.joinpath(*["a-folder-with-a-long-name" * 5] * 3)
    folder.mkdir(parents=True)
    (folder / "bad.yaml").write_text(BAD)
    assert "[unknown-activity]" in run("workflow", "check", folder / "bad.yaml").stderr


def test_show_prints_no_workflow_of_a_badly_written_file(skill: Path) -> None:
    (skill / "workflow.yaml").write_text(BAD)
    result = run("workflow", "show", skill)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "[unknown-step]" in result.stderr


@pytest.mark.parametrize("command", ["derive", "show", "check"])
@pytest.mark.parametrize("name", ["no-such-skill", "x" * 5000, "*", "../../*", "", "a:b:c"])
def test_what_is_no_skill_is_a_usage_error(command: str, name: str) -> None:
    result = run("workflow", command, name)
    assert (result.exit_code, "error[no-such-skill]" in result.stderr) == (2, True)


def test_a_file_over_a_mebibyte_could_not_be_read(tmp_path: Path) -> None:
    (tmp_path / "big.yaml").write_bytes(b"#" * (2 << 20))
    for command in ("derive", "show", "check"):
        assert run("workflow", command, tmp_path / "big.yaml").exit_code == 3


def test_hostile_text_of_a_skill_cannot_move_in_a_terminal(skill: Path) -> None:
    (skill / "SKILL.md").write_text(SKILL.replace("Look", "Lo\u202eok\x1b[2J\u200b"))
    for form in ("yaml", "mermaid", "json"):
        printed = run("workflow", "derive", skill, "--as", form).output
        assert not any(sign in printed for sign in ("\u202e", "\x1b", "\u200b"))


@pytest.fixture
def made(tmp_path: Path) -> Shop:
    found = shop(tmp_path)
    found.workflow(RULES)
    return found


def test_runs_are_exported_as_ocel(made: Shop) -> None:
    told: dict[str, Any] = json.loads(run("export", "--all", "--root", made.config).stdout)
    assert {"eventTypes", "objectTypes", "events", "objects"} <= told.keys()
    assert {"git.commit", "edit.src"} <= {each["type"] for each in told["events"]}


def test_runs_are_exported_as_xes_into_a_file(made: Shop, tmp_path: Path) -> None:
    target = tmp_path / "runs.xes"
    result = run("export", "1d1b608b", "--format", "xes", "--output", target, "--root", made.config)
    assert (result.exit_code, result.stdout) == (0, "")
    names = [each.tag.rpartition("}")[2] for each in ET.fromstring(target.read_bytes()).iter()]
    assert names.count("trace") == 1


def test_a_file_that_cannot_be_written_is_a_usage_error(made: Shop, tmp_path: Path) -> None:
    result = run("export", "--all", "--output", tmp_path / "no/such/folder", "--root", made.config)
    assert (result.exit_code, "No such file" in result.stderr) == (2, True)
