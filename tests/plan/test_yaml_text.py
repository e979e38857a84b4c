"""Small YAML documents as plain values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outrider.plan.workflow.model import Mistake
from outrider.plan.yaml_text import yaml_value


def test_every_value_is_a_text() -> None:
    assert yaml_value("a: 1\nb: [yes, 2.50]\nc: {d: 'x: y'}") == {
        "a": "1",
        "b": ["yes", "2.50"],
        "c": {"d": "x: y"},
    }


def test_what_is_left_out_is_an_empty_text() -> None:
    assert yaml_value("a:\nb: ~\nc: '~'") == {"a": "", "b": "", "c": "~"}


def test_of_a_repeated_key_the_last_value_stands() -> None:
    assert yaml_value("a: x\na: y") == {"a": "y"}


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("", "empty-file"),
        ("a: [b", "not-yaml"),
        ("a: &x b\nc: *x", "anchor"),
        ("a: !!python/name:os.system b", "tag"),
        ("a: b\n---\nc: d", "second-document"),
        ("a: " + "[" * 100_000, "too-deep"),
        ("- a\n" * 30_000, "too-many"),
        ("a: \ud800", "hidden-character"),
        ("x" * 2_000_000, "too-large"),
    ],
    ids=lambda value: value[:12],
)
def test_what_cannot_be_read_is_one_mistake(text: str, slug: str) -> None:
    found = yaml_value(text)
    assert isinstance(found, Mistake)
    assert found.slug == slug


@given(
    st.text("ab:-[]{}\"'&*!|>#%@ \n\t?,\ud800\0", max_size=80)
    | st.binary().map(lambda raw: raw.decode("latin-1"))
)
def test_no_text_is_an_exception(text: str) -> None:
    assert isinstance(yaml_value(text), str | list | dict | Mistake)
