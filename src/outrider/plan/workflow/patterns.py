"""Activity patterns: `edit.src of src/** | git.push to main`, read, matched, compared and written.

A pattern is one or more alternatives with `|` between them. An alternative is a glob over activity names
and at most one of each qualifier: `of` what it was done to, `to` where it goes, `in` the folder it was
done in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Final

from outrider.kernel.globs import (
    glob_fault,
    is_literal,
    matches_branch,
    matches_folder,
    matches_name,
    matches_path,
    spread,
)
from outrider.kernel.limits import PATTERN_ALTERNATIVES
from outrider.plan.workflow.mistakes import MistakeSlug, TextError, did_you_mean, shown
from outrider.plan.workflow.model import Alternative, Pattern
from outrider.plan.workflow.scanner import Reading, Scanner, Token, read_with, value_of
from outrider.record.activities.activity import Activity
from outrider.record.activities.fitting import fits

OPEN_FAMILIES: Final = ("agent:", "skill:", "mcp:")
"""Beginnings of names that a project's own agents, skills and servers complete."""

QUALIFIERS: Final = ("of", "to", "in")
RESERVED: Final = (*QUALIFIERS, "require", "since", "forbid", "until", "per")
"""Words that mean something in a rule; a name or a value that is one of them stands in quotes."""

SIGNS: Final = "|"
_WILD = re.compile(r"[*?{]")


def parse_pattern(text: str, words: Collection[str] | None = None) -> Pattern:
    """Read one pattern; raise :class:`TextError` at its first mistake.

    ``words`` are the known activity names; None: any name will do.
    """
    return value_of(read_pattern(text, words))


def read_pattern(text: str, words: Collection[str] | None = None) -> Reading[Pattern]:
    """Read one pattern and tell all mistakes in its names, and the first in its grammar."""

    def whole(scan: Scanner) -> Pattern:
        pattern = take_pattern(scan, words)
        if scan.next.kind != "end":
            scan.give_up("`|`, `of`, `to`, `in` or the end")
        return pattern

    return read_with(lambda: Scanner(text, SIGNS), whole)


def matches(pattern: Pattern, activity: Activity) -> bool:
    """Tell whether ``activity`` is one that ``pattern`` is about; what is unknown of it matches nothing."""
    return any(fits(each, activity) for each in pattern.alternatives)


def covers(pattern: Pattern, other: Pattern) -> bool:
    """Tell whether every activity of ``other`` surely is one of ``pattern``."""
    return all(any(_includes(mine, theirs) for mine in pattern.alternatives) for theirs in other.alternatives)


def pattern_as_text(pattern: Pattern) -> str:
    """Write a pattern so that reading gives the same alternatives."""
    return " | ".join(_alternative_as_text(each) for each in pattern.alternatives)


def take_pattern(scan: Scanner, words: Collection[str] | None) -> Pattern:
    """Take a pattern up to the first word that cannot belong to it. Unknown names go to ``scan.found``."""
    start = scan.next.start
    alternatives = [_take_alternative(scan, words)]
    while sign := scan.take_if("|"):
        if len(alternatives) == PATTERN_ALTERNATIVES:
            message = f"a pattern may have {PATTERN_ALTERNATIVES} alternatives"
            raise TextError(sign.column, "too-many", message, "use a glob, such as `edit.*`")
        alternatives.append(_take_alternative(scan, words))
    return Pattern(scan.text[start : scan.end_of_taken], tuple(alternatives))


def _take_alternative(scan: Scanner, words: Collection[str] | None) -> Alternative:
    name = _take_value(scan, "an activity")
    fault = None if words is None else _name_fault(name.text, words)
    if fault:
        scan.found.append(TextError(name.column, *fault))
    values: dict[str, str] = {}
    while qualifier := scan.take_if(*QUALIFIERS):
        if qualifier.text in values:
            message = f"`{qualifier.text}` stands twice"
            raise TextError(qualifier.column, "unexpected-text", message, "put `|` between alternatives")
        values[qualifier.text] = _take_value(scan, f"a value after `{qualifier.text}`").text
    return Alternative(name.text, values.get("of", ""), values.get("to", ""), values.get("in", ""))


def _take_value(scan: Scanner, what: str) -> Token:
    token = scan.next
    if token.kind not in ("word", "quoted") or token.says(*RESERVED):
        return scan.give_up(what, "put it in quotes" if token.says(*RESERVED) else "")
    if not token.text.strip():
        raise TextError(token.column, "empty-text", f"expected {what}, but the quotes are empty")
    if fault := glob_fault(token.text):
        raise TextError(token.column, "bad-glob", fault, "use a shorter glob, or alternatives with `|`")
    return scan.take()


def _name_fault(name: str, words: Collection[str]) -> tuple[MistakeSlug, str, str] | None:
    family = next((each for each in OPEN_FAMILIES if name.startswith(each)), "")
    if family:
        return _family_fault(family, name)
    if name in words or any(matches_name(name, word) for word in words if not is_literal(name)):
        return None
    if any(_reaches_family(each) for each in spread(name)):
        return None
    what = "no known activity" if is_literal(name) else "a glob that no known activity matches"
    nearest = did_you_mean(name, words) or "`outrider activities` lists all"
    return "unknown-activity", f"{shown(name)} is {what}", nearest


def _reaches_family(glob: str) -> bool:
    wild = _WILD.search(glob)
    if wild is None:
        return False
    head = glob[: wild.start()]
    return any(family.startswith(head) or head.startswith(family) for family in OPEN_FAMILIES)


def _family_fault(family: str, name: str) -> tuple[MistakeSlug, str, str] | None:
    member = name[len(family) :]
    if not member:
        return "family-name", f"{shown(name)} says no name", f"write `{family}*` for any of them"
    if family == "mcp:":
        if "." in member or "*" in member:
            return None
        return "family-name", f"{shown(name)} says no tool", f"write `{name}.*` for all tools of the server"
    if ":" not in member:
        return None
    bare = family + member.rpartition(":")[2]
    what = "agents" if family == "agent:" else "skills"
    return "family-name", f"{what} go by their bare names", f"write `{bare}`, or `{bare} of {member}`"


def _includes(mine: Alternative, theirs: Alternative) -> bool:
    return (
        _glob_includes(mine.name, theirs.name, matches_name)
        and _glob_includes(mine.of, theirs.of, _includes_path)
        and _glob_includes(mine.to, theirs.to, matches_branch)
        and _glob_includes(mine.within, theirs.within, matches_folder)
    )


def _includes_path(mine: str, theirs: str) -> bool:
    return ("/" not in mine or "/" in theirs) and matches_path(mine, theirs)


def _glob_includes(mine: str, theirs: str, matches_text: Callable[[str, str], bool]) -> bool:
    """Compare two globs, each empty when anything will do; where that is hard, the answer is no."""
    if not mine or mine == theirs:
        return True
    if not theirs:
        return False
    if is_literal(theirs):
        return matches_text(mine, theirs)
    head = mine[:-1]
    return mine.endswith("*") and "/" not in theirs and theirs.startswith(head) and is_literal(head)


def _alternative_as_text(alternative: Alternative) -> str:
    parts = [_quoted(alternative.name)]
    values = (alternative.of, alternative.to, alternative.within)
    for qualifier, value in zip(QUALIFIERS, values, strict=True):
        if value:
            parts += [qualifier, _quoted(value)]
    return " ".join(parts)


def _quoted(value: str) -> str:
    if value in RESERVED or value[:1] in "\"'" or re.search(r"[\s|]", value):
        return '"' + value.replace('"', '""') + '"'
    return value
