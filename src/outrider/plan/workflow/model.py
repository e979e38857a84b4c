"""The model of a workflow: what a skill prescribes.

Everything here is a value. Patterns are matched in ``patterns``, texts are read in ``order_text``,
``rule_text`` and ``file``, and written in ``write``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Mode = Literal["observe", "advise", "enforce"]
"""What a broken rule may do: be recorded, be hinted at, be refused."""

Form = Literal["before", "after", "forbid", "at most", "never", "order"]
"""The six forms of a rule: `before B require A [since C]`, `after A require B`,
`after A forbid B until C`, `at most N A [per scope]`, `never A`, and the workflow's order."""

Per = Literal["", "file", "task", "agent", "commit", "prompt"]
"""What a rule is judged apart for; empty: the whole run."""

Source = Literal["declared", "annotation", "dot", "heading", "numbered", "checklist", "engine"]
"""Where an item of a workflow comes from: a person's file, or the part of a skill it was derived from."""


class Alternative(NamedTuple):
    """One activity as a pattern: a glob over names, and globs for what, where to and in which folder."""

    name: str
    of: str = ""
    to: str = ""
    within: str = ""


class Pattern(NamedTuple):
    """Activities that count as the same thing: any of ``alternatives``; ``text`` as it was written."""

    text: str
    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a session, run, step or subagent may use; None: no limit. Money is nano-USD."""

    time_ms: int | None = None
    idle_ms: int | None = None
    tokens: int | None = None
    cost: int | None = None
    calls: int | None = None
    failed_calls: int | None = None
    edits: int | None = None
    agents: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A part of a workflow.

    Any of ``evidence`` shows that the step is at work; all of it that the step was done. ``marks`` are
    texts by which a run announces the step (an announcement line, a task item). ``line`` is where it
    stands in its source, from 1; 0 when it stands nowhere.
    """

    name: str
    title: str = ""
    evidence: tuple[Pattern, ...] = ()
    optional: bool = False
    marks: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    source: Source = "declared"
    confidence: float = 1.0
    line: int = 0


@dataclass(frozen=True, slots=True)
class Order:
    """An order expression as a tree.

    A `step` names one in ``step``; a `sequence` and an `either` have ``parts``. ``optional`` (`?`) and
    ``repeats`` (`+`) hold for the whole node; both together are "any number of times".
    """

    kind: Literal["step", "sequence", "either"]
    step: str = ""
    parts: tuple[Order, ...] = ()
    optional: bool = False
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """One temporal constraint over activities.

    ``trigger`` is what makes the rule matter: B of `before B …`, A of the others. ``required`` is A of
    `before` and B of `after A require B`; ``forbidden`` is B of `after A forbid B until C`; ``edge`` is C
    of `since C` and `until C`. ``most`` is N of `at most`. ``mode`` None: that of the workflow.
    ``by`` is the skill that does what the rule asks for, with its plugin.
    """

    text: str
    form: Form
    trigger: Pattern
    required: Pattern | None = None
    forbidden: Pattern | None = None
    edge: Pattern | None = None
    most: int = 0
    per: Per = ""
    mode: Mode | None = None
    why: str = ""
    by: str = ""
    source: Source = "declared"
    confidence: float = 1.0
    line: int = 0


@dataclass(frozen=True, slots=True)
class Workflow:
    """What one skill prescribes. ``order`` None: nothing is said about the order of its steps.

    ``derived`` tells that it was made from the skill's text and not written down by a person.
    """

    skill: str
    steps: tuple[Step, ...] = ()
    order: Order | None = None
    order_text: str = ""
    rules: tuple[Rule, ...] = ()
    limits: Limits = field(default_factory=Limits)
    mode: Mode = "observe"
    derived: bool = False


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake of a workflow file: where (from 1), what, and what to write instead.

    ``slug`` names the paragraph of ``docs/workflow-mistakes.md``.
    """

    line: int
    column: int
    slug: str
    message: str
    suggestion: str = ""
