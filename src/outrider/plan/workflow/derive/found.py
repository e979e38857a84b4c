"""What the modules for the kinds of source give: steps as they stand in a skill, and their order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from outrider.kernel.inert import clipped
from outrider.kernel.limits import LABEL_CHARS
from outrider.plan.workflow.model import Order, Source


@dataclass(frozen=True, slots=True)
class FoundStep:
    """A step in a skill's text: its title, its line, the text that speaks of it, and what is said of it."""

    title: str
    line: int
    text: str = ""
    optional: bool = False
    name: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundSteps:
    """The steps of one source. ``order`` names them by their titles' names; None: nothing is claimed."""

    source: Source
    steps: tuple[FoundStep, ...]
    order: Order | None
    confidence: float


_NUMBERING = re.compile(
    r"^(?:[\u2610-\u2612\u2705]\s*)?"
    r"(?:(?:(?:phase|step|stage|part|task)\s+)?(?:\d{1,3}(?:\.\d{1,3})?|[a-z])\s*"
    r"(?:[:.)]+(?=\s|$)|[\u2013\u2014-](?=\s))\s*)?",
    re.IGNORECASE,
)
"""What a title begins with and is no part of it: a box to tick, a number; not the `2-` of "2-3 ways"."""
_OPTIONAL = re.compile(
    r"\((?:optional|if needed|if applicable|when needed|as needed)\)|\boptional\b|^if\b", re.IGNORECASE
)
_NO_NAME = re.compile(r"[^a-z0-9]+")
_SMALL = frozenset(["a", "an", "the", "to", "of", "and", "your", "with", "for", "in", "on", "is", "it"])
_NAME_WORDS = 4


def bare_title(title: str) -> str:
    """Return a title without its numbering and markup."""
    plain = re.sub(r"[*`]", "", title[: 2 * LABEL_CHARS]).strip()
    bare = _NUMBERING.sub("", plain, count=1).strip(" :")
    return bare or plain


def is_optional(title: str) -> bool:
    """Tell whether a title says that its step need not come."""
    return bool(_OPTIONAL.search(bare_title(title)))


def named(steps: Iterable[FoundStep]) -> list[FoundStep]:
    """Give every step a short name of its own."""
    found: list[FoundStep] = []
    taken: set[str] = set()
    latest: dict[str, int] = {}
    for step in steps:
        base = name = step.name or short_name(step.title)
        while name in taken:
            latest[base] = latest.get(base, 1) + 1
            name = f"{base}-{latest[base]}"
        taken.add(name)
        found.append(replace(step, name=name, title=clipped(step.title.strip(), LABEL_CHARS)))
    return found


def short_name(title: str) -> str:
    """Return a name for a title: its first words that say something, in lower case."""
    words = [word for word in _NO_NAME.split(bare_title(title).lower()) if word]
    telling = [word for word in words if word not in _SMALL] or words
    name = "-".join(telling[:_NAME_WORDS])[:40].strip("-")
    return name if name[:1].isalpha() else f"step-{name}".rstrip("-")


def in_sequence(steps: Iterable[FoundStep]) -> Order | None:
    """Return the order of steps that come one after the other."""
    parts = tuple(Order("step", step.name, optional=step.optional) for step in steps)
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else Order("sequence", parts=parts)
