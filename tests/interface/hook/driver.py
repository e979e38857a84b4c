"""Runs the hook program's inside as the host would: one payload in, one answer out."""

from __future__ import annotations

import json
from pathlib import Path

from outrider.interface.hook import program

SESSION = "00000000-0000-4000-8000-00000000000a"


class Hooks:
    """One session of a host, with a clock of its own; ``attended`` tells whether a person is there."""

    def __init__(self, home: Path, project: Path, *, attended: bool = True) -> None:
        self.home = home
        self.project = project
        self.environment = {
            "OUTRIDER_HOME": str(home),
            "CLAUDE_PROJECT_DIR": str(project),
            "CLAUDE_CODE_SESSION_ATTENDED": "1" if attended else "0",
        }
        self.now = 1_795_000_000.0
        self.calls = 0

    def tell(self, event: str, **fields: object) -> dict[str, object]:
        """Tell one event; returns the answer, empty where nothing is said."""
        self.now += 1
        payload = {
            "session_id": SESSION,
            "hook_event_name": event,
            "cwd": str(self.project),
            "transcript_path": str(self.project / "transcript.jsonl"),
            **fields,
        }
        said = program.run(json.dumps(payload).encode(), self.environment, self.now, "1")
        return json.loads(said) if said else {}

    def call(self, tool: str, given: object, result: object = "done", **fields: object) -> dict[str, object]:
        """Call a tool with everything that belongs to it; returns the first answer that is not empty."""
        self.calls += 1
        call = {"tool_name": tool, "tool_input": given, "tool_use_id": f"t{self.calls}", **fields}
        before = self.tell("PreToolUse", **call)
        if decision(before) == "deny":
            shown = before["hookSpecificOutput"]["permissionDecisionReason"]  # type: ignore[index]
            after = {}
        elif isinstance(result, Failure):
            shown = result.text
            after = self.tell("PostToolUseFailure", error=result.text, **call)
        else:
            shown = result
            after = self.tell("PostToolUse", tool_response=result, **call)
        batch = self.tell("PostToolBatch", tool_calls=[{**call, "tool_response": shown}], **fields)
        return before or after or batch

    def log(self) -> list[dict[str, object]]:
        """Return the lines of the guard's log."""
        path = self.home / "guard" / "log.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def faults(self) -> list[str]:
        """Return the marks of faults."""
        path = self.home / "guard" / "faults.log"
        return path.read_text().splitlines() if path.exists() else []

    def settings(self, value: object) -> None:
        """Write what the user has set."""
        folder = self.home / "guard"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "settings.json").write_text(json.dumps(value))


class Failure:
    """The result of a call that failed."""

    def __init__(self, text: str) -> None:
        self.text = text


def decision(answer: dict[str, object]) -> str:
    """Return what an answer decides about a call."""
    inner = answer.get("hookSpecificOutput")
    return str(inner.get("permissionDecision", "")) if isinstance(inner, dict) else ""


def context(answer: dict[str, object]) -> str:
    """Return what an answer gives the model to read."""
    inner = answer.get("hookSpecificOutput")
    return str(inner.get("additionalContext", "")) if isinstance(inner, dict) else ""
