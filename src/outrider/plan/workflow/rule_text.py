"""Rules as text: the five forms that a person lists, read and written. The sixth, the order, stands alone.

`before B require A [since C]`, `after A require B`, `after A forbid B until C`, `at most N A`, `never A`,
each with an optional `per file|task|agent|commit|prompt` at its end.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, cast, get_args

from outrider.plan.workflow.mistakes import TextError, did_you_mean
from outrider.plan.workflow.model import Pattern, Per, Rule
from outrider.plan.workflow.patterns import SIGNS, pattern_as_text, take_pattern
from outrider.plan.workflow.scanner import Reading, Scanner, read_with, value_of

SCOPES: Final = tuple(each for each in get_args(Per) if each)
BEGINNINGS: Final = ("before", "after", "at", "never")
FORMS_TEXT: Final = (
    "`before B require A since C`, `after A require B`, `after A forbid B until C`, `at most N A`, `never A`"
)
_MOST_DIGITS = 9


def parse_rule(text: str, words: Collection[str] | None = None) -> Rule:
    """Read one rule; raise :class:`TextError` at its first mistake. ``words``: as for patterns."""
    return value_of(read_rule(text, words))


def read_rule(text: str, words: Collection[str] | None = None) -> Reading[Rule]:
    """Read one rule and tell all mistakes in its names, and the first in its grammar."""
    spaced = text.replace("\n", " ").replace("\t", " ")
    return read_with(lambda: Scanner(spaced, SIGNS), lambda scan: _Parser(scan, words).rule())


def rule_as_text(rule: Rule) -> str:
    """Write a rule from its parts; of the order this is a name, as it has no text in this grammar."""
    trigger = pattern_as_text(rule.trigger)
    required, forbidden, edge = (
        pattern_as_text(each) if each else "" for each in (rule.required, rule.forbidden, rule.edge)
    )
    since = f" since {edge}" if edge else ""
    texts = {
        "before": f"before {trigger} require {required}{since}",
        "after": f"after {trigger} require {required}",
        "forbid": f"after {trigger} forbid {forbidden} until {edge}",
        "at most": f"at most {rule.most} {trigger}",
        "never": f"never {trigger}",
        "order": "order",
    }
    return texts[rule.form] + (f" per {rule.per}" if rule.per else "")


class _Parser:
    """Reads one rule from its tokens, one method for each way to begin."""

    def __init__(self, scan: Scanner, words: Collection[str] | None) -> None:
        self._scan = scan
        self._words = words

    def rule(self) -> Rule:
        first = self._scan.next
        if first.kind == "end":
            raise TextError(1, "empty-text", "this rule says nothing", f"the forms are {FORMS_TEXT}")
        if not first.says(*BEGINNINGS):
            hint = did_you_mean(first.text, BEGINNINGS) or f"the forms are {FORMS_TEXT}"
            raise TextError(first.column, "rule-form", f"no rule begins with {first}", hint)
        self._scan.take()
        forms = {"before": self._before, "after": self._after, "at": self._at_most, "never": self._never}
        rule = forms[first.text]()
        return self._ended(rule)

    def _before(self) -> Rule:
        trigger = self._pattern()
        self._scan.expect("`require`, `of`, `to`, `in` or `|`", "require")
        required = self._pattern()
        edge = self._pattern() if self._scan.take_if("since") else None
        return Rule("", "before", trigger, required=required, edge=edge)

    def _after(self) -> Rule:
        trigger = self._pattern()
        verb = self._scan.expect("`require`, `forbid`, `of`, `to`, `in` or `|`", "require", "forbid")
        other = self._pattern()
        if verb.text == "require":
            return Rule("", "after", trigger, required=other)
        if not self._scan.next.says("until"):
            self._scan.give_up("`until`", "say what lifts the ban: `until test.pass`, `until prompt`")
        self._scan.take()
        return Rule("", "forbid", trigger, forbidden=other, edge=self._pattern())

    def _at_most(self) -> Rule:
        self._scan.expect("`most` after `at`", "most")
        number = self._scan.next
        digits = number.text
        if not (digits.isascii() and digits.isdecimal() and len(digits) <= _MOST_DIGITS):
            self._scan.give_up("a whole number after `at most`")
        self._scan.take()
        trigger = self._pattern()
        if int(digits) == 0:
            again = f"write `never {pattern_as_text(trigger)}`"
            raise TextError(number.column, "at-most-zero", "`at most 0` is a roundabout `never`", again)
        return Rule("", "at most", trigger, most=int(digits))

    def _never(self) -> Rule:
        return Rule("", "never", self._pattern())

    def _ended(self, rule: Rule) -> Rule:
        per = ""
        if self._scan.take_if("per"):
            hint = did_you_mean(self._scan.next.text, SCOPES)
            if not self._scan.next.says(*SCOPES):
                self._scan.give_up("one of " + ", ".join(f"`{each}`" for each in SCOPES), hint)
            per = self._scan.take().text
        if self._scan.next.kind != "end":
            self._scan.give_up(
                "`per …` or the end" if not per else "the end", _HINTS.get(self._scan.next.text, "")
            )
        return Rule(
            self._scan.text.strip(),
            rule.form,
            rule.trigger,
            rule.required,
            rule.forbidden,
            rule.edge,
            rule.most,
            cast(Per, per),
        )

    def _pattern(self) -> Pattern:
        return take_pattern(self._scan, self._words)


_HINTS: Final = {
    "since": "only `before … require …` takes `since`",
    "until": "only `after … forbid …` takes `until`",
    "or": "alternatives stand with `|` between them",
    "and": "write two rules",
    ",": "alternatives stand with `|` between them",
}
