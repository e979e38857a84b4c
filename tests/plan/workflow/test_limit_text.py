"""Limits as text."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outrider.plan.workflow.limit_text import Kind, limit_as_text, limits_as_texts, parse_limit
from outrider.plan.workflow.mistakes import TextError
from outrider.plan.workflow.model import Limits

KINDS: tuple[Kind, ...] = ("time", "count", "money")


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("45m", "time", 2_700_000),
        ("1h30m", "time", 5_400_000),
        ("1h 30m", "time", 5_400_000),
        ("2d", "time", 172_800_000),
        ("1s500ms", "time", 1_500),
        ("300", "count", 300),
        ("600k", "count", 600_000),
        ("2M", "count", 2_000_000),
        ("1.5M", "count", 1_500_000),
        ("600_000", "count", 600_000),
        ("5 USD", "money", 5_000_000_000),
        ("0.25USD", "money", 250_000_000),
    ],
)
def test_a_limit_reads_in_the_units_of_the_model(text: str, kind: Kind, value: int) -> None:
    assert parse_limit(text, kind) == value


@pytest.mark.parametrize(
    ("text", "kind", "suggestion"),
    [
        ("45", "time", "say the unit: `45m` for minutes, `45s` for seconds"),
        ("45 minutes", "time", "write `45m` or `1h30m`"),
        ("30m1h", "time", "write `45m` or `1h30m`"),
        ("", "time", "write `45m` or `1h30m`"),
        ("0s", "time", "write `45m` or `1h30m`, or leave the limit out"),
        ("5", "money", "write `5 USD`"),
        ("$5", "money", "write `5 USD`"),
        ("5 EUR", "money", "write `5 USD`"),
        ("-3", "count", "write `300`, `600k` or `2M`"),
        ("1e3", "count", "write `300`, `600k` or `2M`"),
        ("1.5", "count", "write `300`, `600k` or `2M`"),
        ("0", "count", "write `300`, `600k` or `2M`, or leave the limit out"),
        ("9" * 19, "count", "write `300`, `600k` or `2M`, or leave the limit out"),
        ("٣", "count", "write `300`, `600k` or `2M`"),
    ],
)
def test_a_bad_limit_says_what_to_write(text: str, kind: Kind, suggestion: str) -> None:
    with pytest.raises(TextError) as caught:
        parse_limit(text, kind)
    assert (caught.value.slug, caught.value.suggestion) == ("bad-limit", suggestion)


@given(st.integers(1, 10**15 - 1), st.sampled_from(KINDS))
def test_writing_and_reading_a_limit_gives_the_same(value: int, kind: Kind) -> None:
    assert parse_limit(limit_as_text(value, kind), kind) == value


@given(st.text() | st.text("0123456789.dhmskM USD_", max_size=20), st.sampled_from(KINDS))
def test_no_text_breaks_the_reading_of_limits(text: str, kind: Kind) -> None:
    with contextlib.suppress(TextError):
        assert parse_limit(text, kind) > 0


def test_only_limits_that_are_set_are_written() -> None:
    assert limits_as_texts(Limits(time_ms=60_000, cost=1_500_000_000)) == {"time": "1m", "cost": "1.5 USD"}
