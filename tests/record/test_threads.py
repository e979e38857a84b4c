from __future__ import annotations

from itertools import permutations
from typing import Any

from outrider.record import threads
from outrider.record.entries import Entry, Prompt, ResponsePart
from outrider.record.threads import threaded
from outrider.record.usage import Usage

from .sessions import Story, moved


def _agents(entries: list[Entry]) -> dict[str, str]:
    return {entry.uid: entry.agent for entry in threaded(entries)}


def test_a_line_that_was_read_twice_is_one_line() -> None:
    story = Story()
    story.prompt()
    story.work()
    assert threaded([*story.entries, *story.entries]) == story.entries


def test_a_line_of_a_subagent_that_stands_also_in_its_parent_is_the_subagents() -> None:
    story = Story()
    line = story.prompt()
    mirrored = moved([line], line.uid, agent="a1")
    for entries in ([line, *mirrored], [*mirrored, line]):
        assert _agents(entries) == {line.uid: "a1"}


def test_a_response_keeps_what_each_of_its_copies_says() -> None:
    story = Story()
    (line,) = story.response(usage=Usage(5, 1))
    (more,) = story.response(usage=Usage(5, 9))
    copy = moved([more], more.uid, uid=line.uid)
    found = [each.body for each in threaded([line, *copy])]
    assert sorted(each.usage.output for each in found if isinstance(each, ResponsePart)) == [1, 9]


def test_the_chosen_copy_does_not_depend_on_what_was_read_first() -> None:
    prompts = [
        Entry("u1", "", agent, at, Prompt("human", text), side)
        for agent, at, text, side in (
            ("", None, "x", True),
            ("", 5, "x", True),
            ("", 5, "y", False),
            ("a", 5, "x", False),
            ("a", None, "z", False),
        )
    ]
    kept = {tuple(threaded(order)) for order in permutations(prompts)}
    assert kept == {(prompts[3],)}


def test_old_sidechains_get_the_name_of_their_first_line() -> None:
    story = Story()
    story.prompt()
    side = story.sidechain_thread()
    first = side.prompt("look into it")
    (second,) = side.response()
    agents = _agents(story.entries)
    assert agents[first.uid] == agents[second.uid] == f"side-{first.uid}"


def test_two_old_sidechains_are_two_threads() -> None:
    story = Story()
    one, other = story.sidechain_thread(), story.sidechain_thread()
    lines = [one.prompt("a"), other.prompt("b"), *one.response(), *other.response()]
    agents = [_agents(story.entries)[line.uid] for line in lines]
    assert agents[0] == agents[2] != agents[1] == agents[3]


def test_sidechain_lines_that_answer_each_other_in_a_circle_do_not_hang() -> None:
    side = Story().sidechain_thread()
    one, two = side.prompt("a"), side.prompt("b")
    assert len(threaded(moved(side.entries, one.uid, parent=two.uid))) == 2


def test_the_agents_of_a_sidechain_in_a_circle_do_not_depend_on_what_was_read_first() -> None:
    side = Story().sidechain_thread()
    one, two, three = side.prompt("a"), side.prompt("b"), side.prompt("c")
    entries = moved(side.entries, one.uid, parent=two.uid)
    found = {tuple(sorted(_agents(list(order)).items())) for order in permutations(entries)}
    assert found == {tuple((uid, f"side-{one.uid}") for uid in (one.uid, two.uid, three.uid))}


def test_a_long_sidechain_is_followed_once_and_not_once_for_each_line() -> None:
    side = Story().sidechain_thread()
    for _ in range(200):
        side.prompt()
    asked: list[str] = []

    class Asked(dict[str, Entry]):
        def get(self, uid: str, default: Any = None) -> Any:
            asked.append(uid)
            return super().get(uid, default)

    kept = Asked((entry.uid, entry) for entry in side.entries)
    roots: dict[str, str] = {}
    assert len({threads._chain_root(entry, kept, roots) for entry in reversed(side.entries)}) == 1
    assert len(asked) <= 2 * len(side.entries)
