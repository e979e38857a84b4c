"""Rules of a workflow while its skill is active, through the hook."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from outrider.app.rule_cache import write_rules, write_words
from outrider.plan.workflow.file import read_workflow
from tests.interface.hook.driver import Failure, Hooks, context, decision

WORKFLOW = """
skill: tested
steps:
  red: {evidence: [test.fail]}
  green: {evidence: [test.pass]}
limits: {calls: 50}
rules:
  - before edit.src require test.fail
  - after edit.src require test.pass
  - rule: before git.push require review
    by: craft:reviewing-code
"""
EDIT = {"file_path": "{}/src/a.py", "old_string": "a", "new_string": "b"}
PASSED = {"stdout": "1 passed in 0.1s", "stderr": "", "interrupted": False}
FAILED = Failure("Exit code 1\n1 failed in 0.1s")


@pytest.fixture
def hooks(tmp_path: Path) -> Hooks:
    made = Hooks(tmp_path / "home", tmp_path)
    from outrider.app.vocabulary import Vocabularies

    words = Vocabularies().of_project("").vocabulary.words
    workflow, mistakes = read_workflow(WORKFLOW, words)
    assert workflow is not None
    assert not mistakes
    write_words(made.home)
    write_rules(made.home, "tested", workflow)
    return made


def load(hooks: Hooks, mode: str) -> None:
    hooks.settings({"workflows": {"tested": mode}})
    hooks.tell("UserPromptSubmit", prompt="add it")
    assert hooks.call("Skill", {"skill": "tested"}, {"success": True}) == {}


def edit(hooks: Hooks, name: str = "a", **fields: object) -> dict[str, object]:
    given = {"file_path": str(hooks.project / "src" / f"{name}.py"), "old_string": "a", "new_string": name}
    return hooks.call("Edit", given, {"filePath": name}, **fields)


def test_rules_only_observe_until_they_are_promoted(hooks: Hooks) -> None:
    load(hooks, "observe")
    assert edit(hooks) == {}
    assert hooks.tell("Stop", last_assistant_message="Done.") == {}
    noted = [(line["level"], line["detector"], line["label"]) for line in hooks.log() if "level" in line]
    assert noted == [
        ("note", "rule:tested", "before edit.src require test.fail"),
        ("note", "owed:tested", "after edit.src require test.pass"),
    ]


def test_an_advised_rule_is_a_hint_with_its_repair(hooks: Hooks) -> None:
    load(hooks, "advise")
    said = context(edit(hooks))
    assert "would break the rule: before edit.src require test.fail" in said
    assert "What would keep it: test.fail" in said


@pytest.mark.parametrize("mode", ["advise", "enforce"])
def test_a_gate_names_the_skill_that_would_satisfy_it(hooks: Hooks, mode: str) -> None:
    load(hooks, mode)
    answer = hooks.call("Bash", {"command": "git push origin main"}, {"stdout": "", "stderr": ""})
    assert "What would keep it: review, by the skill craft:reviewing-code." in json.dumps(answer)


def test_an_enforced_rule_holds_the_call_back_until_it_is_kept(hooks: Hooks) -> None:
    load(hooks, "enforce")
    assert decision(edit(hooks)) == "deny"
    assert hooks.call("Bash", {"command": "pytest"}, FAILED) == {}
    assert edit(hooks) == {}


def test_what_is_owed_is_asked_for_twice_and_then_let_go(hooks: Hooks) -> None:
    load(hooks, "enforce")
    hooks.call("Bash", {"command": "pytest"}, FAILED)
    edit(hooks)
    answers = [hooks.tell("Stop", last_assistant_message=f"Done {at}.") for at in range(4)]
    assert [answer.get("decision") for answer in answers] == ["block", "block", None, None]
    assert "test.pass" in str(answers[0]["reason"])
    hooks.tell("UserPromptSubmit", prompt="go on")
    assert hooks.tell("Stop", last_assistant_message="Done.").get("decision") == "block"
    hooks.call("Bash", {"command": "pytest"}, PASSED)
    assert hooks.tell("Stop", last_assistant_message="Done.") == {}


def test_a_rule_can_be_promoted_alone(hooks: Hooks) -> None:
    hooks.settings({"rules": {"tested: before edit.src require test.fail": "enforce"}})
    hooks.call("Skill", {"skill": "tested"}, {"success": True})
    assert decision(edit(hooks)) == "deny"
    hooks.call("Bash", {"command": "pytest"}, FAILED)
    edit(hooks)
    assert hooks.tell("Stop", last_assistant_message="Done.") == {}


def test_a_typed_skill_counts_as_one_that_the_model_chose(hooks: Hooks) -> None:
    hooks.settings({"workflows": {"tested": "enforce"}})
    hooks.tell("UserPromptExpansion", command_name="tested", expansion_type="slash_command", prompt="/tested")
    assert decision(edit(hooks)) == "deny"


def test_subagents_work_under_the_rules_of_the_run_that_sent_them(hooks: Hooks) -> None:
    load(hooks, "enforce")
    assert decision(edit(hooks, agent_id="a1", agent_type="worker")) == "deny"
    assert hooks.call("Bash", {"command": "git push"}, "pushed", agent_id="a1", agent_type="worker")


def test_a_skill_of_a_subagent_binds_that_subagent_alone(hooks: Hooks) -> None:
    hooks.settings({"workflows": {"tested": "enforce"}})
    hooks.call("Skill", {"skill": "tested"}, {"success": True}, agent_id="a1", agent_type="worker")
    assert decision(edit(hooks, agent_id="a1", agent_type="worker")) == "deny"
    assert edit(hooks) == {}
    assert hooks.tell("Stop", last_assistant_message="Done.") == {}


def test_a_refused_call_that_is_tried_on_goes_to_the_person(hooks: Hooks) -> None:
    load(hooks, "enforce")
    assert [decision(edit(hooks)) for _ in range(5)] == ["deny", "deny", "deny", "ask", "ask"]


def test_what_happened_before_the_load_is_evidence(hooks: Hooks) -> None:
    hooks.settings({"workflows": {"tested": "enforce"}})
    given = {"command": "pytest"}
    asked = {"type": "tool_use", "id": "b1", "name": "Bash", "input": given}
    answered = {"type": "tool_result", "tool_use_id": "b1", "is_error": True, "content": FAILED.text}
    lines = [
        {"type": "assistant", "message": {"role": "assistant", "content": [asked]}},
        {"type": "user", "message": {"role": "user", "content": [answered]}},
    ]
    path = hooks.project / "transcript.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    hooks.call("Skill", {"skill": "tested"}, {"success": True})
    assert edit(hooks) == {}


def test_without_compiled_rules_no_rule_module_is_loaded(tmp_path: Path) -> None:
    hooks = Hooks(tmp_path / "home", tmp_path)
    assert hooks.call("Skill", {"skill": "tested"}, {"success": True}) == {}
    assert edit(hooks) == {}
    assert hooks.faults() == []


def test_limits_of_a_workflow_hold_for_its_run(hooks: Hooks) -> None:
    load(hooks, "observe")
    said = [context(hooks.call("Read", {"file_path": f"{at}.md"}, f"text {at}")) for at in range(42)]
    assert any("run calls: 80" in each for each in said)
