"""Write .claude-plugin/plugin.json and marketplace.json. `--check` only says whether they are current.

The version stands in src/outrider/__init__.py; the host reads it from JSON.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import outrider

FOLDER = Path(__file__).parent.parent / ".claude-plugin"
NAME = "outrider"
AUTHOR = {"name": "Outrider contributors"}
DESCRIPTION = (
    "Shows what skills really do and cost, and watches sessions for loops, overspending and skipped steps"
)
KEYWORDS = ["skills", "workflows", "observability", "tracing", "cost", "guard", "audit"]

PLUGIN = {
    "name": NAME,
    "displayName": "Outrider",
    "version": outrider.__version__,
    "description": DESCRIPTION,
    "author": AUTHOR,
    "license": "MIT",
    "keywords": KEYWORDS,
}
MARKETPLACE = {
    "name": NAME,
    "description": "Outrider: observability and control for skill workflows",
    "owner": AUTHOR,
    "plugins": [
        {
            "name": NAME,
            "displayName": "Outrider",
            "source": "./",
            "description": DESCRIPTION,
            "version": outrider.__version__,
            "license": "MIT",
            "category": "development",
            "keywords": KEYWORDS,
        }
    ],
}


def files() -> dict[Path, str]:
    return {
        FOLDER / name: json.dumps(value, indent=2) + "\n"
        for name, value in (("plugin.json", PLUGIN), ("marketplace.json", MARKETPLACE))
    }


def main() -> None:
    for path, text in files().items():
        if "--check" not in sys.argv:
            path.write_text(text, "utf-8")
        elif not path.is_file() or path.read_text("utf-8") != text:
            sys.exit(f"{path.name} is not what scripts/make_manifest.py writes")


if __name__ == "__main__":
    main()
