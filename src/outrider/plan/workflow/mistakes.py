"""Mistakes in workflow texts: their slugs, the error a parser gives up with, and the nearest right word."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Literal

MistakeSlug = Literal[
    "alias",
    "anchor",
    "at-most-zero",
    "bad-glob",
    "bad-limit",
    "bad-name",
    "bad-value",
    "directive",
    "duplicate-key",
    "duplicate-rule",
    "edge-without-effect",
    "empty-file",
    "empty-text",
    "family-name",
    "hidden-character",
    "merge-key",
    "missing-key",
    "mixed-order",
    "not-utf-8",
    "not-yaml",
    "repeated-step",
    "rule-always-holds",
    "rule-form",
    "rule-never-holds",
    "rules-contradict",
    "says-nothing",
    "second-document",
    "step-not-in-order",
    "step-without-evidence",
    "tab",
    "tag",
    "too-deep",
    "too-large",
    "too-long",
    "too-many",
    "too-many-mistakes",
    "unclosed-quote",
    "unexpected-text",
    "unknown-activity",
    "unknown-key",
    "unknown-step",
    "unreachable-limit",
    "wrong-type",
]
"""Every mistake a workflow file can have; each has its paragraph in ``docs/workflow-mistakes.md``."""

_SHOWN_CHARS = 60


class TextError(ValueError):
    """A pattern, rule, order or limit is badly written. ``column`` counts from 1 within the text."""

    def __init__(self, column: int, slug: MistakeSlug, message: str, suggestion: str = "") -> None:
        super().__init__(f"{message} (column {column}; {slug})")
        self.column = column
        self.slug: MistakeSlug = slug
        self.message = message
        self.suggestion = suggestion


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """Return a question that names the choice most like ``word``; empty when none is like it."""
    near = difflib.get_close_matches(word[:_SHOWN_CHARS], sorted(choices), 1, 0.6)
    return f"did you mean `{near[0]}`?" if near else ""


def shown(text: str) -> str:
    """Return ``text`` as a message quotes it: in backquotes, cut when it is long."""
    return f"`{text if len(text) <= _SHOWN_CHARS else text[: _SHOWN_CHARS - 1] + '…'}`"
