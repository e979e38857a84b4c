"""Size, chains and unused files, with what the host really does about them (OR120, OR121, OR601 to OR603)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from outrider.judge.lint.case import Case, found, quoted
from outrider.judge.lint.finding import Finding
from outrider.plan.plugin.components import Component
from outrider.plan.plugin.page import Page

KEPT_TOKENS = 5_000
"""Tokens of each skill that the host puts back after compaction."""

CHARS_PER_TOKEN = 4.0
"""Characters of English Markdown per token, a usual estimate; the tokenizer of the models is not public."""

_ASIDE_NAMES = (
    "license",
    "license.txt",
    "license.md",
    "readme.md",
    "changelog.md",
    "package.json",
    "workflow.yaml",
    "creation-log.md",
    "notice",
    "requirements.txt",
)


def tokens(text: str) -> int:
    """Estimate the tokens of a text."""
    return round(len(text) / CHARS_PER_TOKEN)


def check(case: Case) -> Iterator[Finding]:
    """Yield skills whose end is lost, files that nothing names, and files that stand twice."""
    for skill in case.collection.skills:
        page = case.collection.pages.get(skill.path)
        if page is not None:
            yield from _tail(page)
            yield from _orphans(case, skill)
    yield from _unused_hooks(case)
    yield from _unreplaced(case)
    yield from _same_files(case)


def _tail(page: Page) -> Iterator[Finding]:
    body = page.text[page.line_starts[page.front.lines] :]
    if tokens(body) <= KEPT_TOKENS:
        return
    at = page.line_of(len(page.text) - len(body) + int(KEPT_TOKENS * CHARS_PER_TOKEN))
    lost = [heading.title for heading in page.headings if heading.line >= at and heading.level <= 3]
    what = f": {', '.join(quoted(title) for title in lost[:3])}" if lost else ""
    yield found(
        "OR601",
        page.path,
        at,
        f"about {tokens(body):,} tokens: after compaction the host puts back the first {KEPT_TOKENS:,}, so "
        f"what follows this line is lost{what}",
        about="SKILL.md",
    )


def _orphans(case: Case, skill: Component) -> Iterator[Finding]:
    """Files of a skill that no text names, and those that only another reference file names."""
    if not skill.folder:
        return
    collection = case.collection
    files = [path for path in collection.tree.files if path.startswith(skill.folder + "/")]
    texts = {path: text for path in files if (text := collection.tree.text(path))}
    own = [path for path in files if path.count("/") <= skill.path.count("/") + 1]
    for path in own:
        if collection.skill_of(path) is not skill or _is_aside(path):
            continue
        inside = path.removeprefix(skill.folder + "/")
        namers = [other for other, text in texts.items() if other != path and _names(text, inside)]
        if not namers and not _is_named_outside(case, path):
            said = f"{quoted(inside)} is named by no text of the skill: it is never read"
            yield found("OR120", path, 1, said, about=inside)
        elif namers and skill.path not in namers and path.endswith(".md"):
            said = f"{quoted(inside)} is named by {quoted(namers[0])} alone, and not by SKILL.md"
            yield found("OR602", path, 1, said, about=inside)


def _is_aside(path: str) -> bool:
    name = path.rpartition("/")[2]
    return (
        name == "SKILL.md"
        or name.lower() in _ASIDE_NAMES
        or name.startswith((".", "_", "test-"))
        or "/." in path
    )


def _names(text: str, inside: str) -> bool:
    """Tell whether a text names a file of its skill: by name, by a long stem, or by its folder as a whole."""
    part, _, name = inside.rpartition("/")
    stem = name.rpartition(".")[0] or name
    if name in text or (len(stem) > 6 and stem in text):
        return True
    whole = rf"(?<![\w-]){re.escape(part)}(?:/(?![\w.-])|(?![\w/.-]))"
    return bool(part) and re.search(whole, text) is not None


def _is_named_outside(case: Case, path: str) -> bool:
    name = path.rpartition("/")[2]
    pages = case.collection.pages.items()
    return any(name in page.text for other, page in pages if other != path and case.scopes[other] == "plugin")


def _unused_hooks(case: Case) -> Iterator[Finding]:
    """Scripts in a plugin's hooks folder that no manifest, script or page names."""
    collection = case.collection
    texts = [
        (path, file.text)
        for path, file in collection.tree.files.items()
        if file.text and case.scopes.get(path, "plugin") == "plugin"
    ]
    for path in collection.tree.files:
        folder, _, name = path.removeprefix(collection.plugin_root(path)).lstrip("/").rpartition("/")
        is_script = folder == "hooks" and not name.startswith(".") and not name.endswith((".json", ".md"))
        if not is_script or name.split(".")[0] == "run-hook":
            continue
        form = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-]|\.\w)")
        if not any(form.search(text) for other, text in texts if other != path):
            said = f"{quoted(name)} is named by no hook, script or page: it never runs"
            yield found("OR120", path, 1, said, about=name)


def _unreplaced(case: Case) -> Iterator[Finding]:
    """The host replaces its variables in the body of a skill or command alone."""
    for path, page in case.collection.pages.items():
        if (
            case.scopes[path] != "plugin"
            or path in case.collection.by_path
            or case.collection.skill_of(path) is None
        ):
            continue
        at = page.prose.find("${CLAUDE_SKILL_DIR}")
        if at >= 0:
            line, column = page.place(at)
            yield found(
                "OR121",
                path,
                line,
                "`${CLAUDE_SKILL_DIR}` is replaced in SKILL.md alone: the model reads it here as it stands",
                about="${CLAUDE_SKILL_DIR}",
                column=column,
            )


def _same_files(case: Case) -> Iterator[Finding]:
    groups: defaultdict[str, list[str]] = defaultdict(list)
    stems: defaultdict[str, list[str]] = defaultdict(list)
    for path, page in case.collection.pages.items():
        if case.scopes[path] == "plugin":
            body = page.text[page.line_starts[min(page.front.lines, len(page.lines))] :].strip()
            if len(body) > 200:
                groups[body].append(path)
            folders = path.split("/")
            if "commands" in folders[:-1] or "agents" in folders[:-1]:
                stems[folders[-1]].append(path)
    for paths in groups.values():
        for path in paths[1:]:
            yield found(
                "OR603",
                path,
                1,
                f"the same text as {quoted(paths[0])}: one of them will be forgotten",
                about=path,
            )
    for name, paths in stems.items():
        for path in paths:
            if (
                path not in case.collection.by_path
                and any(other in case.collection.by_path for other in paths)
                and "skills" in path.split("/")
            ):
                other = next(each for each in paths if each in case.collection.by_path)
                yield found(
                    "OR603",
                    path,
                    1,
                    f"a second {quoted(name)} beside {quoted(other)}: "
                    f"{quoted(case.collection.pages[path].line_text(1))}",
                    about=name,
                )
