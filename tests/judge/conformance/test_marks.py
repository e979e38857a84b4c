"""Where a run itself says at which step it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outrider.judge.conformance.marks import marked_steps
from outrider.plan.workflow.model import Step
from outrider.record.activities.activity import Activity, Event

STEPS = (
    Step("write-test", "Write a failing test"),
    Step("green", "Make it pass"),
    Step("review", "Ask for a review", marks=("Reviewing",)),
    Step("final-review", "The last look"),
)


def marked(said: str, kind: str = "announce", steps: tuple[Step, ...] = STEPS) -> tuple[str, ...]:
    return marked_steps(Event("e", 0, "", Activity(kind, said)), steps)


@pytest.mark.parametrize(
    ("said", "step"),
    [
        ("Write a failing test", "write-test"),
        ("Step 1: Write the failing test", "write-test"),
        ("WRITE TEST", "write-test"),
        ("Phase 2 - Green", "green"),
        ("make it pass!", "green"),
        ("Reviewing", "review"),
        ("final review", "final-review"),
        ("Review", "review"),
    ],
)
def test_a_line_that_says_a_steps_name_title_or_mark_means_it(said: str, step: str) -> None:
    assert marked(said) == (step,)
    assert marked(said, "task.start") == (step,)


@pytest.mark.parametrize(
    "said", ["", "Step 2", "Write", "test the green button now", "Deploy", "…", "the of and"]
)
def test_other_words_mean_no_step(said: str) -> None:
    assert marked(said) == ()


def test_a_line_that_fits_two_steps_alike_means_none() -> None:
    twins = (Step("a", "Run all tests"), Step("b", "Run all tests"))
    assert marked("Run all tests", steps=twins) == ()


def test_other_activities_are_no_marks() -> None:
    for kind in ("edit.src", "task.done", "prompt", "read"):
        assert marked("green", kind) == ()


def test_without_steps_nothing_is_marked() -> None:
    assert marked("green", steps=()) == ()


@given(st.text(max_size=400))
def test_any_text_means_at_most_one_step(said: str) -> None:
    assert len(marked(said)) <= 1


def test_a_long_line_is_read_at_its_beginning() -> None:
    assert len(marked("green " * 100_000)) <= 1
