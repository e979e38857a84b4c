"""Text files of a person's, read whole and bounded."""

from __future__ import annotations

from pathlib import Path

from outrider.kernel import limits
from outrider.kernel.errors import UnreadableError


def read_text(path: Path) -> str:
    """Read a text file of a person's. Raises :class:`UnreadableError` when it is not there or too large."""
    try:
        with path.open("rb") as file:
            raw = file.read(limits.SKILL_FILE_BYTES + 1)
    except OSError as error:
        raise UnreadableError(
            "unreadable-file", f"{path}: {error.strerror or error}", "check the path"
        ) from error
    if len(raw) > limits.SKILL_FILE_BYTES:
        raise UnreadableError(
            "unreadable-file", f"{path}: larger than {limits.SKILL_FILE_BYTES:,} bytes", "give a smaller file"
        )
    return raw.decode("utf-8", "replace")
