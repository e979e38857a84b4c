"""Logs for the exports: one told by hand, and any that Hypothesis makes."""

from __future__ import annotations

from hypothesis import strategies as st

from outrider.judge.conformance.event_log import Case, Exported, LoggedEvent
from outrider.record.activities.activity import Activity, Event

START = 1_767_225_600_000
"""2026-01-01T00:00:00Z."""


def logged(
    number: int,
    name: str,
    of: str = "",
    *,
    agent: str = "",
    task: str = "",
    step: str = "",
    cost: int | None = 1_500,
) -> LoggedEvent:
    event = Event(f"call{number}", START + number * 1_000, agent, Activity(name, of), f"req{number}", task)
    return LoggedEvent(event, step, 100 * number, cost, 250)


INNER = (
    logged(2, "edit.test", "tests/test_a.py", agent="a1", task="T1", step="red"),
    logged(3, "test.fail", "pytest", agent="a1", task="T1", step="red", cost=None),
)
LOG = Exported(
    (
        Case(
            "s1",
            1,
            "executing-plans",
            "c0ffee",
            START,
            (
                logged(0, "prompt"),
                logged(1, "agent:coder"),
                *INNER,
                logged(4, "git.commit"),
                logged(5, "edit.src", "src/a.py"),
                logged(6, "git.commit"),
                logged(7, "prompt"),
                logged(8, "read", "src/a.py"),
            ),
        ),
        Case("s1", 2, "practicing-tdd", "beef", START + 2_000, INNER, parent=1),
    )
)

_words = st.sampled_from(("", "prompt", "git.commit", "edit.src", "read", "test.fail")) | st.text(max_size=6)
_events = st.builds(
    Event,
    st.sampled_from(("c1", "c2")) | st.text(max_size=4),
    st.integers(-(2**60), 2**60),
    st.sampled_from(("", "a1")) | st.text(max_size=4),
    st.builds(Activity, _words, _words, _words, _words),
    _words,
    st.sampled_from(("", "T1")) | st.text(max_size=4),
)
_logged = st.builds(
    LoggedEvent,
    _events,
    st.text(max_size=5),
    st.integers(0, 10**12),
    st.none() | st.integers(0, 10**15),
    st.integers(0, 10**10),
)
_cases = st.builds(
    Case,
    st.sampled_from(("s1", "s2")) | st.text(max_size=4),
    st.integers(1, 4),
    st.text(max_size=5),
    st.text(max_size=5),
    st.integers(-(2**60), 2**60),
    st.lists(_logged, max_size=6).map(tuple),
    st.integers(0, 3),
)
LOGS = st.builds(Exported, st.lists(_cases, max_size=4).map(tuple))
