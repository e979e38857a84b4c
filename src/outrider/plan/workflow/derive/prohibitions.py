"""The few sentences of skills that are rules beyond doubt."""

from __future__ import annotations

import re
from collections.abc import Iterator

from outrider.plan.skill.text import Skill

_RULES: tuple[tuple[str, str, float], ...] = (
    (r"\bnever (?:force[- ])?push (?:directly )?to (?:`?main`?|`?master`?)", "never git.push to main", 0.8),
    (
        r"\bno (?:production )?code without (?:a )?failing test",
        "before edit.src require test.fail since edit.test",
        0.8,
    ),
    (
        r"\bno (?:completion )?claims? without (?:fresh )?verification",
        "before claim.done require test.pass | build.pass | lint.pass since edit.src",
        0.7,
    ),
)
_COMPILED = tuple((re.compile(pattern, re.IGNORECASE), rule, trust) for pattern, rule, trust in _RULES)


def prohibitions(skill: Skill) -> Iterator[tuple[str, int, float]]:
    """Find rules in plain words: the rule's text, the line it stands on, how sure that is."""
    for pattern, rule, trust in _COMPILED:
        for number, line in enumerate(skill.lines, 1):
            if pattern.search(line[:2_000]):
                yield rule, number, trust
                break
