"""What the host writes around the first prompt of a session, and at its end."""

from typing import Any

from sample.session import Session

# US dollars per million tokens of claude-opus-5-5, as its cost-state records show them
OPUS_PRICE = {"input": 4.0, "read": 0.2, "write_5m": 5.0, "write_1h": 8.0, "output": 20.0}

LISTED = """\
- craft:practicing-tdd: Use when adding behaviour or fixing a bug in tested code.
- craft:reviewing-code: Use before committing a change of behaviour.
- craft:summarizing-changes: Use when release notes are due."""


def before_prompt(session: Session, hook_ms: int = 0) -> None:
    if session.client.effort:
        session.bare({"type": "permission-mode", "permissionMode": "acceptEdits"})
    else:
        snapshot = {"trackedFileBackups": {}, "timestamp": session.stamp()}
        message = session.ids.uuid()
        record = {"type": "file-history-snapshot", "messageId": message}
        snapshot = {"messageId": message} | snapshot
        session.lines.append(record | {"snapshot": snapshot, "isSnapshotUpdate": False})
    if not hook_ms:
        return
    session.now += hook_ms / 1000
    command = "node .claude/hooks/check-node-version.js"
    hook = {"hookName": "SessionStart:startup", "hookEvent": "SessionStart"}
    if session.client.placeholders:
        data = {"type": "hook_progress", "command": command} | hook
        ids = dict.fromkeys(("toolUseID", "parentToolUseID"), session.ids.uuid())
        session.put({"type": "progress", "data": data} | ids)
    else:
        answer = {"content": "", "stdout": "", "stderr": "", "exitCode": 0}
        call = {"toolUseID": session.ids.uuid(), "command": command, "durationMs": hook_ms}
        session.attach("hook_success", **(hook | answer | call))


def after_prompt(session: Session) -> None:
    if session.client.placeholders:
        return
    if session.client.effort:
        snapshot = {"workingDirectory": session.cwd, "isGitRepo": True, "platform": "linux"}
        session.attach("environment", snapshot=snapshot | {"shell": "bash"})
    session.attach("skill_listing", content=LISTED, skillCount=3, isInitial=True)


def close(session: Session, title: str, prompt: str) -> None:
    session.bare({"type": "ai-title", "aiTitle": title})
    session.bare({"type": "last-prompt", "lastPrompt": prompt, "leafUuid": session.last})


def cost_state(session: Session) -> None:
    """The host's own sum; exact where every request of the session stands in its files."""
    spent = session.spent
    cost = round(sum(spent[kind] * price for kind, price in OPUS_PRICE.items()) / 1e6, 6)
    used: dict[str, Any] = {"inputTokens": spent["input"], "outputTokens": spent["output"]}
    used |= {"cacheReadInputTokens": spent["read"]}
    used |= {"cacheCreationInputTokens": spent["write_1h"] + spent["write_5m"]}
    used |= {"cacheCreationEphemeral5mInputTokens": spent["write_5m"]}
    used |= {"cacheCreationEphemeral1hInputTokens": spent["write_1h"], "webSearchRequests": 0}
    took = round((session.now - session.turn_start) * 1000)
    record: dict[str, Any] = {"type": "cost-state", "totalCostUSD": cost, "totalDuration": took}
    record |= {
        "modelUsage": {session.model: used | {"costUSD": cost}},
        "hasUnknownModelCost": False,
    }
    session.bare(record)
