"""What the engine says: verdicts, violations, and why something was not taken.

Every value is plain, so that it can be kept and turned into words later.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Colour = Literal["kept for good", "kept so far", "owed", "broken for good"]
"""The four runtime verdicts of a state: permanently satisfied, temporarily satisfied, temporarily
violated, permanently violated."""

Verdict = Literal["kept", "pending", "broken", "not triggered"]
"""The verdict of a rule; `pending` (something is owed) only while the run goes on."""


class Violation(NamedTuple):
    """One place where a rule was broken.

    ``rule`` is the rule's index. ``event`` is the event that broke it, ``at`` its time in milliseconds;
    with ``owed`` it is the event that ended the scope (empty: the run ended). ``key`` is the file, task or
    agent it is judged apart for, the first of ``keys`` that the event broke at once. ``activation``,
    ``evidence`` and ``invalidation`` are event ids: what set the rule off, the last event that spoke for
    it, the last one that took that back; each empty when there was none. ``expected`` is what could have
    come instead, ``repair`` the shortest way to where the event is allowed or nothing is owed, both in the
    texts of patterns or the names of steps; an empty ``repair``: there is no way back.
    """

    rule: int
    event: str
    at: int
    key: str = ""
    activation: str = ""
    evidence: str = ""
    invalidation: str = ""
    expected: tuple[str, ...] = ()
    repair: tuple[str, ...] = ()
    owed: bool = False
    keys: int = 1


class RuleVerdict(NamedTuple):
    """The verdict of one rule, with what it rests on.

    ``activations`` counts how often the rule mattered, ``fulfilled`` how often it was kept then,
    ``broken`` how often it was not. ``owed`` are the obligations still open, the oldest first, at most
    `OWED_KEPT`; at the end of a run they are part of ``broken``. ``evicted`` counts keys that were
    forgotten because there were too many: what happened to them later is not known.
    """

    rule: int
    verdict: Verdict
    activations: int = 0
    fulfilled: int = 0
    broken: int = 0
    owed: tuple[Violation, ...] = ()
    evicted: int = 0


class Refused(NamedTuple):
    """Something from outside that was not taken, and why."""

    reason: str
