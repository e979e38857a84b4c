from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from outrider.record.build import build_session
from outrider.record.entries import Setting
from outrider.record.session import Session

from .made import stories
from .sessions import START, Story, moved


def test_an_empty_session_is_empty() -> None:
    session = Story().build()
    assert (session.at, session.ended, session.requests, session.moments) == (0, 0, (), ())


@given(stories(), st.randoms(), st.integers(0, 20))
def test_a_session_does_not_depend_on_the_order_or_number_of_readings(
    story: Story, randomly: random.Random, repeated: int
) -> None:
    entries = [*story.entries, *story.entries[:repeated], *story.entries[-repeated:]]
    randomly.shuffle(entries)
    assert build_session("s", entries, {}) == story.build()


@given(stories())
def test_nothing_in_a_session_ends_before_it_begins(story: Story) -> None:
    session = story.build()
    instants = [moment.at for moment in session.moments]
    assert instants == sorted(instants)
    spans = [
        *((each.at, each.ended) for each in session.requests),
        *((each.at, each.ended) for each in session.calls if each.ended is not None),
        *((each.at, each.ended) for each in session.turns),
        *((each.at, each.ended) for each in session.subagents),
        (session.at, session.ended),
    ]
    assert all(at <= ended for at, ended in spans)


@given(stories())
def test_every_event_has_a_moment_and_every_moment_a_subject(story: Story) -> None:
    session = story.build()
    subjects = {moment.subject for moment in session.moments}
    answered = {call.id for call in session.calls if call.ended is not None}
    assert {request.uid for request in session.requests} <= subjects
    assert answered <= subjects
    assert {turn.uid for turn in session.turns if turn.by_person} <= subjects


def test_a_session_spans_its_events_and_no_facts_beside_them() -> None:
    story = Story()
    first = story.prompt()
    story.fact("a1", "x")
    story.title("A name")
    (last,) = story.response()
    session = story.build()
    assert (session.at, session.ended, session.title) == (first.at, last.at, "A name")


def test_surroundings_are_in_the_order_in_which_they_were_seen() -> None:
    late, early = Setting("/late"), Setting("/early")
    session = Story().build({late: (START + 5, START + 9), early: (START, START + 9)})
    assert session.settings == (early, late)


def test_a_compaction_keeps_what_the_client_says_of_it() -> None:
    story = Story()
    story.mark("compaction", 900, detail="auto", before=150_000, after=9_000)
    (found,) = story.build().compactions
    assert (found.trigger, found.before, found.after, found.duration) == ("auto", 150_000, 9_000, 900)


def _hooks(*runs: int, stop: int = 0, summary: int = 0) -> int:
    story = Story()
    for run in runs:
        story.hook(run)
    if stop:
        story.hook(stop, "Stop")
    if summary:
        story.mark("hooks", summary)
    return story.build().hook_ms


def test_hooks_are_added_up_and_a_stop_hook_told_twice_counts_once() -> None:
    assert _hooks(10, 20) == 30
    assert _hooks(10, stop=5) == _hooks(10, stop=5, summary=5) == 15
    assert _hooks(10, summary=7) == 17


def test_interrupts_and_errors_of_the_service_are_counted() -> None:
    story = Story()
    story.interrupt()
    story.response(api_error=True)
    session = story.build()
    assert (session.interrupts, session.api_errors) == (1, 1)


def test_wrong_clocks_are_counted_and_lines_without_any_are_not() -> None:
    story = Story()
    story.prompt()
    (line,) = story.response()
    for at, skewed in ((START - 10**7, 1), (None, 0)):
        story.shared.entries[:] = moved(story.entries, line.uid, at=at)
        session: Session = story.build()
        assert (session.skewed, len(session.requests)) == (skewed, 1)
