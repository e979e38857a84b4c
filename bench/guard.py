"""Measure the guard: microseconds for one event, memory after many distinct calls, share of a hook's start.

    python bench/guard.py [--calls 1000000] [--starts 60]

Nothing passes or fails by time; the aims are printed beside the figures.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))
sys.path.insert(0, str(ROOT))

from outrider.judge.guard.guard import Guard  # noqa: E402
from tests.judge.guard.traces import collection  # noqa: E402

OUTPUT = "\n".join(
    f"src/part{at}.py:{at * 3}: checked in {at}.2s, 3 of {at} lines are new" for at in range(12)
)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--calls", type=int, default=1_000_000)
    parser.add_argument("--starts", type=int, default=60)
    wanted = parser.parse_args()
    _mixed()
    _memory(wanted.calls)
    _starts(wanted.starts)


def _mixed() -> None:
    """Time every event of the labelled collection."""
    events = [(trace.name, moment, payload) for trace in collection() for moment, payload in trace.events]
    spent = []
    guard, name = Guard(), ""
    for trace, moment, payload in events:
        if trace != name:
            guard, name = Guard(), trace
        begun = time.perf_counter()
        guard.observe(payload, moment)
        spent.append(time.perf_counter() - begun)
    spent.sort()
    middle, late = spent[len(spent) // 2], spent[int(len(spent) * 0.99)]
    mean = statistics.fmean(spent)
    told = f"mean {mean * 1e6:.0f} us, p50 {middle * 1e6:.0f}, p99 {late * 1e6:.0f} (aim 100)"
    print(f"collection: {len(spent)} events, {told}")


def _memory(calls: int) -> None:
    """Give the guard calls that are all different; memory is traced at the end only: tracing is slow."""
    guard = Guard()
    begun = time.perf_counter()
    for at in range(calls):
        _call(guard, at)
    spent = (time.perf_counter() - begun) / calls / 2
    print(f"{calls} distinct calls: {spent * 1e6:.0f} us an event (aim 100)")
    text = json.dumps(guard.state())
    tracemalloc.start()
    guard = Guard(None, json.loads(text))
    for at in range(calls, calls + 2_000):
        _call(guard, at)
    kept, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(f"memory: {kept / 2**20:.2f} MiB kept, {most / 2**20:.2f} at most (aim 8); state {len(text)} bytes")
    begun = time.perf_counter()
    for _ in range(200):
        Guard(None, json.loads(json.dumps(guard.state())))
    print(f"snapshot to JSON and back: {(time.perf_counter() - begun) / 200 * 1e3:.2f} ms")


def _call(guard: Guard, at: int) -> None:
    given = {
        "command": f"cd /home/user/project && python -m part{at} 2>&1 | tail -20",
        "description": f"Part {at}",
    }
    fields = {"session_id": "s", "tool_name": "Bash", "tool_input": given, "tool_use_id": f"toolu_{at}"}
    moment = 1_790_000_000 + at * 3.0
    guard.observe({"hook_event_name": "PreToolUse", **fields}, moment)
    response = {"stdout": f"{OUTPUT}\n{at}", "stderr": "", "interrupted": False}
    guard.observe({"hook_event_name": "PostToolUse", **fields, "tool_response": response}, moment + 1)


_HOOK = """
import sys
sys.path.insert(0, sys.argv[1])
from outrider.judge.guard.guard import Guard
fields = dict(tool_name="Bash", tool_input=dict(command="npm test"), tool_use_id="1")
guard = Guard(None, Guard().state())
guard.observe(dict(hook_event_name=sys.argv[2], tool_response="3 passed", **fields), 1.0)
guard.state()
"""


def _starts(count: int) -> None:
    """Start the interpreter bare, and with the guard taking in one event."""
    programs = {"pass": ["-c", "pass"]}
    for name in ("PreToolUse", "PostToolUse"):
        programs[name] = ["-c", _HOOK, str(ROOT / "src"), name]
    spent: dict[str, list[float]] = {name: [] for name in programs}
    for _ in range(count):
        for name, arguments in programs.items():
            begun = time.perf_counter()
            subprocess.run([sys.executable, "-I", "-S", *arguments], check=True)
            spent[name].append(time.perf_counter() - begun)
    bare = statistics.median(spent["pass"])
    for name, times in spent.items():
        middle = statistics.median(times)
        print(f"start {name}: p50 {middle * 1e3:.1f} ms, {middle / bare:.2f} x pass (aim for a hook: 1.5)")


if __name__ == "__main__":
    main()
