"""Order expressions: `plan > (build | buy)+ > ship?`, read and written.

`>` is a sequence and `|` a choice; which of them binds stronger, nobody should have to know, so that both
beside each other need parentheses. `?` may be left out, `+` may come again.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Final, Literal

from outrider.kernel.limits import ORDER_MENTIONS, WORKFLOW_DEPTH, WORKFLOW_TEXT_CHARS
from outrider.plan.workflow.mistakes import TextError, did_you_mean, shown
from outrider.plan.workflow.model import Order
from outrider.plan.workflow.scanner import Reading, Scanner, Token, read_with, value_of

SIGNS: Final = "|>?+()"
_ARROWS: Final = ("->", "→", "=>", ",", ";", "then", "-", "=")
_KINDS: Final[dict[str, Literal["sequence", "either"]]] = {">": "sequence", "|": "either"}


def parse_order(text: str, steps: Collection[str] | None = None) -> Order:
    """Read an order; raise :class:`TextError` at its first mistake.

    ``steps`` are the names it may mention; None: any.
    """
    return value_of(read_order(text, steps))


def read_order(text: str, steps: Collection[str] | None = None) -> Reading[Order]:
    """Read an order and tell all unknown steps, and the first mistake in its grammar."""

    def whole(scan: Scanner) -> Order:
        order = _Parser(scan, steps).level(0)
        if scan.next.kind != "end":
            scan.give_up("`>`, `|`, `?`, `+` or the end", _hint(scan.next))
        return order

    return read_with(lambda: Scanner(text, SIGNS, WORKFLOW_TEXT_CHARS * 10), whole)


def order_as_text(order: Order) -> str:
    """Write an order so that reading it gives the same tree."""
    return _part_as_text(order, outermost=True)


def mentions(order: Order) -> tuple[str, ...]:
    """Return the steps that an order names, each time it does, from left to right."""
    if order.kind == "step":
        return (order.step,)
    return tuple(name for part in order.parts for name in mentions(part))


def _part_as_text(order: Order, *, outermost: bool = False) -> str:
    marks = ("+" if order.repeats else "") + ("?" if order.optional else "")
    if order.kind == "step":
        return order.step + marks
    sign = " > " if order.kind == "sequence" else " | "
    inner = sign.join(_part_as_text(part) for part in order.parts)
    return inner if outermost and not marks else f"({inner}){marks}"


class _Parser:
    """Reads one expression from its tokens."""

    def __init__(self, scan: Scanner, steps: Collection[str] | None) -> None:
        self._scan = scan
        self._steps = steps
        self._mentioned = 0

    def level(self, depth: int) -> Order:
        """Read what stands between two parentheses, or the whole."""
        parts = [self._part(depth)]
        sign = self._scan.take_if(">", "|")
        if sign is None:
            return parts[0]
        between: Token | None = sign
        while between:
            if between.text != sign.text:
                raise TextError(
                    between.column,
                    "mixed-order",
                    "`>` and `|` beside each other can be read in two ways",
                    "put one of them in parentheses: `a > (b | c)`",
                )
            parts.append(self._part(depth))
            between = self._scan.take_if(">", "|")
        kind = _KINDS[sign.text]
        return Order(kind, parts=tuple(each for part in parts for each in _flat(part, kind)))

    def _part(self, depth: int) -> Order:
        if opened := self._scan.take_if("("):
            order = self._group(opened, depth + 1)
        else:
            order = self._step()
        while mark := self._scan.take_if("?", "+"):
            order = replace(order, optional=True) if mark.text == "?" else replace(order, repeats=True)
        return order

    def _group(self, opened: Token, depth: int) -> Order:
        if depth > WORKFLOW_DEPTH:
            message = f"parentheses may be nested {WORKFLOW_DEPTH} deep"
            raise TextError(opened.column, "too-deep", message, "leave out those that change nothing")
        order = self.level(depth)
        if self._scan.next.kind == "end":
            raise TextError(opened.column, "unexpected-text", "this `(` is never closed", "add `)`")
        if not self._scan.take_if(")"):
            self._scan.give_up("`>`, `|`, `?`, `+` or `)`", _hint(self._scan.next))
        return order

    def _step(self) -> Order:
        token = self._scan.next
        if token.kind != "word":
            self._scan.give_up("a step", _hint(token))
        self._scan.take()
        self._mentioned += 1
        if self._mentioned > ORDER_MENTIONS:
            message = f"an order may mention {ORDER_MENTIONS} steps"
            raise TextError(token.column, "too-many", message, "split the workflow")
        if self._steps is not None and token.text not in self._steps:
            nearest = did_you_mean(token.text, self._steps) or "describe it under `steps`"
            message = f"{shown(token.text)} is no step of this workflow"
            self._scan.found.append(TextError(token.column, "unknown-step", message, nearest))
        return Order("step", step=token.text)


def _flat(part: Order, kind: str) -> tuple[Order, ...]:
    """Return the parts of a group that is of the same kind and says nothing about the whole of it."""
    return part.parts if part.kind == kind and not part.optional and not part.repeats else (part,)


def _hint(token: Token) -> str:
    if token.text == "*":
        return "any number of times is `+?`"
    if token.kind == "quoted":
        return "names of steps stand without quotes"
    return "write `>` between steps that follow each other" if token.text in _ARROWS else ""
