"""Which file of compiled rules holds for a skill in a project, and how far its rules may go.

Files that nobody asked for carry the member ``armed``: for which skill they were compiled, and who brought
them. They give way to what a person compiled by hand, and no plugin gets those of another's skill.
"""

from __future__ import annotations

from outrider.judge.guard import settings as setting
from outrider.judge.guard.seeing.digests import rules_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from outrider.judge.guard.trust import Effective

ARMED = "armed"
PLUGIN = "plugin"
PROJECT = "project"
"""Who may bring workflows that are not taken at their word: another plugin, and the project at hand."""


def rules_for(skill: str, project: str, read: Callable[[str], object]) -> object:
    """Return the compiled object that holds for a skill, None where there is none.

    ``read`` gives the content of a file in the folder of rules by its name, None where it is not there.
    """
    named = _fitting(read(rules_name(skill)), skill)
    plugin, _, bare = skill.rpartition(":")
    if plugin and (named is None or origin_of(named) == PLUGIN):
        by_hand = read(rules_name(bare))
        return named if by_hand is None or is_armed(by_hand) else by_hand
    if not plugin and project and (named is None or is_armed(named)):
        return _fitting(read(rules_name(skill, project)), skill) or named
    return named


def modes_of(held: Effective, rules_of: Callable[[str], object]) -> Callable[[str, str], str]:
    """Return what gives the mode of a rule by skill and text.

    Rules of a plugin that nobody asked for do not speak by a mode for the bare name, which may mean another
    skill; those of a project go no further than projects may.
    """

    def mode_of(skill: str, rule: str) -> str:
        origin = origin_of(rules_of(skill))
        mode = held.mode_of_rule(skill, rule, by_bare=origin != PLUGIN)
        if origin != PROJECT or mode not in (setting.ADVISE, setting.ENFORCE):
            return mode
        rank = setting.MODES.index
        return min(mode, max(held.projects_may, setting.OBSERVE, key=rank), key=rank)

    return mode_of


def is_armed(found: object) -> bool:
    """Tell whether compiled rules were written without anybody asking."""
    return isinstance(found, dict) and ARMED in found


def origin_of(found: object) -> str:
    """Return who brought rules that nobody asked for, empty for those that a person compiled."""
    mark = found.get(ARMED) if isinstance(found, dict) else None
    return str(mark.get("origin", "")) if isinstance(mark, dict) else ""


def _fitting(found: object, skill: str) -> object:
    """Leave out what was compiled for another skill whose name gives the same file."""
    mark = found.get(ARMED) if isinstance(found, dict) else None
    return None if isinstance(mark, dict) and mark.get("skill") != skill else found
