"""Subagents in every place where their work has been seen to stand."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from .thread import Call, Record, Session, Thread
from .traps import Trap

_TYPES = ("general-purpose", "Explore", "review:code-reviewer")


@dataclass
class Folder:
    """Files beside a session's main file: path in the session's folder → content."""

    files: dict[str, list[Record]] = field(default_factory=dict)
    meta: dict[str, dict[str, Any]] = field(default_factory=dict)


def delegate(parent: Thread, folder: Folder, form: str, depth: int = 1) -> None:
    """Have the parent launch a subagent, let it work, and put its lines where ``form`` says."""
    world = parent.world
    if form in (Trap.EMBEDDED, Trap.EMBEDDED_ONLY) and not parent.session.request_ids:
        form = Trap.AGENT_FILE  # neither chain nor id would tell its responses apart
    kind = world.rng.choice(_TYPES)
    prompt = f"Look into part {world.token('', 6)} and report."
    name = "Agent" if parent.session.since(2, 1, 63) else "Task"
    call = Call(name, {"description": "look", "prompt": prompt, "subagent_type": kind})
    parent.respond(call)
    child = _child(parent, kind, old=form == Trap.INLINE_OLD)
    if form in (Trap.EMBEDDED, Trap.EMBEDDED_ONLY):
        child.session = _unsure(child)
    child.user(prompt)
    child.work(world.rng.randint(*world.size.agent_work))
    if form == Trap.NESTED_AGENT and depth == 1:
        delegate(child, folder, form, depth=2)
    child.respond(text="Report: nothing unusual.")
    _place(parent, folder, child, call, form, depth)
    parent.clock = max(parent.clock, child.clock)
    value: dict[str, Any] = {
        "status": "completed",
        "prompt": prompt,
        "totalToolUseCount": 2,
        "totalTokens": 4321,
        "content": [{"type": "text", "text": "Report: nothing unusual."}],
        "usage": {
            "input_tokens": 9,
            "output_tokens": 77,
            "cache_read_input_tokens": 999,
            "cache_creation_input_tokens": 55,
        },
    }
    if child.agent_id:
        value["agentId"] = child.agent_id
    parent.result(call, value["content"], value)
    world.book.truth.subagents[kind] = world.book.truth.subagents.get(kind, 0) + 1


def fork_skill(parent: Thread, folder: Folder, skill: str, body: str, call: Call) -> None:
    """A skill with ``context: fork``: its work stands in a subagent's file."""
    world = parent.world
    child = _child(parent, "general-purpose")
    child.skills = [skill]
    child.user([{"type": "text", "text": body}])
    child.work(world.rng.randint(*world.size.agent_work))
    child.respond(text="Forked work is done.")
    _place(parent, folder, child, call, Trap.AGENT_FILE, 1)
    parent.clock = max(parent.clock, child.clock)
    value = {
        "success": True,
        "commandName": skill,
        "status": "forked",
        "agentId": child.agent_id,
        "result": "Forked work is done.",
    }
    parent.result(call, f'Skill "{skill}" completed (forked execution).', value)
    kinds = world.book.truth.subagents
    kinds["general-purpose"] = kinds.get("general-purpose", 0) + 1


def run_workflow(parent: Thread, folder: Folder) -> None:
    """A native workflow run: two agents and a journal in a folder of their own."""
    world = parent.world
    run = world.token("wf_", 8) + "-1a2"
    call = Call("Workflow", {"script": "export const meta = { name: 'look' }"})
    parent.respond(call)
    journal: list[Record] = [{"type": "launched"}]
    for label in ("look:folder", "check:result"):
        child = _child(parent, "workflow-subagent")
        child.user(f"Do {label}")
        child.work(world.rng.randint(*world.size.agent_work))
        child.respond(text="Done.")
        path = f"subagents/workflows/{run}/agent-{child.agent_id}"
        folder.files[path + ".jsonl"] = child.records
        folder.meta[path + ".meta.json"] = {
            "agentType": "workflow-subagent",
            "description": label,
            "spawnDepth": 1,
            "inWorkflowRun": True,
        }
        key = {"key": world.token("v2:", 64), "agentId": child.agent_id}
        journal += [
            {"type": "started", **key, "label": label},
            {"type": "result", **key, "result": "ok"},
        ]
        kinds = world.book.truth.subagents
        kinds["workflow-subagent"] = kinds.get("workflow-subagent", 0) + 1
        parent.clock = max(parent.clock, child.clock)
    folder.files[f"subagents/workflows/{run}/journal.jsonl"] = journal
    value = {"status": "async_launched", "taskType": "local_workflow", "runId": run}
    parent.result(call, "Workflow launched in background.", value)


def _child(parent: Thread, kind: str, *, old: bool = False) -> Thread:
    return Thread(
        world=parent.world,
        session=parent.session,
        clock=parent.clock,
        agent_id=None if old else parent.world.token("a", 16),
        agent=kind,
        old_sidechain=old,
        skills=list(parent.skills),
        prompt_id=parent.prompt_id,
        skew=parent.skew,
    )


def _unsure(child: Thread) -> Session:
    """Embedded entries never carry a stop reason, so their output is what was seen, no more."""
    return replace(child.session, unreliable=True)


def _place(parent: Thread, folder: Folder, child: Thread, call: Call, form: str, depth: int) -> None:
    in_file = form not in (Trap.EMBEDDED_ONLY, Trap.INLINE_OLD)
    if in_file:
        path = f"subagents/agent-{child.agent_id}"
        folder.files[path + ".jsonl"] = child.records
        folder.meta[path + ".meta.json"] = _meta(parent, child, call, depth)
    if form in (Trap.MIRRORED, Trap.INLINE_OLD):
        parent.records.extend(dict(record) for record in child.records)
    if form in (Trap.EMBEDDED, Trap.EMBEDDED_ONLY):
        leaf = parent.leaf
        for record in child.records:
            if record["type"] in ("user", "assistant"):
                _embed(parent, child, call, record)
        parent.leaf = leaf


def _meta(parent: Thread, child: Thread, call: Call, depth: int) -> dict[str, Any]:
    meta: dict[str, Any] = {"agentType": child.agent, "description": "look"}
    if parent.session.since(2, 1, 197):
        meta |= {"toolUseId": call.id, "spawnDepth": depth}
    if depth > 1:
        meta["parentAgentId"] = parent.agent_id
    return meta


def _embed(parent: Thread, child: Thread, call: Call, record: Record) -> None:
    inner = {
        key: record[key]
        for key in ("type", "message", "uuid", "timestamp", "requestId", "toolUseResult")
        if key in record
    }
    parent.line(
        "progress",
        data={
            "message": inner,
            "normalizedMessages": [],
            "type": "agent_progress",
            "prompt": "Look into it.",
            "agentId": child.agent_id,
        },
        toolUseID="agent_" + record.get("message", {}).get("id", "msg_x"),
        parentToolUseID=call.id,
    )
