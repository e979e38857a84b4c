from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outrider.judge.metrics.totals import NANO, Totals, percentile
from outrider.record.usage import Usage


def test_totals_of_nothing_are_zero() -> None:
    assert Totals() == Totals(0, 0, 0, 0, Usage(), 0, 0, 0)


def test_a_dollar_is_a_whole_number_of_nano_dollars() -> None:
    assert NANO == 10**9


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([], 0.5, 0),
        ([7], 0.0, 7),
        ([7], 1.0, 7),
        ([1, 2], 0.5, 1),
        ([3, 1, 2], 0.5, 2),
        (list(range(1, 11)), 0.9, 9),
        (list(range(1, 12)), 0.9, 10),
        (list(range(1, 101)), 0.9, 90),
    ],
)
def test_a_percentile_is_the_nearest_rank(values: list[int], share: float, expected: int) -> None:
    assert percentile(values, share) == expected


@given(st.lists(st.integers(), min_size=1), st.sampled_from([0.1, 0.5, 0.9, 1.0]))
def test_a_percentile_is_the_smallest_value_that_so_many_do_not_exceed(
    values: list[int], share: float
) -> None:
    def reached(bound: int) -> bool:
        return sum(value <= bound for value in values) >= share * len(values)

    assert percentile(values, share) == min(value for value in values if reached(value))
