"""Measure what hooks cost a tool call in the real client: none, `/bin/true`, and ours, in turns.

    python bench/tool_call.py [--rounds 3] [--calls 25] [--delay 0.25]

Each round runs the client (`-p`, scripted model on loopback, folders of its own) once with each plugin: one
without hooks; one with `/bin/true` at PreToolUse and PostToolUse (the pair); one with `/bin/true` at every
event that ours hooks; ours. A run makes `--calls` Read calls of different files, one in each reply. The time
of a call is that from a reply of the model to the next request: what the tool and the hooks around it take.

The model thinks for `--delay` seconds before each reply. Without that the hooks of one call that go on behind
the host's back (docs/hook.md, the quiet lane) would take the processor from the next call, which comes at
once; no model is that fast. Nothing passes or fails by time; the aim (ours costs at most 1.5 times what the
pair costs, both over none) is printed beside the figures.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.client.client import VERSION, Client, fetched  # noqa: E402
from tests.client.model import Json, Script, calls, says  # noqa: E402

HOOKS = json.loads((ROOT / "hooks" / "hooks.json").read_text(encoding="utf-8"))["hooks"]
PAIR = ("PreToolUse", "PostToolUse")
AIM = 1.5

NONE, TWO, SAME, OURS = "none", "no-op pair", "no-op, same events", "outrider"


class Timed(Script):
    """A script that thinks before it replies, and notes when it was asked and when it replied."""

    def __init__(self, main: list[list[Json]], delay: float) -> None:
        super().__init__(main)
        self.delay = delay
        self.asked: list[float] = []
        self.replied: list[float] = []

    def reply(self, agent: str, body: Json) -> list[Json]:
        """Return the next reply, after the delay."""
        now = time.perf_counter()
        content = super().reply(agent, body)
        if body.get("tools"):
            self.asked.append(now)
            time.sleep(self.delay)
            self.replied.append(time.perf_counter())
        return content

    def times(self) -> list[float]:
        """Return what each call took, in milliseconds."""
        pairs = zip(self.asked[1:], self.replied, strict=False)
        return [(asked - replied) * 1000 for asked, replied in pairs]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--calls", type=int, default=25)
    parser.add_argument("--delay", type=float, default=0.25, help="seconds that the model thinks")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        _measure(Path(folder), wanted.rounds, wanted.calls, wanted.delay)


def _measure(folder: Path, rounds: int, count: int, delay: float) -> None:
    plugins = {
        NONE: _plugin(folder / "none", ()),
        TWO: _plugin(folder / "pair", PAIR),
        SAME: _plugin(folder / "same", tuple(HOOKS)),
        OURS: _ours(folder / "ours"),
    }
    taken: dict[str, list[float]] = {name: [] for name in plugins}
    for number in range(rounds + 1):
        for name, plugin in plugins.items():
            times = _run(folder / f"{number}-{name}", plugin, count, delay)
            # The first round warms caches of all kinds.
            taken[name] += times if number else []
    _print(taken, delay)


def _run(folder: Path, plugin: Path, count: int, delay: float) -> list[float]:
    client = Client(fetched(), folder, plugin)
    names = []
    for number in range(count):
        # Different files, so that no detector has anything to say.
        (client.project / f"notes{number}.txt").write_text(f"note {number}\n")
        names.append(str(client.project / f"notes{number}.txt"))
    script = Timed([*(calls("Read", file_path=name) for name in names), says("Done.")], delay)
    done = client.run(script)
    assert done.result["result"] == "Done.", done.stderr
    assert done.log == [], "nothing was to be said"
    return script.times()


def _plugin(folder: Path, events: tuple[str, ...]) -> Path:
    (folder / ".claude-plugin").mkdir(parents=True)
    (folder / ".claude-plugin" / "plugin.json").write_text('{"name": "outrider"}')
    if events:
        entry = [{"hooks": [{"type": "command", "command": "/bin/true", "args": [], "timeout": 5}]}]
        (folder / "hooks").mkdir()
        (folder / "hooks" / "hooks.json").write_text(json.dumps({"hooks": dict.fromkeys(events, entry)}))
    return folder


def _ours(folder: Path) -> Path:
    """Our hooks alone, in a copy: skills and server of the plugin are no part of a call."""
    for part in (".claude-plugin", "hooks", "bin", "src"):
        shutil.copytree(ROOT / part, folder / part)
    return folder


def _print(taken: dict[str, list[float]], delay: float) -> None:
    none = taken[NONE]
    load = os.getloadavg()[0]
    print(f"client {VERSION}, {len(none)} calls of each, {delay} s between, load {load:.1f}; ms per call")
    print(f"{'':20}{'p25':>7}{'p50':>7}{'p90':>7}   over none: {'p25':>7}{'p50':>7}{'p90':>7}")
    for name, times in taken.items():
        over = [late - early for late, early in zip(_cuts(times), _cuts(none), strict=True)]
        print(f"{name:20}{_row(_cuts(times))}              {_row(over)}")
    ours, pair, same = (_cuts(taken[name])[1] - _cuts(none)[1] for name in (OURS, TWO, SAME))
    print(f"ours is {ours / pair:.2f} times the pair, {ours / same:.2f} times the no-op on the same events")
    print(f"at the median over none; aim {AIM} times the pair")


def _cuts(times: list[float]) -> tuple[float, float, float]:
    cuts = statistics.quantiles(times, n=20)
    return cuts[4], cuts[9], cuts[17]


def _row(figures: list[float] | tuple[float, ...]) -> str:
    return "".join(f"{each:7.1f}" for each in figures)


if __name__ == "__main__":
    main()
