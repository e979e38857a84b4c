"""The files that a shell command changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from outrider.kernel.limits import PATHS_PER_COMMAND
from outrider.record.activities.commands import Command, operands

UNKNOWN = ""
"""Stands for files that the command does not name (`git apply` takes them from the patch)."""


def edited(command: Command) -> list[str]:
    """Return the paths that ``command`` writes, moves or removes, as they are written in it."""
    found = list(command.part.writes)
    change = _CHANGES.get(command.name)
    if change:
        found += change(command.args)
    return found[:PATHS_PER_COMMAND]


def _in_place(args: tuple[str, ...]) -> list[str]:
    """Read `sed -i`, with its script as the first word or behind `-e`."""
    if not any(_is_in_place(word) for word in args):
        return []
    words = [word for word in operands(args, ("-e", "-f", "--expression", "--file")) if word]
    scripted = any(word.startswith(("-e", "-f", "--expression", "--file")) for word in args)
    if words and not scripted:
        words = words[1:]
    return words or [UNKNOWN]


def _is_in_place(word: str) -> bool:
    return word.startswith("--in-place") or (
        word.startswith("-") and not word.startswith("--") and "i" in word.partition(".")[0]
    )


def _perl(args: tuple[str, ...]) -> list[str]:
    short = [word for word in args if word.startswith("-") and not word.startswith("--")]
    if not any("i" in word.partition(".")[0] for word in short):
        return []
    takes_next = tuple(word for word in short if word.endswith("e"))
    return operands(args, takes_next) or [UNKNOWN]


def _tee(args: tuple[str, ...]) -> list[str]:
    return operands(args)


def _moved(args: tuple[str, ...]) -> list[str]:
    """Read `mv`: what goes away, and where it comes to stand when that is a file."""
    words = operands(args, ("-t", "-S"))
    return [word for word in words if _is_file(word)]


def _copied(args: tuple[str, ...]) -> list[str]:
    """Read `cp a b`: a folder as the target takes the name of what is copied."""
    words = operands(args, ("-t", "-S"))
    if len(words) < 2:
        return []
    target = words[-1]
    if _is_file(target) or (len(words) == 2 and _is_dotted(target)):
        return [target]
    names = [word.rpartition("/")[2] for word in words[:-1] if _is_file(word)]
    return [f"{target.rstrip('/')}/{name}" for name in names]


def _removed(args: tuple[str, ...]) -> list[str]:
    return [word for word in operands(args) if _is_file(word)]


def _patch(args: tuple[str, ...]) -> list[str]:
    if "--dry-run" in args or "--check" in args:
        return []
    words = operands(args, ("-p", "-i", "-d", "-o", "--input"))
    return words[:1] or [UNKNOWN]


def _git(args: tuple[str, ...]) -> list[str]:
    verb, rest = (args[0], args[1:]) if args else ("", ())
    if verb == "apply":
        return [] if {"--check", "--stat", "--numstat", "--cached"}.intersection(rest) else [UNKNOWN]
    if verb == "rm" and "--cached" not in rest:
        return _removed(rest)
    if verb == "mv":
        return _moved(rest)
    if verb == "restore" and ("--staged" not in rest or "--worktree" in rest):
        return [word for word in operands(rest, ("-s", "--source")) if _is_file(word)]
    if verb == "checkout" and "--" in rest:
        return [word for word in rest[rest.index("--") + 1 :] if _is_file(word)]
    return []


def _is_dotted(word: str) -> bool:
    name = word.rpartition("/")[2]
    return name.startswith(".") and name.strip(".") != ""


def _is_file(word: str) -> bool:
    """Tell whether a word looks like a file: its last part has an ending."""
    name = word.rpartition("/")[2]
    return "." in name.lstrip(".") and not name.startswith("-")


_CHANGES: Mapping[str, Callable[[tuple[str, ...]], list[str]]] = {
    "sed": _in_place,
    "gsed": _in_place,
    "perl": _perl,
    "tee": _tee,
    "sponge": _tee,
    "truncate": _tee,
    "mv": _moved,
    "cp": _copied,
    "rm": _removed,
    "unlink": _removed,
    "trash": _removed,
    "patch": _patch,
    "git": _git,
}
