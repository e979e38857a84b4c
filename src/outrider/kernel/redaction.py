"""Secrets taken out of texts before anything is kept or shown.

What a secret looks like stands in ``secret_rules.toml``. Nearly all text holds none, so speed is decided
by the way to know that: a text is folded once (lower case, quotes and colons made alike, letters that no
anchor needs dropped), and each of a few rare letters is looked for with the anchors around it. Only rules
whose anchor occurs run their pattern. Best effort, not a boundary: a secret without a known form and
without a telling name beside it stays.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

_MACROS = {
    "<edge>": r"(?:(?<![A-Za-z0-9_])|(?<=\\[bfnrt])|(?<=\\u[0-9A-Fa-f]{4}))",
    # A quoted name needs a quoted value: a bare one is a JSON number, and a mark there would break JSON.
    "<is>": (
        r"""(?:\\{0,7}["'`]\]?[ \t]{0,4}(?:=>|:=|[:=])[ \t]{0,4}\\{0,7}["'`]"""
        r"""|[ \t]{0,4}(?:=>|:=|[:=])[ \t]{0,4}(?:\\{0,7}["'`])?)"""
    ),
}
_RAREST_FIRST = "jqzxkwvb@?&/%+#~!gyp_hf-.9876543210mduclsriotane="
"""A text is searched once for each letter chosen, so anchors share the rarest letters they hold."""

_ALIKE = b":\"'\\"
_BLANK = b" \t\r\n"
_STAND_IN = re.compile(
    r"redacted|omitted|example|placeholder|change_?-?me|dummy|x{4}|0{8}|\*{3}|\.\.\.|…"
    r"|(?:^|[-_.])(?:your|fake|sample)(?:[-_.]|$)|^your|^(?:passw(?:or)?d|pass|pw|secret|token|key)$",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"[A-Za-z_$][A-Za-z_$]*[0-9]?[?!]?(?:\??[.:]{1,2}[A-Za-z_$][A-Za-z_0-9$]*[?!]?)*"
    r"|(?:process|import\.meta|os)\.env\b.*|(?:arn|urn|https?|file|sha[0-9]+):.*"
    r"|(?:\.{0,2}|~|[A-Za-z]:)/(?:[A-Za-z0-9_@.-]+/)+[A-Za-z0-9_@.-]*|(?:[A-Za-z0-9_@.-]+/)+[\w@-]+\.[a-z]{1,5}"
    r"|[A-Z][A-Z]*(?:_[A-Z0-9]+)+|[a-z]+(?:[-_][a-z]+)*[-_]?[0-9]?"
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One form of secret; the fields are explained at the top of ``secret_rules.toml``."""

    id: str
    keywords: tuple[str, ...]
    pattern: re.Pattern[str]
    group: int
    entropy: float
    named: bool

    def redact(self, text: str) -> str:
        """Return ``text`` with every secret of this form replaced by its mark."""
        return self.pattern.sub(self._mark, text)

    def _mark(self, match: re.Match[str]) -> str:
        start, end = match.span(self.group)
        start += _escape_rest(match.string, start)
        secret = match.string[start:end]
        if not secret or (self.entropy and not self._looks_real(secret)):
            return match.group()
        return f"{match.string[match.start() : start]}[redacted:{self.id}]{match.string[end : match.end()]}"

    def _looks_real(self, secret: str) -> bool:
        if _STAND_IN.search(secret) or (self.named and _CODE.fullmatch(secret)):
            return False
        size = len(secret)
        bits = -sum(n / size * math.log2(n / size) for n in Counter(secret).values())
        return bits >= self.entropy


@dataclass(frozen=True, slots=True)
class _Gate:
    """The anchors that share a rare letter: one search tells whether any of them occurs."""

    search: re.Pattern[bytes]
    anchors: tuple[tuple[bytes, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class Redactor:
    """Takes out secrets by a set of rules; made by :func:`load_rules`."""

    rules: tuple[Rule, ...]
    _gates: tuple[_Gate, ...]
    _open: tuple[int, ...]
    _table: bytes
    _dropped: bytes

    def redact(self, text: str) -> str:
        """Return ``text`` with each secret replaced by ``[redacted:rule-id]``; never raises.

        Text that was redacted before comes back unchanged. JSON stays JSON: no quote and no half of an
        escape is ever taken. Call it before cutting a text, else half a secret may not be recognised.
        """
        while due := self._due(text):
            before = text
            for number in due:
                text = self.rules[number].redact(text)
            if text == before:
                break
        return text

    def may_hold_secret(self, text: str) -> bool:
        """Tell whether :meth:`redact` could change ``text``, at a fraction of its price.

        ``False`` is certain and ``True`` is not, also for many texts joined by newlines.
        """
        folded = self._fold(text)
        return any(gate.search.search(folded) for gate in self._gates) or any(
            self.rules[number].pattern.search(text) for number in self._open
        )

    def _due(self, text: str) -> list[int]:
        folded = self._fold(text)
        due = {
            number
            for gate in self._gates
            if gate.search.search(folded)
            for anchor, numbers in gate.anchors
            if anchor in folded
            for number in numbers
        }
        due.update(number for number in self._open if self.rules[number].pattern.search(text))
        return sorted(due)

    def _fold(self, text: str) -> bytes:
        return text.encode("utf-8", "surrogatepass").translate(self._table, self._dropped)


def load_rules(text: str) -> Redactor:
    """Make a redactor of rules in the form of ``secret_rules.toml``.

    Raises ``ValueError`` (with the rule's id) when a rule is not well formed.
    """
    rules = tuple(_rule(raw) for raw in tomllib.loads(text)["rule"])
    numbers: dict[bytes, list[int]] = {}
    for number, rule in enumerate(rules):
        for keyword in rule.keywords:
            numbers.setdefault(keyword.encode().translate(_fold_table(), _BLANK), []).append(number)
    needed = set(b"".join(numbers))
    table = _fold_table()
    dropped = bytes(byte for byte in range(256) if table[byte] not in needed)
    open_rules = tuple(number for number, rule in enumerate(rules) if not rule.keywords)
    return Redactor(rules, _gates(numbers), open_rules, table, dropped)


@cache
def default_redactor() -> Redactor:
    """Return the redactor of the rules that ship with the program; they are read once."""
    shipped = resources.files("outrider.kernel").joinpath("secret_rules.toml")
    return load_rules(shipped.read_text(encoding="utf-8"))


def _rule(raw: dict[str, Any]) -> Rule:
    name = str(raw.get("id", "?"))
    try:
        source = str(raw["pattern"])
        for macro, meaning in _MACROS.items():
            source = source.replace(macro, meaning)
        pattern = re.compile(source)
        group = int(raw.get("group", 0))
        if not re.fullmatch("[a-z0-9-]+", name) or group > pattern.groups:
            raise ValueError("its id or its group is not right")
        keywords = tuple(str(keyword) for keyword in raw.get("keywords", ()))
        return Rule(name, keywords, pattern, group, raw.get("entropy", 0.0), raw.get("named", False))
    except (KeyError, TypeError, ValueError, re.error) as error:
        raise ValueError(f"secret rule {name}: {error}") from error


def _gates(numbers: dict[bytes, list[int]]) -> tuple[_Gate, ...]:
    by_letter: dict[str, list[bytes]] = {}
    for anchor in numbers:
        letter = min(anchor.decode(), key=_RAREST_FIRST.find)
        by_letter.setdefault(letter, []).append(anchor)
    return tuple(
        _Gate(_around(letter, anchors), tuple((anchor, tuple(numbers[anchor])) for anchor in anchors))
        for letter, anchors in by_letter.items()
    )


def _around(letter: str, anchors: list[bytes]) -> re.Pattern[bytes]:
    """Return a search that starts at one literal letter: the engine finds that far faster than a choice."""
    ways: list[bytes] = []
    pivot = letter.encode()
    for anchor in sorted(anchors):
        before, _, after = anchor.partition(pivot)
        behind = b"(?<=" + re.escape(before + pivot + after) + b")" if before else b""
        ways.append(re.escape(after) + behind)
    return re.compile(re.escape(pivot) + b"(?:" + b"|".join(ways) + b")")


@cache
def _fold_table() -> bytes:
    table = bytearray(bytes(range(256)).lower())
    for byte in _ALIKE:
        table[byte] = ord("=")
    return bytes(table)


def _escape_rest(text: str, start: int) -> int:
    """Return how many characters at ``start`` belong to an escape that begins with a backslash before it."""
    first = start
    while first and text[first - 1] == "\\":
        first -= 1
    if (start - first) % 2 == 0:
        return 0
    return 5 if text[start : start + 1] == "u" else 1
