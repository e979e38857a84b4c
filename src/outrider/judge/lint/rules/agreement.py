"""Facts that several files state and that must be the same (OR302, OR305)."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from outrider.judge.lint.case import Case, found, quoted
from outrider.judge.lint.finding import Finding
from outrider.plan.plugin.manifests import entries
from outrider.plan.plugin.page import Page
from outrider.plan.plugin.scope import is_placeholder, line_scope

_VERSION = re.compile(r"\d+\.\d+\.\d+[\w.+-]*\Z")
_NOTES = re.compile(r"^(?:release[-_ ]?notes|changelog)\.md$", re.IGNORECASE)
_NOTES_VERSION = re.compile(r"^#{1,3}\s+(?:[A-Za-z]+ ){0,3}\[?v?(\d+\.\d+\.\d+)\]?", re.MULTILINE)
_PROJECT_FILE = re.compile(r"(?<![\w/~$}.-])(\.[a-z][\w-]*(?:/[\w{}<>.-]+)+\.(?:md|json|jsonl|yaml|txt))\b")
_DECISIVE = 3


def check(case: Case) -> Iterator[Finding]:
    """Yield versions and places that disagree."""
    yield from _versions(case)
    yield from _places(case)


def _versions(case: Case) -> Iterator[Finding]:
    collection = case.collection
    for folder, name in collection.plugins.items():
        prefix = f"{folder}/" if folder else ""
        main = collection.json.get(prefix + ".claude-plugin/plugin.json")
        right = main.table.get("version") if main else None
        if not isinstance(right, str):
            continue
        for path, file in collection.json.items():
            if not path.startswith(prefix) or file is main or path.startswith(prefix + "tests/"):
                continue
            if path.endswith("marketplace.json"):
                stated = [entry.get("version") for entry in entries(file) if entry.get("name") == name]
            elif file.table.get("name") == name and path.removeprefix(prefix).count("/") <= 1:
                stated = [file.table.get("version")]
            else:
                continue
            for version in stated:
                if isinstance(version, str) and version != right:
                    yield found(
                        "OR302",
                        path,
                        file.line_of(version),
                        f'`"version": "{version}"` of {quoted(name)}: plugin.json says {quoted(right)}',
                        about=version,
                    )
        yield from _release_notes(case, prefix, right, main.path if main else "")


def _release_notes(case: Case, prefix: str, right: str, manifest: str) -> Iterator[Finding]:
    for path, page in case.collection.pages.items():
        if _NOTES.match(path.removeprefix(prefix)):
            match = _NOTES_VERSION.search(page.text)
            if match and _key(match[1]) > _key(right):
                file = case.collection.json[manifest]
                yield found(
                    "OR302",
                    manifest,
                    file.line_of(right),
                    f'`"version": "{right}"`: {quoted(path)} already tells of {quoted(match[1])}',
                    about=right,
                )
            elif match and _key(match[1]) < _key(right):
                line = page.line_of(match.start(1))
                yield found(
                    "OR302",
                    path,
                    line,
                    f"the newest entry is {quoted(match[0])}, plugin.json says {quoted(right)}",
                    about=match[1],
                )


def _key(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


def _places(case: Case) -> Iterator[Finding]:
    """A file of the user's project that most texts put into one folder and a few into another."""
    named: defaultdict[str, Counter[str]] = defaultdict(Counter)
    first: dict[tuple[str, str, str], tuple[Page, int]] = {}
    for page in case.living_pages():
        for match in _PROJECT_FILE.finditer(page.text):
            path = match[1]
            folder, _, name = path.rpartition("/")
            if is_placeholder(path) or name.lower() in ("readme.md", "skill.md", "settings.json", "index.md"):
                continue
            named[name][folder] += 1
            first.setdefault((name, folder, page.path), (page, match.start(1)))
    for (name, folder, path), (page, start) in first.items():
        usual, times = named[name].most_common(1)[0]
        if folder == usual or named[name][folder] * _DECISIVE > times:
            continue
        if usual.split("/")[0] != folder.split("/")[0]:
            continue
        line, column = page.place(start)
        if line_scope(page, line) == "plugin":
            yield found(
                "OR305",
                path,
                line,
                f"{quoted(f'{folder}/{name}')}: {times} other places write {quoted(f'{usual}/{name}')}",
                about=f"{folder}/{name}",
                column=column,
            )
