"""What was used, summed up: the values that reports show."""

from __future__ import annotations

import math

from outrider.record.packed import Packed
from outrider.record.usage import Usage

NANO = 1_000_000_000
"""Nano-USD in one USD. Costs are whole nano-USD, so that sums are exact in any order."""

OUTSIDE = "(outside)"
"""The key of work that belongs to no skill run."""


class Unpriced(Packed, frozen=True, gc=False):
    """A model without a price, and what it used."""

    model: str
    requests: int
    usage: Usage


class Totals(Packed, frozen=True, gc=False):
    """Sums over some requests and calls. ``cost`` is nano-USD of what has a price.

    ``unreliable`` are output tokens that the client left as streaming placeholders: too low.
    """

    sessions: int = 0
    requests: int = 0
    calls: int = 0
    errors: int = 0
    usage: Usage = Usage()
    cost: int = 0
    unpriced_requests: int = 0
    unreliable_requests: int = 0

    def with_part(self, part: Totals) -> Totals:
        """Return the sum with one more part; sessions stay, because parts share them."""
        return Totals(
            self.sessions,
            self.requests + part.requests,
            self.calls + part.calls,
            self.errors + part.errors,
            self.usage.plus(part.usage),
            self.cost + part.cost,
            self.unpriced_requests + part.unpriced_requests,
            self.unreliable_requests + part.unreliable_requests,
        )


class Row(Packed, frozen=True, gc=False):
    """The totals of one part: a day, project, model, skill, type of subagent, or tool."""

    key: str
    totals: Totals


class Coverage(Packed, frozen=True, gc=False):
    """How much of the sources a report stands on.

    ``files`` and ``lines`` are transcripts; ``documents`` are the small files beside them (subagent
    descriptions, task lists, wrangler's logs). ``waiting`` are bytes of records being written; ``gone``
    are files that the host has removed and whose contents the store kept.
    """

    files: int
    lines: int
    accounted: int
    faults: int
    documents: int = 0
    unreadable: int = 0
    waiting: int = 0
    gone: int = 0


class Report(Packed, frozen=True, gc=False):
    """Totals, their parts by ``by``, what has no price, and the coverage."""

    by: str
    totals: Totals
    rows: tuple[Row, ...]
    unpriced: tuple[Unpriced, ...]
    coverage: Coverage


class SkillRow(Packed, frozen=True, gc=False):
    """One skill over all of its runs. Times are milliseconds, of the skill's own work.

    ``body_tokens`` estimates what loading the text costs in context (four characters a token);
    ``host_*`` is what the client's own attribution gives to the skill.
    """

    name: str
    runs: int
    runs_typed: int
    runs_nested: int
    versions: int
    totals: Totals
    active_ms: int
    p50_ms: int
    p90_ms: int
    model_ms: int
    tools_ms: int
    person_ms: int
    hooks_ms: int
    agents_ms: int
    body_tokens: int
    host_requests: int
    host_usage: Usage
    last_at: int


class SessionRow(Packed, frozen=True, gc=False):
    """One session in a list. Instants are milliseconds; ``prompt`` begins the first prompt."""

    id: str
    project: str
    at: int
    ended: int
    client: str
    title: str
    prompt: str
    prompts: int
    interrupts: int
    corrections: int
    runs: int
    subagents: int
    compactions: int
    totals: Totals


def percentile(values: list[int], share: float) -> int:
    """Return the smallest of ``values`` that ``share`` of them do not exceed (nearest rank); 0 for none."""
    if not values:
        return 0
    ranked = sorted(values)
    return ranked[max(math.ceil(share * len(ranked)) - 1, 0)]
