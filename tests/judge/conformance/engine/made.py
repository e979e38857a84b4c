"""Rules and events for the tests of the engine, in few words."""

from __future__ import annotations

from collections.abc import Iterable

from outrider.judge.conformance.engine.compiled import Compiled, CompiledOrder, CompiledPattern, CompiledRule
from outrider.record.activities.activity import Activity, Event

NAMES = ("a", "b", "c")


def pattern(text: str, *globs: str, of: str = "", to: str = "", within: str = "") -> CompiledPattern:
    return CompiledPattern(text, tuple((glob, of, to, within) for glob in globs or (text,)))


def by_letter(index: int) -> CompiledPattern:
    """Match the activities `word:abc`, `word:a` … that have the letter of that index in their name."""
    return pattern(NAMES[index], f"word:*{NAMES[index]}*")


def rule(form: str, patterns: int, *, per: str = "", most: int = 0) -> CompiledRule:
    return CompiledRule(
        f"{form} {per}", form, tuple(by_letter(index) for index in range(patterns)), per, most
    )


def compiled(*rules: CompiledRule) -> Compiled:
    return Compiled("digest", rules)


def word_event(index: int, letter: int, of: str = "") -> Event:
    name = "word:" + "".join(name for bit, name in enumerate(NAMES) if letter >> bit & 1)
    return Event(f"e{index}", index, "", Activity(name, of))


def word_events(word: Iterable[int]) -> list[Event]:
    return [word_event(index, letter) for index, letter in enumerate(word)]


def events(*names: str, of: str = "", agent: str = "", task: str = "") -> list[Event]:
    """Give one event per name; `name@file` says what it was done to."""
    found = []
    for index, each in enumerate(names):
        name, _, file = each.partition("@")
        found.append(Event(f"e{index}", index, agent, Activity(name, file or of), task=task))
    return found


def order(
    *steps: str, starts: Iterable[int], ends: Iterable[int], after: Iterable[Iterable[int]], empty: bool
) -> CompiledOrder:
    names = sorted(set(steps))
    return CompiledOrder(
        tuple(names.index(step) for step in steps),
        sum(1 << each for each in starts),
        sum(1 << each for each in ends),
        tuple(sum(1 << each for each in following) for following in after),
        empty,
    )


def before(
    trigger: CompiledPattern, required: CompiledPattern, since: CompiledPattern | None = None, per: str = ""
) -> CompiledRule:
    patterns = (trigger, required, since) if since else (trigger, required)
    return CompiledRule("before", "before", patterns, per)


def commit_rule(per: str = "") -> CompiledRule:
    """Give the rule `before git.commit require test.pass since edit.src`."""
    return before(pattern("git.commit"), pattern("test.pass"), pattern("edit.src"), per)
