"""What calls meant, over many sessions: how often each activity, and which calls mean nothing known."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from outrider.app.audit import Auditor
from outrider.app.library import Library
from outrider.app.sessions import view_session
from outrider.edge.store.queries import Scope
from outrider.edge.store.runs import sessions_in
from outrider.record.activities.classify import is_known
from outrider.record.events import ANNOUNCED, input_of
from outrider.record.inputs import input_fact
from outrider.record.session import Call

_COMMAND_WORDS = 3
_SHELL = "Bash"


@dataclass(frozen=True, slots=True)
class Survey:
    """Activities as (name, times, sessions); unmatched calls as (call, times); both most frequent first."""

    activities: tuple[tuple[str, int, int], ...]
    unmatched: tuple[tuple[str, int], ...]
    calls: int

    @property
    def matched_share(self) -> float:
        """Return the share of all calls that have a known meaning."""
        return 1 - sum(count for _, count in self.unmatched) / self.calls if self.calls else 1.0


def survey(library: Library, scope: Scope) -> Survey:
    """Count the activities of every session of ``scope``."""
    auditor = Auditor(library)
    times: Counter[str] = Counter()
    sessions: Counter[str] = Counter()
    unmatched: Counter[str] = Counter()
    calls = 0
    for session_id in sessions_in(library.connection, scope):
        view = view_session(library, session_id)
        stream = auditor.stream(view)
        names = Counter(e.activity.name for e in stream.events if e.activity.name != ANNOUNCED)
        times += names
        sessions.update(names.keys())
        vocabulary = auditor.classifier(view).vocabulary
        unmatched.update(
            _shown(call) for call in stream.unmatched if not is_known(call.name, input_of(call), vocabulary)
        )
        calls += len(view.session.calls)
    ranked = sorted(times.items(), key=lambda item: (-item[1], item[0]))
    return Survey(
        tuple((name, count, sessions[name]) for name, count in ranked),
        tuple(sorted(unmatched.items(), key=lambda item: (-item[1], item[0]))),
        calls,
    )


def _shown(call: Call) -> str:
    """Return what makes calls the same here: the tool, for a shell command its first words."""
    if call.name != _SHELL:
        return call.name
    return f"{call.name}: {' '.join(input_fact(call.input, 'command').split()[:_COMMAND_WORDS])}"
