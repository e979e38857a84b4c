"""Files read in bounded time and size, whatever stands in their place."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

from outrider.kernel.limits import DOCTOR_FILE_BYTES


def read(path: Path, most: int = DOCTOR_FILE_BYTES) -> tuple[bytes | None, str]:
    """Return a regular file's bytes, or None and why not ("missing" where nothing is there)."""
    try:
        opened = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return None, "missing"
    except (OSError, ValueError) as error:
        return None, f"cannot be read ({getattr(error, 'strerror', None) or 'no path'})"
    try:
        status = os.fstat(opened)
        if not stat.S_ISREG(status.st_mode):
            return None, "is no regular file"
        if status.st_size > most:
            return None, f"is larger than {most // 1024} KiB"
        return _drained(opened, most), ""
    except OSError as error:
        return None, f"cannot be read ({error.strerror})"
    finally:
        os.close(opened)


def read_object(path: Path) -> tuple[dict[str, object] | None, str]:
    """Return the JSON object in a file, or None and why there is none."""
    content, why = read(path)
    if content is None:
        return None, why
    found = parsed(content)
    if isinstance(found, dict):
        return found, ""
    return None, "is not JSON" if found is None else "is no JSON object"


def parsed(content: bytes) -> object:
    """Return what JSON says; None where it is none."""
    try:
        return json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None


def tail(path: Path, most: int) -> bytes:
    """Return the last bytes of a regular file; none where there is no such file."""
    try:
        opened = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return b""
    try:
        status = os.fstat(opened)
        if not stat.S_ISREG(status.st_mode):
            return b""
        os.lseek(opened, max(0, status.st_size - most), os.SEEK_SET)
        return _drained(opened, most)
    except OSError:
        return b""
    finally:
        os.close(opened)


def mapping(value: object) -> dict[str, object]:
    """Return an object's members; none where it is no object."""
    return value if isinstance(value, dict) else {}


def _drained(opened: int, most: int) -> bytes:
    chunks = []
    while most > 0 and (chunk := os.read(opened, most)):
        most -= len(chunk)
        chunks.append(chunk)
    return b"".join(chunks)
