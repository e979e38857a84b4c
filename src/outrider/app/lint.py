"""Lint of a folder: settings found, collection read, rules asked, findings sifted."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from outrider.app.plugins import read_collection
from outrider.app.sharing_out import shared_out
from outrider.app.text_files import read_text
from outrider.edge.readers.git_past import GitPast, changed_since
from outrider.judge.lint.baseline import baseline_of, new_findings, read_baseline
from outrider.judge.lint.case import Case
from outrider.judge.lint.check import findings, on_pages
from outrider.judge.lint.finding import Finding
from outrider.judge.lint.settings import LintSettings, code_faults, read_settings
from outrider.judge.lint.suppression import not_suppressed, suppressions
from outrider.kernel.errors import UnreadableError, UsageError
from outrider.plan.plugin.collection import Collection
from outrider.plan.plugin.manifests import MARKETPLACE, PLUGIN_MANIFEST

SETTINGS_FILE = "outrider.toml"


@dataclass(frozen=True)
class Linted:
    """What lint found. ``findings`` are those to show, ``suppressed`` and ``known`` count what is not shown.

    Paths are relative to ``root``; ``inside`` is the part of the root that was asked for, empty for all.
    """

    root: Path
    collection: Collection
    findings: list[Finding]
    suppressed: int = 0
    known: int = 0
    inside: str = ""


@dataclass(frozen=True)
class Asked:
    """What a person asked for on the command line, over the settings of the file."""

    profile: str = ""
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    since: str = ""
    baseline: str = ""
    use_baseline: bool = True


def lint(path: Path, asked: Asked | None = None) -> Linted:
    """Lint the plugin or skills at ``path``, a folder or a file of one.

    Raises :class:`UnreadableError` when nothing is there, :class:`UsageError` for settings that are wrong.
    """
    asked = asked or Asked()
    root, inside = plugin_root(path)
    settings = _settings(root, asked)
    collection = read_collection(root, GitPast(root))
    case = Case(collection, settings.profile)
    sizes = {path: len(page.text) for path, page in collection.pages.items()}
    parts = shared_out(lambda paths: on_pages(case, paths), sizes)
    kept, wrong = suppressions(collection.tree)
    wanted = [
        each
        for each in (*findings(case, parts), *wrong)
        if settings.holds(each) and _is_inside(each.path, inside)
    ]
    if asked.since:
        wanted = _changed(root, asked.since, wanted)
    shown = list(not_suppressed(wanted, kept))
    suppressed = len(wanted) - len(shown)
    baseline = _baseline(root, asked, settings)
    new = new_findings(shown, baseline) if baseline is not None else shown
    found = sorted(new, key=lambda each: (each.path, each.line, each.code, each.column))
    return Linted(root, collection, found, suppressed, len(shown) - len(new), inside)


def write_baseline(linted: Linted, place: Path) -> None:
    """Write the findings as a baseline file."""
    text = json.dumps(baseline_of(linted.findings), indent=1, ensure_ascii=True) + "\n"
    try:
        place.write_text(text, "utf-8")
    except OSError as error:
        raise UsageError(
            "lint-baseline", f"{place}: {error.strerror or error}", "give a place that can be written"
        ) from error


def plugin_root(path: Path) -> tuple[Path, str]:
    """Return the root of the plugin that ``path`` belongs to, and the path inside it."""
    if not path.exists():
        raise UnreadableError(
            "unreadable-file", f"{path}: no such file or folder", "give the folder of a plugin"
        )
    start = path if path.is_dir() else path.parent
    resolved = start.resolve()
    for folder in (resolved, *resolved.parents):
        if _is_root(folder):
            inside = path.resolve().relative_to(folder).as_posix()
            return (start if folder == resolved else folder), "" if inside == "." else inside
    return start, "" if path.is_dir() else path.name


def _is_root(folder: Path) -> bool:
    return any((folder / mark).is_file() for mark in (PLUGIN_MANIFEST, MARKETPLACE, SETTINGS_FILE))


def _is_inside(path: str, inside: str) -> bool:
    return not inside or path == inside or path.startswith(inside + "/")


def _settings(root: Path, asked: Asked) -> LintSettings:
    table = read_table(root / SETTINGS_FILE).get("lint", {})
    if not isinstance(table, dict):
        raise UsageError("lint-settings", f"{root / SETTINGS_FILE}: `lint` is a table", "write [lint]")
    settings, faults = read_settings(table)
    if faults:
        raise UsageError("lint-settings", f"{root / SETTINGS_FILE}: {'; '.join(faults)}", "see docs/lint.md")
    faults = code_faults((*asked.select, *asked.ignore, *asked.only))
    if faults:
        raise UsageError("lint-settings", "; ".join(faults), "`outrider lint --rules` lists them")
    return replace(
        settings,
        profile=asked.profile or settings.profile,  # type: ignore[arg-type]
        select=settings.select + asked.select,
        ignore=settings.ignore + asked.ignore,
        only=asked.only,
    )


def read_table(path: Path) -> dict[str, Any]:
    """Return what a TOML file holds, nothing where there is none. Raises :class:`UsageError` for bad TOML."""
    if not path.is_file():
        return {}
    import tomllib  # noqa: PLC0415 - most collections have no settings

    try:
        return tomllib.loads(read_text(path))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UsageError("lint-settings", f"{path}: {error}", "mend the line that it names") from error


def _baseline(root: Path, asked: Asked, settings: LintSettings) -> Counter[tuple[str, str, str]] | None:
    place = asked.baseline or settings.baseline
    if not place or not asked.use_baseline:
        return None
    path = Path(place) if asked.baseline else root / place
    try:
        value = json.loads(read_text(path))
    except (ValueError, RecursionError) as error:
        raise UsageError(
            "lint-baseline", f"{path}: no JSON ({error})", "write it again with --write-baseline"
        ) from error
    known = read_baseline(value)
    if known is None:
        raise UsageError(
            "lint-baseline", f"{path}: no baseline of lint", "write it again with --write-baseline"
        )
    return known


def _changed(root: Path, revision: str, wanted: list[Finding]) -> list[Finding]:
    changed = changed_since(root, revision)
    if changed is None:
        raise UsageError(
            "lint-since",
            f"--since {revision[:60]}: git does not know it here",
            "give a revision of this repository",
        )
    return [each for each in wanted if each.path in changed]
