"""What the rules of a vocabulary look up: commands, tasks, files, subagents and tools by their names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from outrider.record.activities.commands import Command, named, operands
from outrider.record.activities.globs import Globs, fits

NONE = "none"
"""Under this name stand the exceptions: what is known to mean nothing."""


class Meaning(NamedTuple):
    """What a rule says: a word or a check without its `.run`, and what it is done with."""

    word: str
    of: str = ""


class Pattern(NamedTuple):
    """A command: its first words that are no options, and the words that it must and must not have."""

    name: str
    words: tuple[str, ...]
    wanted: tuple[str, ...]
    unwanted: tuple[str, ...]

    def weight(self) -> int:
        """Return how much it asks for: what asks for more is tried first."""
        return 2 * len(self.words) + 2 * len(self.wanted) + bool(self.unwanted)

    def matches(self, args: tuple[str, ...], plain: list[str]) -> bool:
        """Tell whether a command of this name with these arguments is meant."""
        if len(plain) < len(self.words) or not all(map(fits, self.words, plain)):
            return False
        return all(_has(args, option) for option in self.wanted) and not any(
            _has(args, option) for option in self.unwanted
        )


def pattern_of(text: str) -> Pattern:
    """Return the pattern that ``text`` writes: `git diff !--stat`, `sed -i`."""
    name, *rest = text.split()
    words = [word for word in rest if not word.startswith(("-", "!"))]
    wanted = [word for word in rest if word.startswith("-")]
    return Pattern(
        named(name), tuple(words), tuple(wanted), tuple(word[1:] for word in rest if word[0] == "!")
    )


class Commands:
    """Rules for commands, by name; the first that fits decides."""

    __slots__ = ("_rules",)

    def __init__(self) -> None:
        self._rules: dict[str, list[tuple[Pattern, list[Meaning]]]] = {}

    def add(self, rules: Iterable[tuple[str, Meaning]]) -> None:
        """Add rules behind those that are there; of these the one that asks for most comes first."""
        added: dict[Pattern, list[Meaning]] = {}
        for text, meaning in rules:
            added.setdefault(pattern_of(text), []).append(meaning)
        for pattern in sorted(added, key=Pattern.weight, reverse=True):
            self._rules.setdefault(pattern.name, []).append((pattern, added[pattern]))

    def __contains__(self, name: object) -> bool:
        return name in self._rules

    def find(self, command: Command) -> list[Meaning]:
        """Return what ``command`` means; empty when no rule fits."""
        rules = self._rules.get(command.name)
        if not rules or _ASKING.intersection(command.args):
            return []
        plain = operands(command.args, _LEADING.get(command.name, ()))
        if plain and plain[0].startswith("+"):
            plain = plain[1:]
        return next((found for pattern, found in rules if pattern.matches(command.args, plain)), [])


class Tasks:
    """Rules for the names of tasks: the whole name, or else the first of its words that is known."""

    __slots__ = ("_kinds",)

    def __init__(self) -> None:
        self._kinds: dict[str, list[str]] = {}

    def add(self, rules: Mapping[str, Iterable[str]]) -> None:
        """Add rules; a name that is there keeps its meaning."""
        known = set(self._kinds)
        for kind, names in rules.items():
            for name in names:
                if name not in known:
                    self._kinds.setdefault(name, []).append(kind)

    def find(self, name: str) -> list[Meaning] | None:
        """Return what a task means; None when its name says nothing."""
        kinds = self._kinds.get(name) or next(
            (self._kinds[word] for word in _words(name) if word in self._kinds), None
        )
        return None if kinds is None else [Meaning(kind, name) for kind in kinds if kind != NONE]


class Files:
    """Kinds of files; the first rule that fits decides."""

    __slots__ = ("_rules",)

    def __init__(self) -> None:
        self._rules: list[tuple[str, Globs, Globs, Globs]] = []

    def add(self, rules: Iterable[tuple[str, Iterable[str]]]) -> None:
        """Add rules behind those that are there."""
        for kind, globs in rules:
            listed = list(globs)
            folders = [glob.rstrip("/") for glob in listed if glob.endswith("/")]
            whole = [glob.removeprefix("./") for glob in listed if "/" in glob and not glob.endswith("/")]
            names = [glob for glob in listed if "/" not in glob]
            self._rules.append((kind, Globs(names), Globs(folders), Globs(whole)))

    def kind(self, path: str) -> str:
        """Return the kind of the file at ``path``: `src` when no rule fits."""
        *folders, name = path.split("/")
        for kind, names, parents, whole in self._rules:
            if name in names or path in whole or any(folder in parents for folder in folders):
                return kind
        return "src"


class Named:
    """Rules of globs over one name."""

    __slots__ = ("_rules",)

    def __init__(self) -> None:
        self._rules: list[tuple[str, Globs]] = []

    def add(self, rules: Mapping[str, Iterable[str]]) -> None:
        """Add rules behind those that are there."""
        self._rules += ((word, Globs(globs)) for word, globs in rules.items())

    def find(self, name: str) -> list[str]:
        """Return every word whose globs fit; empty when an exception fits too."""
        found = self.rules_for(name)
        return [] if NONE in found else found

    def rules_for(self, name: str) -> list[str]:
        """Return every word whose globs fit, the exceptions' included."""
        return [word for word, globs in self._rules if name in globs]


class Agents:
    """Rules for subagents, by type and by the description of their call."""

    __slots__ = ("_rules",)

    def __init__(self) -> None:
        self._rules: list[tuple[str, dict[str, Globs]]] = []

    def add(self, rules: Mapping[str, Mapping[str, Iterable[str]]]) -> None:
        """Add rules behind those that are there."""
        for word, given in rules.items():
            self._rules.append((word, {key: Globs(given.get(key, ())) for key in AGENT_KEYS}))

    def find(self, kind: str, description: str) -> list[str]:
        """Return the words that a subagent of type ``kind``, called with ``description``, stands for."""
        kinds = kind.lower().split(":")
        description = description.lower()[:_DESCRIPTION_CHARS]
        return [word for word, rule in self._rules if _stands_for(rule, kinds, description)]


AGENT_KEYS = ("types", "not_types", "descriptions", "not_descriptions", "readers")
"""``readers``: types that only look; for them a description must say more than its first word."""

_DESCRIPTION_CHARS = 200
_ASKING = frozenset(("--help", "--version", "-help", "--usage"))
_LEADING: Mapping[str, frozenset[str]] = {
    "gh": frozenset(("-R", "--repo")),
    "go": frozenset(("-C",)),
    "cargo": frozenset(("--manifest-path", "-C", "--color", "--config")),
    "mvn": frozenset(("-f", "-pl", "-P", "-T")),
    "gradle": frozenset(("-p", "--console", "-c")),
    "cmake": frozenset(("-B", "-S", "-G")),
    "docker": frozenset(("-H", "--context", "-f")),
}
"""Options that stand before the subcommand and take a word of their own."""


def _stands_for(rule: Mapping[str, Globs], kinds: list[str], description: str) -> bool:
    """A type counts with the groups before it: `team:review:architect` reviews."""
    if kinds[-1] in rule["not_types"]:
        return False
    if any(kind in rule["types"] for kind in kinds):
        return True
    if description in rule["not_descriptions"]:
        return False
    if kinds[-1] in rule["readers"]:
        description = description.partition(" ")[2]
    return description in rule["descriptions"]


def _has(args: tuple[str, ...], option: str) -> bool:
    return option in args or (option.startswith("--") and any(word.startswith(f"{option}=") for word in args))


def _words(name: str) -> list[str]:
    for sign in ":-_./":
        name = name.replace(sign, " ")
    return name.lower().split()
