"""Turns: from a prompt to the end of the answer, on the main thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from outrider.record.entries import Mark, Prompt, ResponsePart, ResultPart, SkillBody
from outrider.record.ordering import Placed
from outrider.record.session import MAIN, Turn

_ASKING_TOOLS = {"AskUserQuestion", "ExitPlanMode"}
_QUESTION_TAIL_CHARS = 400
_OPENING = {"human", "command", "notification"}


@dataclass(slots=True)
class _Open:
    """A turn while its lines are gathered."""

    placed: Placed
    prompt: Prompt
    ended: int
    correction: bool
    answered: bool = False
    interrupted: bool = False
    refused: bool = False
    asked_back: bool = False
    host_duration: int = 0


def turns_of(placed: Sequence[Placed]) -> list[Turn]:
    """Return the turns of a session in order."""
    gathered: list[_Open] = []
    for item in placed:
        if item.entry.agent != MAIN:
            continue
        body = item.entry.body
        if isinstance(body, Prompt) and body.kind in _OPENING:
            gathered.append(_opened(item, body, gathered[-1] if gathered else None))
        elif gathered:
            _take(gathered[-1], item)
    kept = [turn for turn in gathered if turn.answered or turn.prompt.kind == "human"]
    return [_turn(number, turn) for number, turn in enumerate(kept, 1)]


def _opened(item: Placed, body: Prompt, before: _Open | None) -> _Open:
    stopped = before is not None and (before.interrupted or before.refused)
    correction = body.kind == "human" and (stopped or body.queued)
    return _Open(item, body, item.at, correction)


def _take(turn: _Open, item: Placed) -> None:
    body = item.entry.body
    if isinstance(body, ResponsePart):
        turn.answered, turn.ended, turn.refused = True, item.at, False
        asking = not _ASKING_TOOLS.isdisjoint([call.name for call in body.calls])
        turn.asked_back = asking or _is_question(body.text)
    elif isinstance(body, ResultPart):
        turn.ended = item.at
        turn.refused = turn.refused or body.denial == "person"
    elif isinstance(body, SkillBody):
        turn.ended = item.at
    elif isinstance(body, Mark) and body.kind == "turn_duration":
        turn.host_duration = body.amount
    elif isinstance(body, Prompt) and body.kind == "interrupt":
        turn.interrupted, turn.ended = True, item.at


def _is_question(text: str) -> bool:
    tail = text[-_QUESTION_TAIL_CHARS:]
    return "?" in tail or "？" in tail


def _turn(number: int, turn: _Open) -> Turn:
    return Turn(
        turn.placed.entry.uid,
        number,
        turn.placed.at,
        turn.ended,
        turn.prompt.text,
        turn.prompt.kind != "notification",
        turn.prompt.command,
        turn.interrupted,
        turn.correction,
        turn.asked_back,
        turn.host_duration,
    )
