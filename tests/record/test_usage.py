from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from outrider.record.usage import Usage

COUNTS = st.integers(0, 10**12)
USAGES = st.builds(Usage, COUNTS, COUNTS, COUNTS, COUNTS, COUNTS, COUNTS)


def fields(usage: Usage) -> tuple[int, ...]:
    return (
        usage.input,
        usage.output,
        usage.cache_read,
        usage.cache_write_5m,
        usage.cache_write_1h,
        usage.web_searches,
    )


def test_a_usage_without_numbers_is_zero() -> None:
    assert fields(Usage()) == (0, 0, 0, 0, 0, 0)


def test_the_prompt_is_fresh_input_and_every_kind_of_cache() -> None:
    assert Usage(1, 20, 300, 4_000, 50_000, 600_000).prompt_tokens == 54_301


def test_the_total_adds_the_answer_but_no_searches() -> None:
    assert Usage(1, 20, 300, 4_000, 50_000, 600_000).total_tokens == 54_321


@given(USAGES, USAGES)
def test_a_sum_adds_field_by_field(one: Usage, other: Usage) -> None:
    pairs = zip(fields(one), fields(other), strict=True)
    assert fields(one.plus(other)) == tuple(a + b for a, b in pairs)


@given(USAGES, USAGES)
def test_a_maximum_takes_the_larger_of_each_field(one: Usage, other: Usage) -> None:
    pairs = zip(fields(one), fields(other), strict=True)
    assert fields(one.maximum(other)) == tuple(max(a, b) for a, b in pairs)


@given(USAGES, USAGES, USAGES)
def test_sums_and_maxima_do_not_depend_on_order(one: Usage, other: Usage, third: Usage) -> None:
    assert one.plus(other).plus(third) == third.plus(other.plus(one))
    assert one.maximum(other).maximum(third) == third.maximum(other.maximum(one))


@given(USAGES)
def test_a_line_told_twice_changes_no_maximum_and_nothing_adds_nothing(usage: Usage) -> None:
    assert usage.maximum(usage) == usage == usage.plus(Usage())
