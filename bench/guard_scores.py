"""Score the guard on the labelled sets: precision, recall and, by kind, which detector spoke first.

    python bench/guard_scores.py [--all]

A hint or more counts as spoken. Without ``--all`` only kinds with an error are listed.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))
sys.path.insert(0, str(ROOT))

from outrider.judge.guard.guard import Guard  # noqa: E402
from outrider.judge.guard.settings import Settings  # noqa: E402
from tests.judge.guard import reported, traces, variants  # noqa: E402

Events = list[tuple[float, dict[str, Any]]]
Case = tuple[str, bool, Events]
SEEDS = (0, 1, 2, 4)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--all", action="store_true", help="list every kind, not only those with an error")
    everything = parser.parse_args().all
    for name, cases in (("collection", _collection()), ("reported", _reported()), ("variants", _variants())):
        _score(name, cases, everything=everything)


def _collection() -> Iterator[Case]:
    for trace in traces.collection():
        yield trace.kind, trace.is_loop, trace.events


def _reported() -> Iterator[Case]:
    for is_loop, makers in ((True, reported.LOOPS), (False, reported.ALIKES)):
        for make in makers:
            for seed in SEEDS:
                log = traces.Log(seed)
                make(log)
                yield make.__name__, is_loop, log.events


def _variants() -> Iterator[Case]:
    for variant, length, shape in variants.every():
        yield variant.kind, variant.is_loop, variants.told(variant, length, shape)


def _score(name: str, cases: Iterator[Case], *, everything: bool) -> None:
    first: dict[tuple[bool, str], Counter[str]] = defaultdict(Counter)
    strong = 0
    for kind, is_loop, events in cases:
        guard = Guard(Settings())
        told = [step for time, payload in events for step in guard.observe(payload, time)]
        told = [step for step in told if step.level != "note"]
        first[is_loop, kind][told[0].detector if told else "-"] += 1
        strong += not is_loop and any(step.level != "hint" for step in told)
    hits, misses = _split(first, is_loop=True)
    alarms, silent = _split(first, is_loop=False)
    precision, recall = hits / max(1, hits + alarms), hits / max(1, hits + misses)
    print(f"{name}: {hits + misses} loops, {alarms + silent} look-alikes")
    print(f"  precision {precision:.3f}, recall {recall:.3f}, more than a hint on a look-alike: {strong}")
    for (is_loop, kind), counts in sorted(first.items()):
        wrong = counts["-"] if is_loop else counts.total() - counts["-"]
        if wrong or everything:
            said = ", ".join(f"{detector} {count}" for detector, count in counts.most_common() if count)
            print(f"  {'loop' if is_loop else 'fine'} {kind:32} {said}")


def _split(first: dict[tuple[bool, str], Counter[str]], *, is_loop: bool) -> tuple[int, int]:
    """Return how many traces of one label were spoken about, and about how many nothing was said."""
    mine = [counts for (label, _), counts in first.items() if label is is_loop]
    silent = sum(counts["-"] for counts in mine)
    return sum(counts.total() for counts in mine) - silent, silent


if __name__ == "__main__":
    main()
