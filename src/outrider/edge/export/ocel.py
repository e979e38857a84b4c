"""OCEL 2.0 as JSON: events that belong to several objects at once.

The form is that of the standard's page on JSON (ocel-standard.org, specification, formats, JSON) and of
its published schema `ocel20-schema-json.json`. The two disagree about numbers: the page shows them as JSON
numbers, the schema wants every attribute's value as a string, with its type declared in the type. Strings
are written, because a validator accepts nothing else; a reader has to convert them by the declared type
(pm4py's own does, its reader on top of r4pm leaves them strings).

Event types are the names of activities. Objects are sessions, runs, subagents, tasks, files, commits and
prompts; the qualifier says what the event has to do with the object:

- session `in`, run `part of`, subagent `done by`, task `works on`;
- file `changes` or `reads`;
- commit `makes`; `leads up to` for what its run did since the commit before;
- prompt `gives`; `answers` for what its run did until the next one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import NamedTuple

from outrider.edge.export.values import dollars, instant, told
from outrider.judge.conformance.event_log import Case, Exported, LoggedEvent

Json = dict[str, object]

OBJECT_TYPES: dict[str, dict[str, str]] = {
    "session": {},
    "run": {"skill": "string", "version": "string", "number": "integer", "started": "time"},
    "subagent": {},
    "task": {"name": "string"},
    "file": {"path": "string"},
    "commit": {},
    "prompt": {},
}
"""The attributes of each type of object, with their types."""

EVENT_ATTRIBUTES: dict[str, str] = {
    "step": "string",
    "tokens": "integer",
    "cost_usd": "float",
    "duration_ms": "integer",
    "of": "string",
    "to": "string",
    "within": "string",
    "evidence": "string",
    "request": "string",
}
"""The attributes of every type of event; one that is unknown is left out of an event."""


def as_ocel(log: Exported) -> bytes:
    """Return ``log`` as OCEL 2.0 JSON in UTF-8."""
    writing = _Writing()
    for case in log.cases:
        writing.add(case)
    return json.dumps(writing.document(), ensure_ascii=False, separators=(",", ":")).encode()


class _Object(NamedTuple):
    """An object: its type, what tells it from others of the type, and what it is called by itself."""

    kind: str
    name: str
    called: str = ""

    @property
    def id(self) -> str:
        return f"{self.kind}:{told(self.name)}"


class _Writing:
    """The events and objects written so far, each once, in the order in which they were met."""

    def __init__(self) -> None:
        self.events: dict[tuple[object, ...], Json] = {}
        self.relations: dict[tuple[object, ...], dict[tuple[str, str], None]] = {}
        self.objects: dict[str, Json] = {}
        self.links: dict[str, dict[tuple[str, str], None]] = {}
        self.ids: dict[str, int] = {}

    def add(self, case: Case) -> None:
        self._run(case)
        met: dict[object, int] = {}
        for logged, related in zip(case.events, _around(case), strict=True):
            number = met[logged.event] = met.get(logged.event, 0) + 1
            key = (case.session, logged.event, number)
            if key not in self.events:
                self.events[key] = _event(self._event_id(case.session, logged), logged)
            for qualifier, thing in (*_own(case, logged), *related):
                self._object(thing)
                self.relations.setdefault(key, {})[thing.id, qualifier] = None

    def document(self) -> Json:
        kinds = dict.fromkeys(str(event["type"]) for event in self.events.values())
        return {
            "objectTypes": [_type(kind, attributes) for kind, attributes in OBJECT_TYPES.items()],
            "eventTypes": [_type(kind, EVENT_ATTRIBUTES) for kind in kinds],
            "objects": [
                {**thing, "relationships": _relationships(self.links.get(each, {}))}
                for each, thing in self.objects.items()
            ],
            "events": [
                {**event, "relationships": _relationships(self.relations[key])}
                for key, event in self.events.items()
            ],
        }

    def _event_id(self, session: str, logged: LoggedEvent) -> str:
        name = told(f"{session}/{logged.event.id}")
        number = self.ids[name] = self.ids.get(name, 0) + 1
        return f"{name}/{number}"

    def _run(self, case: Case) -> None:
        run, session = _Object("run", f"{case.session}/{case.run}"), _Object("session", case.session)
        self._object(session)
        numbers = {"number": str(case.run), "started": instant(case.started)}
        self._object(run, {"skill": case.skill, "version": case.version, **numbers})
        self._link(run, session, "part of")
        if case.parent:
            parent = _Object("run", f"{case.session}/{case.parent}")
            self._object(parent)
            self._link(run, parent, "nested in")

    def _object(self, thing: _Object, attributes: dict[str, str] | None = None) -> None:
        if thing.id in self.objects and not attributes:
            return
        named = {"task": "name", "file": "path"}.get(thing.kind)
        values = attributes or ({named: thing.called} if named else {})
        self.objects[thing.id] = {
            "id": thing.id,
            "type": thing.kind,
            "attributes": [
                {"name": name, "time": _ALWAYS, "value": told(value)} for name, value in values.items()
            ],
        }

    def _link(self, thing: _Object, other: _Object, qualifier: str) -> None:
        self.links.setdefault(thing.id, {})[other.id, qualifier] = None


_ALWAYS = instant(0)
"""The time of a value that an object has from the beginning, as the standard writes it."""


def _own(case: Case, logged: LoggedEvent) -> Iterator[tuple[str, _Object]]:
    """Yield what the event itself names."""
    event, session = logged.event, case.session
    yield "in", _Object("session", session)
    yield "part of", _Object("run", f"{session}/{case.run}")
    if event.agent:
        yield "done by", _Object("subagent", f"{session}/{event.agent}")
    if event.task:
        yield "works on", _Object("task", f"{session}/{event.task}", event.task)
    if event.activity.of and event.activity.name.startswith("edit."):
        yield "changes", _Object("file", event.activity.of, event.activity.of)
    if event.activity.of and event.activity.name == "read":
        yield "reads", _Object("file", event.activity.of, event.activity.of)


def _around(case: Case) -> list[list[tuple[str, _Object]]]:
    """Return for each event the prompt that it answers and the commit that it leads up to."""
    related: list[list[tuple[str, _Object]]] = [[] for _ in case.events]
    _stretch(case, related, "prompt", ("gives", "answers"), range(len(case.events)))
    _stretch(case, related, "git.commit", ("makes", "leads up to"), range(len(case.events) - 1, -1, -1))
    return related


def _stretch(
    case: Case,
    related: list[list[tuple[str, _Object]]],
    name: str,
    qualifiers: tuple[str, str],
    order: range,
) -> None:
    current: _Object | None = None
    for place in order:
        event = case.events[place].event
        if event.activity.name == name:
            current = _Object(name.rpartition(".")[2], f"{case.session}/{event.id}")
            related[place].append((qualifiers[0], current))
        elif current:
            related[place].append((qualifiers[1], current))


def _event(name: str, logged: LoggedEvent) -> Json:
    event, activity = logged.event, logged.event.activity
    values = {
        "step": logged.step,
        "tokens": str(logged.tokens),
        "cost_usd": "" if logged.cost is None else dollars(logged.cost),
        "duration_ms": str(logged.duration_ms),
        "of": activity.of,
        "to": activity.to,
        "within": activity.within,
        "evidence": event.id,
        "request": event.request,
    }
    return {
        "id": name,
        "type": told(activity.name),
        "time": instant(event.at),
        "attributes": [{"name": key, "value": told(value)} for key, value in values.items() if value],
    }


def _type(name: str, attributes: dict[str, str]) -> Json:
    return {"name": name, "attributes": [{"name": key, "type": kind} for key, kind in attributes.items()]}


def _relationships(pairs: dict[tuple[str, str], None]) -> list[Json]:
    return [{"objectId": thing, "qualifier": qualifier} for thing, qualifier in pairs]
