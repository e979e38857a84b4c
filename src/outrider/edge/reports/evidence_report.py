"""The evidence of a session, in a terminal and as JSON (`outrider.evidence/1`, docs/schemas.md)."""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Console
from rich.text import Text

from outrider.edge.reports import numbers
from outrider.edge.reports.json_text import Json, coverage
from outrider.judge.evidence import KINDS, Check, Evidence
from outrider.judge.metrics.totals import Coverage
from outrider.kernel.inert import inert


def as_json(found: Evidence, covered: Coverage) -> Json:
    """Return `outrider.evidence/1`."""
    return {"schema": "outrider.evidence/1", **parts(found, str), "coverage": coverage(covered)}


def parts(found: Evidence, told: Callable[[str], str]) -> Json:
    """Return the evidence in plain values; ``told`` makes recorded text fit for where it goes."""
    edit = found.edit
    return {
        "session": found.session,
        "fresh": found.fresh,
        "last_edit": edit and {"kind": edit.activity.name, "file": told(edit.activity.of), "event": edit.id},
        "edits_since_commit": found.edits,
        "checks": [_check(each, found.until) for each in found.checks],
        "never_ran": _missing(found),
        "owed": [
            {
                "run": each.run,
                "skill": told(each.skill),
                "rule": told(each.rule),
                "since": each.event,
                "repair": [told(text) for text in each.repair],
            }
            for each in found.owed
        ],
    }


def print_evidence(console: Console, found: Evidence) -> None:
    """Print what ran since the last edit, how it ended, and what is owed."""
    verdict = Text("tests passed after the last edit", style="green")
    if not found.fresh:
        verdict = Text("no passing tests after the last edit", style="red")
    console.print(Text(f"session {found.session}: ").append_text(verdict))
    if found.edit is not None:
        console.print(Text(f"last edit: {found.edit.activity.name} {inert(found.edit.activity.of)}"))
    for each in found.checks:
        console.print(Text(_line(each, found.until)))
    if missing := _missing(found):
        console.print(f"never ran: {', '.join(missing)}")
    for owed in found.owed:
        repair = inert(", ".join(owed.repair))
        console.print(Text(f"owed by {inert(owed.skill)}: {inert(owed.rule)}; what would keep it: {repair}"))


def _check(each: Check, until: int) -> Json:
    return {
        "kind": each.kind,
        "ended": each.ended,
        "fresh": each.fresh,
        "event": each.event,
        "runner": each.runner or None,
        "exit": each.exit,
        "ran": each.total,
        "failed": each.failed,
        "seconds_before_end": round((until - each.at) / 1000),
    }


def _line(each: Check, until: int) -> str:
    counts = [f"{each.total} ran"] if each.total is not None else []
    counts += [f"{each.failed} failed"] if each.failed is not None else []
    counts += [f"exit {each.exit}"] if each.exit is not None else []
    told = f" ({', '.join(counts)})" if counts else ""
    when = "after the last edit" if each.fresh else "STALE: before the last edit"
    age = numbers.duration(until - each.at)
    return f"{each.kind} {each.runner}".strip() + f": {each.ended}{told}, {when}, {age} before the end"


def _missing(found: Evidence) -> list[str]:
    ran = {each.kind for each in found.checks}
    return [kind for kind in KINDS if kind not in ran]
