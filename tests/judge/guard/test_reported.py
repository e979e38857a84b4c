"""Situations that users of other guards reported, told as hook events in each shape."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from outrider.judge.guard.guard import Guard
from outrider.judge.guard.ladder import Intervention
from tests.judge.guard.reported import ALIKES, LOOPS
from tests.judge.guard.traces import Log

SEEDS = (0, 1, 2, 4)


def told(maker: Callable[[Log], None], seed: int) -> list[Intervention]:
    log = Log(seed)
    maker(log)
    guard = Guard()
    return [step for time, payload in log.events for step in guard.observe(payload, time)]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("maker", LOOPS, ids=lambda maker: maker.__name__)
def test_a_loop_is_told(maker: Callable[[Log], None], seed: int) -> None:
    assert told(maker, seed)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("maker", ALIKES, ids=lambda maker: maker.__name__)
def test_what_only_looks_like_a_loop_stays_silent(maker: Callable[[Log], None], seed: int) -> None:
    assert told(maker, seed) == []
