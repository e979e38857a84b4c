from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from outrider.record.entries import Entry, Prompt
from outrider.record.ordering import ordered

from .sessions import START, Story, moved

DAY = 86_400_000
UIDS = st.sampled_from("abcdefgh")
INSTANTS = st.none() | st.integers(START - DAY, START + DAY) | st.just(253_402_300_799_999)
ENTRIES = st.lists(
    st.builds(Entry, UIDS, UIDS | st.just(""), st.just(""), INSTANTS, st.just(Prompt("human", "x"))),
    unique_by=lambda entry: entry.uid,
    max_size=8,
)


def _uids(entries: list[Entry]) -> list[str]:
    return [item.entry.uid for item in ordered(entries).placed]


@given(ENTRIES, st.randoms())
def test_the_order_does_not_depend_on_how_entries_were_read(
    entries: list[Entry], randomly: random.Random
) -> None:
    shuffled = list(entries)
    randomly.shuffle(shuffled)
    assert ordered(shuffled) == ordered(entries)


@given(ENTRIES)
def test_every_entry_is_placed_once_whatever_its_parent_says(entries: list[Entry]) -> None:
    assert sorted(_uids(entries)) == sorted(entry.uid for entry in entries)


def test_a_line_stands_behind_the_line_it_answers_however_wrong_its_clock() -> None:
    story = Story()
    told = [story.prompt(str(number)).uid for number in range(5)]
    entries = moved(story.entries, told[2], at=START - DAY)
    entries = moved(entries, told[3], at=START - 2 * DAY)
    assert _uids(entries) == told


def test_instants_in_order_never_go_back() -> None:
    story = Story()
    told = [story.prompt(str(number)).uid for number in range(6)]
    entries = moved(moved(story.entries, told[1], at=START + DAY), told[4], at=START - DAY)
    instants = [item.at for item in ordered(entries).placed]
    assert instants == sorted(instants)


def test_a_jump_into_the_future_keeps_what_follows_behind_it() -> None:
    story = Story()
    told = [story.prompt(str(number)).uid for number in range(4)]
    entries = moved(story.entries, told[1], at=START + DAY)
    assert _uids(entries) == told


def test_a_line_without_a_time_takes_that_of_the_line_it_answers() -> None:
    story = Story()
    first, second = story.prompt("one"), story.prompt("two")
    placed = ordered(moved(story.entries, second.uid, at=None)).placed
    assert [(item.entry.uid, item.at, item.said) for item in placed] == [
        (first.uid, first.at, first.at),
        (second.uid, first.at, first.at),
    ]


def test_a_session_without_any_time_is_still_in_order() -> None:
    story = Story()
    told = [story.prompt(str(number)) for number in range(4)]
    entries = story.entries
    for each in told:
        entries = moved(entries, each.uid, at=None)
    assert _uids(entries[::-1]) == [each.uid for each in told]


def test_only_a_clock_that_runs_back_by_more_than_a_second_is_called_skewed() -> None:
    story = Story()
    one, two, three = (story.prompt(str(number)) for number in range(3))
    assert one.at is not None
    near = moved(story.entries, two.uid, at=one.at - 1_000)
    far = moved(story.entries, two.uid, at=one.at - 1_001)
    assert (ordered(near).skewed, ordered(far).skewed) == (0, 1)


def test_lines_that_answer_each_other_in_a_circle_do_not_hang() -> None:
    story = Story()
    one, two = story.prompt("one"), story.prompt("two")
    entries = moved(story.entries, one.uid, parent=two.uid)
    assert sorted(_uids(entries)) == sorted([one.uid, two.uid])


def test_a_long_chain_read_from_its_end_is_no_recursion() -> None:
    story = Story()
    told = [story.prompt(str(number)).uid for number in range(5_000)]
    assert _uids(story.entries[::-1]) == told
