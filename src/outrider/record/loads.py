"""Loadings of skills, however they began: chosen by the model, typed by a person, or forked.

The inserted text of the skill is the sign common to all ways; a Skill call that was answered without a
new insertion (the client does not repeat a text that is still in the context) is a loading as well.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from outrider.record.entries import Entry, Prompt, SkillBody
from outrider.record.inputs import input_fact
from outrider.record.ordering import Placed
from outrider.record.session import MAIN, Call, Load, Trigger
from outrider.record.skill_text import skill_place

SKILL_TOOL = "Skill"
_FORKED = "forked"


def loads_of(placed: Sequence[Placed], calls: Iterable[Call], forked: set[str]) -> list[Load]:
    """Return the loadings of a session in order.

    ``placed`` holds at least its prompts and inserted texts; ``forked`` the ids of Skill calls whose work
    the client put into a subagent.
    """
    skill_calls = {call.id: call for call in calls if call.name == SKILL_TOOL}
    found = [
        *_inserted(placed, skill_calls),
        *_commands(placed),
    ]
    answered = {load.call_id for load in found}
    bodies = {load.agent: load for load in found if load.agent != MAIN and not load.call_id}
    for call in skill_calls.values():
        if call.id not in answered and call.status == "ok":
            load = _unseen(call, forked, found, bodies)
            if load.agent in bodies and load.trigger == "fork":
                found.remove(bodies.pop(load.agent))
            found.append(load)
    return sorted(found, key=lambda load: (load.at, load.uid))


def skill_name(given: str, plugin: str) -> str:
    """Return a skill's name as people write it, with its plugin where that is known."""
    bare = given.lstrip("/").strip()
    return bare if ":" in bare or not plugin else f"{plugin}:{bare}"


def _inserted(placed: Sequence[Placed], skill_calls: dict[str, Call]) -> list[Load]:
    by_uid = {item.entry.uid: item.entry for item in placed}
    return [
        _from_body(item, item.entry.body, skill_calls, by_uid)
        for item in placed
        if isinstance(item.entry.body, SkillBody)
    ]


def _from_body(item: Placed, body: SkillBody, skill_calls: dict[str, Call], by_uid: dict[str, Entry]) -> Load:
    place = skill_place(body.base)
    call = skill_calls.get(body.call_id)
    given = input_fact(call.input, "skill") if call else _typed_name(item.entry, by_uid)
    trigger: Trigger = "typed" if not body.call_id and item.entry.agent == MAIN else "model"
    return Load(
        item.entry.uid,
        item.entry.agent,
        item.at,
        skill_name(given or place.name, place.plugin),
        place.plugin,
        place.version,
        body.digest,
        body.size,
        trigger,
        body.call_id,
        body.base,
    )


def _typed_name(entry: Entry, by_uid: dict[str, Entry]) -> str:
    """Return the command that a person typed, when the inserted text answers a command line."""
    parent = by_uid.get(entry.parent)
    if parent is None or not isinstance(parent.body, Prompt):
        return ""
    return parent.body.command


def _commands(placed: Sequence[Placed]) -> list[Load]:
    """Return the plain commands: a typed command followed by the text that it stands for."""
    by_uid = {item.entry.uid: item.entry for item in placed}
    found = []
    for item in placed:
        body, parent = item.entry.body, by_uid.get(item.entry.parent)
        if not isinstance(body, Prompt) or body.kind != "meta" or parent is None:
            continue
        if isinstance(parent.body, Prompt) and parent.body.kind == "command":
            found.append(_command_load(item, body, parent.body.command))
    return found


def _command_load(item: Placed, body: Prompt, command: str) -> Load:
    digest = hashlib.sha256(body.text.encode("utf-8", "replace")).hexdigest()[:16]
    name = skill_name(command, "")
    plugin = name.partition(":")[0] if ":" in name else ""
    size = len(body.text)
    return Load(item.entry.uid, item.entry.agent, item.at, name, plugin, "", digest, size, "typed", "")


def _unseen(call: Call, forked: set[str], found: Sequence[Load], bodies: dict[str, Load]) -> Load:
    """Return the loading that a Skill call stands for when no text was inserted on its thread."""
    name = input_fact(call.input, "skill").lstrip("/")
    is_fork = call.id in forked and bool(call.agent_id)
    inside = bodies.get(call.agent_id) if is_fork else None
    former = inside or _former(call, name, found)
    return Load(
        call.uid,
        call.agent_id if is_fork else call.agent,
        call.at,
        former.name if former and not inside else skill_name(name, former.plugin if former else ""),
        former.plugin if former else name.partition(":")[0] if ":" in name else "",
        former.plugin_version if former else "",
        former.digest if former else "",
        former.size if former else 0,
        "fork" if is_fork else "model",
        call.id,
        former.base if former else "",
    )


def _former(call: Call, name: str, found: Sequence[Load]) -> Load | None:
    """Return the last loading of the skill before ``call``; where there is none, the first one after it."""
    same = sorted((load for load in found if _same_skill(load.name, name)), key=lambda load: load.at)
    before = [load for load in same if load.at <= call.at]
    return before[-1] if before else same[0] if same else None


def _same_skill(one: str, other: str) -> bool:
    return one == other or one.rpartition(":")[2] == other


def forked_calls(statuses: Iterable[tuple[str, str]]) -> set[str]:
    """Return the ids of the calls whose result says that the skill was forked."""
    return {call_id for call_id, status in statuses if status == _FORKED}
