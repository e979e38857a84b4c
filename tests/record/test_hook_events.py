"""Recorded sessions told again as hooks would have told them."""

from __future__ import annotations

from typing import Any

from hypothesis import given

from outrider.record.hook_events import hook_events

from .made import stories
from .sessions import START, Story


def told(story: Story) -> list[tuple[str, dict[str, Any]]]:
    return [(payload["hook_event_name"], payload) for _, payload in hook_events(story.build())]


def names(story: Story) -> list[str]:
    return [name for name, _ in told(story)]


def test_a_turn_is_told_from_its_prompt_to_its_stop() -> None:
    story = Story()
    story.prompt("mend the cart")
    story.work(command="ls")
    story.response(text="All done.")
    assert names(story) == [
        "SessionStart",
        "UserPromptSubmit",
        "PreToolUse",
        "PostToolUse",
        "PostToolBatch",
        "Stop",
    ]
    payloads = [payload for _, payload in told(story)]
    assert payloads[1]["prompt"] == "mend the cart"
    assert payloads[2]["tool_input"] == {"command": "ls"}
    assert payloads[2]["tool_use_id"] == payloads[3]["tool_use_id"]
    assert payloads[3]["tool_response"]["stdout"] == "fine"
    assert payloads[5]["last_assistant_message"] == "All done."
    assert {payload["session_id"] for payload in payloads} == {"s"}


def test_times_are_those_of_the_record_and_never_go_back() -> None:
    story = Story()
    story.prompt()
    call = story.call()
    story.response(call)
    story.wait(60)
    story.result(call)
    at = [each.at for each in hook_events(story.build())]
    assert at == sorted(at)
    assert at[0] == START + 1_000
    assert at[3] - at[2] == 61_000


def test_calls_of_one_reply_end_in_one_batch() -> None:
    story = Story()
    story.prompt()
    first, second = story.call(), story.call()
    story.response(first, second)
    story.result(second)
    story.result(first)
    events = [each for each in told(story) if "Tool" in each[0]]
    assert [name for name, _ in events] == [*["PreToolUse"] * 2, *["PostToolUse"] * 2, "PostToolBatch"]
    assert [each["tool_use_id"] for each in events[-1][1]["tool_calls"]] == [first.id, second.id]


def test_a_refused_call_is_told_by_its_batch_alone() -> None:
    story = Story()
    story.prompt()
    call = story.call()
    story.response(call)
    story.result(call, "The user doesn't want to proceed", is_error=True, denial="person")
    assert names(story)[2:4] == ["PreToolUse", "PostToolBatch"]


def test_a_failure_is_an_event_of_its_own_with_the_error() -> None:
    story = Story()
    story.prompt()
    call = story.call()
    story.response(call)
    story.result(call, "Exit code 1", is_error=True)
    name, payload = told(story)[3]
    assert (name, payload["error"], payload["is_interrupt"]) == ("PostToolUseFailure", "Exit code 1", False)


def test_a_call_without_a_result_has_only_its_beginning() -> None:
    story = Story()
    story.prompt()
    story.response(story.call())
    assert names(story)[2:] == ["PreToolUse", "Stop"]


def test_an_interrupted_turn_has_no_stop() -> None:
    story = Story()
    story.prompt()
    story.work()
    story.interrupt()
    assert "Stop" not in names(story)


def test_a_subagent_is_told_with_its_id_from_start_to_stop() -> None:
    story = Story()
    story.prompt()
    story.delegated("a1")
    of_agent = [(name, payload["agent_type"]) for name, payload in told(story) if "agent_id" in payload]
    assert of_agent == [
        ("SubagentStart", "Explore"),
        ("PreToolUse", "Explore"),
        ("PostToolUse", "Explore"),
        ("PostToolBatch", "Explore"),
        ("SubagentStop", "Explore"),
    ]


def test_a_typed_command_is_expanded_and_submitted() -> None:
    story = Story()
    story.typed("ship:mend")
    story.response()
    kinds = told(story)
    assert [name for name, _ in kinds][1:3] == ["UserPromptExpansion", "UserPromptSubmit"]
    assert kinds[1][1]["command_name"] == "ship:mend"
    assert kinds[2][1]["prompt"] == "/ship:mend the cart"


def test_a_compaction_is_told_before_it_began() -> None:
    story = Story()
    story.prompt()
    story.work()
    story.mark("compaction", 500, detail="auto")
    assert ("PreCompact", "auto") in [(name, payload.get("trigger")) for name, payload in told(story)]


@given(stories())
def test_every_call_is_told_once_and_its_result_never_before_it(story: Story) -> None:
    session = story.build()
    events = [payload for _, payload in hook_events(session)]
    begun = [each["tool_use_id"] for each in events if each["hook_event_name"] == "PreToolUse"]
    assert sorted(begun) == sorted(call.id for call in session.calls)
    open_calls: set[str] = set()
    for each in events:
        if each["hook_event_name"] == "PreToolUse":
            open_calls.add(each["tool_use_id"])
        elif each["hook_event_name"].startswith("PostToolUse"):
            open_calls.remove(each["tool_use_id"])
