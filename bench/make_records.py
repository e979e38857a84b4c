"""Write the folder that the measurements run on; the same bytes every time.

    python bench/make_records.py FOLDER [--size large|small]

The truth about it goes to ``FOLDER.truth.json``.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.truth.generator import generate
from tests.truth.traps import BENCH, LARGE, SMALL
from tests.truth.truth import Truth

SEED = 7


def make(folder: Path, size: str) -> Truth:
    """Write ``folder`` unless it is there already, and return its truth."""
    beside = folder.with_name(folder.name + ".truth.json")
    if beside.exists() and folder.exists():
        truth = Truth.read(beside)
        if (truth.seed, truth.size) == (SEED, size):
            return truth
        raise SystemExit(f"{folder} holds something else; name an empty folder")
    if folder.exists() and any(folder.iterdir()):
        raise SystemExit(f"{folder} is not empty; name an empty folder")
    truth = generate(folder, BENCH, {"large": LARGE, "small": SMALL}[size], SEED)
    truth.write(beside)
    return truth


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--size", choices=("large", "small"), default="large")
    args = parser.parse_args()
    truth = make(args.folder, args.size)
    print(f"{truth.files} files, {truth.lines} lines, {truth.bytes / 1e6:.1f} MB")
    print(f"{truth.totals}")


if __name__ == "__main__":
    main()
