"""The tools as the host lists them: names, constant descriptions, arguments.

A host that loads tools when they are searched for shows only names and the server's line; the rest is read
when a tool is wanted. Every word here may be paid for in every session.
"""

from __future__ import annotations

from dataclasses import dataclass, field

INSTRUCTIONS = "What skills really did in this session: steps, rules, limits, evidence of tests."

SESSION = {"type": "string", "description": "session id, its beginning, or last; default: this session"}
SKILL = {"type": "string", "description": "skill name, with or without its plugin"}


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
    Tool("status", "What stands now: active skill, step n of m, limits used, calls held back, what is owed."),
    Tool(
        "step",
        "Say which step of the active skill begins. Optional: steps are found without it.",
        {"name": {"type": "string", "description": "the step's name"}},
        ("name",),
    ),
    Tool(
        "evidence",
        "Gate: tests, builds, linters, reviews since the last edit, with exit status and counts, and what is "
        "owed. From calls alone, never from claims.",
        {"session": SESSION},
    ),
    Tool(
        "audit",
        "Runs of skills in a session against their workflows: steps, time, tokens, broken rules, evidence.",
        {"session": SESSION, "skill": SKILL},
    ),
    Tool(
        "explain",
        "Why: what a tool call (its id) did and broke, or why the guard intervened (g-...).",
        {"event": {"type": "string", "description": "tool call id or g-..."}, "session": SESSION},
        ("event",),
    ),
    Tool(
        "skill_report",
        "A skill over all recorded runs: steps, time, skips, cost, rules most often broken.",
        {"skill": SKILL},
        ("skill",),
    ),
)
