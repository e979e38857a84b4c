"""The skills: what a client reads of them, what they name, how small they are, and what their runs are held to."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
import yaml
from click.testing import CliRunner

from outrider.app.audit import runs_of
from outrider.app.vocabulary import Vocabularies
from outrider.interface.cli.main import outrider
from outrider.interface.mcp.catalogue import TOOLS
from outrider.judge.conformance.audit import RunAudit
from outrider.plan.workflow.file import read_workflow
from outrider.plan.workflow.model import Workflow
from tests.app.shops import audits_of
from tests.skills.sessions import NAMES, OWN_SERVER, SKILLS, Talk, bad_run, good_run

MOST_LINES, MOST_TOKENS, MOST_TOKENS_OF_A_DESCRIPTION = 60, 1_000, 45
"""Four characters a token is the usual rule of thumb, and for English prose an upper bound."""

KNOWN_TO_THE_CLIENT = {"name", "description", "argument-hint", "disable-model-invocation"}
ONLY_FOR_A_PERSON = {"improve-skill", "write-workflow"}


def text_of(skill: str) -> str:
    return (SKILLS / skill / "SKILL.md").read_text("utf-8")


def head_of(skill: str) -> dict[str, object]:
    head = yaml.safe_load(text_of(skill).split("---\n", 2)[1])
    assert isinstance(head, dict)
    return head


def workflow_of(skill: str) -> Workflow:
    path = SKILLS / skill / "workflow.yaml"
    words = Vocabularies().of_project("").vocabulary.words
    workflow, mistakes = read_workflow(path.read_text("utf-8"), words, path_hint=str(path))
    assert not mistakes
    assert workflow is not None
    return workflow


def tokens(text: str) -> int:
    return -(-len(text) // 4)


def test_these_are_all_the_skills() -> None:
    assert tuple(sorted(path.parent.name for path in SKILLS.glob("*/SKILL.md"))) == NAMES
    assert {path.name for path in SKILLS.glob("*/*")} == {"SKILL.md", "workflow.yaml"}


@pytest.mark.parametrize("skill", NAMES)
def test_the_head_is_what_a_client_reads(skill: str) -> None:
    head = head_of(skill)
    assert head.keys() <= KNOWN_TO_THE_CLIENT
    assert head["name"] == skill
    assert isinstance(head["description"], str)
    assert ("disable-model-invocation" in head) == (skill in ONLY_FOR_A_PERSON)
    assert head.get("disable-model-invocation", True) is True


@pytest.mark.parametrize("skill", NAMES)
def test_a_skill_is_lean(skill: str) -> None:
    body = text_of(skill).split("---\n", 2)[2]
    assert len(body.splitlines()) <= MOST_LINES
    assert tokens(body) <= MOST_TOKENS
    assert tokens(f"- outrider:{skill}: {head_of(skill)['description']}") <= MOST_TOKENS_OF_A_DESCRIPTION


@pytest.mark.parametrize("skill", NAMES)
def test_nothing_runs_when_a_skill_is_loaded_and_no_path_is_absolute(skill: str) -> None:
    text = text_of(skill) + (SKILLS / skill / "workflow.yaml").read_text("utf-8")
    assert not re.search(r"!`|^```!", text, re.MULTILINE)
    assert not re.search(r"(?<![\w.}*<>-])/(?!outrider:)\w+/", text)


@pytest.mark.parametrize("skill", NAMES)
def test_the_client_puts_nothing_into_a_skill_so_that_its_version_stays_the_same(skill: str) -> None:
    """It replaces `$ARGUMENTS` and `${CLAUDE_SESSION_ID}`: every session would have a version of its own."""
    assert set(re.findall(r"\$\{?(\w+)", text_of(skill))) <= {"CLAUDE_CODE_SESSION_ID"}


def commands_in(text: str) -> list[list[str]]:
    spans = re.findall(r"`outrider\s+([^`]+)`", text)
    return [span.replace('"', "").split() for span in spans]


def assert_exists(words: list[str]) -> None:
    command: click.Command = outrider
    rest = list(words)
    while isinstance(command, click.Group) and rest:
        assert rest[0] in command.commands, words
        command = command.commands[rest.pop(0)]
    assert not isinstance(command, click.Group) or command.invoke_without_command, words
    options = {name for each in command.params for name in each.opts}
    assert {word for word in rest if word.startswith("--")} <= options, words
    flags = {each.opts[0] for each in command.params if isinstance(each, click.Option) and each.is_flag}
    values = sum(word.startswith("--") and word not in flags for word in rest)
    takes = sum(isinstance(each, click.Argument) for each in command.params)
    assert sum(not word.startswith("--") for word in rest) - values <= takes, words


@pytest.mark.parametrize("skill", NAMES)
def test_every_command_that_a_skill_names_exists_with_its_options(skill: str) -> None:
    found = commands_in(text_of(skill))
    assert found
    for words in found:
        assert_exists(words)


def test_every_command_that_the_users_guide_names_exists_with_its_options() -> None:
    text = (SKILLS.parent / "docs" / "plugin.md").read_text("utf-8")
    shown = re.findall(r"^outrider((?: \S+)*)(?:  |$)", text, re.MULTILINE)
    found = [*commands_in(text), *(words.split() for words in shown)]
    assert len(found) > 10
    for words in found:
        assert_exists(words)
    assert set(re.findall(r"/outrider:([\w-]+)", text)) == set(NAMES)


@pytest.mark.parametrize("skill", NAMES)
def test_every_tool_and_every_skill_that_a_skill_names_exists(skill: str) -> None:
    text = text_of(skill)
    assert set(re.findall(rf"{OWN_SERVER}(\w+)", text)) <= {tool.name for tool in TOOLS}
    assert set(re.findall(r"/outrider:([\w-]+)", text)) <= set(NAMES)


@pytest.mark.parametrize("skill", NAMES)
def test_a_workflow_has_no_mistake_and_its_steps_stand_in_the_text_in_their_order(skill: str) -> None:
    checked = CliRunner().invoke(outrider, ["workflow", "check", str(SKILLS / skill / "workflow.yaml")])
    assert (checked.exit_code, "no mistakes" in checked.output) == (0, True)
    workflow = workflow_of(skill)
    headings = re.findall(r"^## Step \d+: (.+)$", text_of(skill), re.MULTILINE)
    assert [step.title for step in workflow.steps] == headings
    numbered = [f"Step {number}: {title}" for number, title in enumerate(headings, 1)]
    assert [mark for step in workflow.steps for mark in step.marks] == numbered
    assert workflow.skill == skill


def test_the_workflow_that_the_text_shows_as_an_example_is_a_good_one() -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", text_of("write-workflow"), re.DOTALL)
    words = Vocabularies().of_project("").vocabulary.words
    workflow, mistakes = read_workflow(example, words)
    assert not mistakes
    assert workflow is not None
    assert len(workflow.rules) == 1


def audited(talk: Talk, folder: Path) -> RunAudit:
    talk.kept(folder / "config")
    (run,) = runs_of(audits_of(folder / "config"))
    assert run.run.load.name == f"outrider:{talk.skill}"
    return run


def broken(run: RunAudit) -> list[str]:
    return [each.rule.text for each in run.broken]


@pytest.mark.parametrize("skill", NAMES)
def test_a_run_as_the_skill_asks_for_it_is_clean(skill: str, tmp_path: Path) -> None:
    run = audited(good_run(tmp_path / "shop", skill), tmp_path)
    assert broken(run) == []
    assert (run.path.skipped, run.path.unexplained) == ((), ())
    assert run.path.order_score in (1, None)


@pytest.mark.parametrize("skill", NAMES)
def test_a_run_that_edits_or_files_without_consent_is_found(skill: str, tmp_path: Path) -> None:
    run = audited(bad_run(tmp_path / "shop", skill), tmp_path)
    found = broken(run)
    assert [text for text in found if "require ask.user | prompt" in text]


def test_a_run_that_does_not_check_its_edit_is_found(tmp_path: Path) -> None:
    run = audited(bad_run(tmp_path / "shop", "improve-skill"), tmp_path)
    assert "after edit.* require lint.pass of outrider | mcp:*outrider.audit" in broken(run)


@pytest.mark.parametrize("skill", NAMES)
def test_a_backtest_finds_the_bad_run_and_leaves_the_good_one_alone(skill: str, tmp_path: Path) -> None:
    codes = {}
    for name, made in (("good", good_run), ("bad", bad_run)):
        path = made(tmp_path / "shop", skill).kept(tmp_path / name)
        rules = str(SKILLS / skill / "workflow.yaml")
        told = CliRunner().invoke(outrider, ["backtest", str(path), "--rules", rules, "--mode", "enforce"])
        codes[name] = (told.exit_code, "rule:" in told.output)
    assert codes == {"good": (0, False), "bad": (1, True)}
