"""A finding: where, what, how sure, and what would mend it."""

from __future__ import annotations

from typing import Literal, NamedTuple

Severity = Literal["error", "warning", "info"]
"""`error`: a fact; `warning`: usually right; `info`: worth knowing."""


class Edit(NamedTuple):
    """Replace the characters from ``start`` to ``end`` of a file's text by ``text``."""

    path: str
    start: int
    end: int
    text: str


class Fix(NamedTuple):
    """What mends a finding. A ``safe`` one cannot change what a correct text says."""

    title: str
    edits: tuple[Edit, ...]
    safe: bool = True


class Finding(NamedTuple):
    """One thing that is wrong; ``about`` is the thing itself, as it stands in the file."""

    code: str
    severity: Severity
    path: str
    line: int
    column: int
    message: str
    about: str = ""
    fix: Fix | None = None
