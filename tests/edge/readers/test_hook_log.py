"""Logs of hook events: what is read of them, whatever they hold."""

from __future__ import annotations

import io
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from outrider.edge.readers.hook_log import HookEvent, kind_of, read_hook_log
from outrider.record.faults import Fault

from .records import assistant, user


def payload(event: str = "PreToolUse", session: str = "s1", **fields: Any) -> dict[str, Any]:
    return {"hook_event_name": event, "session_id": session} | fields


def line(at: Any = 10.5, **fields: Any) -> bytes:
    return json.dumps({"t": at, "payload": payload(**fields)}).encode() + b"\n"


def read(*lines: bytes) -> tuple[list[HookEvent], list[Fault]]:
    found = list(read_hook_log(io.BytesIO(b"".join(lines))))
    return [each for each in found if isinstance(each, HookEvent)], [
        each for each in found if isinstance(each, Fault)
    ]


def kind(*lines: bytes) -> str:
    return kind_of(io.BytesIO(b"".join(lines)))


def test_every_line_is_an_event_with_its_time_and_session() -> None:
    events, faults = read(line(1), line(2, session="s2"), line(3.25))
    assert [(each.at, each.session) for each in events] == [(1, "s1"), (2, "s2"), (3.25, "s1")]
    assert events[0].payload == payload()
    assert faults == []


def test_a_damaged_line_costs_itself_alone_and_is_located() -> None:
    torn = line(2)[:25]
    events, faults = read(line(1), torn + b"\n", b"[1, 2]\n", b"noise\n", b"\n", line(3))
    assert [each.at for each in events] == [1, 3]
    assert [each.slug for each in faults] == ["torn-record", "not-a-record", "not-json"]
    assert faults[0].offset == len(line(1))


def test_events_on_one_line_and_behind_a_cut_one_are_found() -> None:
    events, faults = read(line(1).strip() + line(2), line(3)[:20] + line(4))
    assert [each.at for each in events] == [1, 2, 4]
    assert [each.slug for each in faults] == ["spliced-record", "spliced-record"]


def test_the_last_line_needs_no_line_end_and_windows_ones_are_none_of_it() -> None:
    events, faults = read(b"\xef\xbb\xbf" + line(1).strip() + b"\r\n", line(2).strip())
    assert ([each.at for each in events], faults) == ([1, 2], [])


def test_bytes_that_are_no_text_and_absurd_numbers_cost_nothing() -> None:
    raw = b'{"t": 5, "payload": {"hook_event_name": "Stop", "a": "\xff\xfe", "n": 1e999, "m": %s}}\n'
    events, faults = read(raw % (b"9" * 5_000), line(6))
    assert ([each.at for each in events], faults) == ([5, 6], [])


def test_a_time_that_is_none_is_that_of_the_event_before() -> None:
    given: list[Any] = [7, "late", None, -3, True, 10**30, 1_790_000_000_500, {}]
    events, _ = read(*(line(at) for at in given))
    assert [each.at for each in events] == [7, 7, 7, 7, 7, 7, 1_790_000_000.5, 1_790_000_000.5]


def test_an_event_that_does_not_say_its_session_is_of_the_one_before() -> None:
    without = json.dumps({"t": 2, "payload": {"hook_event_name": "Stop"}}).encode() + b"\n"
    events, _ = read(without, line(1), without)
    assert [each.session for each in events] == ["", "s1", "s1"]


def test_a_payload_alone_is_an_event_and_an_object_without_one_is_a_fault() -> None:
    events, faults = read(json.dumps(payload()).encode() + b"\n", b'{"t": 1, "payload": 5}\n')
    assert [each.payload for each in events] == [payload()]
    assert [each.slug for each in faults] == ["not-a-record"]


def test_what_is_nested_without_end_is_a_fault() -> None:
    deep = b'{"t":1,"payload":' + b'{"a":' * 200_000 + b"1" + b"}" * 200_001 + b"\n"
    events, faults = read(deep, line(2))
    assert [each.at for each in events] == [2]
    assert faults


def test_a_log_is_told_from_a_transcript_by_its_first_good_line() -> None:
    assert kind(b"noise\n", line()) == "hooks"
    assert kind(json.dumps(user()).encode(), b"\n") == "transcript"
    assert kind(b"{broken\n", json.dumps(assistant()).encode()) == "transcript"
    assert kind(b'{"type": "summary", "summary": "x", "leafUuid": "u"}\n') == "transcript"
    assert kind(b'{"t": 1, "payload": null}\n') == "hooks"
    assert kind(b'{"name": "x"}\n') == "other"
    assert kind(b"{\n", b'  "a": 1\n', b"}\n") == "other"
    assert kind(b"") == kind(b"noise\n\n") == "nothing"


@given(st.lists(st.binary(max_size=60), max_size=8), st.integers(0, 80))
def test_no_bytes_raise(noise: list[bytes], cut: int) -> None:
    whole = line(1)
    for raw in (b"\n".join(noise), whole[:cut] + b"".join(noise) + whole, whole + b"\n".join(noise)):
        list(read_hook_log(io.BytesIO(raw)))
        kind_of(io.BytesIO(raw))
