"""Activities: what a call means, and the events of a session that carry them.

These values stand on the way of a hook, so they need nothing but the standard library.
"""

from __future__ import annotations

from typing import NamedTuple

STARTS = ("agent:", "task.start", "ask.user")
"""Activities that take effect when the call begins, not when its result comes."""


class Activity(NamedTuple):
    """One thing that was done, in the words of the vocabulary.

    ``name`` is a word of it (`test.fail`) or of an open family (`agent:<type>`, `skill:<name>`,
    `mcp:<server>.<tool>`; see :func:`in_family`). ``of`` is what it was done to (a file, a runner, a
    skill), ``to`` where it goes (a branch, the base of a pull request), ``within`` the folder it was done
    in; each empty when unknown.
    """

    name: str
    of: str = ""
    to: str = ""
    within: str = ""


class Event(NamedTuple):
    """One activity where and when it took effect.

    ``id`` names the evidence: a call's id, or the uid of a line where there is no call. ``at`` is in
    milliseconds: of the result for what a call effects, of the call for what it starts (a subagent).
    ``agent`` is the thread, empty for the main one; ``request`` the uid of the model response that asked
    for it, empty when a person or the client did; ``task`` the item of a plan it belongs to, where known.
    """

    id: str
    at: int
    agent: str
    activity: Activity
    request: str = ""
    task: str = ""


def is_mark(tool: str) -> bool:
    """Tell whether a tool is the one by which a model says which step begins: `step` of our own server."""
    return tool.startswith("mcp__") and tool.endswith("outrider__step")


def in_family(family: str, full_name: str) -> Activity:
    """Return the activity of a skill or a subagent type.

    It goes by its bare name, so that a workflow need not know the plugin; ``of`` has the full one.
    """
    return Activity(f"{family}:{full_name.rpartition(':')[2]}", of=full_name)
