"""Which file of compiled rules holds for a skill in a project.

Files that nobody asked for carry the member ``armed``: for which skill they were compiled, and out of which
folder. They give way to what a person compiled by hand, and no plugin gets those of another's skill.
"""

from __future__ import annotations

from outrider.judge.guard.seeing.digests import rules_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

ARMED = "armed"


def rules_for(skill: str, project: str, read: Callable[[str], object]) -> object:
    """Return the compiled object that holds for a skill, None where there is none.

    ``read`` gives the content of a file in the folder of rules by its name, None where it is not there.
    """
    named = _fitting(read(rules_name(skill)), skill)
    plugin, _, bare = skill.rpartition(":")
    if plugin and named is None:
        by_hand = read(rules_name(bare))
        return None if is_armed(by_hand) else by_hand
    if not plugin and project and (named is None or is_armed(named)):
        return _fitting(read(rules_name(skill, project)), skill) or named
    return named


def is_armed(found: object) -> bool:
    """Tell whether compiled rules were written without anybody asking."""
    return isinstance(found, dict) and ARMED in found


def _fitting(found: object, skill: str) -> object:
    """Leave out what was compiled for another skill whose name gives the same file."""
    mark = found.get(ARMED) if isinstance(found, dict) else None
    return None if isinstance(mark, dict) and mark.get("skill") != skill else found
