"""References that resolve to nothing (OR1xx)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from outrider.judge.lint.case import Case, also_on, found, quoted
from outrider.judge.lint.finding import Edit, Finding, Fix
from outrider.kernel import limits
from outrider.plan.plugin.components import Component
from outrider.plan.plugin.names import near
from outrider.plan.plugin.page import Page
from outrider.plan.plugin.reference import Reference
from outrider.plan.plugin.tree import folders_above, joined
from outrider.plan.workflow.mistakes import did_you_mean

_CODES = {
    "qualified": "OR101", "slash": "OR102", "phrase": "OR103", "listed": "OR104", "marked": "OR105",
    "agent": "OR106", "tool": "OR107", "link": "OR111", "anchor": "OR112", "path": "OR113", "shell": "OR114",
    "variable": "OR115", "include": "OR116", "file": "OR117", "tree": "OR118",
}  # fmt: skip
_BY_NAME = frozenset(("qualified", "slash", "phrase", "listed", "marked"))
_STRONGEST = ("qualified", "slash", "phrase", "listed", "marked")
_HIDING = frozenset(("history", "example", "placeholder", "template", "foreign", "project"))


def check_page(case: Case, page: Page) -> Iterator[Finding]:
    """Yield one finding for each thing that a page names and that is not there."""
    broken: defaultdict[str, list[Reference]] = defaultdict(list)
    for reference in case.references.of(page):
        if not reference.target and (reference.scope not in _HIDING or _is_copied(reference)):
            broken[_key(reference)].append(reference)
    copied = [group for group in broken.values() if group[0].form == "link" and group[0].name.startswith("/")]
    if copied:
        yield _copied_links(copied)
    for group in broken.values():
        if group not in copied:
            yield _finding(case, group)


def _is_copied(reference: Reference) -> bool:
    return reference.form == "link" and reference.name.startswith("/") and reference.scope == "foreign"


def _key(reference: Reference) -> str:
    if reference.form in _BY_NAME:
        return "name " + reference.name.lstrip("/").rpartition(":")[2]
    return f"{reference.form} {reference.name}"


def _finding(case: Case, references: list[Reference]) -> Finding:
    first = min(references, key=lambda each: _STRONGEST.index(each.form) if each.form in _BY_NAME else 0)
    code = "OR101" if first.form == "slash" and ":" in first.name else _CODES[first.form]
    why, fix = _explained(case, first, references)
    more = sorted({each.line for each in references} - {first.line})
    also = also_on(more)
    return found(
        code,
        first.page,
        first.line,
        f"{quoted(first.name)} {why}{also}",
        about=first.name,
        column=first.column,
        fix=fix,
        severity="warning" if code in ("OR101", "OR115") and _is_soft(case, first) else None,
    )


def _is_soft(case: Case, reference: Reference) -> bool:
    """Tell whether a certain reference stands where it may be a sample: in a code block of a document."""
    return reference.in_fence and not case.is_loaded(reference.page)


def _explained(case: Case, reference: Reference, all_of_it: list[Reference]) -> tuple[str, Fix | None]:
    if reference.form in _BY_NAME or reference.form == "agent":
        return _explained_name(case, reference, all_of_it)
    if reference.form == "tool":
        guess = did_you_mean(reference.name, case.collection.tools)
        return f"is no tool of the plugin's server{_question(guess)}", None
    if reference.form == "anchor":
        return "leads to no heading", None
    return _explained_path(case, reference)


def _explained_name(case: Case, reference: Reference, all_of_it: list[Reference]) -> tuple[str, Fix | None]:
    collection = case.collection
    bare = reference.name.lstrip("/").rpartition(":")[2]
    what = {"agent": "is no agent", "slash": "is no command or skill"}.get(
        reference.form, "is no skill, command or agent"
    )
    owners = list(collection.plugins.values())
    what += f" of {owners[0] if len(owners) == 1 else 'the collection'}"
    former = collection.former.names.get(bare)
    new = _newest_name(case, bare)
    if former and new:
        return f"{what}: renamed to {quoted(new)} in commit {former.commit}", _renaming(all_of_it, bare, new)
    if former:
        return f"{what} since commit {former.commit}", None
    guess = near(collection, bare)
    if guess:
        return f"{what}: did you mean {quoted(guess)}?", None
    return f"{what}{_question(did_you_mean(bare, collection.by_name))}", None


def _newest_name(case: Case, name: str) -> str:
    """Follow the renames of git from ``name`` to a component that is there."""
    collection = case.collection
    for _ in range(limits.LINT_NAMED):
        former = collection.former.names.get(name)
        if former is None:
            return ""
        name = former.new
        if name in collection.by_name:
            return name
    return ""


def _renaming(references: Iterable[Reference], old: str, new: str) -> Fix:
    edits = [
        Edit(each.page, at, at + len(old), new)
        for each in references
        if each.name.endswith(old)
        for at in (each.start + len(each.name) - len(old),)
    ]
    return Fix(f"write `{new}`", tuple(edits), safe=False)


def _explained_path(case: Case, reference: Reference) -> tuple[str, Fix | None]:
    collection = case.collection
    if reference.form == "link" and reference.name.startswith("/"):
        return "is a link from the root of a website: in a repository it leads nowhere", None
    path = reference.name.lstrip("@").partition("#")[0]
    for base in folders_above(reference.page):
        full = joined(base, path)
        if full and full in collection.former.paths:
            gone = collection.former.paths[full]
            moved = gone.new and collection.tree.has(gone.new)
            fate = f"moved to {quoted(gone.new)}" if moved else "deleted"
            return f"does not exist: {fate} in commit {gone.commit}", None
    name = path.rstrip("/").rpartition("/")[2]
    if reference.form == "file" and name in collection.former.basenames:
        gone = collection.former.basenames[name]
        return f"does not exist in the plugin since commit {gone.commit}", None
    elsewhere = collection.basenames.get(name, [])
    if len(elsewhere) == 1 and name not in ("SKILL.md", "README.md"):
        return f"does not exist: did you mean {quoted(elsewhere[0])}?", None
    skills: list[Component] = [each for each in collection.by_name.get(name, ()) if each.kind == "skill"]
    if skills:
        return f"does not exist: the skill stands in {quoted(skills[0].folder)}", None
    return "does not exist", None


def _copied_links(groups: list[list[Reference]]) -> Finding:
    first = groups[0][0]
    names = [group[0].name for group in groups]
    more = f" and {len(names) - limits.LINT_LINKS} more" if len(names) > limits.LINT_LINKS else ""
    shown = ", ".join(quoted(name) for name in names[: limits.LINT_LINKS])
    return found(
        "OR111",
        first.page,
        first.line,
        f"{shown}{more}: a link from the root of a website leads nowhere in a repository",
        about=first.name,
        column=first.column,
        severity="warning",
    )


def _question(guess: str) -> str:
    return f": {guess}" if guess else ""
