"""Rules for a backtest: a workflow file without a skill, or one rule's text, holding for whole sessions."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from outrider.app.rule_cache import compiled_object
from outrider.app.text_files import read_text
from outrider.app.vocabulary import Vocabularies
from outrider.judge.conformance.compiling import compile_workflow
from outrider.judge.conformance.engine.compiled import Compiled
from outrider.judge.guard.watch import Rulebook
from outrider.kernel.errors import UsageError
from outrider.plan.workflow.file import read_workflow
from outrider.plan.workflow.model import Mistake

ALWAYS = ""
"""The name under which these rules are asked for: they are of no skill."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a file of rules gave. ``book`` is None where it has ``mistakes``; ``path`` is for telling them."""

    book: Rulebook | None
    limits: dict[str, dict[str, float]]
    path: str = ""
    mistakes: tuple[Mistake, ...] = ()


def rules_for(file: str | None, rule: str | None, mode: str | None, project: str) -> Rules | None:
    """Return the rules that were asked for; None where none were.

    ``rule`` picks one of the file by its number (from 1; the order comes last) or its text; without a file
    it is a rule itself. ``mode`` is for all of them; None leaves each its own. ``project`` is the folder
    whose vocabulary holds. Raises :class:`UsageError` where there is no such rule, and
    :class:`UnreadableError` where the file cannot be read.
    """
    if file is None and rule is None:
        return None
    vocabulary = Vocabularies().of_project(project).vocabulary
    text = read_text(Path(file)) if file is not None else f"rules:\n  - {json.dumps(rule)}\n"
    workflow, mistakes = read_workflow(text, vocabulary.words, needs_skill=False)
    if workflow is None:
        return Rules(None, {}, file or "--rule", mistakes)
    compiled = compile_workflow(workflow)
    if file is not None and rule is not None:
        compiled = _only(compiled, rule)
    found = compiled_object(workflow, compiled, file or "")
    modes = {each.text: mode or each.mode for each in compiled.rules}
    book = Rulebook(
        lambda skill: found if skill == ALWAYS else None,
        cache(lambda: vocabulary),
        lambda _, text: modes.get(text, mode or "observe"),
        always=ALWAYS,
    )
    limits = found["limits"]
    whole = limits.get("run") if isinstance(limits, dict) else None
    return Rules(book, {"session": whole} if whole else {})


def _only(compiled: Compiled, wanted: str) -> Compiled:
    """Keep the one rule that was meant."""
    rules = compiled.rules
    if wanted.isdecimal() and 1 <= int(wanted[:9]) <= len(rules):
        return _with_rules(compiled, [int(wanted) - 1])
    meant = " ".join(wanted.split())
    numbers = [number for number, rule in enumerate(rules) if " ".join(rule.text.split()) == meant]
    if not numbers:
        listed = "; ".join(f"{number}: {rule.text}" for number, rule in enumerate(rules[:20], 1))
        raise UsageError("no-such-rule", f"{wanted[:100]}: no such rule", f"there are {listed[:1000]}")
    return _with_rules(compiled, numbers[:1])


def _with_rules(compiled: Compiled, numbers: list[int]) -> Compiled:
    """Return the same with these rules alone."""
    return compiled._replace(rules=tuple(compiled.rules[number] for number in numbers))
