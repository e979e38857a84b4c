"""One session before the guard: what is counted, and what would have been spared."""

from __future__ import annotations

from typing import Any

from outrider.judge.backtest.cases import Backtest, SessionResult
from outrider.judge.backtest.trial import Trial
from outrider.judge.guard.ladder import Intervention
from outrider.judge.guard.settings import Settings
from outrider.judge.guard.watch import Watch
from tests.judge.guard.traces import Log


class Scripted(Watch):
    """Says what it was told to say at the calls of these ids."""

    def __init__(self, **levels: str) -> None:
        super().__init__(Settings())
        self.levels = levels

    def observe(self, payload: dict[str, Any], now: float) -> list[Intervention]:
        level = self.levels.get(payload.get("tool_use_id", ""))
        if payload["hook_event_name"] != "PreToolUse" or level is None:
            return []
        if level == "fault":
            raise ValueError(level)
        return [Intervention(level, "breaker", 3, label="Bash ls")]


def outcome(watch: Watch, log: Log, *, with_around: bool = False) -> SessionResult:
    trial = Trial(watch, "a.jsonl", log.session, with_around)
    for at, payload in log.events:
        trial.take(payload, at)
    return trial.result()


def calls(number: int) -> Log:
    log = Log(0)
    for each in range(number):
        log.bash(f"echo {each}", "out")
    return log


def test_a_repeated_call_is_a_case_with_its_place_and_evidence() -> None:
    log = Log(0)
    for _ in range(4):
        log.bash("git status", "clean")
    found = outcome(Watch(Settings()), log)
    case = found.cases[0]
    assert (case.level, case.detector, case.event) == ("hint", "same_result", "PostToolUse")
    assert case.evidence
    assert log.events[case.index][0] == case.at
    assert log.events[case.index][1]["tool_use_id"] == case.call == case.evidence[-1]
    assert (found.events, found.calls) == (len(log.events), 4)


def test_calls_count_once_whichever_of_their_events_a_log_holds() -> None:
    log = calls(3)
    whole = outcome(Watch(Settings()), log)
    for kept in ("PreToolUse", "PostToolUse"):
        log = calls(3)
        log.events = [each for each in log.events if each[1]["hook_event_name"] == kept]
        assert outcome(Watch(Settings()), log).calls == whole.calls == 3


def test_calls_without_ids_count_once_as_well() -> None:
    log = calls(3)
    for _, payload in log.events:
        payload.pop("tool_use_id", None)
    assert outcome(Watch(Settings()), log).calls == 3


def test_a_denied_call_is_spared_and_a_call_that_a_person_is_asked_about_is_not() -> None:
    found = outcome(Scripted(toolu_000002="deny", toolu_000003="ask"), calls(4))
    assert [case.level for case in found.cases] == ["deny", "ask"]
    assert found.spared == ("toolu_000002",)


def test_after_a_stop_every_call_is_spared_until_a_person_speaks() -> None:
    log = calls(3)
    log.prompt("go on then")
    log.bash("ls", "out")
    found = outcome(Scripted(toolu_000002="stop", toolu_000003="stop"), log)
    assert [case.level for case in found.cases] == ["stop"]
    assert found.spared == ("toolu_000002", "toolu_000003")


def test_an_event_that_the_guard_trips_over_is_a_fault_and_the_rest_goes_on() -> None:
    found = outcome(Scripted(toolu_000001="fault", toolu_000002="hint"), calls(2))
    assert (found.faults, len(found.cases)) == (1, 1)


def test_what_stands_around_a_case_is_kept_only_for_a_review() -> None:
    log = calls(12)
    watch = Scripted(toolu_000006="hint")
    assert outcome(watch, log).cases[0].around == ()
    case = outcome(watch, log, with_around=True).cases[0]
    indexes = [each.index for each in case.around]
    assert indexes == list(range(case.index - 7, case.index + 4))
    assert any("echo 5" in each.given for each in case.around)


def test_the_sums_are_those_of_all_sessions() -> None:
    first = outcome(Scripted(toolu_000001="hint", toolu_000002="deny"), calls(4))
    sums = Backtest((first, SessionResult("b.jsonl", ""))).totals()
    assert (sums.sources, sums.sessions, sums.calls, sums.spared_calls) == (2, 1, 4, 1)
    assert sums.by_level == {"note": 0, "hint": 1, "deny": 1, "ask": 0, "stop": 0}
    assert sums.by_detector == {"breaker": 2}
    assert (sums.hints_per_1000_calls, sums.spared_cost) == (250.0, None)


def test_only_more_than_a_note_counts_as_intervening() -> None:
    assert not Backtest((outcome(Scripted(toolu_000001="note"), calls(1)),)).intervened
    assert Backtest((outcome(Scripted(toolu_000001="hint"), calls(1)),)).intervened
