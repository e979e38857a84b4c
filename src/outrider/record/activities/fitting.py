"""Whether an activity fits one alternative of a pattern; the rules engine resolves the same beforehand."""

from __future__ import annotations

from outrider.kernel.globs import matches_branch, matches_folder, matches_name, matches_path
from outrider.record.activities.activity import Activity


def fits(alternative: tuple[str, str, str, str], activity: Activity) -> bool:
    """Match globs for name, of, to and within; an empty one holds for everything.

    A folder that is not known is within nothing, not even within `**`.
    """
    name, of, to, within = alternative
    return (
        matches_name(name, activity.name)
        and (not of or matches_path(of, activity.of))
        and (not to or matches_branch(to, activity.to))
        and (not within or (activity.within != "" and matches_folder(within, activity.within)))
    )
