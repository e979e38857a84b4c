from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outrider.edge.readers import lines
from outrider.kernel import limits

CONTENTS = st.lists(st.binary(max_size=40) | st.just(b"\n"), max_size=12).map(b"".join)


def items(content: bytes, cursor: int = 0) -> list[lines.Block | lines.Tail | lines.Oversized]:
    return list(lines.blocks_from(io.BytesIO(content), cursor))


def sure(raw: bytes) -> bool:
    value = json.loads(raw)
    return "sessionId" in value


def recovered(raw: bytes) -> tuple[list[bytes], list[tuple[str, int, int]]]:
    found, faults = lines.resynchronised(lines.Line(1_000, raw), sure)
    assert all(raw[each.offset - 1_000 :].startswith(each.raw) for each in found)
    return [each.raw for each in found], [(each.slug, each.offset - 1_000, each.length) for each in faults]


@given(CONTENTS, st.integers(1, 9), st.integers(1, 30))
def test_blocks_tails_and_giants_cover_every_byte_once(content: bytes, chunk: int, longest: int) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(limits, "READ_CHUNK_BYTES", chunk)
        patched.setattr(limits, "LINE_BYTES", max(longest, chunk))
        patched.setattr(lines, "_STUB_BYTES", max(longest, chunk))
        position = 0
        for item in items(content):
            assert item.offset == position
            if isinstance(item, lines.Oversized):
                assert content[position:].startswith(item.head[: item.length])
                position += item.length + item.ended
            else:
                assert content[position:].startswith(item.raw)
                position += len(item.raw)
        assert position == len(content)


@given(CONTENTS, st.integers(1, 9))
def test_lines_are_those_of_the_file_however_it_is_cut(content: bytes, chunk: int) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(limits, "READ_CHUNK_BYTES", chunk)
        blocks = [item for item in items(content) if isinstance(item, lines.Block)]
    assert [line.raw for block in blocks for line in lines.lines_of(block)] == content.split(b"\n")[:-1]


def test_reading_begins_at_the_cursor() -> None:
    assert items(b"one\ntwo\nthr", 4) == [lines.Block(4, b"two\n"), lines.Tail(8, b"thr")]


def test_nothing_stands_behind_the_end() -> None:
    assert items(b"one\n", 4) == []
    assert items(b"one\n", 400) == []


def test_a_giant_line_keeps_its_beginning_and_the_next_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "READ_CHUNK_BYTES", 4)
    monkeypatch.setattr(limits, "LINE_BYTES", 10)
    giant, *rest = items(b"0123456789abcdef\nnext\n")
    assert isinstance(giant, lines.Oversized)
    assert (giant.offset, giant.length, giant.ended) == (0, 16, True)
    assert giant.head.startswith(b"01234567")
    assert b"".join(each.raw for each in rest if isinstance(each, lines.Block)) == b"next\n"


def test_a_giant_line_without_end_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LINE_BYTES", 10)
    (giant,) = items(b"0123456789abcdef")
    assert isinstance(giant, lines.Oversized)
    assert not giant.ended


def test_a_giant_record_is_known_by_kind_and_id() -> None:
    head = b'{"parentUuid":"aa","type":"user","uuid":"0a-1b","message":{"content":"'
    fault = lines.oversized_fault(lines.Oversized(7, 99, head))
    assert (fault.slug, fault.offset, fault.length, fault.detail) == ("oversized-record", 7, 99, "user 0a-1b")


def test_a_giant_that_names_nothing_is_a_fault_all_the_same() -> None:
    assert lines.oversized_fault(lines.Oversized(7, 99, b"\xff" * 9)).detail == ""


@pytest.mark.parametrize("around", [(b"", b"\r"), (b"  ", b" "), (b"\xef\xbb\xbf", b""), (b"\t", b"\t\r")])
def test_white_space_and_marks_around_a_record_are_no_damage(around: tuple[bytes, bytes]) -> None:
    before, after = around
    assert lines.trimmed(lines.Line(5, before + b'{"a":1}' + after)) == (b'{"a":1}', None)


@pytest.mark.parametrize(
    ("line", "bare", "where"),
    [
        (b"\0\0\0{}", b"{}", (5, 3)),
        (b"{}\0\0", b"{}", (7, 2)),
        (b"\0\0", b"", (5, 2)),
        (b" \0 {}", b"{}", (6, 2)),
    ],
)
def test_zero_runs_are_located(line: bytes, bare: bytes, where: tuple[int, int]) -> None:
    found, fault = lines.trimmed(lines.Line(5, line))
    assert fault is not None
    assert (found, fault.slug, (fault.offset, fault.length)) == (bare, "zero-bytes", where)


def test_the_whole_half_of_a_splice_is_recovered() -> None:
    cut, whole = b'{"type":"user","message":{"content":"half', b'{"type":"user","sessionId":"s"}'
    assert recovered(cut + whole) == ([whole], [("spliced-record", 0, len(cut))])


def test_records_without_a_line_end_between_are_all_recovered() -> None:
    one, two = b'{"type":"summary"}', b'{"type":"user","sessionId":"s"}'
    assert recovered(one + two + one) == ([one, two, one], [("spliced-record", 0, len(one + two + one))])


def test_a_splice_may_stand_between_whole_records() -> None:
    cut, whole = b'{"type":"user","n', b'{"type":"user","sessionId":"s"}'
    found, faults = recovered(whole + cut + whole + cut)
    assert found == [whole, whole]
    assert faults == [
        ("spliced-record", len(whole), len(cut)),
        ("spliced-record", 2 * len(whole) + len(cut), len(cut)),
    ]


def test_a_part_of_a_cut_record_is_no_record() -> None:
    cut, whole = b'{"message":{"content":[{"type":"text","text":"x"}', b'{"type":"user","sessionId":"s"}'
    assert recovered(cut) == ([], [])
    assert recovered(cut + whole)[0] == [whole]


@pytest.mark.parametrize(
    "odd", [b"9" * 5_000, b"1e999", b"NaN", b'"\xff\xfe"', b'"\\ud800"', '"é\u2028"'.encode()]
)
def test_odd_values_do_not_hide_where_a_record_ends(odd: bytes) -> None:
    one, two = b'{"x":' + odd + b"}", b'{"type":"user","sessionId":"s"}'
    assert recovered(one + two)[0] == [one, two]
    assert recovered(b'{"type":' + one + two)[0] == [two]


@pytest.mark.parametrize(
    "line", [b"", b"rubbish", b"{", b'{"type":', b"[1]", b"[" * 100_000, b'{"a":' * 100_000]
)
def test_a_line_without_records_gives_nothing(line: bytes) -> None:
    assert recovered(line) == ([], [])


def test_ten_thousand_records_on_one_line_take_no_long_time() -> None:
    one = b'{"type":"user","sessionId":"s"}'
    assert len(recovered(one * 10_000)[0]) == 10_000


def test_a_line_of_beginnings_is_given_up_in_time() -> None:
    assert recovered(b'{"type":[' * 100_000) == ([], [])
