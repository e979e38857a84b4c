"""What a call does to the world, as far as repeating it tells something.

The same answer twice is proof of standing still for a *read*, and proves nothing for a *step* (scroll, press
a key, take the next one). A *poll* is made to be repeated; a *change* is judged by what it writes.
"""

from __future__ import annotations

READ = "read"
CHECK = "check"
"""A command of unknown effect: a test, a build, a script."""
POLL = "poll"
CHANGE = "change"
STEP = "step"
ACT = "act"
AGENT = "agent"
PLAN = "plan"
ASK = "ask"

_TOOLS = {
    **dict.fromkeys(("Edit", "MultiEdit", "Write", "NotebookEdit"), CHANGE),
    **dict.fromkeys(("BashOutput", "TaskOutput", "AgentOutputTool", "Monitor", "Wait", "Sleep"), POLL),
    **dict.fromkeys(("TaskList", "TaskGet", "CronList"), POLL),
    **dict.fromkeys(("Agent", "Task", "Workflow"), AGENT),
    **dict.fromkeys(("TodoWrite", "EnterPlanMode", "TaskCreate", "TaskUpdate", "TodoRead"), PLAN),
    **dict.fromkeys(
        ("Read", "NotebookRead", "Grep", "Glob", "LS", "WebFetch", "WebSearch", "ToolSearch", "LSP"), READ
    ),
    **dict.fromkeys(
        ("ListMcpResourcesTool", "ReadMcpResourceTool", "ListMcpResources", "ReadMcpResource"), READ
    ),
    "AskUserQuestion": ASK,
    "ExitPlanMode": ASK,
    "Skill": ACT,
}

_STEPS = frozenset(
    "scroll press key keys click tap swipe next step stepinto stepover advance continue resume forward"
    " back hover drag"
    " type tick pop dequeue migrate consume receive move turn cursor stepping undo redo keyboard".split()
)
_POLLS = frozenset(
    "status wait poll health progress watch ping console inbox output buffer job jobs await monitor"
    " ready sleep"
    " heartbeat".split()
)
_READS = frozenset(
    "get list read search query find fetch describe show view count lookup recall inspect browse"
    " retrieve snapshot"
    " screenshot grep glob ls cat open memory resolve explain".split()
)
_CHANGES = frozenset(("write", "edit", "replace", "patch", "insert", "apply"))
_PLANS = frozenset(("plan", "todo", "todos"))


def of_tool(tool: str) -> str:
    """Return the kind of a tool by its name; shells are told by their command, not here."""
    known = _TOOLS.get(tool)
    if known:
        return known
    words = _name_words(tool)
    for kind, names in (
        (PLAN, _PLANS),
        (STEP, _STEPS),
        (POLL, _POLLS),
        (CHANGE, _CHANGES),
        (READ, _READS),
    ):
        if not names.isdisjoint(words):
            return kind
    return ACT


def _name_words(tool: str) -> list[str]:
    name = tool.rsplit("__", 1)[-1]
    spaced = "".join(" " + sign.lower() if sign.isupper() else sign for sign in name[:80])
    return spaced.replace("_", " ").replace("-", " ").replace(".", " ").split()
