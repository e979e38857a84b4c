"""Names of the traps, the sets they come in, and the sizes of a made folder."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Trap(StrEnum):
    """One property of real records that a careless reader gets wrong."""

    SEVERAL_LINES = "several-lines"
    BETWEEN = "between"
    RESUME = "resume"
    FORK = "fork"
    FORK_MARKED = "fork-marked"
    CONTINUED = "continued"
    NO_REQUEST_ID = "no-request-id"
    RELAY = "relay"
    AGENT_FILE = "agent-file"
    MIRRORED = "mirrored"
    EMBEDDED = "embedded"
    EMBEDDED_ONLY = "embedded-only"
    INLINE_OLD = "inline-old"
    NESTED_AGENT = "nested-agent"
    WORKFLOW = "workflow"
    CACHE_TIERS = "cache-tiers"
    FLAT_CACHE = "flat-cache"
    UNRELIABLE = "unreliable"
    API_ERROR = "api-error"
    UNKNOWN_KIND = "unknown-kind"
    COMPACTION = "compaction"
    TYPED_SKILL = "typed-skill"
    CHOSEN_SKILL = "chosen-skill"
    NESTED_SKILL = "nested-skill"
    FORKED_SKILL = "forked-skill"
    ASKING_SKILL = "asking-skill"
    INTERRUPT = "interrupt"
    SLASH = "slash"
    NOTIFICATION = "notification"
    LURES = "lures"
    SURROGATE = "surrogate"
    U2028 = "u2028"
    SKEW = "skew"
    NO_TIMESTAMP = "no-timestamp"
    MIDNIGHT = "midnight"
    UNKNOWN_MODEL = "unknown-model"
    TORN = "torn"
    SPLICE = "splice"
    NO_NEWLINE = "no-newline"
    ZEROS = "zeros"
    BLANK = "blank"
    CRLF = "crlf"
    BOM = "bom"
    BAD_UTF8 = "bad-utf8"
    DEEP = "deep"
    HUGE_NUMBER = "huge-number"
    BETWEEN_NO_ID = "between-no-id"
    ZERO_SPLIT = "zero-split"


EXTRA = frozenset({Trap.BETWEEN_NO_ID, Trap.ZERO_SPLIT})
"""Traps that no written rule decides; never on unless asked for by name.

``BETWEEN_NO_ID``: a tool result stands between lines of one response that has no request id (only
equal input-side usage tells it from a relay). ``ZERO_SPLIT``: both tiers of ``cache_creation`` say
0 while the flat field does not; the truth counts the rest as 5-minute writes.
"""

ALL = frozenset(Trap) - EXTRA

BENCH = ALL - {
    Trap.SURROGATE,
    Trap.RELAY,
    Trap.EMBEDDED,
    Trap.EMBEDDED_ONLY,
    Trap.INLINE_OLD,
    Trap.UNRELIABLE,
    Trap.NO_TIMESTAMP,
    Trap.UNKNOWN_MODEL,
    Trap.CRLF,
    Trap.BOM,
    Trap.BAD_UTF8,
    Trap.DEEP,
    Trap.HUGE_NUMBER,
}
"""What the large folder holds: an everyday history that totals-only readers get right too."""

DAMAGE = frozenset(
    {
        Trap.TORN,
        Trap.SPLICE,
        Trap.NO_NEWLINE,
        Trap.ZEROS,
        Trap.BLANK,
        Trap.BAD_UTF8,
        Trap.DEEP,
        Trap.HUGE_NUMBER,
    }
)

SEVERAL = frozenset(
    {
        Trap.SEVERAL_LINES,
        Trap.BETWEEN,
        Trap.BETWEEN_NO_ID,
        Trap.NO_REQUEST_ID,
        Trap.RELAY,
        Trap.EMBEDDED,
        Trap.EMBEDDED_ONLY,
        Trap.MIDNIGHT,
    }
)
"""Traps that mean nothing unless a response stands on several lines; each brings that along."""

FLAVOURS = (Trap.RELAY, Trap.UNRELIABLE, Trap.FLAT_CACHE, Trap.ZERO_SPLIT, Trap.CRLF, Trap.BOM)
"""Traps that colour a whole session; one session carries at most one of them."""


@dataclass(frozen=True)
class Size:
    """How large a folder gets. Ranges are inclusive (low, high)."""

    name: str
    sessions: int
    turns: tuple[int, int]
    work: tuple[int, int]
    agent_work: tuple[int, int]
    calls: tuple[int, ...] = (1, 1, 1, 1, 1, 1, 2, 3)
    """Calls of an ordinary response, drawn evenly."""
    large_results: bool = False
    spare_usage: bool = False
    """Damage only beside lines without usage, so that readers which drop a damaged line agree."""
    flavour_cycle: int = 0
    copy_cycle: int = 7
    damage_cycle: int = 2
    no_request_id_cycle: tuple[int, ...] = (1, 4, 8)
    """Which of ten consecutive sessions lack request ids."""
    models: tuple[str, ...] = ("claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-5-5")
    weights: dict[str, int] = field(default_factory=dict)
    """Turn kind → weight for a random draw; empty: every kind in turn."""


_EVERYDAY = {
    "plain": 40,
    Trap.TYPED_SKILL: 11,
    Trap.CHOSEN_SKILL: 11,
    Trap.NESTED_SKILL: 2,
    Trap.FORKED_SKILL: 2,
    Trap.ASKING_SKILL: 4,
    Trap.AGENT_FILE: 19,
    Trap.MIRRORED: 1,
    Trap.NESTED_AGENT: 2,
    Trap.WORKFLOW: 1,
}
_SELDOM = 1
_LONG_KNOWN = (
    "claude-opus-4-5-20251101",
    "claude-sonnet-4-5-20250929",
    "claude-haiku-4-5-20251001",
)
"""Models that every price table has, so that costs can be compared too."""

TINY = Size(
    "tiny",
    sessions=14,
    turns=(3, 3),
    work=(1, 1),
    agent_work=(1, 2),
    calls=(1, 1, 2),
    damage_cycle=4,
)
SMALL = Size(
    "small",
    sessions=14,
    turns=(6, 10),
    work=(4, 12),
    agent_work=(4, 12),
    large_results=True,
    spare_usage=True,
    flavour_cycle=20,
    damage_cycle=7,
    no_request_id_cycle=(5,),
    models=_LONG_KNOWN,
    weights=_EVERYDAY,
)
LARGE = Size(
    "large",
    sessions=200,
    turns=(5, 13),
    work=(4, 12),
    agent_work=(4, 14),
    large_results=True,
    spare_usage=True,
    flavour_cycle=20,
    copy_cycle=25,
    damage_cycle=20,
    no_request_id_cycle=(3,),
    models=_LONG_KNOWN,
    weights=_EVERYDAY,
)
SIZES = {size.name: size for size in (TINY, SMALL, LARGE)}


def weight_of(kind: str, size: Size) -> int:
    """Weight of a turn kind in a random draw."""
    return size.weights.get(kind, _SELDOM)
