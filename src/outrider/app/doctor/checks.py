"""What a check says: one value for each thing looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from outrider.kernel.limits import DOCTOR_TEXT_CHARS

OK = "ok"
NOTE = "note"
WRONG = "wrong"
UNKNOWN = "unknown"
VERDICTS = (WRONG, UNKNOWN, NOTE, OK)
"""In the order in which they are shown."""

SLUGS: Mapping[str, str] = {
    "manifest": "the plugin's manifest",
    "version": "one version everywhere",
    "hooks-file": "hooks/hooks.json",
    "hooks-outer-key": "its outer `hooks` key",
    "hooks-event": "names of events",
    "hooks-shape": "shape of handlers",
    "hooks-command": "commands of hooks",
    "hooks-mode": "execute bit of commands",
    "hooks-timeout": "time limits of hooks",
    "hooks-run": "all hooks, run for real",
    "hook-exit": "hooks that end with a failure",
    "hook-answer": "hooks whose answer is none",
    "hook-late": "hooks over their time limit",
    "hook-silent": "hooks that do nothing",
    "hook-fault": "hooks that mark a fault",
    "interpreter": "the hooks' interpreter",
    "data-folder": "the plugin's data folder",
    "environment": "the environment of command line and server",
    "server": "the MCP server",
    "client": "version of Claude Code",
    "settings-file": "settings files of Claude Code",
    "hooks-disabled": "settings that switch hooks off",
    "plugin-disabled": "settings that switch the plugin off",
    "installed": "installed copies",
    "home": "Outrider's own folder",
    "guard-settings": "the guard's settings",
    "kill-switch": "the guard's kill switch",
    "faults": "faults of hooks in the last days",
    "sqlite": "version of SQLite",
    "store": "the store",
    "disk": "free space",
    "plugin": "a copy of the plugin",
    "scratch": "a folder to try things in",
    "unchecked": "what could not be looked at",
}
"""Every check with what it looks at."""


@dataclass(frozen=True, slots=True)
class Check:
    """One finding: what was found, and what to do next (empty where nothing is to be done)."""

    slug: str
    verdict: str
    found: str
    next: str = ""


def ok(slug: str, found: str) -> Check:
    """Return that something is in order."""
    return Check(slug, OK, inert(found))


def note(slug: str, found: str, following: str = "") -> Check:
    """Return something that a person may want to know and that hinders nothing."""
    return Check(slug, NOTE, inert(found), inert(following))


def wrong(slug: str, found: str, following: str) -> Check:
    """Return something that keeps the plugin from working as it should."""
    return Check(slug, WRONG, inert(found), inert(following))


def unknown(slug: str, found: str, following: str = "") -> Check:
    """Return that something could not be looked at."""
    return Check(slug, UNKNOWN, inert(found), inert(following))


def inert(text: str) -> str:
    """Return foreign text as one short line that steers no terminal."""
    line = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text[:2_000])
    return line if len(line) <= DOCTOR_TEXT_CHARS else line[: DOCTOR_TEXT_CHARS - 1] + "…"


def some(names: Iterable[str], most: int = 6) -> str:
    """Return a list of names, shortened."""
    every = list(names)
    more = f" and {len(every) - most} more" if len(every) > most else ""
    return ", ".join(name[:120] for name in every[:most]) + more


def exit_code(checks: Iterable[Check]) -> int:
    """Return 0 where nothing is wrong, 1 where something is, 3 where nothing could be tried."""
    found = tuple(checks)
    if any(check.slug == "scratch" for check in found):
        return 3
    return 1 if any(check.verdict == WRONG for check in found) else 0


def lines(checks: Iterable[Check]) -> list[str]:
    """Return the findings for a person: first what is wrong, in full, then the rest in short."""
    ordered = sorted(checks, key=lambda check: VERDICTS.index(check.verdict))
    told = []
    for check in ordered:
        told.append(f"{check.verdict:<8}{check.slug:<16} {check.found}")
        if check.next:
            told.append(f"{'':<25}→ {check.next}")
    return told
