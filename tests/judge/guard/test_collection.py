"""Precision and recall on our own labelled collection, and each kind by itself."""

from __future__ import annotations

import json
import random
from collections import Counter

import pytest

from outrider.judge.guard.guard import Guard
from outrider.judge.guard.ladder import Intervention
from outrider.judge.guard.seeing import observations
from outrider.judge.guard.settings import Settings
from tests.judge.guard.traces import Trace, collection

TRACES = list(collection())


def told(trace: Trace, *, interactive: bool = True) -> list[Intervention]:
    guard = Guard(Settings(interactive=interactive))
    return [step for time, payload in trace.events for step in guard.observe(payload, time)]


def test_the_collection_is_large_and_balanced() -> None:
    counts = Counter(trace.is_loop for trace in TRACES)
    assert counts[True] >= 60
    assert counts[False] >= 60
    assert len(TRACES) >= 120


@pytest.mark.parametrize("trace", [trace for trace in TRACES if trace.is_loop], ids=lambda trace: trace.name)
def test_a_loop_is_told(trace: Trace) -> None:
    assert told(trace)


@pytest.mark.parametrize(
    "trace", [trace for trace in TRACES if not trace.is_loop], ids=lambda trace: trace.name
)
def test_what_only_looks_like_a_loop_stays_silent(trace: Trace) -> None:
    assert told(trace) == []
    assert told(trace, interactive=False) == []


def test_nothing_is_held_back_before_a_hint_was_given() -> None:
    for trace in TRACES:
        levels = [step.level for step in told(trace)]
        assert not levels or levels[0] == "hint", trace.name


def test_a_snapshot_after_every_event_changes_nothing() -> None:
    for trace in random.Random(4).sample(TRACES, 60):
        guard = Guard()
        steps = []
        for time, payload in trace.events:
            guard = Guard(Settings(), guard.state())
            assert not guard.is_fresh
            steps += guard.observe(payload, time)
        assert steps == told(trace), trace.name


def test_events_that_come_twice_count_once() -> None:
    for trace in TRACES:
        if any("Post" in payload["hook_event_name"] for _, payload in trace.events):
            tools = [event for event in trace.events if "tool_use_id" in event[1]]
            doubled = [event for event in trace.events for _ in range(2 if event in tools[:40] else 1)]
            twice = [step.packed() for step in told(trace._replace(events=doubled))]
            once = [step.packed() for step in told(trace)]
            assert once == [step for at, step in enumerate(twice) if step not in twice[:at]], trace.name


def test_what_the_spool_keeps_is_judged_as_the_payloads_were() -> None:
    spooled = [each for each in TRACES if all(_is_hooked(payload) for _, payload in each.events)]
    assert len(spooled) > 200
    for trace in spooled:
        guard, steps = Guard(), []
        for time, payload in trace.events:
            seen = observations.of_payload(payload, time)
            if seen is not None:
                kept = json.loads(json.dumps(observations.packed(seen)))
                steps += guard.observe({observations.OWN_MEMBER: kept}, time)
        assert steps == told(trace), trace.name


def _is_hooked(payload: dict[str, object]) -> bool:
    """Pieces of messages are an event that the plugin does not listen to."""
    return payload["hook_event_name"] != "MessageDisplay"
