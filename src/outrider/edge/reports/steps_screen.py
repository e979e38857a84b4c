"""Steps and rules over many runs, and activities, in a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from outrider.edge.reports import numbers
from outrider.edge.reports.audit_screen import ORIGINS
from outrider.edge.reports.tables import plain_table, words
from outrider.judge.conformance.across import RuleRow, StepRow, StepTable
from outrider.kernel.inert import clipped

_BAR_CELLS = 12


def print_steps(console: Console, table: StepTable, origin: str) -> None:
    """Print the steps of a skill over all its runs."""
    title = Text(clipped(table.skill, 80), style="bold")
    runs, sessions = numbers.counted(table.runs, "run"), numbers.counted(table.sessions, "session")
    title.append(f"  {runs} in {sessions} · {ORIGINS[origin]}", style="not bold dim")
    console.print(title)
    shown = plain_table(
        "step", "visits", "skipped", "out of order", "repeated", "time p50", "p90", "share", "", "tokens",
        "cost p50", "p90", "cost",
    )  # fmt: skip
    shown.columns[8].justify = "left"
    for row in table.rows:
        shown.add_row(*_cells(row, table))
    outside = table.outside
    shown.add_row(
        Text("(outside of the steps)", style="dim"), "", "", "", "", "", "",
        f"{table.outside_share:.0%}", _bar(table.outside_share),
        numbers.tokens(outside.usage.total_tokens), "", "", numbers.usd(outside.cost),
    )  # fmt: skip
    console.print(shown)
    if table.bottleneck:
        titles = {row.step: row.title for row in table.rows}
        bottleneck = clipped(titles[table.bottleneck], 60)
        console.print(Text(f"bottleneck: {bottleneck} (the largest share of the time)", style="yellow"))
    if table.order_scores:
        mean = sum(table.order_scores) / len(table.order_scores)
        over = numbers.counted(len(table.order_scores), "run")
        console.print(Text(f"order score {mean:.2f} over {over} (1: all in order)", style="dim"))
    if len(table.versions) > 1:
        versions = ", ".join(f"{digest or 'unknown'} ({count})" for digest, count in table.versions[:6])
        console.print(Text(f"{len(table.versions)} versions of the text: {versions}", style="dim"))


def _cells(row: StepRow, table: StepTable) -> list[Text | str]:
    skipped = f"{row.skipped / table.runs:.0%}" if table.runs and row.skipped else ""
    return [
        words(row.title, 44),
        str(row.visits),
        Text(skipped, style="red"),
        str(row.out_of_order or ""),
        str(row.repeated or ""),
        numbers.duration(row.percentile_ms(0.5)) if row.ms else "",
        numbers.duration(row.percentile_ms(0.9)) if row.ms else "",
        f"{row.share:.0%}",
        _bar(row.share),
        numbers.tokens(row.used.usage.total_tokens),
        numbers.usd(row.percentile_cost(0.5)) if row.ms else "",
        numbers.usd(row.percentile_cost(0.9)) if row.ms else "",
        numbers.usd(row.used.cost) + ("+" if row.used.unpriced else ""),
    ]


def _bar(share: float) -> Text:
    return Text("━" * round(share * _BAR_CELLS), style="cyan")


def print_rules(console: Console, rows: Sequence[RuleRow]) -> None:
    """Print every rule with how it fared, below its skill: runs by verdict, then all times in all runs."""
    table = plain_table("broken", "kept", "not triggered", "came up", "breaks", "rule")
    table.columns[0].justify = "right"
    rule_column = table.columns[5]
    rule_column.justify, rule_column.no_wrap, rule_column.overflow = "left", False, "fold"
    for skill in dict.fromkeys(row.skill for row in rows):
        own = [row for row in rows if row.skill == skill]
        runs = numbers.counted(max(row.runs for row in own), "run")
        name = words(skill, 80, "bold").append(f"  {runs}", style="not bold dim")
        table.add_row("", "", "", "", "", name)
        for row in own:
            table.add_row(*_rule_cells(row))
    console.print(table if rows else Text("no rules: no skill that ran has a workflow with rules"))
    if rows:
        legend = "broken, kept, not triggered: runs; came up, breaks: times in all of them"
        console.print(Text(legend, style="dim"))


def _rule_cells(row: RuleRow) -> list[Text | str]:
    mode = "" if row.mode == "observe" else f"  ({row.mode})"
    return [
        Text(str(row.broken or ""), style="red"),
        str(row.kept or ""),
        str(row.not_triggered or ""),
        f"{row.activations:,}" if row.activations else "",
        f"{row.violations:,}" if row.violations else "",
        words(row.rule, 300).append(mode, style="yellow"),
    ]


def print_activities(console: Console, rows: Sequence[tuple[str, int, int]]) -> None:
    """Print how often each activity was seen, and in how many sessions."""
    table = plain_table("activity", "times", "sessions")
    for name, count, sessions in rows:
        table.add_row(words(name, 60), f"{count:,}", f"{sessions:,}")
    console.print(table if rows else Text("no activities"))


def print_unmatched(console: Console, rows: Sequence[tuple[str, int]], share: float) -> None:
    """Print the calls that mean nothing known, the most frequent first."""
    table = plain_table("call without a known meaning", "times")
    for name, count in rows:
        table.add_row(words(name, 90), f"{count:,}")
    console.print(table if rows else Text("every call has a known meaning"))
    console.print(Text(f"{share:.1%} of all calls have a known meaning", style="dim"))
