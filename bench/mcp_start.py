"""Measure how long the MCP server takes from its start to its first answers, in both generations.

    python bench/mcp_start.py [--runs 10]

Each round starts, in turns: the interpreter with nothing, with the SDK's import alone, and the server,
greeted and asked for its tools. Nothing passes or fails by time; the aim (2.5 s to the
list of tools) is printed.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.interface.mcp.served import NEW, OLD, Served  # noqa: E402

AIM_SECONDS = 2.5
SDK = "import mcp.server.lowlevel, mcp.server.stdio"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=10)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        kinds: dict[str, Callable[[], None]] = {
            "python -I -c pass": lambda: _program("pass"),
            "the SDK's import alone": lambda: _program(SDK),
            f"server, {OLD}": lambda: _server(OLD, folder),
            f"server, {NEW}": lambda: _server(NEW, folder),
        }
        took: dict[str, list[float]] = {name: [] for name in kinds}
        for _ in range(runs):
            for name, start in kinds.items():
                began = time.perf_counter()
                start()
                took[name].append(time.perf_counter() - began)
    print(f"{'seconds':<24}{'p50':>8}{'worst':>8}   (aim: {AIM_SECONDS})")
    for name, values in took.items():
        values.sort()
        print(f"{name:<24}{values[len(values) // 2]:>8.2f}{values[-1]:>8.2f}")


def _program(code: str) -> None:
    subprocess.run([sys.executable, "-I", "-c", code], check=True)


def _server(generation: str, folder: str) -> None:
    server = Served({"OUTRIDER_HOME": folder, "CLAUDE_CONFIG_DIR": folder}, generation)
    server.greeted()
    server.ask("tools/list")
    server.closed()


if __name__ == "__main__":
    main()
