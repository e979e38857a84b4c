"""What a well written workflow can still get wrong: rules that cannot hold, orders that cannot be met.

Each check is sure of what it says; where patterns are too different to compare, it says nothing. Why a
rule cannot be kept is argued on the semantics of ``judge.conformance``: `before` asks for an earlier event,
an event that is several things at once is judged as B, then as C, then as A, and a ban begins with the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Literal, NamedTuple

from outrider.kernel.limits import PATTERN_COMPARISONS
from outrider.plan.workflow.limit_text import LIMIT_KEYS, limit_as_text
from outrider.plan.workflow.mistakes import MistakeSlug
from outrider.plan.workflow.model import Limits, Order, Pattern, Rule, Workflow
from outrider.plan.workflow.order_graph import OrderGraph, order_graph
from outrider.plan.workflow.order_text import mentions
from outrider.plan.workflow.patterns import covers

Part = Literal["workflow", "step", "step limit", "order", "rule", "limit"]


class Problem(NamedTuple):
    """A mistake of a part of a workflow; ``key`` is a step, a rule's number (from 0), or a limit's name."""

    part: Part
    key: str
    slug: MistakeSlug
    message: str
    suggestion: str


def check_workflow(workflow: Workflow) -> tuple[Problem, ...]:
    """Return everything that cannot be meant as it stands."""
    compare = _Comparison()
    return (
        *_emptiness(workflow),
        *_steps(workflow),
        *_order(workflow),
        *_rules(workflow),
        *_pairs(workflow, compare),
        *_cycles(workflow, compare),
        *_limits(workflow),
    )


class _Comparison:
    """Compares patterns of different rules, up to a bound: then none covers another any more."""

    def __init__(self) -> None:
        self._left = PATTERN_COMPARISONS

    def covers(self, pattern: Pattern, other: Pattern) -> bool:
        """Tell whether every activity of ``other`` surely is one of ``pattern``."""
        self._left -= len(pattern.alternatives) * len(other.alternatives)
        return self._left >= 0 and covers(pattern, other)

    def ban_of(self, wanted: Pattern, bans: list[Rule]) -> Rule | None:
        """Return the rule that forbids all of ``wanted``."""
        if self._left < 0:
            return None
        return next((ban for ban in bans if self.covers(ban.trigger, wanted)), None)


def _emptiness(workflow: Workflow) -> Iterator[Problem]:
    if not workflow.steps and not workflow.rules and workflow.limits == Limits():
        message = "a workflow without steps, rules and limits says nothing"
        yield Problem("workflow", "", "says-nothing", message, "add `steps`, `rules` or `limits`")


def _steps(workflow: Workflow) -> Iterator[Problem]:
    for step in workflow.steps:
        if not step.evidence and not step.marks:
            message = f"nothing shows that step `{step.name}` was done"
            advice = "add `evidence: [edit.src, test.pass]` or `marks: [a text by which it is announced]`"
            yield Problem("step", step.name, "step-without-evidence", message, advice)


def _order(workflow: Workflow) -> Iterator[Problem]:
    if workflow.order is None:
        return
    mentioned = set(mentions(workflow.order))
    for step in workflow.steps:
        if step.name not in mentioned:
            message = f"the order does not say when step `{step.name}` comes"
            yield Problem("step", step.name, "step-not-in-order", message, "add it to `order`")
    for name in dict.fromkeys(_indistinct(workflow.order, order_graph(workflow.order, workflow.steps))):
        message = f"nobody can tell where one `{name}` ends and the next begins"
        yield Problem(
            "order", name, "repeated-step", message, f"write `{name}+` for a step that may come again"
        )


def _indistinct(order: Order, graph: OrderGraph) -> Iterator[str]:
    """Find steps of which one mention may follow another directly, or stands beside itself in a choice."""
    for at, name in enumerate(graph.steps):
        if any(other != at and graph.steps[other] == name for other in graph.after[at]):
            yield name
    yield from _chosen_twice(order)


def _chosen_twice(order: Order) -> Iterator[str]:
    names = [part.step for part in order.parts if part.kind == "step"]
    if order.kind == "either":
        yield from (name for name in dict.fromkeys(names) if names.count(name) > 1)
    for part in order.parts:
        yield from _chosen_twice(part)


def _rules(workflow: Workflow) -> Iterator[Problem]:
    seen: dict[tuple[object, ...], int] = {}
    for number, rule in enumerate(workflow.rules):
        if fault := _fault_of(rule):
            yield Problem("rule", str(number), *fault)
        first = seen.setdefault(_meaning(rule), number)
        if first != number:
            message = f"this says what `{workflow.rules[first].text}` says already"
            yield Problem("rule", str(number), "duplicate-rule", message, "remove one of them")


def _meaning(rule: Rule) -> tuple[object, ...]:
    patterns = (rule.trigger, rule.required, rule.forbidden, rule.edge)
    return (rule.form, rule.most, rule.per, *(each and frozenset(each.alternatives) for each in patterns))


_Fault = tuple[MistakeSlug, str, str]


def _fault_of(rule: Rule) -> _Fault | None:
    if rule.form == "before":
        return _fault_of_before(rule)
    if rule.form == "forbid":
        return _fault_of_forbid(rule)
    if rule.form == "after" and rule.required and covers(rule.required, rule.trigger):
        message = f"every `{rule.trigger.text}` is itself the `{rule.required.text}` it asks for"
        return "rule-always-holds", message, "name something else after `require`"
    if rule.form == "at most" and rule.most < 1:
        return "at-most-zero", "`at most 0` is a roundabout `never`", f"write `never {rule.trigger.text}`"
    return None


def _fault_of_before(rule: Rule) -> _Fault | None:
    if rule.required is None:
        return None
    if covers(rule.trigger, rule.required):
        required, trigger = rule.required.text, rule.trigger.text
        message = f"every `{required}` is itself a `{trigger}`, so that the first one is always broken"
        return "rule-never-holds", message, "narrow what stands after `before`, with `of`, `to` or `in`"
    if rule.edge and covers(rule.required, rule.edge):
        message = (
            f"every `{rule.edge.text}` is itself a `{rule.required.text}`, so that `since` changes nothing"
        )
        return (
            "edge-without-effect",
            message,
            "name what makes the evidence stale after `since`, or leave it out",
        )
    return None


def _fault_of_forbid(rule: Rule) -> _Fault | None:
    if rule.forbidden is None or rule.edge is None:
        return None
    if covers(rule.edge, rule.forbidden):
        message = f"every `{rule.forbidden.text}` is itself the `{rule.edge.text}` that lifts the ban"
        return "rule-always-holds", message, "name something else after `until`"
    if covers(rule.trigger, rule.edge):
        message = f"every `{rule.edge.text}` is again a `{rule.trigger.text}`, so that the ban never ends"
        return "edge-without-effect", message, "name something else after `until`"
    return None


def _pairs(workflow: Workflow, compare: _Comparison) -> Iterator[Problem]:
    """Find what a `never` forbids although something else asks for it."""
    bans = [rule for rule in workflow.rules if rule.form == "never"]
    if not bans:
        return
    for number, rule in enumerate(workflow.rules):
        wanted = rule.required if rule.form in ("before", "after") else None
        ban = compare.ban_of(wanted, bans) if wanted else None
        if wanted and ban:
            message = f"this asks for `{wanted.text}`, and `{ban.text}` forbids it"
            yield Problem("rule", str(number), "rules-contradict", message, "remove or narrow one of the two")
    for step in workflow.steps:
        for pattern in step.evidence:
            if ban := compare.ban_of(pattern, bans):
                message = f"step `{step.name}` is shown by `{pattern.text}`, and `{ban.text}` forbids it"
                yield Problem(
                    "step", step.name, "rules-contradict", message, "remove or narrow one of the two"
                )


def _cycles(workflow: Workflow, compare: _Comparison) -> Iterator[Problem]:
    """Find `before` rules that wait for each other: whichever comes first breaks one of them."""
    waiting = {number: rule for number, rule in enumerate(workflow.rules) if rule.form == "before"}
    needs = {
        number: [
            other
            for other, their in waiting.items()
            if other != number and rule.required and compare.covers(their.trigger, rule.required)
        ]
        for number, rule in waiting.items()
    }
    for circle in _circles(needs):
        texts = " and ".join(f"`{workflow.rules[number].text}`" for number in circle[:3])
        message = f"these wait for each other, so that none can come first: {texts}"
        yield Problem(
            "rule", str(max(circle)), "rules-contradict", message, "turn one of them round, or remove it"
        )


def _circles(needs: dict[int, list[int]]) -> Iterator[tuple[int, ...]]:
    """Yield one circle for each set of nodes that lead to each other."""
    told: set[int] = set()
    for start in needs:
        if start in told:
            continue
        circle = _way_back(needs, start)
        if circle and not told.intersection(circle):
            yield circle
        told.update(circle)


def _way_back(needs: dict[int, list[int]], start: int) -> tuple[int, ...]:
    """Return the shortest way from ``start`` to itself, empty when there is none."""
    came_from = dict.fromkeys(needs[start], start)
    queue = list(came_from)
    for at in queue:
        if at == start:
            break
        for following in needs[at]:
            if following not in came_from:
                came_from[following] = at
                queue.append(following)
    if start not in came_from:
        return ()
    way = [came_from[start]]
    while way[-1] != start:
        way.append(came_from[way[-1]])
    return tuple(reversed(way))


def _limits(workflow: Workflow) -> Iterator[Problem]:
    whole = _values(workflow.limits)
    for name, most in _unreachable_failures(whole):
        yield Problem("limit", name, "unreachable-limit", *most)
    for step in workflow.steps:
        mine = _values(step.limits)
        for key in LIMIT_KEYS:
            outer, inner = whole[key.name], mine[key.name]
            if outer is not None and inner is not None and inner > outer:
                text = limit_as_text(outer, key.kind)
                message = f"the whole workflow's limit of {text} is reached before this one"
                advice = f"write less than {text}, or leave it out"
                yield Problem("step limit", f"{step.name}.{key.name}", "unreachable-limit", message, advice)
        for name, most in _unreachable_failures(mine):
            yield Problem("step limit", f"{step.name}.{name}", "unreachable-limit", *most)


def _unreachable_failures(values: dict[str, int | None]) -> Iterator[tuple[str, tuple[str, str]]]:
    calls, failed = values["calls"], values["failed_calls"]
    if calls is not None and failed is not None and failed > calls:
        yield (
            "failed_calls",
            (f"the limit of {calls} calls is reached before this one", f"write at most {calls}"),
        )


def _values(limits: Limits) -> dict[str, int | None]:
    values = {each.name: getattr(limits, each.name) for each in fields(limits)}
    return {key.name: values[key.field] for key in LIMIT_KEYS}
