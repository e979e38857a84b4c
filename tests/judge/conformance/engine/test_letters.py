"""Which activities a rule is about, here as in the plan."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from outrider.judge.conformance.compiling import compile_rules
from outrider.judge.conformance.engine.letters import Concerns, fitting
from outrider.kernel.limits import ACTIVITY_NAMES_KEPT
from outrider.plan.workflow.model import Alternative, Pattern, Rule
from outrider.plan.workflow.patterns import matches
from outrider.record.activities.activity import Activity
from tests.judge.conformance.engine.made import compiled, pattern, rule

names = st.sampled_from(["edit.src", "edit.test", "test.pass", "mcp:a.b", "skill:x"])
name_globs = st.sampled_from(["edit.src", "edit.*", "*", "{edit,test}.*", "mcp:*", "skill:?"])
paths = st.sampled_from(["", "a.py", "src/a.py", "/home/user/p/src/b/a.py", "C:\\p\\src\\a.py"])
path_globs = st.sampled_from(["", "*.py", "src/**", "src/*", "**/b/*", "*", "**", "a.?y", "./src/"])
branches = st.sampled_from(["", "main", "feature/x"])
branch_globs = st.sampled_from(["", "main", "*", "feature/*", "**"])
alternatives = st.builds(Alternative, name_globs, path_globs, branch_globs, path_globs)


@given(
    st.lists(alternatives, min_size=1, max_size=3).map(tuple),
    st.builds(Activity, names, paths, branches, paths),
)
def test_the_engine_matches_what_the_plan_matches(parts: tuple[Alternative, ...], activity: Activity) -> None:
    wanted = Pattern("it", parts)
    concerns = Concerns(compile_rules([Rule("never it", "never", wanted)]).rules)
    letter = 0
    for each in concerns[activity.name]:
        letter = each.letter | fitting(each.qualified, activity)
    assert bool(letter) == matches(wanted, activity)


def test_an_unknown_folder_is_within_nothing() -> None:
    anywhere = rule("never", 1)._replace(patterns=(pattern("it", "edit.*", within="**"),))
    (concern,) = Concerns(compiled(anywhere).rules)["edit.src"]
    assert fitting(concern.qualified, Activity("edit.src")) == 0
    assert fitting(concern.qualified, Activity("edit.src", within="src")) == 1


def test_only_rules_that_speak_of_an_activity_take_a_step() -> None:
    concerns = Concerns(compiled(rule("never", 1), rule("after", 2)).rules)
    assert concerns["read"] == ()
    assert [(each.rule, each.letter) for each in concerns["word:b"]] == [(1, 0b10)]


def test_a_name_that_settles_a_pattern_needs_no_look_at_the_file() -> None:
    loose = pattern("it", "edit.*")
    strict = pattern("it", "edit.src", of="src/**")
    one = loose._replace(alternatives=(*loose.alternatives, *strict.alternatives))
    (concern,) = Concerns(compiled(rule("never", 1)._replace(patterns=(one,))).rules)["edit.src"]
    assert concern.qualified == ()


def test_the_boundary_of_a_stretch_concerns_its_rules_even_unmentioned() -> None:
    concerns = Concerns(compiled(rule("never", 1, per="commit")).rules)
    assert [each.letter for each in concerns["git.commit"]] == [0]


def test_names_without_end_take_bounded_memory() -> None:
    concerns = Concerns(compiled(rule("never", 1)).rules)
    for index in range(2 * ACTIVITY_NAMES_KEPT + 10):
        assert concerns[f"mcp:x.{index}"] == ()
    assert len(concerns) <= ACTIVITY_NAMES_KEPT
