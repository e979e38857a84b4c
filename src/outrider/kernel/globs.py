"""Globs over names, paths and branches, matched in time proportional to the text.

`*` is anything within one folder, `**` anything across folders (`**/` also none), `?` one character,
`{a,b}` either. There are no character classes: `[id].tsx` is the name of a file. All places where a match may
stand are the bits of one number, so no glob makes matching explode.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from outrider.kernel.limits import GLOB_CHARS, GLOB_SPREAD, PATH_CHARS

_BRACES = re.compile(r"\{([^{},]*(?:,[^{},]*)+)\}")
_STARS = re.compile(r"\*{2,}")
_DRIVE = re.compile(r"[A-Za-z]:/")


def glob_fault(glob: str) -> str:
    """Return what is wrong with ``glob``, empty when nothing is."""
    if len(glob) > GLOB_CHARS:
        return f"a glob may have {GLOB_CHARS} characters, this one has {len(glob)}"
    if len(spread(glob)) > GLOB_SPREAD:
        return f"the braces of a glob may stand for {GLOB_SPREAD} globs, these stand for more"
    return ""


@lru_cache(maxsize=1024)
def spread(glob: str) -> tuple[str, ...]:
    """Return the globs that the braces of ``glob`` stand for: at most one more than are allowed."""
    done: list[str] = []
    waiting = [glob[: GLOB_CHARS + 1]]
    while waiting and len(done) + len(waiting) <= GLOB_SPREAD:
        each = waiting.pop(0)
        braces = _BRACES.search(each)
        if braces is None:
            done.append(each)
        else:
            choices = braces.group(1).split(",")[: GLOB_SPREAD + 1]
            waiting[:0] = [each[: braces.start()] + choice + each[braces.end() :] for choice in choices]
    return tuple(done + waiting)[: GLOB_SPREAD + 1]


def is_literal(glob: str) -> bool:
    """Tell whether ``glob`` matches nothing but itself."""
    return "*" not in glob and "?" not in glob and "{" not in glob


def matches_name(glob: str, name: str) -> bool:
    """Match an activity's name, where `*` is anything."""
    if is_literal(glob):
        return glob == name
    return _any_matches(_STARS.sub("*", glob).replace("*", "**"), name)


def matches_path(glob: str, path: str) -> bool:
    """Match what an activity was done to.

    A glob without a slash is about the last part of a path. A relative one begins at the project's folder; in
    an absolute path, where nobody knows the project's folder, it may begin at any.
    """
    path = path.replace("\\", "/")
    if "/" not in glob:
        return _any_matches(glob, path) or ("/" in path and _any_matches(glob, path.rpartition("/")[2]))
    return _any_matches(_anchored(glob, path), path)


def matches_folder(glob: str, folder: str) -> bool:
    """Match the folder that an activity was done in: it, or one above it."""
    folder = folder.replace("\\", "/").rstrip("/")
    glob = _anchored(glob.rstrip("/"), folder)
    return _any_matches(glob, folder) or _any_matches(glob + "/**", folder)


def matches_branch(glob: str, branch: str) -> bool:
    """Match where an activity goes to, as a whole."""
    return _any_matches(glob, branch)


def _anchored(glob: str, path: str) -> str:
    glob = glob.removeprefix("./")
    if glob.endswith("/"):
        glob += "**"
    absolute = path.startswith("/") or _DRIVE.match(path) is not None
    if absolute and not glob.startswith(("/", "**/")) and not _DRIVE.match(glob):
        return "**/" + glob
    return glob


def _any_matches(glob: str, text: str) -> bool:
    if is_literal(glob):
        return glob == text
    text = text[:PATH_CHARS]
    return any(_machine(each).matches(text) for each in spread(glob))


class _Machine(NamedTuple):
    """A glob as bits: bit n is set while its first n parts are matched.

    ``chars``: parts that are this character; ``single``: any but a slash; ``within``, ``across``: parts that
    may take more, up to a slash or over it; ``skips``: parts that may take nothing; ``entries``, ``folders``:
    the two parts of `**/`, before and in a folder's name.
    """

    chars: dict[str, int]
    single: int
    within: int
    across: int
    skips: int
    entries: int
    folders: int
    end: int

    def matches(self, text: str) -> bool:
        """Tell whether the glob is the whole of ``text``."""
        chars, single, within, across, skips, entries, folders, end = self
        at = 1 | (1 & entries) << 2
        at |= (at & skips) << 1
        for char in text:
            after = (at & chars.get(char, 0)) << 1 | at & across | (at & entries) << 1
            if char == "/":
                after |= (at & folders) << 1 | (at & entries) << 2
            else:
                after |= (at & single) << 1 | at & within
            at = after | (after & entries) << 2
            at |= (at & skips) << 1
            if not at:
                return False
        return bool(at & end)


@lru_cache(maxsize=1024)
def _machine(glob: str) -> _Machine:
    glob = _STARS.sub("**", glob)
    while "**/**/" in glob:
        glob = glob.replace("**/**/", "**/")
    chars: dict[str, int] = {}
    sets = dict.fromkeys(("single", "within", "across", "skips", "entries", "folders"), 0)
    at, bit = 0, 1
    while at < len(glob):
        kinds, width = _part(glob, at)
        if not kinds:
            chars[glob[at]] = chars.get(glob[at], 0) | bit
        for kind in kinds:
            sets[kind] |= bit
        if "entries" in kinds:
            bit <<= 1
            sets["folders"] |= bit
            sets["across"] |= bit
        at, bit = at + width, bit << 1
    return _Machine(chars, **sets, end=bit)


def _part(glob: str, at: int) -> tuple[tuple[str, ...], int]:
    if glob.startswith("**/", at) and (at == 0 or glob[at - 1] == "/"):
        return ("entries",), 3
    if glob.startswith("**", at):
        return ("across", "skips"), 2
    if glob[at] == "*":
        return ("within", "skips"), 1
    return (("single",) if glob[at] == "?" else ()), 1
