"""What wrangler's own session logs say. All of it is reported by the model, none of it checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Dialect = Literal["mcp", "engine"]
"""Who wrote the log: wrangler's MCP tools (phases, `complete`) or its engine (steps, `completed`)."""


@dataclass(frozen=True, slots=True)
class WranglerSession:
    """One wrangler session as its context says. ``facts`` is the context as JSON text."""

    name: str
    dialect: Dialect
    folder: str
    status: str
    phase: str
    at: int | None
    ended: int | None
    facts: str


@dataclass(frozen=True, slots=True)
class WranglerEvent:
    """One line of a wrangler log. ``step`` is the phase or step; ``facts`` the other fields as JSON."""

    name: str
    number: int
    at: int | None
    step: str
    status: str
    facts: str
