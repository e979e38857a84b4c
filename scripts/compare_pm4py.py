"""Compare our verdicts with pm4py's DECLARE conformance on an event log. For development only.

    python -m venv /tmp/oracle && /tmp/oracle/bin/pip install pm4py
    PYTHONPATH=src /tmp/oracle/bin/python scripts/compare_pm4py.py LOG.jsonl [--names 12]

A line of the log is one case: `{"case": "…", "activities": ["read", "edit.src", …]}`; an activity may be a
list of name, of, to, within, of which the name counts. Every template that both sides have is laid over
every pair of the most frequent names. pm4py is under the AGPL: neither the program nor its tests import it.

Left out: `existence`, `init`, `coexistence` and the chain templates have no form here, and pm4py defines
`nonsuccession` as the negation of succession, which is something else than "never after".
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from outrider.judge.conformance.engine.compiled import Compiled, CompiledPattern, CompiledRule
from outrider.judge.conformance.engine.rules import judge_events
from outrider.record.activities.activity import Activity, Event


class Case(NamedTuple):
    name: str
    activities: list[str]


class Constraint(NamedTuple):
    template: str
    names: tuple[str, ...]
    rules: tuple[CompiledRule, ...]


def pattern(name: str) -> CompiledPattern:
    return CompiledPattern(name, ((name, "", "", ""),))


def rule(form: str, *names: str, most: int = 0) -> CompiledRule:
    return CompiledRule(form, form, tuple(pattern(name) for name in names), most=most)


def alternate_response(a: str, b: str) -> tuple[CompiledRule, ...]:
    return rule("after", a, b), rule("forbid", a, a, b)


ONE: dict[str, Callable[[str], tuple[CompiledRule, ...]]] = {
    "absence": lambda a: (rule("never", a),),
    "exactly_one": lambda a: (rule("at most", a, most=1),),
}
"""`exactly_one` also wants that there is one, so it is compared on the cases that have one."""

TWO: dict[str, Callable[[str, str], tuple[CompiledRule, ...]]] = {
    "response": lambda a, b: (rule("after", a, b),),
    "precedence": lambda a, b: (rule("before", b, a),),
    "succession": lambda a, b: (rule("after", a, b), rule("before", b, a)),
    "altresponse": alternate_response,
    "altprecedence": lambda a, b: (rule("before", b, a, b),),
    "altsuccession": lambda a, b: (*alternate_response(a, b), rule("before", b, a, b)),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("log", type=Path)
    parser.add_argument("--names", type=int, default=12, help="how many of the most frequent names (by case)")
    given = parser.parse_args()
    cases = read(given.log)
    frequent = Counter(name for case in cases for name in set(case.activities)).most_common(given.names)
    constraints = lay([name for name, _ in frequent])
    events = sum(len(case.activities) for case in cases)
    print(f"{len(cases)} cases, {events:,} events, {len(constraints)} constraints\n")
    began = time.process_time()
    ours = our_verdicts(cases, constraints)
    middle = time.process_time()
    theirs = their_verdicts(cases, constraints)
    ended = time.process_time()
    differing = table(cases, constraints, ours, theirs)
    rules = sum(len(each.rules) for each in constraints)
    print(f"\nours: {middle - began:.1f} CPU s ({rules} rules), pm4py: {ended - middle:.1f} CPU s")
    return int(differing > 0)


def read(log: Path) -> list[Case]:
    cases = []
    for line in log.read_text("utf-8").splitlines():
        entry = json.loads(line)
        names = [each if isinstance(each, str) else each[0] for each in entry["activities"]]
        if names:
            cases.append(Case(str(entry["case"]), names))
    return cases


def lay(names: list[str]) -> list[Constraint]:
    found = [Constraint(kind, (name,), make(name)) for kind, make in ONE.items() for name in names]
    for kind, make_two in TWO.items():
        found += [Constraint(kind, pair, make_two(*pair)) for pair in itertools.permutations(names, 2)]
    return found


def our_verdicts(cases: list[Case], constraints: list[Constraint]) -> list[set[int]]:
    """Return for each case the constraints that were broken."""
    compiled = Compiled("", tuple(rule for each in constraints for rule in each.rules))
    owner = [index for index, each in enumerate(constraints) for _ in each.rules]
    found = []
    for case in cases:
        events = [Event(str(at), at, "", Activity(name)) for at, name in enumerate(case.activities)]
        verdicts = judge_events(compiled, events).verdicts
        found.append({owner[each.rule] for each in verdicts if each.verdict == "broken"})
    return found


def their_verdicts(cases: list[Case], constraints: list[Constraint]) -> list[set[int]]:
    from pm4py.algo.conformance.declare import algorithm
    from pm4py.objects.log.obj import Event as LogEvent
    from pm4py.objects.log.obj import EventLog, Trace

    model: dict[str, dict[Any, dict[str, int]]] = {}
    index: dict[tuple[str, Any], int] = {}
    for at, each in enumerate(constraints):
        key = each.names[0] if len(each.names) == 1 else each.names
        model.setdefault(each.template, {})[key] = {"support": 1, "confidence": 1}
        index[each.template, key] = at
    log = EventLog([Trace([LogEvent({"concept:name": name}) for name in case.activities]) for case in cases])
    results = algorithm.apply(log, model)
    return [{index[template, key] for template, key in each["deviations"]} for each in results]


def table(
    cases: list[Case], constraints: list[Constraint], ours: list[set[int]], theirs: list[set[int]]
) -> int:
    compared, broken, differing = Counter[str](), Counter[str](), Counter[str]()
    for case, mine, other in zip(cases, ours, theirs, strict=True):
        present = set(case.activities)
        for at, each in enumerate(constraints):
            if each.template == "exactly_one" and each.names[0] not in present:
                continue
            compared[each.template] += 1
            broken[each.template] += at in mine
            if (at in mine) != (at in other):
                differing[each.template] += 1
                if differing[each.template] <= 3:
                    print(f"differs: {each.template} {each.names} in {case.name}: ours {at in mine}")
    print("| template | verdicts | broken | differ |\n|---|---:|---:|---:|")
    for template in (*ONE, *TWO):
        print(f"| {template} | {compared[template]:,} | {broken[template]:,} | {differing[template]:,} |")
    print(f"| all | {compared.total():,} | {broken.total():,} | {differing.total():,} |")
    return differing.total()


if __name__ == "__main__":
    sys.exit(main())
