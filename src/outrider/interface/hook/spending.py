"""Tokens and cost from the new bytes of transcripts, each response once, for the limits on them."""

from __future__ import annotations

from outrider.interface.hook import transcripts
from outrider.judge.guard.seeing.digests import digest
from outrider.judge.guard.seeing.observations import text_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from outrider.judge.guard.ladder import Intervention
    from outrider.judge.guard.watch import Watch

KINDS = ("input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens", "1h")
"""Usage fields as the API names them; the last is the part of cache writes that is kept for an hour."""
NANO = 1e-9
TRANSCRIPTS = 32
"""Files of one session whose place is remembered."""


def count(
    watch: Watch,
    state: dict[str, object],
    payload: dict[str, object],
    prices: dict[str, object],
    now: float,
) -> list[Intervention]:
    """Count what the thread of an event has used since it was looked at last."""
    agent = text_in(payload, "agent_id")
    path = _path(payload, agent)
    places = state.get("usage")
    places = places if isinstance(places, dict) else {}
    name = digest(path)
    start, last, counted = _place(places.get(name))
    found = transcripts.piece(path, start)
    told: list[Intervention] = []
    for record in transcripts.records(found.lines, b'"usage"'):
        message = record.get("message")
        usage = message.get("usage") if isinstance(message, dict) else None
        if record.get("type") != "assistant" or not isinstance(message, dict) or not isinstance(usage, dict):
            continue
        if message.get("id") != last:
            last, counted = str(message.get("id")), [0] * len(KINDS)
        amounts = [max(*pair) for pair in zip(_amounts(usage), counted, strict=True)]
        new = [amount - known for amount, known in zip(amounts, counted, strict=True)]
        counted = amounts
        told += watch.guard.spend("tokens", sum(new), now, agent)
        cost = _cost(new, prices.get(str(message.get("model"))))
        if cost:
            told += watch.guard.spend("cost", cost, now, agent)
    places[name] = [found.end, last, counted]
    state["usage"] = dict(list(places.items())[-TRANSCRIPTS:])
    return told


def _path(payload: dict[str, object], agent: str) -> str:
    """Return the transcript of the thread: a subagent's stands in a folder beside the session's."""
    own = payload.get("agent_transcript_path")
    if isinstance(own, str):
        return own
    path = payload.get("transcript_path")
    if not isinstance(path, str) or not path.endswith(".jsonl"):
        return ""
    is_plain = agent.replace("-", "").isalnum()
    return f"{path[:-6]}/subagents/agent-{agent}.jsonl" if agent and is_plain else path


def _place(value: object) -> tuple[int, str, list[int]]:
    if isinstance(value, list) and len(value) == 3:
        start, last, counted = value
        if isinstance(start, int) and isinstance(counted, list) and len(counted) == len(KINDS):
            return start, str(last), [_number(each) for each in counted]
    return 0, "", [0] * len(KINDS)


def _amounts(usage: dict[str, object]) -> list[int]:
    amounts = [_number(usage.get(kind)) for kind in KINDS]
    split = usage.get("cache_creation")
    hour = _number(split.get("ephemeral_1h_input_tokens")) if isinstance(split, dict) else 0
    amounts[-2] = max(0, amounts[-2] - hour)
    amounts[-1] = hour
    return amounts


def _number(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**12 else 0


def _cost(amounts: list[int], rates: object) -> float:
    """Return US dollars; ``rates`` are nano-USD per token of each kind. A model without any is not priced."""
    if not isinstance(rates, list) or len(rates) != len(KINDS):
        return 0.0
    known = [rate for rate in rates if isinstance(rate, int | float)]
    if len(known) != len(rates):
        return 0.0
    return sum(amount * rate for amount, rate in zip(amounts, known, strict=True)) * NANO
