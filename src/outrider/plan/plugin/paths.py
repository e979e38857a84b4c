"""References by path: links, anchors, paths in text and in shell lines, variables, drawn trees."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import lru_cache
from urllib.parse import unquote

from outrider.plan.plugin.collection import Collection
from outrider.plan.plugin.page import Page, Span, lines_with
from outrider.plan.plugin.reference import Form, Reference, Scene
from outrider.plan.plugin.scope import Scope, is_placeholder
from outrider.plan.plugin.tree import folders_above, joined

ROOT_VARIABLES = ("CLAUDE_PLUGIN_ROOT", "CLAUDE_SKILL_DIR")
PROJECT_FOLDERS = frozenset(
    [
        "src",
        "lib",
        "app",
        "apps",
        "test",
        "tests",
        "spec",
        "specs",
        "docs",
        "doc",
        "public",
        "packages",
        "dist",
        "build",
        "components",
        "pages",
        "api",
        "server",
        "client",
        ".github",
        ".vscode",
        ".claude",
        ".wrangler",
        ".husky",
        "node_modules",
        "config",
        "data",
        "logs",
        "cache",
        "coverage",
        "e2e",
        "services",
        "models",
        "utils",
        "handlers",
        "routes",
        "controllers",
        "middleware",
        "migrations",
        "schemas",
        "views",
        "styles",
        "types",
        "hooks",
        "scripts",
        "bin",
        "tools",
        "plans",
    ]
)
"""Folders that a user's project has as well: a path into one says nothing about the plugin by itself."""

OWN_FOLDERS = frozenset(("skills", "commands", "agents", ".claude-plugin"))
"""Folders that only a plugin has."""

_LINK = re.compile(r"(?<!\\)\]\(\s*<?([^)\s<>\]]{1,500})>?(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)")
_DEFINED = re.compile(r"^ {0,3}\[[^\]\n^]+\]:[ \t]+<?(\S{1,500}?)>?(?:[ \t]|$)", re.MULTILINE)
_ID = re.compile(r"<a\s+(?:name|id)=[\"']([^\"']+)|\bid=[\"']([^\"']+)|\{#([\w-]+)\}")
_SLUG_DROPS = re.compile(r"[^\w\- ]")
_VARIABLE = re.compile(
    r"\$\{?((?:\w*_)?(?:PLUGIN_ROOT|SKILLS?_ROOT|SKILLS?_DIR|PLUGIN_DIR))\}?[\"']?/([\w.~-]+(?:/[\w.~-]+)*/?)?([<{\[*$]?)"
)
_PATH_WORD = re.compile(
    r"(?<![\w:/$}{<>.~*@%\\-])((?:\.{1,2}/)*[\w.-]*\w(?:/[\w.~-]*[\w~]){1,16}/?|(?:\.{1,2}/)+[\w.-]*\w)(?![\w])([<{\[*$(]?)"
)
_INSTALLED = re.compile(r"/path/to/[\w-]+/((?:skills|commands|agents|hooks|scripts)/[\w./-]*\w)")
_INCLUDE = re.compile(r"(?<![\w@/.:-])@((?:\.{0,2}/)?[A-Za-z][\w.-]*(?:/[\w.~-]+)+\w|[\w-]+\.md)\b")
_FILE_WORD = re.compile(
    r"[\w-]+(?:\.[\w-]+)*\.(?:md|sh|py|ts|js|cjs|mjs|json|yaml|yml|cmd|toml)\Z|[a-z]+(?:-[a-z]+)+\Z"
)
_FILE_TITLE = re.compile(r"^#{1,6}[ \t]+([\w-]+\.\w{1,5})[ \t]*$", re.MULTILINE)
_SHELLS = frozenset(("bash", "sh", "shell", "zsh", "console", "shell-session", ""))
_DISTINCT = re.compile(
    r"(?:README|CHANGELOG|LICENSE|SKILL|TODO|INDEX|CLAUDE|AGENTS|GEMINI|CONTRIBUTING|package|tsconfig|settings|index|"
    r"main|config|plan|spec|test|server|reference|types|helpers|utils|design|tasks|state|report|notes|app|setup|install|build|run|deploy)(?:\.[\w.]+)?\Z",
    re.IGNORECASE,
)
_LINE_SUFFIX = re.compile(r":\d+(?:[-:]\d+)?$")


def links(scene: Scene) -> Iterator[Reference]:
    """Find Markdown links to files and anchors; links to the web are not looked at."""
    page = scene.page
    spans = _span_places(page)
    for form in (_LINK, _DEFINED):
        for match in form.finditer(page.prose):
            target, start = match[1], match.start(1)
            if re.match(r"[a-z][a-z0-9+.-]*:|//", target, re.IGNORECASE) or _inside(spans, start):
                continue
            yield from _link(scene, target, start)


def _link(scene: Scene, written: str, start: int) -> Iterator[Reference]:
    page, collection = scene.page, scene.collection
    path, _, anchor = unquote(written).partition("#")
    path = path.partition("?")[0]
    folder = page.path.rpartition("/")[0]
    found: str | None = page.path
    if path:
        found = None if path.startswith("/") else joined(folder, path)
        found = found if found is not None and collection.tree.has(found) else None
        if found == "":
            found = "."
        yield scene.reference(
            "link", written, start, found, None if found else _link_scope(scene, written, start)
        )
    if anchor and found and found in collection.pages and anchor not in anchors(collection.pages[found]):
        yield scene.reference(
            "anchor", f"#{anchor}" if not path else written, start, None, _link_scope(scene, written, start)
        )


def _link_scope(scene: Scene, written: str, start: int) -> Scope | None:
    if is_placeholder(written):
        return "placeholder"
    return "plugin" if scene.scope == "plugin" and scene.scope_at(start, written) != "example" else None


def anchors(page: Page) -> frozenset[str]:
    """Return the anchors of a page, as GitHub makes them from headings, and those that it sets itself."""
    return _anchors(page.text, tuple(heading.title for heading in page.headings))


@lru_cache(maxsize=512)
def _anchors(text: str, titles: tuple[str, ...]) -> frozenset[str]:
    found: set[str] = set()
    counts: dict[str, int] = {}
    for title in titles:
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title)
        slug = _SLUG_DROPS.sub("", plain.strip().lower()).replace(" ", "-")
        number = counts.get(slug, 0)
        counts[slug] = number + 1
        found.add(f"{slug}-{number}" if number else slug)
    found.update(next(filter(None, groups)) for groups in _ID.findall(text))
    return frozenset(found)


def variables(scene: Scene) -> Iterator[Reference]:
    """Find paths behind the host's variables, in code as well."""
    page, collection = scene.page, scene.collection
    root = collection.plugin_root(page.path)
    skill = collection.skill_of(page.path)
    for match in _VARIABLE.finditer(page.text):
        name, path = match[1], (match[2] or "").rstrip(".")
        if not path or match[3] or is_placeholder(path):
            continue
        bases = [root, skill.folder if skill else root] if "SKILL" in name else [root]
        found = _first(collection, bases, path)
        if name == "CLAUDE_SKILL_DIR":
            found = _first(collection, bases[1:], path)
        yield scene.reference("variable", path.rstrip("/"), match.start(2), found)


def written_paths(scene: Scene) -> Iterator[Reference]:
    """Find paths in text and inline code that point into the plugin and not into a user's project."""
    page = scene.page
    places = _link_places(page)
    for begin, end in lines_with(page.prose, "/"):
        for match in _PATH_WORD.finditer(page.prose, begin, end):
            if match.start(1) in places or match[2]:
                continue
            yield from _path_reference(scene, "path", match[1], match.start(1))


def shell_paths(scene: Scene) -> Iterator[Reference]:
    """Find paths into the plugin in the shell lines of fences."""
    page = scene.page
    for fence in page.fences:
        start = page.line_starts[fence.line] if fence.line < len(page.lines) else len(page.text)
        text = page.fence_text(fence)
        if "──" in text or "/" not in text:
            continue
        is_shell = fence.language in _SHELLS
        for match in _INSTALLED.finditer(text) if is_shell else ():
            yield from _path_reference(scene, "shell", match[1], start + match.start(1))
        for match in _PATH_WORD.finditer(text):
            if not match[2] and (is_shell or _is_certain(scene, match[1])):
                yield from _path_reference(scene, "shell", match[1], start + match.start(1))


def includes(scene: Scene) -> Iterator[Reference]:
    """Find `@path`, which hosts load at once."""
    for match in _INCLUDE.finditer(scene.page.prose) if "@" in scene.page.prose else ():
        path = match[1]
        found = _resolve(scene, path)
        if found or _is_own(scene, path, "include"):
            yield scene.reference("include", "@" + path, match.start(), found)


def bare_files(scene: Scene) -> Iterator[Reference]:
    """Find file names without a folder that once stood in the plugin and stand nowhere now."""
    collection = scene.collection
    titles = [Span(match[1], match.start(1)) for match in _FILE_TITLE.finditer(scene.page.prose)]
    for span in [*scene.page.code_spans, *titles]:
        text = span.text.split(" ")[0]
        if not _FILE_WORD.match(text) or text in collection.basenames or _DISTINCT.match(text):
            continue
        if text in collection.former.basenames:
            yield scene.reference("file", text, span.start, None)


FINDERS: tuple[Callable[[Scene], Iterator[Reference]], ...] = (
    links, variables, written_paths, shell_paths, includes, bare_files,
)  # fmt: skip


def _path_reference(scene: Scene, form: Form, written: str, start: int) -> Iterator[Reference]:
    path = _LINE_SUFFIX.sub("", written.rstrip("/."))
    if not path or (path.strip("./~").count("/") == 0 and not written.startswith(".")):
        return
    found = _resolve(scene, path)
    if found is None and not _is_own(scene, path, form):
        return
    yield scene.reference(form, path, start, found)


def _is_certain(scene: Scene, path: str) -> bool:
    """Tell whether a path in a sample points into the plugin for sure: into a skill, or to what git knows."""
    collection = scene.collection
    parts = path.removeprefix("./").split("/")
    former = path in collection.former.paths or f"{path}/SKILL.md" in collection.former.paths
    return parts[0] == "skills" and (former or "/".join(parts[:2]) in collection.skill_folders)


def _resolve(scene: Scene, path: str) -> str | None:
    """Look a path up from the page's folder, the folders above it, and its skill."""
    collection = scene.collection
    bases = folders_above(scene.page.path)
    if path.startswith(".."):
        bases = bases[:1] + ([skill.folder] if (skill := collection.skill_of(scene.page.path)) else [])
    return _first(collection, bases, path)


def _first(collection: Collection, bases: list[str], path: str) -> str | None:
    for base in bases:
        full = joined(base, path)
        if full and collection.tree.has(full):
            return full
    return None


def _is_own(scene: Scene, path: str, form: str) -> bool:
    """Tell whether a path that leads nowhere was meant to lead into the plugin."""
    clean = path.removeprefix("./")
    if is_placeholder(path) or clean.startswith("~"):
        return False
    if _stood_there(scene, path):
        return True
    if scene.collection.is_ignored(clean):
        return False
    if _stood_somewhere(scene.collection, clean.rpartition("/")[2]):
        return True
    if form == "path" and not _looks_like_a_path(scene, path, clean.partition("/")[2]):
        return False
    return _leads_inside(scene, path, clean, form)


def _stood_there(scene: Scene, path: str) -> bool:
    """Tell whether git knows the path, seen from the page or a folder above it."""
    former = scene.collection.former.paths
    return any(joined(base, path) in former for base in folders_above(scene.page.path))


def _stood_somewhere(collection: Collection, name: str) -> bool:
    """Tell whether git knows a file of this name, and only git does."""
    known = "." in name and name in collection.former.basenames
    return known and name not in collection.basenames and not _DISTINCT.match(name)


def _leads_inside(scene: Scene, path: str, clean: str, form: str) -> bool:
    """Tell by its first folder whether a path is the plugin's, and not one that a user's project may have."""
    collection, page = scene.collection, scene.page
    first, _, rest = clean.partition("/")
    root = collection.plugin_root(page.path)
    if first in OWN_FOLDERS:
        return collection.tree.has(joined(root, first) or "") and (first != "agents" or rest.endswith(".md"))
    skill = collection.skill_of(page.path)
    if skill is not None and first in (
        "references",
        "scripts",
        "templates",
        "examples",
        "assets",
        "resources",
        "reference",
        "prompts",
    ):
        return collection.tree.has(f"{skill.folder}/{first}".strip("/"))
    if path.startswith(".."):
        return skill is not None and form == "path" and clean.endswith(".md")
    if skill is not None or page.path in collection.by_path:
        return False
    if form == "shell" and first in PROJECT_FOLDERS:
        return False
    return _points_into_a_folder(scene, first, rest)


def _looks_like_a_path(scene: Scene, path: str, rest: str) -> bool:
    """Tell a path from words that a stroke stands between ("skills/commands")."""
    parts = rest.split("/")
    return (
        "." in parts[-1]
        or any("-" in part or "_" in part for part in parts)
        or parts[0] in scene.collection.by_name
        or path.startswith(".")
    )


def _points_into_a_folder(scene: Scene, first: str, rest: str) -> bool:
    """Tell whether a document's path begins with a folder of the collection that is nobody else's."""
    collection, page = scene.collection, scene.page
    if first.startswith(".") or "." not in rest.rpartition("/")[2]:
        return False
    if first in PROJECT_FOLDERS and first not in ("hooks", "scripts", "docs", "src"):
        return False
    here = page.path.rpartition("/")[0]
    return any(
        collection.tree.has(joined(base, first) or "-") for base in {here, collection.plugin_root(page.path)}
    )


def _span_places(page: Page) -> list[tuple[int, int]]:
    return [(span.start, span.start + len(span.text)) for span in page.code_spans]


def _inside(spans: list[tuple[int, int]], start: int) -> bool:
    index = bisect_right(spans, (start, 1 << 60)) - 1
    return index >= 0 and spans[index][0] <= start < spans[index][1]


def _link_places(page: Page) -> frozenset[int]:
    return frozenset(match.start(1) for form in (_LINK, _DEFINED) for match in form.finditer(page.prose))
