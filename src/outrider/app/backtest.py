"""Backtests: guard and rules over recorded sessions, as they would have been live.

A path is a hook log, a transcript, or a folder of any of them; what a file is, its lines say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from outrider.edge.readers.hook_log import HookEvent, LogKind, kind_of, read_hook_log
from outrider.edge.readers.layout import SourceFile, files_below
from outrider.judge.backtest.cases import Backtest, SessionResult
from outrider.judge.backtest.trial import Trial
from outrider.judge.guard import settings as setting
from outrider.judge.guard.settings import Settings
from outrider.judge.guard.watch import Rulebook, Watch
from outrider.kernel.errors import UnreadableError
from outrider.kernel.limits import HOOK_LOG_SESSIONS

_LOG_ENDINGS = (".jsonl", ".ndjson")


@dataclass(frozen=True, slots=True)
class Plan:
    """How to test: the guard's settings, the rules that hold, and whether to keep what stands around."""

    settings: Settings
    book: Rulebook | None = None
    with_around: bool = False

    def trial(self, source: str, session: str) -> Trial:
        """Begin the trial of one session."""
        return Trial(Watch(self.settings, self.book), source, session, self.with_around)


def plan_for(
    mode: str = setting.ADVISE,
    *,
    interactive: bool = True,
    book: Rulebook | None = None,
    limits: dict[str, dict[str, float]] | None = None,
    only_rules: bool = False,
    with_around: bool = False,
) -> Plan:
    """Return how to test; ``only_rules`` leaves the built-in detectors out."""
    modes = dict.fromkeys(setting.DETECTORS, setting.OFF) if only_rules else {}
    return Plan(Settings(mode, interactive=interactive, modes=modes, limits=limits), book, with_around)


def run_backtest(paths: Iterable[str], plan: Plan, transcripts: Transcripts | None = None) -> Backtest:
    """Test every session below ``paths``. Raises :class:`UnreadableError` where a path is not there."""
    found = _Found()
    for path in paths:
        found.add(path)
    sessions: list[SessionResult] = []
    for file in found.hook_logs:
        try:
            sessions += _hook_log(file, plan)
        except OSError as error:
            found.unreadable.append((file.name, error.strerror or str(error)))
    if found.transcripts and transcripts is not None:
        sessions += transcripts(found.transcripts, plan, found.unreadable)
    sessions.sort(key=lambda tested: tested.source)
    return Backtest(tuple(sessions), tuple(found.unreadable), found.passed_over)


Transcripts = Callable[[list[SourceFile], Plan, list[tuple[str, str]]], Iterable[SessionResult]]
"""Tests the sessions of transcripts; what cannot be read goes into the list."""


class _Found:
    """The files of all paths, each once, by what they are."""

    def __init__(self) -> None:
        self.hook_logs: list[SourceFile] = []
        self.transcripts: list[SourceFile] = []
        self.unreadable: list[tuple[str, str]] = []
        self.passed_over = 0
        self._known: set[str] = set()

    def add(self, given: str) -> None:
        path = Path(given)
        if path.is_dir():
            for file in files_below(path):
                self._take(file, asked=False)
        elif path.is_file():
            self._take(_given_file(path), asked=True)
            for file in files_below(path.with_suffix("")):
                if "/subagents/" in file.path:
                    self._take(file, asked=False)
        else:
            raise UnreadableError("no-such-path", f"{given}: no such file or folder", "check the path")

    def _take(self, file: SourceFile, *, asked: bool) -> None:
        if file.path in self._known:
            return
        self._known.add(file.path)
        if file.kind == "agent":
            self.transcripts.append(file)
            return
        try:
            with Path(file.path).open("rb") as opened:
                kind = kind_of(opened)
        except OSError as error:
            self.unreadable.append((file.name, error.strerror or str(error)))
            return
        self._sort(file, kind, asked=asked)

    def _sort(self, file: SourceFile, kind: LogKind, *, asked: bool) -> None:
        is_log = file.path.endswith(_LOG_ENDINGS) or asked
        if kind == "transcript" and is_log:
            self.transcripts.append(file)
        elif kind == "hooks" or (kind == "nothing" and is_log):
            self.hook_logs.append(file)
        else:
            self.passed_over += 1
            if asked:
                self.unreadable.append((file.name, "neither a hook log nor a transcript"))


def _given_file(path: Path) -> SourceFile:
    """Return one file that was named; a subagent's transcript alone is a session of its own."""
    return SourceFile(str(path), str(path), "transcript", 0, 0, path.stem)


def _hook_log(file: SourceFile, plan: Plan) -> Iterator[SessionResult]:
    """Test the sessions of one log; a log without any event is told as well."""
    trials: dict[str, Trial] = {}
    faults = 0
    with Path(file.path).open("rb") as opened:
        for item in read_hook_log(opened):
            if not isinstance(item, HookEvent):
                faults += 1
                continue
            trial = trials.get(item.session)
            if trial is None:
                if len(trials) >= HOOK_LOG_SESSIONS:
                    faults += 1
                    continue
                trial = trials[item.session] = plan.trial(file.name, item.session)
            trial.take(item.payload, item.at)
    tested = [trial.result() for trial in trials.values()] or [SessionResult(file.name, "")]
    yield replace(tested[0], faults=tested[0].faults + faults)
    yield from tested[1:]
