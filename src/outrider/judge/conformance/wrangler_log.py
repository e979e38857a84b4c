"""One wrangler session in the form that its checks ask questions to, and the findings that they give."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from outrider.kernel import limits
from outrider.record.wrangler import Dialect, WranglerEvent, WranglerSession

Severity = Literal["error", "warning", "info"]

CONTEXT = 0
"""Number of the evidence that stands in the session's context instead of its log."""


class Evidence(NamedTuple):
    """Where a finding can be seen: an entry of the log by its number from 1, and its instant."""

    number: int
    at: int | None


@dataclass(frozen=True, slots=True)
class WranglerFinding:
    """One contradiction, gap or remark. ``message`` is what was seen, ``advice`` what to do about it."""

    code: str
    severity: Severity
    message: str
    evidence: tuple[Evidence, ...]
    advice: str


class Entry(NamedTuple):
    """One line of the log; ``facts`` are its other fields, those of the engine's metadata among them."""

    number: int
    at: int | None
    step: str
    status: str
    facts: Mapping[str, object]

    @property
    def evidence(self) -> Evidence:
        """Return where this entry stands."""
        return Evidence(self.number, self.at)


class Log(NamedTuple):
    """A session: how its context says that it stands, and its entries in the order of the file."""

    dialect: Dialect
    status: str
    phase: str
    context: Mapping[str, object]
    context_evidence: Evidence
    entries: tuple[Entry, ...]

    def of(self, step: str, *statuses: str) -> list[Entry]:
        """Return the entries of a step, of some statuses only where given."""
        return [e for e in self.entries if e.step == step and (not statuses or e.status in statuses)]

    def last(self, step: str, *statuses: str) -> Entry | None:
        """Return the last entry of a step."""
        found = self.of(step, *statuses)
        return found[-1] if found else None

    def names(self, key: str) -> tuple[str, ...]:
        """Return a list of names in the context."""
        return names_in(self.context, key)


def log_of(session: WranglerSession, events: Iterable[WranglerEvent]) -> Log:
    """Return a session and its log as the checks want them; facts that are no JSON are no facts."""
    entries = (Entry(e.number, e.at, e.step, e.status, _entry_facts(e.facts)) for e in events)
    ordered = tuple(sorted(entries, key=lambda each: each.number))
    evidence = Evidence(CONTEXT, session.ended or session.at)
    return Log(session.dialect, session.status, session.phase, _facts(session.facts), evidence, ordered)


def names_in(facts: Mapping[str, object], key: str) -> tuple[str, ...]:
    """Return the texts of a list."""
    value = facts.get(key)
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()


def number_in(facts: Mapping[str, object], key: str) -> int | None:
    """Return a whole number."""
    value = facts.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def text_in(facts: Mapping[str, object], key: str) -> str:
    """Return a text of bounded length."""
    value = facts.get(key)
    return value[: limits.LABEL_CHARS] if isinstance(value, str) else ""


def exact_size(names: Sequence[str]) -> int | None:
    """Return how many there are; None for a list so long that the reader cut it."""
    return len(names) if len(names) < limits.INPUT_ITEMS else None


def listed(names: Iterable[str]) -> str:
    """Return the first names of many, as a text."""
    found = list(dict.fromkeys(names))
    shown = ", ".join(f"`{each[: limits.LABEL_CHARS]}`" for each in found[:_SHOWN])
    return f"{shown} and {len(found) - _SHOWN} more" if len(found) > _SHOWN else shown


_SHOWN = 5


def places(entries: Iterable[Entry]) -> tuple[Evidence, ...]:
    """Return where entries stand."""
    return tuple(each.evidence for each in entries)


def counted(number: int, word: str) -> str:
    """Return a number with its word: `1 task`, `19 tasks`."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def check_init(log: Log) -> Iterator[WranglerFinding]:
    """Tell when the session was not set up exactly once; both dialects write an `init` entry themselves."""
    found = log.of("init")
    if len(found) > 1:
        yield WranglerFinding(
            "wrangler.init-twice",
            "warning",
            f"`init` stands {len(found)} times in the log (entries {_numbers(found)})",
            places(found),
            "Starting a session logs `init` already: leave out the entry that is logged by hand, or look"
            " for a second start under the same id.",
        )
    elif log.entries and not found:
        yield WranglerFinding(
            "wrangler.init-missing",
            "warning",
            "The log has entries, but none that says that the session was set up",
            (log.entries[0].evidence,),
            "Start a session with wrangler's own tool before logging phases; look whether the log is whole.",
        )


def check_pending(log: Log) -> Iterator[WranglerFinding]:
    """Tell when a completed session still has tasks to do."""
    pending = log.names("tasksPending")
    if log.status == "completed" and pending:
        size = exact_size(pending)
        count = counted(size, "task") if size else f"{limits.INPUT_ITEMS} tasks or more"
        yield WranglerFinding(
            "wrangler.pending-at-end",
            "error",
            f"The session is completed, but {count} stand as pending ({listed(pending)})",
            (log.context_evidence,),
            "Save a checkpoint after each task, so that the context knows what is done, then complete it.",
        )


def check_stopped(log: Log) -> Iterator[WranglerFinding]:
    """Tell when a session stands open: at a blocker, or simply not at its end."""
    if log.status == "paused":
        yield WranglerFinding(
            "wrangler.blocker-open",
            "warning",
            f"The session stands paused at `{log.phase}`, and nothing says that its blocker was resolved",
            (*places(log.entries[-1:]), log.context_evidence),
            "Read the blocker in the session's folder, then resume the session or complete it as failed.",
        )
    elif log.status == "running":
        yield WranglerFinding(
            "wrangler.unfinished",
            "info",
            f"The session stands at `{log.phase}` and was not completed",
            (*places(log.entries[-1:]), log.context_evidence),
            "Go on with it, or complete it as failed, so that it does not count as work at hand.",
        )


def _numbers(entries: Iterable[Entry]) -> str:
    return ", ".join(str(each.number) for each in entries)


def _entry_facts(text: str) -> Mapping[str, object]:
    facts = _facts(text)
    inner = facts.get("metadata")
    return {**facts, **inner} if isinstance(inner, dict) else facts


def _facts(text: str) -> dict[str, object]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
