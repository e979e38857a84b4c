"""Measure the hook as a whole process beside a bare interpreter, for every kind of event, in turns.

    python bench/hook.py [--runs 200]

Each round starts, in this order: `python3 -I -S -c pass`, then for each event the interpreter with the hook's
entry, and the launcher `bin/outrider-hook` as the host starts it. Nothing passes or fails by time; the aim
(1.5 times the bare interpreter at the median) is printed beside the figures.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.interface.hook.payloads import EVENTS, payload  # noqa: E402
from tests.interface.hook.test_imports import loaded  # noqa: E402

ENTRY = ROOT / "src" / "outrider" / "interface" / "hook" / "entry.py"
LAUNCHER = ROOT / "bin" / "outrider-hook"
AIM = 1.5
Spent = tuple[float, float]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument(
        "--python", default=os.path.realpath(sys.executable), help="the interpreter to measure"
    )
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        _measure(wanted.python, wanted.runs, Path(folder))


def _measure(python: str, runs: int, home: Path) -> None:
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(home),
        "OUTRIDER_HOME": str(home / "own"),
        "OUTRIDER_PYTHON": python,
        "CLAUDE_CODE_SESSION_ATTENDED": "1",
    }
    hook, launcher = [python, "-I", "-S", str(ENTRY)], [str(LAUNCHER)]
    bare = [python, "-I", "-S", "-c", "pass"]
    for event in EVENTS:
        _time(hook, _given(event, -1), environment)
    alone: list[Spent] = []
    inside: dict[str, list[Spent]] = {event: [] for event in EVENTS}
    whole: dict[str, list[Spent]] = {event: [] for event in EVENTS}
    for at in range(runs):
        for event in EVENTS:
            alone.append(_time(bare, b"", environment))
            inside[event].append(_time(hook, _given(event, 2 * at), environment))
            whole[event].append(_time(launcher, _given(event, 2 * at + 1), environment))
    load = os.getloadavg()[0]
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {load:.1f}, {runs} runs")
    print(
        "milliseconds; the ratio is to the bare interpreter's p50; CPU time is what other work disturbs least"
    )
    titles = f"{'p50':>8}{'p99':>8}{'ratio':>8}{'cpu':>8}"
    print(f"{'':20}{titles}   {'with sh':>8}{titles[8:]}  modules (ours, others)")
    print(f"{'python3 -I -S':20}{_figures(alone, alone)}")
    for event in EVENTS:
        found = loaded(home, payload(event))
        ours = sum(name.startswith("outrider") for name in found)
        figures = f"{_figures(inside[event], alone)}   {_figures(whole[event], alone)}"
        print(f"{event:20}{figures}  {ours:5}{len(found) - ours:5}")
    every = [_figures([spent for each in kind.values() for spent in each], alone) for kind in (inside, whole)]
    print(f"{'all':20}{every[0]}   {every[1]}  aim {AIM}")
    faults = home / "own" / "guard" / "faults.log"
    print(f"faults: {len(faults.read_text().splitlines()) if faults.exists() else 0}")


def _figures(spent: list[Spent], alone: list[Spent]) -> str:
    """Return p50 and p99 of wall time, and the ratios of wall and CPU time to the bare interpreter's."""
    wall, cpu = ([each[part] for each in spent] for part in (0, 1))
    ratio, cpu_ratio = (
        _at(mine, 0.5) / _at([each[part] for each in alone], 0.5) for part, mine in ((0, wall), (1, cpu))
    )
    return f"{_at(wall, 0.5):8.1f}{_at(wall, 0.99):8.1f}{ratio:8.2f}{cpu_ratio:8.2f}"


def _given(event: str, at: int) -> bytes:
    """Return an event of a session that works: no call is like another."""
    more = (
        {"tool_input": {"command": f"python -m part{at}", "description": f"Part {at}"}}
        if "Tool" in event
        else {}
    )
    if event == "PostToolUse":
        more["tool_response"] = {"stdout": f"part {at} is made", "stderr": "", "interrupted": False}
    return json.dumps(payload(event, f"toolu_{at}", **more)).encode()


def _time(command: list[str], given: bytes, environment: dict[str, str]) -> Spent:
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, input=given, capture_output=True, env=environment, check=True)
    wall, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall * 1e3, cpu * 1e3


def _at(values: list[float], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


if __name__ == "__main__":
    main()
