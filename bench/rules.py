"""Measure the rules engine: microseconds per event, for 20 and 25 rules, live, ahead and from a snapshot.

    python bench/rules.py [--events 40000] [--repeats 5] [--log LOG.jsonl]

The events are made, in the mix of real sessions (mostly reads, edits and shell calls; a commit in about
eighty events); ``--log`` takes recorded ones, a JSON object per line as for ``scripts/compare_pm4py.py``.
Best of the repeats, CPU time of this process. "Per run" is making an engine and taking its verdicts.
Nothing here passes or fails.
"""

from __future__ import annotations

import argparse
import json
import random
import time
import timeit
from pathlib import Path
from typing import NamedTuple

from outrider.judge.conformance.compiling import compile_workflow
from outrider.judge.conformance.engine.compiled import Compiled
from outrider.judge.conformance.engine.rules import Engine
from outrider.plan.workflow.model import Step, Workflow
from outrider.plan.workflow.order_text import parse_order
from outrider.plan.workflow.patterns import parse_pattern
from outrider.plan.workflow.rule_text import parse_rule
from outrider.record.activities.activity import Activity, Event

RULES = (
    "before edit.src require test.fail since edit.test",
    "before git.commit require test.pass since edit.src",
    "before git.commit require diff.read since edit.*",
    "before git.commit require lint.pass since edit.src",
    "before git.push require git.commit",
    "before pr.create require review since edit.src",
    "before edit.src of src/** require read per file",
    "before claim.done require test.pass since edit.*",
    "after edit.src require review",
    "after edit.src require test.pass per file",
    "after edit.src require test.run per commit",
    "after agent:* require review per task",
    "after test.fail forbid edit.test until test.pass",
    "after build.fail forbid git.commit until build.pass",
    "after review forbid git.push until test.pass",
    "at most 3 review per task",
    "at most 20 agent:* per prompt",
    "at most 5 test.fail per prompt",
    "never git.push to main",
    "(red > green > refactor?)+",
    "never edit.config of **/.github/**",
    "before skill:executing-plans require skill:writing-plans",
    "before git.merge require test.pass since git.commit",
    "at most 400 edit.* per agent",
    "after correction require edit.* | ask.user per prompt",
)
MIX = {
    "read": 260, "search": 110, "edit.src": 150, "edit.test": 60, "edit.docs": 25, "edit.config": 15,
    "test.run": 60, "test.pass": 40, "test.fail": 20, "lint.run": 20, "lint.pass": 15, "lint.fail": 5,
    "build.run": 15, "build.pass": 12, "build.fail": 3, "diff.read": 25, "git.commit": 13, "git.push": 6,
    "review": 4, "agent:general-purpose": 6, "skill:tdd": 2, "task.start": 12, "task.done": 12,
    "prompt": 30, "claim.done": 8, "web": 10, "mcp:browser.click": 20, "pr.create": 1, "correction": 2,
}  # fmt: skip
WITH_FILES = ("read", "edit.")


def workflow(count: int) -> Compiled:
    rules = [text for text in RULES[:count] if not text.startswith("(")]
    names = {"red": "edit.test test.fail", "green": "edit.src test.pass", "refactor": "edit.src lint.pass"}
    steps = tuple(
        Step(name, evidence=tuple(parse_pattern(each) for each in evidence.split()))
        for name, evidence in names.items()
    )
    order = "(red > green > refactor?)+"
    made = Workflow("bench", steps, parse_order(order), order, tuple(parse_rule(text) for text in rules))
    return compile_workflow(made)


def events(count: int, seed: int = 7) -> list[Event]:
    chance = random.Random(seed)
    files = [f"/home/dev/shop/src/part{index % 12}/file{index}.py" for index in range(120)]
    names = chance.choices(list(MIX), list(MIX.values()), k=count)
    made = []
    for index, name in enumerate(names):
        # Work stays with a few files for a while.
        file = files[(index // 40 + chance.randrange(6)) % len(files)] if name.startswith(WITH_FILES) else ""
        agent = chance.choice(("", "", "", "a1"))
        to = "feature/x" if name == "git.push" else ""
        made.append(
            Event(f"toolu_{index:06}", index, agent, Activity(name, file, to), task=str(index // 300))
        )
    return made


def recorded(log: Path) -> list[list[Event]]:
    """Read the cases of a log: each its own run."""
    cases = []
    for line in log.read_text("utf-8").splitlines():
        activities = json.loads(line)["activities"]
        cases.append(
            [
                Event(str(index), index, "", Activity(*(each if isinstance(each, list) else [each])))
                for index, each in enumerate(activities)
            ]
        )
    return cases


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--events", type=int, default=40_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--log", type=Path)
    given = parser.parse_args()
    cases = recorded(given.log) if given.log else [events(given.events // 20, seed) for seed in range(20)]
    total = sum(len(case) for case in cases)
    empty = min(timeit.repeat(_nothing, number=100_000, repeat=5)) * 1e4
    print(f"{total:,} events in {len(cases)} runs; an empty call takes {empty:.0f} ns here\n")
    print("| rules | µs per event | µs per run | broken | look-ahead µs | snapshot and restore µs | bytes |")
    print("|---:|---:|---:|---:|---:|---:|---:|")
    for count in (20, 25):
        compiled = workflow(count)
        rounds = [one_round(compiled, cases) for _ in range(given.repeats)]
        event = min(each.steps for each in rounds) / total * 1e6
        run = min(each.rest for each in rounds) / len(cases) * 1e6
        row = (f"{event:.2f}", f"{run:.0f}", f"{rounds[0].broken:,}", *beside(compiled, max(cases, key=len)))
        print(f"| {len(compiled.rules)} | {' | '.join(row)} |")


class Round(NamedTuple):
    """CPU seconds of all steps, and of making engines and taking their verdicts."""

    steps: float
    rest: float
    broken: int


def one_round(compiled: Compiled, cases: list[list[Event]]) -> Round:
    steps, broken = 0.0, 0
    began = time.process_time()
    for case in cases:
        engine = Engine(compiled)
        at = time.process_time()
        for event in case:
            engine.step(event)
        steps += time.process_time() - at
        broken += sum(each.broken for each in engine.finish())
    return Round(steps, time.process_time() - began - steps, broken)


def beside(compiled: Compiled, case: list[Event]) -> tuple[str, str, str]:
    """Time what the guard does beside stepping, at the end of a long run."""
    engine = Engine(compiled)
    for event in case:
        engine.step(event)
    call = [Activity("test.run"), Activity("git.commit"), Activity("git.push", to="main")]
    rounds = 500
    began = time.process_time()
    for _ in range(rounds):
        engine.look_ahead(call)
    ahead = (time.process_time() - began) / rounds * 1e6
    began = time.process_time()
    for _ in range(rounds):
        Engine.restore(compiled, engine.snapshot())
    restored = (time.process_time() - began) / rounds * 1e6
    return f"{ahead:.0f}", f"{restored:.0f}", f"{len(json.dumps(engine.snapshot())):,}"


def _nothing() -> None:
    pass


if __name__ == "__main__":
    main()
