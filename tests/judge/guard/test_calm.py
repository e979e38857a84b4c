"""Calm is said only where the next call would be let pass: what is missed is a hint that comes one event late."""

from __future__ import annotations

import json

from outrider.interface.hook.quiet import WARY
from outrider.interface.hook.session import CALMING_EVENTS
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


def test_a_limit_that_the_next_call_reaches_is_waited_for() -> None:
    watch = Watch(Settings(limits={"session": {"calls": 5}}))
    calm = []
    for at in range(1, 4):
        call = {"tool_name": "Read", "tool_input": {"file_path": f"/a/{at}"}, "tool_use_id": f"t{at}"}
        watch.observe({**call, "hook_event_name": "PreToolUse", "session_id": "s"}, at)
        watch.observe(
            {**call, "hook_event_name": "PostToolUse", "session_id": "s", "tool_response": f"text {at}"}, at
        )
        calm.append(is_calm(watch, at))
    assert calm == [True, True, False], "at four of five the warning is due"


def test_a_guard_that_is_off_is_calm() -> None:
    assert is_calm(Watch(Settings(OFF)), 1.0)


def test_what_cannot_be_read_is_not_calm() -> None:
    assert not Watch(Settings(ENFORCE)).is_calm({"guard": "damaged"}, 1.0)
