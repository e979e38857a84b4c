"""Snapshots that are not ours, or not whole any more, are refused with a reason."""

from __future__ import annotations

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outrider.judge.conformance.engine.compiled import Compiled
from outrider.judge.conformance.engine.rules import Engine
from outrider.judge.conformance.engine.verdicts import Refused
from tests.judge.conformance.engine import strategies
from tests.judge.conformance.engine.made import compiled, events, rule

RULES = compiled(rule("before", 3, per="file"), rule("at most", 1, most=2), strategies.ORDER)
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def whole() -> dict[str, object]:
    engine = Engine(RULES)
    for event in events("word:a@x.py", "word:b@y.py", "word:c"):
        engine.step(event)
    found: dict[str, object] = json.loads(json.dumps(engine.snapshot()))
    return found


@given(plain)
def test_anything_else_is_refused(value: object) -> None:
    assert isinstance(Engine.restore(RULES, value), Refused)


@given(st.data())
def test_a_snapshot_with_any_part_replaced_is_refused_or_works(data: st.DataObject) -> None:
    snapshot = whole()
    at: object = snapshot
    while True:
        assert isinstance(at, dict | list)
        keys = list(at) if isinstance(at, dict) else list(range(len(at)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(at[key], dict | list) or not at[key] or data.draw(st.booleans()):
            at[key] = data.draw(plain)
            break
        at = at[key]
    engine = Engine.restore(RULES, snapshot)
    if isinstance(engine, Engine):
        for event in events("word:a@x.py", "word:b", "word:c@y.py"):
            engine.step(event)
        engine.finish()


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        (("rules",), "other", "a snapshot of other rules"),
        (("schema",), "x/1", "not a snapshot of rules"),
        (("monitors",), [], "a snapshot of another number of rules"),
        (("monitors", 0, 2, "x.py", 0), 2, "a damaged snapshot: a state that does not exist"),
        (("monitors", 2, 2, "", 0), 0, "a damaged snapshot: a state that does not exist"),
        (("monitors", 1, 0, 0), -1, "a damaged snapshot: below zero"),
        (("monitors", 1, 0, 0), True, "a damaged snapshot: not a number"),
        (("monitors", 0, 2, "x.py", 1), 5, "a damaged snapshot: not a text"),
        (("at",), None, "a damaged snapshot: not a number"),
    ],
)
def test_a_refusal_says_why(path: tuple[str | int, ...], value: object, reason: str) -> None:
    snapshot = copy.deepcopy(whole())
    at: object = snapshot
    for key in path[:-1]:
        at = at[key]  # type: ignore[index]
    at[path[-1]] = value  # type: ignore[index]
    assert Engine.restore(RULES, snapshot) == Refused(reason)


@given(strategies.all_rules, strategies.events)
def test_a_snapshot_is_small(rules: Compiled, run: list) -> None:
    engine = Engine(rules)
    for event in run:
        engine.step(event)
    assert len(json.dumps(engine.snapshot())) < 200 + 400 * len(rules.rules)
