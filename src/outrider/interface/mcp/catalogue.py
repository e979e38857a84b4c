"""The tools as the host lists them: names, constant descriptions, arguments.

A host that loads tools when they are searched for shows only names and the server's line; the rest is read
when a tool is wanted. Every word here may be paid for in every session.
"""

from __future__ import annotations

from dataclasses import dataclass, field

INSTRUCTIONS = "What skills really did in this session: steps, rules, limits, evidence of tests."

NAME = {"type": "string"}
SESSION = {"type": "string", "description": "id or last; default: this one"}


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool. ``arguments`` are the properties of its input schema, ``needed`` those that must be given."""

    name: str
    description: str
    arguments: dict[str, dict[str, str]] = field(default_factory=dict)
    needed: tuple[str, ...] = ()

    @property
    def schema(self) -> dict[str, object]:
        """The JSON schema of its input."""
        made: dict[str, object] = {"type": "object", "properties": self.arguments}
        return {**made, "required": list(self.needed)} if self.needed else made


TOOLS = (
    Tool("status", "Active skill, step n of m, limits used, calls held back, what is owed."),
    Tool("step", "Mark which step of the active skill begins. Optional.", {"name": NAME}, ("name",)),
    Tool(
        "evidence",
        "Gate: checks since the last edit, exit status, counts, what is owed. From calls, never claims.",
        {"session": SESSION},
    ),
    Tool(
        "audit",
        "A session's skill runs against their workflows: steps, time, tokens, broken rules.",
        {"session": SESSION, "skill": NAME},
    ),
    Tool(
        "explain",
        "Why: what a call (its id) did and broke, or why the guard intervened (g-...).",
        {"event": NAME, "session": SESSION},
        ("event",),
    ),
    Tool(
        "skill_report",
        "A skill over all recorded runs: steps, time, skips, cost, broken rules.",
        {"skill": NAME},
        ("skill",),
    ),
)
