"""The breaker as a state machine: an exit from every state, no two trips without progress in between."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from outrider.judge.guard import breaker as b


class BreakerMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.breaker = b.Breaker()
        self.now = 1_000.0
        self.progressed = True
        self.out = 0

    @rule(seconds=st.floats(0, 400))
    def time_goes(self, seconds: float) -> None:
        self.now += seconds

    @rule()
    def trip(self) -> None:
        before = self.breaker.state
        assert self.breaker.trip(self.now) == (before == b.CLOSED)
        if before == b.CLOSED:
            assert self.progressed
            self.progressed = False

    @rule()
    def ask(self) -> None:
        before, probing = self.breaker.state, self.breaker.probing
        since, wait = self.breaker.since, self.breaker.wait
        answer = self.breaker.ask(self.now)
        if answer == b.PROBE:
            self.out = 1
            assert self.breaker.probing
            assert not probing or self.now >= since + wait
        if before in (b.CLOSED, b.METRICS_ONLY, b.DISABLED):
            assert answer == b.PASS
        if before == b.FORCED_OPEN:
            assert answer == b.REFUSE

    @rule()
    def progress(self) -> None:
        before = self.breaker.state
        self.breaker.progress()
        assert self.breaker.state == (b.HALF_OPEN if before == b.OPEN else before)

    @rule(is_new=st.booleans())
    def settle(self, is_new: bool) -> None:
        before, probing, wait = self.breaker.state, self.breaker.probing, self.breaker.wait
        self.breaker.settle(is_new, self.now)
        if before == b.HALF_OPEN and probing:
            self.out = 0
            assert self.breaker.state == (b.CLOSED if is_new else b.OPEN)
            assert is_new or self.breaker.wait == min(wait * 2, b.LONGEST_WAIT)
            self.progressed = self.progressed or is_new
        else:
            assert self.breaker.state == before

    @rule(state=st.sampled_from([b.FORCED_OPEN, b.DISABLED, b.METRICS_ONLY, b.CLOSED]))
    def force(self, state: str) -> None:
        self.breaker.force(state)
        self.progressed = True

    @precondition(lambda self: self.breaker.state == b.HALF_OPEN and self.breaker.probing)
    @rule(times=st.integers(1, 5))
    def only_one_probe_is_let_through(self, times: int) -> None:
        if self.now < self.breaker.since + self.breaker.wait:
            assert {self.breaker.ask(self.now) for _ in range(times)} == {b.REFUSE}

    @invariant()
    def every_state_has_an_exit(self) -> None:
        copy = b.unpacked(self.breaker.packed())
        assert copy.packed() == self.breaker.packed()
        if copy.state in (b.OPEN, b.HALF_OPEN):
            assert copy.ask(copy.since + copy.wait) == b.PROBE
            copy.settle(True, copy.since)
            assert copy.state == b.CLOSED
        elif copy.state != b.CLOSED:
            copy.force(b.CLOSED)
            assert copy.ask(self.now) == b.PASS


BreakerMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestBreaker = BreakerMachine.TestCase


def test_a_clock_that_was_set_back_does_not_keep_the_breaker_open() -> None:
    breaker = b.Breaker()
    breaker.trip(5_000.0)
    assert breaker.ask(1_000.0) == b.PROBE
