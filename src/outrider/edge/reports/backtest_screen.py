"""Backtests in a terminal: what would have been said or held back, where, and what it would have spared."""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Console
from rich.text import Text

from outrider.edge.reports import numbers
from outrider.edge.reports.excerpt_lines import shortened
from outrider.edge.reports.tables import plain_table, words
from outrider.judge.backtest.cases import Around, Backtest, Case, SessionResult
from outrider.kernel.inert import clipped, inert

_STYLES = {"note": "dim", "hint": "yellow", "deny": "red", "ask": "red", "stop": "bold red"}
_LATEST = 253_402_300_799


def print_backtest(console: Console, found: Backtest) -> None:
    """Print every session with interventions, then the sums."""
    for tested in found.sessions:
        if tested.cases:
            _print_session(console, tested)
    _print_sums(console, found)


def _print_session(console: Console, tested: SessionResult) -> None:
    title = f"{clipped(tested.source, 120)}  session {clipped(tested.session or '(unnamed)', 40)}"
    console.print(Text(title, style="bold"))
    table = plain_table("level", "detector", "count", "at", "event", "call")
    for case in tested.cases:
        table.add_row(
            Text(case.level, style=_STYLES.get(case.level, "")),
            words(case.detector, 40),
            str(case.count),
            clock(case.at),
            words(case.event, 24),
            words(case.label or case.call, 60),
        )
    console.print(table)
    spared = f"spared: {numbers.counted(len(tested.spared), 'call')}{_cost(tested.spared_cost)}"
    if tested.spared:
        console.print(Text(spared, style="green"))
    if tested.cases_left_out:
        console.print(Text(f"and {numbers.counted(tested.cases_left_out, 'more case')}", style="dim"))
    console.print()


def _print_sums(console: Console, found: Backtest) -> None:
    sums = found.totals()
    table = plain_table("detector", "interventions")
    for detector, count in sums.by_detector.items():
        table.add_row(words(detector, 60), f"{count:,}")
    if sums.by_detector:
        console.print(table)
    levels = ", ".join(f"{numbers.counted(count, level)}" for level, count in sums.by_level.items() if count)
    console.print(f"{levels or 'no interventions'}; {sums.hints_per_1000_calls:.2f} hints per 1,000 calls")
    read = (numbers.counted(sums.sources, "source"), numbers.counted(sums.sessions, "session"))
    console.print(f"read: {', '.join(read)}, {sums.events:,} events, {sums.calls:,} calls")
    if sums.spared_calls:
        cost = _cost(sums.spared_cost)
        console.print(f"would have spared {numbers.counted(sums.spared_calls, 'call')}{cost}")
    if sums.faults or found.unreadable:
        console.print(Text(f"{numbers.counted(sums.faults, 'damaged place')} passed over", style="dim"))
    for source, reason in found.unreadable:
        console.print(Text(f"not read: {clipped(source, 120)}: {clipped(reason, 80)}", style="red"))


def print_case(console: Console, tested: SessionResult, case: Case, clean: Callable[[str], str]) -> None:
    """Print one case with what stands around it, without secrets and inert."""
    console.print(Text(f"{clipped(tested.source, 140)}  {clipped(tested.session, 40)}", style="bold"))
    line = Text(f"{case.level} ", style=_STYLES.get(case.level, ""))
    line.append(f"{clipped(case.detector, 60)}, {numbers.times(case.count)}", "bold")
    line.append(f", {clipped(case.label, 200)}, event {case.index} at {clock(case.at)}", "none")
    console.print(line)
    for each in case.around:
        marker = ">" if each.index == case.index else " "
        _print_around(console, each, marker, clean)
    console.print()


def _print_around(console: Console, each: Around, marker: str, clean: Callable[[str], str]) -> None:
    agent = f" [{clipped(each.agent, 20)}]" if each.agent else ""
    head = f"{marker} {clock(each.at)}{agent} {clipped(each.event, 24)} {clipped(each.tool, 60)}"
    console.print(Text(head, style="bold" if marker == ">" else ""))
    if each.given and each.event == "PreToolUse":
        console.print(Text("    " + inert(shortened(each.given, clean))))
    if each.came:
        console.print(Text("    " + inert(shortened(each.came, clean)), style="dim"))


def clock(at: float) -> str:
    """Return the instant of a case as people read it."""
    return numbers.clock(int(at * 1000)) if 0 <= at <= _LATEST else "?"


def _cost(nano: int | None) -> str:
    return f", {numbers.usd(nano)}" if nano else ""
