"""The user's settings decide; a project's file can only tighten, and nothing raises."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outrider.judge.guard import settings as setting
from outrider.judge.guard.trust import effective, mistakes, sound

RANK = setting.MODES.index
MODE = st.sampled_from(setting.MODES)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | MODE,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                (*"abc", "mode", "detectors", "limits", "projects", "rules", "workflows", "projects_may", "poll",
                 "session", "calls", "/p")
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)  # fmt: skip
LIMITS = st.fixed_dictionaries(
    {}, optional={"session": st.fixed_dictionaries({}, optional={"calls": st.integers(1, 9)})}
)
LAYER = st.fixed_dictionaries(
    {},
    optional={
        "mode": MODE,
        "detectors": st.dictionaries(st.sampled_from(("poll", "cycle")), MODE),
        "limits": LIMITS,
        "workflows": st.dictionaries(st.just("tdd"), MODE),
        "rules": st.dictionaries(st.just("tdd: never git.push"), MODE),
    },
)


def test_without_any_settings_the_guard_advises_and_rules_observe() -> None:
    made = effective(None, "/p", None)
    assert (made.settings.mode, made.settings.limits, made.mistakes, made.ignored) == ("advise", {}, [], [])
    assert made.mode_of_rule("tdd", "never git.push") == "observe"


def test_the_section_of_the_nearest_parent_holds() -> None:
    user = {
        "mode": "advise",
        "projects": {"/a": {"mode": "off"}, "/a/b": {"mode": "enforce"}, "/a/bc": {"mode": "observe"}},
    }
    found = {
        folder: effective(user, folder, None).settings.mode
        for folder in ("/", "/a", "/a/b/c", "/a/bc", "/ab", "")
    }
    assert found == {
        "/": "advise",
        "/a": "off",
        "/a/b/c": "enforce",
        "/a/bc": "observe",
        "/ab": "advise",
        "": "advise",
    }


@given(LAYER, LAYER, MODE)
def test_a_project_file_never_loosens_anything(user: dict, project: dict, may: str) -> None:
    before = effective({**user, "projects_may": may}, "/p", None)
    after = effective({**user, "projects_may": may}, "/p", project)
    assert not after.mistakes
    pairs = [(before.settings.mode, after.settings.mode)]
    pairs += [(before.settings.mode_of(name), after.settings.mode_of(name)) for name in setting.DETECTORS]
    pairs.append((before.mode_of_rule("tdd", "never git.push"), after.mode_of_rule("tdd", "never git.push")))
    for held, now in pairs:
        assert RANK(now) >= RANK(held)
        assert RANK(now) <= max(RANK(held), RANK(may))
        assert now == "off" or held != "off"
    for scope, limits in before.settings.limits.items():
        for name, number in limits.items():
            assert after.settings.limits[scope][name] <= number


def test_what_a_project_tried_to_loosen_is_told() -> None:
    user = {"mode": "enforce", "limits": {"session": {"calls": 10}}}
    project = {"mode": "observe", "limits": {"session": {"calls": 20}}, "workflows": {"tdd": "enforce"}}
    made = effective(user, "/p", project)
    assert (made.settings.mode, made.settings.limits["session"]["calls"]) == ("enforce", 10)
    assert made.mode_of_workflow("tdd") == "advise"
    assert len(made.ignored) == 3
    assert made.origins["workflows.tdd"] == "project file"


@pytest.mark.parametrize("name", ["projects", "projects_may", "interactive"])
def test_a_project_cannot_set_what_is_the_users(name: str) -> None:
    made = effective({}, "/p", {name: {"/p": {"mode": "off"}} if name == "projects" else "enforce"})
    assert (made.settings.mode, made.projects_may) == ("advise", "advise")
    assert len(made.mistakes) == 1


@given(JSON, JSON)
def test_nothing_raises_and_what_is_right_is_taken(user: object, project: object) -> None:
    made = effective(user, "/p", project)
    assert made.settings.mode in setting.MODES
    assert all(mode in setting.MODES for mode in made.settings.modes.values())
    numbers = [number for limits in made.settings.limits.values() for number in limits.values()]
    assert all(number > 0 for number in numbers)


def test_every_mistake_is_told_and_the_rest_holds() -> None:
    user = {
        "mode": "enforce",
        "detectors": {"telepathy": "off", "poll": "off"},
        "limits": {"session": {"calls": 0, "seconds": -1, "cost": 5}, "galaxy": {}},
        "projects": {"/other": {"mode": "angry"}},
        "colour": 1,
    }
    made = effective(user, "/p", None)
    told = " ".join(made.mistakes)
    words = ("telepathy", "session.calls", "session.seconds", "galaxy", "/other", "colour")
    assert [word for word in words if word not in told] == []
    assert (made.settings.mode, made.settings.modes) == ("enforce", {"poll": "off"})
    assert made.settings.limits == {"session": {"cost": 5.0}}


def test_damaged_settings_give_way_to_the_last_sound_ones() -> None:
    good, bad = {"mode": "enforce"}, {"mode": "enforce", "limits": {"session": {"calls": 0}}}
    assert sound(bad, lambda: good) is good
    assert sound(bad, lambda: None) is bad
    assert sound(bad, lambda: {"mode": "angry"}) is bad
    assert sound(good, lambda: pytest.fail("is not needed")) is good
    assert mistakes(good) == []


def test_a_rule_goes_by_its_own_mode_then_its_workflows() -> None:
    made = effective({"workflows": {"tdd": "advise"}, "rules": {"tdd: never  git.push": "enforce"}}, "", None)
    assert made.mode_of_rule("tdd", "never git.push") == "enforce"
    assert made.mode_of_rule("wrangler:tdd", "never   git.push") == "enforce"
    assert made.mode_of_rule("tdd", "never edit.src") == "advise"
    assert made.mode_of_rule("other", "never git.push") == "observe"


def test_the_whole_guard_switched_off_holds_for_rules_too() -> None:
    made = effective({"mode": "off", "workflows": {"tdd": "enforce"}}, "", {"mode": "enforce"})
    assert (made.settings.mode, made.mode_of_rule("tdd", "never git.push")) == ("off", "off")
