"""The texts that the guard gives to a model or a person: our own small grammar, and nothing else.

Facts, not orders: which call, how often, since when, and two ways out. Names are checked, numbers are
ours, no
foreign text gets in. Every text begins with a mark, so that it is known when it comes back.
"""

from __future__ import annotations

from outrider.judge.guard.seeing.digests import plain
from outrider.judge.guard.seeing.observations import OWN_MARK
from outrider.kernel.limits import GUARD_ANSWER_CHARS, GUARD_LABEL_CHARS, GUARD_RULE_CHARS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from outrider.judge.guard.ladder import Intervention


def render(told: Intervention, report: str) -> str:
    """Return the text of one intervention; ``report`` is the id under which it can be looked up."""
    kind = told.detector.partition(":")[0]
    fact = _FACTS.get(kind, "{label} was repeated {count} times")
    name = _name(told.label, GUARD_RULE_CHARS if kind in _RULES else GUARD_LABEL_CHARS)
    said = fact.replace("{label}", name).replace("{count}", str(max(told.count, 0)))
    span = told.time - told.since
    over = f" (in {_span(span)})" if told.since and 1 <= span < 1e7 else ""
    way = _way(told, kind)
    return f"{OWN_MARK} {_name(report)}] {said}{over}. {way}"[:GUARD_ANSWER_CHARS]


def _way(told: Intervention, kind: str) -> str:
    if kind not in _RULES or told.level in ("ask", "stop"):
        return _WAYS.get(told.level, _WAYS["hint"])
    said = _RULES[kind].get(told.level, "")
    repair = _name(told.repair, GUARD_RULE_CHARS) if told.repair else ""
    return f"{said} What would keep it: {repair}.".strip() if repair else said


def is_own(text: str) -> bool:
    """Tell whether a text holds words of ours."""
    return OWN_MARK in text


_FACTS = {
    "same_result": (
        "{label} gave the same result {count} times in a row, and nothing new was written in between"
    ),
    "poll": "{label} gave the same answer {count} times in a row, with hardly a pause between",
    "repeat": "{label} gave the same result {count} times, and nothing new was written in between",
    "same_failure": "{label} failed {count} times, and nothing new was written in between",
    "volatile_result": "{label} was called {count} times in a row, and only digits in its output changed",
    "cycle": "The same calls came in the same order with the same results {count} times, last {label}",
    "refused_again": "{label} was refused, and was tried again {count} times",
    "same_error": "{label} failed in the same way {count} times with different arguments",
    "churn": "{label} was asked in {count} ways, and the outcome was the same each time",
    "no_progress": "{label} failed in the same way after each of {count} different edits",
    "failed_edits": "{label} failed in the same way {count} times on one file",
    "flip_flop": "{label} brought a file back to earlier contents {count} times, with nothing new in between",
    "unchanged_edits": "{label} wrote {count} times what was there already",
    "duplicates": "{label} was called {count} times with the same input in one reply",
    "compactions": "The context was compacted {count} times with hardly a call in between",
    "after_compaction": (
        "{label} was repeated with the same result after each of the last {count} compactions"
    ),
    "delegation": "{count} subagents, one after the other, came back with the same outcome",
    "plan_churn": "The plan was rewritten {count} times without a change of its states",
    "held_stops": "The stop was held back {count} times, and no tool was called in between",
    "messages": "{count} messages came without a tool call or a person in between",
    "chant": "A message ended in the same words {count} times",
    "rounds": "{count} rounds with the same prompt ended without a new call, edit, commit or question",
    "breaker": "{label} is held back: it was repeated {count} times without a new outcome",
    "limit": "Limit {label}: {count} % are used",
    "rule": "This call would break the rule: {label}",
    "owed": "Still owed by the rule: {label}",
    "stopped": "The guard has ended this turn: calls were held back and tried again",
    "tripped": "A person has tripped the breaker for this session",
}

_RULES = {
    "rule": {"deny": "The call was not run."},
    "owed": {},
}

_WAYS = {
    "note": "Noted only.",
    "hint": (
        "Two ways out: change something first and look at what is different, or tell what is missing and ask."
    ),
    "deny": (
        "This call was not run. Two ways out: write something new first, or tell what is missing and ask."
    ),
    "ask": "A person decides whether it goes on.",
    "stop": "The run ends here. What is missing can be told in the last message.",
}


def _name(label: str, most: int = GUARD_LABEL_CHARS) -> str:
    """Return a name that cannot pass for anything but a name."""
    return plain(label, most) or "The call"


def _span(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7_200 else f"{seconds / 3600:.0f} h"
