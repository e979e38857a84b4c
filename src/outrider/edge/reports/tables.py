"""Totals, skills and sessions as tables in a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from outrider.edge.reports import numbers
from outrider.judge.metrics.totals import Coverage, Report, SessionRow, SkillRow, Totals
from outrider.kernel.inert import clipped

_KEY_CHARS = 48
_ID_CHARS = 8


def plain_table(*columns: str) -> Table:
    """Return an empty table: the first column is text, the others are numbers."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for number, column in enumerate(columns):
        table.add_column(
            column,
            justify="left" if number == 0 else "right",
            no_wrap=True,
            overflow="ellipsis",
            ratio=None,
        )
    return table


def words(text: str, limit: int = _KEY_CHARS, style: str = "") -> Text:
    """Return foreign text, inert and without markup."""
    return Text(clipped(text, limit), style=style)


def print_report(console: Console, report: Report) -> None:
    """Print totals and their parts."""
    table = plain_table(
        report.by, "sessions", "requests", "calls", "input", "output", "cache read", "write 5m",
        "write 1h", "cost",
    )  # fmt: skip
    for row in report.rows:
        table.add_row(words(row.key or "(none)"), *_cells(row.totals))
    table.add_section()
    table.add_row(Text("total", style="bold"), *_cells(report.totals))
    console.print(table)
    print_notes(console, report)
    print_coverage(console, report.coverage)


def print_notes(console: Console, report: Report) -> None:
    """Print what must be known to read the numbers."""
    for each in report.unpriced:
        used = numbers.tokens(each.usage.total_tokens)
        note = f"unpriced: {clipped(each.model, _KEY_CHARS)} ({each.requests} requests, {used} tokens)"
        console.print(Text(note, style="yellow"))
    if report.totals.unreliable_requests:
        note = (
            f"output tokens of {report.totals.unreliable_requests:,} requests are placeholders of the"
            " client: output and cost are too low there"
        )
        console.print(Text(note, style="yellow"))


def print_coverage(console: Console, coverage: Coverage) -> None:
    """Print the coverage line that stands under every report."""
    console.print(Text(numbers.coverage_line(coverage), style="dim"))


def print_skills(console: Console, rows: tuple[SkillRow, ...], coverage: Coverage) -> None:
    """Print every skill with runs, time, tokens and cost, and the host's own account beside it."""
    table = plain_table(
        "skill", "runs", "typed", "requests", "calls", "errors", "tokens", "host says", "cost",
        "p50", "p90", "model", "tools", "waiting", "body",
    )  # fmt: skip
    for row in rows:
        totals = row.totals
        table.add_row(
            words(row.name),
            str(row.runs),
            str(row.runs_typed),
            f"{totals.requests:,}",
            f"{totals.calls:,}",
            f"{totals.errors:,}",
            numbers.tokens(totals.usage.total_tokens),
            numbers.tokens(row.host_usage.total_tokens) if row.host_requests else "-",
            cost_cell(totals),
            numbers.duration(row.p50_ms),
            numbers.duration(row.p90_ms),
            numbers.duration(row.model_ms),
            numbers.duration(row.tools_ms),
            numbers.duration(row.person_ms),
            f"~{numbers.tokens(row.body_tokens)}",
        )
    console.print(table if rows else Text("no skill ran"))
    print_coverage(console, coverage)


def print_sessions(console: Console, rows: list[SessionRow], coverage: Coverage) -> None:
    """Print a list of sessions."""
    console.print(sessions_table(rows) if rows else Text("no sessions"))
    print_coverage(console, coverage)


def sessions_table(rows: list[SessionRow] | tuple[SessionRow, ...]) -> Table:
    """Return sessions as a table."""
    table = plain_table(
        "session", "when (UTC)", "lasted", "prompts", "runs", "agents", "requests", "calls", "cost"
    )
    table.add_column("about", no_wrap=True, overflow="ellipsis")
    for row in rows:
        table.add_row(
            words(row.id[:_ID_CHARS]),
            numbers.moment(row.at),
            numbers.duration(row.ended - row.at),
            str(row.prompts),
            str(row.runs),
            str(row.subagents),
            f"{row.totals.requests:,}",
            f"{row.totals.calls:,}",
            cost_cell(row.totals),
            words(row.title or row.prompt, 60),
        )
    return table


def cost_cell(totals: Totals) -> str:
    """Return a cost; a plus says that some of it has no price."""
    mark = "+" if totals.unpriced_requests else ""
    return numbers.usd(totals.cost) + mark


def _cells(totals: Totals) -> list[str]:
    usage = totals.usage
    return [
        f"{totals.sessions:,}",
        f"{totals.requests:,}",
        f"{totals.calls:,}",
        numbers.tokens(usage.input),
        numbers.tokens(usage.output),
        numbers.tokens(usage.cache_read),
        numbers.tokens(usage.cache_write_5m),
        numbers.tokens(usage.cache_write_1h),
        cost_cell(totals),
    ]
