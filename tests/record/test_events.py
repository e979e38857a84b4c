from __future__ import annotations

from collections.abc import Mapping

from outrider.record.activities.activity import Activity, Event
from outrider.record.events import ANNOUNCED, events_of

from .sessions import Story


def _classify(
    tool: str, given: Mapping[str, object], status: str, result: str, folder: str
) -> tuple[Activity, ...]:
    name, of = given.get("does"), given.get("of")
    return (Activity(str(name), str(of or "")),) if name else ()


def _events(story: Story) -> list[Event]:
    return list(events_of(story.build(), _classify).events)


def _names(story: Story) -> list[str]:
    return [event.activity.name for event in _events(story)]


def test_what_a_call_effects_comes_with_its_result_and_what_it_starts_with_the_call() -> None:
    story = Story()
    story.prompt()
    launch, edit = story.call("Do", does="agent:worker"), story.call("Do", does="edit.src")
    story.response(launch, edit)
    story.wait(60)
    story.result(edit)
    story.result(launch)
    prompt, agent, change = _events(story)
    assert (prompt.activity.name, agent.activity.name, change.activity.name) == (
        "prompt",
        "agent:worker",
        "edit.src",
    )
    assert change.at - agent.at > 60_000


def test_a_skill_is_told_once_by_its_load_however_it_began() -> None:
    story = Story()
    story.typed("ship:mend")
    story.chosen("ship:check")
    assert [
        (e.activity.name, e.activity.of) for e in _events(story) if e.activity.name.startswith("skill:")
    ] == [
        ("skill:mend", "ship:mend"),
        ("skill:check", "ship:check"),
    ]


def test_a_list_of_items_that_is_told_again_begins_and_ends_nothing_again() -> None:
    story = Story()
    story.prompt()
    for name, of in (
        ("task.start", "one"),
        ("task.start", "one"),
        ("edit.src", "a"),
        ("task.done", "one"),
        ("task.done", "one"),
    ):
        story.work("Do", does=name, of=of)
    names = _names(story)
    assert (names.count("task.start"), names.count("task.done")) == (1, 1)
    assert [event.task for event in _events(story) if event.activity.name == "edit.src"] == ["one"]


def test_an_item_given_by_its_number_is_told_by_its_subject() -> None:
    story = Story()
    story.prompt()
    call = story.call("TaskCreate", subject="Task 2: mend the roof")
    story.response(call)
    story.result(call, "Task #7 created successfully: Task 2: mend the roof")
    story.work("Do", does="task.start", of="7")
    story.work("Do", does="edit.src", of="roof.py")
    start, edit = _events(story)[1:]
    assert (start.activity.of, edit.task) == ("Task 2: mend the roof", "2")


def test_a_subagent_works_on_the_task_that_its_launch_names() -> None:
    story = Story()
    story.prompt()
    call = story.call("Agent", description="Implement Task 3: doors", does="agent:worker")
    story.response(call)
    child = story.agent("a1")
    child.prompt("go")
    child.work("Do", does="edit.src")
    story.result(call, "done", agent_id="a1")
    assert [event.task for event in _events(story) if event.activity.name == "edit.src"] == ["3"]


def test_a_heading_announces_where_the_run_is_unless_it_sums_up() -> None:
    story = Story()
    story.prompt()
    story.response(story.call("Do"), text="## Phase 2: Look closer\nI read the log.")
    story.response(text="## Phase 3: Mend")
    assert [e.activity.of for e in _events(story) if e.activity.name == ANNOUNCED] == ["Phase 2: Look closer"]


def test_calls_without_a_known_meaning_are_told_apart() -> None:
    story = Story()
    story.prompt()
    story.work("Mystery", x=1)
    story.work("Do", does="read")
    assert [call.name for call in events_of(story.build(), _classify).unmatched] == ["Mystery"]


def test_a_step_marked_through_our_server_is_an_announcement_with_the_calls_id() -> None:
    story = Story()
    story.prompt()
    call = story.work("mcp__plugin_outrider_outrider__step", name="green")
    (announced,) = [event for event in _events(story) if event.activity.name == ANNOUNCED]
    assert (announced.id, announced.activity.of) == (call.id, "green")


def test_another_servers_tool_named_step_announces_nothing() -> None:
    story = Story()
    story.prompt()
    story.work("mcp__other__step", name="green")
    assert ANNOUNCED not in _names(story)
