from __future__ import annotations

from outrider.record.session import Load

from .sessions import Story

CACHED = "/home/user/.claude/plugins/cache/market/craft/1.2.0/skills/review"


def _loads(story: Story) -> list[Load]:
    return list(story.build().loads)


def _told(story: Story) -> list[tuple[str, str, str]]:
    return [(load.name, load.trigger, load.agent) for load in _loads(story)]


def test_a_typed_skill_is_loaded_once_under_the_name_that_was_typed() -> None:
    story = Story()
    story.typed("craft:review")
    story.response()
    assert _told(story) == [("craft:review", "typed", "")]


def test_a_skill_that_the_model_chose_is_loaded_once() -> None:
    story = Story()
    call = story.chosen("tidy-up")
    assert _told(story) == [("tidy-up", "model", "")]
    assert _loads(story)[0].call_id == call.id


def test_a_skill_of_a_plugin_has_its_plugin_and_version() -> None:
    story = Story()
    call = story.call("Skill", skill="review")
    story.response(call)
    story.result(call)
    story.body("review", call=call.id, base=CACHED)
    (load,) = _loads(story)
    assert (load.name, load.plugin, load.plugin_version) == ("craft:review", "craft", "1.2.0")


def test_a_second_invocation_without_text_is_a_loading_of_the_same_version() -> None:
    story = Story()
    story.chosen("tidy-up", "Version one.")
    story.chosen("tidy-up", None)
    first, second = _loads(story)
    assert (second.name, second.trigger) == ("tidy-up", "model")
    assert (second.digest, second.size) == (first.digest, first.size)


def test_a_second_invocation_without_text_takes_the_version_before_it_not_a_later_one() -> None:
    story = Story()
    story.chosen("tidy-up", "Version one.")
    story.chosen("tidy-up", None)
    story.chosen("tidy-up", "Version two.")
    one, again, two = _loads(story)
    assert again.digest == one.digest != two.digest


def test_an_invocation_whose_text_is_nowhere_is_still_a_loading() -> None:
    story = Story()
    story.chosen("craft:review", None)
    (load,) = _loads(story)
    assert (load.name, load.plugin, load.digest, load.size) == ("craft:review", "craft", "", 0)


def test_a_skill_call_that_failed_or_was_refused_loads_nothing() -> None:
    story = Story()
    for fields in ({"is_error": True}, {"denial": "person"}):
        call = story.call("Skill", skill="tidy-up")
        story.response(call)
        story.result(call, "no", **fields)
    story.response(story.call("Skill", skill="tidy-up"))
    assert _told(story) == []


def test_a_forked_skill_is_loaded_once_in_its_subagent() -> None:
    story = Story()
    call = story.call("Skill", skill="investigate")
    story.response(call)
    child = story.agent("a1")
    child.body("investigate", "Look.")
    child.response()
    story.result(call, "forked", agent_id="a1", status="forked")
    assert _told(story) == [("investigate", "fork", "a1")]
    assert _loads(story)[0].digest == "digest of investigate: Look."


def test_a_forked_skill_without_its_text_is_still_a_fork() -> None:
    story = Story()
    call = story.call("Skill", skill="investigate")
    story.response(call)
    story.agent("a1").response()
    story.result(call, "forked", agent_id="a1", status="forked")
    assert _told(story) == [("investigate", "fork", "a1")]


def test_a_skill_loaded_within_another_is_a_loading_of_its_own() -> None:
    story = Story()
    story.chosen("outer")
    story.chosen("inner")
    assert [name for name, _, _ in _told(story)] == ["outer", "inner"]


def test_a_skill_that_a_subagent_loads_stands_on_its_thread() -> None:
    story = Story()
    story.agent("a1").chosen("tidy-up")
    assert _told(story) == [("tidy-up", "model", "a1")]


def test_a_text_without_a_call_in_a_subagent_was_not_typed() -> None:
    story = Story()
    story.agent("a1").body("preloaded")
    assert _told(story) == [("preloaded", "model", "a1")]


def test_a_plain_command_is_loaded_when_its_text_follows() -> None:
    story = Story()
    story.command("craft:ship")
    story.prompt("Ship it in three steps.", "meta")
    story.response()
    (load,) = _loads(story)
    assert (load.name, load.plugin, load.trigger, load.size) == ("craft:ship", "craft", "typed", 23)


def test_a_command_of_the_client_is_no_loading() -> None:
    story = Story()
    story.command("model")
    story.prompt("<local-command-stdout>Done</local-command-stdout>", "local")
    story.prompt("an aside", "meta")
    assert _told(story) == []
