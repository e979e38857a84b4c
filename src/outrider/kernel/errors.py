"""The errors a person can meet, each with a slug that names its page in ``docs/errors.md``.

Damage in what we read is never one of these: that is a :class:`~outrider.record.faults.Fault`, a value.
"""

from __future__ import annotations


class OutriderError(Exception):
    """A fault the user can act on.

    ``slug`` names the paragraph of ``docs/errors.md``; ``hint`` says what to do next.
    """

    exit_code = 3

    def __init__(self, slug: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.slug = slug
        self.message = message
        self.hint = hint


class UsageError(OutriderError):
    """The command was called in a way that cannot be carried out."""

    exit_code = 2


class UnreadableError(OutriderError):
    """Something that had to be read could not be read."""


class StoreError(OutriderError):
    """The store could not be opened, read or written."""
