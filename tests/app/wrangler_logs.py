"""A wrangler session as its MCP tools leave it in a project: `context.json` and `audit.jsonl`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

TASKS = [f"ISS-{number:03}" for number in range(1, 20)]
LINES: list[tuple[str, str, dict[str, Any]]] = [
    ("init", "complete", {"branch": "wrangler/bell"}),
    ("init", "complete", {}),
    ("plan", "started", {}),
    ("plan", "complete", {"issues_created": TASKS, "total_tasks": 19}),
    ("checkpoint", "complete", {"tasks_completed": 0, "tasks_pending": 19}),
    ("execute", "started", {}),
    ("execute", "complete", {"tasks_completed": 19, "total_commits": 7}),
    ("verify", "started", {}),
    ("verify", "complete", {"git_clean": True, "tests_skipped": "only_templates"}),
    ("publish", "started", {}),
    ("publish", "complete", {"pr_url": "https://example.org/pull/1", "branch_pushed": True}),
    ("complete", "complete", {"tasks_completed": 0}),
]
CONTEXT = {
    "startedAt": "2026-01-02T09:00:00.000Z",
    "completedAt": "2026-01-02T10:00:00.000Z",
    "status": "completed",
    "currentPhase": "complete",
    "phasesCompleted": ["init", "init", "plan", "execute", "verify", "publish"],
    "tasksCompleted": [],
    "tasksPending": TASKS,
}


def write_session(project: Path, name: str) -> Path:
    """Write a session that says more than it shows; return its folder."""
    folder = project / ".wrangler/sessions" / name
    folder.mkdir(parents=True)
    (folder / "context.json").write_text(json.dumps({"id": name, **CONTEXT}))
    lines = [
        {"phase": phase, "status": status, "timestamp": f"2026-01-02T09:{minute:02}:00.000Z", **facts}
        for minute, (phase, status, facts) in enumerate(LINES)
    ]
    (folder / "audit.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return folder
