"""What is true about a made folder: plain values, to JSON and back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

TOKENS = ("input", "output", "cache_read", "cache_write_5m", "cache_write_1h")


@dataclass
class Sums:
    """Totals of a group of requests. ``tokens`` has every name of ``TOKENS``."""

    sessions: int = 0
    requests: int = 0
    calls: int = 0
    tokens: dict[str, int] = field(default_factory=lambda: dict.fromkeys(TOKENS, 0))


@dataclass(frozen=True)
class Request:
    """One response as it was authored; the rows from which all totals come."""

    session: str
    project: str
    model: str
    day: str
    """UTC day of the first line's timestamp, ``""`` when no line has one."""
    skill: str | None
    """Innermost skill run at work; a subagent's requests belong to the run that launched it."""
    agent: str | None
    """Subagent type, ``None`` on the main thread."""
    tokens: tuple[int, ...]
    tools: tuple[str, ...]
    reliable: bool
    """False when no line of the response carries a stop reason; output is then the most seen."""


@dataclass(frozen=True)
class Fault:
    """Damage in a file. Offsets are bytes from the start of the file."""

    file: str
    offset: int
    """Start of the physical line."""
    at: int
    """Start of the intact record on that line; equals ``offset`` when nothing is to be saved."""
    kind: str
    certain: bool
    """False when a careful reader may keep the record and report nothing."""


@dataclass
class SkillRuns:
    """Runs of one skill. ``ambiguous``: it nests; where the inner run ends is for a rule to say."""

    runs: int = 0
    typed: int = 0
    ambiguous: bool = False


@dataclass
class Truth:
    """Everything known about a made folder. Paths are relative to it."""

    seed: int
    size: str
    traps: list[str]
    files: int = 0
    lines: int = 0
    """Physical lines that are not blank, the torn tail among them."""
    blank_lines: int = 0
    journals: int = 0
    journal_lines: int = 0
    """Workflow journals; ``files`` and ``lines`` count them too."""
    bytes: int = 0
    totals: Sums = field(default_factory=Sums)
    by: dict[str, dict[str, Sums]] = field(default_factory=dict)
    """``session | project | model | day | skill | agent`` → key → totals."""
    tools: dict[str, int] = field(default_factory=dict)
    skills: dict[str, SkillRuns] = field(default_factory=dict)
    skill_runs: int = 0
    typed_skill_runs: int = 0
    subagents: dict[str, int] = field(default_factory=dict)
    prompts: int = 0
    """Prompts a person wrote: plain ones and typed skills; no commands, notifications, results."""
    interrupts: int = 0
    compactions: int = 0
    api_errors: int = 0
    unreliable_requests: int = 0
    unreliable_output: int = 0
    undated_requests: int = 0
    faults: list[Fault] = field(default_factory=list)
    torn: list[Fault] = field(default_factory=list)
    """Last lines still being written: no fault, to be waited for."""

    def write(self, path: Path) -> None:
        """Write as JSON."""
        path.write_text(json.dumps(asdict(self), indent=1, sort_keys=True) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Truth:
        """Read what ``write`` wrote."""
        return cls.from_json(json.loads(path.read_text(encoding="utf-8")))

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> Truth:
        """Build from the parsed JSON."""
        raw = dict(raw)
        raw["totals"] = Sums(**raw["totals"])
        raw["by"] = {
            cut: {key: Sums(**sums) for key, sums in rows.items()} for cut, rows in raw["by"].items()
        }
        raw["skills"] = {name: SkillRuns(**runs) for name, runs in raw["skills"].items()}
        for name in ("faults", "torn"):
            raw[name] = [Fault(**fault) for fault in raw[name]]
        return cls(**raw)


class Book:
    """Where the author of a folder notes what it wrote, once, at the moment of writing."""

    def __init__(self, truth: Truth) -> None:
        self.truth = truth
        self.requests: list[Request] = []
        self.sessions: dict[str, str] = {}

    def spoke(self, session: str, project: str) -> None:
        """The session wrote a user or assistant line of its own."""
        self.sessions[session] = project

    def skill(self, name: str, *, typed: bool = False, ambiguous: bool = False) -> None:
        """A skill was loaded."""
        runs = self.truth.skills.setdefault(name, SkillRuns())
        runs.runs += 1
        runs.typed += typed
        runs.ambiguous |= ambiguous
        self.truth.skill_runs += 1
        self.truth.typed_skill_runs += typed

    def close(self) -> Truth:
        """Add everything up."""
        truth = self.truth
        truth.totals = _sum(self.requests)
        truth.totals.sessions = len(self.sessions)
        for cut in ("session", "project", "model", "day", "skill", "agent"):
            groups: dict[str, list[Request]] = {}
            for request in self.requests:
                key = getattr(request, cut)
                if key is not None:
                    groups.setdefault(key, []).append(request)
            truth.by[cut] = {key: _sum(group) for key, group in groups.items()}
        for request in self.requests:
            for tool in request.tools:
                truth.tools[tool] = truth.tools.get(tool, 0) + 1
        bad = [request for request in self.requests if not request.reliable]
        truth.unreliable_requests = len(bad)
        truth.unreliable_output = sum(request.tokens[TOKENS.index("output")] for request in bad)
        truth.undated_requests = sum(not request.day for request in self.requests)
        return truth


def _sum(requests: Iterable[Request]) -> Sums:
    sums = Sums()
    seen = set()
    for request in requests:
        seen.add(request.session)
        sums.requests += 1
        sums.calls += len(request.tools)
        for name, value in zip(TOKENS, request.tokens, strict=True):
            sums.tokens[name] += value
    sums.sessions = len(seen)
    return sums
