"""Subagents linked to the calls that started them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from outrider.record.entries import AgentFact, Prompt, ResponsePart
from outrider.record.inputs import input_fact
from outrider.record.ordering import Placed
from outrider.record.session import MAIN, Call, Subagent

LAUNCH_TOOLS = {"Task", "Agent"}
MAX_DEPTH = 20
"""Depth at which subagents within subagents, and those that launched each other, are no longer followed."""


def subagents_of(placed: Sequence[Placed], calls: Iterable[Call]) -> list[Subagent]:
    """Return the subagents that were started, in order, also those of whose work nothing is recorded."""
    by_id = {call.id: call for call in calls}
    launched = {call.agent_id: call for call in by_id.values() if call.agent_id}
    facts = _facts(placed)
    prompts = _launch_prompts(by_id.values())
    spans: dict[str, tuple[int, int]] = {}
    hosts: dict[str, str] = {}
    openings: dict[str, str] = {}
    for item in placed:
        agent, body = item.entry.agent, item.entry.body
        if agent == MAIN or isinstance(body, AgentFact):
            continue
        spans[agent] = (spans.get(agent, (item.at, 0))[0], item.at)
        if isinstance(body, ResponsePart) and body.host_agent:
            hosts.setdefault(agent, body.host_agent)
        elif isinstance(body, Prompt):
            openings.setdefault(agent, body.text)
    found: dict[str, Subagent] = {}
    for agent, (at, ended) in spans.items():
        fact = facts.get(agent, AgentFact("", ""))
        call = by_id.get(fact.call_id) or launched.get(agent) or prompts.get(openings.get(agent, ""))
        if call is not None and call.agent == agent:
            call = None
        kind = fact.agent_type or (input_fact(call.input, "subagent_type") if call else "")
        parent = call.agent if call else fact.parent_agent
        found[agent] = Subagent(
            agent,
            kind or hosts.get(agent, "") or "unknown",
            call.id if call else "" if fact.call_id in by_id else fact.call_id,
            parent if parent != agent else MAIN,
            at,
            ended,
            1,
        )
    for launch in _unrecorded(by_id.values(), found.values()):
        found.setdefault(launch.id, launch)
    return [_with_depth(each, found) for each in sorted(found.values(), key=lambda a: (a.at, a.id))]


def _unrecorded(calls: Iterable[Call], found: Iterable[Subagent]) -> list[Subagent]:
    """Return the launches whose work the record does not hold: it was removed, or never written."""
    linked = {agent.call_id for agent in found}
    return [
        Subagent(
            call.agent_id or f"call-{call.id}",
            input_fact(call.input, "subagent_type") or "unknown",
            call.id,
            call.agent,
            call.at,
            call.at if call.ended is None else call.ended,
            1,
        )
        for call in calls
        if call.name in LAUNCH_TOOLS and call.id not in linked and call.status == "ok"
    ]


def _facts(placed: Sequence[Placed]) -> dict[str, AgentFact]:
    """Join what several sources say of each subagent."""
    joined: dict[str, AgentFact] = {}
    for item in placed:
        fact = item.entry.body
        if isinstance(fact, AgentFact):
            known = joined.get(item.entry.agent, AgentFact("", ""))
            joined[item.entry.agent] = AgentFact(
                known.agent_type or fact.agent_type,
                known.call_id or fact.call_id,
                known.parent_agent or fact.parent_agent,
                known.description or fact.description,
            )
    return joined


def _launch_prompts(calls: Iterable[Call]) -> dict[str, Call]:
    """Return launching calls by their prompt: the only link that old clients left."""
    found = {}
    for call in calls:
        if call.name in LAUNCH_TOOLS and not call.agent_id:
            prompt = input_fact(call.input, "prompt")
            if prompt:
                found[prompt] = call
    return found


def _with_depth(agent: Subagent, found: dict[str, Subagent]) -> Subagent:
    depth, parent = 1, agent.parent
    while parent in found and depth < MAX_DEPTH:
        depth, parent = depth + 1, found[parent].parent
    if depth == 1:
        return agent
    return Subagent(agent.id, agent.type, agent.call_id, agent.parent, agent.at, agent.ended, depth)
