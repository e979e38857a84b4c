"""The breakers within a whole guard: no state without an exit, no two trips without progress in between."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from outrider.judge.guard import breaker
from outrider.judge.guard.guard import Guard
from outrider.judge.guard.ladder import ASK, DENY, STOP
from outrider.judge.guard.settings import ENFORCE, Settings

HELD = (DENY, ASK, STOP)
CALLS = st.sampled_from(["a", "b"])


class GuardMachine(RuleBasedStateMachine):
    """An enforcing guard, a model that is stuck at two calls, and everything that may free it."""

    interactive = True

    def __init__(self) -> None:
        super().__init__()
        self.settings = Settings(mode=ENFORCE, interactive=self.interactive)
        self.guard = Guard(self.settings)
        self.now = 1_000.0
        self.count = 0
        self.trips: dict[str, int] = {}
        self.tripped: dict[str, float] = {}
        self.progressed: set[str] = set()

    @rule(call=CALLS, times=st.integers(1, 9))
    def the_model_repeats_itself(self, call: str, times: int) -> None:
        for _ in range(times):
            self.attempt(call, f"this is all that {call} ever says")

    @rule(call=CALLS, lost=st.booleans())
    def a_call_says_something_new_or_is_lost(self, call: str, lost: bool) -> None:
        self.attempt(call, "" if lost else f"this was never said before: {'x' * self.count}", lost=lost)

    @rule()
    def something_new_is_written(self) -> None:
        self.count += 1
        given = {"file_path": "/p/a.py", "old_string": f"{self.count}", "new_string": f"{self.count + 1}"}
        if not self.send("PreToolUse", tool_name="Edit", tool_input=given):
            self.send(
                "PostToolUse", tool_name="Edit", tool_input=given, tool_response="The file was updated."
            )
            self.free()

    @rule()
    def a_person_speaks(self) -> None:
        self.count += 1
        self.send("UserPromptSubmit", prompt=f"Now look at part {self.count} of it.")
        self.free()

    @rule(seconds=st.floats(0, 700))
    def time_goes(self, seconds: float) -> None:
        self.now += seconds

    @rule()
    def the_guard_is_put_away_and_taken_out(self) -> None:
        self.guard = copy_of(self.guard, self.settings)

    @invariant()
    def there_is_no_second_trip_without_progress(self) -> None:
        families = self.families(self.guard)
        for name, known in families.items():
            if known.trips > self.trips.get(name, 0):
                since = self.tripped.get(name)
                if since is not None:
                    assert name in self.progressed or self.now - since >= breaker.FIRST_WAIT, name
                self.tripped[name] = self.now
                self.progressed.discard(name)
        self.trips = {name: known.trips for name, known in families.items()}

    @invariant()
    def every_held_call_can_get_through_again(self) -> None:
        for name, known in self.families(self.guard).items():
            assert known.state in (breaker.OPEN, breaker.HALF_OPEN)
            for by_person in (True, False):
                if not by_person and self.guard.state()["stopped"]:
                    continue
                self.leads_out(name, by_person)

    def leads_out(self, name: str, by_person: bool) -> None:
        """A person's word at once, or time alone, lets one probe through; what is new closes the breaker."""
        other = copy_of(self.guard, self.settings)
        call = self.call_of(name)
        now = self.now + 1 if by_person else self.now + breaker.LONGEST_WAIT
        if by_person:
            other.observe(payload("UserPromptSubmit", prompt="Go on with something else."), now)
        fields: dict[str, Any] = {"tool_name": "Bash", "tool_input": {"command": call}, "tool_use_id": "last"}
        assert not held(other.observe(payload("PreToolUse", **fields), now + 1))
        twin = {**fields, "tool_use_id": "twin"}
        assert held(other.observe(payload("PreToolUse", **twin), now + 1.5)), "one probe only"
        other.observe(payload("PostToolUse", **fields, tool_response="something else at last"), now + 2)
        assert name not in self.families(other)

    def attempt(self, call: str, said: str, *, lost: bool = False) -> None:
        self.count += 1
        fields = {"tool_name": "Bash", "tool_input": {"command": call}, "tool_use_id": f"t{self.count}"}
        self.now += 3
        if not self.send("PreToolUse", **fields) and not lost:
            self.now += 0.5
            self.send("PostToolUse", **fields, tool_response=said)
        self.there_is_no_second_trip_without_progress()

    def send(self, event: str, **fields: Any) -> bool:
        return held(self.guard.observe(payload(event, **fields), self.now))

    def free(self) -> None:
        self.progressed |= set(self.tripped)

    def call_of(self, name: str) -> str:
        keys = {self.key(call): call for call in ("a", "b")}
        return keys[name]

    def key(self, call: str) -> str:
        from outrider.judge.guard.seeing.call_keys import key_of

        return ":" + key_of("Bash", {"command": call}, "/p").key

    @staticmethod
    def families(guard: Guard) -> dict[str, breaker.Breaker]:
        known = guard.state()["families"]
        assert isinstance(known, dict)
        return {name: breaker.unpacked(values[3]) for name, values in known.items()}


class UnattendedMachine(GuardMachine):
    interactive = False


def payload(event: str, **fields: Any) -> dict[str, Any]:
    return {"session_id": "s", "cwd": "/p", "hook_event_name": event, **fields}


def held(told: list[Any]) -> bool:
    return any(step.level in HELD for step in told)


def copy_of(guard: Guard, chosen: Settings) -> Guard:
    made = Guard(chosen, json.loads(json.dumps(guard.state())))
    assert not made.is_fresh
    return made


_FEW = settings(max_examples=30, stateful_step_count=20, deadline=None)
GuardMachine.TestCase.settings = _FEW
UnattendedMachine.TestCase.settings = _FEW
TestGuard = GuardMachine.TestCase
TestUnattendedGuard = UnattendedMachine.TestCase


def test_the_breaker_of_a_guard_does_open() -> None:
    guard = Guard(Settings(mode=ENFORCE))
    levels = []
    for at in range(12):
        fields = {"tool_name": "Bash", "tool_input": {"command": "a"}, "tool_use_id": f"t{at}"}
        told = guard.observe(payload("PreToolUse", **fields), 3.0 * at)
        levels += [step.level for step in told]
        if not held(told):
            guard.observe(
                payload("PostToolUse", **fields, tool_response="always the same words"), 3.0 * at + 1
            )
    assert levels[-1] in HELD
    assert DENY in levels
