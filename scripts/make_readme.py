"""Put what the program really prints for the sample records into README.md. `--check` only compares."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "README.md"
WIDTH = 160
ROWS_SHOWN = 24
SHOWN = {
    "What it shows": [],
    "One session": ["show", "01c3af73"],
    "Did the steps run": ["audit", "01c3af73"],
    "And over all runs": ["steps", "practicing-tdd"],
    "What it would have stopped": ["backtest", "src/outrider/sample/hooks"],
}


def printed(arguments: list[str]) -> str:
    with tempfile.TemporaryDirectory() as home:
        result = subprocess.run(
            [sys.executable, "-m", "outrider.interface.cli.main", *arguments],
            capture_output=True,
            text=True,
            check=arguments[:1] != ["backtest"],
            cwd=ROOT if arguments[:1] == ["backtest"] else home,
            env={"HOME": home, "OUTRIDER_HOME": home, "CLAUDE_CONFIG_DIR": home, "PATH": ""},
        )
    lines = [line[:WIDTH].rstrip() for line in result.stdout.rstrip().splitlines()]
    if len(lines) > ROWS_SHOWN + 1:
        lines = [*lines[:ROWS_SHOWN], "…", lines[-1]]
    return "\n".join([f"$ outrider {' '.join(arguments)}".rstrip(), *lines])


def page() -> str:
    text = PAGE.read_text("utf-8")
    for heading, arguments in SHOWN.items():
        block = f"```\n{printed(arguments)}\n```"
        pattern = rf"({re.escape(heading)}[^\n]*\n\n)```\n.*?\n```"
        found = re.search(pattern, text, re.DOTALL)
        if found is None:
            sys.exit(f"README.md has no place for: {heading}")
        text = text[: found.start()] + found.group(1) + block + text[found.end() :]
    return text


def main() -> None:
    made = page()
    if "--check" in sys.argv:
        sys.exit(PAGE.read_text("utf-8") != made and "README.md does not show what the program prints")
    PAGE.write_text(made, "utf-8")


if __name__ == "__main__":
    main()
