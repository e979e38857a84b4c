"""hooks/hooks.json: whether a client takes it, and what it would start."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from outrider.app.doctor.checks import Check, ok, some, wrong
from outrider.app.doctor.reading import read_object
from outrider.app.doctor.scene import Scene
from outrider.kernel.limits import DOCTOR_HANDLERS

_FLOOR_EVENTS = """
    PreToolUse PostToolUse PostToolUseFailure PostToolBatch Notification UserPromptSubmit UserPromptExpansion
    SessionStart SessionEnd Stop StopFailure SubagentStart SubagentStop PreCompact PostCompact
    PermissionRequest PermissionDenied Setup TeammateIdle TaskCreated TaskCompleted Elicitation
    ElicitationResult ConfigChange WorktreeCreate WorktreeRemove InstructionsLoaded CwdChanged FileChanged
    MessageDisplay
"""
FLOOR_EVENTS = frozenset(_FLOOR_EVENTS.split())
"""Names of events that the floor client 2.1.197 knows."""

LEAST_SECONDS = 2.0
"""A shorter time limit cuts hooks on a busy machine, where an interpreter starts slowly."""

USUAL_SECONDS = 5.0
_AGAIN = "install the plugin again, or take hooks/hooks.json from its release"


@dataclass(frozen=True, slots=True)
class Handler:
    """One handler that can be run: its event, command line and time limit in seconds."""

    event: str
    command: tuple[str, ...]
    seconds: float


def look(scene: Scene) -> tuple[list[Check], list[Handler]]:
    """Return what is wrong with the file, and the handlers that can be run for real."""
    path = scene.root / "hooks" / "hooks.json"
    content, why = read_object(path)
    if content is None:
        return [wrong("hooks-file", f"hooks/hooks.json {why}: no hook runs", _AGAIN)], []
    events = content.get("hooks")
    if not isinstance(events, dict):
        what = "has no outer `hooks` key" if "hooks" not in content else "has a `hooks` that is no object"
        return [wrong("hooks-outer-key", f"hooks/hooks.json {what}: no hook runs", _AGAIN)], []
    checks = _event_checks(events)
    faults: dict[str, list[str]] = {}
    handlers = [
        handler
        for event, one in islice(_handlers(events, faults), DOCTOR_HANDLERS)
        if (handler := _handler(scene.root, event, one, faults)) is not None
    ]
    checks += [wrong(slug, some(dict.fromkeys(found)), _NEXT[slug]) for slug, found in faults.items()]
    if not handlers and not checks:
        checks.append(wrong("hooks-file", "hooks/hooks.json names no hook", _AGAIN))
    return checks or [ok("hooks-file", f"{len(handlers)} hooks for {len(events)} events")], handlers


_NEXT = {
    "hooks-shape": "clients up to 2.1.252 drop all hooks for it: " + _AGAIN,
    "hooks-command": "the file that a hook starts must be in the plugin: " + _AGAIN,
    "hooks-mode": "make it executable: chmod +x",
    "hooks-timeout": f"give it {USUAL_SECONDS:.0f} seconds, as in the release",
}


def _event_checks(events: dict[str, object]) -> list[Check]:
    strange = [event for event in events if event not in FLOOR_EVENTS]
    if not strange:
        return []
    found = f"unknown to client 2.1.197: {some(strange)}"
    return [wrong("hooks-event", found, "one such name drops all hooks up to client 2.1.252: " + _AGAIN)]


def _handlers(
    events: dict[str, object], faults: dict[str, list[str]]
) -> Iterator[tuple[str, dict[str, object]]]:
    for event, groups in events.items():
        if not isinstance(groups, list):
            _add(faults, "hooks-shape", f"{event}: its value is no list")
            continue
        for group in groups:
            inner = group.get("hooks") if isinstance(group, dict) else None
            if not isinstance(inner, list):
                _add(faults, "hooks-shape", f"{event}: a group without a list `hooks`")
                continue
            for one in inner:
                if isinstance(one, dict):
                    yield event, one
                else:
                    _add(faults, "hooks-shape", f"{event}: a handler that is no object")


def _handler(root: Path, event: str, one: dict[str, object], faults: dict[str, list[str]]) -> Handler | None:
    command, arguments = one.get("command"), one.get("args")
    if one.get("type") != "command":
        _add(faults, "hooks-shape", f'{event}: `type` is not "command"')
        return None
    if not isinstance(command, str) or not command:
        _add(faults, "hooks-shape", f"{event}: `command` is missing or no text")
        return None
    if not isinstance(arguments, list) or not all(isinstance(each, str) for each in arguments):
        _add(faults, "hooks-shape", f"{event}: `args` is no list of texts")
        return None
    seconds = _seconds(event, one, faults)
    path = command.replace("${CLAUDE_PLUGIN_ROOT}", str(root))
    slug, why = _startable(root, path)
    if slug:
        _add(faults, slug, f"{command}: {why}")
        return None
    if event not in FLOOR_EVENTS:
        return None
    return Handler(event, (path, *(each for each in arguments if isinstance(each, str))), seconds)


def _seconds(event: str, one: dict[str, object], faults: dict[str, list[str]]) -> float:
    given = one.get("timeout", USUAL_SECONDS)
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 < given < 1e6:
        _add(faults, "hooks-shape", f"{event}: `timeout` is no number of seconds")
        return USUAL_SECONDS
    if given < LEAST_SECONDS:
        _add(faults, "hooks-timeout", f"{event}: {given:g} s")
    return max(float(given), LEAST_SECONDS)


def _startable(root: Path, path: str) -> tuple[str, str]:
    """Return the slug and the reason why a command cannot be started; empty where it can."""
    try:
        if not Path(path).resolve().is_relative_to(root):
            return "hooks-command", "is outside of the plugin"
        status = Path(path).stat()
    except (OSError, ValueError, RuntimeError):
        return "hooks-command", "is not there"
    if not stat.S_ISREG(status.st_mode):
        return "hooks-command", "is no regular file"
    if not os.access(path, os.X_OK):
        return "hooks-mode", "may not be executed"
    return "", ""


def _add(faults: dict[str, list[str]], slug: str, found: str) -> None:
    faults.setdefault(slug, []).append(found)
