"""Measure the alignment of a long run: CPU seconds for 10,000 events and 20 steps.

    python bench/alignment.py [--events 10000] [--steps 20] [--repeats 3]

Every event is evidence of two steps: one near the place where the run should be, one anywhere. Two orders:
one straight, one of four parts that repeat. Best of the repeats. Nothing here passes or fails.
"""

from __future__ import annotations

import argparse
import random
import time

from outrider.judge.conformance.alignment import Sight, deviations, placed
from outrider.plan.workflow.order_graph import OrderGraph, order_graph
from outrider.plan.workflow.order_text import parse_order


def made(events: int, steps: int) -> list[Sight]:
    chance = random.Random(7)
    found = []
    for number in range(events):
        near = number * steps // events + chance.choice([-1, 0, 0, 0, 1, 2])
        here = f"s{min(max(near, 0), steps - 1)}"
        found.append(Sight(number, ((here, 0), (f"s{chance.randrange(steps)}", 0))))
    return found


def measured(sights: list[Sight], graph: OrderGraph) -> tuple[float, int]:
    began = time.process_time()
    placements = placed(sights, graph, dict.fromkeys(graph.steps, 1))
    visits = [each.position for each in placements if each.begins]
    deviations(visits, graph)
    return time.process_time() - began, len(visits)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--events", type=int, default=10_000)
    options.add_argument("--steps", type=int, default=20)
    options.add_argument("--repeats", type=int, default=3)
    given = options.parse_args()
    names = [f"s{number}" for number in range(given.steps)]
    size = max(given.steps // 4, 1)
    parts = [" > ".join(names[at : at + size]) for at in range(0, given.steps, size)]
    orders = {"straight": " > ".join(names), "repeating": " > ".join(f"({part})+" for part in parts)}
    sights = made(given.events, given.steps)
    for name, order in orders.items():
        graph = order_graph(parse_order(order))
        spent, visits = min(measured(sights, graph) for _ in range(given.repeats))
        print(f"{name}: {given.events:,} events, {given.steps} steps, {visits:,} visits: {spent:.2f} CPU s")


if __name__ == "__main__":
    main()
