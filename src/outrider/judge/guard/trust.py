"""Which guard settings hold in a folder: the user's, the user's for this project, and the project's own.

A project's file comes with foreign code, so it can only tighten: raise a mode as far as the user lets
projects go, lower a limit or set one where there was none. What a person switched off stays off. Nothing here
raises: what is right is taken, what is wrong is listed, because a hook must go on.
"""

from __future__ import annotations

from outrider.judge.guard import settings as setting
from outrider.judge.guard.settings import Settings, read_limits, read_mode, read_modes, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

DEFAULT = "default"
USER = "user"
SECTION = "user, for this project"
PROJECT = "project file"

RULES_MODE = setting.OBSERVE
"""The mode of a workflow's own rules until a person promotes them."""


class Effective:
    """The settings in force.

    ``workflows`` maps a skill to a mode, ``rules`` "SKILL: RULE TEXT" to a mode. ``ignored`` is what a
    project's file tried to loosen, ``mistakes`` what could not be read, ``origins`` where each setting comes
    from ("mode", "detectors.poll", "limits.session.calls", "workflows.SKILL", "rules.SKILL: RULE TEXT").
    """

    __slots__ = ("ignored", "mistakes", "origins", "projects_may", "rules", "settings", "workflows")

    def __init__(self) -> None:
        self.settings = Settings()
        self.workflows: dict[str, str] = {}
        self.rules: dict[str, str] = {}
        self.projects_may = setting.ADVISE
        self.ignored: list[str] = []
        self.mistakes: list[str] = []
        self.origins: dict[str, str] = {"mode": DEFAULT, "projects_may": DEFAULT}

    @property
    def speaks(self) -> bool:
        """Tell whether any rule of any workflow may do more than be noted."""
        return any(
            mode in (setting.ADVISE, setting.ENFORCE)
            for mode in (*self.workflows.values(), *self.rules.values())
        )

    def mode_of_rule(self, skill: str, rule: str, *, by_bare: bool = True) -> str:
        """Return the mode of one rule of a workflow; ``skill`` with its plugin or without.

        With ``by_bare`` a mode that is set for the name without its plugin counts as well.
        """
        if self.settings.mode == setting.OFF:
            return setting.OFF
        text = " ".join(rule.split())
        for name in _names(skill, by_bare=by_bare):
            if mode := self.rules.get(f"{name}: {text}"):
                return mode
        return self.mode_of_workflow(skill, by_bare=by_bare)

    def mode_of_workflow(self, skill: str, *, by_bare: bool = True) -> str:
        """Return the mode of the rules of a workflow that have none of their own."""
        if self.settings.mode == setting.OFF:
            return setting.OFF
        names = _names(skill, by_bare=by_bare)
        return next((self.workflows[name] for name in names if name in self.workflows), RULES_MODE)


def effective(user: object, folder: str, project: object) -> Effective:
    """Return what holds in ``folder`` (absolute, may be empty).

    ``user`` and ``project`` are the plain objects of the user's settings and of the project's file, None
    where there is none. Never raises.
    """
    made = Effective()
    own = _layer(user, USER, made.mistakes, _USER_NAMES)
    _lay(made, own, USER)
    if may := read_mode(own.get("projects_may", setting.ADVISE), "projects_may", made.mistakes):
        made.projects_may = may
        made.origins["projects_may"] = USER if "projects_may" in own else DEFAULT
    sections = own.get("projects", {})
    if not isinstance(sections, dict):
        made.mistakes.append("projects: folders with settings are wanted")
        sections = {}
    nearest = section_of(sections, folder)
    for name, values in sections.items():
        where = f"projects.{str(name)[:80]}."
        if name == nearest:
            _lay(made, _layer(values, SECTION, made.mistakes, _NAMES, where), SECTION, where)
        else:
            _lay(Effective(), _layer(values, SECTION, made.mistakes, _NAMES, where), SECTION, where, made)
    foreign = _layer(project, PROJECT, made.mistakes, _NAMES, _FILE)
    _tighten(made, foreign)
    return made


def mistakes(user: object) -> list[str]:
    """Return everything that is wrong with the user's settings."""
    return effective(user, "", None).mistakes


def sound(user: object, good: Callable[[], object]) -> object:
    """Return the user's settings, or where they are damaged the last ones that were not.

    ``good`` reads the copy that the command line keeps; it is asked for only when it is needed. Where that
    is damaged too, the settings as they are: ``effective`` takes what is right of them.
    """
    if not mistakes(user):
        return user
    kept = good()
    return user if kept is None or mistakes(kept) else kept


def section_of(sections: object, folder: str) -> str:
    """Return the name of the section for ``folder`` or its nearest parent, empty where there is none."""
    names = [name for name in sections if isinstance(name, str)] if isinstance(sections, dict) else []
    above = [name for name in names if name and _is_within(folder, name)]
    return max(above, key=len, default="")


_NAMES = ("mode", "detectors", "limits", "workflows", "rules")
_USER_NAMES = (*_NAMES, "projects", "projects_may")
_FILE = "project file: "


def _is_within(folder: str, name: str) -> bool:
    bare = name.rstrip("/")
    return folder.rstrip("/") == bare or folder.startswith(bare + "/")


def _names(skill: str, *, by_bare: bool) -> tuple[str, ...]:
    bare = skill.rpartition(":")[2]
    return (skill, bare) if by_bare and bare != skill else (skill,)


def _layer(
    given: object, where: str, wrong: list[str], names: tuple[str, ...], prefix: str = ""
) -> dict[str, object]:
    """Return the members of one layer that may stand in it."""
    if given is None:
        return {}
    if not isinstance(given, dict):
        wrong.append(f"{prefix or where + ': '}guard settings are an object")
        return {}
    wrong += [
        f"{prefix}{shown(name)} is no setting that may stand here" for name in given if name not in names
    ]
    return {name: value for name, value in given.items() if name in names}


class _Read:
    """One layer, read: what was wrong is gone."""

    __slots__ = ("limits", "mode", "modes", "rules", "workflows")

    def __init__(self, layer: dict[str, object], where: str, wrong: list[str]) -> None:
        self.mode = read_mode(layer["mode"], where + "mode", wrong) if "mode" in layer else ""
        self.modes = read_modes(layer.get("detectors", {}), where + "detectors", wrong, setting.DETECTORS)
        self.limits = read_limits(layer.get("limits", {}), where + "limits", wrong)
        self.workflows = read_modes(layer.get("workflows", {}), where + "workflows", wrong)
        rules = read_modes(layer.get("rules", {}), where + "rules", wrong)
        self.rules = {" ".join(name.split()): mode for name, mode in rules.items()}


def _lay(
    made: Effective, layer: dict[str, object], origin: str, where: str = "", told: Effective | None = None
) -> None:
    """Put one layer of the user's over what holds; mistakes go to ``told``."""
    read = _Read(layer, where, (told or made).mistakes)
    if read.mode:
        made.settings.mode = read.mode
        made.origins["mode"] = origin
    for kind, kept, new in (
        ("detectors", made.settings.modes, read.modes),
        ("workflows", made.workflows, read.workflows),
        ("rules", made.rules, read.rules),
    ):
        kept.update(new)
        made.origins.update((f"{kind}.{name}", origin) for name in new)
    for scope, numbers in read.limits.items():
        made.settings.limits.setdefault(scope, {}).update(numbers)
        made.origins.update((f"limits.{scope}.{name}", origin) for name in numbers)


def _tighten(made: Effective, layer: dict[str, object]) -> None:
    """Take of a project's file what is stricter than what holds."""
    read = _Read(layer, _FILE, made.mistakes)
    if read.mode:
        made.settings.mode = _raised(made, "mode", made.settings.mode, read.mode)
    for kind, kept, new, now in (
        ("detectors", made.settings.modes, read.modes, made.settings.mode_of),
        ("workflows", made.workflows, read.workflows, made.mode_of_workflow),
        ("rules", made.rules, read.rules, lambda name: _rule_now(made, name)),
    ):
        for name, mode in new.items():
            held = now(name)
            if (raised := _raised(made, f"{kind}.{name}", held, mode)) != held:
                kept[name] = raised
    for scope, numbers in read.limits.items():
        for name, number in numbers.items():
            _lower(made, scope, name, number)


def _rule_now(made: Effective, name: str) -> str:
    skill, _, rule = name.partition(": ")
    return made.mode_of_rule(skill, rule)


def _raised(made: Effective, what: str, held: str, wanted: str) -> str:
    """Return the mode that a project's file gets: higher than ``held`` and no higher than is allowed."""
    rank = setting.MODES.index
    if held == setting.OFF or rank(wanted) < rank(held):
        if wanted != held:
            made.ignored.append(f"{what}: {wanted} (in force: {held})")
        return held
    if rank(wanted) == rank(held):
        return held
    given = min(wanted, made.projects_may, key=rank)
    if given != wanted:
        made.ignored.append(f"{what}: {wanted} (projects may go to {made.projects_may})")
    if rank(given) <= rank(held):
        return held
    made.origins[what] = PROJECT
    return given


def _lower(made: Effective, scope: str, name: str, number: float) -> None:
    limits = made.settings.limits.setdefault(scope, {})
    held = limits.get(name)
    if held is not None and number > held:
        made.ignored.append(f"limits.{scope}.{name}: {number:g} (in force: {held:g})")
    elif held is None or number < held:
        limits[name] = number
        made.origins[f"limits.{scope}.{name}"] = PROJECT
