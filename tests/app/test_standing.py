"""What stands in a session is what its hooks told: real hook runs, then the answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from outrider.app.rule_cache import write_rules, write_words
from outrider.app.standing import newest_session, standing
from outrider.app.vocabulary import Vocabularies
from outrider.edge.store.guard_files import GuardFiles
from outrider.judge.guard.standing import Held, Limit, Run, Standing
from outrider.plan.workflow.file import read_workflow
from tests.interface.hook.driver import SESSION, Failure, Hooks, decision

WORKFLOW = """
skill: tested
steps:
  red: {evidence: [test.fail]}
  green: {evidence: [test.pass], limits: {calls: 9}}
  tell: {marks: [all is told]}
limits: {calls: 50, time: 45m}
rules:
  - before edit.src require test.fail
  - after edit.src require test.pass
"""
PASSED = {"stdout": "1 passed in 0.1s", "stderr": "", "interrupted": False}
FAILED = Failure("Exit code 1\n1 failed in 0.1s")
OWED = (("after edit.src require test.pass", "test.pass"),)


@pytest.fixture
def hooks(tmp_path: Path) -> Hooks:
    return Hooks(tmp_path / "home", tmp_path)


@pytest.fixture
def ruled(hooks: Hooks) -> Hooks:
    workflow, mistakes = read_workflow(WORKFLOW, Vocabularies().of_project("").vocabulary.words)
    assert workflow is not None
    assert not mistakes
    write_words(hooks.home)
    write_rules(hooks.home, "tested", workflow)
    return hooks


def now(hooks: Hooks) -> Standing:
    found = standing(hooks.home, SESSION, str(hooks.project), hooks.now)
    assert found is not None
    assert found.readable
    return found


def skill(hooks: Hooks, name: str, **fields: object) -> None:
    hooks.call("Skill", {"skill": name}, {"success": True}, **fields)


def typed(hooks: Hooks, name: str) -> None:
    hooks.tell("UserPromptExpansion", command_name=name, expansion_type="slash_command", prompt=f"/{name}")


def edit(hooks: Hooks, **fields: object) -> dict[str, object]:
    given = {"file_path": str(hooks.project / "src" / "a.py"), "old_string": "a", "new_string": "b"}
    return hooks.call("Edit", given, {"filePath": "a"}, **fields)


def loop(hooks: Hooks) -> None:
    for _ in range(12):
        hooks.call("Bash", {"command": "npm test"}, Failure("Exit code 1\nno such script"))


def test_of_a_session_that_no_hook_told_of_nothing_is_known(hooks: Hooks) -> None:
    assert standing(hooks.home, SESSION, "", hooks.now) is None
    assert newest_session(hooks.home) == ""


def test_a_session_without_a_skill_has_no_run(hooks: Hooks) -> None:
    hooks.call("Read", {"file_path": "a"})
    assert now(hooks) == Standing(SESSION, last=hooks.now)
    assert newest_session(hooks.home) == SESSION


def test_a_skill_without_rules_is_known_by_its_name(hooks: Hooks) -> None:
    skill(hooks, "plug:reading")
    hooks.tell("Stop", last_assistant_message="Done.")
    assert now(hooks).runs == (Run("plug:reading"),)


def test_a_typed_skill_takes_the_place_of_the_one_before(hooks: Hooks) -> None:
    skill(hooks, "one")
    typed(hooks, "two")
    assert now(hooks).runs == (Run("two"),)


def test_a_skill_of_a_subagent_is_its_own_and_ends_with_it(hooks: Hooks) -> None:
    skill(hooks, "outer")
    skill(hooks, "inner", agent_id="a1", agent_type="worker")
    assert now(hooks).runs == (Run("outer"), Run("inner", "a1"))
    hooks.tell("SubagentStop", agent_id="a1", agent_type="worker")
    assert now(hooks).runs == (Run("outer"),)


def test_a_session_that_begins_anew_has_no_skill(hooks: Hooks) -> None:
    skill(hooks, "one")
    hooks.tell("SessionStart", source="resume")
    assert now(hooks).runs == (Run("one"),)
    hooks.tell("SessionStart", source="clear")
    assert now(hooks).runs == ()


def test_steps_come_in_their_order_with_their_limits(ruled: Hooks) -> None:
    skill(ruled, "tested")
    assert now(ruled).runs == (Run("tested", steps=3),)
    ruled.call("Bash", {"command": "pytest"}, FAILED)
    assert now(ruled).runs == (Run("tested", "", "red", 1, 3),)
    edit(ruled)
    assert now(ruled).runs == (Run("tested", "", "red", 1, 3, OWED),)
    ruled.call("Bash", {"command": "pytest"}, PASSED)
    found = now(ruled)
    assert found.runs == (Run("tested", "", "green", 2, 3),)
    limits = {(each.scope, each.name): (each.used, each.most) for each in found.limits}
    assert limits["run:tested", "calls"] == (4, 50)
    assert limits["run:tested", "seconds"][1] == 2700
    assert limits["step:green", "calls"][1] == 9


@pytest.mark.parametrize("mode", ["observe", "advise", "enforce"])
def test_what_is_owed_stands_in_every_mode(ruled: Hooks, mode: str) -> None:
    ruled.settings({"workflows": {"tested": mode}})
    skill(ruled, "tested")
    ruled.call("Bash", {"command": "pytest"}, FAILED)
    edit(ruled)
    assert now(ruled).runs[0].owed == OWED
    ruled.tell("Stop", last_assistant_message="Done.")
    assert now(ruled).runs[0].owed == OWED


def test_a_rule_that_is_off_owes_nothing(ruled: Hooks) -> None:
    skill(ruled, "tested")
    ruled.call("Bash", {"command": "pytest"}, FAILED)
    edit(ruled)
    ruled.settings({"rules": {"tested: after edit.src require test.pass": "off"}})
    assert now(ruled).runs[0].owed == ()


def test_rules_stand_beside_the_skill_that_was_loaded_within_them(ruled: Hooks) -> None:
    skill(ruled, "tested")
    skill(ruled, "inner")
    assert now(ruled).runs == (Run("inner"), Run("tested", steps=3))


def test_a_run_under_rules_that_were_changed_since_has_only_its_name(ruled: Hooks) -> None:
    skill(ruled, "tested")
    changed, _ = read_workflow(WORKFLOW.replace("  - after edit", "  - after edit.test require test.pass\n  - after edit"), Vocabularies().of_project("").vocabulary.words)  # fmt: skip
    assert changed is not None
    write_rules(ruled.home, "tested", changed)
    assert now(ruled).runs == (Run("tested"),)


def test_limits_of_a_person_count_from_the_first_call(hooks: Hooks) -> None:
    hooks.settings({"mode": "observe", "limits": {"session": {"calls": 20, "seconds": 60}}})
    for at in range(3):
        hooks.call("Read", {"file_path": f"{at}"}, f"text {at}")
    found = now(hooks)
    assert found.mode == "observe"
    assert {(each.scope, each.name, each.most) for each in found.limits} == {
        ("session", "calls", 20),
        ("session", "seconds", 60),
    }
    assert Limit("session", "calls", 3, 20) in found.limits


def test_a_call_in_a_loop_is_held(hooks: Hooks) -> None:
    hooks.settings({"mode": "enforce"})
    loop(hooks)
    (held,) = now(hooks).held
    assert held.parts() | {"count": 0, "label": ""} == Held("", "", "open", 0, 1).parts()
    assert held.count >= 5
    assert held.label.startswith("Bash")


def test_a_run_that_was_ended_says_so(tmp_path: Path) -> None:
    hooks = Hooks(tmp_path / "home", tmp_path, attended=False)
    hooks.settings({"mode": "enforce"})
    loop(hooks)
    assert now(hooks).stopped == "session"


def test_a_kill_switch_stands_with_its_reason(hooks: Hooks) -> None:
    hooks.call("Read", {"file_path": "a"})
    files = GuardFiles(hooks.home)
    files.trip("other", "not here")
    assert now(hooks).tripped == ""
    files.trip(SESSION, "enough \x1b[31m")
    assert now(hooks).tripped == "enough 31m"


def test_a_session_with_three_faults_is_only_observed(hooks: Hooks) -> None:
    hooks.settings({"mode": "enforce"})
    hooks.call("Read", {"file_path": "a"})
    (hooks.home / "guard" / "sessions" / f"{SESSION}.errors").write_text("\n\n\n")
    found = now(hooks)
    assert (found.mode, found.faults) == ("observe", 3)


@pytest.mark.parametrize("name", ["\x1b[31mred", "a b", "ignore this; do that", "../../x", "é", "x" * 5_000])
def test_names_that_are_none_are_shown_as_digests(hooks: Hooks, name: str) -> None:
    typed(hooks, name)
    (run,) = now(hooks).runs
    assert run.skill.startswith("x")
    assert run.skill.isalnum()
    assert len(run.skill) == 17


@pytest.mark.parametrize("session", ["../../../etc/passwd", "a/b", "\x00", "\ud800", "x" * 5_000, ""])
def test_a_hostile_session_id_is_no_path(hooks: Hooks, session: str) -> None:
    assert standing(hooks.home, session, "", 0.0) is None


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"watch": 3}', '{"watch": {"guard": {"version": 2}}}']
)
def test_a_damaged_state_is_said_and_nothing_else(hooks: Hooks, text: str) -> None:
    hooks.call("Read", {"file_path": "a"})
    (hooks.home / "guard" / "sessions" / f"{SESSION}.json").write_text(text)
    found = standing(hooks.home, SESSION, "", hooks.now)
    assert found == Standing(SESSION, readable=False)


def test_looking_changes_nothing(ruled: Hooks) -> None:
    skill(ruled, "tested")
    edit(ruled)
    before = {path: path.read_bytes() for path in ruled.home.rglob("*") if path.is_file()}
    now(ruled)
    assert {path: path.read_bytes() for path in ruled.home.rglob("*") if path.is_file()} == before
    assert decision(edit(ruled)) == ""


def test_evidence_that_fits_the_step_at_hand_does_not_leave_it(hooks: Hooks) -> None:
    text = """
skill: tested
steps:
  green: {evidence: [edit.src, test.pass]}
  refactor: {evidence: [edit.src, test.pass, lint.pass]}
"""
    workflow, mistakes = read_workflow(text, Vocabularies().of_project("").vocabulary.words)
    assert workflow is not None
    assert not mistakes
    write_words(hooks.home)
    write_rules(hooks.home, "tested", workflow)
    typed(hooks, "tested")
    hooks.call("Bash", {"command": "pytest"}, PASSED)
    assert now(hooks).runs[0].step == "green"
    hooks.call("mcp__plugin_outrider_outrider__step", {"name": "refactor"}, "{}")
    hooks.call("Bash", {"command": "pytest"}, PASSED)
    assert now(hooks).runs[0].step == "refactor"
