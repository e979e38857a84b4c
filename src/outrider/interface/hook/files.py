"""The file operations of the hook: bounded reads, whole writes, one lock. Nothing else touches the disk.

They stand on the system's own calls: importing `os` alone would cost a sixth of the whole hook.
"""

from __future__ import annotations

try:
    import posix as system
except ImportError:
    import os as system  # type: ignore[no-redef]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

FILE_KIND, REGULAR = 0o170000, 0o100000
"""Mask and value of a file's mode by which a regular one is known (`S_IFMT`, `S_IFREG`)."""

PRIVATE = 0o600
PRIVATE_FOLDER = 0o700
CHUNK = 1 << 16
LOCK_SECONDS = 1.0
LOCK_PAUSE = 0.004


class BusyError(OSError):
    """Other hooks of the session held its state for too long."""


def read_at_most(path: str, most: int) -> bytes | None:
    """Return a regular file's bytes; None where there is no such file, or it is larger than ``most``."""
    try:
        opened = system.open(path, system.O_RDONLY | system.O_CLOEXEC | system.O_NONBLOCK)
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        status = system.fstat(opened)
        if status.st_mode & FILE_KIND != REGULAR or status.st_size > most:
            return None
        return b"".join(_chunks(opened, most))
    finally:
        system.close(opened)


def read_piece(path: str, start: int | None, most: int) -> tuple[bytes, int]:
    """Return at most ``most`` bytes of a regular file from ``start`` on, and where they begin.

    ``start`` None: the last ones; one behind the end: from the beginning. Raises OSError or ValueError.
    """
    opened = system.open(path, system.O_RDONLY | system.O_CLOEXEC | system.O_NONBLOCK)
    try:
        status = system.fstat(opened)
        if status.st_mode & FILE_KIND != REGULAR:
            raise OSError("not a regular file")
        at = max(0, status.st_size - most) if start is None else start
        at = 0 if at > status.st_size else at
        return system.pread(opened, most, at), at
    finally:
        system.close(opened)


def drained(opened: int, most: int) -> bytes | None:
    """Return all that comes from an open file; None where that is more than ``most``."""
    kept: list[bytes] = []
    size = 0
    while chunk := system.read(opened, CHUNK):
        size += len(chunk)
        if size <= most:
            kept.append(chunk)
    return b"".join(kept) if size <= most else None


def exists(path: str) -> bool:
    """Tell whether something is there."""
    try:
        system.stat(path)
    except OSError:
        return False
    return True


def changed_at(path: str) -> float:
    """Return when a file was changed last, in seconds; 0 where it is not there."""
    try:
        return system.stat(path).st_mtime
    except OSError:
        return 0.0


def size_of(path: str) -> int:
    """Return a file's size; 0 where it is not there."""
    try:
        return system.stat(path).st_size
    except OSError:
        return 0


def append_line(path: str, line: bytes, most: int) -> bool:
    """Append one line in one write; False where the file has reached ``most`` bytes.

    What a full disk has cut before it is ended first: it costs its own line, and not this one.
    """
    opened = _made(path, system.O_RDWR | system.O_APPEND | system.O_CREAT)
    try:
        size = system.fstat(opened).st_size
        if size + len(line) > most:
            return False
        if size and system.pread(opened, 1, size - 1) != b"\n":
            line = b"\n" + line
        written = system.write(opened, line)
        if written != len(line):
            raise OSError("a line was cut")
        return True
    finally:
        system.close(opened)


def replace_whole(path: str, content: bytes, own: str) -> None:
    """Put ``content`` in the place of a file: afterwards the old one is there or the new one, never half."""
    beside = f"{path}.{own}"
    opened = _made(beside, system.O_WRONLY | system.O_CREAT | system.O_TRUNC)
    try:
        try:
            rest = memoryview(content)
            while rest:
                rest = rest[system.write(opened, rest) :]
        finally:
            system.close(opened)
        system.rename(beside, path)
    except OSError:
        remove(beside)
        raise


def remove(path: str) -> bool:
    """Remove a file that may be there; tells whether it was."""
    try:
        system.unlink(path)
    except OSError:
        return False
    return True


def names(folder: str, most: int = 1_000) -> list[str]:
    """Return the names in a folder, at most so many; none where it cannot be read."""
    try:
        return system.listdir(folder)[:most]
    except OSError:
        return []


def touch(path: str) -> None:
    """Make an empty file, with the folders above it, or set its time anew; raises OSError."""
    system.close(_made(path, system.O_WRONLY | system.O_CREAT))
    system.utime(path)


def remove_folder(path: str) -> None:
    """Remove a folder and the files in it, if there is one."""
    for name in names(path):
        remove(f"{path}/{name}")
    try:
        system.rmdir(path)
    except OSError:
        return


def remove_older(folder: str, time: float) -> None:
    """Remove the files of a folder that nobody has written since ``time``, and folders of files."""
    for name in names(folder):
        if 0 < changed_at(f"{folder}/{name}") < time:
            if name.endswith(".quiet"):
                remove_folder(f"{folder}/{name}")
            else:
                remove(f"{folder}/{name}")


class Lock:
    """Holds the lock of a file for a block; raises :class:`BusyError` where that takes too long.

    The system gives it back when the hook ends, however that happens.
    """

    __slots__ = ("_opened", "_path")

    def __init__(self, path: str) -> None:
        self._path = path
        self._opened = -1

    def __enter__(self) -> None:
        from time import monotonic, sleep

        self._opened = _made(self._path, system.O_RDWR | system.O_CREAT)
        end = monotonic() + LOCK_SECONDS
        while True:
            try:
                system.lockf(self._opened, system.F_TLOCK, 0)
            except (BlockingIOError, PermissionError):
                if monotonic() > end:
                    system.close(self._opened)
                    raise BusyError("the session's state is held") from None
                sleep(LOCK_PAUSE)
            else:
                return

    def __exit__(self, *_: object) -> None:
        system.close(self._opened)


def _made(path: str, flags: int) -> int:
    """Open a regular file, making it and the folders above it where they are missing."""
    flags |= system.O_CLOEXEC | system.O_NONBLOCK
    try:
        opened = system.open(path, flags, PRIVATE)
    except FileNotFoundError:
        _make_folder(path.rpartition("/")[0])
        opened = system.open(path, flags, PRIVATE)
    if system.fstat(opened).st_mode & FILE_KIND != REGULAR:
        system.close(opened)
        raise OSError("not a regular file")
    return opened


def _make_folder(folder: str) -> None:
    try:
        system.mkdir(folder, PRIVATE_FOLDER)
    except FileExistsError:
        return
    except FileNotFoundError:
        _make_folder(folder.rpartition("/")[0])
        system.mkdir(folder, PRIVATE_FOLDER)


def _chunks(opened: int, most: int) -> Iterator[bytes]:
    while most > 0 and (chunk := system.read(opened, min(CHUNK, most))):
        most -= len(chunk)
        yield chunk
