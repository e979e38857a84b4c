"""Steps that stand as headings: `Phase 1: …`, `Step 2 - …`, `### 3. …`, and bold lines that number them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from outrider.plan.skill.text import Skill
from outrider.plan.workflow.derive.found import (
    FoundStep,
    FoundSteps,
    bare_title,
    in_sequence,
    is_optional,
    named,
)
from outrider.plan.workflow.derive.places import is_aside, is_process

_WORDED = re.compile(
    r"^(?:(?i:phase|step|stage)\s+\d{1,2}(?:\.\d{1,2})?\b|(?:Verify )?(?:RED|GREEN|REFACTOR)\b(?!-))"
)
_NUMBERED = re.compile(r"^\d{1,2}(?:\.\d{1,2})?[.):]\s")
_BOLD = re.compile(r"^\*\*(?:step\s+)?\d{1,2}[.):]\s*[^*]{2,120}\*\*", re.IGNORECASE)
_WORDED_TRUST, _NUMBERED_TRUST, _BOLD_TRUST = 0.85, 0.75, 0.65


def heading_steps(skill: Skill) -> list[FoundSteps]:
    """Return the groups of headings that number steps, the most telling first."""
    worded = [(group, _WORDED_TRUST) for group in _groups(skill, _WORDED)]
    numbered = [
        (group, _NUMBERED_TRUST) for group in _groups(skill, _NUMBERED) if _may_be_steps(skill, group)
    ]
    ranked = sorted(worded, key=lambda pair: (skill.sections[pair[0][0]].level, -len(pair[0])))
    ranked += sorted(numbered, key=lambda pair: (skill.sections[pair[0][0]].level, -len(pair[0])))
    found = [_steps(skill, group, trust) for group, trust in ranked]
    return found + _bold_steps(skill)


def _groups(skill: Skill, pattern: re.Pattern[str]) -> list[list[int]]:
    """Return the sections whose titles match, sorted by level and the section around them."""
    by_place: dict[tuple[int, int], list[int]] = defaultdict(list)
    for index, section in enumerate(skill.sections):
        if pattern.match(section.title) and not is_aside(skill.titles_above(section.parent)):
            by_place[section.level, section.parent].append(index)
    return [group for group in by_place.values() if len(group) > 1]


def _may_be_steps(skill: Skill, group: Sequence[int]) -> bool:
    """Tell whether bare numbers number steps: under a heading that speaks of a process, or of no kind."""
    parent = skill.sections[group[0]].parent
    return parent < 0 or is_process(skill.sections[parent].title) or skill.sections[parent].level == 1


def _steps(skill: Skill, group: Sequence[int], trust: float) -> FoundSteps:
    steps = named(
        FoundStep(
            bare_title(skill.sections[index].title),
            skill.sections[index].line,
            skill.between(skill.sections[index].line + 1, skill.sections[index].end),
            is_optional(skill.sections[index].title) or _says_optional(skill, index),
        )
        for index in group
    )
    return FoundSteps("heading", tuple(steps), in_sequence(steps), trust)


def _says_optional(skill: Skill, index: int) -> bool:
    """Tell whether a section's text begins by saying that its step need not come."""
    section = skill.sections[index]
    beginning = skill.between(section.line + 1, min(section.line + 3, section.end)).strip()
    return beginning.lower().startswith("optional")


def _bold_steps(skill: Skill) -> list[FoundSteps]:
    """Return paragraphs that begin with a bold number and stand under one heading that tells a process."""
    by_section: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for paragraph in skill.paragraphs:
        match = _BOLD.match(paragraph.text)
        section = skill.section_at(paragraph.line)
        if match and section >= 0 and not is_aside(skill.titles_above(section)):
            by_section[section].append((match[0].strip("*: "), paragraph.line))
    return [
        _bold_group(skill, section, lines)
        for section, lines in by_section.items()
        if len(lines) > 1 and is_process(skill.sections[section].title)
    ]


def _bold_group(skill: Skill, section: int, lines: Sequence[tuple[str, int]]) -> FoundSteps:
    ends = [line - 1 for _, line in lines[1:]] + [skill.sections[section].end]
    steps = named(
        FoundStep(bare_title(title), line, skill.between(line, end), is_optional(title))
        for (title, line), end in zip(lines, ends, strict=True)
    )
    return FoundSteps("heading", tuple(steps), in_sequence(steps), _BOLD_TRUST)
