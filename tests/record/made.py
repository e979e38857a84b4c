"""Sessions that Hypothesis makes: any order of everything that can happen, clocks and links included."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

from outrider.record.entries import Entry
from outrider.record.usage import Usage

from .sessions import START, Story, moved

NAMES = ("alpha", "beta", "craft:gamma")
TEXTS = ("Do the work.", "Then use the beta skill.", "First alpha, then craft:gamma.")

Step = Callable[[Story, int], None]


def _ask(story: Story, number: int) -> None:
    story.work("AskUserQuestion")


def _fork(story: Story, number: int) -> None:
    call = story.call("Skill", skill=NAMES[number % 3])
    story.response(call)
    child = story.agent(f"fork-{call.id}")
    child.body(NAMES[number % 3], TEXTS[number % 3])
    child.work()
    story.result(call, "forked", agent_id=child.agent_id, status="forked")


def _nested(story: Story, number: int) -> None:
    call = story.call("Task", subagent_type="outer", prompt="go")
    story.response(call)
    child = story.agent(f"outer-{call.id}")
    child.chosen(NAMES[number % 3])
    child.delegated(f"inner-{call.id}")
    child.response()
    story.result(call, agent_id=child.agent_id)


def _both_results(story: Story, number: int) -> None:
    calls = [story.call("Read"), story.call("Skill", skill=NAMES[number % 3])]
    story.response(*calls, lines=2)
    for call in calls[: 1 + number % 2]:
        story.result(call, is_error=number % 5 == 0)


STEPS: tuple[Step, ...] = (
    lambda story, number: story.wait(number),
    lambda story, number: story.prompt(queued=number % 2 == 0) and None,
    lambda story, number: story.prompt("done", "notification") and None,
    lambda story, number: story.command("clear") and None,
    lambda story, number: story.interrupt() and None,
    lambda story, number: story.typed(NAMES[number % 3], TEXTS[number % 3]) and None,
    lambda story, number: story.chosen(NAMES[number % 3], TEXTS[number % 3]) and None,
    lambda story, number: story.chosen(NAMES[number % 3], None) and None,
    lambda story, number: story.delegated(f"agent-{story.shared.clock}") and None,
    lambda story, number: story.work() and None,
    lambda story, number: (
        story.response(text="And now?" if number % 2 else "Done.", lines=1 + number % 3) and None
    ),
    lambda story, number: story.response(story.call()) and None,
    lambda story, number: story.response(model="mystery-9", usage=Usage(number, number)) and None,
    lambda story, number: story.hook(number) and None,
    lambda story, number: story.mark("turn_duration", number) and None,
    lambda story, number: story.mark("compaction", number, before=number) and None,
    _ask,
    _fork,
    _nested,
    _both_results,
)


def _disturbed(entries: list[Entry], changes: list[tuple[int, str, int | str | None]]) -> list[Entry]:
    for place, field, value in changes:
        if entries:
            entries = moved(entries, entries[place % len(entries)].uid, **{field: value})
    return entries


CHANGES = st.lists(
    st.tuples(st.integers(0, 500), st.just("at"), st.none() | st.integers(START - 10**8, START + 10**8))
    | st.tuples(
        st.integers(0, 500), st.just("parent"), st.just("") | st.integers(1, 60).map("u{:04}".format)
    ),
    max_size=4,
)


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """A story of up to fourteen steps, some of its lines with a wrong clock or a wrong parent."""
    story = Story()
    for step, number in draw(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 99)), max_size=14)):
        step(story, number)
    story.shared.entries[:] = _disturbed(story.entries, draw(CHANGES))
    return story
