from __future__ import annotations

import pytest
from hypothesis import given

from outrider.judge.attribution.runs import Run, Runs, attributed, names
from tests.record.made import stories
from tests.record.sessions import Story


def _runs(story: Story) -> Runs:
    return attributed(story.build(), story.text_of)


def _told(story: Story) -> list[tuple[str, int, str]]:
    return [(run.load.name, run.parent, run.ended_by) for run in _runs(story).runs]


def _requests(story: Story) -> list[int]:
    session = story.build()
    runs = attributed(session, story.text_of)
    return [runs.of_request[request.uid] for request in session.requests]


def _only(story: Story) -> Run:
    (run,) = _runs(story).runs
    return run


def test_work_before_and_without_skills_is_outside() -> None:
    story = Story()
    story.prompt()
    story.work()
    assert (_told(story), _requests(story)) == ([], [0])


def test_a_run_begins_with_the_text_and_the_request_that_asked_for_it_stays_outside() -> None:
    story = Story()
    story.prompt()
    story.chosen("review")
    story.work()
    story.response()
    assert _requests(story) == [0, 1, 1]
    assert _only(story).trigger == "model"


def test_a_typed_skill_ends_every_open_run() -> None:
    story = Story()
    story.prompt()
    story.chosen("outer", "First inner.")
    story.chosen("inner")
    story.response(text="And now?")
    story.typed("release")
    story.response()
    assert _told(story) == [
        ("outer", 0, "typed skill"),
        ("inner", 1, "typed skill"),
        ("release", 0, "session ended"),
    ]
    assert _requests(story) == [0, 1, 2, 3]


def test_loading_an_open_skill_again_ends_it_and_what_is_within_it() -> None:
    story = Story()
    story.prompt()
    story.chosen("outer")
    story.chosen("inner")
    story.chosen("outer", None)
    story.response()
    assert _told(story) == [
        ("outer", 0, "loaded again"),
        ("inner", 1, "loaded again"),
        ("outer", 0, "session ended"),
    ]
    assert _requests(story) == [0, 1, 2, 3]


def test_a_skill_that_an_outer_text_names_ends_what_was_nested_there_before() -> None:
    story = Story()
    story.prompt()
    story.chosen("release", "First write-notes, then tag-it.")
    story.chosen("write-notes")
    story.chosen("craft:tag-it")
    story.response()
    assert _told(story) == [
        ("release", 0, "session ended"),
        ("write-notes", 1, "other skill"),
        ("craft:tag-it", 1, "session ended"),
    ]


def test_the_innermost_run_whose_text_names_a_skill_has_it_nested() -> None:
    story = Story()
    story.prompt()
    story.chosen("one", "Use two and three.")
    story.chosen("two", "Use three.")
    story.chosen("three")
    assert [parent for _, parent, _ in _told(story)] == [0, 1, 2]


def test_any_other_skill_of_the_model_is_nested_in_the_innermost_run() -> None:
    story = Story()
    story.prompt()
    for name in ("one", "two", "three"):
        story.chosen(name)
    assert [(name, parent) for name, parent, _ in _told(story)] == [("one", 0), ("two", 1), ("three", 2)]


def test_a_prompt_after_a_finished_answer_ends_every_run() -> None:
    story = Story()
    story.typed("review")
    story.chosen("inner")
    story.response(text="All done.")
    story.prompt("now something else")
    story.response()
    assert [ended for _, _, ended in _told(story)] == ["answered", "answered"]
    assert _requests(story)[-1] == 0


def _answer_asks(story: Story) -> None:
    story.response(text="Which storage shall I use?")


def _tool_asks(story: Story) -> None:
    story.response(story.call("ExitPlanMode"))


def _interrupted(story: Story) -> None:
    story.response(text="I will now")
    story.interrupt()


def _refused(story: Story) -> None:
    call = story.call()
    story.response(call)
    story.result(call, "no", is_error=True, denial="person")


@pytest.mark.parametrize("before", [_answer_asks, _tool_asks, _interrupted, _refused])
def test_a_prompt_that_goes_on_with_the_work_is_part_of_the_run(before) -> None:
    story = Story()
    story.typed("interview")
    before(story)
    story.prompt("a table")
    story.response()
    assert _told(story) == [("interview", 0, "session ended")]
    assert set(_requests(story)) == {1}


def test_a_prompt_put_in_while_the_model_works_is_part_of_the_run() -> None:
    story = Story()
    story.typed("review")
    story.work()
    story.prompt("look at the tests too", queued=True)
    story.response()
    assert set(_requests(story)) == {1}


def test_a_prompt_while_a_subagent_still_works_is_part_of_the_run() -> None:
    story = Story()
    story.typed("review")
    call = story.call("Agent")
    story.response(call)
    story.result(call, "started in the background", agent_id="a1")
    story.agent("a1").response()
    story.response(text="It runs.")
    story.prompt("how is it going")
    story.agent("a1").response()
    story.response()
    assert set(_requests(story)) == {1}


def test_the_prompt_behind_an_answered_question_ends_the_run() -> None:
    story = Story()
    story.typed("interview")
    story.response(text="Which one?")
    story.prompt("this")
    story.response(text="Done.")
    story.prompt("thanks")
    story.response()
    assert _requests(story) == [1, 1, 0]


def test_a_report_of_a_background_task_does_not_end_a_run() -> None:
    story = Story()
    story.typed("review")
    story.response()
    story.prompt("<task-notification>", "notification")
    story.response()
    assert set(_requests(story)) == {1}


def test_a_forked_skill_is_exactly_its_subagent() -> None:
    story = Story()
    story.prompt()
    call = story.call("Skill", skill="investigate")
    story.response(call)
    child = story.agent("a1")
    child.body("investigate")
    child.work()
    child.response()
    story.result(call, "forked", agent_id="a1", status="forked")
    story.response()
    run = _only(story)
    assert (run.trigger, run.load.agent, run.ended_by) == ("fork", "a1", "agent ended")
    assert _requests(story) == [0, 1, 1, 0]


def test_a_fork_within_a_run_is_nested_in_it() -> None:
    story = Story()
    story.typed("outer")
    call = story.call("Skill", skill="investigate")
    story.response(call)
    story.agent("a1").response()
    story.result(call, "forked", agent_id="a1", status="forked")
    story.response()
    assert [(name, parent) for name, parent, _ in _told(story)] == [("outer", 0), ("investigate", 1)]
    assert _requests(story) == [1, 2, 1]


def test_a_run_inside_a_subagent_ends_with_it() -> None:
    story = Story()
    story.prompt()
    call = story.call("Agent")
    story.response(call)
    story.agent("a1").chosen("review")
    story.agent("a1").response()
    story.result(call, agent_id="a1")
    story.response()
    assert _told(story) == [("review", 0, "agent ended")]
    assert _requests(story) == [0, 0, 1, 0]


def test_a_subagent_works_for_the_run_that_launched_it_at_any_depth() -> None:
    story = Story()
    story.typed("review")
    outer = story.call("Agent")
    story.response(outer)
    child = story.agent("a1")
    inner = child.call("Agent")
    child.response(inner)
    story.agent("a2").work()
    child.result(inner, agent_id="a2")
    story.result(outer, agent_id="a1")
    assert _requests(story) == [1, 1, 1]


def test_a_subagent_that_outlives_its_run_still_works_for_it() -> None:
    story = Story()
    story.typed("review")
    call = story.call("Agent")
    story.response(call)
    story.result(call, agent_id="a1")
    child = story.agent("a1")
    child.response()
    story.typed("release")
    story.response()
    child.response()
    assert _requests(story) == [1, 1, 2, 1]


def test_a_run_reaches_to_its_last_work_and_around_what_is_nested() -> None:
    story = Story()
    story.typed("outer")
    story.chosen("inner")
    (last,) = story.response()
    story.prompt("next")
    outer, inner = _runs(story).runs
    assert last.at == outer.ended == inner.ended
    assert outer.at <= inner.at


def test_a_skill_call_in_a_line_with_other_results_begins_its_run() -> None:
    from outrider.record.entries import Result, ResultPart

    story = Story()
    story.chosen("review")
    calls = [story.call("Skill", skill="review"), story.call("Read")]
    story.response(*calls)
    story.add(ResultPart(tuple(Result(call.id, "x", 1) for call in calls)))
    story.response()
    assert len(_runs(story).runs) == 2


@pytest.mark.parametrize(
    ("text", "skill", "named"),
    [
        ("then use the review skill", "review", True),
        ("then use `craft:review`.", "craft:review", True),
        ("then use review.", "craft:review", True),
        ("then use code-review", "review", False),
        ("reviewing", "review", False),
        ("", "review", False),
        ("anything", "", False),
        ("a+b", "a+b", True),
    ],
)
def test_a_text_names_a_skill_only_as_a_whole_word(text: str, skill: str, named: bool) -> None:
    assert names(text, skill) is named


@given(stories())
def test_every_request_call_and_moment_has_exactly_one_run(story: Story) -> None:
    session = story.build()
    runs = attributed(session, story.text_of)
    numbers = range(len(runs.runs) + 1)
    assert runs.of_request.keys() == {request.uid for request in session.requests}
    assert runs.of_call.keys() == {call.id for call in session.calls}
    assert len(runs.of_moment) == len(session.moments)
    assert {*runs.of_request.values(), *runs.of_call.values(), *runs.of_moment} <= set(numbers)


@given(stories())
def test_every_loading_begins_exactly_one_run(story: Story) -> None:
    session = story.build()
    found = [run.load for run in attributed(session, story.text_of).runs]
    assert sorted(found, key=repr) == sorted(session.loads, key=repr)


@given(stories())
def test_a_nested_run_lies_within_the_run_around_it(story: Story) -> None:
    runs = attributed(story.build(), story.text_of).runs
    for run in runs:
        assert run.at <= run.ended
        assert run.parent < run.number
        if run.parent:
            around = runs[run.parent - 1]
            assert around.at <= run.at
            assert run.ended <= around.ended


def test_a_nested_run_ends_when_a_part_of_the_skill_around_it_is_announced() -> None:
    story = Story()
    story.typed("mend", "## Step 1: Look\nuse check\n## Step 2: Ship it\n")
    story.chosen("check", "## Step 1: Read\n")
    story.response(story.call(), text="Step 1: read.")
    story.response(story.call(), text="## Step 2: Ship it\nNow.")
    story.response()
    runs = attributed(story.build(), story.text_of)
    assert [(run.load.name, run.ended_by) for run in runs.runs] == [
        ("mend", "session ended"),
        ("check", "came back"),
    ]
    assert list(runs.of_request.values())[-3:] == [2, 1, 1]
