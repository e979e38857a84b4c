"""Rules, words and prices compiled for the hook, which reads neither YAML nor skills nor price tables.

Written by commands, whole and private, into Outrider's own folder; the hook only reads them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from outrider.app.prices import PriceList
from outrider.app.vocabulary import decoded_words
from outrider.edge.store.guard_files import GuardFiles
from outrider.judge.conformance.compiling import compile_workflow
from outrider.judge.conformance.engine.compiled import Compiled
from outrider.judge.guard.seeing.digests import digest, rules_name
from outrider.judge.metrics.totals import NANO
from outrider.plan.workflow.model import Limits, Pattern, Workflow
from outrider.record.usage import Usage

SCHEMA = "outrider.rules/1"
WORDS = "vocabulary.json"
_MANY = 1_000_000
"""Tokens priced at once, so that rounding does not show."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was compiled for one skill: how many rules it has, and where they come from."""

    skill: str
    rules: int
    source: str


def compiled_object(
    workflow: Workflow, compiled: Compiled, source: str = "", **more: object
) -> dict[str, object]:
    """Return everything that the hook needs of a workflow and its compiled rules, as plain values."""
    limits = {"run": _limits(workflow.limits)}
    limits |= {f"step:{step.name}": _limits(step.limits) for step in workflow.steps}
    return {
        "schema": SCHEMA,
        "skill": workflow.skill,
        "digest": compiled.digest,
        "rules": json.loads(json.dumps(compiled)),
        "steps": [[step.name, _alternatives(step.evidence)] for step in workflow.steps if step.evidence],
        "step_names": [step.name for step in workflow.steps],
        "limits": {scope: values for scope, values in limits.items() if values},
        "source": source,
        **more,
    }


def rules_folder(home: Path) -> Path:
    """Return the folder of compiled rules."""
    return home / "guard" / "rules"


def write_rules(home: Path, skill: str, workflow: Workflow, source: str = "") -> Written:
    """Compile the rules of one workflow for the hook, under the name that the skill is loaded by.

    Raises :class:`StoreError` when the files cannot be written.
    """
    path = rules_folder(home) / rules_name(skill)
    GuardFiles(home).write_if_other(path, compiled_object(workflow, compile_workflow(workflow), source))
    if not (home / "guard" / WORDS).exists():
        write_words(home)
    return Written(skill, len(workflow.rules), source)


def write_words(home: Path, project: str = "") -> None:
    """Write the vocabulary: the shipped one, and that of ``project`` where it has its own.

    Raises :class:`UnreadableError` when the project's file is badly written.
    """
    shipped, own = decoded_words(project)
    files = GuardFiles(home)
    files.write_if_other(files.folder / WORDS, shipped)
    if own is not None:
        files.write_if_other(files.folder / f"vocabulary-{digest(project)}.json", own)


def write_prices(home: Path, prices: PriceList, now: datetime) -> None:
    """Write what a token of each kind costs today by every known name of a model, in nano-USD."""
    table = prices.table()
    names = sorted({name for price in table.prices for name in price.names})
    at = int(now.timestamp() * 1000)
    rates = {}
    for name in names:
        costs = [table.cost_nano_usd(name, at, usage) for usage in _one_of_each()]
        if None not in costs:
            rates[name] = [cost / _MANY for cost in costs if cost is not None]
    files = GuardFiles(home)
    files.write_if_other(files.folder / "prices.json", rates)


def _one_of_each() -> Iterable[Usage]:
    """Yield usages of one kind of token each, in the order in which the hook counts them."""
    return (
        Usage(input=_MANY),
        Usage(output=_MANY),
        Usage(cache_read=_MANY),
        Usage(cache_write_5m=_MANY),
        Usage(cache_write_1h=_MANY),
    )


def _limits(limits: Limits) -> Mapping[str, float]:
    """Return limits in the words and units of the guard: seconds and US dollars."""
    values = {
        "seconds": limits.time_ms and limits.time_ms / 1000,
        "idle": limits.idle_ms and limits.idle_ms / 1000,
        "tokens": limits.tokens,
        "cost": limits.cost and limits.cost / NANO,
        "calls": limits.calls,
        "failed": limits.failed_calls,
        "edits": limits.edits,
        "agents": limits.agents,
    }
    return {name: value for name, value in values.items() if value}


def _alternatives(patterns: Iterable[Pattern]) -> list[list[str]]:
    return [
        [each.name, each.of, each.to, each.within] for pattern in patterns for each in pattern.alternatives
    ]
