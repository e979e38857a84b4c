"""References by name: to skills, commands, agents and tools."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from functools import lru_cache

from outrider.plan.plugin.collection import Collection
from outrider.plan.plugin.components import Component
from outrider.plan.plugin.page import Page, Span, found_in, lines_with
from outrider.plan.plugin.reference import Reference, Scene
from outrider.plan.plugin.scope import Scope

BUILT_IN_COMMANDS = frozenset(
    [
        "add-dir",
        "agents",
        "agent",
        "allowed-tools",
        "background",
        "btw",
        "branch",
        "bashes",
        "batch",
        "bug",
        "chrome",
        "clear",
        "color",
        "compact",
        "config",
        "context",
        "copy",
        "cost",
        "debug",
        "desktop",
        "diff",
        "doctor",
        "effort",
        "exit",
        "export",
        "extra-usage",
        "fast",
        "feedback",
        "fork",
        "help",
        "hooks",
        "ide",
        "init",
        "insights",
        "install",
        "install-github-app",
        "install-slack-app",
        "keybindings",
        "less-permission-prompts",
        "login",
        "logout",
        "loop",
        "mcp",
        "memory",
        "mobile",
        "model",
        "output-style",
        "passes",
        "permissions",
        "plan",
        "plugin",
        "plugins",
        "powerup",
        "pr-comments",
        "privacy-settings",
        "quit",
        "release-notes",
        "reload-plugins",
        "reload-skills",
        "remote-control",
        "remote-env",
        "rename",
        "resume",
        "review",
        "rewind",
        "sandbox",
        "schedule",
        "security-review",
        "simplify",
        "skills",
        "stats",
        "status",
        "statusline",
        "stickers",
        "tag",
        "tasks",
        "team",
        "terminal-setup",
        "theme",
        "todos",
        "ultraplan",
        "upgrade",
        "usage",
        "vim",
        "voice",
        "web-setup",
        "workflows",
    ]
)
"""Slash commands of the host, as they stood in November 2026."""


_SLUG = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)+"
_SLASH = re.compile(r"(?<![\w/.:~)\]}>*<$@%#&=-])/([a-z][a-z0-9]*(?:-[a-z0-9]+)*)(?![\w/:=]|\.\w|-)")
_BOLD = re.compile(r"\*\*(?:`)?([A-Za-z][\w-]*)(?:`)?\*\*")
_MARKED_SKILL = re.compile(
    r"(?:`|\*\*|\"|“)([A-Za-z][\w-]*)(?:`|\*\*|\"|”)(?: \([^)\n]{0,30}\))?\s+(?:sub-?)?skills?\b(?![-/\w])"
)
_PLAIN_SKILL = re.compile(
    r"\b(?:[Uu]s(?:e|es|ing)|[Ii]nvok(?:e|es|ing)|[Rr]un|[Ll]oad|[Ff]ollow|[Aa]pply|[Cc]all|[Ss]ee|via|with|per|the|your|and|by)"
    r"(?: the| your| a)? ((?:[A-Za-z][a-z0-9]*)(?:-[A-Za-z0-9]+)+) (?:sub-?)?skill\b(?![-/\w])"
)
_TITLED_SKILL = re.compile(r"\busing(?: the)? ((?:[A-Z][A-Za-z-]+ ){1,5})skill\b")
_SKILL_MARKED = re.compile(
    r"\b[Ss]kills?(?: tool)?(?: named| called| is|:)?:?\*{0,2}:?\s+(?:`|\*\*|\")([a-z][\w-]*)(?:`|\*\*|"
    r"\")(?! (?:agent|tool|command|script|file|folder))"
)
_SKILL_COLON = re.compile(
    r"\b(?:SKILL|Skill|skill|SUB-SKILL|[Rr]equired|REQUIRED|[Rr]elated(?: skills?)?|"
    r"[Cc]omplementary skills?)\*{0,2}:\*{0,2}\s+"
    rf"(?:Use |use |the |load )?[`*]{{0,3}}({_SLUG})\b(?![/:.])"
)
_SKILL_FIELD = re.compile(r"\bskill(?:_name|Name)?[\"']?\s*[:=]\s*[\"']([\w-]+)[\"']")
_ENTRY = re.compile(
    r"^[ \t]*(?:[-*+]|\d+[.)]|\|)[ \t]+(?:\[[ xX]\][ \t]+)?(?:\*\*|`|\[|\*\*`)+/?([a-zA-Z][\w-]*)(?:`\*\*|"
    r"\*\*|`|\])+"
    r"|^#{2,6}[ \t]+`?([a-z][a-z0-9]*(?:-[a-z0-9]+)*)`?[ \t]*$",
    re.MULTILINE,
)
_TITLE = re.compile(rf"^#{{1,6}}[ \t]+({_SLUG})(?=[ \t]*$|:)", re.MULTILINE)
_BEFORE_PLAIN = re.compile(
    r"(?:\b(?:[Uu]s(?:e|es|ed|ing)|[Ss]ee|[Ii]nvok(?:e|es|ing)|[Ll]oad|[Ff]ollow(?:ing)?|via|in|with|and|or)\b"
    r":?\*{0,2}:?[ ]+|\+[ ]+|^[ \t]*[-*+][ \t]+|\|[ \t]*)\Z"
)
_BEHIND_PLAIN = re.compile(
    r"(?=[ \t]+skill\b|[ \t]*\||[ \t]*$|:[ ]|\]|[ ]\+|[ ](?:to|for|when|if|before|after|on)\b|[ ]\(|[.,;])",
    re.MULTILINE,
)
_LISTED_SHARE, _SAID_SHARE, _LISTED_LEAST = 0.5, 0.3, 3
_NEAR = 0.84
_SLUG_ONLY = re.compile(rf"{_SLUG}\Z")
_STAND_INS = re.compile(
    r"^(?:skill|plugin|command|agent|tool|workflow)-(?:name|id|slug|creator|builder|developer|development)?$|^(?:my|your|new|some|other|another|example|sample|test|custom|demo)-"
    r"|-(?:name|example)$|^(?:name|xyz|foo|bar|baz|old|skill|doit|abc)$|^(?:old|new)-name"
)


def is_stand_in(name: str) -> bool:
    """Tell whether a name stands for any name."""
    return _STAND_INS.search(name.lower()) is not None


def qualified(scene: Scene) -> Iterator[Reference]:
    """Find `plugin:name` and `/plugin:name`, in code as well: the prefix makes them certain."""
    collection, page = scene.collection, scene.page
    for match in _qualified_form(collection.plugin_names).finditer(page.text):
        plugin, name = match[2], match[3]
        target = _component(collection, name.rpartition(":")[2], plugin)
        if target is None and (
            name in collection.servers or page.text[match.end() : match.end() + 1] in "<{[*$"
        ):
            continue
        scope: Scope | None = "placeholder" if target is None and is_stand_in(name) else None
        yield scene.reference(
            "slash" if match[1] else "qualified",
            f"{match[1]}{plugin}:{name}",
            match.start(),
            _path(target),
            scope,
        )


@lru_cache(maxsize=4)
def _qualified_form(names: frozenset[str]) -> re.Pattern[str]:
    words = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<![\w.@/:$-])(/?)({words}):([a-z][\w-]*(?:[:][\w-]+)*)(?<!-)(?!\w*/\w)")


def slashed(scene: Scene) -> Iterator[Reference]:
    """Find `/name` where it names a component, named one once, or nearly names one."""
    for match in _SLASH.finditer(scene.page.prose):
        name = match[1]
        target = _component(scene.collection, name)
        if target is None and (
            name in BUILT_IN_COMMANDS or not _was_or_nearly_is(scene.collection, name, "command")
        ):
            continue
        yield scene.reference("slash", match[0], match.start(), _path(target))


def phrased(scene: Scene) -> Iterator[Reference]:
    """Find "the x skill", "Skill: x" and what else says that a skill is meant."""
    prose, collection = scene.page.prose, scene.collection
    seen: set[int] = set()
    windows = list(lines_with(prose, "kill", "KILL", "equired", "REQUIRED", "elated"))
    for form in (_MARKED_SKILL, _SKILL_MARKED, _SKILL_COLON, _PLAIN_SKILL, _SKILL_FIELD):
        for match in found_in(form, prose, windows):
            name, start = match[1], match.start(1)
            if start in seen or is_stand_in(name) or _is_common(name, form, collection):
                continue
            seen.add(start)
            yield scene.reference("phrase", name, start, _path(_component(collection, name)))
    for match in found_in(_TITLED_SKILL, prose, windows):
        title = match[1].strip()
        slug = title.replace(" ", "-")
        if _component(collection, slug.lower()) and not _component(collection, slug):
            continue
        if not _component(collection, slug):
            yield scene.reference("phrase", title, match.start(1), None)


def listed(scene: Scene) -> Iterator[Reference]:
    """Find entries that name nothing in lists, tables and runs of headings of which most name components."""
    collection = scene.collection
    for run in _runs(scene.page):
        known = sum(name in collection.by_name for _, name in run)
        titles = scene.page.titles_around(scene.page.line_of(run[0][0]))
        is_said = (
            bool(titles) and re.search(r"\bskills?\b|\bcommands?\b", titles[0], re.IGNORECASE) is not None
        )
        if known < max(
            1 if is_said else _LISTED_LEAST, (_SAID_SHARE if is_said else _LISTED_SHARE) * len(run)
        ):
            continue
        for start, name in run:
            if _SLUG_ONLY.match(name) or name in collection.former.names:
                yield scene.reference("listed", name, start, _path(_component(collection, name)))


def marked(scene: Scene) -> Iterator[Reference]:
    """Find names in backquotes or bold that name a component, named one once, or nearly name one."""
    collection, page = scene.collection, scene.page
    spans = list(page.code_spans)
    spans += [Span(match[1], match.start(1)) for match in _BOLD.finditer(page.prose)]
    spans += [Span(match[1], match.start(1)) for match in _TITLE.finditer(page.prose)]
    for span in spans:
        if not _SLUG_ONLY.match(span.text):
            continue
        target = _component(collection, span.text)
        if target is None and not _was_or_nearly_is(collection, span.text, ""):
            continue
        yield scene.reference("marked", span.text, span.start, _path(target))


def plain(scene: Scene) -> Iterator[Reference]:
    """Find unmarked names of the past, and damaged ones, where a text tells to use them, or lists them."""
    collection, prose = scene.collection, scene.page.prose
    for slug in scene.page.slugs:
        if slug.text in collection.by_name or prose[slug.start] != slug.text[0]:
            continue
        if not _is_past(collection, slug.text) and not _is_damaged(collection, slug.text):
            continue
        begin = prose.rfind("\n", 0, slug.start) + 1
        if _BEFORE_PLAIN.search(prose[begin : slug.start]) and _BEHIND_PLAIN.match(
            prose, slug.start + len(slug.text)
        ):
            yield scene.reference("marked", slug.text, slug.start, None)


def _is_past(collection: Collection, name: str) -> bool:
    return name in collection.former.names or name in _damaged(collection)


def _is_damaged(collection: Collection, name: str) -> bool:
    """Tell whether a long unmarked name is another's with a part too many or too few."""
    if name.count("-") < 2 or name in collection.by_name:
        return False
    former = any(name.endswith("-" + old) for old in collection.former.names if "-" in old)
    return (former or bool(near(collection, name))) and not collection.basenames.get(name)


@lru_cache(maxsize=2)
def _damaged(collection: Collection) -> frozenset[str]:
    """Return front matter names that are not their folder's: what they say is said elsewhere, too."""
    return frozenset(
        each.said for each in collection.skills if each.said != each.name and _SLUG_ONLY.match(each.said)
    )


FINDERS: tuple[Callable[[Scene], Iterator[Reference]], ...] = (
    qualified, slashed, phrased, listed, marked, plain,
)  # fmt: skip


def _component(collection: Collection, name: str, plugin: str = "") -> Component | None:
    """Return what answers to a name; a front matter name that git knows as an old folder's does not count."""
    found = [
        each
        for each in collection.by_name.get(name, ())
        if each.name == name or name not in collection.former.names
    ]
    own = [component for component in found if not plugin or component.plugin in (plugin, "")]
    return own[0] if own else (found[0] if found else None)


def _path(component: Component | None) -> str | None:
    return component.path if component else None


def _is_common(name: str, form: re.Pattern[str], collection: Collection) -> bool:
    """Tell whether words before "skill" are an English description of one rather than its name."""
    if name in collection.by_name or name in collection.former.names:
        return False
    if form is _PLAIN_SKILL:
        first = name.split("-", maxsplit=1)[0]
        return not (first.endswith("ing") and first not in ("existing", "missing", "matching")) and not near(
            collection, name
        )
    return "-" not in name and form is not _SKILL_FIELD


def _was_or_nearly_is(collection: Collection, name: str, kind: str) -> bool:
    former = collection.former.names
    if name in former and ("-" in name or not kind or former[name].kind in (kind, "skill")):
        return True
    if any(name.endswith("-" + old) for old in former if "-" in old):
        return not collection.basenames.get(name)
    return "-" in name and bool(near(collection, name)) and not collection.basenames.get(name)


def near(collection: Collection, name: str) -> str:
    """Return the component that ``name`` is a damaged spelling of; empty when it is none."""
    return _near(frozenset(collection.by_name), name)


@lru_cache(maxsize=20_000)
def _near(names: frozenset[str], name: str) -> str:
    if name in names or is_stand_in(name):
        return ""
    for known in sorted(names):
        if known.count("-") < 1 or abs(len(known) - len(name)) > 12:
            continue
        if name in (known + "s", known + "es") or known in (name + "s", name + "es"):
            return known
        if known.count("-") >= 1 and (name.endswith("-" + known)):
            return known
        if known[0] == name[0] and SequenceMatcher(None, known, name).ratio() >= _NEAR:
            return known
    return ""


def _runs(page: Page) -> Iterator[list[tuple[int, str]]]:
    """Yield neighbouring entries, each with its place and the name that it begins with."""
    run: list[tuple[int, str]] = []
    kind, last = "", -10
    for match in _ENTRY.finditer(page.prose):
        group = 1 if match[1] else 2
        line = page.line_of(match.start(group))
        here = match[0].lstrip()[:1]
        gap = 60 if here == "#" else 6
        if here != kind or line - last > gap:
            if run:
                yield run
            run = []
        kind, last = here, line
        run.append((match.start(group), match[group]))
    if run:
        yield run
