"""Subagents: foreground, background, and skills that run in a fork of the context."""

from collections.abc import Callable
from datetime import UTC, datetime

from sample.calls import Call
from sample.client import Record
from sample.session import Session
from sample.skills import Skill

Script = Callable[[Session], None]
SYSTEM_TOKENS = 9_200


def launch(
    parent: Session,
    kind: str,
    description: str,
    prompt: str,
    script: Script,
    *,
    model: str,
    background: bool = False,
) -> tuple[Call, Session]:
    """A call that starts a subagent, and the subagent itself."""
    child = _child(parent, kind, description, prompt, model)
    request = {"description": description, "prompt": prompt, "subagent_type": kind}
    if not parent.client.placeholders:
        request["run_in_background"] = background

    def play(call: Call) -> None:
        start = parent.now
        _begin(child, parent, call)
        script(child)
        if background:
            parent.now = start + 0.2
            _answer_later(child, call)
        else:
            parent.now = child.now
            _answer_now(child, call, start)

    name = "Task" if parent.client.placeholders else "Agent"
    return Call(name, request, "", {}, 0.0, play=play), child


def fork(parent: Session, skill: Skill, args: str, script: Script) -> Call:
    """The model chooses a skill with `context: fork`: it runs in a subagent of its own."""
    child = _child(parent, "general-purpose", skill.name, skill.body, parent.model)
    child.skill = skill

    def play(call: Call) -> None:
        _begin(child, parent, call)
        script(child)
        parent.now = child.now
        report = child.final_text
        call.text = f'Skill "{skill.name}" completed (forked execution).\n\nResult:\n{report}'
        call.detail = {"success": True, "commandName": skill.name, "status": "forked"}
        call.detail |= {"agentId": child.agent["id"], "result": report}

    return Call("Skill", {"skill": skill.name, "args": args}, "", {}, 0.0, play=play)


def notify(parent: Session, child: Session) -> None:
    """A background subagent has ended; its report comes in as a prompt of the host."""
    parent.now = max(parent.now, child.now) + 0.4
    parent.open_turn()
    spent = _spent(child)
    took = round((child.now - child.turn_start) * 1000)
    text = f"<task-notification>\n<task-id>{child.agent['id']}</task-id>\n"
    text += f"<tool-use-id>{child.agent['call']}</tool-use-id>\n<status>completed</status>\n"
    text += f'<summary>Agent "{child.agent["description"]}" finished</summary>\n'
    text += f"<result>{child.final_text}</result>\n<usage><subagent_tokens>"
    text += f"{spent['totalTokens']}</subagent_tokens><tool_uses>{spent['totalToolUseCount']}"
    text += f"</tool_uses><duration_ms>{took}</duration_ms></usage>\n</task-notification>"
    parent.says_host(text, kind="task-notification", turn="task_notification")


def meta(child: Session) -> Record:
    """What the host keeps beside a subagent's transcript."""
    found: Record = {"agentType": child.agent["type"]}
    if child.client.block_index:
        found["isBuiltIn"] = ":" not in child.agent["type"]
    found |= {"description": child.agent["description"], "toolUseId": child.agent["call"]}
    found["spawnDepth"] = 1
    return found | ({"model": child.model, "finished": True} if child.client.effort else {})


def _child(parent: Session, kind: str, description: str, prompt: str, model: str) -> Session:
    epoch = datetime.fromtimestamp(0, UTC).replace(tzinfo=None).isoformat()
    name = f"{parent.name}/{description}"
    child = Session(name, parent.project, parent.client, model, epoch, branch=parent.branch)
    child.id, child.parent = parent.id, parent
    child.tier, child.system, child.context = "5m", SYSTEM_TOKENS, SYSTEM_TOKENS
    child.agent = {"id": child.ids.agent(), "type": kind, "prompt": prompt}
    child.agent |= {"description": description, "embedded": parent.client.placeholders}
    return child


def _begin(child: Session, parent: Session, call: Call) -> None:
    child.now = parent.now + 0.3
    child.requested_at = child.turn_start = child.now
    child.prompt_id, child.skill = parent.prompt_id, child.skill or parent.skill
    child.agent |= {"call": call.id, "progress": "agent_" + child.ids.message()}
    if not child.agent["embedded"]:
        parent.agents.append(child)
    child.hears(child.agent["prompt"])


def _spent(child: Session) -> Record:
    """Totals as the host writes them: the size of the last request, not the sum."""
    return {"totalTokens": child.context, "totalToolUseCount": child.calls}


def _answer_now(child: Session, call: Call, start: float) -> None:
    took = round((child.now - start) * 1000)
    report = [{"type": "text", "text": child.final_text}]
    note = f"agentId: {child.agent['id']}\n<usage>duration_ms: {took}</usage>"
    call.text = [*report, {"type": "text", "text": note}]
    call.detail = {"status": "completed", "prompt": child.agent["prompt"]}
    call.detail |= {"agentId": child.agent["id"], "agentType": child.agent["type"]}
    call.detail |= {"content": report, "totalDurationMs": took} | _spent(child)


def _answer_later(child: Session, call: Call) -> None:
    call.text = [{"type": "text", "text": f"Async agent launched.\nagentId: {child.agent['id']}"}]
    call.detail = {"isAsync": True, "status": "async_launched", "agentId": child.agent["id"]}
    call.detail |= {"description": child.agent["description"], "resolvedModel": child.model}
