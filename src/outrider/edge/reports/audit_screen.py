"""Audits of runs in a terminal: steps, rules, where the path was left, what was claimed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from outrider.edge.reports import numbers
from outrider.edge.reports.tables import plain_table, words
from outrider.judge.conformance.accounting import Used
from outrider.judge.conformance.audit import RuleAudit, RunAudit, event_of
from outrider.judge.conformance.engine.compiled import CompiledRule
from outrider.judge.conformance.engine.verdicts import Violation
from outrider.judge.conformance.steps import step_status
from outrider.judge.conformance.wrangler_log import WranglerFinding
from outrider.kernel.inert import clipped, inert
from outrider.plan.workflow.model import Mistake, Step
from outrider.record.activities.activity import Event
from outrider.record.wrangler import WranglerSession

_STATUS_STYLES = {
    "done": "green",
    "partial": "yellow",
    "skipped": "red",
    "out of order": "red",
    "repeated": "yellow",
    "not visited": "dim",
}
_VERDICT_STYLES = {"kept": "green", "broken": "red", "pending": "yellow", "not triggered": "dim"}
_SEVERITY_STYLES = {"error": "red", "warning": "yellow", "info": "dim"}
_SHOWN_VIOLATIONS = 5
_SHOWN_CLAIMS = 6
_SHOWN_FREE = 12
_SHOWN_SKIPPED = 6
_VERDICT_CELLS = len("not triggered")
_TRIGGERS = {"typed": "typed by the person", "model": "chosen by the model", "fork": "run as a subagent"}
ORIGINS = {
    "project": "the project's workflow file",
    "skill": "the workflow file beside the skill",
    "shipped": "the workflow shipped with Outrider",
    "derived": "derived from the skill's text",
    "none": "nothing prescribes steps or rules",
}
"""Where a workflow comes from, in words."""


def print_runs(console: Console, runs: Sequence[tuple[RunAudit, str, str]]) -> None:
    """Print audited runs, each with the origin and the path of its workflow; name those that have none."""
    free = [each for each, origin, _ in runs if origin == "none" and not each.unproven]
    for each, origin, path in runs:
        if each not in free:
            print_run(console, each, origin, path)
    if free:
        counts = Counter(each.run.load.name for each in free).most_common()
        names = ", ".join(f"{clipped(name, 60)} ({count})" for name, count in counts[:_SHOWN_FREE])
        more = f" and {len(counts) - _SHOWN_FREE} other skills" if len(counts) > _SHOWN_FREE else ""
        line = f"nothing prescribes steps or rules for {numbers.counted(len(free), 'run')}: {names}{more}"
        console.print(Text(line, style="dim"))
    if len(runs) > 1:
        broken = sum(bool(each.broken) for each, _, _ in runs)
        console.print(f"{len(runs):,} runs, rules were broken in {broken:,} of them")


def print_run(console: Console, each: RunAudit, origin: str, path: str) -> None:
    """Print one audited run."""
    load = each.run.load
    title = Text(clipped(load.name, 80), style="bold")
    title.append(f"  run {each.run.number} of session {inert(each.session[:8])}", style="not bold dim")
    console.print(title)
    facts = [
        f"{numbers.moment(each.run.at)} UTC",
        numbers.duration(each.run.ended - each.run.at),
        _TRIGGERS.get(each.run.trigger, each.run.trigger),
        f"version {load.digest}" if load.digest else "text unknown",
        ORIGINS[origin] + (f" ({path})" if path else ""),
    ]
    console.print(Text(" · ".join(clipped(fact, 250) for fact in facts), style="dim"))
    if each.workflow.steps:
        console.print(_steps_table(each))
    if each.rules:
        console.print(_rules_table(each))
    _print_remarks(console, each)
    console.print()


def _steps_table(each: RunAudit) -> object:
    table = plain_table("step", "status", "visits", "began", "took", "tokens", "cost", "calls", "errors")
    table.columns[1].justify = "left"
    for step in each.workflow.steps:
        table.add_row(*_step_cells(each, step))
    table.add_row(Text("(outside of the steps)", style="dim"), "", "", "", *_used_cells(each, each.outside))
    return table


def _step_cells(each: RunAudit, step: Step) -> list[Text | str]:
    own = each.visits_of(step)
    used = Used()
    for _, part in own:
        used.add(part)
    status = step_status(step, each.path)
    name = words(step.title or step.name, 44)
    if step.name == each.bottleneck:
        name.append("  bottleneck", style="yellow")
    began = numbers.clock(each.events[own[0][0].events[0]].at) if own else ""
    cells = _used_cells(each, used) if own else [""] * 5
    return [name, Text(status, style=_STATUS_STYLES[status]), str(len(own) or ""), began, *cells]


def _used_cells(each: RunAudit, used: Used) -> list[str]:
    return [
        numbers.duration(each.ms(used)),
        numbers.tokens(used.usage.total_tokens),
        numbers.usd(used.cost) + ("+" if used.unpriced else ""),
        str(used.calls),
        str(used.errors or ""),
    ]


def _rules_table(each: RunAudit) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(justify="right", no_wrap=True, min_width=_VERDICT_CELLS)
    table.add_column(overflow="fold")
    for rule in each.rules:
        _add_rule(table, each, rule)
    return table


def _add_rule(table: Table, each: RunAudit, rule: RuleAudit) -> None:
    told = rule.verdict
    line = Text(clipped(rule.title, 300))
    if told.broken:
        line.append(f"  (came up {numbers.times(told.activations)}, breaks: {told.broken:,})", style="dim")
    elif told.activations:
        line.append(f"  (came up {numbers.times(told.activations)})", style="dim")
    table.add_row(Text(told.verdict, style=_VERDICT_STYLES[told.verdict]), line)
    for violation in rule.violations[:_SHOWN_VIOLATIONS]:
        table.add_row("", Text("- " + explained(violation, rule.rule, each.told), style="dim"))
    left = told.broken - _SHOWN_VIOLATIONS
    if left > 0:
        table.add_row("", Text(f"- and {left:,} more", style="dim"))


def explained(violation: Violation, rule: CompiledRule, told: Mapping[str, tuple[Event, ...]]) -> str:
    """Return what broke a rule in words: the event, the last evidence, what took it back, the repair."""

    def name(event_id: str) -> str:
        return _event_words(event_id, event_of(event_id, rule, told))

    if violation.owed:
        parts = [f"owed since {name(violation.activation)}" if violation.activation else "owed by the end"]
    else:
        parts = [name(violation.event)]
    if violation.evidence:
        parts.append(f"last evidence {name(violation.evidence)}")
        if violation.invalidation:
            parts.append(f"taken back by {name(violation.invalidation)}")
    elif violation.invalidation:
        parts.append(f"no evidence since {name(violation.invalidation)}")
    elif not violation.owed:
        parts.append("no evidence before")
    if violation.key:
        parts.append(f"for {clipped(violation.key, 40)}")
    if violation.repair:
        what = "repair: the step " if rule.form == "order" else "repair: "
        by = f", by the skill {clipped(rule.by, 60)}" if rule.by else ""
        parts.append(what + ", then ".join(clipped(each, 60) for each in violation.repair) + by)
    elif violation.expected:
        parts.append("expected: " + " or ".join(clipped(each, 40) for each in violation.expected[:4]))
    return "; ".join(parts)


def _event_words(event_id: str, event: Event | None) -> str:
    if event is None:
        return f"event {clipped(event_id, 40)}"
    name, of = event.activity.name, event.activity.of
    said = "" if not of or name.endswith(f":{of.rpartition(':')[2]}") else f" {clipped(of, 48)}"
    return f"{clipped(name, 60)}{said} at {numbers.clock(event.at)}"


def _print_remarks(console: Console, each: RunAudit) -> None:
    path = each.path
    diverged = path.diverged_at
    if diverged is not None:
        at = _event_told(each, diverged)
        console.print(Text(f"left the path at {at}", style="yellow"))
    if path.order_score is not None and path.order_score < 1:
        score = f"order score {path.order_score:.2f} (1: every two visited steps are in order)"
        console.print(Text(score, style="yellow"))
    if path.unexplained and each.workflow.steps:
        names = [each.events[index].activity.name for index in path.unexplained]
        shown = ", ".join(clipped(name, 30) for name in dict.fromkeys(names[:40]))
        count = numbers.counted(len(names), "event")
        console.print(Text(f"outside of the steps, {count}: {clipped(shown, 120)}", style="dim"))
    for event in each.unproven[:_SHOWN_CLAIMS]:
        what = "tests pass" if event.activity.of == "tests" else "work is done"
        since = "with nothing seen to pass since the last edit"
        console.print(Text(f"claims at {numbers.clock(event.at)} that {what}, {since}", style="yellow"))
    if len(each.unproven) > _SHOWN_CLAIMS:
        more = numbers.counted(len(each.unproven) - _SHOWN_CLAIMS, "such claim")
        console.print(Text(f"and {more} more", style="yellow"))


def _event_told(each: RunAudit, index: int) -> str:
    titles = {step.name: clipped(step.title or step.name, 44) for step in each.workflow.steps}
    due = "; ".join([titles[step] for step, by in each.path.skipped if by == index][:_SHOWN_SKIPPED])
    if index >= len(each.events):
        return f"its end, without: {due}"
    event = each.events[index]
    odd = [visit for visit in each.path.visits if visit.events[0] == index and visit.status != "in order"]
    parts = [_event_words(event.id, event)]
    parts += [f"{titles[visit.step]} is {visit.status}" for visit in odd]
    parts += [f"skipped before it: {due}"] if due else []
    return ", ".join(parts)


def print_wrangler(console: Console, session: WranglerSession, findings: Sequence[WranglerFinding]) -> None:
    """Print what wrangler's own log of one session proves and what it only says."""
    console.print(Text(f"wrangler session {clipped(session.name, 60)}", style="bold"))
    for finding in findings:
        line = Text(f"{finding.severity:>8}  ", style=_SEVERITY_STYLES[finding.severity])
        line.append(clipped(f"{finding.code}: {finding.message}", 200), "none")
        console.print(line)
        if finding.advice:
            console.print(Text("          " + clipped(finding.advice, 200), style="dim"))
    if not findings:
        console.print(Text("nothing found", style="dim"))
    console.print()


def mistake_line(path: str, mistake: Mistake) -> str:
    """Return one mistake of a workflow file as compilers print them."""
    more = f" ({mistake.suggestion})" if mistake.suggestion else ""
    place = f"{inert(path)}:{mistake.line}:{mistake.column}"
    return f"{place}: {clipped(mistake.message + more, 300)} [{mistake.slug}]"
