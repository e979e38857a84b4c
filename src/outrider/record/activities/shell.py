"""One shell command text as a list of simple commands, in the order in which they are written.

It reads what POSIX shells and their kin have in common, as far as it matters for what a command does:
quotes, connectors, groups, substitutions, redirects, here-documents. Expansions are not carried out.
Every character is looked at a bounded number of times, and no text is refused: what is not understood
is passed over.
"""

from __future__ import annotations

import re

from outrider.kernel.limits import SHELL_CHARS, SHELL_DEPTH, SHELL_PARTS
from outrider.record.activities.parts import SUBSTITUTED, Part, PartList


def parse(text: str) -> tuple[Part, ...]:
    """Return the simple commands of ``text``; never raises, takes time linear in its length."""
    return tuple(_Reader(text[:SHELL_CHARS], 0, ()).parts(closed_by=""))


_BLANK = re.compile(r"(?:[ \t\r\f\v]|\\\r?\n)+")
_PLAIN = re.compile(r"[^ \t\r\n\f\v\\'\"`$|&;<>()]+")
_IN_DOUBLE = re.compile(r"[^\"\\$`]+")
_IN_ANSI = re.compile(r"(?:[^'\\]|\\.)*", re.DOTALL)
_IN_BACKTICKS = re.compile(r"(?:[^`\\]|\\.)*", re.DOTALL)
_CONNECTOR = re.compile(r"&&|\|\||;;?&?|\|&?|&(?!>)|\n")
_REDIRECT = re.compile(r"(\d{0,3})(<<<|<<-?|<&|<>|>&|>>|>\||<(?!\()|>(?!\())|(&)(>>?)")
_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)\+?=")
_SHELL = re.compile(r"(?:.*/)?(?:ba|z|da|k)?sh\Z", re.DOTALL)

_OPENING = frozenset(("if", "while", "until", "for", "select", "case", "{"))
_CLOSING = frozenset(("fi", "done", "esac", "}"))
_TALKERS = frozenset(("echo", "printf", "ssh", "grep", "rg"))
"""Commands whose arguments may look like a shell call and are not."""


class _Reader:
    """A cursor over one text."""

    __slots__ = ("depth", "end", "inner", "pending", "pos", "room", "shell", "shells", "text")

    def __init__(self, text: str, depth: int, shell: tuple[int, ...]) -> None:
        self.text = text
        self.pos = 0
        self.end = len(text)
        self.depth = depth
        self.shell = shell
        self.shells = 0
        self.room = SHELL_PARTS
        self.inner: list[Part] = []
        self.pending: list[tuple[str, bool]] = []

    def parts(self, closed_by: str) -> list[Part]:
        """Read commands up to the closing sign or the end."""
        reading = PartList()
        while self._next(reading, closed_by):
            pass
        return reading.found

    def _next(self, reading: PartList, closed_by: str) -> bool:
        self._skip_blank()
        if self.pos >= self.end or self.room <= 0:
            self.pos = self.end
            return False
        if self.text[self.pos] == ")":
            self.pos += 1
            return closed_by != ")"
        if match := _CONNECTOR.match(self.text, self.pos):
            self.pos = match.end()
            if match[0] == "\n":
                self._skip_documents()
            reading.connect(match[0])
            if match[0].startswith((";;", ";&")) and "case" in reading.open:
                self._skip_pattern()
        elif self.text[self.pos] == "(":
            self._group(reading)
        elif not self._keyword(reading):
            self._simple(reading)
        return True

    def _keyword(self, reading: PartList) -> bool:
        """Read a reserved word, if one stands here, as far as its commands."""
        match = _KEYWORD.match(self.text, self.pos)
        if not match:
            return False
        self.pos = match.end()
        word = match[0]
        if word == "!":
            reading.negated = True
        elif word == "[[":
            self.pos = self._find("]]", self.pos) + 2
            reading.add([Part(("[[",), shell=self.shell)])
        elif word in _OPENING:
            self._begin(reading, word)
        elif word in _CLOSING:
            reading.close()
        return True

    def _begin(self, reading: PartList, word: str) -> None:
        reading.begin(word)
        if word in ("for", "select"):
            reading.add(self._loop_words())
        elif word == "case":
            reading.add(self._case_word())
            self._skip_pattern()

    def _skip_pattern(self) -> None:
        """Pass over a pattern of a `case` with its parenthesis."""
        while self.pos < self.end and self.text[self.pos].isspace():
            self.pos += 1
        if not self.text.startswith("esac", self.pos):
            self.pos = self._find(")", self.pos) + 1

    def _group(self, reading: PartList) -> None:
        if self.text.startswith("((", self.pos):
            self._skip_parentheses()
            reading.add([Part(("((",))])
            return
        self.pos += 1
        if self.depth < SHELL_DEPTH:
            reading.add(self._nested())

    def _nested(self) -> list[Part]:
        """Read a list in parentheses as a shell of its own, up to and with the closing one."""
        outer, outer_inner = self.shell, self.inner
        self.shells += 1
        self.shell, self.inner = (*outer, self.shells), []
        self.depth += 1
        found = self.parts(closed_by=")")
        self.depth -= 1
        self.shell, self.inner = outer, outer_inner
        return found

    def _simple(self, reading: PartList) -> None:
        command = _Simple()
        self.inner = []
        while self._element(command):
            pass
        inner, self.inner = self.inner, []
        if command.defines:
            reading.defines = True
        elif command.words or command.assignments or command.writes or inner:
            self.room -= 1
            reading.add([*inner, *self._made(command)])

    def _made(self, command: _Simple) -> list[Part]:
        part = command.part(self.shell)
        script = _script_of(part.words) if self.depth < SHELL_DEPTH else None
        if script is None:
            return [part]
        options, text = script
        self.shells += 1
        reader = _Reader(text, self.depth + 1, (*self.shell, self.shells))
        reader.room = self.room
        found = reader.parts(closed_by="")
        self.room -= len(found)
        if options and found:
            found[0] = found[0]._replace(connector=found[0].connector or "\n")
            found.insert(0, Part(("set", *options), shell=reader.shell))
        return [each._replace(hidden=each.hidden or part.hidden) for each in found] or [part]

    def _loop_words(self) -> list[Part]:
        """Pass over what a loop runs through; return the inner commands."""
        self._skip_blank()
        if self.text.startswith("((", self.pos):
            self._skip_parentheses()
            return []
        return self._words_of(_Simple(), several=True)

    def _case_word(self) -> list[Part]:
        """Pass over what a `case` looks at; return the inner commands."""
        found = self._words_of(_Simple(), several=False)
        self._skip_blank()
        if self.text.startswith("in", self.pos):
            self.pos += 2
        return found

    def _words_of(self, command: _Simple, *, several: bool) -> list[Part]:
        self.inner = []
        while self._element(command) and several:
            pass
        inner, self.inner = self.inner, []
        return inner

    def _element(self, command: _Simple) -> bool:
        """Read one word, assignment or redirect; tell whether there may be more."""
        self._skip_blank()
        if self.pos >= self.end:
            return False
        sign = self.text[self.pos]
        if match := _REDIRECT.match(self.text, self.pos):
            self._redirect(match, command)
        elif sign in "\n;|&)":
            return False
        elif sign == "(":
            return self._parenthesis(command)
        elif not command.words and (match := _ASSIGNMENT.match(self.text, self.pos)):
            self.pos = match.end()
            command.assignments.append((match[1], self._word()))
            if self.text.startswith("(", self.pos):
                self._skip_parentheses()
        elif sign in "<>":
            self.pos += 1
            self._substitution()
            command.words.append(SUBSTITUTED)
        else:
            command.words.append(self._word())
        return True

    def _parenthesis(self, command: _Simple) -> bool:
        """Read `name ()`, which begins a function; another parenthesis here is passed over."""
        self.pos += 1
        self._skip_blank()
        if command.words and self.text.startswith(")", self.pos):
            self.pos += 1
            command.defines = True
            return False
        return True

    def _redirect(self, match: re.Match[str], command: _Simple) -> None:
        self.pos = match.end()
        self._skip_blank()
        handle, sign = (match[1], match[2]) if match[2] else (match[3], match[4])
        target = self._word()
        if sign.startswith("<<") and sign != "<<<":
            self.pending.append((target, sign == "<<-"))
        elif ">" in sign and target and not (sign == ">&" and (target.isdigit() or target == "-")):
            command.writes.append(target)
            command.hidden = command.hidden or handle in ("", "1", "&")

    def _word(self) -> str:
        pieces: list[str] = []
        while self.pos < self.end:
            if match := _PLAIN.match(self.text, self.pos):
                pieces.append(match[0])
                self.pos = match.end()
            elif not self._quoted(pieces):
                break
        return "".join(pieces)

    def _quoted(self, pieces: list[str]) -> bool:
        sign = self.text[self.pos]
        if sign == "\\":
            following = self.text[self.pos + 1 : self.pos + 2]
            pieces.append("" if following == "\n" else following)
            self.pos += 2
        elif sign == "'":
            close = self._find("'", self.pos + 1)
            pieces.append(self.text[self.pos + 1 : close])
            self.pos = close + 1
        elif sign == '"':
            self._double(pieces)
        elif sign in "$`":
            pieces.append(self._expansion())
        else:
            return False
        return True

    def _double(self, pieces: list[str]) -> None:
        self.pos += 1
        while self.pos < self.end and self.text[self.pos] != '"':
            if match := _IN_DOUBLE.match(self.text, self.pos):
                pieces.append(match[0])
                self.pos = match.end()
            elif self.text[self.pos] == "\\":
                following = self.text[self.pos + 1 : self.pos + 2]
                pieces.append(following if following in '"\\$`' else "\\" + following)
                self.pos += 2
            else:
                pieces.append(self._expansion(quoted=True))
        self.pos += 1

    def _expansion(self, *, quoted: bool = False) -> str:
        if self.text[self.pos] == "`":
            return self._backticks()
        following = self.text[self.pos + 1 : self.pos + 2]
        if following == "(":
            self.pos += 1
            if self.text.startswith("((", self.pos):
                self._skip_parentheses()
            else:
                self._substitution()
            return SUBSTITUTED
        if following == "{":
            start, self.pos = self.pos, self._find("}", self.pos) + 1
            return self.text[start : self.pos]
        if following == "'" and not quoted:
            start = self.pos + 2
            match = _IN_ANSI.match(self.text, start)
            self.pos = (match.end() if match else start) + 1
            return self.text[start : self.pos - 1]
        self.pos += 1
        return "$"

    def _substitution(self) -> None:
        """Read `(…)` behind `$`, `<` or `>`, and keep its commands for the one around it."""
        self.pos += 1
        if self.depth < SHELL_DEPTH:
            self._keep(self._nested())

    def _backticks(self) -> str:
        match = _IN_BACKTICKS.match(self.text, self.pos + 1)
        close = match.end() if match else self.end
        if self.depth < SHELL_DEPTH:
            self.shells += 1
            reader = _Reader(self.text[self.pos + 1 : close], self.depth + 1, (*self.shell, self.shells))
            reader.room = self.room
            self._keep(reader.parts(closed_by=""))
        self.pos = close + 1
        return SUBSTITUTED

    def _keep(self, found: list[Part]) -> None:
        self.room -= len(found)
        self.inner += (
            each._replace(connector=each.connector or "$(", loose=True, inner=True) for each in found
        )

    def _find(self, sign: str, start: int) -> int:
        found = self.text.find(sign, start)
        return self.end if found < 0 else found

    def _skip_blank(self) -> None:
        """Pass over spaces, joined lines and a comment."""
        if match := _BLANK.match(self.text, self.pos):
            self.pos = match.end()
        if self.text.startswith("#", self.pos):
            self.pos = self._find("\n", self.pos)

    def _skip_parentheses(self) -> None:
        """Pass over balanced parentheses, or over all that is left."""
        level = 0
        for match in _PARENTHESIS.finditer(self.text, self.pos):
            level += 1 if match[0] == "(" else -1
            if not level:
                self.pos = match.end()
                return
        self.pos = self.end

    def _skip_documents(self) -> None:
        for delimiter, indented in self.pending:
            while self.pos < self.end:
                close = self._find("\n", self.pos)
                line = self.text[self.pos : close]
                self.pos = close + 1
                if (line.lstrip("\t") if indented else line).rstrip("\r") == delimiter:
                    break
        self.pending = []


_KEYWORD = re.compile(
    r"(?:if|then|elif|else|fi|for|select|while|until|do|done|case|esac|function|\{|\}|!|\[\[)(?=[\s;&|()]|\Z)"
)
_PARENTHESIS = re.compile(r"[()]")


def _script_of(words: tuple[str, ...]) -> tuple[tuple[str, ...], str] | None:
    """Return the options and the text of `sh -c text`, also behind wrappers."""
    first = next((place for place, word in enumerate(words[:_FIRST_WORDS]) if _SHELL.match(word)), None)
    if first is None or words[0] in _TALKERS:
        return None
    options: list[str] = []
    for place in range(first + 1, len(words) - 1):
        word = words[place]
        if word.startswith("-") and word.endswith("c") and not word.startswith("--"):
            options += [word[:-1]] if len(word) > len("-c") else []
            return tuple(options), words[place + 1]
        if not word.startswith(("-", "pipefail")):
            return None
        options.append(word)
    return None


_FIRST_WORDS = 12


class _Simple:
    """What was read of one simple command."""

    __slots__ = ("assignments", "defines", "hidden", "words", "writes")

    def __init__(self) -> None:
        self.words: list[str] = []
        self.assignments: list[tuple[str, str]] = []
        self.writes: list[str] = []
        self.hidden = False
        self.defines = False

    def part(self, shell: tuple[int, ...]) -> Part:
        return Part(
            tuple(self.words), tuple(self.assignments), tuple(self.writes), hidden=self.hidden, shell=shell
        )
