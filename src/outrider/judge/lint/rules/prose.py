"""Prose that a search and replace has damaged (OR504, OR505)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from outrider.judge.lint.case import Case, found, quoted
from outrider.judge.lint.finding import Edit, Finding, Fix
from outrider.plan.plugin.collection import Collection
from outrider.plan.plugin.page import Page

_DOUBLED = re.compile(r"(?:[a-z0-9]+-)*?([a-z][a-z0-9]{2,}(?:-[a-z0-9]+)*)-\1(?:-[a-z0-9]+)*\Z")
_VERB_PLACE = (
    r"(?:\b(?:to|not|n't|never|must|should|shall|will|would|can|cannot|could|may|might|"
    r"let's|please|you|we|they|I|autonomously|immediately|automatically|always|then|and|just|"
    r"Ready to|[Ff]eat:|[Ff]ix:|by default)\s+)"
)
_NOUN_PLACE = (
    r"\b(?:[Tt]he|[Aa]n?|[Nn]o|[Yy]our|[Oo]ur|[Tt]heir|[Ii]ts|[Tt]his|[Tt]hat|[Ll]ast|[Pp]roject|[Nn]ew|"
    r"[Ee]very|[Ee]ach|[Tt]hese|user's last|since last)\s+"
)
_NOT_BEHIND = (
    r"(?![\w-]|[/:]|\s*(?:skill|skills|workflow|command|process|phase|step|sub-?skill|agent|approach|"
    r"cycle|discipline|methodology|steps|output|integration|mode|session|checklist|pattern|file|folder|"
    r"directory|tool|template|guide|reference|`)\b)"
)
_OPENER = re.compile(r"[`\"'*/]\Z")


def check_page(case: Case, page: Page) -> Iterator[Finding]:
    """Yield doubled names, and names of skills where a sentence needs a verb or a noun."""
    if case.scopes[page.path] in ("plugin", "example", "template"):
        yield from _doubled(page)
        form = _name_form(case.collection)
        if form is not None:
            yield from _as_words(page, form)


def _doubled(page: Page) -> Iterator[Finding]:
    seen: set[str] = set()
    for slug in page.slugs:
        match = _DOUBLED.match(slug.text) if slug.text not in seen else None
        seen.add(slug.text)
        if match is None or re.search(r"\d", match[1]):
            continue
        line, column = page.place(slug.start)
        mended = slug.text.replace(f"{match[1]}-{match[1]}", match[1])
        fix = Fix(
            f"write `{mended}`",
            (Edit(page.path, slug.start, slug.start + len(slug.text), mended),),
            safe=False,
        )
        yield found(
            "OR504",
            page.path,
            line,
            f"{quoted(slug.text)} says {quoted(match[1])} twice: a replacement gone wrong?",
            about=slug.text,
            column=column,
            fix=fix,
        )


@lru_cache(maxsize=2)
def _name_form(collection: Collection) -> re.Pattern[str] | None:
    """Return what finds a gerund name of a skill, past or present, in the place of a verb or a noun."""
    names = {skill.name for skill in collection.skills} | {skill.said for skill in collection.skills}
    names |= {name for name, former in collection.former.names.items() if former.kind == "skill"}
    gerunds = sorted((name for name in names if re.match(r"[a-z]+ing-[a-z]", name)), key=len, reverse=True)
    if not gerunds:
        return None
    some = "|".join(re.escape(name) for name in gerunds)
    plural = "|".join(sorted({re.escape(name.split("-")[0]) + r"-[a-z]+" for name in gerunds}))
    return re.compile(
        rf"(?:{_VERB_PLACE}|{_NOUN_PLACE}|[\"“])((?:{some})(?:-[a-z0-9]+)*|(?:{plural})(?=\s[a-z]))(?:es|s)?{_NOT_BEHIND}"
    )


def _as_words(page: Page, form: re.Pattern[str]) -> Iterator[Finding]:
    text = page.without_code
    firsts = _first_words(form)
    for match in _matches(form, page, text, firsts):
        before = match[0][: match.start(1) - match.start()].strip()
        if before in ('"', "“") and not re.match(r"\s+(?:this|the|that|it|a|my)\b", text[match.end() :]):
            continue
        if before.lower() in (
            "and",
            "then",
            "you",
            "we",
            "they",
            "always",
            "just",
            "i",
            "project",
            "new",
        ) and not re.match(
            r"\s+(?:anything|this|the|that|it|a|an|all|any|exists|is|was|serves|says|has|must|should|states)\b|[?]",
            text[match.end() :],
        ):
            continue
        start = match.start(1)
        if re.search(r"\b(?:skill|use|using|invoke|load|follow|run|call|see)\b[^.]{0,12}$", before):
            continue
        line, column = page.place(start)
        sentence = _around(text, match.start(), match.end())
        yield found(
            "OR505",
            page.path,
            line,
            f"{quoted(match[1])} in {quoted(sentence)}: the name of a skill stands where the sentence "
            f"needs a word of its own",
            about=match[1],
            column=column,
        )


@lru_cache(maxsize=2)
def _first_words(form: re.Pattern[str]) -> frozenset[str]:
    return frozenset(re.findall(r"(?<![\w\\])([a-z]+ing)\\-", form.pattern))


def _matches(form: re.Pattern[str], page: Page, text: str, firsts: frozenset[str]) -> Iterator[re.Match[str]]:
    """Search around the words that can be such names, and nowhere else."""
    last = -1
    for slug in page.slugs:
        if slug.start <= last or slug.text.split("-")[0] not in firsts:
            continue
        begin = max(text.rfind("\n", 0, slug.start) + 1, slug.start - 24)
        match = form.search(text, begin, min(slug.start + len(slug.text) + 40, len(text)))
        if match:
            last = match.end()
            yield match


def _around(text: str, start: int, end: int) -> str:
    """Return the words of one line around a place."""
    first = max(text.rfind("\n", 0, start) + 1, start - 30)
    last = text.find("\n", end)
    part = text[first : min(last if last >= 0 else len(text), end + 30)]
    words = part.split(" ")
    return " ".join(words[1 if first == start - 30 else 0 :]).strip()
