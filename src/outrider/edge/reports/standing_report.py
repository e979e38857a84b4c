"""What stands in a session, in a terminal and as JSON (docs/schemas.md)."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.text import Text

from outrider.edge.reports import numbers
from outrider.edge.reports.tables import plain_table, words
from outrider.judge.guard.standing import Limit, Run, Standing
from outrider.judge.metrics.totals import NANO

Json = dict[str, Any]

_LABEL_CHARS = 100
_MS = 1_000


def as_json(found: Standing) -> Json:
    """Return `outrider.status/1`."""
    return {
        "schema": "outrider.status/1",
        "session": found.session,
        "last_ms": int(found.last * _MS),
        "readable": found.readable,
        "mode": found.mode,
        "runs": [_run(run) for run in found.runs],
        "limits": [
            {"scope": each.scope, "limit": each.name, "used": round(each.used, 6), "most": each.most}
            for each in found.limits
        ],
        "breakers": [each.parts() for each in found.held],
        "stopped": found.stopped,
        "tripped": found.tripped,
        "faults": found.faults,
    }


def print_standing(console: Console, found: Standing, now: float) -> None:
    """Print what stands, only what is there."""
    ago = f", last event {numbers.duration(int((now - found.last) * _MS))} ago" if found.last else ""
    console.print(f"session {found.session}: guard {found.mode}{ago}")
    for text in _warnings(found):
        console.print(Text(text, style="red"))
    if not found.runs and found.readable:
        console.print("no skill is at work")
    if found.runs:
        _print_runs(console, found.runs)
    if found.limits:
        _print_limits(console, found.limits)
    for held in found.held:
        where = f" in {held.agent}" if held.agent else ""
        state = held.state.replace("_", " ")
        console.print(Text(f"held back{where}: {held.label} (breaker {state}, repeated {held.count} times)"))


def _warnings(found: Standing) -> list[str]:
    told = [f"a person has set the kill switch: {found.tripped}"] if found.tripped else []
    if found.stopped:
        told.append("the guard has ended the turn" + _whose(found.stopped))
    if found.faults:
        told.append(f"{numbers.counted(found.faults, 'fault')} of the hook in a row: outrider doctor")
    if not found.readable:
        told.append("what the hook remembered cannot be read; it begins anew with the next event")
    return told


def _whose(stopped: str) -> str:
    return "" if stopped == "session" else f" of subagent {stopped}"


def _print_runs(console: Console, runs: tuple[Run, ...]) -> None:
    table = plain_table("skill", "step", "number", "in")
    for run in runs:
        number = f"{run.number} of {run.steps}" if run.steps else "no compiled rules"
        table.add_row(words(run.skill), words(run.step or "-"), number, words(run.agent or "main thread"))
    console.print(table)
    for run in runs:
        for rule, repair in run.owed:
            keeps = f"; what would keep it: {repair}" if repair else ""
            console.print(Text(f"owed by {run.skill}: {rule}{keeps}", style="yellow"), soft_wrap=True)


def _print_limits(console: Console, limits: tuple[Limit, ...]) -> None:
    table = plain_table("limit", "used", "of", "left")
    for each in limits:
        left = _amount(each.name, max(0.0, each.most - each.used))
        row = [_amount(each.name, each.used), _amount(each.name, each.most), left]
        style = "red" if each.used >= each.most else "yellow" if each.used >= 0.8 * each.most else ""
        table.add_row(words(f"{each.scope} {each.name}", _LABEL_CHARS), *row, style=style)
    console.print(table)


def _amount(name: str, value: float) -> str:
    if name == "cost":
        return numbers.usd(int(value * NANO))
    if name in ("seconds", "idle"):
        return numbers.duration(int(value * _MS))
    return f"{value:,.0f}"


def _run(run: Run) -> Json:
    owed = [{"rule": rule, "repair": repair} for rule, repair in run.owed]
    return {**run.parts(), "owed": owed}
