"""Lines of the guard's log: what was said or would have been, and what the model did next."""

from __future__ import annotations

from outrider.judge.guard.seeing.observations import text_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from outrider.judge.guard.ladder import Intervention
    from outrider.judge.guard.seeing.observations import Observation


def entry(
    told: Intervention, name: str, payload: dict[str, object], session: str, said: str
) -> dict[str, object]:
    """Return the line of one intervention; ``said`` is what the model is given to read of it."""
    return {
        "id": name,
        "t": round(told.time, 3),
        "session": session,
        "event": text_in(payload, "hook_event_name")[:40],
        "call": text_in(payload, "tool_use_id")[:80],
        "agent": told.agent,
        "level": told.level,
        "detector": told.detector,
        "count": told.count,
        "label": told.label,
        "key": told.key,
        "repair": told.repair,
        "since": round(told.since, 3),
        "evidence": list(told.evidence),
        "said": said,
    }


def followed(
    told: list[object], seen: Observation | None, payload: dict[str, object], event: str, now: float
) -> dict[str, object]:
    """Return the line about what came after: the same call again, another one, or the end of the turn."""
    did = "stopped"
    if event == "PreToolUse":
        did = "same" if seen is not None and seen.key == told[2] else "other"
    return {
        "after": told[0],
        "t": round(now, 3),
        "did": did,
        "tool": text_in(payload, "tool_name")[:120],
        "call": text_in(payload, "tool_use_id")[:80],
    }


def waiting_text(waiting: object) -> str:
    """Return the text that waits for an event that can carry it."""
    return str(waiting[1]) if isinstance(waiting, list) and len(waiting) == 2 else ""


def text_of(said: object) -> str:
    """Return the text of an answer, empty where there is none."""
    if not isinstance(said, dict):
        return ""
    inner = said.get("hookSpecificOutput")
    fields = {**said, **inner} if isinstance(inner, dict) else said
    for name in ("permissionDecisionReason", "additionalContext", "reason", "stopReason"):
        if isinstance(fields.get(name), str):
            return str(fields[name])
    return ""
