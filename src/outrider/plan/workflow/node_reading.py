"""Takes texts, names and lists out of nodes and collects what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import astuple
from typing import Final, Literal, NamedTuple

from outrider.kernel.limits import LABEL_CHARS, WORKFLOW_MISTAKES, WORKFLOW_TEXT_CHARS
from outrider.plan.workflow.mistakes import MistakeSlug, TextError, did_you_mean, shown
from outrider.plan.workflow.model import Mistake
from outrider.plan.workflow.positions import ListNode, MapNode, Node, TextNode

NameKind = Literal["skill", "step"]


class _Names(NamedTuple):
    pattern: re.Pattern[str]
    rule: str


_NAMES: Final[dict[NameKind, _Names]] = {
    "skill": _Names(
        re.compile(rf"\w[\w.:-]{{0,{LABEL_CHARS - 1}}}"),
        "begin with a letter or digit; go on with those, `-_.:`",
    ),
    "step": _Names(re.compile(r"\w[\w.-]{0,99}"), "begin with a letter or digit; go on with those, `-_.`"),
}


def is_name(text: str, kind: NameKind) -> bool:
    """Tell whether a skill or a step may be called so; names stand in orders and keys without quotes."""
    return _NAMES[kind].pattern.fullmatch(text) is not None


class Place(NamedTuple):
    """Where something stands in a file, from 1."""

    line: int
    column: int


class TooManyError(Exception):
    """So many mistakes were found that looking for more is of no use."""


class Taker:
    """Collects the mistakes of one file while its values are taken."""

    def __init__(self) -> None:
        self._mistakes: list[Mistake] = []

    @property
    def count(self) -> int:
        """Return how many mistakes were found so far."""
        return len(self._mistakes)

    def sorted_mistakes(self) -> tuple[Mistake, ...]:
        """Return all mistakes as they stand in the file."""
        return tuple(sorted(dict.fromkeys(self._mistakes), key=astuple))

    def add(self, place: Place, slug: MistakeSlug, message: str, suggestion: str = "") -> None:
        """Add a mistake; raise :class:`TooManyError` when that was enough."""
        if len(self._mistakes) == WORKFLOW_MISTAKES:
            message = f"only the first {WORKFLOW_MISTAKES} mistakes are told"
            self._mistakes.append(Mistake(place.line, place.column, "too-many-mistakes", message))
            raise TooManyError
        self._mistakes.append(Mistake(place.line, place.column, slug, message, suggestion))

    def at(self, node: Node, slug: MistakeSlug, message: str, suggestion: str = "") -> None:
        """Add a mistake where ``node`` begins."""
        self.add(Place(node.line, node.column), slug, message, suggestion)

    def wrong(self, node: Node, what: str, expected: str, suggestion: str) -> None:
        """Add that ``node`` is of another kind than ``what`` has to be."""
        self.at(node, "wrong-type", f"{what} must be {expected}, not {_kind(node)}", suggestion)

    def unknown_key(self, key: TextNode, known: Iterable[str], what: str) -> None:
        """Add that ``what`` has no such key."""
        choices = tuple(known)
        nearest = did_you_mean(key.text, choices) or "the keys are " + ", ".join(
            f"`{each}`" for each in choices
        )
        self.at(key, "unknown-key", f"{what} has no key {shown(key.text)}", nearest)

    def take_over(self, node: TextNode, mistakes: Iterable[TextError]) -> None:
        """Add the mistakes of the text of ``node``."""
        for mistake in mistakes:
            place = Place(*node.place(mistake.column - 1))
            self.add(place, mistake.slug, mistake.message, mistake.suggestion)

    def text(self, node: Node, what: str, suggestion: str) -> TextNode | None:
        """Take a text that says something."""
        if not isinstance(node, TextNode):
            self.wrong(node, what, "a text", suggestion)
            return None
        if node.is_nothing or not node.text.strip():
            self.at(node, "empty-text", f"{what} is missing here", suggestion)
            return None
        return node

    def label(self, node: Node, what: str, suggestion: str) -> str:
        """Take a short text of a person: a title, a mark, a reason."""
        text = self.text(node, what, suggestion)
        if text is None:
            return ""
        if len(text.text) > WORKFLOW_TEXT_CHARS:
            message = f"{what} may have {WORKFLOW_TEXT_CHARS:,} characters, this one has {len(text.text):,}"
            self.at(node, "too-long", message, "say it in fewer words")
        return text.text.strip()

    def name(self, node: Node, kind: NameKind) -> str:
        """Take the name of a skill or a step."""
        text = self.text(node, f"the name of a {kind}", _NAMES[kind].rule)
        if text is None:
            return ""
        if not _NAMES[kind].pattern.fullmatch(text.text):
            self.at(node, "bad-name", f"{shown(text.text)} is no name of a {kind}", _NAMES[kind].rule)
        return text.text

    def texts(self, node: Node, what: str, suggestion: str) -> tuple[TextNode, ...]:
        """Take one text or a list of texts."""
        if isinstance(node, TextNode):
            return () if node.is_nothing else (node,)
        if isinstance(node, MapNode):
            self.wrong(node, what, "a text or a list of texts", suggestion)
            return ()
        taken = (self.text(item, what, suggestion) for item in node.items)
        return tuple(text for text in taken if text)


def _kind(node: Node) -> str:
    if isinstance(node, ListNode):
        return "a list"
    if isinstance(node, MapNode):
        return "a mapping"
    return "nothing" if node.is_nothing else "a text"
