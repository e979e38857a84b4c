"""A skill by what a person gives: a path, or the name of one that ran or is installed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from outrider.app.library import Library
from outrider.app.text_files import read_text
from outrider.app.vocabulary import Vocabularies
from outrider.app.workflows import BESIDE_SKILL, Found, Workflows, is_file, shipped_workflow
from outrider.edge.store import facts
from outrider.edge.store.runs import skill_versions
from outrider.kernel.errors import UsageError
from outrider.kernel.inert import clipped

_SKILL_FILE = "SKILL.md"
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class SkillSource:
    """A skill's text and where it was found. ``workflow_file`` is set when that itself was given."""

    name: str
    text: str
    path: str = ""
    folder: Path | None = None
    workflow_file: Path | None = None


def find_skill(library: Library | None, given: str) -> SkillSource:
    """Return the skill that ``given`` means: a folder, a file, or a name, looked for in the records first.

    Raises :class:`UsageError` when there is no such skill.
    """
    if is_path(given):
        path = Path(given).expanduser()
        return _from_folder(path) if path.is_dir() else _from_file(path)
    if library is not None:
        if recorded := _recorded(library, given):
            return recorded
        for file in _installed(library.root.folder, given):
            return replace(_from_file(file), name=given)
    if shipped_workflow(given):
        return SkillSource(given, "")
    shown = clipped(given, _SHOWN)
    raise UsageError(
        "no-such-skill", f"{shown}: no such skill", "give its folder, or a name from: outrider skills"
    )


def is_path(given: str) -> bool:
    """Tell whether ``given`` is a file or folder that is there; a name is too long to be one at times."""
    try:
        return Path(given).expanduser().exists()
    except (OSError, RuntimeError):
        return False


def workflow_in_force(source: SkillSource, project: str) -> Found:
    """Return the workflow that holds for a skill in ``project``."""
    words = Vocabularies().of_project(project).vocabulary.words
    workflows = Workflows(words, lambda _: "")
    if source.workflow_file is not None:
        return workflows.read(source.workflow_file, "skill", source.name)
    return workflows.of_skill(source.name, project, source.folder, source.text)


def _from_folder(folder: Path) -> SkillSource:
    skill, beside = folder / _SKILL_FILE, folder / BESIDE_SKILL
    if skill.is_file():
        return _from_file(skill)
    if beside.is_file():
        return _from_file(beside)
    raise UsageError("no-such-skill", f"{folder}: holds no {_SKILL_FILE}", "give the folder of one skill")


def _from_file(path: Path) -> SkillSource:
    text = read_text(path)
    folder = path.parent
    if path.suffix in (".yaml", ".yml"):
        name = folder.name if path.name == BESIDE_SKILL else path.stem
        return SkillSource(name, text, str(path), folder, path)
    name = folder.name if path.name == _SKILL_FILE else path.stem
    return SkillSource(name, text, str(path), folder)


def _recorded(library: Library, name: str) -> SkillSource | None:
    for version in skill_versions(library.connection, name):
        text = facts.skill_text_of(library.connection, version.digest)
        if text:
            return SkillSource(version.name, text)
    return None


def _installed(root: Path, name: str) -> Iterator[Path]:
    """Find a skill among those that are installed: the project's, the user's, then those of plugins."""
    plugin, _, bare = name.rpartition(":")
    if bare != Path(bare).name or not bare:
        return
    if not plugin:
        for folder in (Path.cwd() / ".claude" / "skills", root / "skills"):
            if is_file(file := folder / bare / _SKILL_FILE):
                yield file
    for folder in sorted((root / "plugins").glob("**/skills")):
        if (not plugin or plugin in folder.parts) and is_file(file := folder / bare / _SKILL_FILE):
            yield file
