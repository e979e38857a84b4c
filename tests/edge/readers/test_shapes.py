from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outrider.edge.readers import shapes
from outrider.kernel import limits

ODD: list[Any] = [
    None,
    True,
    0,
    -1,
    1.5,
    10**30,
    "",
    "x" * 5_000,
    [],
    [None],
    ["x"],
    {},
    {"x": 1},
    [[]],
    [{}],
]
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


def lenient(value: Any) -> shapes.LineShape:
    found = shapes.lenient_line(json.dumps(value).encode())
    assert found is not None
    return found


def test_a_line_of_the_right_form_reads_alike_both_ways() -> None:
    line = {
        "type": "assistant",
        "uuid": "u",
        "isMeta": True,
        "parentToolUseID": "t",
        "durationMs": 1.5,
        "message": {"usage": {"input_tokens": 3}, "content": [{"type": "text", "text": "a"}]},
    }
    assert lenient(line) == shapes.strict_line(json.dumps(line).encode())


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: json.dumps(odd)[:20])
@pytest.mark.parametrize("field", [spec.encode_name for spec in msgspec.structs.fields(shapes.LineShape)])
def test_one_odd_value_costs_only_itself(field: str, odd: Any) -> None:
    kept = "type" if field != "type" else "subtype"
    assert (
        getattr(lenient({kept: "good", field: odd, "uuid" if field != "uuid" else "cwd": "u"}), kept)
        == "good"
    )


def test_an_odd_part_of_a_message_leaves_its_other_parts() -> None:
    content = [None, "text", {"type": "text", "text": 5}, {"type": "text", "text": "kept", "is_error": "no"}]
    usage = {"input_tokens": "many", "output_tokens": 7, "cache_creation": [1]}
    message = lenient({"message": {"id": 5, "model": "m", "usage": usage, "content": content}}).message
    assert message is not None
    assert (message.id, message.model) == ("", "m")
    assert message.usage is not None
    assert (message.usage.input_tokens, message.usage.output_tokens) == (0, 7)
    assert isinstance(message.content, list)
    assert [block.text for block in message.content] == ["", "kept"]


@pytest.mark.parametrize("count", [-1, limits.TOKENS, 10**30, 1.5, "7", True])
def test_an_absurd_number_of_tokens_is_none(count: Any) -> None:
    message = lenient({"message": {"usage": {"input_tokens": count, "output_tokens": 7}}}).message
    assert message is not None
    assert message.usage is not None
    assert (message.usage.input_tokens, message.usage.output_tokens) == (0, 7)


def test_a_long_name_is_cut_and_a_long_path_less() -> None:
    line = lenient({"type": "t" * 5_000, "cwd": "c" * 5_000})
    assert (len(line.type), len(line.cwd or "")) == (limits.LABEL_CHARS, limits.PATH_CHARS)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b'"\\ud800x"', "?x"),
        (b'"a\xffb"', "a\N{REPLACEMENT CHARACTER}b"),
        (b"9" * 5_000, 0),
        (b"[NaN,Infinity,1e999]", [None, None, None]),
        (b'{"a":1,"a":2}', {"a": 2}),
        ('"\u2028"'.encode(), "\u2028"),
        (b"nothing", None),
        (b"", None),
        (b"[" * 100_000, None),
        (b"[" * 100_000 + b"]" * 100_000, None),
    ],
)
def test_what_cannot_be_stored_is_replaced(raw: bytes, value: object) -> None:
    assert shapes.lenient_value(raw) == value


@given(JSON_VALUES)
def test_any_value_of_any_form_is_read_without_error(value: Any) -> None:
    raw = json.dumps({"message": value, "attachment": value, "hookInfos": value, "data": value}).encode()
    line = shapes.lenient_line(raw)
    assert line is not None
    shapes.decoded(line.data, shapes.Progress)
    shapes.decoded(msgspec.Raw(json.dumps(value).encode()), shapes.Outcome)


@pytest.mark.parametrize("depth", [*range(850, 1_010, 3), 5_000])
def test_no_depth_of_nesting_is_an_error(depth: int) -> None:
    nested = b"[" * depth + b"]" * depth
    for raw in (
        nested,
        b'{"data":%b,"uuid":5}' % nested,
        b'{"message":{"content":[{"input":%b,"id":5}]}}' % nested,
    ):
        shapes.lenient_line(raw)
        shapes.decoded(msgspec.Raw(raw), shapes.Progress)


def test_a_nested_value_that_is_no_object_says_nothing() -> None:
    assert shapes.decoded(msgspec.Raw(b"[1]"), shapes.Outcome) == shapes.Outcome()
    assert shapes.decoded(msgspec.Raw(), shapes.Outcome) == shapes.Outcome()


def test_a_nested_value_with_an_odd_part_keeps_the_rest() -> None:
    outcome = shapes.decoded(msgspec.Raw(b'{"agentId":"a","status":{},"interrupted":"yes"}'), shapes.Outcome)
    assert outcome == shapes.Outcome(agent_id="a")
