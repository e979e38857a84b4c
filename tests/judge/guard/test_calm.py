"""Calm is said only where the next call would be let pass: what is missed is a hint that comes one event late."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from outrider.interface.hook.quiet import WARY
from outrider.interface.hook.session import CALMING_EVENTS
from outrider.judge.guard.guard import Guard
from outrider.judge.guard.ladder import Intervention
from outrider.judge.guard.settings import ENFORCE, OFF, Settings
from outrider.judge.guard.watch import Watch
from tests.judge.guard.traces import Trace, collection

TRACES = list(collection())
QUIET = ("PreToolUse", "PostToolUse", "PostToolUseFailure", "PostToolBatch")


def is_calm(watch: Watch, now: float) -> bool:
    return watch.is_calm(json.loads(json.dumps(watch.state())), now)


def played(trace: Trace, settings: Settings) -> tuple[list[bool], list[tuple[bool, Intervention]]]:
    """Return which events of calls went along the quiet lane, and everything loud with whether it was late."""
    watch, calm, wary = Watch(settings), False, 0
    late: list[bool] = []
    told: list[tuple[bool, Intervention]] = []
    for now, payload in trace.events:
        event = payload["hook_event_name"]
        loud = [each for each in watch.observe(payload, now) if each.level != "note"]
        if event in QUIET:
            late.append(calm)
        told += [(calm and event in QUIET, each) for each in loud]
        wary = WARY if loud else max(0, wary - 1)
        if wary:
            calm = False
        elif event in CALMING_EVENTS:
            calm = is_calm(watch, now)
    return late, told


def test_no_call_that_is_held_back_was_called_calm() -> None:
    for mode in ("advise", "enforce"):
        for trace in TRACES:
            _, told = played(trace, Settings(mode, interactive=False))
            assert [each.level for late, each in told if late and each.level != "hint"] == [], trace.name


def test_the_same_call_with_the_same_result_is_answered_when_its_hint_is_due() -> None:
    """The commonest loop by far: nothing of it comes late."""
    found = [played(trace, Settings()) for trace in TRACES if trace.is_loop]
    hints = [late for _, told in found for late, each in told if each.detector in ("same_result", "poll")]
    assert len(hints) >= 10
    assert not any(hints)


def test_work_goes_along_the_quiet_lane() -> None:
    late = [each for trace in TRACES if not trace.is_loop for each in played(trace, Settings())[0]]
    assert sum(late) > len(late) * 3 // 4


def test_asking_whether_it_is_calm_changes_nothing() -> None:
    for trace in TRACES[::9]:
        one, other = Watch(Settings()), Watch(Settings())
        for now, payload in trace.events:
            assert [each.level for each in one.observe(payload, now)] == [
                each.level for each in other.observe(payload, now)
            ]
            is_calm(one, now)
            assert one.state() == other.state()


def test_a_failed_call_is_followed_closely() -> None:
    watch = Watch(Settings())
    call = {"tool_name": "Bash", "tool_input": {"command": "make"}, "tool_use_id": "t1", "session_id": "s"}
    watch.observe({**call, "hook_event_name": "PreToolUse"}, 1.0)
    watch.observe({**call, "hook_event_name": "PostToolUseFailure", "error": "Exit code 2"}, 2.0)
    assert not is_calm(watch, 2.0)


LIMITS: list[dict[str, dict[str, float]]] = [
    {"session": {"seconds": 700}},
    {"session": {"idle": 20}},
    {"session": {"calls": 15}},
    {"session": {"edits": 12}},
    {"session": {"failed": 13}},
    {"session": {"agents": 2}},
    {"agent": {"seconds": 60}},
    {"agent": {"calls": 14}},
]


@pytest.mark.parametrize("limits", LIMITS, ids=str)
def test_no_limit_that_stops_a_session_is_told_too_late(limits: dict[str, dict[str, float]]) -> None:
    held = 0
    for mode in ("advise", "enforce"):
        for trace in TRACES[::4]:
            _, told = played(trace, Settings(mode, interactive=False, limits=limits))
            grave = [(late, each.detector) for late, each in told if each.level != "hint"]
            assert not any(late for late, _ in grave), trace.name
            held += len(grave)
    assert held


def test_agents_at_work_side_by_side_do_not_calm_each_other() -> None:
    """What one agent does again and again is held in time, however many others work well meanwhile."""
    loops = [trace for trace in TRACES if trace.is_loop]
    others = [trace for trace in TRACES if not trace.is_loop]
    late = 0
    for seed in range(24):
        chance = random.Random(seed)
        chosen = chance.sample(loops, 2) + chance.sample(others, chance.randint(1, 10))
        calls, told = played(_side_by_side(chosen, chance), Settings("enforce", interactive=False))
        assert [each.level for is_late, each in told if is_late and each.level != "hint"] == [], seed
        late += sum(calls)
    assert late > 1_000


def _side_by_side(traces: list[Trace], chance: random.Random) -> Trace:
    waiting = [
        [_as_agent(name, payload) for _, payload in trace.events if payload["hook_event_name"] in QUIET]
        for name, trace in enumerate(traces)
    ]
    events = []
    now = 1_790_000_000.0
    while any(waiting):
        events.append((now, chance.choice([each for each in waiting if each]).pop(0)))
        now += chance.uniform(0.05, 1.5)
    return Trace("side by side", "", True, events)


def _as_agent(name: int, payload: dict[str, Any]) -> dict[str, Any]:
    made = {**payload, "agent_id": f"agent{name}", "agent_type": "worker", "session_id": "s"}
    if "tool_use_id" in payload:
        made["tool_use_id"] = f"{name}:{payload['tool_use_id']}"
    if "tool_calls" in payload:
        calls = payload["tool_calls"]
        made["tool_calls"] = [{**call, "tool_use_id": f"{name}:{call['tool_use_id']}"} for call in calls]
    return made


def test_a_limit_is_near_when_the_calls_of_a_reply_could_reach_it() -> None:
    watch = Watch(Settings(limits={"session": {"calls": 14}}))
    calm = []
    for at in range(1, 4):
        call = {"tool_name": "Read", "tool_input": {"file_path": f"/a/{at}"}, "tool_use_id": f"t{at}"}
        watch.observe({**call, "hook_event_name": "PreToolUse", "session_id": "s"}, at)
        watch.observe(
            {**call, "hook_event_name": "PostToolUse", "session_id": "s", "tool_response": f"text {at}"}, at
        )
        calm.append(is_calm(watch, at))
    assert calm == [True, False, False], "ten more than two of fourteen are beyond the warning"


def test_a_limit_of_cost_is_near_when_one_reply_could_reach_it() -> None:
    guard = Guard(Settings(limits={"session": {"cost": 10}}))
    calm = []
    for at in range(1, 17):
        guard.spend("cost", 1, at)
        calm.append(not guard.is_near_limit(at))
    assert calm == [True, True, *7 * [False], *5 * [True], False, False]


def test_a_guard_that_is_off_is_calm() -> None:
    assert is_calm(Watch(Settings(OFF)), 1.0)


def test_what_cannot_be_read_is_not_calm() -> None:
    assert not Watch(Settings(ENFORCE)).is_calm({"guard": "damaged"}, 1.0)
