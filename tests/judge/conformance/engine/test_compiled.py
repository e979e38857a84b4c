"""Compiled rules come back from a file as they were, or are refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

from outrider.judge.conformance.engine.compiled import Compiled, read_compiled
from outrider.judge.conformance.engine.verdicts import Refused
from tests.judge.conformance.engine import strategies
from tests.judge.conformance.engine.made import compiled, rule
from tests.judge.conformance.engine.test_snapshots import plain


@given(strategies.all_rules)
def test_json_gives_back_the_same_rules(rules: Compiled) -> None:
    assert read_compiled(json.loads(json.dumps(rules))) == rules


@given(plain)
def test_anything_else_is_refused(value: object) -> None:
    found = read_compiled(value)
    assert isinstance(found, Refused) or found == Compiled(found.digest, ())


@pytest.mark.parametrize(
    "broken",
    [
        rule("before", 1),
        rule("sometimes", 1),
        rule("never", 1, per="moon"),
        rule("order", 3),
        rule("never", 1, most=-1),
        rule("never", 1)._replace(mode="shout"),
        strategies.ORDER._replace(patterns=strategies.ORDER.patterns[:2]),
        strategies.ORDER._replace(order=strategies.ORDER.order._replace(starts=8)),
        strategies.ORDER._replace(order=strategies.ORDER.order._replace(after=(1,))),
    ],
)
def test_rules_that_no_engine_could_run_are_refused(broken: object) -> None:
    found = read_compiled(json.loads(json.dumps(compiled(broken))))
    assert isinstance(found, Refused)
    assert found.reason.startswith("not compiled rules: ")
