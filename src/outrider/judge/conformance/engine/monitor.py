"""One rule at work: where it stands for each file, task or agent it is judged apart for, and its counts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from outrider.judge.conformance.engine.automaton import Automaton, Move
from outrider.judge.conformance.engine.compiled import CompiledRule
from outrider.judge.conformance.engine.forms import (
    ACTIVATION,
    EVIDENCE,
    INVALIDATION,
    TRIGGER,
    plain_form,
)
from outrider.judge.conformance.engine.letters import BOUNDARIES
from outrider.judge.conformance.engine.order import order_form
from outrider.judge.conformance.engine.verdicts import RuleVerdict, Verdict, Violation
from outrider.kernel.limits import KEYS_EVICTED_AT_ONCE, KEYS_PER_RULE, OWED_KEPT, PATH_CHARS
from outrider.record.activities.activity import Event

Held = tuple[int, str, str, str]
"""A state of the automaton and the event ids that explain it: activation, evidence, invalidation.

A plain tuple: one is made at nearly every step, and one with names costs three times as much.
"""


class Counts(NamedTuple):
    """How often the rule mattered, was kept then, was not, and how many keys were forgotten."""

    activations: int = 0
    fulfilled: int = 0
    broken: int = 0
    evicted: int = 0


class Standing(NamedTuple):
    """Everything that a monitor knows; ``base`` is where a key that is not among ``keys`` stands."""

    counts: Counts
    base: Held
    keys: dict[str, Held]


Take = Callable[[int, Event, list[Violation]], None]


def automaton_of(rule: CompiledRule) -> Automaton:
    """Return the automaton of a rule, for all its monitors."""
    texts = tuple(pattern.text for pattern in rule.patterns)
    if rule.order is not None:
        return Automaton(order_form(rule.order, rule.patterns), texts)
    return Automaton(plain_form(rule.form, len(rule.patterns), rule.most), texts)


class Monitor:
    """The automaton of one rule over the events of one run."""

    __slots__ = (
        "_activations",
        "_base",
        "_boundary",
        "_broken",
        "_evicted",
        "_fulfilled",
        "_keys",
        "automaton",
        "index",
        "rule",
    )

    def __init__(self, index: int, rule: CompiledRule, automaton: Automaton) -> None:
        self.index = index
        self.rule = rule
        self.automaton = automaton
        self._activations = self._fulfilled = self._broken = self._evicted = 0
        self._base: Held = (automaton.form.start, "", "", "")
        self._keys: dict[str, Held] = {}
        self._boundary = BOUNDARIES.get(rule.per)

    @property
    def standing(self) -> Standing:
        """Return a copy of what the monitor knows; set, it takes a copy."""
        counts = Counts(self._activations, self._fulfilled, self._broken, self._evicted)
        return Standing(counts, self._base, dict(self._keys))

    @standing.setter
    def standing(self, standing: Standing) -> None:
        self._activations, self._fulfilled, self._broken, self._evicted = standing.counts
        self._base = standing.base
        self._keys = dict(standing.keys)

    @property
    def take(self) -> Take:
        """Return what takes one step of this monitor; violations are appended to its last argument."""
        per = self.rule.per
        if not per:
            return partial(self._advance, "")
        if per == "file":
            return self._take_file
        if per == "agent":
            return self._take_agent
        return self._take_task if per == "task" else self._take_stretch

    def verdict(self, at: int, *, ended: bool) -> RuleVerdict:
        """Return the verdict if the run ended at ``at``, or as it stands then while it goes on."""
        if not self._keys and self._base[0] == self.automaton.form.start:
            # What never began owes nothing: a skill of which no step was seen has not broken its order.
            return RuleVerdict(
                self.index,
                self._word(self._broken, owing=False),
                self._activations,
                self._fulfilled,
                self._broken,
                evicted=self._evicted,
            )
        owing = [(key, held) for key, held in self._standing_keys() if self.automaton.owes(held[0])]
        owed = tuple(self._owed(key, held, "", at) for key, held in owing[:OWED_KEPT])
        fulfilled, broken = self._fulfilled, self._broken
        if ended:
            broken += len(owing)
            fulfilled += self._fulfilled_by_end()
        word = self._word(broken, owing=bool(owing))
        return RuleVerdict(self.index, word, self._activations, fulfilled, broken, owed, self._evicted)

    def _word(self, broken: int, *, owing: bool) -> Verdict:
        if broken:
            return "broken"
        if owing:
            return "pending"
        # A prohibition is kept by what does not happen; the other forms matter only once set off.
        return "kept" if self._activations or self.rule.form == "never" else "not triggered"

    def _fulfilled_by_end(self) -> int:
        if self.rule.form == "order" and self._broken:
            return 0
        form, owes = self.automaton.form, self.automaton.owes
        return sum(form.fulfilled_by_end(held[0]) and not owes(held[0]) for _, held in self._standing_keys())

    def _standing_keys(self) -> list[tuple[str, Held]]:
        return list(self._keys.items()) or [("", self._base)]

    def _take_agent(self, letter: int, event: Event, found: list[Violation]) -> None:
        self._advance(event.agent[:PATH_CHARS], letter, event, found)

    def _take_task(self, letter: int, event: Event, found: list[Violation]) -> None:
        self._advance(event.task[:PATH_CHARS], letter, event, found)

    def _take_file(self, letter: int, event: Event, found: list[Violation]) -> None:
        """An activity without a file counts for every file there is, and for those to come."""
        key = event.activity.of[:PATH_CHARS]
        if key:
            self._advance(key, letter, event, found)
            return
        before = self._base
        move = self.automaton[before[0], letter]
        if move:
            self._base = _after(before, move, event.id)
        if self._keys:
            self._advance_all(letter, event, found)
        elif move:
            self._count(move)
            if move.breaks:
                found.append(self._violation("", before, letter, move, event))

    def _advance_all(self, letter: int, event: Event, found: list[Violation]) -> None:
        first: Violation | None = None
        broken, moves, keys = 0, self.automaton, self._keys
        for key, held in keys.items():
            move = moves[held[0], letter]
            if move is None:
                continue
            keys[key] = _after(held, move, event.id)
            if move.counts:
                self._count(move)
            if move.breaks:
                broken += 1
                first = first or self._violation(key, held, letter, move, event)
        if first:
            found.append(first._replace(keys=broken))
        if not self._base[0] and self.rule.form in ("after", "forbid"):
            # Where nothing is in force a key is as good as new; else tests would visit all files ever edited.
            self._keys = {key: held for key, held in keys.items() if held[0]}

    def _take_stretch(self, letter: int, event: Event, found: list[Violation]) -> None:
        """A prompt opens its stretch, a commit closes it; what a commit sets off belongs to the next."""
        if event.activity.name != self._boundary:
            self._advance("", letter, event, found)
        elif self.rule.per == "prompt":
            self._close(event, found)
            self._advance("", letter, event, found)
        else:
            later = letter & TRIGGER if self.rule.form in ("after", "forbid") else 0
            self._advance("", letter & ~later, event, found)
            self._close(event, found)
            self._advance("", later, event, found)

    def _close(self, event: Event, found: list[Violation]) -> None:
        held = self._keys.pop("", self._base)
        if self.automaton.owes(held[0]):
            self._broken += 1
            found.append(self._owed("", held, event.id, event.at))
        elif self.automaton.form.fulfilled_by_end(held[0]):
            self._fulfilled += 1

    def _advance(self, key: str, letter: int, event: Event, found: list[Violation]) -> None:
        keys = self._keys
        held = keys.get(key)
        known = held or self._base
        move = self.automaton[known[0], letter]
        if move is None:
            return
        if held is None:
            self._enter()
        state, counts, keeps, breaks, activates, fulfils = move
        if keeps:
            # `_after` and `_count`, written out: nearly every step of a run comes through here.
            _, activation, evidence, invalidation = known
            if keeps & ACTIVATION:
                activation = event.id
            if keeps & EVIDENCE:
                evidence = event.id
            if keeps & INVALIDATION:
                invalidation = event.id
            keys[key] = (state, activation, evidence, invalidation)
        else:
            keys[key] = (state, *known[1:])
        if counts:
            self._activations += activates
            self._fulfilled += fulfils
            if breaks:
                self._broken += 1
                found.append(self._violation(key, known, letter, move, event))

    def _enter(self) -> None:
        """Make room for a key; what is in force for all files becomes its own, the first key's for free."""
        if self._keys and self._base[0] and self.rule.form in ("after", "forbid"):
            self._activations += 1
        if len(self._keys) >= KEYS_PER_RULE:
            self._evict()

    def _evict(self) -> None:
        """Forget the oldest keys, those that owe nothing first."""
        owes = self.automaton.owes
        oldest = sorted(self._keys, key=lambda key: owes(self._keys[key][0]))[:KEYS_EVICTED_AT_ONCE]
        for key in oldest:
            del self._keys[key]
        self._evicted += len(oldest)

    def _count(self, move: Move) -> None:
        self._activations += move.activates
        self._fulfilled += move.fulfils
        self._broken += move.breaks

    def _violation(self, key: str, held: Held, letter: int, move: Move, event: Event) -> Violation:
        state, activation, evidence, invalidation = held
        if move.keeps & ACTIVATION:
            activation = event.id
        expected, repair = self.automaton.ways(state, letter)
        return Violation(
            self.index, event.id, event.at, key, activation, evidence, invalidation, expected, repair
        )

    def _owed(self, key: str, held: Held, event: str, at: int) -> Violation:
        return Violation(self.index, event, at, key, *held[1:], *self.automaton.ways(held[0], 0), owed=True)


def _after(held: Held, move: Move, event: str) -> Held:
    _, activation, evidence, invalidation = held
    keeps = move.keeps
    if keeps & ACTIVATION:
        activation = event
    if keeps & EVIDENCE:
        evidence = event
    if keeps & INVALIDATION:
        invalidation = event
    return move.state, activation, evidence, invalidation
