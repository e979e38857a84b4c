from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outrider.edge.readers.places import hashed_uid, instant
from outrider.kernel import limits

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
ZONES = st.integers(-1_439, 1_439).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(datetime(1970, 1, 2), datetime(9999, 12, 30), timezones=ZONES))
def test_an_instant_is_milliseconds_since_1970(moment: datetime) -> None:
    wanted = (moment - EPOCH) // timedelta(milliseconds=1)
    assert instant(moment.isoformat()) == wanted
    usual = moment.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert instant(usual) == wanted


def test_a_time_without_zone_is_utc() -> None:
    assert instant("1970-01-01T00:00:01") == instant("1970-01-01T00:00:01Z") == 1_000


def test_the_last_instant_is_the_end_of_the_year_9999() -> None:
    assert instant("9999-12-31T23:59:59.999Z") == limits.LATEST_INSTANT_MS


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "1969-12-31T23:59:59.999Z",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "9999-12-31T23:59:75.000Z",
        "2026-02-30T00:00:00.000Z",
        "2026-01-01T00:00:60.000Z",
        "2026-01-01T00:00:0x.000Z",
        "2026-01-01T00:00:00.x00Z",
        "2026-01-01T24:61:00.000Z",
        "\ud800" * 24,
        "-" * 24,
    ],
)
def test_what_is_no_time_that_can_be_shown_is_none(text: str) -> None:
    assert instant(text) is None


@given(st.text(max_size=30) | st.text("0123456789:-TZ.+", min_size=24, max_size=24))
def test_any_text_is_an_instant_in_range_or_none(text: str) -> None:
    at = instant(text)
    assert at is None or 0 <= at <= limits.LATEST_INSTANT_MS


@given(st.text(st.characters(exclude_categories=()), max_size=20))
def test_an_identity_depends_on_the_text_alone(text: str) -> None:
    assert hashed_uid(text) == hashed_uid(text)
    assert hashed_uid(text) != hashed_uid(text + " ")
    assert len(hashed_uid(text)) == 16
