from __future__ import annotations

import pytest
from hypothesis import given

from outrider.judge.attribution.account import account
from outrider.judge.metrics.waterfall import Bar, call_label, waterfall
from outrider.record.usage import Usage
from tests.record.made import stories
from tests.record.sessions import START, Story, moved


def _bars(story: Story, *, deep: bool = False) -> list[Bar]:
    session = story.build()
    spent = account(session, story.text_of, lambda model, at, usage: None if "mystery" in model else 7)
    return waterfall(session, spent, deep)


def _told(story: Story, *, deep: bool = False) -> list[tuple[int, str]]:
    return [(bar.level, bar.kind) for bar in _bars(story, deep=deep)]


def test_answers_and_calls_stand_under_their_turn() -> None:
    story = Story()
    story.prompt("mend the cart")
    story.work("Bash", command="make test")
    story.response(text="Done.")
    assert [(bar.level, bar.kind, bar.label) for bar in _bars(story)] == [
        (0, "turn", "mend the cart"),
        (1, "answer", "Done."),
        (2, "call", "Bash make test"),
        (1, "answer", "Done."),
    ]


def test_a_run_stands_between_its_turn_and_its_answers_and_nested_runs_within_it() -> None:
    story = Story()
    story.typed("outer")
    story.chosen("inner")
    story.response()
    assert _told(story) == [
        (0, "turn"),
        (1, "run"),
        (2, "answer"),
        (3, "call"),
        (2, "run"),
        (3, "answer"),
    ]


def test_a_run_that_goes_on_in_the_next_turn_says_so() -> None:
    story = Story()
    story.typed("interview")
    story.response(text="Which one?")
    story.prompt("this")
    story.response()
    assert [bar.status for bar in _bars(story) if bar.kind == "run"] == ["typed", "goes on"]


def test_a_subagent_stands_under_the_call_that_launched_it() -> None:
    story = Story()
    story.prompt()
    story.delegated("a1")
    assert _told(story) == [(0, "turn"), (1, "answer"), (2, "call"), (3, "agent")]
    assert _told(story, deep=True)[4:] == [(4, "answer"), (5, "call"), (4, "answer")]


def test_a_subagent_within_a_subagent_is_shown_also_when_not_looking_deep() -> None:
    story = Story()
    story.prompt()
    call = story.call("Agent", subagent_type="outer")
    story.response(call)
    story.agent("a1").delegated("a2")
    story.result(call, agent_id="a1")
    assert [(bar.level, bar.label) for bar in _bars(story) if bar.kind == "agent"] == [
        (3, "outer a1"),
        (4, "Explore a2"),
    ]


def test_all_subagents_of_one_call_are_shown() -> None:
    story = Story()
    story.prompt()
    call = story.call("Workflow")
    story.response(call)
    for name in ("a1", "a2"):
        story.agent(name).response()
        story.fact(name, "worker", call.id)
    assert [bar.label for bar in _bars(story) if bar.kind == "agent"] == ["worker a1", "worker a2"]


def test_a_subagent_that_nothing_launched_stands_alone() -> None:
    story = Story()
    story.prompt()
    story.agent("a1").response()
    assert [(bar.level, bar.label) for bar in _bars(story) if bar.kind == "agent"] == [(1, "unknown a1")]


@pytest.mark.parametrize("size", [1, 2, 400])
def test_subagents_that_launched_each_other_are_each_shown_once(size: int) -> None:
    story = Story()
    for number in range(size):
        child = story.agent(f"a{number}")
        call = child.call("Bash")
        child.response(call)
        story.fact(f"a{(number + 1) % size}", "odd", call.id)
    assert sum(bar.kind == "agent" for bar in _bars(story, deep=True)) == size


def test_a_deep_chain_of_subagents_is_no_recursion() -> None:
    story = thread = Story()
    for number in range(600):
        call = thread.call("Agent")
        thread.response(call)
        story.fact(f"a{number}", "odd", call.id)
        thread = thread.agent(f"a{number}")
    thread.response()
    assert sum(bar.kind == "agent" for bar in _bars(story, deep=True)) == 600


def test_sums_of_a_turn_are_unpriced_only_when_nothing_in_it_has_a_price() -> None:
    story = Story()
    for models in (("mystery-9",), ("mystery-9", "claude-opus-5-5")):
        story.prompt()
        for model in models:
            story.response(model=model, usage=Usage(5))
    assert [bar.cost for bar in _bars(story) if bar.kind == "turn"] == [None, 7]


def test_an_interrupted_turn_and_a_correction_are_marked() -> None:
    story = Story()
    story.prompt()
    story.interrupt()
    story.prompt()
    assert [bar.status for bar in _bars(story)] == ["interrupted", "correction"]


def test_work_before_the_first_prompt_is_in_turn_zero() -> None:
    story = Story()
    story.response()
    story.prompt()
    assert [(bar.kind, bar.turn) for bar in _bars(story)] == [("answer", 0), ("turn", 1)]


def test_a_compaction_stands_in_its_turn() -> None:
    story = Story()
    story.prompt()
    story.mark("compaction", 500, detail="auto", before=150_000)
    (bar,) = [bar for bar in _bars(story) if bar.kind == "compaction"]
    assert (bar.label, bar.ended - bar.at) == ("compaction (auto), 150000 tokens before", 500)


@pytest.mark.parametrize("given", ["{", "[]", '{"command": 5}', "{}", "[" * 100_000])
def test_a_call_whose_input_says_nothing_is_labelled_by_its_tool(given: str) -> None:
    story = Story()
    call = story.call("Bash")
    story.response(call)
    found = story.build().calls[0]
    fields = {name: getattr(found, name) for name in type(found).__struct_fields__}
    assert call_label(type(found)(**{**fields, "input": given})) == "Bash"


@given(stories())
def test_every_request_call_turn_and_subagent_has_exactly_one_row(story: Story) -> None:
    session, bars = story.build(), _bars(story, deep=True)
    for kind, expected in (
        ("answer", session.requests),
        ("call", session.calls),
        ("turn", session.turns),
        ("agent", session.subagents),
    ):
        assert sum(bar.kind == kind for bar in bars) == len(expected)


@given(stories())
def test_no_row_ends_before_it_begins(story: Story) -> None:
    assert all(bar.at <= bar.ended for bar in _bars(story, deep=True))


def test_a_wrong_clock_moves_no_answer_out_of_its_turn() -> None:
    story = Story()
    story.prompt()
    story.response()
    story.prompt()
    (line,) = story.response()
    story.shared.entries[:] = moved(story.entries, line.uid, at=START - 10**9)
    assert _told(story) == [(0, "turn"), (1, "answer"), (0, "turn"), (1, "answer")]
