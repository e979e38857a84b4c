"""Measure the status line as a whole process beside a bare interpreter, in turns.

    python bench/statusline.py [--runs 200]

Each round starts `python3 -I -S -c pass`, then for each kind of session the interpreter with the status
line's entry, and `bin/outrider statusline` as the client starts it. Nothing passes or fails by time; the aim
(50 ms for the whole process) is printed beside the figures.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from outrider.app.arming import arm  # noqa: E402
from tests.interface.hook.driver import SESSION, Failure, Hooks  # noqa: E402

ENTRY = ROOT / "src" / "outrider" / "interface" / "statusline" / "entry.py"
AIM_MS = 50


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument(
        "--python", default=os.path.realpath(sys.executable), help="the interpreter to measure"
    )
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        _measure(wanted.python, wanted.runs, Path(folder))


def _measure(python: str, runs: int, folder: Path) -> None:
    homes = {"no session": folder, "without rules": _played(folder / "bare", rules=False)}
    homes["with rules"] = _played(folder / "ruled", rules=True)
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(folder), "OUTRIDER_PYTHON": python}
    kinds = {"python3 -I -S": ([python, "-I", "-S", "-c", "pass"], environment)}
    for name, home in homes.items():
        own = {**environment, "OUTRIDER_HOME": str(home)}
        kinds[name] = ([python, "-I", "-S", str(ENTRY)], own)
        kinds[f"{name}, with sh"] = ([str(ROOT / "bin" / "outrider"), "statusline"], own)
    told = {"session_id": SESSION, "cwd": "/tmp", "cost": {"total_cost_usd": 1.2}}
    given = json.dumps(told).encode()
    spent: dict[str, list[float]] = {name: [] for name in kinds}
    for name, (command, own) in kinds.items():
        print(f"{name:28}{_run(command, given, own)[1].decode().strip()}")
    for _ in range(runs):
        for name, (command, own) in kinds.items():
            spent[name].append(_run(command, given, own)[0])
    where = f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    print(f"\n{where}, {runs} runs of each kind; milliseconds, aim {AIM_MS}")
    print(f"{'':28}{'p50':>8}{'p99':>8}")
    for name, times in spent.items():
        print(f"{name:28}{_at(times, 0.5):8.1f}{_at(times, 0.99):8.1f}")


def _played(folder: Path, *, rules: bool) -> Path:
    """Play a session of a loaded skill, two hundred calls, a loop, and limits; return its home."""
    hooks = Hooks(folder, folder)
    hooks.now = time.time() - 800
    hooks.settings({"mode": "enforce", "limits": {"session": {"seconds": 7_200, "calls": 300}}})
    if rules:
        arm(folder, os.environ, None, time.time())
    hooks.tell("UserPromptExpansion", command_name="wrangler:practicing-tdd", expansion_type="slash_command")
    for at in range(200):
        hooks.call("Bash", {"command": f"python -m pytest part{at}"}, {"stdout": f"{at + 1} passed in 0.1s"})
    for _ in range(8):
        hooks.call("Bash", {"command": "npm test"}, Failure("Exit code 1\nno such script"))
    return folder


def _run(command: list[str], given: bytes, environment: dict[str, str]) -> tuple[float, bytes]:
    begun = time.perf_counter()
    done = subprocess.run(command, input=given, capture_output=True, env=environment, check=True)
    return (time.perf_counter() - begun) * 1e3, done.stdout


def _at(values: list[float], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


if __name__ == "__main__":
    main()
