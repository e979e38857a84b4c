"""What a simple command really runs: without the wrappers around it, and in which folder.

`cd web && env CI=1 timeout 60 npx vitest@2 run` runs `vitest run` in `web`; `npm run test:unit` runs the
task `test:unit`. The tables say how each wrapper's own words are told from those of what it runs.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Container
from itertools import pairwise
from typing import NamedTuple

from outrider.record.activities.parts import SUBSTITUTED, Part
from outrider.record.activities.wrappers import RUNNERS, WRAPPERS, Runner, Wrapper


class Command(NamedTuple):
    """One command as it runs. ``name`` is without folder and version, ``args`` are its own.

    ``tasks`` are what a task runner was asked for; ``within`` is the folder, as far as the text tells it,
    relative to where the text begins.
    """

    name: str
    args: tuple[str, ...]
    tasks: tuple[str, ...]
    within: str
    part: Part


class _Taken(NamedTuple):
    words: tuple[str, ...]
    folder: str


def commands_in(parts: tuple[Part, ...], wrappers: Container[str] = ()) -> list[Command]:
    """Return what each part runs; ``wrappers`` are further commands whose rest is the real one."""
    folders: dict[tuple[int, ...], str] = {}
    values: dict[str, str] = {}
    found = []
    for part in parts:
        if not part.words:
            values.update((name, value) for name, value in part.assignments if SUBSTITUTED not in value)
        command = _command(_expanded(part, values), _folder(folders, part.shell), wrappers)
        if command.name in ("cd", "pushd"):
            folders[part.shell] = joined(command.within, next((w for w in command.args if w != "--"), "~"))
        elif command.name == "export":
            values.update(_exported(command.args))
        found.append(command)
        if command.name == "find":
            found += _executed(command, wrappers)
    return found


def joined(folder: str, path: str) -> str:
    """Return ``path`` as seen from where ``folder`` is seen from."""
    if not folder or path.startswith(("/", "~", "$")):
        return path
    return posixpath.normpath(f"{folder}/{path}")


def operands(args: tuple[str, ...], with_value: Container[str] = ()) -> list[str]:
    """Return the words that are no options, nor the values of the options ``with_value``."""
    found: list[str] = []
    skip = False
    for place, word in enumerate(args):
        if skip:
            skip = False
        elif word == "--":
            return found + list(args[place + 1 :])
        elif word.startswith("-") and word != "-":
            skip = word in with_value
        else:
            found.append(word)
    return found


def _executed(command: Command, wrappers: Container[str]) -> list[Command]:
    """Return what `find … -exec …` runs, on files named as they are looked for."""
    start = next((place for place, word in enumerate(command.args) if word in _EXECUTING), None)
    if start is None:
        return []
    words = command.args[start + 1 :]
    ends = [words.index(sign) for sign in (";", "+") if sign in words]
    name = command.args[command.args.index("-name") + 1 : start] if "-name" in command.args else ()
    inner = tuple(word.replace("{}", name[0]) if name else word for word in words[: min(ends, default=None)])
    part = command.part._replace(words=inner, writes=(), connector="$(", loose=True, inner=True)
    return [_command(part, command.within, wrappers)]


_EXECUTING = ("-exec", "-execdir", "-ok")
_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
_ASSIGNED = re.compile(r"[A-Za-z_]\w*=")
_VERSION = re.compile(r"(?<=[\w-])@[\w.^~*-]*\Z")
_SETTINGS = frozenset(("-C", "-c", "--git-dir", "--work-tree", "--namespace", "--exec-path"))
_UNWRAPPINGS = 8


def _folder(folders: dict[tuple[int, ...], str], shell: tuple[int, ...]) -> str:
    for length in range(len(shell), -1, -1):
        if shell[:length] in folders:
            return folders[shell[:length]]
    return ""


def _expanded(part: Part, values: dict[str, str]) -> Part:
    """Put in the variables that the text itself sets."""
    if not values:
        return part
    return part._replace(
        words=tuple(_filled(word, values) for word in part.words),
        writes=tuple(_filled(word, values) for word in part.writes),
    )


def _filled(word: str, values: dict[str, str]) -> str:
    if "$" not in word or len(word) > _LONGEST_FILLED:
        return word
    return _VARIABLE.sub(lambda found: values.get(found[1] or found[2], found[0])[:_LONGEST_FILLED], word)


_LONGEST_FILLED = 1_000


def _exported(args: tuple[str, ...]) -> list[tuple[str, str]]:
    pairs = [word.partition("=") for word in args if _ASSIGNED.match(word)]
    return [(name, value) for name, _, value in pairs if SUBSTITUTED not in value]


def _command(part: Part, folder: str, wrappers: Container[str]) -> Command:
    taken = _Taken(part.words, folder)
    for _ in range(_UNWRAPPINGS):
        inner = _unwrapped(taken, wrappers)
        if inner is None:
            break
        taken = inner
    if not taken.words:
        return Command("", (), (), taken.folder, part)
    name = named(taken.words[0])
    if name == "git":
        taken = _without_git_settings(taken)
    runner = RUNNERS.get(name)
    if runner is None:
        return Command(name, taken.words[1:], (), taken.folder, part)
    folder, tasks = _tasks(runner, name, taken)
    return Command(name, taken.words[1:], tasks, folder, part)


def named(word: str) -> str:
    """Return the name of a program without its version; of one that is installed, without its folder."""
    if "/" in word and not word.startswith("@"):
        folder, _, base = word.rpartition("/")
        if base not in _PROJECT_LOCAL:
            absolute = word.startswith(("/", "~"))
            if not (absolute or folder.endswith(_PACKAGES)) or not f"{folder}/".endswith("bin/"):
                return posixpath.normpath(word)
        word = _PROJECT_LOCAL.get(base, base)
    return _VERSION.sub("", word)


_PACKAGES = (".bin", "venv/bin", "vendor/bin")
_PROJECT_LOCAL = {"gradlew": "gradle", "mvnw": "mvn"}


def _unwrapped(taken: _Taken, wrappers: Container[str]) -> _Taken | None:
    words = taken.words
    if not words:
        return None
    if _ASSIGNED.match(words[0]):
        return _Taken(words[1:], taken.folder)
    name = named(words[0])
    if name in wrappers and len(words) > 1 and not words[1].startswith("-"):
        return _Taken(words[1:], taken.folder)
    for wrapper in WRAPPERS.get(name, ()):
        if words[1 : 1 + len(wrapper.words)] == wrapper.words:
            inner = _inside(taken, wrapper)
            if inner is not None:
                return inner
    return None


def _inside(taken: _Taken, wrapper: Wrapper) -> _Taken | None:
    """Return what ``wrapper`` runs: its options, their values and its own words are left out."""
    words, folder = taken.words, taken.folder
    if wrapper.until:
        rest = words[words.index(wrapper.until) + 1 :] if wrapper.until in words else ()
        return _Taken(rest, folder) if rest else None
    place, skipped = 1 + len(wrapper.words), 0
    while place < len(words):
        word = words[place]
        option, equals, value = word.partition("=")
        if word == "--":
            place += 1
            break
        if word.startswith("-") and word != "-":
            if option in wrapper.folder:
                folder = joined(folder, value if equals else "".join(words[place + 1 : place + 2]))
            place += 1 if equals or option not in wrapper.values else 2
        elif _ASSIGNED.match(word) or skipped < wrapper.skip:
            skipped += not _ASSIGNED.match(word)
            place += 1
        else:
            break
    return _Taken(words[place:], folder) if place < len(words) else None


def _without_git_settings(taken: _Taken) -> _Taken:
    words, folder = taken.words, taken.folder
    place = 1
    while place < len(words) and words[place].startswith("-"):
        if words[place] == "-C" and place + 1 < len(words):
            folder = joined(folder, words[place + 1])
        place += 2 if words[place] in _SETTINGS else 1
    return _Taken((words[0], *words[place:]), folder)


def _tasks(runner: Runner, name: str, taken: _Taken) -> tuple[str, tuple[str, ...]]:
    """Return the folder and the tasks that a task runner is asked for."""
    folder, words = taken.folder, taken.words[1:]
    plain: list[str] = []
    place = 0
    while place < len(words):
        option, equals, value = words[place].partition("=")
        if option == "--":
            break
        if option.startswith("-"):
            if option in runner.folder:
                folder = joined(folder, value if equals else "".join(words[place + 1 : place + 2]))
            place += 1 if equals or option not in runner.values else 2
            continue
        if not _ASSIGNED.match(words[place]):
            plain.append(words[place])
        place += 1
    return folder, _asked_for(runner, name, plain)


def _asked_for(runner: Runner, name: str, plain: list[str]) -> tuple[str, ...]:
    if not plain:
        return ()
    if plain[0] in runner.verbs and len(plain) > 1:
        plain = plain[1:]
    elif (
        plain[0] in runner.verbs
        or plain[0] in runner.own
        or (not runner.bare and plain[0] not in runner.short)
    ):
        return ()
    if not runner.several:
        return (runner.short.get(plain[0], plain[0]),)
    if name == "mise":
        return (plain[0], *(word for before, word in pairwise(plain) if before == ":::"))
    return tuple(plain)
