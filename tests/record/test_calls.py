from __future__ import annotations

import pytest

from outrider.record.entries import Result, ResultPart
from outrider.record.session import Call

from .sessions import START, Story, moved


def _only(story: Story) -> Call:
    (call,) = story.build().calls
    return call


def test_a_call_is_paired_with_its_result_and_knows_how_long_it_took() -> None:
    story = Story()
    call = story.call("Read", file_path="/x")
    story.response(call)
    story.wait(4)
    story.result(call, "text of the file")
    found = _only(story)
    assert (found.name, found.status, found.result_size) == ("Read", "ok", 16)
    assert found.ended is not None
    assert found.ended - found.at == 5_000


def test_calls_are_paired_in_subagents_at_any_depth() -> None:
    story = thread = Story()
    for depth in range(4):
        call = thread.call("Agent", prompt=f"depth {depth}")
        thread.response(call)
        thread = thread.agent(f"a{depth}")
    thread.work()
    calls = story.build().calls
    assert [each.agent for each in calls] == ["", "a0", "a1", "a2", "a3"]
    assert [each.status for each in calls] == ["open"] * 4 + ["ok"]


def test_a_result_on_another_thread_is_still_the_calls() -> None:
    story = Story()
    call = story.call()
    story.agent("a").response(call)
    story.result(call)
    assert (_only(story).agent, _only(story).status) == ("a", "ok")


def test_a_call_without_a_result_is_open_and_has_no_end() -> None:
    story = Story()
    story.response(story.call())
    assert (_only(story).status, _only(story).ended) == ("open", None)


@pytest.mark.parametrize("who", ["person", "hook", "permissions"])
def test_a_call_that_was_refused_is_no_error(who: str) -> None:
    story = Story()
    call = story.call()
    story.response(call)
    story.result(call, "no", is_error=True, denial=who)
    assert (_only(story).status, _only(story).denial) == ("refused", who)


def test_a_call_that_was_cut_off_is_interrupted() -> None:
    story = Story()
    one, other = story.call(), story.call()
    story.response(one, other)
    story.result(one, "half", interrupted=True)
    story.result(other, "[Request interrupted by user for tool use]", is_error=True)
    assert [call.status for call in story.build().calls] == ["interrupted", "interrupted"]


def test_a_result_that_says_error_is_one_only_when_the_client_marks_it() -> None:
    story = Story()
    one, other = story.call(), story.call()
    story.response(one, other)
    story.result(one, "error: exit 1", is_error=True)
    story.result(other, "error: exit 1")
    assert [call.status for call in story.build().calls] == ["error", "ok"]


def test_one_line_can_answer_several_calls() -> None:
    story = Story()
    calls = [story.call(), story.call()]
    story.response(*calls)
    story.add(ResultPart(tuple(Result(call.id, "x", 1) for call in calls)))
    session = story.build()
    assert [call.status for call in session.calls] == ["ok", "ok"]
    assert [each.subject for each in session.moments if each.kind == "result"] == [call.id for call in calls]


def test_a_call_that_stands_on_several_lines_of_its_response_is_one() -> None:
    story = Story()
    call = story.call()
    for _ in range(2):
        story.response(call, message_id="m", request_id="r")
    assert len(story.build().calls) == 1


def test_the_first_of_two_results_counts() -> None:
    story = Story()
    call = story.call()
    story.response(call)
    story.result(call, "first")
    story.result(call, "second", is_error=True)
    assert (_only(story).result, _only(story).status) == ("first", "ok")


def test_no_call_has_a_negative_duration_however_wrong_the_clock() -> None:
    story = Story()
    call = story.call()
    story.response(call)
    line = story.result(call)
    for fields in ({"at": START - 10**9}, {"at": START - 10**9, "parent": ""}, {"at": None}):
        found = story.build().calls[0]
        story.shared.entries[:] = moved(story.entries, line.uid, **fields)
        assert found.ended is not None
        assert found.ended >= found.at
