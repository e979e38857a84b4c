"""Damage in what we read, as a value: where it stands and what it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FaultSlug = Literal[
    "torn-record",
    "spliced-record",
    "zero-bytes",
    "oversized-record",
    "not-json",
    "not-a-record",
    "too-deep",
    "unreadable-file",
    "not-a-transcript",
]
"""The kinds of damage; each has a paragraph in ``docs/errors.md``."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One damaged place of one source.

    ``offset`` and ``length`` are bytes in the file; ``detail`` is our own short text, never foreign.
    """

    slug: FaultSlug
    offset: int
    length: int
    detail: str = ""
