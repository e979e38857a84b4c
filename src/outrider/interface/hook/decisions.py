"""From an intervention to the host's answer: which channel carries which step of the ladder at which event.

As clients 2.1.197 to 2.1.330 take it: hints as context of the tool events, a refusal as decision of
`PreToolUse`, the end of a turn at `PostToolBatch`, held stops as `block`. What an event cannot carry waits
for the next.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from outrider.judge.guard.ladder import Intervention

CONTEXT_EVENTS = frozenset(
    ("PreToolUse", "PostToolUse", "PostToolUseFailure", "PostToolBatch", "UserPromptSubmit", "SubagentStart")
)
STOP_EVENTS = ("Stop", "SubagentStop")


def refused(decision: str, reason: str) -> dict[str, object]:
    """Return the answer that keeps a call from running ("deny"), or has a person decide ("ask")."""
    return {
        "hookSpecificOutput": {
            "hookEventName": "PreToolUse",
            "permissionDecision": decision,
            "permissionDecisionReason": reason,
        }
    }


def ended(reason: str) -> dict[str, object]:
    """Return the answer that ends the turn; the reason is for the person."""
    return {"continue": False, "stopReason": reason, "systemMessage": reason}


def answer(event: str, told: Intervention, text: str) -> dict[str, object] | None:
    """Return the answer that carries one intervention at ``event``; None where it has to wait."""
    level = told.level
    if event == "PreToolUse" and level in ("deny", "ask", "stop"):
        return refused("ask" if level == "ask" else "deny", text)
    if event == "PostToolBatch" and level == "stop":
        return ended(text)
    if event in STOP_EVENTS:
        if told.detector.startswith("owed:") and level in ("deny", "hint"):
            return {"decision": "block", "reason": text}
        return None
    if event in CONTEXT_EVENTS and level in ("hint", "deny", "ask", "stop"):
        return context(event, text)
    return None


def context(event: str, text: str) -> dict[str, object]:
    """Return the answer that gives the model a text to read."""
    return {"hookSpecificOutput": {"hookEventName": event, "additionalContext": text}}
