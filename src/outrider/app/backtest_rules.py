"""Rules for a backtest: a workflow file without a skill, or one rule's text, holding for whole sessions."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from outrider.app.vocabulary import Vocabularies
from outrider.app.workflows import read_text
from outrider.judge.backtest.cases import NANO
from outrider.judge.conformance.compiling import compile_workflow
from outrider.judge.conformance.engine.compiled import Compiled
from outrider.judge.guard.watch import Rulebook
from outrider.kernel.errors import UsageError
from outrider.plan.workflow.file import read_workflow
from outrider.plan.workflow.model import Limits, Mistake, Workflow

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
    found = _object(workflow, compiled)
    modes = {each.text: mode or each.mode for each in compiled.rules}
    book = Rulebook(
        lambda skill: found if skill == ALWAYS else None,
        cache(lambda: vocabulary),
        lambda _, text: modes.get(text, mode or "observe"),
        always=ALWAYS,
    )
    return Rules(book, _limits(workflow.limits))


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


def _object(workflow: Workflow, compiled: Compiled) -> dict[str, object]:
    """Return rules and steps as the plain values that the guard takes."""
    steps = [
        [step.name, [list(each) for pattern in step.evidence for each in pattern.alternatives]]
        for step in workflow.steps
    ]
    written: object = json.loads(json.dumps({"rules": compiled, "steps": steps}))
    assert isinstance(written, dict), "an object was written"
    return written


def _limits(limits: Limits) -> dict[str, dict[str, float]]:
    """Return the limits of the file for the whole session, in the units of the guard."""
    given = {
        "seconds": (limits.time_ms, 1_000),
        "idle": (limits.idle_ms, 1_000),
        "tokens": (limits.tokens, 1),
        "cost": (limits.cost, NANO),
        "calls": (limits.calls, 1),
        "failed": (limits.failed_calls, 1),
        "edits": (limits.edits, 1),
        "agents": (limits.agents, 1),
    }
    found = {name: value / unit for name, (value, unit) in given.items() if value}
    return {"session": found} if found else {}
