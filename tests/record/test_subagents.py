from __future__ import annotations

import pytest

from outrider.record.session import Subagent

from .sessions import Story, moved


def _agents(story: Story) -> dict[str, Subagent]:
    return {agent.id: agent for agent in story.build().subagents}


def _launched(story: Story, prompt: str = "look into it") -> str:
    call = story.call("Task", subagent_type="Explore", prompt=prompt)
    story.response(call)
    return call.id


def test_a_subagent_is_linked_by_the_file_that_describes_it() -> None:
    story = Story()
    call = _launched(story)
    story.agent("a1").response()
    story.fact("a1", "reviewer", call)
    found = _agents(story)["a1"]
    assert (found.call_id, found.type, found.parent, found.depth) == (call, "reviewer", "", 1)


def test_a_subagent_is_linked_by_the_result_of_its_call() -> None:
    story = Story()
    call = story.delegated("a1", "reviewer")
    found = _agents(story)["a1"]
    assert (found.call_id, found.type) == (call.id, "reviewer")


def test_a_subagent_is_linked_by_the_progress_in_which_it_is_embedded() -> None:
    story = Story()
    call = _launched(story)
    story.agent("a1").response()
    story.fact("a1", call=call)
    assert (_agents(story)["a1"].call_id, _agents(story)["a1"].type) == (call, "Explore")


def test_an_old_sidechain_is_linked_by_the_text_of_its_prompt() -> None:
    story = Story()
    _launched(story, "one task")
    call = _launched(story, "another task")
    side = story.sidechain_thread()
    first = side.prompt("another task")
    side.response()
    found = _agents(story)[f"side-{first.uid}"]
    assert (found.call_id, found.type) == (call, "Explore")


def test_what_several_sources_say_of_a_subagent_is_joined() -> None:
    story = Story()
    call = _launched(story)
    story.agent("a1").response()
    story.fact("a1", call=call)
    story.fact("a1", "reviewer")
    assert (_agents(story)["a1"].call_id, _agents(story)["a1"].type) == (call, "reviewer")


def test_a_subagent_that_nothing_describes_has_the_type_the_client_stamped_on_it() -> None:
    story = Story()
    story.agent("a1").response(host_agent="Plan")
    story.agent("a2").response()
    assert [agent.type for agent in _agents(story).values()] == ["Plan", "unknown"]


def test_nested_subagents_know_their_depth_and_parent() -> None:
    story = Story()
    call = story.call("Agent", subagent_type="outer")
    story.response(call)
    outer = story.agent("a1")
    outer.delegated("a2")
    story.result(call, agent_id="a1")
    found = _agents(story)
    assert [(found[name].parent, found[name].depth) for name in ("a1", "a2")] == [("", 1), ("a1", 2)]


def test_a_subagent_spans_from_its_first_line_to_its_last() -> None:
    story = Story()
    story.delegated("a1")
    lines = [entry for entry in story.entries if entry.agent == "a1"]
    found = _agents(story)["a1"]
    assert (found.at, found.ended) == (lines[0].at, lines[-1].at)


def test_a_subagent_of_whose_work_nothing_is_left_is_still_listed() -> None:
    story = Story()
    call = story.call("Agent", subagent_type="Explore")
    story.response(call)
    story.result(call, "the report", agent_id="lost")
    found = _agents(story)["lost"]
    assert (found.type, found.call_id, found.ended - found.at) == ("Explore", call.id, 1_000)


def test_a_launch_that_failed_started_no_subagent() -> None:
    story = Story()
    call = story.call("Agent", subagent_type="Explore")
    story.response(call)
    story.result(call, "no such agent", is_error=True)
    assert _agents(story) == {}


def test_a_subagent_cannot_have_started_itself() -> None:
    story = Story()
    child = story.agent("a1")
    call = child.call("Bash")
    child.response(call)
    story.fact("a1", "odd", call.id)
    found = _agents(story)["a1"]
    assert (found.call_id, found.parent, found.depth) == ("", "", 1)


@pytest.mark.parametrize("size", [2, 30])
def test_subagents_that_launched_each_other_in_a_circle_do_not_hang(size: int) -> None:
    story = Story()
    for number in range(size):
        child = story.agent(f"a{number}")
        call = child.call("Bash")
        child.response(call)
        story.fact(f"a{(number + 1) % size}", "odd", call.id)
    assert len(_agents(story)) == size


def test_a_subagent_whose_clock_runs_behind_never_ends_before_it_began() -> None:
    story = Story()
    story.delegated("a1")
    last = [entry for entry in story.entries if entry.agent == "a1"][-1]
    story.shared.entries[:] = moved(story.entries, last.uid, at=0)
    assert all(agent.ended >= agent.at for agent in _agents(story).values())
