"""JSON without the `json` package says what `json` says."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outrider.interface.hook.wire import read_json, write_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(VALUES)
def test_what_is_written_is_read_back(value: object) -> None:
    assert read_json(write_json(value)) == value
    assert json.loads(write_json(value)) == value
    assert "\n" not in write_json(value)


@given(VALUES)
def test_it_reads_what_json_writes(value: object) -> None:
    assert read_json(" \n" + json.dumps(value, indent=1) + "\n") == value


def _refuse(name: str) -> None:
    raise ValueError(name)


@given(st.text())
def test_it_refuses_what_json_refuses(text: str) -> None:
    try:
        expected = json.loads(text, strict=False, parse_constant=_refuse)
    except (ValueError, RecursionError):
        with pytest.raises((ValueError, RecursionError)):
            read_json(text)
    else:
        assert read_json(text) == expected


@pytest.mark.parametrize("text", ["", "NaN", "[1] 2", "{", "[" * 100_000, '{"a":1,}'])
def test_damage_is_an_error_that_is_caught(text: str) -> None:
    with pytest.raises((ValueError, RecursionError)):
        read_json(text)
