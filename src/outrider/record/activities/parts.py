"""The simple commands of a shell text, and the list that they are gathered in."""

from __future__ import annotations

from typing import NamedTuple

SUBSTITUTED = "$()"
"""Stands in a word for what an inner command would print."""


class Part(NamedTuple):
    """One simple command.

    ``connector`` stands between it and the part before: `&&`, `||`, `;`, `|`, `&`, a newline, `$(` for
    an inner command, empty for the first. ``piped``: its output goes into a pipe. ``hidden``: its output
    goes into a file. ``loose``: its exit status decides nothing that can be seen (a condition, a loop,
    a negation, an inner command). ``inner``: it stands in a substitution. ``shell`` is the path of the
    subshell in which it runs.
    """

    words: tuple[str, ...]
    assignments: tuple[tuple[str, str], ...] = ()
    writes: tuple[str, ...] = ()
    connector: str = ""
    piped: bool = False
    hidden: bool = False
    loose: bool = False
    background: bool = False
    inner: bool = False
    shell: tuple[int, ...] = ()


class PartList:
    """The commands of one list, and which compound commands are open where the reader stands."""

    __slots__ = ("begun", "connector", "defines", "found", "group", "loose", "negated", "open")

    def __init__(self) -> None:
        self.found: list[Part] = []
        self.connector = ""
        self.group = 0
        self.begun = 0
        self.open: list[str] = []
        self.loose = 0
        self.negated = False
        self.defines = False

    def add(self, parts: list[Part]) -> None:
        """Take over the parts of one command or group."""
        self.group = len(self.found)
        loose = self.loose > 0 or self.negated
        for part in parts:
            connector = part.connector
            if not connector and self.found:
                connector, self.connector = self.connector, ""
            self.found.append(part._replace(connector=connector, loose=part.loose or loose))
        self.connector = ""

    def connect(self, sign: str) -> None:
        """Take notice of a connector."""
        if sign in ("|", "|&"):
            self._mark(self.group, piped=True)
            self.connector = "|"
        elif sign in ("&&", "||"):
            self.connector = sign
            self.negated = False
        elif self.connector not in ("&&", "||", "|"):
            self._end(sign)

    def _end(self, sign: str) -> None:
        if sign == "&":
            self._mark(self.begun, background=True)
        self.connector = self.connector or sign[:1]
        self.begun = self.group = len(self.found)
        self.negated = False

    def _mark(self, start: int, **what: bool) -> None:
        for place in range(start, len(self.found)):
            if not self.found[place].inner:
                self.found[place] = self.found[place]._replace(**what)  # type: ignore[arg-type]

    def begin(self, word: str) -> None:
        """Open a compound command; whether the commands in it run is not known."""
        if len(self.open) < _OPEN:
            self.open.append("function" if word == "{" and self.defines else word)
            self.loose += self.open[-1] != "{"
        self.defines = False

    def close(self) -> None:
        """Close the compound command that was opened last."""
        if self.open:
            self.loose -= self.open.pop() != "{"


_OPEN = 64
"""Compound commands within each other that are told apart; deeper ones count as part of their parent."""
