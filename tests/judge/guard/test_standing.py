"""The active skill of each agent, remembered in bounds, and a standing made of whatever a state holds."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as some

from outrider.judge.guard.settings import OFF, Settings
from outrider.judge.guard.standing import MOST, Known, Limit, Run, Standing, standing
from outrider.judge.guard.watch import Watch
from outrider.kernel.limits import GUARD_RUNS


def load(watch: Watch, skill: str, agent: str = "") -> None:
    payload = {
        "session_id": "s",
        "hook_event_name": "PostToolUse",
        "tool_name": "Skill",
        "tool_input": {"skill": skill},
        "tool_use_id": f"{skill} {agent}",
        "agent_id": agent,
    }
    watch.observe(payload, 1.0)


def known(settings: Settings | None = None, rules: object = None) -> Known:
    return Known(settings or Settings(), lambda skill, rule: "observe", lambda skill: rules, 100.0)


def stands(watch: Watch) -> tuple[Run, ...]:
    return standing("s", json.loads(json.dumps({"watch": watch.state()})), known()).runs


def test_the_skill_of_the_main_thread_outlives_those_of_any_number_of_subagents() -> None:
    watch = Watch(Settings())
    load(watch, "outer")
    for at in range(30):
        load(watch, "inner", f"a{at}")
    assert stands(watch)[0] == Run("outer")
    assert len(stands(watch)) == GUARD_RUNS


def test_the_skill_is_known_where_the_guard_is_off() -> None:
    watch = Watch(Settings(OFF))
    load(watch, "one")
    assert stands(watch) == (Run("one"),)


def test_the_skill_outlives_the_process_of_a_hook() -> None:
    watch = Watch(Settings())
    load(watch, "one")
    after = Watch(Settings(), None, json.loads(json.dumps(watch.state())))
    assert after.state()["skills"] == {"": "one"}


@pytest.mark.parametrize("damage", [3, [], {"": 3}, {"a": None}, "text"])
def test_a_damaged_table_of_skills_is_none(damage: object) -> None:
    state = {**Watch(Settings()).state(), "skills": damage}
    assert "skills" not in Watch(Settings(), None, state).state()


def test_a_load_that_failed_is_none() -> None:
    watch = Watch(Settings())
    tool = {"tool_name": "Skill", "tool_input": {"skill": "one"}, "tool_use_id": "t"}
    watch.observe({"session_id": "s", "hook_event_name": "PostToolUseFailure", "error": "no", **tool}, 1.0)
    assert stands(watch) == ()


@pytest.mark.parametrize("used", [10**400, 1e300, -5, 0])
def test_no_number_of_a_state_is_shown_beyond_what_can_be(used: float) -> None:
    watch = Watch(Settings(limits={"session": {"calls": 5}}))
    load(watch, "one")
    state = json.loads(json.dumps({"watch": watch.state()}))
    state["watch"]["guard"]["budgets"]["session"]["calls"] = used
    (limit,) = standing("s", state, known(Settings(limits={"session": {"calls": 5}}))).limits
    assert limit == Limit("session", "calls", max(0.0, min(used, MOST)), 5)


PLAIN = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=8),
    lambda inner: some.lists(inner, max_size=6) | some.dictionaries(some.text(max_size=8), inner, max_size=6),
    max_leaves=16,
)
LABELS = some.text(max_size=20)
RUN = some.tuples(LABELS, LABELS, PLAIN | some.just({"rules": "d"}), LABELS, PLAIN, PLAIN).map(list)
RULES = PLAIN | some.fixed_dictionaries(
    {"rules": some.just(["d", []]), "step_names": PLAIN, "steps": PLAIN, "limits": PLAIN}
)


@given(runs=some.lists(RUN | PLAIN, max_size=3), owed=PLAIN, skills=PLAIN, rules=RULES)
def test_whatever_a_state_and_rules_hold_a_standing_comes_of_it(
    runs: list[object], owed: object, skills: object, rules: object
) -> None:
    guard = Watch(Settings()).state()["guard"]
    state = {"watch": {"guard": guard, "rules": {"runs": runs, "owed": owed}, "skills": skills}}
    found = standing("s", state, known(rules=rules))
    assert isinstance(found, Standing)
    shown = "".join(
        [*(run.skill + run.agent + run.step for run in found.runs), *(each.scope for each in found.limits)]
    )
    assert shown.isascii()
    assert shown.isprintable()


@given(state=PLAIN)
def test_whatever_a_state_is_a_standing_comes_of_it(state: object) -> None:
    assert standing("s", state, known()).runs == ()
