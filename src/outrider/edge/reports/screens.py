"""The overview, one session, and the doctor's findings in a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from outrider.edge.reports import numbers
from outrider.edge.reports.tables import (
    cost_cell,
    plain_table,
    print_coverage,
    print_notes,
    sessions_table,
    words,
)
from outrider.judge.attribution.account import Account, RunAccount
from outrider.judge.metrics.totals import Report, SessionRow, SkillRow
from outrider.judge.metrics.waterfall import Bar
from outrider.kernel.inert import clipped
from outrider.record.session import Session
from outrider.record.tasks import TaskItem

_BAR_CELLS = 24
_LABEL_CHARS = 66
_STATUS_STYLES = {
    "error": "red",
    "refused": "magenta",
    "interrupted": "yellow",
    "open": "yellow",
    "correction": "yellow",
}
_KIND_STYLES = {
    "turn": "bold",
    "run": "cyan",
    "agent": "blue",
    "answer": "dim",
    "compaction": "yellow",
}
_SIGNS = {"turn": "●", "run": "▶", "answer": "·", "call": "▪", "agent": "◆", "compaction": "≋"}


def print_overview(
    console: Console,
    where: str,
    report: Report,
    sessions: Sequence[SessionRow],
    skills: Sequence[SkillRow],
    remarks: Sequence[str],
) -> None:
    """Print the first screen."""
    totals = report.totals
    headline = (
        f"{totals.sessions:,} sessions, {totals.requests:,} requests, {totals.calls:,} calls, "
        f"{numbers.tokens(totals.usage.total_tokens)} tokens, {cost_cell(totals)}"
    )
    console.print(Text(clipped(where, 100), style="bold"))
    console.print(Text(headline))
    console.print()
    if skills:
        console.print(_skills_by_cost(skills[:8]))
        console.print()
    console.print(sessions_table(tuple(sessions)) if sessions else Text("no sessions here"))
    console.print()
    for remark in remarks:
        console.print(Text("! " + clipped(remark, 160), style="yellow"))
    print_notes(console, report)
    print_coverage(console, report.coverage)


def _skills_by_cost(skills: Sequence[SkillRow]) -> object:
    table = plain_table("skill", "runs", "typed", "tokens", "cost", "active", "p90", "errors")
    for row in skills:
        table.add_row(
            words(row.name),
            str(row.runs),
            str(row.runs_typed),
            numbers.tokens(row.totals.usage.total_tokens),
            cost_cell(row.totals),
            numbers.duration(row.active_ms),
            numbers.duration(row.p90_ms),
            f"{row.totals.errors:,}",
        )
    return table


def print_session(
    console: Console,
    session: Session,
    account: Account,
    tasks: Sequence[TaskItem],
    bars: Sequence[Bar],
) -> None:
    """Print a session: head, runs with their time split, waterfall, task items."""
    _print_head(console, session)
    console.print(_runs_table(account))
    console.print()
    _print_bars(console, session, bars)
    if tasks:
        console.print()
        for item in tasks:
            console.print(
                Text(f"task {clipped(item.item, 12)} [{clipped(item.status, 16)}] ") + words(item.subject, 90)
            )


def _print_head(console: Console, session: Session) -> None:
    setting = session.settings[-1] if session.settings else None
    console.print(Text(clipped(session.title or session.id, 100), style="bold"))
    facts = [
        session.id,
        f"{numbers.moment(session.at)} UTC",
        numbers.duration(session.ended - session.at),
    ]
    if setting:
        facts += [setting.cwd, f"client {setting.version}"]
    console.print(Text(" · ".join(clipped(fact, 90) for fact in facts), style="dim"))
    if session.skewed:
        console.print(Text(f"{session.skewed} lines have a clock that runs backwards", style="yellow"))


def _runs_table(account: Account) -> object:
    table = plain_table(
        "run", "began", "lasted", "requests", "calls", "tokens", "cost", "model", "tools",
        "waiting", "hooks", "other", "agents", "ended by",
    )  # fmt: skip
    for each in account.accounts:
        table.add_row(*_run_cells(account, each))
    return table


def _run_cells(account: Account, each: RunAccount) -> list[Text | str]:
    run, main = each.run, each.time.main
    depth, outer = 0, run
    while outer is not None and outer.parent:
        depth, outer = depth + 1, account.runs.runs[outer.parent - 1]
    name = words("  " * depth + run.load.name) if run else Text("(outside)", style="dim")
    cost = numbers.usd(each.cost) + ("+" if each.unpriced else "")
    return [
        name,
        f"{numbers.clock(run.at)} {run.trigger}" if run else "",
        numbers.duration(run.ended - run.at) if run else "",
        f"{each.requests:,}",
        f"{each.calls:,}",
        numbers.tokens(each.usage.total_tokens),
        cost,
        *(numbers.duration(part) for part in (main.model, main.tools, main.person, main.hooks, main.other)),
        numbers.duration(each.time.agents.total),
        run.ended_by if run else "",
    ]


def _print_bars(console: Console, session: Session, bars: Sequence[Bar]) -> None:
    table = plain_table("", "what", "at", "took", "tokens", "cost")
    table.columns[1].justify = "left"
    length = max(session.ended - session.at, 1)
    for bar in bars:
        table.add_row(
            Text(_drawn(bar, session.at, length), style=_KIND_STYLES.get(bar.kind, "")),
            _bar_label(bar),
            numbers.clock(bar.at),
            numbers.duration(max(bar.ended - bar.at, 0)),
            numbers.tokens(bar.usage.total_tokens) if bar.usage.total_tokens else "",
            "unpriced" if bar.cost is None else numbers.usd(bar.cost) if bar.cost else "",
        )
    console.print(table)


def _drawn(bar: Bar, start: int, length: int) -> str:
    first = min((bar.at - start) * _BAR_CELLS // length, _BAR_CELLS - 1)
    last = min((max(bar.ended, bar.at) - start) * _BAR_CELLS // length, _BAR_CELLS - 1)
    return " " * first + "━" * (last - first + 1) + " " * (_BAR_CELLS - 1 - last)


def _bar_label(bar: Bar) -> Text:
    label = Text("  " * bar.level + _SIGNS[bar.kind] + " ", style=_KIND_STYLES.get(bar.kind, ""))
    label.append_text(words(" ".join(bar.label.split()), _LABEL_CHARS - 2 * bar.level))
    if bar.kind == "turn":
        label.append(f"  turn {bar.turn}", style="dim")
    if bar.status and bar.status not in ("ok", "tool_use", "end_turn"):
        label.append(f"  {clipped(bar.status, 20)}", style=_STATUS_STYLES.get(bar.status, "dim"))
    return label
