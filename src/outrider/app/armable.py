"""The skills whose workflows are compiled without anybody asking, and the folders they stand in.

Of plugins, of the user and of a project: what stands there is foreign, so names are checked, everything is
bounded, and what cannot be looked at is told, so that nothing is taken for gone that was only not seen.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

from outrider.app.doctor.reading import mapping, read_object
from outrider.app.workflows import BESIDE_SKILL, is_file, shipped_workflows
from outrider.kernel.inert import clipped
from outrider.kernel.limits import ARMED_PLUGINS, ARMED_SKILLS, LABEL_CHARS
from outrider.plan.workflow.node_reading import is_name

Origin = Literal["own", "plugin", "shipped", "user", "project"]
"""Who brings a workflow: this plugin, another one, our library, the user's skills, or those of a project."""

OURS: tuple[Origin, ...] = ("own", "shipped")
OWN_NAME = "outrider"

_SKILL_FILE = "SKILL.md"
_MANIFEST = Path(".claude-plugin") / "plugin.json"
_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that was left out: what is wrong, where, and what to do about it."""

    what: str
    where: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Armable:
    """A skill that may have a workflow, by the name that it is loaded by.

    ``holder`` is the configuration or project folder that it belongs to, empty for what is ours. ``folder``
    is the skill's, None for one of our library. ``project`` is set where it holds in that project alone.
    """

    skill: str
    origin: Origin
    holder: str = ""
    folder: Path | None = None
    project: str = ""


@dataclass(slots=True)
class Seen:
    """What was found; ``unseen`` are the origins of which something could not be looked at."""

    skills: list[Armable] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    unseen: set[Origin] = field(default_factory=set)

    def tell(self, what: str, where: object, remedy: str, unseen: Origin | None = None) -> None:
        """Add a fault; ``unseen`` is the origin of which not all was seen because of it."""
        self.faults.append(Fault(what, clipped(str(where), _SHOWN), remedy))
        if unseen:
            self.unseen.add(unseen)


def look(own: Path, config: Path, project: Path | None) -> Seen:
    """Return the skills of this plugin (at ``own``), of installed plugins, of the library, user and project.

    Where two have one name the first of them holds.
    """
    seen = Seen()
    if is_file(own / _MANIFEST):
        _add(seen, "own", (own / "skills",), f"{OWN_NAME}:", "")
    _plugins(seen, config)
    seen.skills += [Armable(f"{plugin}:{skill}", "shipped") for plugin, skill, _ in shipped_workflows()]
    _add(seen, "user", (config / "skills",), "", str(config))
    if project is not None and project / ".claude" != config:
        _add(seen, "project", (project / ".claude" / "skills",), "", str(project), str(project))
    return seen


def _plugins(seen: Seen, config: Path) -> None:
    """Add the skills of the plugins that the client lists as installed."""
    path = config / "plugins" / "installed_plugins.json"
    content, why = read_object(path)
    if content is None:
        if why != "missing":
            seen.tell(f"the list of plugins {why}", path, "claude plugin list", "plugin")
        return
    listed = sorted(mapping(content.get("plugins")).items())
    if len(listed) > ARMED_PLUGINS:
        seen.tell(
            f"more than {ARMED_PLUGINS} plugins", path, "rules of the others are not compiled", "plugin"
        )
    for key, value in listed[:ARMED_PLUGINS]:
        name = key.partition("@")[0]
        if name == OWN_NAME:
            continue
        if not _is_plain(name):
            seen.tell("a plugin has a name that is none", clipped(key, _SHOWN), "rules are not compiled")
            continue
        for entry in map(mapping, (value if isinstance(value, list) else [value])[:ARMED_PLUGINS]):
            root = entry.get("installPath")
            if isinstance(root, str) and root.startswith("/") and "\0" not in root:
                _add(seen, "plugin", _folders(Path(root)), f"{name}:", str(config))


def _folders(root: Path) -> Iterator[Path]:
    """Return where a plugin keeps skills: its usual folder, and those that its manifest adds within it."""
    yield root / "skills"
    content, _ = read_object(root / _MANIFEST)
    given = (content or {}).get("skills")
    for each in [given] if isinstance(given, str) else given if isinstance(given, list) else []:
        if isinstance(each, str) and not each.startswith("/") and ".." not in Path(each).parts:
            yield root / each


def _add(
    seen: Seen, origin: Origin, folders: Iterable[Path], prefix: str, holder: str, project: str = ""
) -> None:
    shipped = _shipped()
    for at, folder in enumerate(folders):
        if at >= ARMED_PLUGINS:
            return
        for path in _skill_folders(seen, origin, folder):
            if not is_file(path / BESIDE_SKILL) and (prefix or path.name not in shipped):
                continue
            if _is_plain(path.name):
                seen.skills.append(Armable(prefix + path.name, origin, holder, path, project))
            else:
                seen.tell("a skill has a name that is none", path, "rename its folder")


def _skill_folders(seen: Seen, origin: Origin, folder: Path) -> list[Path]:
    """Return the folders of skills in a folder, or that folder where it is one itself."""
    try:
        if is_file(folder / _SKILL_FILE):
            return [folder]
        with os.scandir(folder) as entries:
            names = sorted(entry.name for _, entry in zip(range(ARMED_SKILLS + 1), entries, strict=False))
    except (FileNotFoundError, NotADirectoryError):
        return []
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        seen.tell(f"skills cannot be looked at: {why}", folder, "check permissions", origin)
        return []
    if len(names) > ARMED_SKILLS:
        seen.tell(f"more than {ARMED_SKILLS} skills", folder, "rules of the others are not compiled", origin)
    return [folder / name for name in names[:ARMED_SKILLS] if is_file(folder / name / _SKILL_FILE)]


@cache
def _shipped() -> frozenset[str]:
    """Return the skills for which our library has a workflow."""
    return frozenset(skill for _, skill, _ in shipped_workflows())


def _is_plain(name: str) -> bool:
    """Tell whether a folder's name can be a skill's: a colon would make it another plugin's."""
    return len(name) <= LABEL_CHARS and ":" not in name and name.isprintable() and is_name(name, "skill")
