from __future__ import annotations

from hypothesis import given

from outrider.judge.attribution.runs import attributed
from outrider.judge.attribution.time import RunTime, Split, times
from outrider.record.session import MAIN
from tests.record.made import stories
from tests.record.sessions import START, Story, moved


def _times(story: Story) -> dict[int, RunTime]:
    session = story.build()
    return times(session, attributed(session, story.text_of))


def test_a_stretch_is_named_by_what_ended_it() -> None:
    story = Story()
    story.prompt()
    story.wait(9)
    call = story.call()
    story.response(call)
    story.wait(19)
    story.result(call)
    story.wait(29)
    story.prompt()
    story.wait(39)
    story.hook(1)
    story.wait(49)
    story.mark("turn_duration")
    assert _times(story)[0].main == Split(10_000, 20_000, 30_000, 40_000, 50_000)


def test_an_answer_to_a_question_and_a_refusal_are_a_persons_time() -> None:
    story = Story()
    story.prompt()
    story.work("AskUserQuestion")
    call = story.call()
    story.response(call)
    story.wait(9)
    story.result(call, "no", is_error=True, denial="person")
    assert _times(story)[0].main == Split(model=2_000, person=11_000)


def test_time_of_a_run_is_apart_from_the_time_outside() -> None:
    story = Story()
    story.prompt()
    story.chosen("review")
    story.wait(8)
    story.response()
    spent = _times(story)
    assert spent[1].main == Split(model=9_000, other=1_000)
    assert spent[0].main == Split(model=1_000, tools=1_000)


def test_time_in_subagents_stands_beside_the_main_threads() -> None:
    story = Story()
    story.prompt()
    story.delegated("a1")
    spent = _times(story)[0]
    assert spent.agents == Split(model=2_000, tools=1_000)
    assert spent.main == Split(model=1_000, tools=5_000)


def test_what_a_subagent_does_behind_the_end_of_the_main_thread_is_other() -> None:
    story = Story()
    story.prompt()
    story.agent("a1").response()
    assert _times(story)[0].main == Split(other=1_000)


def test_a_wrong_clock_takes_no_time_away() -> None:
    story = Story()
    story.prompt()
    (line,) = story.response()
    story.prompt()
    story.shared.entries[:] = moved(story.entries, line.uid, at=START - 10**9)
    assert _times(story)[0].main == Split(model=0, person=2_000)


@given(stories())
def test_the_parts_of_the_main_threads_time_add_up_to_the_session(story: Story) -> None:
    session = story.build()
    assert sum(each.main.total for each in _times(story).values()) == session.ended - session.at


@given(stories())
def test_the_parts_of_a_subagents_time_add_up_to_its_span(story: Story) -> None:
    session = story.build()
    spans: dict[str, tuple[int, int]] = {}
    for moment in session.moments:
        first = spans.get(moment.agent, (moment.at, moment.at))[0]
        spans[moment.agent] = (first, moment.at)
    inside = sum(ended - at for agent, (at, ended) in spans.items() if agent != MAIN)
    assert sum(each.agents.total for each in _times(story).values()) == inside


@given(stories())
def test_no_part_of_any_time_is_negative(story: Story) -> None:
    for each in _times(story).values():
        for split in (each.main, each.agents):
            assert min(split.model, split.tools, split.person, split.hooks, split.other) >= 0
