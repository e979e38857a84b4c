"""A short payload for every event of the plugin's hooks, in the shapes of client 2.1.330 (docs/hook.md)."""

from __future__ import annotations

import json
from pathlib import Path

SESSION = "outrider-doctor"

_CALL: dict[str, object] = {
    "tool_name": "Bash",
    "tool_input": {"command": "ls", "description": "Look"},
    "tool_use_id": "toolu_outrider_doctor",
}
_ENDED: dict[str, object] = {
    "stop_hook_active": False,
    "last_assistant_message": "Done.",
    "background_tasks": [],
    "session_crons": [],
}
_AGENT: dict[str, object] = {"agent_id": "a0000000000000001", "agent_type": "Explore"}
_MEMBERS: dict[str, dict[str, object]] = {
    "SessionStart": {"source": "startup"},
    "UserPromptSubmit": {"prompt": "Look around"},
    "UserPromptExpansion": {
        "expansion_type": "slash_command",
        "command_name": "look",
        "command_args": "",
        "command_source": "project",
        "prompt": "/look",
    },
    "PreToolUse": _CALL,
    "PostToolUse": {**_CALL, "tool_response": {"stdout": "a", "stderr": "", "interrupted": False}},
    "PostToolUseFailure": {**_CALL, "error": "Exit code 1", "is_interrupt": False, "duration_ms": 3},
    "PostToolBatch": {"tool_calls": [{**_CALL, "tool_response": "a"}]},
    "PermissionRequest": {"tool_name": "Bash", "tool_input": {"command": "ls"}, "permission_suggestions": []},
    "SubagentStart": _AGENT,
    "SubagentStop": {**_AGENT, **_ENDED},
    "PreCompact": {"trigger": "manual", "custom_instructions": ""},
    "Stop": _ENDED,
    "StopFailure": {"error": "unknown", "last_assistant_message": "API Error"},
    "SessionEnd": {"reason": "other"},
}


def payload(event: str, project: Path) -> bytes:
    """Return what the host would send for an event; the bare common members for one without a sample."""
    common = {
        "session_id": SESSION,
        "transcript_path": str(project / f"{SESSION}.jsonl"),
        "cwd": str(project),
        "hook_event_name": event,
        "permission_mode": "default",
    }
    return json.dumps({**common, **_MEMBERS.get(event, {})}).encode("ascii")
