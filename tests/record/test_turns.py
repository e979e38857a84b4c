from __future__ import annotations

import pytest

from outrider.record.session import Turn

from .sessions import SECOND, Story


def _turns(story: Story) -> tuple[Turn, ...]:
    return story.build().turns


def test_a_turn_goes_from_the_prompt_to_the_end_of_the_answer() -> None:
    story = Story()
    prompt = story.prompt("mend it")
    story.work()
    (last,) = story.response()
    story.wait(100)
    story.prompt("thanks")
    first = _turns(story)[0]
    assert (first.text, first.at, first.ended) == ("mend it", prompt.at, last.at)


def test_turns_are_numbered_in_order() -> None:
    story = Story()
    for text in ("a", "b", "c"):
        story.prompt(text)
        story.response()
    assert [(turn.number, turn.text) for turn in _turns(story)] == [(1, "a"), (2, "b"), (3, "c")]


def test_a_report_of_a_background_task_is_a_turn_but_no_prompt_of_a_person() -> None:
    story = Story()
    story.prompt("<task-notification>", "notification")
    story.response()
    session = story.build()
    assert [turn.by_person for turn in session.turns] == [False]
    assert "prompt" not in {moment.kind for moment in session.moments}


@pytest.mark.parametrize("kind", ["local", "meta", "summary", "interrupt"])
def test_what_the_client_writes_as_a_user_begins_no_turn(kind: str) -> None:
    story = Story()
    story.prompt("x", kind)  # type: ignore[arg-type]
    story.response()
    assert _turns(story) == ()


def test_a_command_that_nothing_answers_is_no_turn() -> None:
    story = Story()
    story.command("clear")
    story.prompt("Done", "local")
    assert _turns(story) == ()


def test_a_typed_skill_is_a_turn_of_a_person_with_its_command() -> None:
    story = Story()
    story.typed("tidy-up")
    story.response()
    assert [(turn.command, turn.by_person) for turn in _turns(story)] == [("tidy-up", True)]


def test_a_prompt_of_a_subagent_is_no_turn() -> None:
    story = Story()
    story.agent("a1").prompt("look")
    assert _turns(story) == ()


def test_what_is_said_after_an_interrupt_is_a_correction() -> None:
    story = Story()
    story.prompt("rename everything")
    story.interrupt()
    story.prompt("not that")
    story.response()
    story.prompt("thanks")
    assert [(turn.interrupted, turn.correction) for turn in _turns(story)] == [
        (True, False),
        (False, True),
        (False, False),
    ]


def test_what_is_said_after_a_refusal_is_a_correction() -> None:
    story = Story()
    story.prompt("push it")
    call = story.call()
    story.response(call)
    story.result(call, "no", is_error=True, denial="person")
    story.prompt("do not push")
    assert [turn.correction for turn in _turns(story)] == [False, True]


def test_what_is_said_after_a_hooks_refusal_or_after_an_answer_to_a_refusal_is_no_correction() -> None:
    for who, answered in (("hook", False), ("person", True)):
        story = Story()
        story.prompt("push it")
        call = story.call()
        story.response(call)
        story.result(call, "no", is_error=True, denial=who)
        if answered:
            story.response(text="Then I leave it.")
        story.prompt("good")
        assert [turn.correction for turn in _turns(story)] == [False, False]


def test_what_is_put_in_while_the_model_works_is_a_correction() -> None:
    story = Story()
    story.prompt("go")
    story.prompt("wait, the other file", queued=True)
    assert [turn.correction for turn in _turns(story)] == [False, True]


@pytest.mark.parametrize(("text", "asked"), [("Which one?", True), ("どれですか？", True), ("Done.", False)])
def test_an_answer_that_ends_on_a_question_asks_back(text: str, asked: bool) -> None:
    story = Story()
    story.prompt()
    story.response(text=text)
    assert _turns(story)[0].asked_back is asked


def test_a_question_that_was_followed_by_work_is_settled() -> None:
    story = Story()
    story.prompt()
    story.work("AskUserQuestion")
    story.response(text="Done.")
    assert not _turns(story)[0].asked_back


def test_a_turn_knows_what_the_client_says_of_its_duration() -> None:
    story = Story()
    story.prompt()
    story.response()
    story.mark("turn_duration", 7 * SECOND)
    assert _turns(story)[0].host_duration == 7 * SECOND
