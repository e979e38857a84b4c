"""The calls, loads and prompts of a session as one stream of events in the words of the vocabulary."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from outrider.record.activities.activity import STARTS, Activity, Event, in_family, is_mark
from outrider.record.activities.announcements import announcements_in
from outrider.record.activities.claims import claims_in
from outrider.record.inputs import input_fact
from outrider.record.session import MAIN, Call, Load, Session, Turn

Classify = Callable[[str, Mapping[str, object], str, str, str], Iterable[Activity]]
"""Says what a call did: tool, input, status, result, folder of the session."""

ANNOUNCED = "announce"
"""Not an activity of the vocabulary: the run says where it is (a heading, wrangler's phase)."""

_ITEM = re.compile(r"#(\d{1,6})\b")
_TASK = re.compile(r"\btask[\s#:-]{0,3}(\d{1,4}(?:\.\d{1,3})?)\b", re.IGNORECASE)


class Stream(NamedTuple):
    """The events of a session in order of time, and how many of its calls meant nothing known."""

    events: tuple[Event, ...]
    unmatched: tuple[Call, ...]


def events_of(session: Session, classify: Classify) -> Stream:
    """Return what happened in ``session``, its subagents included."""
    folder = session.settings[0].cwd if session.settings else ""
    tasks = _tasks_of_agents(session)
    loaded = {load.call_id for load in session.loads}
    items = _items(session)
    found: list[Event] = []
    unmatched = []
    for call in session.calls:
        activities = tuple(_named(each, items) for each in _activities(call, classify, folder))
        found += _call_events(call, activities, tasks.get(call.agent, ""), call.id in loaded)
        if not activities and call.status == "ok":
            unmatched.append(call)
    found += (event for load in session.loads for event in _load_events(load))
    found += (event for turn in session.turns for event in _turn_events(turn))
    found += (Event(each.uid, each.at, each.agent, Activity("compaction")) for each in session.compactions)
    found += _claims(session)
    found += _announced(session)
    found.sort(key=lambda event: event.at)
    return Stream(tuple(_with_tasks(found)), tuple(unmatched))


def input_of(call: Call) -> Mapping[str, object]:
    """Return a call's input; empty when it is no JSON object."""
    try:
        value = json.loads(call.input)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _activities(call: Call, classify: Classify, folder: str) -> tuple[Activity, ...]:
    return tuple(classify(call.name, input_of(call), call.status, call.result, folder))


def _call_events(call: Call, activities: Iterable[Activity], task: str, loaded: bool) -> Iterator[Event]:
    """Give a call's activities their instant; a skill that was loaded is told by its load."""
    ended = call.at if call.ended is None else max(call.ended, call.at)
    for activity in activities:
        if loaded and activity.name.startswith("skill:"):
            continue
        at = call.at if activity.name.startswith(STARTS) else ended
        yield Event(call.id, at, call.agent, activity, call.request, task or _task_in(call))


def _task_in(call: Call) -> str:
    """Return the number of the plan's task that a launch names."""
    if not call.agent_id and call.name not in ("Task", "Agent"):
        return ""
    for key in ("description", "name", "prompt"):
        if found := _TASK.search(input_fact(call.input, key)[:400]):
            return found[1]
    return ""


def _tasks_of_agents(session: Session) -> dict[str, str]:
    """Return the task of each subagent, which is that of its launch or of the subagent around it."""
    launches = {call.id: call for call in session.calls}
    found: dict[str, str] = {}
    for agent in sorted(session.subagents, key=lambda each: each.depth):
        call = launches.get(agent.call_id)
        found[agent.id] = (_task_in(call) if call else "") or found.get(agent.parent, "")
    return found


def _load_events(load: Load) -> Iterator[Event]:
    thread = MAIN if load.trigger == "fork" else load.agent
    yield Event(load.call_id or load.uid, load.at, thread, in_family("skill", load.name))


def _turn_events(turn: Turn) -> Iterator[Event]:
    if turn.by_person:
        yield Event(turn.uid, turn.at, MAIN, Activity("prompt", of=turn.command))
        if turn.correction:
            yield Event(turn.uid, turn.at, MAIN, Activity("correction"))
    if turn.interrupted:
        yield Event(turn.uid, turn.ended, MAIN, Activity("interrupt"))


def _claims(session: Session) -> Iterator[Event]:
    for request in session.requests:
        for claim in claims_in(request.text):
            yield Event(request.uid, request.ended, request.agent, claim, request.uid)


def _announced(session: Session) -> Iterator[Event]:
    """Tell where the model says that it is. A closing answer sums up, so only one with calls counts."""
    asking = {call.request for call in session.calls}
    for request in session.requests:
        if request.uid in asking:
            for line in announcements_in(request.text):
                yield Event(request.uid, request.at, request.agent, Activity(ANNOUNCED, of=line), request.uid)
    for call in session.calls:
        said = input_fact(call.input, "name" if is_mark(call.name) else "phase") if _is_mcp(call) else ""
        if said:
            yield Event(call.id, call.at, call.agent, Activity(ANNOUNCED, of=said), call.request)


def _is_mcp(call: Call) -> bool:
    return call.name.startswith("mcp__")


def _with_tasks(events: Iterable[Event]) -> Iterator[Event]:
    """Give events of the main thread the task that was begun last and not yet done.

    A list of items is told as a whole each time: what was begun or done before is told no second time.
    """
    current: dict[str, str] = {}
    done: set[str] = set()
    for event in events:
        name, item, agent = event.activity.name, event.activity.of, event.agent
        if name == "task.start":
            if current.get(agent) == _number_or_name(item):
                continue
            current[agent] = _number_or_name(item)
            done.discard(item)
        elif name == "task.done":
            if item in done:
                continue
            done.add(item)
        yield event if event.task else event._replace(task=current.get(agent, ""))
        if name == "task.done" and current.get(agent) == _number_or_name(item):
            del current[agent]


def _number_or_name(item: str) -> str:
    """Return the number of a plan's task where the item says one: launches of subagents name only that."""
    found = _TASK.search(item)
    return found[1] if found else item


def _items(session: Session) -> dict[str, str]:
    """Return the subjects of the task list's items by the number that the result of `TaskCreate` tells."""
    found = {}
    for call in session.calls:
        if call.name == "TaskCreate" and call.status == "ok" and (number := _ITEM.search(call.result)):
            found[number[1]] = input_fact(call.input, "subject")
    return found


def _named(activity: Activity, items: Mapping[str, str]) -> Activity:
    """Return a task's activity with the subject of its item, where only the number was given."""
    if activity.name in ("task.start", "task.done") and items.get(activity.of):
        return activity._replace(of=items[activity.of])
    return activity
