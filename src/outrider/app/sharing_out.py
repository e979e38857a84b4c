"""Work on many pages shared out to a second process, where the machine has a second processor."""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
from collections.abc import Callable, Sequence
from typing import TypeVar

from outrider.kernel import limits

T = TypeVar("T")
_ENDED = 0


def shared_out(work: Callable[[Sequence[str]], T], sizes: dict[str, int]) -> list[T]:
    """Do ``work`` on all keys of ``sizes``, half of them in a child process; the sizes balance the halves.

    What the child answers must be picklable. It inherits everything else by forking; where that is not
    possible, or the child fails, all is done here.
    """
    if not _is_worth_it(sizes):
        return [work(list(sizes))]
    mine, others = _halves(sizes)
    answer, child = _start(work, others)
    try:
        done = [work(mine)]
    finally:
        raw = _read(answer)
        os.waitpid(child, 0)
    try:
        return [*done, pickle.loads(raw)]  # noqa: S301 - written by our own child, through a pipe that nobody else has
    except (EOFError, pickle.UnpicklingError, AttributeError):
        return [*done, work(others)]


def _is_worth_it(sizes: dict[str, int]) -> bool:
    can_fork = hasattr(os, "fork") and len(getattr(os, "sched_getaffinity", lambda _: ())(0)) > 1
    return can_fork and sum(sizes.values()) >= limits.LINT_SHARED_OUT_CHARS


def _halves(sizes: dict[str, int]) -> tuple[list[str], list[str]]:
    mine: list[str] = []
    others: list[str] = []
    weight = 0
    for key in sorted(sizes, key=lambda key: -sizes[key]):
        (mine if weight <= 0 else others).append(key)
        weight += sizes[key] if weight <= 0 else -sizes[key]
    return mine, others


def _start(work: Callable[[Sequence[str]], T], keys: list[str]) -> tuple[int, int]:
    reading, writing = os.pipe()
    gc.freeze()
    child = os.fork()
    if child:
        os.close(writing)
        return reading, child
    try:
        os.close(reading)
        with os.fdopen(writing, "wb") as file:
            file.write(pickle.dumps(work(keys), pickle.HIGHEST_PROTOCOL))
    finally:
        with contextlib.suppress(BaseException):
            os._exit(_ENDED)
    raise AssertionError


def _read(answer: int) -> bytes:
    with os.fdopen(answer, "rb") as file:
        return file.read()
