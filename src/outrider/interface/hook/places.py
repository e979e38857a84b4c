"""Where the hook keeps its files; the same folder as the command line's, found without `os` or `pathlib`."""

from __future__ import annotations

import sys

from outrider.judge.guard.seeing.digests import file_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Places:
    """The files of one session below ``home``, the folder for Outrider's own files."""

    __slots__ = ("faults", "guard", "home", "log", "session", "spool")

    def __init__(self, home: str, session: str) -> None:
        self.home = home
        self.guard = f"{home}/guard"
        self.session = file_name(session)
        self.spool = f"{home}/spool/{self.session}.jsonl"
        self.log = f"{self.guard}/log.jsonl"
        self.faults = f"{self.guard}/faults.log"

    def state(self, ending: str = "json") -> str:
        """Return the file of the session's state, or one beside it."""
        return f"{self.guard}/sessions/{self.session}.{ending}"

    def flag(self, name: str) -> tuple[str, str]:
        """Return the files by which a person flags all sessions, and this one."""
        return f"{self.guard}/{name}", f"{self.guard}/{name}-{self.session}"

    def rules(self, name: str) -> str:
        """Return a file of compiled rules."""
        return f"{self.guard}/rules/{name}"


def home_of(environment: Mapping[str, str]) -> str:
    """Return the folder for Outrider's own files, empty where nothing says; as platformdirs finds it."""
    home = environment.get("HOME", "")
    if own := environment.get("OUTRIDER_HOME", ""):
        own = home + own[1:] if own.startswith("~/") else own
        return own if own.startswith("/") else ""
    if not home.startswith("/"):
        return ""
    if sys.platform == "darwin":
        return f"{home}/Library/Application Support/outrider"
    data = environment.get("XDG_DATA_HOME", "").strip()
    return f"{data}/outrider" if data.startswith("/") else f"{home}/.local/share/outrider"
