"""Words, quoted texts and signs of a rule, a pattern or an order, each with its column.

A text in quotes is one word, whatever stands in it; the quote itself is written twice. A quote inside a
word (`don't.md`) is a character like any other.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Generic, Literal, NamedTuple, NoReturn, TypeVar

from outrider.kernel.inert import inert
from outrider.kernel.limits import WORKFLOW_TEXT_CHARS
from outrider.plan.workflow.mistakes import TextError, shown

Value = TypeVar("Value")


class Token(NamedTuple):
    """A part of a text: where it begins and ends (from 0), and what it says without its quotes."""

    kind: Literal["word", "quoted", "sign", "end"]
    text: str
    start: int
    end: int

    @property
    def column(self) -> int:
        """Return where it stands, counted from 1."""
        return self.start + 1

    def says(self, *words: str) -> bool:
        """Tell whether it is one of these bare words or signs."""
        return self.kind in ("word", "sign") and self.text in words

    def __str__(self) -> str:
        """Return it as a message names it."""
        return "the end" if self.kind == "end" else shown(self.text)


class Reading(NamedTuple, Generic[Value]):
    """What a text says, None when that cannot be known, and all mistakes that were found in it."""

    value: Value | None
    mistakes: tuple[TextError, ...]


class Scanner:
    """The tokens of one text, taken one by one; ``found`` are mistakes that need not end the reading."""

    __slots__ = ("_at", "_tokens", "found", "text")

    def __init__(self, text: str, signs: str, most_chars: int = WORKFLOW_TEXT_CHARS) -> None:
        _refuse_unreadable(text, most_chars)
        self.text = text
        self.found: list[TextError] = []
        self._tokens = _tokens(text, signs)
        self._at = 0

    @property
    def next(self) -> Token:
        """Return the token that comes next, without taking it."""
        return self._tokens[self._at]

    @property
    def end_of_taken(self) -> int:
        """Return where the last token that was taken ends."""
        return self._tokens[self._at - 1].end if self._at else 0

    def take(self) -> Token:
        """Take the next token; the end is never passed."""
        token = self._tokens[self._at]
        if token.kind != "end":
            self._at += 1
        return token

    def take_if(self, *words: str) -> Token | None:
        """Take the next token when it is one of these bare words or signs."""
        return self.take() if self.next.says(*words) else None

    def expect(self, what: str, *words: str) -> Token:
        """Take one of ``words``, or give up saying that ``what`` was expected."""
        return self.take_if(*words) or self.give_up(what)

    def give_up(self, expected: str, suggestion: str = "") -> NoReturn:
        """Raise what was expected instead of the next token."""
        message = f"expected {expected} but found {self.next}"
        raise TextError(self.next.column, "unexpected-text", message, suggestion)


def read_with(scanner: Callable[[], Scanner], parse: Callable[[Scanner], Value]) -> Reading[Value]:
    """Read a text and return its value with all mistakes instead of raising the first."""
    try:
        scan = scanner()
    except TextError as mistake:
        return Reading(None, (mistake,))
    try:
        value = parse(scan)
    except TextError as mistake:
        return Reading(None, (*scan.found, mistake))
    return Reading(None if scan.found else value, tuple(scan.found))


def value_of(reading: Reading[Value]) -> Value:
    """Return what was read, or raise the first mistake."""
    if reading.value is None:
        raise reading.mistakes[0]
    return reading.value


def hidden_character(text: str) -> int:
    """Return where the first character stands that would not show; -1 when there is none."""
    safe = inert(text)
    if safe == text:
        return -1
    pairs = enumerate(zip(text, safe, strict=True))
    return next((at for at, (one, other) in pairs if one != other and one not in "\t\n\r"), -1)


def _refuse_unreadable(text: str, most_chars: int) -> None:
    if len(text) > most_chars:
        message = f"this text has {len(text):,} characters; {most_chars:,} are read"
        raise TextError(1, "too-long", message, "say it in fewer words")
    at = hidden_character(text)
    if at >= 0:
        raise TextError(at + 1, "hidden-character", f"the character U+{ord(text[at]):04X} does not show")


def _tokens(text: str, signs: str) -> list[Token]:
    word = re.compile(rf"[^\s{re.escape(signs)}]+")
    found: list[Token] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        token = _token(text, at, signs, word)
        found.append(token)
        at = token.end
    found.append(Token("end", "", len(text), len(text)))
    return found


def _token(text: str, at: int, signs: str, word: re.Pattern[str]) -> Token:
    if text[at] in signs:
        return Token("sign", text[at], at, at + 1)
    if text[at] in "\"'":
        return _quoted(text, at)
    match = word.match(text, at)
    end = match.end() if match else at + 1
    return Token("word", text[at:end], at, end)


def _quoted(text: str, start: int) -> Token:
    quote = text[start]
    at = text.find(quote, start + 1)
    while at >= 0 and text[at + 1 : at + 2] == quote:
        at = text.find(quote, at + 2)
    if at < 0:
        raise TextError(start + 1, "unclosed-quote", "this quote is never closed", f"add {quote} at its end")
    return Token("quoted", text[start + 1 : at].replace(quote * 2, quote), start, at + 1)
