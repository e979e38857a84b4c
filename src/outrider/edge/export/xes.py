"""XES (IEEE 1849) as XML: one trace for each run, one event for each activity.

Form: the standard's XML serialisation (extensions, then globals, classifiers, attributes, traces) with its
concept, time, organisational, lifecycle and cost extensions. An attribute that is declared global stands
in every trace or event; a key stands at most once in an element.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

from outrider.edge.export.values import dollars, instant, told
from outrider.judge.conformance.event_log import Case, Exported, LoggedEvent

EXTENSIONS = (
    ("Concept", "concept"),
    ("Time", "time"),
    ("Organizational", "org"),
    ("Lifecycle", "lifecycle"),
    ("Cost", "cost"),
)
"""Name and prefix of the extensions used; their definitions stand at ``http://www.xes-standard.org/``."""

MAIN = "main"
"""The resource of what the main thread did; a subagent's is the subagent's id."""

_HOME = "http://www.xes-standard.org/"


def as_xes(log: Exported) -> bytes:
    """Return ``log`` as an XES document in UTF-8."""
    return "".join(f"{line}\n" for line in _document(log)).encode()


def _document(log: Exported) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<log xes.version="1849.2016" xes.features="" xmlns="{_HOME}">'
    for name, prefix in EXTENSIONS:
        yield f'<extension name="{name}" prefix="{prefix}" uri="{_HOME}{prefix}.xesext"/>'
    yield from _globals()
    yield '<classifier name="Activity" keys="concept:name"/>'
    yield '<classifier name="Step" keys="step"/>'
    yield _attribute("string", "concept:name", "Skill runs")
    for case in log.cases:
        yield from _trace(case)
    yield "</log>"


def _globals() -> Iterator[str]:
    yield '<global scope="trace">'
    yield _attribute("string", "concept:name", "")
    yield "</global>"
    yield '<global scope="event">'
    for key in ("concept:name", "org:resource", "lifecycle:transition", "step"):
        yield _attribute("string", key, "")
    yield _attribute("date", "time:timestamp", instant(0))
    yield "</global>"


def _trace(case: Case) -> Iterator[str]:
    yield "<trace>"
    yield _attribute("string", "concept:name", f"{case.session}/{case.run}")
    yield _attribute("string", "session", case.session)
    yield _attribute("int", "run", str(case.run))
    yield _attribute("string", "skill", case.skill)
    yield _attribute("string", "version", case.version)
    yield _attribute("date", "started", instant(case.started))
    if case.parent:
        yield _attribute("int", "parent", str(case.parent))
    yield from _cost(case.cost)
    for logged in case.events:
        yield from _event(logged)
    yield "</trace>"


def _event(logged: LoggedEvent) -> Iterator[str]:
    event, activity = logged.event, logged.event.activity
    yield "<event>"
    yield _attribute("string", "concept:name", activity.name)
    yield _attribute("date", "time:timestamp", instant(event.at))
    yield _attribute("string", "org:resource", event.agent or MAIN)
    yield _attribute("string", "lifecycle:transition", "complete")
    yield _attribute("string", "step", logged.step)
    yield from _cost(logged.cost)
    yield _attribute("int", "tokens", str(logged.tokens))
    yield _attribute("int", "duration_ms", str(logged.duration_ms))
    named = {
        "of": activity.of,
        "to": activity.to,
        "within": activity.within,
        "task": event.task,
        "evidence": event.id,
        "request": event.request,
    }
    for key, value in named.items():
        if value:
            yield _attribute("string", key, value)
    yield "</event>"


def _cost(nano: int | None) -> Iterator[str]:
    if nano is not None:
        yield _attribute("float", "cost:total", dollars(nano))
        yield _attribute("string", "cost:currency", "USD")


def _attribute(kind: str, key: str, value: str) -> str:
    return f'<{kind} key="{key}" value={quoteattr(told(value))}/>'
