"""Explicit marks: where a run itself says at which step it is."""

from __future__ import annotations

from collections.abc import Sequence

from outrider.plan.workflow.model import Step
from outrider.record.activities.activity import Event
from outrider.record.activities.announcements import naming_words

_MARKING = ("task.start", "announce")


def marked_steps(event: Event, steps: Sequence[Step]) -> tuple[str, ...]:
    """Return the steps that an event names by itself: a task item begun, or a line that announces one.

    Only a name that says the same words as a step's name, title or mark counts, and only when it fits
    one step better than all others.
    """
    if not event.activity.name.startswith(_MARKING):
        return ()
    said = naming_words(event.activity.of)
    scored = [
        (max(_likeness(said, naming_words(text)) for text in _names(step)), step.name) for step in steps
    ]
    best = max((score for score, _ in scored), default=0.0)
    if best < _ALIKE:
        return ()
    found = tuple(name for score, name in scored if score == best)
    return found if len(found) == 1 else ()


_ALIKE = 0.75
"""Share of the words that a text and a step's name must have in common."""


def _names(step: Step) -> tuple[str, ...]:
    return (step.name, step.title, *step.marks)


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    if not one or not other:
        return 0.0
    return len(one & other) / len(one | other)
