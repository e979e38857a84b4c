"""What a looking or a git command is about: the files that it shows, the branch that it moves."""

from __future__ import annotations

from collections.abc import Mapping

from outrider.kernel.limits import PATHS_PER_COMMAND
from outrider.record.activities.commands import Command, operands


def shown(command: Command) -> list[str]:
    """Return the files that a reading command shows; none when it works on what is piped into it."""
    args = command.args
    if command.name in ("git", "base64"):
        return operands(args)[-1:]
    if command.name in ("jq", "yq"):
        args = _without_pairs(args)
    words = operands(args, _VALUES.get(command.name, ()))
    scripted = command.name in _SCRIPTED and not any(word in ("-e", "-f", "--from-file") for word in args)
    words = words[1:] if scripted else words
    return [word for word in words if word not in ("-", "{}", "/dev/stdin")][:PATHS_PER_COMMAND]


def searches(command: Command) -> bool:
    """Tell whether a searching command looks through files, not through what is piped into it."""
    if command.name not in _MATCHERS:
        return True
    words = operands(command.args, _VALUES["grep"])
    pattern = 0 if any(word in ("-e", "-f", "--files") for word in command.args) else 1
    if len(words) > pattern or _recursive(command.args):
        return True
    return command.name in ("rg", "ag", "ack") and command.part.connector != "|"


def is_local(command: Command) -> bool:
    """Tell whether a fetching command stays on this machine."""
    return any(host in word for word in command.args for host in _LOCAL)


def pushed_to(args: tuple[str, ...]) -> str:
    """Return the branch that `git push …` moves; empty when the command does not say."""
    words = operands(args[1:], ("-o", "--push-option", "--repo", "--receive-pack"))
    if len(words) < 2:
        return ""
    target = words[1].lstrip("+").rpartition(":")[2].removeprefix("refs/heads/")
    return "" if target in ("HEAD", "@") or target.startswith("$") else target


def merged(command: Command) -> str:
    """Return the branch or the number of the pull request that is merged."""
    words = operands(command.args, ("-m", "-s", "-X", "--strategy", "--body", "--subject", "-b", "-t"))
    place = 1 if command.name == "git" else 2
    return words[place] if len(words) > place else ""


def base_of(args: tuple[str, ...]) -> str:
    """Return the base of a pull request, where the command names it."""
    for place, word in enumerate(args):
        option, equals, value = word.partition("=")
        if option in ("--base", "-B", "--target-branch", "-b") and (equals or place + 1 < len(args)):
            named = value if equals else args[place + 1]
            if option != "-b" or " " not in named:
                return named
    return ""


def worktree(args: tuple[str, ...]) -> str:
    """Return the path of `git worktree add …`."""
    words = operands(args, ("-b", "-B", "--reason"))
    return words[2] if len(words) > 2 else ""


def is_reading_of_a_file(args: tuple[str, ...]) -> str:
    """Return the path of `git show REV:path`, which shows a file and no changes."""
    words = operands(args)
    if len(words) >= 2 and words[0] == "show":
        revision, colon, path = words[1].partition(":")
        return path if colon and revision and not revision.startswith("/") else ""
    return ""


def _without_pairs(args: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out jq's `--arg name value`, of which both words are the option's."""
    found: list[str] = []
    skip = 0
    for word in args:
        if skip:
            skip -= 1
        elif word in ("--arg", "--argjson", "--slurpfile", "--rawfile"):
            skip = 2
        else:
            found.append(word)
    return tuple(found)


def _recursive(args: tuple[str, ...]) -> bool:
    return any(
        word in ("--recursive", "--dereference-recursive")
        or (word.startswith("-") and not word.startswith("--") and ("r" in word or "R" in word))
        for word in args
    )


_SCRIPTED = frozenset(("sed", "gsed", "awk", "gawk", "jq", "yq"))
"""Commands whose first word is a program, not a file."""

_MATCHERS = frozenset(("grep", "egrep", "fgrep", "zgrep", "rg", "ag", "ack"))
_LOCAL = ("localhost", "127.0.0.1", "0.0.0.0", "[::1]")  # noqa: S104 - recognised, not bound
_VALUES: Mapping[str, frozenset[str]] = {
    "head": frozenset(("-n", "-c")),
    "tail": frozenset(("-n", "-c")),
    "sed": frozenset(("-e", "-f", "-E -e")),
    "awk": frozenset(("-F", "-v", "-f")),
    "gawk": frozenset(("-F", "-v", "-f")),
    "grep": frozenset(
        ("-e", "-f", "-A", "-B", "-C", "-m", "-d", "--include", "--exclude", "-g", "-t", "-T", "--glob")
    ),
    "jq": frozenset(("-f", "--indent", "--tab")),
    "sort": frozenset(("-k", "-t", "-o")),
    "cut": frozenset(("-d", "-f", "-c", "-b")),
    "xxd": frozenset(("-l", "-s", "-c", "-g")),
    "od": frozenset(("-A", "-t", "-j", "-N", "-w")),
    "hexdump": frozenset(("-n", "-s", "-e")),
    "bat": frozenset(("-l", "-r", "--line-range")),
    "nl": frozenset(("-b", "-w", "-s")),
    "column": frozenset(("-s", "-c")),
    "uniq": frozenset(("-f", "-s", "-w")),
    "diff": frozenset(("-U", "-C", "--label", "-x")),
}
"""Options that take the next word."""
