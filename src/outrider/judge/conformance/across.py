"""Steps and rules over all runs of a skill: how often, how long, at what cost, and how often not."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from outrider.judge.conformance.accounting import Used
from outrider.judge.conformance.audit import RunAudit
from outrider.judge.conformance.steps import step_status
from outrider.judge.metrics.totals import percentile


@dataclass(slots=True)
class StepRow:
    """One step over many runs. ``ms`` and ``costs`` have one value for each run that visited it.

    ``skipped``, ``out_of_order`` and ``repeated`` count runs; ``share`` is the step's part of the time of
    all runs; cost is nano-USD.
    """

    step: str
    title: str
    optional: bool
    visits: int = 0
    runs: int = 0
    skipped: int = 0
    out_of_order: int = 0
    repeated: int = 0
    used: Used = field(default_factory=Used)
    ms: list[int] = field(default_factory=list)
    costs: list[int] = field(default_factory=list)
    share: float = 0.0

    def percentile_ms(self, share: float) -> int:
        """Return the time below which ``share`` of the visiting runs stay."""
        return percentile(self.ms, share)

    def percentile_cost(self, share: float) -> int:
        """Return the cost below which ``share`` of the visiting runs stay."""
        return percentile(self.costs, share)


@dataclass(frozen=True, slots=True)
class StepTable:
    """The steps of a skill over its runs. ``outside`` is what the runs used outside of all steps.

    ``versions`` counts the runs of each version of the skill's text; ``bottleneck`` is the step with the
    largest share of the time, empty when no time is known.
    """

    skill: str
    runs: int
    sessions: int
    rows: tuple[StepRow, ...]
    outside: Used
    outside_share: float
    versions: tuple[tuple[str, int], ...]
    bottleneck: str
    order_scores: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule of a workflow over many runs."""

    skill: str
    rule: str
    mode: str
    runs: int
    kept: int
    broken: int
    not_triggered: int
    activations: int
    violations: int
    why: str = ""


def step_table(skill: str, audits: Sequence[RunAudit]) -> StepTable:
    """Sum up the steps of ``audits``, which are all runs of one skill, in the order of the workflow."""
    rows: dict[str, StepRow] = {}
    outside, outside_ms = Used(), 0
    for audit in audits:
        outside.add(audit.outside)
        outside_ms += audit.ms(audit.outside)
        for step in audit.workflow.steps:
            row = rows.setdefault(step.name, StepRow(step.name, step.title or step.name, step.optional))
            _add_run(row, audit)
    shares = {name: sum(row.ms) for name, row in rows.items()}
    whole = sum(shares.values()) + outside_ms
    for name, row in rows.items():
        row.share = shares[name] / whole if whole else 0.0
    return StepTable(
        skill,
        len(audits),
        len({audit.session for audit in audits}),
        tuple(rows.values()),
        outside,
        outside_ms / whole if whole else 0.0,
        tuple(Counter(audit.run.load.digest for audit in audits).most_common()),
        max(shares, key=lambda name: shares[name], default="") if any(shares.values()) else "",
        tuple(audit.path.order_score for audit in audits if audit.path.order_score is not None),
    )


def _add_run(row: StepRow, audit: RunAudit) -> None:
    step = next(each for each in audit.workflow.steps if each.name == row.step)
    status = step_status(step, audit.path)
    row.skipped += status == "skipped"
    own = audit.visits_of(step)
    row.out_of_order += any(visit.status == "out of order" for visit, _ in own)
    row.repeated += any(visit.status == "repeated" for visit, _ in own)
    if own:
        used = Used()
        for _, each in own:
            used.add(each)
        row.used.add(used)
        row.runs += 1
        row.visits += len(own)
        row.ms.append(audit.ms(used))
        row.costs.append(used.cost)


def rule_rows(audits: Iterable[RunAudit]) -> list[RuleRow]:
    """Sum up every rule over all runs, the most often broken first."""
    found: dict[tuple[str, str], list[tuple[RunAudit, int]]] = defaultdict(list)
    for audit in audits:
        for number, each in enumerate(audit.rules):
            found[audit.run.load.name, each.title].append((audit, number))
    rows = [_rule_row(skill, rule, told) for (skill, rule), told in found.items()]
    return sorted(rows, key=lambda row: (-row.broken, row.skill, row.rule))


def _rule_row(skill: str, rule: str, told: Sequence[tuple[RunAudit, int]]) -> RuleRow:
    rules = [audit.rules[number] for audit, number in told]
    counts = Counter(each.verdict.verdict for each in rules)
    whys = [each.why for audit, _ in told for each in audit.workflow.rules if each.text == rule and each.why]
    return RuleRow(
        skill,
        rule,
        rules[-1].rule.mode,
        len(rules),
        counts["kept"],
        counts["broken"],
        counts["not triggered"],
        sum(each.verdict.activations for each in rules),
        sum(each.verdict.broken for each in rules),
        whys[-1] if whys else "",
    )
