"""What the guard decides arrives where it should, in the client that people use."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import outrider
from outrider.app.rule_cache import write_rules
from outrider.judge.guard.answers import is_own
from outrider.plan.workflow.file import read_workflow
from tests.client.client import ROOT, Client, Run
from tests.client.model import Json, Script, calls, says

Make = Callable[..., Client]

NOTES = "the same words as ever\n"
OPEN_ENDED = 40
"""Replies of a model that would never end by itself."""

KNOWN_TO_2_1_197 = frozenset(
    (
        *(
            "SessionStart",
            "SessionEnd",
            "UserPromptSubmit",
            "UserPromptExpansion",
            "PreToolUse",
            "PostToolUse",
        ),
        *("PostToolUseFailure", "PostToolBatch", "PermissionRequest", "SubagentStart", "SubagentStop"),
        *("PreCompact", "PostCompact", "Notification", "Stop", "StopFailure"),
    )
)

SKILL = """---
name: tested-change
description: Changes a file and shows that it works.
---
Change the file, then run the tests.
"""
WORKFLOW = "skill: tested-change\nrules:\n  - rule: "


def look(number: int) -> list[Json]:
    """A call that tells nothing new, however it is described."""
    return calls("Bash", command="cat notes.txt", description=f"Look at the notes, part {number}")


def looks(count: int) -> list[list[Json]]:
    return [look(number) for number in range(count)]


def made(make: Make, name: str, **given: object) -> Client:
    client = make(name, **given)
    (client.project / "notes.txt").write_text(NOTES)
    return client


class TestARunawayWithoutAnySettings:
    """One run, seen from all sides: hinted at, held back, ended."""

    @pytest.fixture(scope="class")
    @staticmethod
    def run(new_client: Make) -> Run:
        return made(new_client, "runaway").run(Script(looks(OPEN_ENDED)))

    def test_a_hint_stands_in_the_next_request(self, run: Run) -> None:
        hinted = [request.turn for request in run.main if is_own(request.remarks)]
        assert hinted[0] == 3
        text = run.main[3].remarks
        assert "Bash cat gave the same result 3 times in a row" in text
        assert NOTES.strip() not in text

    def test_a_hint_leaves_the_result_as_it_is(self, run: Run) -> None:
        assert run.main[3].results == [(False, NOTES.strip())]

    def test_a_refused_call_has_the_reason_as_its_result(self, run: Run) -> None:
        refused = [text for request in run.main for is_error, text in request.results if is_error]
        assert refused
        assert all(is_own(text) and "This call was not run." in text for text in refused)

    def test_the_run_ends_and_says_so(self, run: Run) -> None:
        assert len(run.main) < 20
        assert run.result["terminal_reason"] == "hook_stopped"
        assert run.code == 0
        assert run.log[-1]["level"] == "stop"

    def test_every_refusal_is_in_the_result_and_in_the_log(self, run: Run) -> None:
        refused = [denial["tool_use_id"] for denial in run.result["permission_denials"]]
        logged = [line["evidence"][0] for line in run.log if line.get("level") in ("deny", "stop")]
        assert refused == logged


def test_whoever_turns_to_something_else_after_a_hint_is_left_alone(new_client: Make) -> None:
    script = Script([*looks(3), calls("Write", file_path="new.txt", content="new"), says("Done.")])
    run = made(new_client, "heeded").run(script)
    assert run.result["result"] == "Done."
    assert [line["level"] for line in run.log if "level" in line] == ["hint"]
    assert [line["did"] for line in run.log if "after" in line] == ["other"]


class TestARunawaySubagent:
    """One run whose subagent never ends by itself."""

    @pytest.fixture(scope="class")
    @staticmethod
    def run(new_client: Make) -> Run:
        hand_over = calls(
            "Agent",
            description="Look",
            prompt="Look at the notes.",
            subagent_type="general-purpose",
            run_in_background=False,
        )
        write = calls("Write", file_path="new.txt", content="new")
        main = [look(0), look(1), hand_over, write, says("Done.")]
        return made(new_client, "subagent").run(Script(main, agents=[looks(OPEN_ENDED)]))

    def test_the_hint_reaches_the_subagent_and_not_the_main_loop(self, run: Run) -> None:
        assert next(request.turn for request in run.agents if is_own(request.remarks)) == 3
        assert not any(is_own(request.remarks) for request in run.main)
        assert {line["agent"] for line in run.log if "level" in line} == {run.agents[0].agent}

    def test_only_the_subagent_is_ended(self, run: Run) -> None:
        assert len(run.agents) < 20
        assert run.log[-1]["level"] == "stop"
        assert (run.result["result"], run.result["terminal_reason"]) == ("Done.", "completed")


def test_an_owed_step_is_asked_for_twice_and_then_let_go(new_client: Make) -> None:
    client = made(new_client, "owed")
    promote(client, "after edit.src require test.run")
    script = Script([SKILL_CALL, write("made.py"), *[says(f"Done, {number}.") for number in range(1, 6)]])
    run = client.run(script)
    assert [request.turn for request in run.main if is_own(request.remarks)] == [3, 4]
    assert "after edit.src require test.run" in run.main[3].remarks
    assert run.result["result"] == "Done, 3."


def test_who_does_what_is_owed_is_let_go_at_once(new_client: Make) -> None:
    client = made(new_client, "done")
    promote(client, "after edit.src require test.run")
    tests = calls("Bash", command="pytest -q made.py; true")
    run = client.run(Script([SKILL_CALL, write("made.py"), says("Done, 1."), tests, says("Done, 2.")]))
    assert [request.turn for request in run.main if is_own(request.remarks)] == [3]
    assert run.result["result"] == "Done, 2."


def test_who_tries_on_against_a_rule_is_held_back_and_then_ended(new_client: Make) -> None:
    client = made(new_client, "against")
    promote(client, "before edit.src require test.run")
    run = client.run(Script([SKILL_CALL, *[write(f"made_{number}.py") for number in range(OPEN_ENDED)]]))
    reasons = [text for request in run.main for is_error, text in request.results if is_error]
    assert len(reasons) == 3
    assert all("before edit.src require test.run" in text for text in reasons)
    assert not list(client.project.glob("made_*.py"))
    assert run.result["terminal_reason"] == "hook_stopped"


SKILL_CALL = calls("Skill", skill="tested-change")


def write(name: str) -> list[Json]:
    """A call that writes a source file."""
    return calls("Write", file_path=name, content="x = 1\n")


def promote(client: Client, rule: str) -> None:
    """Give the project a skill with a workflow of one rule, which is enforced."""
    folder = client.project / ".claude" / "skills" / "tested-change"
    folder.mkdir(parents=True)
    (folder / "SKILL.md").write_text(SKILL)
    workflow, mistakes = read_workflow(WORKFLOW + rule, ["edit.src", "test.run"])
    assert workflow is not None, mistakes
    write_rules(client.home, workflow.skill, workflow)
    client.settings(workflows={workflow.skill: "enforce"})


def test_a_tripped_breaker_refuses_every_call_and_ends_the_turn(new_client: Make) -> None:
    client = made(new_client, "tripped")
    client.write("guard/tripped", "enough for today")
    both = [*calls("Write", file_path="new.txt", content="new"), *look(0)]
    run = client.run(Script([both, *looks(3)]))
    assert len(run.main) == 1
    assert len(run.result["permission_denials"]) == 2
    assert run.result["terminal_reason"] == "hook_stopped"
    assert run.code == 0
    assert not (client.project / "new.txt").exists()
    assert {(line["level"], line["detector"]) for line in run.log if "level" in line} == {("stop", "tripped")}


class TestAFaultOfOurs:
    """Whatever is broken in our part, the run is as it is without us."""

    SCRIPT = (*looks(5), calls("Write", file_path="new.txt", content="new"), says("Done."))

    @pytest.fixture(scope="class")
    @staticmethod
    def without(new_client: Make) -> list[object]:
        return seen(made(new_client, "without", plugin=None).run(Script(TestAFaultOfOurs.SCRIPT)))

    @pytest.mark.parametrize(
        "broken",
        [
            "the script is gone",
            "the program is gone",
            "a module is damaged",
            "there is no python",
            "the interpreter crashes",
        ],
    )
    def test_leaves_the_run_as_it_is(
        self, new_client: Make, without: list[object], tmp_path: Path, broken: str
    ) -> None:
        plugin = copied(tmp_path / "plugin")
        hook = plugin / "src" / "outrider" / "interface" / "hook"
        environment = {}
        if broken == "the script is gone":
            (plugin / "bin" / "outrider-hook").unlink()
        elif broken == "the program is gone":
            (hook / "entry.py").unlink()
        elif broken == "a module is damaged":
            (hook / "session.py").write_text("this is no program\n")
        elif broken == "the interpreter crashes":
            environment["OUTRIDER_PYTHON"] = program_at(tmp_path / "python", "kill -SEGV $$")
        else:
            environment["PATH"] = str(path_without_python(tmp_path / "path"))
        run = made(new_client, "broken", plugin=plugin).run(Script(self.SCRIPT), environment=environment)
        assert seen(run) == without
        assert run.log == []
        # Where there is nothing to start, the client says so in one line to whoever reads its stderr.
        assert run.stderr == "" or broken == "the script is gone"

    def test_that_hangs_costs_no_more_than_its_time_limit(
        self, new_client: Make, without: list[object], tmp_path: Path
    ) -> None:
        """With a limit of one second instead of five, so that the test need not wait as long as a person."""
        plugin = copied(tmp_path / "plugin")
        hooks = plugin / "hooks" / "hooks.json"
        hooks.write_text(hooks.read_text().replace('"timeout": 5', '"timeout": 1'))
        python = program_at(tmp_path / "python", "exec sleep 60")
        script = Script([look(0), says("Done.")])
        run = made(new_client, "hanging", plugin=plugin).run(script, environment={"OUTRIDER_PYTHON": python})
        assert [run.code, run.result["result"], run.main[1].results] == [0, "Done.", [(False, NOTES.strip())]]
        assert run.seconds < 30


def program_at(path: Path, line: str) -> str:
    """Write a program of one line; return its path."""
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)
    return str(path)


def seen(run: Run) -> list[object]:
    """What the model and the person got to see."""
    told = [(request.turn, request.results, is_own(request.remarks)) for request in run.main]
    return [run.code, run.result["result"], run.result["terminal_reason"], told]


def copied(folder: Path) -> Path:
    """Copy what the plugin is made of."""
    for name in (".claude-plugin", "hooks", "bin", "src"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def path_without_python(folder: Path) -> Path:
    """Make a folder with what the shell tool needs, and nothing else."""
    folder.mkdir()
    for name in ("bash", "cat", "sh"):
        (folder / name).symlink_to(str(shutil.which(name)))
    return folder


def test_the_plugin_names_only_events_that_the_oldest_supported_client_knows() -> None:
    """One unknown name, and clients before 2.1.261 silently leave out all hooks of the plugin."""
    hooks = json.loads((ROOT / "hooks" / "hooks.json").read_text())["hooks"]
    assert set(hooks) <= KNOWN_TO_2_1_197


def test_the_plugin_has_the_version_of_the_program() -> None:
    manifest = json.loads((ROOT / ".claude-plugin" / "plugin.json").read_text())
    assert (manifest["name"], manifest["version"]) == ("outrider", outrider.__version__)
