"""The order of steps, against all sequences that an expression stands for."""

from __future__ import annotations

import functools
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outrider.judge.conformance.compiling import compile_order
from outrider.judge.conformance.engine.automaton import Automaton, colours
from outrider.judge.conformance.engine.compiled import Compiled, CompiledRule
from outrider.judge.conformance.engine.forms import Form
from outrider.judge.conformance.engine.order import order_form
from outrider.judge.conformance.engine.rules import Engine, judge_events
from outrider.plan.workflow.model import Alternative, Order, Pattern, Step
from outrider.plan.workflow.order_text import mentions, parse_order
from tests.judge.conformance.engine.made import events

STEPS = tuple(
    Step(name, evidence=(Pattern(f"did.{name}", (Alternative(f"did.*{name}*"),)),)) for name in "xyz"
)
Word = tuple[frozenset[str], ...]
LONGEST = 5


def made(text: str | Order, steps: tuple[Step, ...] = STEPS) -> CompiledRule:
    order = parse_order(text) if isinstance(text, str) else text
    compiled = compile_order(order, steps, str(text), "observe")
    assert compiled is not None
    return compiled


def form_of(rule: CompiledRule) -> Form:
    assert rule.order is not None
    return order_form(rule.order, rule.patterns)


def sequences(order: Order, longest: int) -> set[tuple[str, ...]]:
    """Give all sequences of steps up to ``longest`` that an expression stands for, by its definition."""
    if order.kind == "step":
        found = {(order.step,)}
    elif order.kind == "either":
        found = set().union(*(sequences(part, longest) for part in order.parts))
    else:
        found = {()}
        for part in order.parts:
            found = {(*one, *other) for one in found for other in sequences(part, longest)}
            found = {each for each in found if len(each) <= longest}
    if order.repeats:
        once, before = set(found), set()
        while before != found:
            before = set(found)
            found |= {(*one, *other) for one in found for other in once if len(one) + len(other) <= longest}
    return found | {()} if order.optional else found


def spells(sequence: tuple[str, ...], word: Word) -> bool:
    """Tell whether the word is the sequence, each step taking one event or several in a row."""
    if not sequence or not word:
        return not sequence and not word
    return any(
        all(sequence[0] in letter for letter in word[:count]) and spells(sequence[1:], word[count:])
        for count in range(1, len(word) - len(sequence) + 2)
    )


def seen_of(order: Order, word: Word) -> Word:
    """Give what of the word an order sees: events of steps that it does not mention are none of its own."""
    known = frozenset(mentions(order))
    return tuple(letter & known for letter in word if letter & known)


def truth(order: Order, word: Word) -> tuple[bool, bool]:
    """Tell whether the word can still become one of the expression, and whether it is one."""
    seen = seen_of(order, word)
    every = sequences(order, len(seen) + 6)
    begun = {each[:count] for each in every for count in range(len(each) + 1)}
    return any(spells(each, seen) for each in begun), any(spells(each, seen) for each in every)


def ours(rule: CompiledRule, word: Word) -> tuple[bool, bool]:
    form = form_of(rule)
    names = [pattern.text for pattern in rule.patterns]
    letters = [sum(1 << index for index, name in enumerate(names) if name in letter) for letter in word]
    state = functools.reduce(form.delta, letters, form.start)
    return state != 0, form.accepts(state)


@pytest.mark.parametrize(
    "text",
    [
        "x > y > z?",
        "(x > y)+",
        "x > (y | z) > x",
        "x? > y+ > z?",
        "x > (y > z?)+",
        "(x | y)+ > z",
        "x > x > y",
    ],
)
def test_an_order_takes_exactly_the_sequences_it_stands_for(text: str) -> None:
    rule, order = made(text), parse_order(text)
    single = [frozenset(), *(frozenset(name) for name in "xyz")]
    every = [frozenset(each) for count in range(4) for each in itertools.combinations("xyz", count)]
    words = [word for length in range(LONGEST + 1) for word in itertools.product(single, repeat=length)]
    words += itertools.product(every, repeat=3)
    begun = {each[:count] for each in sequences(order, 11) for count in range(min(len(each), LONGEST) + 1)}
    whole = sequences(order, LONGEST)
    for word in words:
        seen = seen_of(order, word)
        expected = (any(spells(each, seen) for each in begun), any(spells(each, seen) for each in whole))
        assert ours(rule, word) == expected, word


letters = st.frozensets(st.sampled_from("xyz"))
leaves = st.builds(
    Order,
    kind=st.just("step"),
    step=st.sampled_from("xyz"),
    optional=st.booleans(),
    repeats=st.booleans(),
)
orders = st.recursive(
    leaves,
    lambda parts: st.builds(
        Order,
        kind=st.sampled_from(["sequence", "either"]),
        parts=st.lists(parts, min_size=2, max_size=2).map(tuple),
        optional=st.booleans(),
        repeats=st.booleans(),
    ),
    max_leaves=3,
)


@given(orders, st.lists(letters, max_size=3).map(tuple))
def test_any_small_order_takes_exactly_the_sequences_it_stands_for(order: Order, word: Word) -> None:
    assert ours(made(order), word) == truth(order, word)


@given(orders)
def test_what_is_for_good_stays_so_in_any_order(order: Order) -> None:
    form = form_of(made(order))
    found = colours(form, form.start)
    assert found is not None
    for state, colour in found.items():
        if colour.endswith("for good"):
            assert {found[form.delta(state, letter)] for letter in form.letters} == {colour}
        assert (colour == "broken for good") == (state == 0)


def test_an_order_that_may_go_on_with_anything_is_kept_for_good() -> None:
    form = form_of(made("(x | y | z)+"))
    assert Automaton(form).colour(form.delta(form.start, 1)) == "kept for good"


def judged(text: str, *names: str):
    return judge_events(Compiled("", (made(text),)), events(*names))


def test_a_step_that_came_too_early_names_what_could_have_come_and_the_way_there() -> None:
    result = judged("x > y > z", "did.x", "did.z", "did.z")
    (violation,) = result.violations
    assert (violation.event, violation.expected, violation.repair) == ("e1", ("y",), ("y",))
    assert (violation.activation, violation.evidence) == ("e0", "e0")
    assert result.verdicts[0].verdict == "broken"


def test_after_a_break_the_order_goes_on_from_where_the_event_stands() -> None:
    result = judged("x > y > z", "did.z", "did.x", "did.y", "did.z")
    assert [each.event for each in result.violations] == ["e0", "e1"]
    assert result.verdicts[0].broken == 2
    assert result.verdicts[0].owed == ()


def test_an_order_that_stops_half_way_owes_the_mandatory_steps_of_the_cheapest_way() -> None:
    (verdict,) = judged("x > y? > ((z > x > y) | z)", "did.x").verdicts
    (owed,) = verdict.owed
    assert verdict.verdict == "broken"
    assert owed.owed
    assert owed.repair == ("z",)
    assert owed.expected == ("y", "z")


def test_an_order_of_which_nothing_came_is_not_triggered_even_if_it_owes_everything() -> None:
    (verdict,) = judged("x > y", "else").verdicts
    assert verdict.verdict == "not triggered"


def test_an_order_done_is_kept_and_fulfilled_once() -> None:
    (verdict,) = judged("x > y", "did.x", "did.x", "else", "did.y", "did.y").verdicts
    assert (verdict.verdict, verdict.activations, verdict.fulfilled) == ("kept", 1, 1)


def test_an_order_that_was_broken_is_not_fulfilled_by_its_end() -> None:
    (verdict,) = judged("x > y", "did.y", "did.x", "did.y").verdicts
    assert (verdict.activations, verdict.fulfilled, verdict.broken) == (1, 0, 2)


def test_an_event_that_is_several_steps_keeps_both_ways_open() -> None:
    assert judged("x > y > z", "did.xy", "did.z").verdicts[0].broken == 1
    assert judged("x > y > z", "did.x", "did.xy", "did.z").verdicts[0].verdict == "kept"
    assert judged("x > y > x", "did.x", "did.xy", "did.x").verdicts[0].verdict == "kept"


def test_a_step_without_evidence_is_passed_over() -> None:
    steps = (STEPS[0], Step("think"), STEPS[1])
    rule = made("x > think > y", steps)
    result = judge_events(Compiled("", (rule,)), events("did.x", "did.y"))
    assert result.verdicts[0].verdict == "kept"
    (verdict,) = judge_events(Compiled("", (rule,)), events("did.x")).verdicts
    assert verdict.owed[0].repair == verdict.owed[0].expected == ("y",)


def test_an_order_too_large_to_look_through_is_still_judged() -> None:
    names = [f"s{index}" for index in range(300)]
    steps = tuple(Step(name, evidence=(Pattern(name, (Alternative(name),)),)) for name in names)
    engine = Engine(
        Compiled("", (made(Order("sequence", parts=tuple(Order("step", name) for name in names)), steps),))
    )
    for event in events(*names[:-1]):
        assert engine.step(event) == []
    assert engine.verdicts_now()[0].verdict == "pending"
    assert engine.finish()[0].owed[0].repair == ("s299",)
    (violation,) = engine.step(events("s5")[0])
    assert violation.expected == ("s299",)
