"""The third set: made from the definitions before anybody looked at what the guard says of it."""

from __future__ import annotations

import pytest

from outrider.judge.guard.guard import Guard
from outrider.judge.guard.settings import Settings
from tests.judge.guard.variants import Variant, every, told

ALL = list(every())


def named(case: tuple[Variant, int, str]) -> str:
    return f"{case[0].name}-{case[1]}-{case[2]}"


@pytest.mark.parametrize("case", [case for case in ALL if case[0].is_loop], ids=named)
def test_a_loop_is_told(case: tuple[Variant, int, str]) -> None:
    guard = Guard(Settings())
    levels = {step.level for time, payload in told(*case) for step in guard.observe(payload, time)}
    assert levels - {"note"}


@pytest.mark.parametrize("case", [case for case in ALL if not case[0].is_loop], ids=named)
@pytest.mark.parametrize("interactive", [True, False])
def test_what_only_looks_like_a_loop_stays_silent(case: tuple[Variant, int, str], interactive: bool) -> None:
    guard = Guard(Settings(interactive=interactive))
    assert [step for time, payload in told(*case) for step in guard.observe(payload, time)] == []
