"""Compiled rules: what the engine needs of a workflow, as plain values.

`json.dumps` writes them, :func:`read_compiled` takes them back, so that a hook needs neither the workflow
file nor what reads it.
"""

from __future__ import annotations

from typing import NamedTuple

from outrider.judge.conformance.engine.verdicts import Refused

WIDTHS = {"before": (2, 3), "after": (2,), "forbid": (3,), "at most": (1,), "never": (1,)}
"""How many patterns each form takes: trigger, required or forbidden, edge. An order takes one per step."""

SCOPES = ("", "file", "task", "agent", "commit", "prompt")
MODES = ("observe", "advise", "enforce")


class CompiledPattern(NamedTuple):
    """``alternatives`` are globs for name, of, to and within; an empty one holds for everything."""

    text: str
    alternatives: tuple[tuple[str, str, str, str], ...]


class CompiledOrder(NamedTuple):
    """An order as positions, each a mention of a step; sets of positions are bit masks.

    ``steps`` gives the pattern of each position, ``after`` the positions that may come next.
    """

    steps: tuple[int, ...]
    starts: int
    ends: int
    after: tuple[int, ...]
    may_be_empty: bool


class CompiledRule(NamedTuple):
    """One rule; the bits of a letter are the indexes of ``patterns``. ``by`` is the skill that keeps it."""

    text: str
    form: str
    patterns: tuple[CompiledPattern, ...]
    per: str = ""
    most: int = 0
    order: CompiledOrder | None = None
    mode: str = "observe"
    by: str = ""


class Compiled(NamedTuple):
    """The rules of one workflow; ``digest`` tells one set of rules from another."""

    digest: str
    rules: tuple[CompiledRule, ...]


def read_compiled(value: object) -> Compiled | Refused:
    """Return the rules that ``json.loads`` gave back; anything else is refused."""
    try:
        digest, rules = _list(value, 2)
        return Compiled(_text(digest), tuple(_rule(each) for each in _list(rules)))
    except ValueError as error:
        return Refused(f"not compiled rules: {error}")


def _rule(value: object) -> CompiledRule:
    text, form, patterns, per, most, order, mode, by = _list(value, 8)
    rule = CompiledRule(
        _text(text),
        _text(form),
        tuple(_pattern(each) for each in _list(patterns)),
        _text(per),
        _count(most),
        None if order is None else _order(order),
        _text(mode),
        _text(by),
    )
    if rule.per not in SCOPES or rule.mode not in MODES:
        raise ValueError("a scope or mode that does not exist")
    if rule.order is None:
        fits = len(rule.patterns) in WIDTHS.get(rule.form, ())
    else:
        fits = rule.form == "order" and _fits(rule.order, len(rule.patterns))
    if not fits:
        raise ValueError("a form without what it needs")
    return rule


def _pattern(value: object) -> CompiledPattern:
    text, alternatives = _list(value, 2)
    return CompiledPattern(_text(text), tuple(_alternative(each) for each in _list(alternatives)))


def _alternative(value: object) -> tuple[str, str, str, str]:
    name, of, to, within = _list(value, 4)
    return _text(name), _text(of), _text(to), _text(within)


def _order(value: object) -> CompiledOrder:
    steps, starts, ends, after, may_be_empty = _list(value, 5)
    return CompiledOrder(
        tuple(_count(each) for each in _list(steps)),
        _count(starts),
        _count(ends),
        tuple(_count(each) for each in _list(after)),
        bool(may_be_empty),
    )


def _fits(order: CompiledOrder, patterns: int) -> bool:
    positions = len(order.steps)
    masks = (order.starts, order.ends, *order.after)
    return (
        len(order.after) == positions
        and all(step < patterns for step in order.steps)
        and all(mask < 1 << positions for mask in masks)
    )


def _list(value: object, length: int | None = None) -> list[object] | tuple[object, ...]:
    if not isinstance(value, list | tuple) or (length is not None and len(value) != length):
        raise ValueError("a list of another length" if isinstance(value, list | tuple) else "not a list")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("not a text")
    return value


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError("not a count")
    return value
