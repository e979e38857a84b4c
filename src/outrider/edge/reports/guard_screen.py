"""The guard in a terminal: settings in force, sessions, interventions and what one of them means."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from outrider.edge.reports import numbers
from outrider.edge.reports.guard_values import TripLike, WatchedLike
from outrider.edge.reports.tables import plain_table, words
from outrider.judge.guard.catalogue import Meaning
from outrider.judge.guard.looks import Entry, Look
from outrider.judge.guard.session import EVERYBODY
from outrider.judge.guard.trust import Effective

_SESSION_CHARS = 8
_LABEL_CHARS = 60
_REASON_CHARS = 80
_LEVELS = {"note": "dim", "hint": "yellow", "deny": "red", "ask": "red", "stop": "bold red"}

AFTER = {
    "same": "the same call again",
    "other": "another call",
    "stopped": "it stopped",
    "changed": "something new was written",
}


def print_settings(
    console: Console, effective: Effective, folder: str, wrong: Sequence[str], from_good: bool
) -> None:
    """Print what holds in a folder and where each setting comes from."""
    console.print(Text("folder: ") + words(folder, 200))
    table = plain_table("setting", "value", "from")
    for name, value in setting_rows(effective):
        table.add_row(words(name, 100), words(value, 40), Text(effective.origins.get(name, "")))
    console.print(table)
    for each in effective.ignored:
        console.print(Text("ignored in the project file: ", style="yellow") + words(each, 200))
    for each in wrong:
        console.print(Text("mistake: ", style="red") + words(each, 300))
    if from_good:
        console.print(Text("the last settings without a mistake are in force", style="yellow"))


def setting_rows(effective: Effective) -> list[tuple[str, str]]:
    """Return every setting in force with its value as text."""
    rows = [("mode", effective.settings.mode), ("projects_may", effective.projects_may)]
    for kind, modes in (
        ("detectors", effective.settings.modes),
        ("workflows", effective.workflows),
        ("rules", effective.rules),
    ):
        rows += [(f"{kind}.{name}", mode) for name, mode in modes.items()]
    for scope, limits in effective.settings.limits.items():
        rows += [(f"limits.{scope}.{name}", f"{number:g}") for name, number in limits.items()]
    return rows


def print_trips(console: Console, trips: Sequence[TripLike]) -> None:
    """Print the kill switches that are set."""
    for trip in trips:
        whom = Text("session ") + words(trip.session) if trip.session else Text("all sessions")
        since = f" since {numbers.moment(int(trip.at * 1000))}: "
        console.print(Text("tripped: ", style="bold red") + whom + since + words(trip.reason, _REASON_CHARS))


def print_looks(console: Console, found: Sequence[Look], now: float) -> None:
    """Print sessions with the state of their breakers."""
    if not found:
        console.print("no session was seen lately")
        return
    table = plain_table("session", "calls", "last event")
    table.add_column("state", no_wrap=True, overflow="ellipsis")
    for each in found:
        table.add_row(words(each.session[:_SESSION_CHARS]), f"{each.calls:,}", _ago(now, each), _state(each))
    console.print(table)


def watch_table(found: Sequence[WatchedLike], now: float) -> Table | Text:
    """Return sessions as `outrider watch` shows them."""
    if not found:
        return Text("no session with the guard's hooks in these hours")
    table = plain_table("session", "elapsed", "calls", "last event")
    table.add_column("state", overflow="ellipsis")
    for each in found:
        state = _state(each.look)
        for label, percent in each.look.limits:
            state.append(", limit ").append_text(words(label)).append(f" {percent} %")
        if each.stalled:
            state.append(f", stalled for {_span(each.stalled)}", style="red")
            if each.look.waits_for:
                state.append(" at ").append_text(words(each.look.waits_for))
        elapsed = _span(now - each.look.began) if each.look.began else "-"
        table.add_row(
            words(each.look.session[:_SESSION_CHARS]), elapsed, f"{each.look.calls:,}", _ago(now, each.look),
            state,
        )  # fmt: skip
    return table


def print_log(console: Console, found: Sequence[Entry]) -> None:
    """Print interventions, the oldest first."""
    if not found:
        console.print("no interventions")
        return
    for each in found:
        line = Text(f"{numbers.moment(int(each.at * 1000))}  ")
        line.append_text(words(each.id)).append("  ").append_text(words(each.session[:_SESSION_CHARS]))
        line.append("  ").append_text(words(each.level, style=_LEVELS.get(each.level, "")))
        line.append("  ").append_text(words(each.detector)).append(f" x{each.count}  ")
        console.print(line.append_text(words(each.label, _LABEL_CHARS)))
        evidence = ", ".join(each.evidence) or "none"
        console.print(Text("    evidence: ") + words(evidence, 400) + Text("  then: ") + after_text(each))


def after_text(entry: Entry) -> Text:
    """Return what the model did next."""
    if not entry.after:
        return Text("not known")
    did = AFTER.get(entry.after)
    text = Text(did) if did else words(entry.after)
    return text.append(" (").append_text(words(entry.after_tool)).append(")") if entry.after_tool else text


def print_explained(
    console: Console, entry: Entry, meaning: Meaning | None, mode: str, ways: Sequence[str]
) -> None:
    """Print what one intervention means, why it came, what clears it, and how to be rid of it."""
    for name, text in explained_rows(entry, meaning, mode):
        console.print(Text(f"{name + ':':<13}", style="bold") + words(text, 1_000))
    console.print(Text("then:        ", style="bold") + after_text(entry))
    for way in ways:
        console.print(Text("to change:   ", style="bold") + words(way, 400))


def explained_rows(entry: Entry, meaning: Meaning | None, mode: str) -> list[tuple[str, str]]:
    """Return the parts of an explanation, name and text."""
    rows = [
        ("what", f"{entry.level} by {entry.detector}: {entry.label}, {entry.count} times"),
        ("session", f"{entry.session} {entry.agent}".strip()),
        ("when", numbers.moment(int(entry.at * 1000))),
        ("since", numbers.moment(int(entry.since * 1000)) if entry.since else "not known"),
        ("evidence", ", ".join(entry.evidence) or "none"),
        ("said", entry.said or "nothing"),
        ("mode", f"{entry.mode or 'not known'} then, {mode} now"),
    ]
    if meaning is None:
        return [*rows, ("meaning", "not known to this version")]
    return [
        *rows,
        ("meaning", meaning.means),
        ("speaks at", meaning.hint or "never"),
        ("blocks at", meaning.block or "never"),
        ("not for", meaning.silent),
        ("cleared by", meaning.clears),
    ]


def _state(each: Look) -> Text:
    state = Text(each.doing)
    if each.tripped is not None:
        state.append(", tripped: ", style="bold red").append_text(words(each.tripped, _REASON_CHARS))
    if each.faults:
        state.append(f", {numbers.counted(each.faults, 'fault')} of the hook in a row", style="red")
    if each.stopped:
        whose = each.stopped.removeprefix(EVERYBODY)
        state.append(", stopped", style="red").append_text(words(f" subagent {whose}" if whose else ""))
    for held in each.held:
        state.append(", ").append_text(words(held.label, _LABEL_CHARS))
        state.append(f" {held.state.replace('_', ' ')}", style="yellow").append(f" x{held.count}")
    return state


def _ago(now: float, each: Look) -> str:
    last = max(each.last, each.changed)
    return f"{_span(max(now - last, 0))} ago"


def _span(seconds: float) -> str:
    return numbers.duration(max(int(seconds), 0) * 1000)
