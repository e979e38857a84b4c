from __future__ import annotations

import json
import random
import re
import string
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outrider.edge.readers.excerpts import beginning, excerpt, input_text, value_text
from outrider.kernel import limits
from outrider.kernel.redaction import default_redactor

REDACT = default_redactor().redact
KEPT = (60, 40)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=15,
)


def letters(count: int, seed: int = 1) -> str:
    return "".join(random.Random(seed).choices(string.ascii_letters + string.digits, k=count))


SECRETS = {
    "gitlab": f"glpat-{letters(20)}",
    "bearer": f"Authorization: Bearer {letters(60)}",
    "jwt": f"eyJ{letters(400)}.eyJ{letters(3_000, 2)}.{letters(400, 3)}",
    "password": f'password = "{letters(14)}-9"',
    "pem": f"-----BEGIN RSA PRIVATE KEY-----\n{chr(10).join(letters(64, n) for n in range(50))}\n-----END RSA PRIVATE KEY-----",
    "putty": f"Private-Lines: 40\n{chr(10).join(letters(64, n) for n in range(40))}\n",
    "url": f"postgres://me:{letters(20)}@db.internal:5432/x",
}


def words(count: int) -> str:
    return ("the cart adds up what it holds and no more\n" * (count // 40 + 1))[:count]


def shown(secret: str, text: str) -> list[str]:
    """Return the pieces of ``secret`` that ``text`` shows."""
    parts = [part for run in re.findall(r"[A-Za-z0-9]{14,}", secret) for part in (run[:8], run[-8:])]
    return [part for part in parts if part in text]


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("back", [0, 1, 7, 30, 100, 2_000])
def test_a_secret_across_the_first_cut_is_never_half_visible(name: str, back: int) -> None:
    secret = SECRETS[name]
    back = min(back, len(secret) - 1, KEPT[0])
    text = words(KEPT[0] - back - 1) + " " + secret + " " + words(9_000)
    assert REDACT(secret) != secret
    assert shown(secret, excerpt(text, KEPT, REDACT)) == []
    assert shown(secret, beginning(text, KEPT[0], REDACT)) == []


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("back", [0, 1, 7, 30, 39])
def test_a_secret_across_the_last_cut_is_never_half_visible(name: str, back: int) -> None:
    secret = SECRETS[name]
    text = words(9_000) + " " + secret + " " + words(KEPT[1] - back - 1)
    assert shown(secret, excerpt(text, KEPT, REDACT)) == []


def test_secrets_that_shrink_the_text_bring_no_half_of_another_into_sight() -> None:
    many = " ".join(SECRETS[name] for name in ("pem", "gitlab", "jwt", "gitlab", "bearer", "jwt"))
    for size in range(0, 300, 7):
        text = words(size) + many + words(size) + " " + many
        assert shown(many, excerpt(text, KEPT, REDACT)) == []


@given(st.text(max_size=300))
def test_a_short_text_is_kept_whole_and_a_long_one_at_both_ends(text: str) -> None:
    kept = excerpt(text, KEPT, str)
    if len(text) <= sum(KEPT):
        assert kept == text
    else:
        assert kept.startswith(text[:60] + "\n[… ")
        assert kept.endswith(text[-40:])
        assert f" {len(text) - 100} characters left out " in kept


@given(st.text(max_size=300), st.integers(1, 100))
def test_a_beginning_is_no_longer_than_asked(text: str, kept: int) -> None:
    assert beginning(text, kept, str) == text[:kept]
    assert len(beginning(text, kept, lambda _: "x" * 1_000)) == kept


def test_a_text_of_one_endless_word_is_cut_in_bounds() -> None:
    seen: list[int] = []

    def noting(text: str) -> str:
        seen.append(len(text))
        return text

    excerpt("x" * 1_000_000, KEPT, noting)
    assert max(seen) <= KEPT[0] + limits.REDACTION_MARGIN_CHARS + limits.LONGEST_SECRET_CHARS


def made(value: Any) -> msgspec.Raw:
    return msgspec.Raw(json.dumps(value).encode())


@given(VALUES)
def test_a_small_input_is_kept_as_it_is(value: Any) -> None:
    assert json.loads(input_text(made(value), str)) == value


@given(VALUES, st.integers(0, 3))
def test_a_large_input_is_cut_and_stays_json(value: Any, depth: int) -> None:
    for _ in range(depth):
        value = {"a": value, "b": [value] * 3}
    large = {"given": value, "content": 'line "one"\n' * 5_000, "many": list(range(5_000))}
    text = input_text(made(large), REDACT)
    found = json.loads(text)
    assert list(found) == ["given", "content", "many"]
    assert len(found["content"]) < sum(limits.INPUT_STRING_CHARS) + 100
    assert len(found["many"]) == limits.INPUT_ITEMS


def test_names_depth_and_breadth_of_a_large_input_are_bounded() -> None:
    deep: Any = "x"
    for _ in range(50):
        deep = [deep]
    text = input_text(made({"k" * 5_000: 1, "deep": deep, "wide": dict.fromkeys(map(str, range(500)))}), str)
    found = json.loads(text)
    assert len(text) < 4_000
    assert max(map(len, found)) == limits.LABEL_CHARS
    assert len(found["wide"]) == limits.INPUT_ITEMS


@pytest.mark.parametrize(
    "odd",
    [b'"\\ud800"', b'"\xff"', b"9" * 5_000, b"1e999", b"NaN", b"[" * 500 + b"]" * 500, b'{"a":1,"a":2}'],
)
@pytest.mark.parametrize("size", [0, 9_000])
def test_an_odd_input_becomes_text_that_can_be_stored(odd: bytes, size: int) -> None:
    text = input_text(msgspec.Raw(b'{"odd":%b,"rest":"%b"}' % (odd, b"x" * size)), str)
    text.encode()
    if size:
        assert set(json.loads(text)) == {"odd", "rest"}


def test_an_input_nested_beyond_reason_says_nothing() -> None:
    assert input_text(msgspec.Raw(b"[" * 100_000 + b"]" * 100_000), str) == "null"


def test_no_input_is_an_empty_one() -> None:
    assert input_text(msgspec.Raw(), str) == "{}"


def test_a_secret_that_only_its_name_betrays_is_taken_out_of_large_inputs_too() -> None:
    value = {"password": f"{letters(14)}-9", "content": words(9_000)}
    for each in (value, {"env": value}):
        for text in (input_text(made(each), REDACT), value_text(each, REDACT)):
            assert letters(14) not in text
            assert "[redacted:password]" in text
            json.loads(text)


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("before", [0, 690, 9_000])
def test_a_secret_inside_a_large_input_is_taken_out(name: str, before: int) -> None:
    value = {"edits": [{"new_string": words(before) + " " + SECRETS[name] + " " + words(9_000)}]}
    text = input_text(made(value), REDACT)
    assert shown(SECRETS[name], text) == []
    json.loads(text)
