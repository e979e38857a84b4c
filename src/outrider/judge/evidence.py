"""The gate that a machine can check: what was run since the last edit, how it ended, and what is still owed.

Only calls and their results count. What the model says of its work is no evidence here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from outrider.judge.conformance.audit import RunAudit
from outrider.record.activities.activity import Event
from outrider.record.activities.outcomes import RUNNERS, Outcome, read_outcome
from outrider.record.session import Call

Kind = Literal["test", "build", "lint", "review"]
Ended = Literal["pass", "fail", "done", "unclear"]

KINDS: tuple[Kind, ...] = ("test", "build", "lint", "review")
EDITS = ("edit.src", "edit.test", "edit.config")
"""What makes earlier checks stale. Documents do not: no check looks at them."""

_EXIT = re.compile(r"Exit code (\d{1,3})\b")


@dataclass(frozen=True, slots=True)
class Check:
    """The last run of a kind. ``fresh``: nothing was edited since. ``at`` in milliseconds since 1970.

    ``exit`` is the exit status of the whole command line (in `pytest | tail` that of `tail`), None where the
    record does not tell it; ``total`` how many tests ran and ``failed`` how many of them failed (of a linter:
    problems), as the runner's own closing line counts.
    """

    kind: Kind
    ended: Ended
    fresh: bool
    event: str
    at: int
    runner: str = ""
    exit: int | None = None
    total: int | None = None
    failed: int | None = None


@dataclass(frozen=True, slots=True)
class Owed:
    """One obligation that is still open at the end of what is recorded."""

    run: int
    skill: str
    rule: str
    event: str
    repair: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for the work of a session as it stands.

    ``fresh`` only where the last run of the tests came after the last edit and passed; without any edit,
    where it passed. ``edits`` counts those since the last commit, ``edit`` is the last one.
    """

    session: str
    edit: Event | None
    edits: int
    checks: tuple[Check, ...]
    owed: tuple[Owed, ...]
    until: int

    @property
    def fresh(self) -> bool:
        """Tell whether the tests passed after the last edit."""
        return any(each.kind == "test" and each.fresh and each.ended == "pass" for each in self.checks)


def evidence_of(
    session: str, events: Iterable[Event], calls: Mapping[str, Call], runs: Iterable[RunAudit]
) -> Evidence:
    """Return the evidence of a session from its events in order of time, its calls by id, and its audits."""
    edit: Event | None = None
    edits = until = 0
    last: dict[Kind, list[Event]] = {}
    kinds: dict[str, set[Kind]] = {}
    for event in events:
        until = max(until, event.at)
        name = event.activity.name
        if name in EDITS:
            edit, edits = event, edits + 1
        elif name == "git.commit":
            edits = 0
        elif (kind := _kind(name)) is not None:
            kinds.setdefault(event.id, set()).add(kind)
            known = last.get(kind, [])
            last[kind] = [*known, event] if known and known[0].id == event.id else [event]
    since = edit.at if edit else 0
    checks = tuple(
        _check(kind, told, calls, since, alone=len(kinds[told[0].id]) == 1)
        for kind in KINDS
        if (told := last.get(kind))
    )
    return Evidence(session, edit, edits, checks, tuple(_owed(runs)), until)


def _kind(name: str) -> Kind | None:
    return next((kind for kind in KINDS if name == kind or name.startswith(f"{kind}.")), None)


def _check(kind: Kind, told: list[Event], calls: Mapping[str, Call], since: int, *, alone: bool) -> Check:
    first = told[0]
    call = calls.get(first.id)
    runner = first.activity.of if first.activity.of in RUNNERS else ""
    ended = _ended(kind, {each.activity.name for each in told})
    # One call may test and lint: its status is of all of it, and its counts are those of the tests.
    counted = _counted(runner, call) if kind == "test" or (kind == "lint" and alone) else None
    exit_status = _exit(call)
    told_by_it = ended != "unclear" and (alone or exit_status == 0)
    return Check(
        kind,
        ended,
        first.at > since,
        first.id,
        first.at,
        runner,
        exit_status if told_by_it else None,
        counted.total if counted else None,
        counted.failed if counted else None,
    )


def _ended(kind: Kind, names: set[str]) -> Ended:
    """Return how it ended; one call with a run that failed and one that passed has failed.

    What a review found is not for a machine to read: it is only said that there was one.
    """
    if f"{kind}.fail" in names:
        return "fail"
    if kind == "review":
        return "done"
    return "pass" if f"{kind}.pass" in names else "unclear"


def _counted(runner: str, call: Call | None) -> Outcome | None:
    return read_outcome(runner, call.result) if call is not None else None


def _exit(call: Call | None) -> int | None:
    if call is None or call.name != "Bash":
        return None
    found = _EXIT.match(call.result)
    return int(found[1]) if found else 0 if call.status == "ok" else None


def _owed(runs: Iterable[RunAudit]) -> Iterable[Owed]:
    for run in runs:
        for rule in run.rules:
            for open_one in rule.verdict.owed:
                yield Owed(
                    run.run.number, run.run.load.name, rule.title, open_one.activation, open_one.repair
                )
