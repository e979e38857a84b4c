from __future__ import annotations

import io
import json
import random
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outrider.edge.readers.transcript import TranscriptName, read_transcript
from outrider.kernel import limits
from outrider.record.faults import Fault
from outrider.record.reading import Reading
from tests.edge.readers.records import (
    AT_MS,
    LONG,
    SESSION,
    assistant,
    every_kind,
    many,
    progress,
    raw,
    read,
    record,
    result,
    uids,
    user,
)

ONE, TWO, THREE = (raw(user(f"{n}", f"u{n}")) for n in (1, 2, 3))
ODD: list[Any] = [
    None,
    True,
    False,
    -1,
    1.5,
    10**25,
    "",
    "x" * 5_000,
    [],
    [None, 1],
    {},
    {"a": [{}]},
    [{"type": 5}],
]


def slugs(reading: Reading) -> list[str]:
    return [fault.slug for fault in reading.faults]


def places(reading: Reading) -> list[tuple[str, int, int]]:
    return [(fault.slug, fault.offset, fault.length) for fault in reading.faults]


def same(one: Reading, other: Reading) -> bool:
    return (one.entries, one.kinds, one.settings, one.skill_texts) == (
        other.entries,
        other.kinds,
        other.settings,
        other.skill_texts,
    )


def joined(first: Reading, rest: Reading) -> Reading:
    """Return what two readings of one file say together."""
    whole = Reading(first.entries, first.skill_texts | rest.skill_texts, first.kinds, first.settings)
    for session, found in rest.entries.items():
        whole.entries.setdefault(session, []).extend(found)
    for kind, count in rest.kinds.items():
        whole.kinds[kind] = whole.kinds.get(kind, 0) + count
    for (session, setting), span in rest.settings.items():
        whole.saw(session, setting, *span)
    whole.lines, whole.accounted = first.lines + rest.lines, first.accounted + rest.accounted
    return whole


def assert_sound(reading: Reading, content: bytes) -> None:
    """Check what holds of every reading, whatever was read."""
    assert 0 <= reading.accounted <= reading.lines <= content.count(b"\n") + 1
    assert all(f.offset >= 0 and f.offset + f.length <= len(content) for f in reading.faults), reading.faults
    assert reading.cursor + reading.waiting == len(content)
    lossy = {line_of(content, f) for f in reading.faults if f.detail in {"", "oversized"}}
    assert reading.lines - reading.accounted == len(lossy), (reading, content)


def line_of(content: bytes, fault: Fault) -> int:
    return content.count(b"\n", 0, fault.offset)


def test_every_kind_of_line_is_read_without_fault() -> None:
    lines = every_kind()
    reading = read(raw(*lines))
    assert reading.faults == []
    assert reading.lines == reading.accounted == sum(reading.kinds.values()) == len(lines)
    assert set(reading.entries) == {SESSION}


def test_an_empty_file_says_nothing() -> None:
    assert read(b"") == Reading()


def cuts(content: bytes) -> Iterator[int]:
    if LONG:
        yield from (at % (len(content) + 1) for at in range(20_000))
    else:
        yield from random.Random(1).choices(range(len(content) + 1), k=400)
        yield from (content.index(b"\n", 5_000) + by for by in range(-2, 3))


def assert_continues(content: bytes, whole: Reading, at: int) -> None:
    first = read(content[:at])
    assert first.faults == []
    assert first.cursor + first.waiting == at
    assert first.lines == content[:at].count(b"\n") + (not first.waiting and content[at : at + 1] == b"\n")
    rest = read(content, first.cursor)
    assert rest.faults == []
    together = joined(first, rest)
    assert same(together, whole)
    assert (together.lines, together.accounted) == (whole.lines, whole.accounted)


def test_a_torn_tail_waits_for_its_end() -> None:
    content = raw(*many(60))
    whole = read(content)
    for at in cuts(content):
        assert_continues(content, whole, at)


def test_a_torn_tail_waits_behind_a_mark_and_carriage_returns() -> None:
    content = b"\xef\xbb\xbf" + raw(*every_kind()).replace(b"\n", b"\r\n")
    whole = read(content)
    for at in range(0, len(content), 1 if LONG else 7):
        first = read(content[:at])
        assert first.faults == []
        assert same(joined(first, read(content, first.cursor)), whole)


def test_a_last_record_without_line_end_is_read_once() -> None:
    first = read(ONE + TWO.rstrip())
    assert uids(first) == ["u1", "u2"]
    assert first.waiting == 0
    assert uids(read(ONE + TWO + THREE, first.cursor)) == ["u3"]


def test_a_tail_that_was_never_finished_is_a_fault_once_a_line_follows() -> None:
    torn = read(ONE + TWO[:40])
    assert (torn.cursor, torn.waiting, torn.faults) == (len(ONE), 40, [])
    assert places(read(ONE + TWO[:40] + b"\n" + THREE, torn.cursor)) == [("torn-record", len(ONE), 40)]


def test_a_splice_costs_the_cut_record_alone() -> None:
    content = ONE + TWO[:60] + THREE + TWO
    reading = read(content)
    assert uids(reading) == ["u1", "u3", "u2"]
    assert places(reading) == [("spliced-record", len(ONE), 60)]
    assert (reading.lines, reading.accounted) == (3, 2)


def test_a_missing_line_end_costs_nothing() -> None:
    reading = read(ONE.rstrip() + TWO + THREE)
    assert uids(reading) == ["u1", "u2", "u3"]
    assert slugs(reading) == ["spliced-record"]
    assert (reading.lines, reading.accounted) == (2, 2)


def test_a_missing_line_end_beside_a_blank_line_is_still_seen() -> None:
    reading = read(ONE.rstrip() + TWO + b"\n" + THREE)
    assert uids(reading) == ["u1", "u2", "u3"]
    assert slugs(reading) == ["spliced-record"]
    assert (reading.lines, reading.accounted) == (2, 2)


def test_a_joined_record_without_session_is_kept_too() -> None:
    summary = raw({"type": "summary", "summary": "x", "leafUuid": "u"})
    for content in (
        summary.rstrip() + ONE,
        ONE.rstrip() + summary,
        TWO[:50] + summary,
        TWO[:50] + ONE.rstrip() + summary,
    ):
        assert read(content).kinds["summary"] == 1


@pytest.mark.parametrize(
    ("content", "offset", "length"),
    [
        (b"\0" * 9 + ONE, 0, 9),
        (ONE.rstrip() + b"\0" * 9 + b"\n", len(ONE) - 1, 9),
        (ONE + b"\0" * 9 + b"\n", len(ONE), 9),
    ],
)
def test_runs_of_zero_bytes_cost_nothing(content: bytes, offset: int, length: int) -> None:
    reading = read(content + TWO)
    assert uids(reading) == ["u1", "u2"]
    assert places(reading) == [("zero-bytes", offset, length)]
    assert reading.lines == reading.accounted == 2


def test_a_zero_run_before_a_splice_hides_nothing() -> None:
    reading = read(b"\0\0\0" + TWO[:60] + ONE)
    assert uids(reading) == ["u1"]
    assert places(reading) == [("zero-bytes", 0, 3), ("spliced-record", 3, 60)]


@pytest.mark.parametrize("blank", [b"\n", b"\r\n", b"  \n", b"\t\r\n", b"\n\n\n"])
def test_blank_lines_are_no_lines(blank: bytes) -> None:
    reading = read(blank + ONE + blank + TWO + blank)
    assert uids(reading) == ["u1", "u2"]
    assert (reading.lines, reading.accounted, reading.faults) == (2, 2, [])


def test_carriage_returns_and_a_byte_order_mark_are_no_damage() -> None:
    reading = read(b"\xef\xbb\xbf" + (ONE + TWO).replace(b"\n", b"\r\n"))
    assert uids(reading) == ["u1", "u2"]
    assert (reading.lines, reading.accounted, reading.faults) == (2, 2, [])


ODD_TEXTS = [
    b'"bad \xff\xfe\xc3 bytes"',
    b'"\\ud83d alone"',
    b'"\xed\xa0\xbd"',
    '"one\u2028two\u2029three\x85four"'.encode(),
    b"9" * 5_000,
    b"-" + b"9" * 5_000,
    b"NaN",
    b"-Infinity",
    b"1e999",
    b"[" * 300 + b"]" * 300,
    b'{"a":1,"a":{"b":2,"b":3}}',
]


@pytest.mark.parametrize("odd", ODD_TEXTS, ids=lambda odd: odd[:12])
@pytest.mark.parametrize(
    "field", ["zzz", "data", "toolUseResult", "timestamp", "cwd", "message", "uuid", "attachment"]
)
def test_odd_values_lose_no_record(field: str, odd: bytes) -> None:
    line = raw(user("kept", "u1")).rstrip()[:-1] + b',"%b":%b}\n' % (field.encode(), odd)
    reading = read(line + TWO)
    assert len(uids(reading)) == 2
    assert uids(reading)[1] == "u2"
    assert (reading.lines, reading.accounted, reading.faults) == (2, 2, [])


@pytest.mark.parametrize("odd", ODD_TEXTS, ids=lambda odd: odd[:12])
def test_odd_values_in_what_is_said_lose_no_record(odd: bytes) -> None:
    lines = [
        raw(assistant([{"type": "tool_use", "id": "t", "name": "Bash", "input": "@"}], "u1")),
        raw(result("@", "u2")),
        raw(user("@", "u3")),
        raw(progress(user("@", "u4"), uuid="u5")),
    ]
    content = b"".join(lines).replace(b'"@"', odd)
    reading = read(content)
    assert {"u1", "u2", "u3", "u4"} <= set(uids(reading))
    assert reading.faults == []
    repr(reading).encode()
    json.dumps(uids(reading)).encode()


def test_everything_that_is_kept_can_be_written_as_utf8() -> None:
    content = raw(user("@@", "u1"), assistant("@@"), record("ai-title", aiTitle="@@")).replace(
        b"@@", b"\\ud800\xff"
    )
    reading = read(content)
    assert len(uids(reading)) == 3
    str(reading.entries).encode()


@pytest.mark.parametrize("bracket", [b"[", b'{"a":'])
def test_a_record_that_is_nested_too_deep_costs_itself(bracket: bytes) -> None:
    deep = ONE.rstrip()[:-1] + b',"x":' + bracket * 100_000 + b"\n"
    reading = read(deep + TWO)
    assert uids(reading) == ["u2"]
    assert places(reading) == [("too-deep", 0, len(deep) - 1)]
    assert (reading.lines, reading.accounted) == (2, 1)


@pytest.mark.parametrize("depth", range(850, 1_010, 4))
def test_no_depth_is_an_error(depth: int) -> None:
    nested = b"[" * depth + b"]" * depth
    for field in (b'"data":%b', b'"x":%b,"uuid":5', b'"message":{"content":[{"input":%b,"id":5}]},"cwd":5'):
        content = b'{"type":"assistant","sessionId":"s",' + field % nested + b"}\n" + TWO
        assert uids(read(content))[-1] == "u2"
        assert uids(read(content.replace(b"\n", b"") + b"\n"))[-1] == "u2"


@pytest.mark.parametrize(
    ("line", "slug"),
    [
        (b"rubbish", "not-json"),
        (b"[1,2]", "not-a-record"),
        (b'"text"', "not-a-record"),
        (b"17", "not-a-record"),
        (b'{"type":"user","message', "torn-record"),
        (b"\xff\xfe\x00\x01", "not-json"),
        (b'}{"type":"user"}', "not-json"),
    ],
)
def test_a_line_without_records_is_located_and_named(line: bytes, slug: str) -> None:
    reading = read(ONE + line + b"\n" + TWO)
    assert uids(reading) == ["u1", "u2"]
    assert places(reading) == [(slug, len(ONE), len(line))]
    assert (reading.lines, reading.accounted) == (3, 2)


def test_unknown_kinds_are_counted_and_their_texts_are_not_kept() -> None:
    reading = read(raw(record("brand-new", message="x"), {"type": "other"}, {}, record("brand-new")))
    assert reading.kinds == {"brand-new": 2, "other": 1, "": 1}
    assert (reading.entries, reading.faults, reading.accounted) == ({}, [], 4)


def paths(value: Any, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every value inside ``value``."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in items:
        yield (*here, key)
        yield from paths(each, (*here, key))


def changed(line: Any, path: tuple[Any, ...], value: Any) -> Any:
    """Return a copy of ``line`` with another value at ``path``; without it when the value is ``...``."""
    copy = json.loads(json.dumps(line))
    spot = copy
    for key in path[:-1]:
        spot = spot[key]
    if value is ...:
        del spot[path[-1]]
    else:
        spot[path[-1]] = value
    return copy


def assert_kept(line: Any) -> None:
    reading = read(raw(user("before", "b"), line, user("after", "a")))
    assert (reading.lines, reading.accounted, reading.faults) == (3, 3, []), line
    assert sum(reading.kinds.values()) == 3
    found = uids(reading)
    assert {"b", "a"} <= set(found)
    if isinstance(line, dict) and line.get("type") in ("user", "assistant"):
        assert len(found) == 3


def test_a_field_removed_added_or_of_another_type_loses_no_record() -> None:
    for line in every_kind():
        for path in paths(line):
            for value in (..., *ODD):
                assert_kept(changed(line, path, value))
        assert_kept(line | {"zzz": ODD})


JUNK = st.binary(max_size=60) | st.sampled_from(
    [
        b"\0\0",
        b"\xef\xbb\xbf",
        b"\r",
        b" ",
        b"{",
        b"}",
        b"[",
        b'"',
        b"\\",
        b"{}",
        b"null",
        b'{"type":"',
        b'{"uuid":5}',
    ]
)
WHOLE = [raw(line).rstrip() for line in every_kind()]
PIECES = st.builds(
    lambda line, start, stop: line[start:stop],
    st.sampled_from(WHOLE),
    st.just(0) | st.just(0) | st.integers(0, 300),
    st.just(10_000) | st.just(10_000) | st.integers(0, 600),
)
LINES = st.lists(PIECES | PIECES | JUNK, min_size=1, max_size=4).map(b"".join)
FILES = st.lists(LINES, max_size=6).map(b"\n".join) | st.binary(max_size=300)


@settings(max_examples=50_000 if LONG else 1_500)
@given(FILES)
def test_nothing_that_a_file_can_hold_is_an_error(content: bytes) -> None:
    reading = read(content)
    if slugs(reading) != ["not-a-transcript"]:
        assert_sound(reading, content)


@settings(max_examples=5_000 if LONG else 200)
@given(FILES, st.integers(1, 400))
def test_small_chunks_read_the_same_as_large_ones(content: bytes, chunk: int) -> None:
    whole = read(content)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(limits, "READ_CHUNK_BYTES", chunk)
        reading = read(content)
    assert reading == whole


@settings(max_examples=2_000 if LONG else 100)
@given(st.lists(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5) | st.sampled_from(["type", "message", "content", "usage", "uuid", "data"]), inner, max_size=4), max_leaves=12), max_size=5))  # fmt: skip
def test_any_json_is_a_record_or_a_named_fault(values: list[Any]) -> None:
    content = "".join(json.dumps(value) + "\n" for value in values).encode()
    reading = read(content)
    objects = [value for value in values if isinstance(value, dict)]
    assert (reading.lines, reading.accounted) == (len(values), len(objects))
    assert set(slugs(reading)) <= {"not-a-record", "not-json"}


SHAPES = ("splice", "no line end", "zeros first", "torn")


def spoilt(lines: list[bytes], rng: random.Random) -> tuple[bytes, int]:
    """Return a file with each of the four seen shapes of damage, and how many faults that makes."""
    parts, faults = [], 0
    for number, line in enumerate(lines):
        shape = SHAPES[number // 4 % 4] if number % 4 == 2 else ""
        cut = line[: rng.randint(10, len(line) - 2)]
        before = {"splice": cut, "zeros first": bytes(rng.randint(1, 4_096)), "torn": cut + b"\n"}.get(
            shape, b""
        )
        parts.append(before + line + (b"" if shape == "no line end" else b"\n"))
        faults += bool(shape)
    return b"".join(parts), faults


def test_nearly_every_intact_record_is_recovered_from_splices() -> None:
    lines = [raw(line).rstrip() for line in many(16_000 if LONG else 1_600)]
    content, damaged = spoilt(lines, random.Random(7))
    reading = read(content)
    assert sum(reading.kinds.values()) >= 0.99 * len(lines)
    assert damaged >= len(reading.faults) >= 0.99 * damaged
    assert all(fault.offset + fault.length <= len(content) for fault in reading.faults)
    whole = read(b"\n".join(lines) + b"\n")
    assert set(uids(reading)) == set(uids(whole))


@pytest.fixture
def _small_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LINE_BYTES", 4_000)
    monkeypatch.setattr(limits, "READ_CHUNK_BYTES", 1_000)


@pytest.mark.usefixtures("_small_limit")
def test_a_record_over_the_limit_costs_itself_and_is_named() -> None:
    giant = raw(user("x" * 5_000, "0a-1b"))
    reading = read(ONE + giant + TWO)
    assert uids(reading) == ["u1", "u2"]
    (fault,) = reading.faults
    assert (fault.slug, fault.offset, fault.length) == ("oversized-record", len(ONE), len(giant) - 1)
    assert "user" in fault.detail
    assert (reading.lines, reading.accounted, reading.cursor) == (3, 2, len(ONE + giant + TWO))
    assert reading.kinds["oversized"] == 1


@pytest.mark.usefixtures("_small_limit")
def test_a_giant_that_is_still_written_waits_like_any_tail() -> None:
    giant = raw(user("x" * 5_000, "0a-1b"))
    first = read(ONE + giant[:4_500])
    assert (first.cursor, first.waiting, first.faults) == (len(ONE), 4_500, [])
    rest = read(ONE + giant + TWO, first.cursor)
    assert (uids(rest), slugs(rest)) == (["u2"], ["oversized-record"])


@pytest.mark.skipif(not LONG, reason="takes seconds and 200 MiB")
def test_a_record_of_65_mib_is_passed_over_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "giant.jsonl"
    giant = raw(user("x" * (65 * 1024 * 1024), "0a-1b"))
    path.write_bytes(ONE + giant + TWO)
    del giant
    tracemalloc.start()
    with path.open("rb") as file:
        reading = read_transcript(file, 0, TranscriptName("s"), str)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (uids(reading), slugs(reading)) == (["u1", "u2"], ["oversized-record"])
    assert peak <= 3 * limits.LINE_BYTES


@pytest.mark.skipif(not LONG, reason="takes seconds and 200 MiB")
def test_records_just_under_the_limit_are_read_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "large.jsonl"
    path.write_bytes(b"".join((ONE, *(raw(result("x" * (63 * 1024 * 1024), uid)) for uid in "ab"), TWO)))
    tracemalloc.start()
    with path.open("rb") as file:
        reading = read_transcript(file, 0, TranscriptName("s"), str)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (uids(reading), reading.faults) == (["u1", "a", "b", "u2"], [])
    assert peak <= 3 * limits.LINE_BYTES


GEMINI = {"sessionId": "g", "messages": [{"id": "m", "type": "gemini", "content": "hello"}]}


@pytest.mark.parametrize("value", [GEMINI, [GEMINI]])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_one_document_over_many_lines_is_no_transcript(value: Any, end: bytes) -> None:
    content = json.dumps(value, indent=2).encode().replace(b"\n", end) + end
    reading = read(content)
    assert places(reading) == [("not-a-transcript", 0, len(content))]
    assert (reading.cursor, reading.lines, reading.entries) == (len(content), 0, {})


def test_lines_that_do_not_say_their_session_belong_to_that_of_the_file() -> None:
    bare = {"type": "user", "uuid": "u1", "message": {"content": "hi"}}
    reading = read_transcript(io.BytesIO(raw(bare)), 0, TranscriptName("of-file", "a1"), str)
    (entry,) = reading.entries["of-file"]
    assert (entry.agent, entry.at, entry.sidechain) == ("a1", None, False)


def test_a_session_is_seen_from_its_first_to_its_last_line() -> None:
    times = ["2026-10-10T10:10:12.100Z", "2026-10-10T10:10:10.100Z", "2026-10-10T10:10:15.100Z"]
    moved = record("user", "u4", cwd="/home/user/other", timestamp=times[2])
    reading = read(raw(*(record("user", f"u{n}", timestamp=at) for n, at in enumerate(times[:2])), moved))
    spans = {setting.cwd: span for (_, setting), span in reading.settings.items()}
    assert spans["/home/user/project"] == (AT_MS, AT_MS + 2_000)
    assert spans["/home/user/other"] == (AT_MS + 5_000, AT_MS + 5_000)
