"""Write the plugins' manifests and marketplace.json. `--check` only says whether they are current.

The version stands in src/outrider/__init__.py; the host reads it from JSON.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import outrider

ROOT = Path(__file__).parent.parent
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
STRICT_NAME = "outrider-strict"
STRICT_DESCRIPTION = "No guard, no tool call: holds every tool call back while Outrider's guard does not work"
STRICT_KEYWORDS = ["guard", "fail-closed"]
STRICT = {
    **PLUGIN,
    "name": STRICT_NAME,
    "displayName": "Outrider, strict",
    "description": STRICT_DESCRIPTION,
    "keywords": STRICT_KEYWORDS,
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
        },
        {
            "name": STRICT_NAME,
            "displayName": "Outrider, strict",
            "source": "./strict",
            "description": STRICT_DESCRIPTION,
            "version": outrider.__version__,
            "license": "MIT",
            "category": "development",
            "keywords": STRICT_KEYWORDS,
        },
    ],
}


def files() -> dict[Path, str]:
    made = (
        (".claude-plugin/plugin.json", PLUGIN),
        (".claude-plugin/marketplace.json", MARKETPLACE),
        ("strict/.claude-plugin/plugin.json", STRICT),
    )
    return {ROOT / name: json.dumps(value, indent=2) + "\n" for name, value in made}


def main() -> None:
    for path, text in files().items():
        if "--check" not in sys.argv:
            path.write_text(text, "utf-8")
        elif not path.is_file() or path.read_text("utf-8") != text:
            sys.exit(f"{path.name} is not what scripts/make_manifest.py writes")


if __name__ == "__main__":
    main()
