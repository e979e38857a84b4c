"""The vocabulary: the words for what is done, and the rules by which calls are put into them.

It is made of the shipped file beside this module and a project's own, both decoded already: on the way
of a hook no YAML is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from outrider.kernel.limits import VOCABULARY_CACHE
from outrider.record.activities.commands import Command, operands
from outrider.record.activities.globs import Globs
from outrider.record.activities.lookups import NONE, Agents, Commands, Files, Meaning, Named, Tasks
from outrider.record.activities.written import FAMILIES, Rules, rules_of


class Vocabulary:
    """Words, and what they mean in a session.

    ``words`` are all of them, without the open families; ``checks`` are those that stand for three words
    (`test` for `test.run`, `test.pass` and `test.fail`).
    """

    __slots__ = (
        "_agents",
        "_commands",
        "_files",
        "_scripts",
        "_skills",
        "_tasks",
        "_tools",
        "checks",
        "kinds_seen",
        "meant",
        "plans",
        "words",
        "wrappers",
    )

    def __init__(self, words: Mapping[str, str], wrappers: frozenset[str]) -> None:
        self.meant = dict(words)
        self.words = frozenset(words)
        self.wrappers = wrappers
        self.checks = checks_of(words)
        self.plans: dict[str, Any] = {}
        self.kinds_seen: dict[str, str] = {}
        self._commands, self._tasks, self._files = Commands(), Tasks(), Files()
        self._scripts, self._tools, self._skills = Named(), Named(), Named()
        self._agents = Agents()

    def take(self, rules: Rules) -> None:
        """Add rules behind those that are there."""
        self._commands.add(rules.commands)
        self._tasks.add(rules.tasks)
        self._scripts.add(rules.scripts)
        self._tools.add(rules.tools)
        self._files.add(rules.files)
        self._agents.add(rules.agents)
        self._skills.add(rules.skills)

    def knows(self, name: str) -> bool:
        """Tell whether ``name`` is a word, or one of an open family."""
        return name in self.words or (name.startswith(FAMILIES) and not name.endswith(":"))

    def of_command(self, command: Command) -> list[Meaning]:
        """Return what a shell command means."""
        if not command.tasks:
            return self._commands.find(command) or self._of_script(command)
        found: list[Meaning] = []
        for task in command.tasks:
            meanings = self._tasks.find(task)
            if meanings is None and task in self._commands:
                place = command.args.index(task)
                meanings = self._commands.find(command._replace(name=task, args=command.args[place + 1 :]))
            found += meanings or ()
        found = found or self._commands.find(command._replace(args=("run", *command.tasks)))
        return [meaning for meaning in found if meaning.word != NONE]

    def _of_script(self, command: Command) -> list[Meaning]:
        path = command.name
        if command.part.words[:1] != (path,) and command.part.words[:1] in _ENVIRONMENTS:
            return self._tasks.find(path) or []
        if path in _INTERPRETERS:
            path = next(iter(operands(command.args)), "")
        elif "/" not in path:
            return []
        name = path.rpartition("/")[2]
        return [Meaning(word, name) for word in self._scripts.find(name)]

    def of_tool(self, name: str) -> list[str]:
        """Return the words that a tool of the client stands for."""
        return self._tools.find(name)

    def has_tool(self, name: str) -> bool:
        """Tell whether a rule speaks of a tool."""
        return bool(self._tools.rules_for(name))

    def of_agent(self, kind: str, description: str) -> list[str]:
        """Return what a subagent stands for beside its type."""
        return self._agents.find(kind, description)

    def of_skill(self, name: str) -> list[str]:
        """Return what a skill stands for beside its name."""
        return self._skills.find(name.rpartition(":")[2].lower())

    def file_kind(self, path: str) -> str:
        """Return the kind of a file (`src`, `test`, …; `none` for no part of the project)."""
        kind = self.kinds_seen.get(path)
        if kind is None:
            if len(self.kinds_seen) >= VOCABULARY_CACHE:
                self.kinds_seen.clear()
            kind = self.kinds_seen[path] = self._files.kind(path)
        return kind


def build_vocabulary(
    shipped: Mapping[str, object], project: Mapping[str, object] | None
) -> tuple[Vocabulary, list[str]]:
    """Return the vocabulary of the two files, and every problem of the project's; its good rules count."""
    basis, problems = rules_of(shipped, {})
    assert not problems, problems
    own, problems = rules_of(project, basis.words) if project is not None else (None, [])
    words = {**basis.words, **own.words} if own else basis.words
    vocabulary = Vocabulary(words, basis.wrappers | own.wrappers if own else basis.wrappers)
    if own:
        vocabulary.take(own)
    vocabulary.take(basis)
    return vocabulary, problems


def checks_of(words: Mapping[str, str]) -> frozenset[str]:
    """Return the checks among ``words``: what can be run, pass and fail."""
    stems = (word.removesuffix(".run") for word in words if word.endswith(".run"))
    return frozenset(stem for stem in stems if f"{stem}.pass" in words and f"{stem}.fail" in words)


_INTERPRETERS = Globs(
    (
        "bash",
        "sh",
        "zsh",
        "dash",
        "python",
        "python3",
        "node",
        "tsx",
        "ts-node",
        "bun",
        "ruby",
        "php",
        "perl",
        "source",
    )
)
_ENVIRONMENTS = frozenset((("hatch",), ("pdm",), ("pixi",), ("poetry",), ("rye",), ("pipenv",)))
"""Commands that run scripts of a project by name as well as programs."""
