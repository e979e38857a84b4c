"""Backtests over transcripts: the recorded session is told again as hooks, and what it cost is known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from outrider.app.backtest import Plan
from outrider.app.recorded import recorded_sessions
from outrider.edge.readers.excerpts import Clean, Suspect, always
from outrider.edge.readers.layout import SourceFile
from outrider.judge.attribution.account import CostOf
from outrider.judge.backtest.cases import SessionResult
from outrider.judge.backtest.trial import Trial
from outrider.judge.metrics.totals import NANO
from outrider.record.hook_events import hook_events
from outrider.record.session import Request, Session


@dataclass(frozen=True, slots=True)
class TranscriptTests:
    """Tests the sessions of transcripts. ``clean`` takes secrets out of their texts, ``cost_of`` prices."""

    clean: Clean
    cost_of: CostOf
    suspect: Suspect = always

    def __call__(
        self, files: list[SourceFile], plan: Plan, unreadable: list[tuple[str, str]]
    ) -> Iterator[SessionResult]:
        """Yield the result of every session; a transcript without one is told as well."""
        for recorded in recorded_sessions(files, self.clean, unreadable, self.suspect):
            if recorded.session is None:
                yield SessionResult(recorded.source, "", faults=recorded.faults)
            else:
                tested = self.session(recorded.source, recorded.session, plan)
                yield replace(tested, faults=tested.faults + recorded.faults)

    def session(self, source: str, session: Session, plan: Plan) -> SessionResult:
        """Test one session; what it spent is told as it was spent, where there are limits."""
        trial = plan.trial(source, session.id)
        spending = sorted(session.requests, key=lambda request: request.ended) if plan.settings.limits else []
        waiting = iter(spending)
        due = next(waiting, None)
        for at, payload in hook_events(session):
            while due is not None and due.ended <= at:
                self._spend(trial, due)
                due = next(waiting, None)
            trial.take(payload, at / 1000)
        tested = trial.result()
        return replace(tested, spared_cost=self._spared_cost(session, set(tested.spared)))

    def _spend(self, trial: Trial, request: Request) -> None:
        at = request.ended / 1000
        trial.spend("tokens", request.usage.total_tokens, at, request.agent)
        trial.spend("cost", (self._cost(request) or 0) / NANO, at, request.agent)

    def _spared_cost(self, session: Session, spared: set[str]) -> int:
        """Sum the requests whose calls would all have been spared."""
        calls: dict[str, list[str]] = defaultdict(list)
        for call in session.calls:
            calls[call.request].append(call.id)
        whole = {uid for uid, ids in calls.items() if spared.issuperset(ids)} if spared else set()
        return sum(self._cost(request) or 0 for request in session.requests if request.uid in whole)

    def _cost(self, request: Request) -> int | None:
        return self.cost_of(request.model, request.dated, request.usage)
