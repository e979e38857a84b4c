"""The threads of a session: which agent each entry belongs to, and each entry once.

Old clients wrote subagents into the parent's file as sidechain lines without an agent's id; there the
first line of the chain names the agent.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from outrider.record.entries import Entry, ResponsePart


def threaded(entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries with their agents, one for each line; lines of a response keep all variants.

    Equal entries are one; of the variants of a line the same comes first, whatever was read first.
    """
    kept: dict[str, Entry] = {}
    more: dict[str, set[Entry]] = {}
    for entry in entries:
        known = kept.setdefault(entry.uid, entry)
        if known is not entry and known != entry:
            more.setdefault(entry.uid, {known}).add(entry)
    variants: list[Entry] = []
    for uid, told in more.items():
        kept[uid], *others = sorted(told, key=_weight, reverse=True)
        if isinstance(kept[uid].body, ResponsePart):
            variants += [each for each in others if isinstance(each.body, ResponsePart)]
    roots: dict[str, str] = {}
    return [_with_agent(entry, kept, roots) for entry in (*kept.values(), *variants)]


def _weight(entry: Entry) -> tuple[bool, bool, bool, str]:
    return bool(entry.agent), not entry.sidechain, entry.at is not None, repr(entry)


def _with_agent(entry: Entry, kept: dict[str, Entry], roots: dict[str, str]) -> Entry:
    twin = kept[entry.uid]
    if twin.agent:
        return entry if entry.agent == twin.agent else msgspec.structs.replace(entry, agent=twin.agent)
    if not twin.sidechain:
        return entry
    return msgspec.structs.replace(entry, agent=f"side-{_chain_root(entry, kept, roots)}")


def _chain_root(entry: Entry, kept: dict[str, Entry], roots: dict[str, str]) -> str:
    """Return the first line of a sidechain; of a circle the smallest uid. ``roots`` are the known ones."""
    path: dict[str, int] = {}
    while entry.uid not in roots and entry.uid not in path:
        path[entry.uid] = len(path)
        parent = kept.get(entry.parent)
        if parent is None or not parent.sidechain:
            break
        entry = parent
    root = roots.get(entry.uid) or min([*path][path[entry.uid] :])
    roots.update(dict.fromkeys(path, root))
    return root
