"""Wall time split into model, tools, waiting for the person, hooks and the rest, run by run.

A thread's time is cut at its moments. Each stretch is named by what ended it: an answer's line ends a
stretch of the model, a result one of a tool, a prompt one of waiting. So every millisecond of the main
thread has exactly one name and one run, and the parts add up to the session.
"""

from __future__ import annotations

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
    before: dict[str, int] = {}
    for moment, run in zip(session.moments, runs.of_moment, strict=True):
        since = before.get(moment.agent)
        before[moment.agent] = moment.at
        if since is None and moment.agent == MAIN:
            since = session.at
        if since is not None and moment.at > since:
            split = found[run].main if moment.agent == MAIN else found[run].agents
            split.add(_part(moment, calls), moment.at - since)
    main_end = before.get(MAIN, session.at)
    found[0].main.other += max(session.ended - main_end, 0)
    return found


def _part(moment: Moment, calls: dict[str, Call]) -> Part:
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
