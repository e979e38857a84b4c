"""Audited runs for process-mining tools: what they hold is what the session used."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from outrider.app import export
from outrider.app.audit import SessionAudit
from outrider.app.export import exported
from outrider.judge.conformance.event_log import Exported

from .shops import RULES, audits_of, shop


@pytest.fixture
def audits(tmp_path: Path) -> list[SessionAudit]:
    made = shop(tmp_path)
    made.workflow(RULES)
    return audits_of(made.config)


def logged(audits: list[SessionAudit], monkeypatch: pytest.MonkeyPatch) -> Exported:
    seen: list[Exported] = []
    monkeypatch.setitem(export._WRITERS, "ocel", lambda log: (seen.append(log), b"")[1])
    exported(audits, "ocel")
    return seen[0]


def test_every_run_is_a_case_with_its_events_in_order(
    audits: list[SessionAudit], monkeypatch: pytest.MonkeyPatch
) -> None:
    log = logged(audits, monkeypatch)
    runs = [run for audit in audits for run in audit.runs]
    assert [(case.session, case.run, case.skill, case.version) for case in log.cases] == [
        (run.session, run.run.number, run.run.load.name, run.run.load.digest) for run in runs
    ]
    for case, run in zip(log.cases, runs, strict=True):
        assert tuple(each.event for each in case.events) == run.events
        assert {each.step for each in case.events if each.step} == {visit.step for visit in run.path.visits}


def test_no_request_is_counted_twice(audits: list[SessionAudit], monkeypatch: pytest.MonkeyPatch) -> None:
    cases = iter(logged(audits, monkeypatch).cases)
    for audit in audits:
        requests = {request.uid: request for request in audit.view.session.requests}
        for run in audit.runs:
            asked = {event.request for event in run.events if event.request}
            assert sum(each.tokens for each in next(cases).events) == sum(
                requests[uid].usage.total_tokens for uid in asked
            )


def test_both_formats_can_be_read_and_hold_every_run(audits: list[SessionAudit]) -> None:
    count = sum(len(audit.runs) for audit in audits)
    objects = json.loads(exported(audits, "ocel"))["objects"]
    assert sum(each["type"] == "run" for each in objects) == count
    tree = ET.fromstring(exported(audits, "xes"))
    assert sum(each.tag.rpartition("}")[2] == "trace" for each in tree.iter()) == count


def test_no_runs_are_an_empty_log() -> None:
    assert json.loads(exported([], "ocel"))["events"] == []
    assert ET.fromstring(exported([], "xes")) is not None
