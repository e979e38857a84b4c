"""Every form means what its LTLf formula means, for every word of up to five letters."""

from __future__ import annotations

import functools
import itertools
import json

import pytest

from outrider.judge.conformance.engine.automaton import Automaton, colours
from outrider.judge.conformance.engine.forms import Form, plain_form
from outrider.judge.conformance.engine.monitor import Monitor, Standing, automaton_of
from tests.judge.conformance.engine.ltlf import FORMULAS, Word, words
from tests.judge.conformance.engine.made import rule, word_event
from tests.judge.conformance.engine.make_tables import LONGEST, TABLES, tables, unpacked

every_form = pytest.mark.parametrize("name", FORMULAS)


@functools.cache
def table(name: str) -> dict[Word, bool]:
    every = list(words(FORMULAS[name][2], LONGEST))
    frozen = json.loads(TABLES.read_text("utf-8"))[name]
    return dict(zip(every, unpacked(frozen, len(every)), strict=True))


def form_of(name: str) -> Form:
    kind, most, patterns, _ = FORMULAS[name]
    return plain_form(kind, patterns, most)


def test_the_frozen_tables_are_what_the_formulas_say() -> None:
    assert json.loads(TABLES.read_text("utf-8")) == tables()


@every_form
def test_the_automaton_accepts_exactly_the_words_of_its_formula(name: str) -> None:
    form = form_of(name)
    for word, keeps in table(name).items():
        assert form.accepts(functools.reduce(form.delta, word, form.start)) == keeps, word


@every_form
def test_a_rule_is_broken_exactly_on_the_words_against_its_formula(name: str) -> None:
    kind, most, patterns, _ = FORMULAS[name]
    made = rule(kind, patterns, most=most)
    monitor = Monitor(0, made, automaton_of(made))
    take = monitor.take

    def walk(standing: Standing, word: Word) -> None:
        for letter in range(1 << patterns):
            longer = (*word, letter)
            monitor.standing = standing
            take(letter, word_event(len(word), letter), [])
            assert (monitor.verdict(0, ended=True).verdict != "broken") == table(name)[longer], longer
            if len(longer) < LONGEST:
                walk(monitor.standing, longer)

    walk(monitor.standing, ())


@every_form
def test_colours_are_what_all_continuations_say(name: str) -> None:
    """Within two further letters everything that can happen to these forms does (N + 1 for `at most N`)."""
    form, keeps = form_of(name), table(name)
    letters = range(1 << FORMULAS[name][2])
    automaton = Automaton(form)
    reach = 4 if name == "at most 3" else 3 if name == "at most 2" else 2
    for word in words(FORMULAS[name][2], LONGEST - reach):
        later = {
            keeps[(*word, *more)]
            for count in range(1, reach + 1)
            for more in itertools.product(letters, repeat=count)
        }
        colour = automaton.colour(functools.reduce(form.delta, word, form.start))
        if keeps[word]:
            assert colour == ("kept so far" if False in later else "kept for good"), word
        else:
            assert colour == ("owed" if True in later else "broken for good"), word


@every_form
def test_what_is_for_good_stays_so(name: str) -> None:
    form = form_of(name)
    found = colours(form, form.start) or {}
    for state, colour in found.items():
        if colour.endswith("for good"):
            assert {found[form.delta(state, letter)] for letter in form.letters} == {colour}


def test_the_forms_have_the_colours_that_their_names_promise() -> None:
    assert colours(plain_form("before", 3), 0) == {0: "kept so far", 1: "kept so far", 2: "broken for good"}
    assert colours(plain_form("before", 2), 0) == {0: "kept so far", 1: "kept for good", 2: "broken for good"}
    assert colours(plain_form("after", 2), 0) == {0: "kept so far", 1: "owed"}
    assert colours(plain_form("never", 1), 0) == {0: "kept so far", 1: "broken for good"}


def test_a_count_too_large_to_look_through_is_still_judged() -> None:
    automaton = Automaton(plain_form("at most", 1, 10**9))
    assert automaton.colour(0) == "kept so far"
    assert automaton.colour(10**9) == "kept so far"
    assert automaton.colour(10**9 + 1) == "broken for good"
    move = automaton[10**9, 1]
    assert move is not None
    assert move.breaks
