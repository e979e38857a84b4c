"""The XES export, held against the rules of IEEE 1849."""

from __future__ import annotations

import re
from datetime import datetime
from xml.etree import ElementTree as ET

from hypothesis import given

from outrider.edge.export.xes import EXTENSIONS, as_xes
from outrider.judge.conformance.event_log import Case, Exported

from .logs import LOG, LOGS, START, logged

SPACE = "{http://www.xes-standard.org/}"
ORDER = ["extension", "global", "classifier", "attribute", "trace"]
VALUES = {"string", "date", "int", "float"}


def _read(log: Exported) -> ET.Element:
    return ET.fromstring(as_xes(log))


def _kind(element: ET.Element) -> str:
    tag = element.tag.removeprefix(SPACE)
    return "attribute" if tag in VALUES else tag


def _attributes(element: ET.Element) -> dict[str, str]:
    return {each.get("key", ""): each.get("value", "") for each in element if _kind(each) == "attribute"}


def _hold(log: ET.Element) -> None:
    assert log.tag == f"{SPACE}log"
    assert re.fullmatch(r"\d+\.\d+", log.get("xes.version", ""))
    places = [ORDER.index(_kind(each)) for each in log]
    assert places == sorted(places)
    known = {each.get("scope"): _attributes(each).keys() for each in log.iter(f"{SPACE}global")}
    for classifier in log.iter(f"{SPACE}classifier"):
        assert set(classifier.get("keys", "").split()) <= known["event"]
    for scope in ("trace", "event"):
        for element in log.iter(f"{SPACE}{scope}"):
            assert _attributes(element).keys() >= known[scope]
    for element in log.iter():
        _hold_element(element)


def _hold_element(element: ET.Element) -> None:
    keys = [each.get("key") for each in element if _kind(each) == "attribute"]
    assert len(set(keys)) == len(keys)
    if _kind(element) == "attribute":
        key, value, tag = element.get("key", ""), element.get("value", ""), element.tag.removeprefix(SPACE)
        assert re.fullmatch(r"[a-z]+:[a-z]+|[a-z_]+", key)
        assert ":" not in key or key.partition(":")[0] in {prefix for _, prefix in EXTENSIONS}
        if tag == "date":
            assert datetime.fromisoformat(value).tzinfo
        elif tag != "string":
            assert re.fullmatch(r"-?\d+" if tag == "int" else r"-?\d+\.\d{9}", value)


def test_a_log_follows_the_standard() -> None:
    _hold(_read(LOG))


@given(LOGS)
def test_any_log_is_well_formed_and_follows_the_standard(log: Exported) -> None:
    document = _read(log)
    _hold(document)
    assert len(list(document.iter(f"{SPACE}trace"))) == len(log.cases)
    assert len(list(document.iter(f"{SPACE}event"))) == sum(len(case.events) for case in log.cases)


def test_an_empty_log_is_a_log() -> None:
    _hold(_read(Exported()))


def test_a_run_is_a_trace_and_an_activity_an_event() -> None:
    trace = next(_read(LOG).iter(f"{SPACE}trace"))
    assert _attributes(trace) == {
        "concept:name": "s1/1",
        "session": "s1",
        "run": "1",
        "skill": "executing-plans",
        "version": "c0ffee",
        "started": "2026-01-01T00:00:00.000Z",
    }
    event = [each for each in trace if _kind(each) == "event"][2]
    assert _attributes(event) == {
        "concept:name": "edit.test",
        "time:timestamp": "2026-01-01T00:00:02.000Z",
        "org:resource": "a1",
        "lifecycle:transition": "complete",
        "step": "red",
        "cost:total": "0.000001500",
        "cost:currency": "USD",
        "tokens": "200",
        "duration_ms": "250",
        "of": "tests/test_a.py",
        "task": "T1",
        "evidence": "call2",
        "request": "req2",
    }


def test_the_cost_of_a_run_is_told_when_all_of_it_has_a_price() -> None:
    priced = Case("s1", 1, "tdd", "v", START, (logged(1, "read"), logged(2, "read", cost=2_000_000_000)))
    assert _attributes(next(_read(Exported((priced,))).iter(f"{SPACE}trace")))["cost:total"] == "2.000001500"
    assert "cost:total" not in _attributes(next(_read(LOG).iter(f"{SPACE}trace")))


def test_the_main_thread_is_a_resource_too() -> None:
    event = next(_read(LOG).iter(f"{SPACE}event"))
    assert _attributes(event)["org:resource"] == "main"


def test_foreign_text_is_escaped_and_inert() -> None:
    hostile = Case("s", 2, "<a b='\"&\x00\x1b\ufffe\u202e", "v", START, (logged(1, "edit.src", "]]>\n<x/>"),))
    log = Exported((hostile,))
    trace = next(_read(log).iter(f"{SPACE}trace"))
    assert _attributes(trace)["skill"] == "<a b='\"&␀␛��"
    assert _attributes(next(trace.iter(f"{SPACE}event")))["of"] == "]]> <x/>"
