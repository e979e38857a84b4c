"""What the modules for the kinds of source give: steps as they stand in a skill, and their order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

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
    r"^(?:(?:phase|step|stage|part|task)\s+)?(?:\d{1,3}(?:\.\d{1,3})?|[a-z])\s*[:.)\u2013\u2014-]+\s*",
    re.IGNORECASE,
)
_OPTIONAL = re.compile(
    r"\((?:optional|if needed|if applicable|when needed|as needed)\)|\boptional\b|^if\b", re.IGNORECASE
)
_NO_NAME = re.compile(r"[^a-z0-9]+")
_SMALL = frozenset(["a", "an", "the", "to", "of", "and", "your", "with", "for", "in", "on", "is", "it"])
_NAME_WORDS = 4


def bare_title(title: str) -> str:
    """Return a title without its numbering and markup."""
    plain = re.sub(r"[*`]", "", title).strip()
    bare = _NUMBERING.sub("", plain, count=1).strip(" :")
    return bare or plain


def is_optional(title: str) -> bool:
    """Tell whether a title says that its step need not come."""
    return bool(_OPTIONAL.search(title))


def named(steps: Iterable[FoundStep]) -> list[FoundStep]:
    """Give every step a short name of its own."""
    found: list[FoundStep] = []
    taken: set[str] = set()
    for step in steps:
        base = step.name or short_name(step.title)
        name, number = base, 2
        while name in taken:
            name, number = f"{base}-{number}", number + 1
        taken.add(name)
        found.append(FoundStep(step.title, step.line, step.text, step.optional, name, step.evidence))
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
