"""Payloads in the shapes in which clients 2.1.197 to 2.1.330 send them, with texts of our own."""

from __future__ import annotations

from typing import Any

SESSION = "00000000-0000-4000-8000-00000000f001"

EVENTS = (
    *("SessionStart", "UserPromptSubmit", "PreToolUse", "PostToolUse", "PostToolUseFailure"),
    *("PostToolBatch", "SubagentStart", "SubagentStop", "PreCompact", "Stop", "SessionEnd"),
)
"""Every event that the hook has to do with."""

_TOOL = ("PreToolUse", "PostToolUse", "PostToolUseFailure")
_MODED = (*_TOOL, "PostToolBatch", "UserPromptSubmit", "Stop", "SubagentStop")

_OWN: dict[str, dict[str, Any]] = {
    "SessionStart": {"source": "startup"},
    "UserPromptSubmit": {"prompt": "make the cart add up"},
    "PostToolUse": {
        "tool_response": {"stdout": "2 passed in 0.1s", "stderr": "", "interrupted": False, "isImage": False},
        "duration_ms": 130,
    },
    "PostToolUseFailure": {
        "error": "Exit code 1\n1 failed: the cart is wrong",
        "is_interrupt": False,
        "duration_ms": 90,
    },
    "SubagentStart": {"agent_id": "a0000000000000001", "agent_type": "reviewer"},
    "SubagentStop": {
        "agent_id": "a0000000000000001",
        "agent_type": "reviewer",
        "stop_hook_active": False,
        "agent_transcript_path": "/home/user/.claude/projects/-home-user-shop/agent-a0000000000000001.jsonl",
        "last_assistant_message": "The cart adds up.",
        "background_tasks": [],
        "session_crons": [],
    },
    "PreCompact": {"trigger": "auto", "custom_instructions": None},
    "Stop": {
        "stop_hook_active": False,
        "last_assistant_message": "Done: the cart adds up.",
        "background_tasks": [],
        "session_crons": [],
    },
    "SessionEnd": {"reason": "other"},
}


def payload(event: str, call: str = "toolu_0001", session: str = SESSION, **more: object) -> dict[str, Any]:
    """Return the payload of an event; ``call`` names the tool call of the events that have one."""
    fields: dict[str, Any] = {
        "session_id": session,
        "transcript_path": f"/home/user/.claude/projects/-home-user-shop/{SESSION}.jsonl",
        "cwd": "/home/user/shop",
        "prompt_id": "00000000-0000-4000-8000-00000000f002",
        "hook_event_name": event,
    }
    if event in _MODED:
        fields |= {"permission_mode": "acceptEdits", "effort": {"level": "medium"}}
    tool = {
        "tool_name": "Bash",
        "tool_input": {"command": "python -m pytest -q", "description": "Run the tests"},
        "tool_use_id": call,
    }
    if event in _TOOL:
        fields |= tool
    if event == "PostToolBatch":
        fields["tool_calls"] = [{**tool, "tool_response": "2 passed in 0.1s"}]
    return {**fields, **_OWN.get(event, {}), **more}
