"""What a reference is about: the plugin itself, or something that only looks like it.

This is where lint stays quiet: a path can be a file of the user's project, a placeholder, an example, or a
name that history rightly keeps. Cues are words of the line, titles of the sections around, and the place of
the page.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from outrider.plan.plugin.components import HOST_FOLDERS
from outrider.plan.plugin.page import Page

Scope = Literal["plugin", "project", "placeholder", "example", "history", "template", "foreign"]
"""Of the plugin; of the user's project; a stand-in; shown as an example; about the past; copied into a
project, where it resolves; taken over from somebody else."""

PageScope = Literal["plugin", "example", "history", "template", "foreign", "state"]
"""What a whole page is; `state`: what work left behind, in a hidden folder."""

_HISTORY_FILE = re.compile(
    r"(?:^|/)(?:change-?log|changes|release[-_ ]?notes?|history|news|roadmap|migration)[^/]*\.\w+$"
    r"|(?:^|/)(?:\.?[\w-]*releases|archived?|changelogs?|history|plans|specs|specifications|decisions|adr|ideas"
    r"|deprecated[\w-]*|research|audits?|reports)/"
    r"|(?:^|/)\d{4}-\d\d-\d\d[-_][^/]*$"
    r"|(?:^|/)\d+\.\d+\.\d+[^/]*\.md$",
    re.IGNORECASE,
)
_TEMPLATE_FILE = re.compile(
    r"(?:^|/)templates?/|[-_.]template\.\w+$|(?:^|/)_[^/]*$|\.tmpl$|(?:^|/)TEMPLATE", re.IGNORECASE
)
_EXAMPLE_FILE = re.compile(
    r"(?:^|/)(?:examples?|tests?|fixtures|evals?|__tests__|samples?|node_modules)/|(?:^|/)examples?\.md$",
    re.IGNORECASE,
)
_COPIED = re.compile(r"\]\(/(?:en|docs)/|<(?:Note|Tip|Warning|CardGroup|CodeGroup|Steps|Accordion)>")
_COPIED_CUES = 2

PLACEHOLDER = re.compile(
    r"[<>{}\[\]*…?|]|\.\.\.|\bYYYY|\bX{2,}|\bNNN|\b(?:path|exact)/|/to/|(?:^|[-/_. ])(?:your|my|foo|bar|"
    r"baz|example|sample|some|acme|placeholder|whatever)(?:[-/_. ]|$)"
    r"|(?:^|/)(?:skill|plugin|command|agent|tool|file|dir|server|feature|old|new|other|another|custom|category|topic|project|repo|branch)"
    r"-?(?:name|skill|command|agent|plugin|id|slug)?(?:/|$|\.md$|-[abc123]$)"
    r"|(?:^|/)[xyzXYZ](?:/|$|\.)|-name(?:/|$|\.)|(?:^|/)file\d?\.|(?:^|/)doc\d?\."
)
_PAST = re.compile(
    r"\b(?:renam\w*|remov(?:ed?|es|ing|al)|delet(?:ed?|es|ing|ion)|deprecat\w*|obsolete|archiv\w*|formerly|legacy|migrat\w*|"
    r"replac(?:ed|es)\b|no longer|used to be|previous(?:ly)?|instead of|superseded|merged into|moved|"
    r"does not exist|doesn't exist|do not exist|dropped|consolidat\w*|retired|historical\w*|gone|"
    r"originally|outdated)\b|\bold\b",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(
    r"\be\.g\.|\bi\.e\. like|\bfor (?:example|instance)\b|\bexamples?\b|[❌✗✘🚫]|\bbad\b|\bwrong\b|\bnot `|"
    r"\bdon't (?:use|write|say)\b"
    r"|\bnot:|\bhypothetical|\bimagin|\bsuppose\b|\bsay you|\bsample\b|\blike this\b",
    re.IGNORECASE,
)
_EXAMPLE_TITLE = re.compile(
    r"\bexamples?\b|anti-?patterns?\b|\bbad\b|\bsample|\bscenario|\bcommon mistakes|\bnaming\b|\btemplate\b",
    re.IGNORECASE,
)
_PAST_TITLE = re.compile(
    r"chang(?:es|elog)|history|migrat|removed|deprecat|archiv|renam|\bversion \d|^v?\d+\.\d+|legacy|"
    r"what's new|future|planned|roadmap|retired|predecessor",
    re.IGNORECASE,
)
_ARROW = re.compile(r"\s*[`*\"')]*\s*(?:→|->|=>|➜|-->|⇒|renamed to|became|is now)\s")


_SEEN = 600
"""Characters of a line that are looked at on each side of a reference; few lines are longer."""


def page_scope(page: Page) -> PageScope:
    """Return what a page is as a whole."""
    path = page.path
    if any(part[0] == "." and part not in HOST_FOLDERS for part in path.split("/")[:-1] if part):
        return "history" if _HISTORY_FILE.search(path) else "state"
    for pattern, scope in _BY_PLACE:
        if pattern.search(path) and not (scope == "example" and path.endswith("/README.md")):
            return scope
    copied = page.path.startswith("skills/") or "/skills/" in page.path or "/references/" in page.path
    if copied and len(_COPIED.findall(page.text)) >= _COPIED_CUES:
        return "foreign"
    return "plugin"


_BY_PLACE: tuple[tuple[re.Pattern[str], PageScope], ...] = (
    (_HISTORY_FILE, "history"),
    (_TEMPLATE_FILE, "template"),
    (_EXAMPLE_FILE, "example"),
)


def is_placeholder(text: str) -> bool:
    """Tell whether a name or path stands for another."""
    return PLACEHOLDER.search(text) is not None


def line_scope(page: Page, line: int, end_column: int = 0) -> Scope:
    """Return what one line speaks of, seen from the place behind the reference.

    Of a very long line the part around the place is looked at.
    """
    if end_column:
        text = page.line_text(line)
        if _ARROW.match(text, end_column - 1):
            return "history"
    return _part_scope(page, line, end_column // _SEEN)


@lru_cache(maxsize=20_000)
def _part_scope(page: Page, line: int, part: int) -> Scope:
    text = page.line_text(line)[max(part - 1, 0) * _SEEN : (part + 2) * _SEEN]
    if _PAST.search(text):
        return "history"
    if _EXAMPLE.search(text):
        return "example"
    titles = page.titles_around(line)
    if titles and _EXAMPLE_TITLE.search(titles[0]):
        return "example"
    if any(_PAST_TITLE.search(title) for title in titles):
        return "history"
    return "plugin"
