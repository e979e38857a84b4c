"""The OCEL 2.0 JSON export, held against the rules of the standard's published schema and page."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
from hypothesis import given

from outrider.edge.export.ocel import EVENT_ATTRIBUTES, OBJECT_TYPES, as_ocel
from outrider.judge.conformance.event_log import Case, Exported

from .logs import LOG, LOGS, START, logged

_TEXT = {"type": "string"}
_TIME = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"}


def _rows(required: dict[str, object], optional: dict[str, object] | None = None) -> dict[str, object]:
    properties = {**required, **(optional or {})}
    item = {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }
    return {"type": "array", "items": item}


_RELATED = _rows({"objectId": _TEXT, "qualifier": _TEXT})
_TYPES = _rows(
    {
        "name": _TEXT,
        "attributes": _rows(
            {"name": _TEXT, "type": {"enum": ["string", "time", "integer", "float", "boolean"]}}
        ),
    }
)
SHAPE = {
    "type": "object",
    "properties": {
        "eventTypes": _TYPES,
        "objectTypes": _TYPES,
        "events": _rows(
            {"id": _TEXT, "type": _TEXT, "time": _TIME},
            {"attributes": _rows({"name": _TEXT, "value": _TEXT}), "relationships": _RELATED},
        ),
        "objects": _rows(
            {"id": _TEXT, "type": _TEXT},
            {"attributes": _rows({"name": _TEXT, "value": _TEXT, "time": _TIME}), "relationships": _RELATED},
        ),
    },
    "required": ["eventTypes", "objectTypes", "events", "objects"],
    "additionalProperties": False,
}
"""The published schema's shape, stricter: nothing besides, and only the page's attribute types."""


def _read(log: Exported) -> Any:
    return json.loads(as_ocel(log))


def _event(document: Any, call: str) -> Any:
    return next(
        event for event in document["events"] if {"name": "evidence", "value": call} in event["attributes"]
    )


def _related(document: Any, call: str) -> set[tuple[str, str]]:
    return {(each["qualifier"], each["objectId"]) for each in _event(document, call)["relationships"]}


def _hold(document: Any) -> None:
    jsonschema.Draft7Validator(SHAPE).validate(document)
    objects = {each["id"]: each for each in document["objects"]}
    events = {each["id"]: each for each in document["events"]}
    assert len(objects) == len(document["objects"])
    assert len(events) == len(document["events"])
    kinds = {each["name"] for each in document["eventTypes"]}
    assert len(kinds) == len(document["eventTypes"])
    assert {each["type"] for each in events.values()} == kinds
    assert {each["type"] for each in objects.values()} <= OBJECT_TYPES.keys()
    for each in (*objects.values(), *events.values()):
        pairs = [(related["objectId"], related["qualifier"]) for related in each["relationships"]]
        assert len(set(pairs)) == len(pairs)
        assert {thing for thing, _ in pairs} <= objects.keys()
    for each in events.values():
        assert each["relationships"]
        assert {attribute["name"] for attribute in each["attributes"]} <= EVENT_ATTRIBUTES.keys()
    for each in objects.values():
        assert {attribute["name"] for attribute in each["attributes"]} <= OBJECT_TYPES[each["type"]].keys()


def test_a_log_follows_the_standard() -> None:
    _hold(_read(LOG))


@given(LOGS)
def test_any_log_follows_the_standard(log: Exported) -> None:
    _hold(_read(log))


def test_an_empty_log_is_a_log() -> None:
    document = _read(Exported())
    _hold(document)
    assert document["events"] == document["objects"] == document["eventTypes"] == []


def test_the_event_of_a_subagent_belongs_to_all_that_it_has_to_do_with() -> None:
    assert _related(_read(LOG), "call2") == {
        ("in", "session:s1"),
        ("part of", "run:s1/1"),
        ("part of", "run:s1/2"),
        ("done by", "subagent:s1/a1"),
        ("works on", "task:s1/T1"),
        ("changes", "file:tests/test_a.py"),
        ("answers", "prompt:s1/call0"),
        ("leads up to", "commit:s1/call4"),
    }


def test_an_event_of_nested_runs_stands_once() -> None:
    assert len(_read(LOG)["events"]) == 9


def test_commits_and_prompts_divide_a_run() -> None:
    document = _read(LOG)
    assert ("makes", "commit:s1/call4") in _related(document, "call4")
    assert ("leads up to", "commit:s1/call6") in _related(document, "call5")
    assert _related(document, "call7") >= {("gives", "prompt:s1/call7")}
    assert _related(document, "call8") >= {("answers", "prompt:s1/call7"), ("reads", "file:src/a.py")}
    assert not any(qualifier == "leads up to" for qualifier, _ in _related(document, "call8"))


def test_runs_know_their_skill_session_and_outer_run() -> None:
    run = next(each for each in _read(LOG)["objects"] if each["id"] == "run:s1/2")
    assert {each["name"]: each["value"] for each in run["attributes"]} == {
        "skill": "practicing-tdd",
        "version": "beef",
        "number": "2",
        "started": "2026-01-01T00:00:02.000Z",
    }
    assert [(each["qualifier"], each["objectId"]) for each in run["relationships"]] == [
        ("part of", "session:s1"),
        ("nested in", "run:s1/1"),
    ]


def test_an_event_tells_what_it_took_and_no_price_is_not_a_price_of_nothing() -> None:
    document = _read(LOG)
    told = {each["name"]: each["value"] for each in _event(document, "call2")["attributes"]}
    assert told["cost_usd"] == "0.000001500"
    assert (told["tokens"], told["duration_ms"], told["step"]) == ("200", "250", "red")
    assert "cost_usd" not in {each["name"] for each in _event(document, "call3")["attributes"]}


def test_the_same_activity_twice_in_one_call_is_two_events() -> None:
    twice = Case("s1", 1, "tdd", "v", START, (logged(1, "test.pass"), logged(1, "test.pass")))
    assert [each["id"] for each in _read(Exported((twice,)))["events"]] == ["s1/call1/1", "s1/call1/2"]


def test_foreign_text_is_inert() -> None:
    hostile = Case("s\x1b[2J", 1, "a\u202eb", "v", START, (logged(1, "edit.src", "a\x00\ud800.py"),))
    text = as_ocel(Exported((hostile,))).decode()
    assert not any(sign in text for sign in ("\x1b", "\u202e", "\\u0000", "\ud800"))
