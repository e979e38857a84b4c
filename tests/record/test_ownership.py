from __future__ import annotations

import random
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from outrider.record.entries import Entry, Prompt
from outrider.record.ownership import owned

from .sessions import Story, moved


def _lines(name: str, *instants: int) -> list[Entry]:
    return [Entry(f"{name}{at}", "", "", at, Prompt("human", name)) for at in instants]


def _owners(**family: list[Entry]) -> dict[str, list[str]]:
    told = {session: [each.uid for each in own] for session, own in owned(family).items()}
    for order in permutations(family):
        again = owned({session: family[session] for session in order})
        assert {session: [each.uid for each in own] for session, own in again.items()} == told
    return told


def test_a_session_without_relatives_owns_all_it_holds() -> None:
    assert _owners(a=_lines("a", 1, 2)) == {"a": ["a1", "a2"]}


def test_a_fork_owns_only_what_it_said_after_the_copy() -> None:
    past = _lines("a", 1, 2)
    assert _owners(z=[*past, *_lines("z", 3)], b=[*past, *_lines("b", 9)]) == {
        "z": ["a1", "a2", "z3"],
        "b": ["b9"],
    }


def test_a_mere_beginning_of_another_session_is_the_original() -> None:
    past = _lines("a", 1, 2)
    assert _owners(z=past, b=[*past, *_lines("b", 3)]) == {"z": ["a1", "a2"], "b": ["b3"]}


def test_a_session_that_only_repeats_another_owns_nothing() -> None:
    past = _lines("a", 1, 2)
    owners = _owners(a=past, b=past)
    assert owners == {"a": ["a1", "a2"], "b": []}


def test_a_copy_of_a_session_whose_subagents_stand_elsewhere_owns_nothing() -> None:
    past = _lines("a", 1, 2, 9)
    subagent = [moved(_lines("sub", 5), "sub5", agent="agent")[0]]
    assert _owners(z=[*past, *subagent], b=past) == {"z": ["a1", "a2", "a9", "sub5"], "b": []}


def test_every_session_of_a_chain_of_resumes_owns_its_own_part() -> None:
    one, two, three = _lines("a", 1, 2), _lines("b", 3, 4), _lines("c", 5)
    assert _owners(z=one, y=[*one, *two], x=[*one, *two, *three]) == {
        "z": ["a1", "a2"],
        "y": ["b3", "b4"],
        "x": ["c5"],
    }


def test_a_fork_of_a_fork_does_not_take_the_first_lines_from_the_original() -> None:
    past, fork = _lines("a", 1, 2), _lines("f", 8)
    assert _owners(z=[*past, *_lines("z", 3)], b=[*past, *fork], c=[*past, *fork, *_lines("c", 9)]) == {
        "z": ["a1", "a2", "z3"],
        "b": ["f8"],
        "c": ["c9"],
    }


def test_a_response_is_known_by_its_ids_even_under_another_uuid() -> None:
    story = Story()
    (line,) = story.response()
    copy = moved([line], line.uid, uid="other")
    owners = _owners(a=[*_lines("a", 1), line], b=[*copy, *_lines("b", 2)])
    assert owners == {"a": ["a1", line.uid], "b": ["b2"]}


def test_lines_without_a_time_go_with_the_others() -> None:
    past = [Entry("u1", "", "", None, Prompt("human", "x"))]
    assert _owners(a=[*past, *_lines("a", 1)], b=[*past, *_lines("b", 2)])["b"] == ["b2"]


@given(
    st.dictionaries(st.sampled_from("abcd"), st.sets(st.integers(1, 12), min_size=1).map(sorted), min_size=1),
    st.randoms(),
)
def test_every_line_has_exactly_one_owner_whatever_the_order(
    held: dict[str, list[int]], randomly: random.Random
) -> None:
    family = {session: _lines("x", *instants) for session, instants in held.items()}
    found = owned(family)
    uids = sorted(entry.uid for entries in found.values() for entry in entries)
    assert uids == sorted({entry.uid for entries in family.values() for entry in entries})
    names = list(family)
    randomly.shuffle(names)
    assert owned({name: family[name] for name in names}) == found
