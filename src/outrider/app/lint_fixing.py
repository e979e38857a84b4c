"""Fixes of lint written to files: each file whole or not at all, nothing outside the collection."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from outrider.app.lint import Linted
from outrider.judge.lint.fixing import fixed_texts
from outrider.kernel.errors import UsageError


def fixes(linted: Linted, *, unsafe: bool) -> dict[str, str]:
    """Return the new texts of the files that the findings' fixes change, by path."""
    files = linted.collection.tree.files
    texts = {path: file.text for path, file in files.items() if file.reading == "text" and not file.is_link}
    return fixed_texts(texts, linted.findings, unsafe=unsafe)


def write_fixes(root: Path, texts: dict[str, str]) -> None:
    """Write new texts over files. Raises :class:`UsageError` when one cannot be written."""
    for path, text in texts.items():
        replace_text(root / path, text)


def replace_text(place: Path, text: str) -> None:
    """Put ``text`` in the place of a file's, keeping its mode and its kind of line endings."""
    try:
        raw = place.read_bytes()
        ending = "\r\n" if b"\r\n" in raw else "\n"
        handle, new = tempfile.mkstemp(dir=place.parent, prefix=".outrider-")
        with os.fdopen(handle, "wb") as file:
            file.write(text.replace("\n", ending).encode("utf-8"))
        Path(new).chmod(place.stat().st_mode & 0o7777)
        Path(new).replace(place)
    except OSError as error:
        raise UsageError(
            "unwritable-file", f"{place}: {error.strerror or error}", "check its permissions"
        ) from error
