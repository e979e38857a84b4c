"""Measure whole processes on a made folder: cold ingest, warm report, and two totals-only readers.

    python bench/run.py [--size large|small] [--folder FOLDER] [--only cold,warm,plain,ccusage]

Median of three runs after one warm-up. CPU seconds (user and system of the child and its children)
are the figure to compare: wall time depends on what else the machine does. Nothing here passes or
fails by time; totals are checked, and a wrong total is said in the table.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from make_records import make

from tests.truth.truth import Truth

REPEATS = 3
CCUSAGE = "ccusage@20.0.24"
_MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True)
class Run:
    """One process: seconds, seconds, bytes, and what it printed."""

    cpu: float
    wall: float
    peak: int
    status: int
    output: str


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    name: str
    cpu: float | None = None
    wall: float | None = None
    peak: int | None = None
    word: str = ""


def measure(command: list[str], env: dict[str, str]) -> Run:
    """Run to the end; resources are those of the child and of what it waited for."""
    with tempfile.TemporaryFile() as out:
        began = time.perf_counter()
        try:
            child = subprocess.Popen(command, env=env, stdout=out, stderr=subprocess.STDOUT)
        except OSError as error:
            return Run(0.0, 0.0, 0, 127, str(error))
        _, status, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        text = out.read().decode("utf-8", "replace")
    cpu = used.ru_utime + used.ru_stime
    return Run(cpu, wall, used.ru_maxrss * _MAXRSS_UNIT, child.returncode, text)


def median(
    name: str,
    command: list[str],
    env: dict[str, str],
    prepare: Callable[[], None],
    judge: Callable[[str], str],
) -> Row:
    """Warm up once, run three times; ``judge`` puts the totals into a word."""
    runs = []
    for _ in range(REPEATS + 1):
        prepare()
        run = measure(command, env)
        if run.status:
            return Row(name, word=f"failed ({run.status}): {run.output.strip()[-120:]}")
        runs.append(run)
    timed = runs[1:]
    return Row(
        name,
        statistics.median(run.cpu for run in timed),
        statistics.median(run.wall for run in timed),
        max(run.peak for run in timed),
        judge(timed[-1].output),
    )


class Bench:
    """The folder, a throw-away home, and the four measurements."""

    def __init__(self, folder: Path, truth: Truth, scratch: Path, outrider: list[str]) -> None:
        self.folder, self.truth, self.scratch = folder, truth, scratch
        self.store = scratch / "store"
        home = scratch / "home"
        home.mkdir()
        self.env = {
            **os.environ,
            "HOME": str(home),
            "CLAUDE_CONFIG_DIR": str(folder),
            "OUTRIDER_HOME": str(self.store),
        }
        self.outrider = outrider

    def cold(self) -> Row:
        """Everything read into a store that was not there."""
        command = [*self.outrider, "ingest", "--root", str(self.folder)]
        return median("cold ingest", command, self.env, self._forget, lambda _: "")

    def warm(self) -> Row:
        """A report when nothing is new."""
        report = [*self.outrider, "report", "--root", str(self.folder)]
        ready = measure([*self.outrider, "ingest", "--root", str(self.folder)], self.env)
        if ready.status:
            return Row("warm report", word=f"failed ({ready.status}): {ready.output.strip()[-120:]}")
        row = median("warm report", report, self.env, _nothing, lambda _: "")
        checked = measure([*report, "--json"], self.env)
        return Row(row.name, row.cpu, row.wall, row.peak, row.word or self._judge_report(checked.output))

    def plain(self) -> Row:
        """Totals only, standard library."""
        script = Path(__file__).resolve().with_name("plain_reader.py")
        command = [sys.executable, str(script), str(self.folder)]
        return median("plain reader", command, self.env, _nothing, self._judge_plain)

    def ccusage(self) -> Row:
        """The usual totals-only tool, from npm into a folder that goes away."""
        name = CCUSAGE
        npm = shutil.which("npm")
        if npm is None:
            return Row(name, word="skipped: npm is not installed")
        prefix = self.scratch / "npm"
        env = {**self.env, "npm_config_cache": str(self.scratch / "npm-cache")}
        if measure([npm, "install", "--silent", "--prefix", str(prefix), CCUSAGE], env).status:
            return Row(name, word="skipped: npm could not install it")
        program = prefix / "node_modules" / ".bin" / "ccusage"
        command = [str(program), "claude", "session", "--offline", "--json"]
        return median(name, command, self.env, _nothing, self._judge_ccusage)

    def _forget(self) -> None:
        shutil.rmtree(self.store, ignore_errors=True)

    def _judge_report(self, output: str) -> str:
        from tests.truth.compare import differences

        try:
            wrong = differences(self.truth, json.loads(output))
        except ValueError:
            return "no JSON"
        return "exact" if not wrong else f"{len(wrong)} wrong, first: {wrong[0]}"

    def _judge_plain(self, output: str) -> str:
        true = {"requests": self.truth.totals.requests, **self.truth.totals.tokens}
        given = json.loads(output)
        wrong = [
            f"{name} {given[name]}, true {value}" for name, value in true.items() if given[name] != value
        ]
        return wrong[0] if wrong else "exact"

    def _judge_ccusage(self, output: str) -> str:
        given, true = json.loads(output[output.index("{") :])["totals"], self.truth.totals.tokens
        pairs = {
            "input": (given["inputTokens"], true["input"]),
            "output": (given["outputTokens"], true["output"]),
            "cache_read": (given["cacheReadTokens"], true["cache_read"]),
            "cache_write": (
                given["cacheCreationTokens"],
                true["cache_write_5m"] + true["cache_write_1h"],
            ),
        }
        wrong = [f"{name} {one}, true {other}" for name, (one, other) in pairs.items() if one != other]
        return wrong[0] if wrong else f"exact, ${given['totalCost']:,.2f}"


def table(rows: list[Row]) -> str:
    """Markdown, with the ratio of the cold ingest to the totals-only tool where both ran."""
    lines = ["| what | CPU s | wall s | peak MiB | totals |", "|---|---:|---:|---:|---|"]
    for row in rows:
        figures = ["-"] * 3
        if row.cpu is not None and row.wall is not None and row.peak is not None:
            figures = [f"{row.cpu:.2f}", f"{row.wall:.2f}", f"{row.peak / 2**20:.0f}"]
        lines.append(f"| {row.name} | {' | '.join(figures)} | {row.word} |")
    cpu = {row.name: row.cpu for row in rows}
    cold, other = cpu.get("cold ingest"), cpu.get(CCUSAGE)
    if cold and other:
        lines += ["", f"cold ingest / {CCUSAGE}: {cold / other:.2f} (CPU)"]
    return "\n".join(lines)


def _nothing() -> None:
    pass


def _outrider(given: str | None) -> list[str]:
    found = given or shutil.which("outrider", path=str(Path(sys.executable).parent)) or "outrider"
    return found.split()


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--size", choices=("large", "small"), default="large")
    parser.add_argument("--folder", type=Path, help="kept and used again; default: a temporary one")
    parser.add_argument("--only", default="cold,warm,plain,ccusage")
    parser.add_argument("--outrider", help="command to measure; default: the one beside this Python")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = args.folder or Path(scratch) / "records"
        truth = make(folder, args.size)
        bench = Bench(folder, truth, Path(scratch), _outrider(args.outrider))
        rows = []
        for name in args.only.split(","):
            rows.append(
                {
                    "cold": bench.cold,
                    "warm": bench.warm,
                    "plain": bench.plain,
                    "ccusage": bench.ccusage,
                }[name]()
            )
            print(f"measured {name}", file=sys.stderr)
    print(f"{truth.files} files, {truth.lines:,} lines, {truth.bytes / 1e6:.1f} MB\n")
    print(table(rows))


if __name__ == "__main__":
    main()
