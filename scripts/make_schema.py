"""Write docs/workflow.schema.json, which editors use. `--check` only says whether it is true."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from outrider.plan.workflow.schema import workflow_schema

PAGE = Path(__file__).parent.parent / "docs" / "workflow.schema.json"


def main() -> None:
    made = json.dumps(workflow_schema(), indent=2, ensure_ascii=False) + "\n"
    if "--check" in sys.argv:
        known = PAGE.read_text("utf-8") if PAGE.exists() else ""
        sys.exit(known != made and "docs/workflow.schema.json is not what scripts/make_schema.py makes")
    PAGE.write_text(made, "utf-8")


if __name__ == "__main__":
    main()
