"""A shell command as the guard sees it: what makes two commands the same one, and what it does to the world.

This is coarser than the reading of activities, and for another purpose: `npm test`, `npm test 2>&1 |
tail -20`
and `cd app && npm test  # again` are one experiment. It runs at every shell call inside a hook, so it is
written without `re`.
"""

from __future__ import annotations

from outrider.judge.guard.seeing import kinds
from outrider.kernel.limits import GUARD_COMMAND_CHARS


class Shell:
    """What the guard knows of one command: ``words`` without decoration, ``kind``, ``targets``, ``label``."""

    __slots__ = ("family", "kind", "label", "text")

    def __init__(self, text: str, kind: str, family: str, label: str) -> None:
        self.text = text
        self.kind = kind
        self.family = family
        self.label = label


def read(command: str, folder: str = "") -> Shell:
    """Read one command text, given in ``folder``; never raises. A text beyond the cap is left as it is."""
    if len(command) > GUARD_COMMAND_CHARS:
        return Shell(command, kinds.CHECK, command, "script")
    parts = _parts(_words(command), folder)
    if not parts:
        return Shell(" ".join(command.split()), kinds.CHECK, command, "")
    names = [_program(part) for part in parts]
    text = " ; ".join([" ".join([_place(word) for word in part]) for part in parts])
    return Shell(text, _kind(parts, names), _family(parts, names), _label(names[0]))


def _label(name: tuple[str, ...]) -> str:
    """Return the program with its subcommand; any other word could be a secret, and labels are kept."""
    shown = name if name and name[0] in _WITH_SUBCOMMANDS else name[:1]
    return " ".join(shown)[:40]


_WITH_SUBCOMMANDS = frozenset(
    "git gh npm pnpm yarn bun make just task cargo go docker podman kubectl helm terraform pip uv poetry "
    "python python3 node bundle rake mix gradle mvn dotnet swift brew apt systemctl mise rails".split()
)

_OPERATORS = frozenset(("&&", "||", ";", "|", "\n", "&"))
_SIGNS = frozenset("&|;\n\\")
_QUOTES = "\"'"
_NOISE = frozenset(("2>&1", "2>/dev/null", ">/dev/null", "&>/dev/null", "1>&2"))
_CUTTERS = frozenset(("tail", "head", "cat", "less", "more"))
_PREFIXES = frozenset(("time", "sudo", "command", "nohup", "exec", "env", "stdbuf", "npx", "nice"))


def _words(command: str) -> list[str]:
    """Split into words and operators; quotes go, and with them what they protect from being split."""
    words: list[str] = []
    start = 0
    glue = False
    while start < len(command):
        at = _quote_at(command, start)
        plain = command[start:at]
        glue = _add_plain(words, plain, glue)
        if plain and words and words[-1] == "#":
            end = command.find("\n", at)
            start = len(command) if end < 0 else end
            words.pop()
            continue
        if at == len(command):
            break
        end = command.find(command[at], at + 1)
        end = len(command) if end < 0 else end
        _add_quoted(words, command[at + 1 : end], glue)
        glue = True
        start = end + 1
    return words


def _quote_at(command: str, start: int) -> int:
    places = [at for at in (command.find(quote, start) for quote in _QUOTES) if at >= 0]
    comment = command.find(" #", start)
    if comment >= 0 and comment + 2 <= min(places, default=len(command)):
        return comment + 2
    return min(places, default=len(command))


def _add_plain(words: list[str], plain: str, glue: bool) -> bool:
    if not plain:
        return glue
    if _SIGNS.isdisjoint(plain):
        found = plain.split()
        if glue and found and not plain[0].isspace() and words:
            words[-1] += found.pop(0)
        words.extend(found)
        return not plain[-1].isspace()
    spaced = plain.replace("\\\n", " ").replace("2>&1", " \0 ").replace("&>", "\1")
    for sign in ("&&", "||"):
        spaced = spaced.replace(sign, f" {sign} ")
    spaced = spaced.replace(";", " ; ").replace("\n", " ; ")
    if "|" in spaced:
        spaced = " ".join(word if word == "||" else word.replace("|", " | ") for word in spaced.split(" "))
    found = spaced.replace("\0", "2>&1").replace("\1", "&>").split()
    if glue and found and not plain[0].isspace() and words and found[0] not in _OPERATORS:
        words[-1] += found.pop(0)
    words.extend(found)
    return not plain[-1].isspace()


def _add_quoted(words: list[str], inside: str, glue: bool) -> None:
    word = " ".join(inside.split())
    if glue and words and words[-1] not in _OPERATORS:
        words[-1] += word
    else:
        words.append(word)


def _parts(words: list[str], folder: str) -> list[list[str]]:
    """Cut into simple commands; what only moves, shows or silences goes."""
    parts: list[list[str]] = [[]]
    signs: list[str] = []
    for word in words:
        if word in _OPERATORS:
            parts.append([])
            signs.append(word)
        elif word not in _NOISE:
            parts[-1].append(word)
    kept = [part for at, part in enumerate(parts) if part and not _is_decoration(parts, signs, at, folder)]
    return kept or [part for part in parts if part]


def _is_decoration(parts: list[list[str]], signs: list[str], at: int, folder: str) -> bool:
    part = parts[at]
    piped = at > 0 and signs[at - 1] == "|"
    if part[0] == "cd" and at < len(signs) and signs[at] in ("&&", ";"):
        return _is_at_home(part[1] if len(part) > 1 else ".", folder)
    if piped and part[0] in _CUTTERS and all(word[0] == "-" or word.isdigit() for word in part[1:] if word):
        return True
    if part[0] == "true" and at > 0:
        return True
    return part[0] == "echo" and at > 0 and at == len(parts) - 1 and signs[at - 1] != "|"


def _is_at_home(place: str, folder: str) -> bool:
    """Tell whether a change of folder only states where one is; one to a part of the project is a target."""
    if not place.startswith("/"):
        return place in (".", "$PWD") or folder.endswith("/" + place.strip("./"))
    return not folder or not place.rstrip("/").startswith(folder.rstrip("/") + "/")


def _program(part: list[str]) -> tuple[str, ...]:
    """Name the program and its subcommand, behind assignments and wrappers."""
    at = 0
    while at < len(part) - 1:
        word = part[at]
        if word == "timeout":
            at += 2
        elif word in _PREFIXES or ("=" in word and word.split("=", 1)[0].isidentifier()):
            at += 1
        else:
            break
    at = min(at, len(part) - 1)
    name = part[at].rsplit("/", 1)[-1]
    after = next((word for word in part[at + 1 :] if word and word[0] != "-"), "")
    return (name, after) if after.replace("-", "").replace(":", "").isalpha() and len(after) < 20 else (name,)


def _family(parts: list[list[str]], names: list[tuple[str, ...]]) -> str:
    """What the command is about: the places that a reader names, else all its words but for plain options."""
    if all(name[0] in _READERS for name in names):
        targets = sorted({_place(word) for part in parts for word in part[1:] if _is_place(word)})
        if targets:
            return " ".join(targets)
    return " | ".join(" ".join(_about(part)) for part in parts)


def _about(part: list[str]) -> list[str]:
    kept: list[str] = []
    option = False
    for word in part:
        is_option = word[:1] == "-" and "=" not in word
        if not is_option and not (option and word.isdigit()):
            kept.append(_place(word))
        option = is_option
    return kept


def _is_place(word: str) -> bool:
    if not word or word[0] == "-":
        return False
    return "/" in word or ("." in word and not word.replace(".", "").isdigit()) or "://" in word


def _place(word: str) -> str:
    return word.removeprefix("./").rstrip("/") or word


def _kind(parts: list[list[str]], names: list[tuple[str, ...]]) -> str:
    found = [_kind_of(part, name) for part, name in zip(parts, names, strict=True)]
    for kind in (kinds.CHANGE, kinds.STEP, kinds.POLL, kinds.CHECK):
        if kind in found:
            return kind
    return kinds.READ


_READERS = frozenset(
    "ls cat head tail grep egrep rg find fd wc pwd which stat file du df env echo printf date whoami"
    " uname tree jq awk"
    " sed sort uniq cut diff cmp less more type id hostname test [ basename dirname realpath readlink"
    " tr xargs column"
    " nl xxd hexdump strings md5sum sha256sum cd export true false free uptime".split()
)
_POLLERS = frozenset(
    "sleep wait watch ps pgrep lsof ss netstat jobs squeue qstat sacct nvidia-smi pg_isready ping nc"
    " until while".split()
)
_CHANGERS = frozenset(
    "rm mv cp mkdir rmdir touch tee ln chmod chown patch install dd truncate unzip prettier black gofmt"
    " rustfmt"
    " kill pkill killall".split()
)
_STEPS = frozenset("click press scroll tap swipe keydown keypress hover drag page_down page_up".split())
_STEPPERS = frozenset(("xdotool", "cliclick", "adb", "ydotool", "osascript"))
_GIT_READS = frozenset(
    "status log diff show branch rev-parse ls-files blame describe remote config grep shortlog reflog"
    " rev-list"
    " ls-tree cat-file merge-base ls-remote whatchanged count-objects".split()
)
_INSTALLS = frozenset(
    ("install", "add", "remove", "uninstall", "i", "ci", "update", "upgrade", "sync", "fmt", "format")
)
_WAITING: dict[str, frozenset[str]] = {
    "gh": frozenset(("run", "pr")),
    "kubectl": frozenset(("get", "rollout", "describe", "logs", "wait", "top")),
    "docker": frozenset(("ps", "logs", "inspect", "wait", "stats", "compose")),
    "systemctl": frozenset(("status", "is-active")),
    "aws": frozenset(),
    "tmux": frozenset(("capture-pane",)),
    "redis-cli": frozenset(("ping",)),
    "glab": frozenset(("ci",)),
    "az": frozenset(),
    "gcloud": frozenset(),
    "helm": frozenset(("status",)),
}
_HEALTH = ("health", "status", "ready", "alive", "localhost", "127.0.0.1", "ping")
_FIXES = frozenset(("--fix", "--write", "-i", "--in-place", "--apply", "--update-snapshots"))


def _kind_of(part: list[str], name: tuple[str, ...]) -> str:
    program, sub = name[0], name[1] if len(name) > 1 else ""
    if program in _CHANGERS or any(">" in word and _is_redirect(word, part) for word in part):
        return kinds.CHANGE
    if program == "git":
        return kinds.READ if sub in _GIT_READS or not sub else kinds.CHANGE
    if program in _STEPPERS or (program == "tmux" and sub == "send-keys"):
        return kinds.STEP
    if program in _POLLERS or _is_waiting(program, sub, part):
        return kinds.POLL
    if program in ("sed", "perl", "eslint", "ruff", "biome", "npm", "yarn", "pnpm") and not _FIXES.isdisjoint(
        part
    ):
        return kinds.CHANGE
    if program in _READERS:
        return kinds.READ
    if sub in _INSTALLS:
        return kinds.CHANGE
    return kinds.STEP if not _STEPS.isdisjoint(word.lower() for word in part[1:4]) else kinds.CHECK


def _is_redirect(word: str, part: list[str]) -> bool:
    if word[0] not in ">12&" or word.startswith(("2>", ">&")):
        return False
    after = part[part.index(word) + 1 :]
    place = word.lstrip("12&>|") or (after[0] if after else "")
    return bool(place) and not place.startswith(("/dev/", "=", "&"))


def _is_waiting(program: str, sub: str, part: list[str]) -> bool:
    if program in ("curl", "wget"):
        return any(word in argument for argument in part[1:] for word in _HEALTH)
    if program == "tail":
        return any(word[:2] == "-f" for word in part[1:])
    known = _WAITING.get(program)
    return known is not None and (not known or sub in known)
