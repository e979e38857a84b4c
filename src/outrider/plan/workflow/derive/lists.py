"""Steps that stand in a list: numbered items and checklists under a heading that tells a process."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from outrider.plan.skill.text import Fence, Item, Skill
from outrider.plan.workflow.derive.found import (
    FoundStep,
    FoundSteps,
    bare_title,
    in_sequence,
    is_optional,
    named,
)
from outrider.plan.workflow.derive.places import is_aside, is_process

_PLAIN_LANGUAGES = ("", "text", "txt", "plain", "pseudo", "pseudocode")
_LINE = re.compile(r"^(\d{1,2})\.\s+(\S.{0,200})$")
_BOLD_START = re.compile(r"^\*\*([^*]{2,120})\*\*")
_HEAD = re.compile(r"^(.{2,90}?)(?:\s[\u2013\u2014-]\s|:\s|\.\s|\s\(|$)")
_NUMBERED_TRUST, _FENCED_TRUST, _CHECKLIST_TRUST = 0.7, 0.6, 0.55


def numbered_steps(skill: Skill) -> list[FoundSteps]:
    """Return numbered lists that tell how to proceed, the longest first; then those in plain code blocks."""
    groups = [group for group in _groups(skill, checkbox=False) if _in_process(skill, group[0].line)]
    found = [_steps(skill, group, "numbered") for group in groups]
    found.sort(key=lambda each: -len(each.steps))
    return found + [steps for fence in skill.fences if (steps := _fenced(skill, fence))]


def checklist_steps(skill: Skill) -> list[FoundSteps]:
    """Return checklists that stand for the process, the longest first."""
    groups = [group for group in _groups(skill, checkbox=True) if _in_process(skill, group[0].line)]
    return sorted((_steps(skill, group, "checklist") for group in groups), key=lambda each: -len(each.steps))


def _groups(skill: Skill, *, checkbox: bool) -> list[list[Item]]:
    by_list: dict[int, list[Item]] = defaultdict(list)
    for item in skill.items:
        if item.depth == 0 and item.checkbox == checkbox and (checkbox or item.number):
            by_list[item.group].append(item)
    return _joined(skill, [group for group in by_list.values() if group])


def _joined(skill: Skill, groups: Sequence[list[Item]]) -> list[list[Item]]:
    """Join lists of one section that number on: something else stood between their items."""
    joined: list[list[Item]] = []
    for group in groups:
        last = joined[-1] if joined else None
        goes_on = (
            last is not None
            and group[0].number == last[-1].number + 1
            and skill.section_at(group[0].line) == skill.section_at(last[-1].line)
        )
        if goes_on and last is not None:
            last.extend(group)
        else:
            joined.append(list(group))
    return [group for group in joined if len(group) > 1]


def _in_process(skill: Skill, line: int) -> bool:
    section = skill.section_at(line)
    if section < 0:
        return True
    titles = skill.titles_above(section)
    return not titles or (is_process(titles[0]) and not is_aside(titles[1:]))


def _steps(skill: Skill, items: Sequence[Item], kind: str) -> FoundSteps:
    ends = [item.line - 1 for item in items[1:]] + [items[-1].end]
    steps = named(
        FoundStep(_title(item.text), item.line, skill.between(item.line, end), is_optional(item.text[:80]))
        for item, end in zip(items, ends, strict=True)
    )
    if kind == "checklist":
        return FoundSteps("checklist", tuple(steps), None, _CHECKLIST_TRUST)
    return FoundSteps("numbered", tuple(steps), in_sequence(steps), _NUMBERED_TRUST)


def _fenced(skill: Skill, fence: Fence) -> FoundSteps | None:
    """Return the numbered lines of a block of plain text, which some skills write as their procedure."""
    if fence.language not in _PLAIN_LANGUAGES or not _in_process(skill, fence.line):
        return None
    lines = [
        (match[2], fence.line + offset)
        for offset, line in enumerate(fence.text.split("\n"))
        if (match := _LINE.match(line))
    ]
    if len(lines) < 2:
        return None
    steps = named(FoundStep(_title(text), line, text, is_optional(text)) for text, line in lines)
    return FoundSteps("numbered", tuple(steps), in_sequence(steps), _FENCED_TRUST)


def _title(text: str) -> str:
    """Return what names an item: its bold beginning, else its first clause."""
    first = text.partition("\n")[0]
    if bold := _BOLD_START.match(first):
        return bare_title(bold[1])
    head = _HEAD.match(first)
    return bare_title(head[1] if head else first[:90])
