"""Wall time split into model, tools, waiting for the person, hooks and the rest, run by run.

A thread's time is cut at its moments. Each stretch is named by what ended it: an answer's line ends a
stretch of the model, a result one of a tool, a prompt one of waiting. So every millisecond of the main
thread has exactly one name and one run, and the parts add up to the session.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from outrider.judge.attribution.runs import Runs
from outrider.record.session import MAIN, Call, Moment, Session

Part = Literal["model", "tools", "person", "hooks", "other"]

ASKING_TOOLS = frozenset({"AskUserQuestion", "ExitPlanMode"})
"""Tools whose time is a person's: they wait for an answer."""


@dataclass(slots=True)
class Split:
    """Milliseconds by what they went into."""

    model: int = 0
    tools: int = 0
    person: int = 0
    hooks: int = 0
    other: int = 0

    @property
    def total(self) -> int:
        """The whole time."""
        return self.model + self.tools + self.person + self.hooks + self.other

    def add(self, part: Part, amount: int) -> None:
        """Put ``amount`` milliseconds to ``part``."""
        setattr(self, part, getattr(self, part) + amount)


@dataclass(slots=True)
class RunTime:
    """The time of one run: on the main thread, and inside its subagents (beside, not added to it)."""

    main: Split
    agents: Split


def times(session: Session, runs: Runs) -> dict[int, RunTime]:
    """Return the time of every run of ``session`` by its number; 0 is the time outside of runs."""
    calls = {call.id: call for call in session.calls}
    found = {number: RunTime(Split(), Split()) for number in range(len(runs.runs) + 1)}
    main_end = session.at
    for moment, run, stretch in zip(session.moments, runs.of_moment, stretches(session), strict=True):
        on_main = moment.agent == MAIN
        if stretch:
            split = found[run].main if on_main else found[run].agents
            split.add(part_of(moment, calls), stretch)
        if on_main:
            main_end = moment.at
    found[0].main.other += max(session.ended - main_end, 0)
    return found


def stretches(session: Session) -> list[int]:
    """Return the milliseconds before each moment of ``session`` on the moment's own thread."""
    before: dict[str, int] = {MAIN: session.at}
    found = []
    for moment in session.moments:
        since = before.get(moment.agent, moment.at)
        before[moment.agent] = moment.at
        found.append(max(moment.at - since, 0))
    return found


def part_of(moment: Moment, calls: Mapping[str, Call]) -> Part:
    """Say what the stretch before a moment went into."""
    if moment.kind == "response":
        return "model"
    if moment.kind == "prompt":
        return "person"
    if moment.kind == "hook":
        return "hooks"
    if moment.kind != "result":
        return "other"
    call = calls.get(moment.subject)
    waited = call is not None and (call.name in ASKING_TOOLS or call.denial == "person")
    return "person" if waited else "tools"
