"""Skill runs: where the work of each loading begins and ends, and what belongs to it.

The host marks requests with a skill until the next prompt, whatever they do. Here a run ends when its
work ends. The rules, in the order in which they are tried (docs/attribution.md explains each):

- a typed skill ends every open run, because a person began something new;
- loading a skill that is open already ends it and all within it, and begins it anew;
- a skill that an open run's text names is nested in that run, and ends what was nested there before;
- any other skill that the model loads is nested in the innermost open run;
- when the model announces a part of an outer skill (the words of one of its headings), it came back to it;
- at the next prompt of a person every run ends, unless the answer before asked something, was
  interrupted or refused, or left work running: then the prompt is part of the work;
- a forked skill is exactly its subagent; a run inside a subagent ends with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from outrider.record.activities.announcements import announcements_in, naming_words
from outrider.record.session import MAIN, Load, Session, Trigger, Turn

Ending = Literal[
    "typed skill", "loaded again", "other skill", "came back", "answered", "agent ended", "session ended"
]
"""What ended a run."""

TextOf = Callable[[str], str]
"""Gives a skill's text by its digest; empty when it is not known."""


@dataclass(slots=True)
class Run:
    """One execution of one skill.

    ``number`` counts the runs of a session from 1; ``parent`` is the run it is nested in (0: none).
    Work outside of every run belongs to number 0.
    """

    number: int
    parent: int
    load: Load
    at: int
    ended: int
    ended_by: Ending = "session ended"

    @property
    def trigger(self) -> Trigger:
        """How the run began."""
        return self.load.trigger


@dataclass(slots=True)
class _Thread:
    """The open runs of one thread, outermost first, and the run around the whole thread."""

    around: int = 0
    open: list[Run] = field(default_factory=list)

    @property
    def current(self) -> int:
        return self.open[-1].number if self.open else self.around


@dataclass(slots=True)
class Runs:
    """The runs of a session and the run of every request, call and turn (0: outside)."""

    runs: list[Run] = field(default_factory=list)
    of_request: dict[str, int] = field(default_factory=dict)
    of_call: dict[str, int] = field(default_factory=dict)
    of_moment: list[int] = field(default_factory=list)


def attributed(session: Session, text_of: TextOf) -> Runs:
    """Give every request, call and moment of ``session`` to exactly one run or to the outside."""
    return _Attribution(session, text_of).result()


class _Attribution:
    """One pass over the moments of a session in order."""

    def __init__(self, session: Session, text_of: TextOf) -> None:
        self._session = session
        self._text_of = text_of
        self._runs = Runs()
        self._known_headings: dict[str, frozenset[frozenset[str]]] = {}
        self._threads: dict[str, _Thread] = {MAIN: _Thread()}
        self._requests = {request.uid: request for request in session.requests}
        self._calls = {call.id: call for call in session.calls}
        self._calls_of: dict[str, list[str]] = {}
        for call in session.calls:
            self._calls_of.setdefault(call.request, []).append(call.id)
        self._turns = {turn.uid: turn for turn in session.turns}
        self._before = _turns_before(session.turns)
        self._loads = _loads_by_moment(session)
        self._agents = {agent.id: agent for agent in session.subagents}

    def result(self) -> Runs:
        for moment in self._session.moments:
            thread = self._thread(moment.agent)
            subject = moment.subject
            if moment.kind == "prompt":
                self._prompt(thread, self._turns[subject], moment.at)
            if moment.kind == "response":
                self._response(thread, subject)
            for load in self._loads.pop(subject, ()):
                self._load(load, moment.at)
            run = self._run_of(thread, moment.kind, subject)
            self._runs.of_moment.append(run)
            self._extend(run, moment.at)
        self._finish()
        return self._runs

    def _thread(self, agent: str) -> _Thread:
        thread = self._threads.get(agent)
        if thread is None:
            thread = self._threads[agent] = _Thread(self._launching_run(agent))
        return thread

    def _launching_run(self, agent: str) -> int:
        known = self._agents.get(agent)
        if known is None:
            return self._threads[MAIN].current
        launched_in = self._runs.of_call.get(known.call_id)
        if launched_in is not None:
            return launched_in
        return self._threads.get(known.parent, self._threads[MAIN]).current

    def _prompt(self, thread: _Thread, turn: Turn, at: int) -> None:
        before = self._before.get(turn.uid)
        goes_on = before is None or before.asked_back or before.interrupted or turn.correction
        if not goes_on and not self._still_working(at):
            self._close(thread, 0, "answered")

    def _still_working(self, at: int) -> bool:
        """Tell whether a subagent that was started before ``at`` goes on after it."""
        return any(agent.at < at < agent.ended for agent in self._session.subagents)

    def _load(self, load: Load, at: int) -> None:
        thread = self._thread(load.agent)
        if load.trigger == "typed":
            self._close(thread, 0, "typed skill")
        elif load.trigger == "model":
            self._make_room(thread, load)
        number = len(self._runs.runs) + 1
        run = Run(number, thread.current, load, at, at)
        self._runs.runs.append(run)
        thread.open.append(run)
        self._extend(run.parent, at)

    def _make_room(self, thread: _Thread, load: Load) -> None:
        for depth, run in enumerate(thread.open):
            if run.load.name == load.name:
                self._close(thread, depth, "loaded again")
                return
        for depth in range(len(thread.open) - 1, -1, -1):
            if names(self._text_of(thread.open[depth].load.digest), load.name):
                self._close(thread, depth + 1, "other skill")
                return

    def _response(self, thread: _Thread, uid: str) -> None:
        """Let the first line of a response decide for the response and for its calls."""
        if uid in self._runs.of_request:
            return
        self._come_back(thread, self._requests[uid].text)
        run = self._runs.of_request[uid] = thread.current
        for call in self._calls_of.get(uid, ()):
            self._runs.of_call.setdefault(call, run)

    def _come_back(self, thread: _Thread, text: str) -> None:
        """End nested runs when the model announces a part of a skill around them."""
        for line in announcements_in(text) if len(thread.open) > 1 else ():
            words = naming_words(line)
            for depth in range(len(thread.open) - 1, -1, -1):
                if words and words in self._headings(thread.open[depth].load.digest):
                    self._close(thread, depth + 1, "came back")
                    break

    def _headings(self, digest: str) -> frozenset[frozenset[str]]:
        if digest not in self._known_headings:
            lines = self._text_of(digest).split("\n")
            titles = (line.lstrip("#") for line in lines if line.startswith("#"))
            self._known_headings[digest] = frozenset(naming_words(title) for title in titles)
        return self._known_headings[digest]

    def _run_of(self, thread: _Thread, kind: str, subject: str) -> int:
        if kind == "response":
            return self._runs.of_request[subject]
        if kind == "result":
            return self._runs.of_call.get(subject, thread.current)
        return thread.current

    def _extend(self, number: int, at: int) -> None:
        """Let a run and all around it reach to ``at``."""
        while number:
            run = self._runs.runs[number - 1]
            if run.ended >= at:
                return
            run.ended = at
            number = run.parent

    def _close(self, thread: _Thread, depth: int, why: Ending) -> None:
        for run in thread.open[depth:]:
            run.ended_by = why
        del thread.open[depth:]

    def _finish(self) -> None:
        for agent, thread in self._threads.items():
            why: Ending = "session ended" if agent == MAIN else "agent ended"
            for run in thread.open:
                run.ended_by = why


def names(text: str, skill: str) -> bool:
    """Tell whether a skill's text names another skill, with or without its plugin."""
    bare = skill.rpartition(":")[2]
    if not bare or bare not in text:
        return False
    return re.search(rf"(?<![\w-]){re.escape(bare)}(?![\w-])", text) is not None


def _turns_before(turns: tuple[Turn, ...]) -> Mapping[str, Turn]:
    return {turn.uid: before for before, turn in pairwise(turns)}


def _loads_by_moment(session: Session) -> dict[str, list[Load]]:
    """Return the loads by the moment that begins their run.

    That is the inserted text where there is one; the result of the Skill call where the client did not
    repeat the text; and for a fork, whose work stands before its result, the response with the call.
    """
    inserted = {moment.subject for moment in session.moments if moment.kind == "load"}
    request_of = {call.id: call.request for call in session.calls}
    found: dict[str, list[Load]] = {}
    for load in session.loads:
        key = load.uid if load.uid in inserted else load.call_id
        if load.trigger == "fork":
            key = request_of.get(load.call_id, key)
        found.setdefault(key, []).append(load)
    return found
