"""One recorded session before the guard: every event in turn, and what would have come of it."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from outrider.judge.backtest.cases import Around, Case, SessionResult
from outrider.judge.guard import ladder
from outrider.judge.guard.seeing import prompts, results
from outrider.judge.guard.seeing.observations import text_in
from outrider.judge.guard.watch import Watch
from outrider.kernel import limits

BEFORE, BEHIND = 8, 3
"""Events kept around a case for a person to look at."""

_CALL = "PreToolUse"
_ENDS = ("PostToolUse", "PostToolUseFailure")


@dataclass(slots=True)
class Trial:
    """Runs one session past ``watch``; ``with_around`` keeps what stands around each case."""

    watch: Watch
    source: str
    session: str
    with_around: bool = False
    events: int = 0
    faults: int = 0
    _calls: int = 0
    _nameless: int = 0
    _open: set[str] = field(default_factory=set)
    _cases: list[Case] = field(default_factory=list)
    _left_out: int = 0
    _spared: list[str] = field(default_factory=list)
    _stopped: bool = False
    _before: deque[Around] = field(default_factory=lambda: deque(maxlen=BEFORE))
    _waiting: dict[int, int] = field(default_factory=dict)

    def take(self, payload: dict[str, Any], at: float) -> None:
        """Take in one event; one that the guard trips over is a fault and costs itself alone."""
        event = text_in(payload, "hook_event_name")
        call = text_in(payload, "tool_use_id")
        self._count(event, call)
        if event == "UserPromptSubmit" and not prompts.is_automatic(text_in(payload, "prompt")):
            self._stopped = False
        if self.with_around:
            self._look(payload, event, at)
        try:
            told = self.watch.observe(payload, at)
        except (ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError, RecursionError):
            self.faults += 1
            told = []
        self._judge(told, event, call or f"event {self.events}", at)
        self.events += 1

    def spend(self, name: str, amount: float, at: float, agent: str) -> None:
        """Take in tokens or cost (USD) of one response, for the limits."""
        self._judge(self.watch.guard.spend(name, amount, at, agent), "", "", at)

    def result(self) -> SessionResult:
        """Return what was found."""
        return SessionResult(
            self.source,
            self.session,
            self.events,
            self._calls,
            self.faults,
            tuple(self._cases),
            self._left_out,
            tuple(self._spared),
        )

    def _count(self, event: str, call: str) -> None:
        """Count each call once, though some logs hold only its beginning, only its end, or no ids."""
        if event == _CALL:
            self._calls += not call or call not in self._open
            self._nameless += not call
            self._open.add(call)
        elif event in _ENDS and not call:
            self._calls += not self._nameless
            self._nameless -= bool(self._nameless)
        elif event in _ENDS:
            self._calls += call not in self._open
            self._open.discard(call)

    def _judge(self, told: list[ladder.Intervention], event: str, call: str, at: float) -> None:
        """Keep what would have been; after a stop nothing more would have come before the next prompt."""
        if self._stopped:
            self._spared += [call] if event == _CALL else []
            return
        for each in told:
            if len(self._cases) >= limits.BACKTEST_CASES:
                self._left_out += 1
                continue
            if self.with_around:
                self._waiting[len(self._cases)] = BEHIND
            self._cases.append(_case(each, self.events, event, call, at, tuple(self._before)))
        levels = {each.level for each in told}
        if event == _CALL and not levels.isdisjoint((ladder.DENY, ladder.STOP)):
            self._spared.append(call)
        self._stopped = ladder.STOP in levels

    def _look(self, payload: dict[str, Any], event: str, at: float) -> None:
        seen = around(payload, event, at, self.events)
        for number in list(self._waiting):
            case = self._cases[number]
            self._cases[number] = replace(case, around=(*case.around, seen))
            self._waiting[number] -= 1
            if not self._waiting[number]:
                del self._waiting[number]
        self._before.append(seen)


def around(payload: Mapping[str, Any], event: str, at: float, index: int) -> Around:
    """Return one event as it is shown beside a case: its texts are not yet clean, nor cut."""
    given = payload.get("tool_input")
    said = next((payload[key] for key in _SAID if isinstance(payload.get(key), str)), "")
    came = results.text_of(payload.get("tool_response")) if "tool_response" in payload else said
    written = json.dumps(given, ensure_ascii=False) if isinstance(given, dict) else ""
    return Around(
        index, at, event, text_in(payload, "agent_id"), text_in(payload, "tool_name"), written, came
    )


_SAID = ("error", "prompt", "last_assistant_message", "agent_type", "trigger", "source")


def _case(
    told: ladder.Intervention, index: int, event: str, call: str, at: float, before: tuple[Around, ...]
) -> Case:
    return Case(
        at,
        index,
        event,
        call,
        told.level,
        told.detector,
        told.count,
        told.evidence,
        told.agent,
        told.label,
        told.since,
        before,
    )
