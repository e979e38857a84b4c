from __future__ import annotations

import json
import random
import re
import string
import time
import tomllib
from importlib import resources
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outrider.kernel.redaction import Redactor, default_redactor, load_rules

RAW: list[dict[str, Any]] = tomllib.loads(
    resources.files("outrider.kernel").joinpath("secret_rules.toml").read_text(encoding="utf-8")
)["rule"]
REDACTOR = default_redactor()
ALPHABETS = {
    "A": string.ascii_letters + string.digits,
    "B": string.ascii_letters + string.digits + "-_",
    "D": string.digits,
    "H": "0123456789abcdef",
    "S": string.ascii_letters + string.digits + "+/",
    "U": string.ascii_uppercase + "234567",
}
GAP = re.compile(r"\{\{([ABDHSU])(\d+)\}\}")


def filled(example: str, seed: int = 1) -> tuple[str, list[str]]:
    """Return an example with its gaps filled, and the texts that filled them."""
    rng = random.Random(f"{seed} {example}")
    parts: list[str] = []

    def fill(match: re.Match[str]) -> str:
        alphabet, size = ALPHABETS[match[1]], int(match[2])
        part = "".join(rng.choices(alphabet, k=size))
        if size >= 8 and match[1] in "AB":
            part = rng.choice(string.ascii_letters) + part[1:-2] + rng.choice(string.digits) + "k"
        parts.append(part)
        return part

    return GAP.sub(fill, example), parts


def examples(kind: str) -> list[Any]:
    return [
        pytest.param(raw["id"], text, id=f"{raw['id']}-{number}")
        for raw in RAW
        for number, text in enumerate(raw[kind])
    ]


POSITIVES = [(raw["id"], text) for raw in RAW for text in raw["positive"]]
SECRETS = st.builds(
    lambda pair, seed: filled(pair[1], seed)[0], st.sampled_from(POSITIVES), st.integers(0, 10**6)
)
TEXTS = st.text(st.characters(), max_size=60) | st.text('abn"\\:=@/ []{}.,\n0', max_size=30)
MIXED = st.lists(
    SECRETS | TEXTS | st.sampled_from(["[redacted:jwt]", "password=", '"token":"', "\\", "\\u00e9"]),
    max_size=6,
).map("".join)


@pytest.mark.parametrize(("rule", "example"), examples("positive"))
def test_every_example_of_a_secret_is_gone(rule: str, example: str) -> None:
    for seed in range(20):
        text, parts = filled(example, seed)
        clean = REDACTOR.redact(text)
        assert f"[redacted:{rule}]" in clean, (text, clean)
        longest = max(parts, key=len)
        assert longest not in clean
        assert longest[len(longest) // 2 :] not in clean
        assert REDACTOR.may_hold_secret(text)


@pytest.mark.parametrize(("rule", "example"), examples("negative"))
def test_every_look_alike_stays(rule: str, example: str) -> None:
    assert REDACTOR.redact(example) == example


def test_every_rule_has_examples_of_both_kinds_and_a_name_of_its_own() -> None:
    assert all(raw["positive"] and raw["negative"] for raw in RAW)
    assert len({raw["id"] for raw in RAW}) == len(RAW)


def test_the_rule_file_holds_nothing_that_looks_like_a_secret() -> None:
    filled_by_hand = [text for raw in RAW for text in raw["positive"] if not GAP.search(text)]
    assert filled_by_hand == []


@pytest.mark.parametrize(("rule", "example"), examples("positive"))
def test_a_secret_is_found_in_json_inside_json_inside_json(rule: str, example: str) -> None:
    text, parts = filled(example)
    longest = max(parts, key=len) if parts else text
    for value in ({"a": [f"see {text}"]}, json.dumps({"k": f"see\n{text}\n"})):
        for ascii_only in (True, False):
            raw = json.dumps({"outer": value, "n": 12345678901}, ensure_ascii=ascii_only)
            clean = REDACTOR.redact(raw)
            assert json.loads(clean)["n"] == 12345678901
            assert longest not in clean
            assert "[redacted:" in clean


@settings(max_examples=400, deadline=None)
@given(MIXED)
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    once = REDACTOR.redact(text)
    assert REDACTOR.redact(once) == once


@settings(max_examples=400, deadline=None)
@given(MIXED)
def test_a_clean_answer_of_the_quick_look_is_certain(text: str) -> None:
    if not REDACTOR.may_hold_secret(text):
        assert REDACTOR.redact(text) == text


@settings(max_examples=300, deadline=None)
@given(st.lists(MIXED, max_size=4))
def test_the_quick_look_over_joined_texts_speaks_for_each(texts: list[str]) -> None:
    if not REDACTOR.may_hold_secret("\n".join(texts)):
        assert [REDACTOR.redact(text) for text in texts] == texts


@settings(max_examples=500, deadline=None)
@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=200))
def test_any_text_at_all_is_taken(text: str) -> None:
    assert isinstance(REDACTOR.redact(text), str)
    assert isinstance(REDACTOR.redact(f"{text}password='Ab3{text}xyz91'"), str)


@pytest.mark.parametrize("text", ["", "\x00", "\ud800", "\udcff token=\ud800", "password=\x00" * 9])
def test_broken_characters_do_no_harm(text: str) -> None:
    assert REDACTOR.redact(text) == text


JSON_VALUES = st.recursive(
    MIXED | st.integers() | st.booleans() | st.none(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            MIXED | st.sampled_from(["password", "token", "api_key", "auth"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)


def shape(value: object) -> object:
    if isinstance(value, dict):
        return sorted(str(shape(each)) for each in value.values())
    return [shape(each) for each in value] if isinstance(value, list) else type(value).__name__


@settings(max_examples=600, deadline=None)
@given(JSON_VALUES, st.booleans(), st.sampled_from([None, 1]), st.integers(1, 3))
def test_json_stays_json_of_the_same_shape(
    value: object, ascii_only: bool, indent: int | None, depth: int
) -> None:
    raw = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    for _ in range(depth - 1):
        raw = json.dumps({"nested": raw}, ensure_ascii=ascii_only)
    clean = json.loads(REDACTOR.redact(raw), object_pairs_hook=_pairs)
    assert shape(clean) == shape(json.loads(raw, object_pairs_hook=_pairs))


def _pairs(pairs: list[tuple[str, object]]) -> object:
    return {str(number): each for number, (_, each) in enumerate(pairs)}


WORST = [
    "a", "A", "0", "-", ".", "=", ":", "/", "\\", '"', " ", "\n", "\\n", "@", "a.", "a-", "a=", "a:", "://", "eyJ", "A0",
    "eyJa.", "://a:", "password=", "token: ", "sk-", "a/", "_", "machine a login ", "-----BEGIN A PRIVATE KEY-----",
]  # fmt: skip


@pytest.mark.parametrize("rule", [raw["id"] for raw in RAW])
def test_no_pattern_explodes_on_hostile_text(rule: str) -> None:
    number = next(n for n, each in enumerate(REDACTOR.rules) if each.id == rule)
    each = REDACTOR.rules[number]
    head = [filled(text)[0] for text in RAW[number]["positive"]]
    parts = [
        *WORST,
        *(text[: len(text) // 2] for text in head),
        *(text[:-1] for text in head),
        *each.keywords,
    ]
    started = time.process_time()
    slowest = max((_seconds(each.redact, (part * 100_000)[:100_000]), part[:40]) for part in parts if part)
    assert time.process_time() - started < 2.0 * max(len(parts), 1) / 10, slowest
    assert slowest[0] < 2.0, slowest


def _seconds(work: Any, text: str) -> float:
    started = time.process_time()
    work(text)
    return time.process_time() - started


def test_the_whole_of_redaction_stays_linear_on_hostile_text() -> None:
    for raw in RAW:
        part = (
            "".join([*raw["keywords"], filled(raw["positive"][0])[0][:-4]]) if "keywords" in raw else "://a:b"
        )
        assert _seconds(REDACTOR.redact, (part * 100_000)[:100_000]) < 2.0, raw["id"]


def clean_lines(count: int) -> list[str]:
    """Return lines such as sessions hold: prose, code, paths, hashes, uuids, numbers, no secret."""
    rng = random.Random(20260101)
    words = [
        "the",
        "file",
        "test",
        "token",
        "secret",
        "password",
        "key",
        "auth",
        "session",
        "cookie",
        "login",
        "machine",
        "build",
        "value",
        "user",
        "config",
        "handler",
        "request",
        "response",
        "client",
        "server",
        "parse",
        "error",
        "return",
        "import",
        "const",
        "function",
        "string",
        "number",
        "type",
    ]

    def word() -> str:
        return rng.choice(words)

    def hexes(size: int) -> str:
        return "".join(rng.choices("0123456789abcdef", k=size))

    def name() -> str:
        return rng.choice(["_".join, "-".join])([word() for _ in range(rng.randint(1, 3))])

    def camel() -> str:
        return word() + word().capitalize() + rng.choice(["", "", str(rng.randint(0, 9))])

    makers = [
        lambda: " ".join(word() for _ in range(12)) + ".",
        lambda: f"commit {hexes(40)} {word()}",
        lambda: f"{hexes(8)}-{hexes(4)}-{hexes(4)}-{hexes(4)}-{hexes(12)} {name()}",
        lambda: f"/home/{word()}/{name()}/{name()}.py:{rng.randint(1, 999)}: {word()}",
        lambda: f"const {camel()} = {camel()}({camel()}, {camel()}.{camel()});",
        lambda: f"  {camel()}: {rng.choice(['string', 'z.string().min(8)', 'number | null', 'boolean'])};",
        lambda: f"{name()}: {camel()}.{camel()}.{camel()}",
        lambda: f"{name().upper().replace('-', '_')}=${{{name().upper().replace('-', '_')}}}",
        lambda: f"token: process.env.{name().upper().replace('-', '_')}_{rng.randint(1, 9)}",
        lambda: f'"{name()}": {rng.randint(0, 10**12)}, "sha": "{hexes(64)}"',
        lambda: f"https://{word()}.example.org:443/{name()}/{name()}?{word()}={word()}#{name()}",
        lambda: f"index {hexes(7)}..{hexes(7)} 100644 {name()}@{rng.randint(0, 9)}.{rng.randint(0, 99)}.0",
        lambda: f"2026-01-{rng.randint(10, 28)}T10:{rng.randint(10, 59)}:00.000Z INFO {word()} took {rng.randint(1, 9999)} ms",
        lambda: f"integrity sha512-{''.join(rng.choices(ALPHABETS['S'], k=86))}==",
        lambda: f"password: <{name()}>, {word()}: ${{{{ secrets.{name().upper()} }}}}",
        lambda: f"if {camel()} == {camel()}[\"{name()}\"]: return {camel()}",
        lambda: f"toolu_{''.join(rng.choices(ALPHABETS['A'], k=24))} msg_{''.join(rng.choices(ALPHABETS['A'], k=24))}",
    ]  # fmt: skip
    return [rng.choice(makers)() for _ in range(count)]


def test_hardly_any_clean_line_is_marked() -> None:
    lines = clean_lines(100_000)
    marked = [line for line in lines if REDACTOR.redact(line) != line]
    assert len(marked) <= len(lines) // 1000, marked[:10]


def test_the_mark_names_the_rule_and_keeps_the_rest() -> None:
    value, _ = filled("glpat-{{B20}}")
    assert REDACTOR.redact(f"a {value} z") == "a [redacted:gitlab-token] z"


def test_a_secret_beside_a_name_leaves_the_name() -> None:
    assert REDACTOR.redact('password = "hunter22-x"') == 'password = "[redacted:password]"'


def test_the_shipped_rules_are_read_once() -> None:
    assert default_redactor() is REDACTOR


def test_a_rule_set_of_ones_own_can_be_loaded() -> None:
    own = load_rules("[[rule]]\nid='own'\nkeywords=['Own-']\npattern='own-[0-9]{4}'")
    assert isinstance(own, Redactor)
    assert own.redact("an own-1234 b") == "an [redacted:own] b"


@pytest.mark.parametrize(
    "body",
    ["id='a'\npattern='('", "id='a'", "id='A b'\npattern='x'", "id='a'\npattern='x'\ngroup=1"],
)
def test_a_rule_that_is_not_well_formed_is_named(body: str) -> None:
    with pytest.raises(ValueError, match="secret rule"):
        load_rules(f"[[rule]]\n{body}")
