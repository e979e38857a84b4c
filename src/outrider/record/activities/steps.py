"""The steps of one shell command text: each part with what it checks, changes or looks at.

They depend on the text alone, so they are kept for the next call that says the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from outrider.kernel.limits import VOCABULARY_CACHE
from outrider.record.activities import operations
from outrider.record.activities.activity import Activity
from outrider.record.activities.commands import Command, commands_in, operands
from outrider.record.activities.edits import edited
from outrider.record.activities.lookups import NONE, Meaning
from outrider.record.activities.parts import Part
from outrider.record.activities.paths import folder_of, is_elsewhere, placed
from outrider.record.activities.shell import parse
from outrider.record.activities.vocabulary import Vocabulary


class Step(NamedTuple):
    """One part of a shell command.

    ``checks`` have an outcome; ``effects`` happened or did not; ``looks`` need no success to have
    happened (a search may find nothing). ``fallible``: it may be what went wrong in a chain. ``known``:
    a rule speaks of it, be it to say that it means nothing.
    """

    part: Part
    command: Command
    checks: tuple[Activity, ...]
    effects: tuple[Activity, ...]
    looks: tuple[Activity, ...]
    fallible: bool
    known: bool


def steps_of(text: str, vocabulary: Vocabulary, cwd: str) -> tuple[Step, ...]:
    """Return the steps of a shell command, in order."""
    key = f"{cwd}\0{text}"
    known = vocabulary.plans.get(key)
    if known is None:
        if len(vocabulary.plans) >= VOCABULARY_CACHE:
            vocabulary.plans.clear()
        found = commands_in(parse(text), vocabulary.wrappers)
        known = tuple(_step(command, vocabulary, cwd) for command in found)
        if len(text) <= _REMEMBERED_CHARS:
            vocabulary.plans[key] = known
    return known


_REMEMBERED_CHARS = 2_000
_SURE = frozenset((
    "cd", "pushd", "popd", "export", "set", "source", ".", "echo", "printf", "true", ":", "mkdir", "touch",
    "sleep", "pwd", "unset", "local", "which", "date", "[[", "((", "[", "test", "umask", "hash", "type",
    "wait", "shopt", "alias", "declare", "read", "clear", "env", "ulimit", "trap", "exit", "return",
))  # fmt: skip
"""Commands that are not what goes wrong in a chain, unless the shell says so."""


def _step(command: Command, vocabulary: Vocabulary, cwd: str) -> Step:
    checks: list[Activity] = []
    effects: list[Activity] = list(_edits(command, vocabulary, cwd))
    looks: list[Activity] = []
    within = folder_of(command.within, cwd)
    changes = command.name in _EDITORS and bool(effects)
    meanings = vocabulary.of_command(command)
    for meaning in meanings:
        if meaning.word in vocabulary.checks:
            checks.append(Activity(meaning.word, meaning.of, within=within))
        elif meaning.word in _LOOKING or command.name == _OWN:
            if not changes and not command.part.hidden:
                looks += _looking(meaning.word, command, cwd)
        else:
            effects += _effect(meaning, command, within, cwd)
    return Step(
        command.part,
        command,
        tuple(checks),
        tuple(effects),
        tuple(looks),
        bool(command.name) and command.name not in _SURE and not _is_sure_git(command),
        bool(meanings or effects) or not command.name or command.name in _SURE,
    )


_EDITORS = frozenset(("sed", "gsed", "perl", "tee"))
"""Commands that look at a file or change it, never both."""

_LOOKING = frozenset(("read", "search", "web", "diff.read"))
_OWN = "outrider"
_OWN_GROUPS = ("guard", "workflow")
"""Our own commands with a meaning only look; some end with 1 when they found something."""


def _is_sure_git(command: Command) -> bool:
    return command.name == "git" and command.args[:1] in (
        ("add",),
        ("status",),
        ("log",),
        ("branch",),
        ("diff",),
    )


def _edits(command: Command, vocabulary: Vocabulary, cwd: str) -> Iterator[Activity]:
    seen = set()
    for target in edited(command):
        path = placed(target, command.within, cwd)
        if target and (not path or is_elsewhere(path) or path in seen):
            continue
        seen.add(path)
        kind = vocabulary.file_kind(path) if path else "src"
        if kind != "none":
            yield Activity(f"edit.{kind}", of=path)


def _looking(word: str, command: Command, cwd: str) -> Iterator[Activity]:
    if command.name == _OWN:
        if word != NONE:
            asked = operands(command.args)
            yield Activity(word, of=" ".join((_OWN, *asked[: 1 + (asked[0] in _OWN_GROUPS)])))
    elif word == "web":
        if not operations.is_local(command):
            yield Activity("web", of=next((each for each in operands(command.args) if "." in each), ""))
    elif word == "search":
        if operations.searches(command):
            yield Activity("search")
    elif word == "read":
        for path in operations.shown(command):
            yield Activity("read", of=placed(path, command.within, cwd))
    elif path := operations.is_reading_of_a_file(command.args):
        yield Activity("read", of=placed(path, command.within, cwd))
    else:
        yield Activity(word, within=folder_of(command.within, cwd))


def _effect(meaning: Meaning, command: Command, within: str, cwd: str) -> Iterator[Activity]:
    """What is done in a temporary folder is done to no project."""
    word, args = meaning.word, command.args
    if word == NONE or is_elsewhere(f"{within}/"):
        return
    if word == "git.push":
        yield Activity(word, to=operations.pushed_to(args) if command.name == "git" else "", within=within)
    elif word == "git.merge":
        yield Activity(word, of=operations.merged(command), within=within)
    elif word == "git.worktree":
        yield Activity(word, of=placed(operations.worktree(args), command.within, cwd), within=within)
    elif word == "pr.create":
        yield Activity(word, to=operations.base_of(args), within=within)
    elif word == "git.commit":
        yield Activity(word, within=within)
    else:
        yield Activity(word, of=meaning.of, within=within)
