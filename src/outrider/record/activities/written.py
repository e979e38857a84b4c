"""A vocabulary file, decoded: its rules, and everything that is wrong with it at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from outrider.kernel.limits import VOCABULARY_RULES
from outrider.record.activities.lookups import AGENT_KEYS, NONE, Meaning

SECTIONS = ("words", "commands", "tasks", "scripts", "tools", "files", "agents", "skills", "wrappers")

FAMILIES = ("agent:", "skill:", "mcp:")
"""The open families: any name may follow."""


class Rules(NamedTuple):
    """The rules of one file, in its order."""

    words: dict[str, str]
    commands: list[tuple[str, Meaning]]
    tasks: dict[str, list[str]]
    scripts: dict[str, list[str]]
    tools: dict[str, list[str]]
    files: list[tuple[str, list[str]]]
    agents: dict[str, dict[str, list[str]]]
    skills: dict[str, list[str]]
    wrappers: frozenset[str]


def rules_of(given: Mapping[str, object], known: Mapping[str, str]) -> tuple[Rules, list[str]]:
    """Return the rules that ``given`` writes well, and its problems; ``known`` are words it may use too."""
    reader = _Reader(given)
    for name in given:
        if name not in SECTIONS:
            reader.complain(f"`{name}` is no section; there are {', '.join(SECTIONS)}")
    words = reader.words(known)
    return Rules(
        words,
        list(reader.commands()),
        reader.named("tasks"),
        reader.named("scripts"),
        reader.named("tools"),
        list(reader.files()),
        reader.agents(),
        reader.named("skills"),
        frozenset(reader.texts(given.get("wrappers", []), "wrappers")),
    ), reader.problems


class _Reader:
    """Reads one file, section by section."""

    def __init__(self, given: Mapping[str, object]) -> None:
        self.given = given
        self.problems: list[str] = []
        self.known: set[str] = set()
        self.room = VOCABULARY_RULES

    def complain(self, problem: str) -> None:
        if len(self.problems) < _PROBLEMS:
            self.problems.append(problem)

    def words(self, known: Mapping[str, str]) -> dict[str, str]:
        found = {}
        for word, meaning in self._mapping(self.given.get("words", {}), "words"):
            if not _is_word(word):
                self.complain(f"words: `{word}` is no word; write it like `deploy` or `deploy.run`")
            elif not isinstance(meaning, str):
                self.complain(f"words: `{word}` needs one line that says what it means")
            else:
                found[word] = meaning
        self.known = {*known, *found}
        return found

    def commands(self) -> Iterator[tuple[str, Meaning]]:
        for word, given in self._mapping(self.given.get("commands", {}), "commands"):
            if not self._is_known(word, "commands"):
                continue
            groups = given.items() if isinstance(given, dict) else [("", given)]
            for name, patterns in groups:
                for text in self.texts(patterns, f"commands: {word}"):
                    if text.split():
                        yield text, Meaning(word, str(name) or text.split()[0])

    def named(self, section: str) -> dict[str, list[str]]:
        given = self._mapping(self.given.get(section, {}), section)
        return {
            word: self.texts(names, f"{section}: {word}")
            for word, names in given
            if self._is_known(word, section)
        }

    def files(self) -> Iterator[tuple[str, list[str]]]:
        given = self.given.get("files", [])
        for entry in given if isinstance(given, list) else [given]:
            for kind, globs in self._mapping(entry, "files"):
                if kind == NONE or f"edit.{kind}" in self.known:
                    yield kind, self.texts(globs, f"files: {kind}")
                else:
                    self.complain(f"files: `{kind}` is no kind, there is no word `edit.{kind}`")

    def agents(self) -> dict[str, dict[str, list[str]]]:
        found = {}
        for word, given in self._mapping(self.given.get("agents", {}), "agents"):
            if self._is_known(word, "agents"):
                found[word] = self._agent_rule(word, given)
        return found

    def _agent_rule(self, word: str, given: object) -> dict[str, list[str]]:
        rule = {}
        for key, globs in self._mapping(given, f"agents: {word}"):
            if key in AGENT_KEYS:
                rule[key] = [glob.lower() for glob in self.texts(globs, f"agents: {word}: {key}")]
            else:
                self.complain(f"agents: {word}: `{key}` is none of {', '.join(AGENT_KEYS)}")
        return rule

    def texts(self, given: object, where: str) -> list[str]:
        listed = [given] if isinstance(given, str) else given
        if not isinstance(listed, list):
            self.complain(f"{where}: write a list of texts")
            return []
        found = [each for each in listed if isinstance(each, str) and 0 < len(each) <= _TEXT_CHARS]
        for each in listed:
            if not isinstance(each, str) or not 0 < len(each) <= _TEXT_CHARS:
                self.complain(f"{where}: `{str(each)[:40]}` is no text of 1 to {_TEXT_CHARS} characters")
        if len(found) > self.room:
            self.complain(f"{where}: more than {VOCABULARY_RULES} rules in one file")
        kept = found[: self.room]
        self.room -= len(kept)
        return kept

    def _mapping(self, given: object, where: str) -> Iterator[tuple[str, object]]:
        if not isinstance(given, Mapping):
            self.complain(f"{where}: write `name: …`, one on each line")
            return
        for name, value in given.items():
            yield str(name), value

    def _is_known(self, word: str, where: str) -> bool:
        if word == NONE or word in self.known or f"{word}.run" in self.known:
            return True
        if word.startswith(FAMILIES) and not word.endswith(":"):
            return True
        stem = word.partition(".")[0]
        near = sorted(each for each in self.known if each.partition(".")[0] == stem)
        hint = f"; there is {', '.join(near)}" if near else "; add it under `words`"
        self.complain(f"{where}: `{word}` is no word of the vocabulary{hint}")
        return False


_PROBLEMS = 100
_TEXT_CHARS = 200


def _is_word(text: str) -> bool:
    return text[:1].isalpha() and all(part.replace("-", "").isalnum() for part in text.split("."))
