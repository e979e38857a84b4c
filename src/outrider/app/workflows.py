"""The workflow that holds for a skill: written down by a person, shipped with Outrider, or derived.

Looked for in this order; the first file that is there decides, and one that is badly written is said and
not passed over: the project's `.outrider/workflows/<skill>.yaml`, `workflow.yaml` beside the skill, the
shipped library, and last what the skill's own text says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Literal

from outrider.app.text_files import read_text
from outrider.plan.skill.text import read_skill
from outrider.plan.workflow.derive.derive import derive
from outrider.plan.workflow.derive.engine import derive_engine
from outrider.plan.workflow.file import read_workflow
from outrider.plan.workflow.model import Mistake, Workflow
from outrider.record.session import Load

Origin = Literal["project", "skill", "shipped", "derived", "none"]
"""Where a workflow comes from; `none`: nothing prescribes anything."""

PROJECT_FOLDER = Path(".outrider") / "workflows"
BESIDE_SKILL = "workflow.yaml"


@dataclass(frozen=True, slots=True)
class Found:
    """A skill's workflow with its origin. ``workflow`` is empty where there is none, or a bad one."""

    workflow: Workflow
    origin: Origin
    path: str = ""
    mistakes: tuple[Mistake, ...] = ()


class Workflows:
    """Finds workflows for the loads of skills, each once.

    ``words`` are the known activities; ``text_of`` gives the text of a skill's version by its digest.
    """

    def __init__(self, words: Iterable[str], text_of: Callable[[str], str]) -> None:
        self._words = frozenset(words)
        self._text_of = text_of
        self._known: dict[tuple[str, str, str, str], Found] = {}

    def of_load(self, load: Load, project: str) -> Found:
        """Return the workflow that holds for one load of a skill in ``project``, a folder or empty."""
        key = (project, load.base, load.name, load.digest)
        if key not in self._known:
            beside = Path(load.base) / BESIDE_SKILL if load.base else None
            self._known[key] = self._found(load.name, project, beside, lambda: self._text_of(load.digest))
        return self._known[key]

    def of_skill(self, name: str, project: str, folder: Path | None, text: str) -> Found:
        """Return the workflow that holds for a skill whose text is at hand."""
        return self._found(name, project, folder / BESIDE_SKILL if folder else None, lambda: text)

    def read(self, path: Path, origin: Origin, skill: str = "") -> Found:
        """Read one workflow file. Raises :class:`UnreadableError` when it cannot be read."""
        return self._declared(read_text(path), origin, str(path), skill)

    def _found(self, name: str, project: str, beside: Path | None, text: Callable[[], str]) -> Found:
        bare = name.rpartition(":")[2]
        own: list[tuple[Path, Origin]] = []
        if project and bare:
            own.append((Path(project) / PROJECT_FOLDER / f"{_file_name(bare)}.yaml", "project"))
        if beside:
            own.append((beside, "skill"))
        for path, origin in own:
            if is_file(path):
                return self.read(path, origin, name)
        if shipped := shipped_workflow(name):
            return self._declared(shipped[1], "shipped", shipped[0], name)
        derived = derived_workflow(text(), name)
        has_any = derived.steps or derived.rules
        return Found(derived, "derived" if has_any else "none")

    def _declared(self, text: str, origin: Origin, path: str, skill: str) -> Found:
        workflow, mistakes = read_workflow(text, self._words, path_hint=path)
        return Found(workflow or Workflow(skill), origin, path, mistakes)


def derived_workflow(text: str, name: str, path: str = "") -> Workflow:
    """Return what a skill's text (or the definition of one of wrangler's engine workflows) prescribes."""
    if path.endswith((".yaml", ".yml")):
        return derive_engine(text)
    return derive(read_skill(text, path=path or name))


def shipped_workflow(name: str) -> tuple[str, str] | None:
    """Return name and text of the shipped workflow of a skill; None when there is none.

    A skill that says its plugin gets that plugin's file alone, one that does not the first that fits.
    """
    plugin, _, bare = name.rpartition(":")
    for folder, skill, text in shipped_workflows():
        if skill == bare and plugin in ("", folder):
            return f"{folder}/{skill}.yaml", text
    return None


def shipped_workflows() -> list[tuple[str, str, str]]:
    """Return plugin, skill and text of every shipped workflow, in order of name."""
    library = resources.files("outrider.plan.workflow").joinpath("library")
    return sorted(
        (folder.name, file.name.removesuffix(".yaml"), file.read_text("utf-8"))
        for folder in library.iterdir()
        if folder.is_dir()
        for file in folder.iterdir()
        if file.name.endswith(".yaml")
    )


def is_file(path: Path) -> bool:
    """Tell whether a file is there. What cannot be looked at or named at all is none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _file_name(skill: str) -> str:
    """Return a skill's name as a file's: names come from records and must not leave the folder."""
    return "".join(letter if letter.isalnum() or letter in "-_." else "-" for letter in skill).lstrip(".")
