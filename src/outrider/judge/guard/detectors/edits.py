"""Edits: what was written before, what fails in one place, what changes nothing.

A change is *novel* if what it wrote was not seen at its place before. Only novel changes are progress: they
begin a new epoch, in which a failing test may be run again.
"""

from __future__ import annotations

from outrider.judge.guard.detectors.findings import Finding
from outrider.judge.guard.seeing import kinds
from outrider.judge.guard.seeing.digests import digest
from outrider.judge.guard.thread import FAILED, NOVEL, REFUSED, SILENT, put
from outrider.kernel.limits import GUARD_CONTENTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from outrider.judge.guard.seeing.observations import Observation
    from outrider.judge.guard.thread import Lap, Thread


def note(thread: Thread, lap: Lap, seen: Observation) -> None:
    """Mark the lap as novel where it is."""
    if lap.flags & (FAILED | REFUSED | SILENT):
        return
    if lap.kind == kinds.CHANGE:
        novel = (
            _is_new_content(thread, lap, seen)
            if lap.target and seen.content
            else thread.is_new(lap.key + lap.outcome)
        )
    else:
        novel = thread.is_new(kinds.AGENT + lap.outcome)
    if novel:
        lap.flags |= NOVEL
        thread.progressed = True


def find(thread: Thread, lap: Lap, seen: Observation) -> Finding | None:
    """Look at the newest edit of one place: failing again, flipping back, or without effect."""
    if lap.kind != kinds.CHANGE or not lap.target or not seen.content or lap.flags & (REFUSED | SILENT):
        return None
    known = thread.edits.get(lap.target) or ["", 0, 0, "", "", 0, 0]
    if lap.has(FAILED):
        return _failed(thread, lap, known)
    _, _, _, content, pair, flips, same = known
    now = "".join(sorted((seen.before, seen.content))) if seen.before else ""
    counts = [int(str(flips)), int(str(same))]
    if lap.has(NOVEL):
        counts = [0, 0]
    elif content == seen.content and not (seen.before and seen.before == seen.content):
        counts[1] += 1
    else:
        counts[0] = counts[0] + 1 if now == pair else 1
    put(thread.edits, lap.target, ["", 0, 0, seen.content, now, *counts])
    if counts[1] >= 2 + bool(seen.before) and counts[1] % 2 == int(bool(seen.before)):
        return _finding(thread, lap, "unchanged_edits", counts[1])
    return _finding(thread, lap, "flip_flop", counts[0]) if counts[0] >= 2 and counts[0] % 2 == 0 else None


def _failed(thread: Thread, lap: Lap, known: list[object]) -> Finding | None:
    """Count edits of one place that failed in the same way, each reply once."""
    error, failures, group = str(known[0]), int(str(known[1])), known[2]
    sign = digest(lap.identity or lap.outcome)
    if failures and lap.group and group == lap.group:
        return None
    count = failures + 1 if sign == error else 1
    put(thread.edits, lap.target, [sign, count, lap.group, *known[3:]])
    return _finding(thread, lap, "failed_edits", count) if count >= 3 and count % 3 == 0 else None


def _finding(thread: Thread, lap: Lap, detector: str, count: int) -> Finding:
    laps = [other for other in thread.ring if other.target == lap.target and other.seq > thread.floor]
    return Finding(detector, laps[-(count + 1) :], count, count)


def _is_new_content(thread: Thread, lap: Lap, seen: Observation) -> bool:
    known = list(thread.contents.get(lap.target, ()))
    novel = seen.content not in known or bool(seen.before and seen.before not in known)
    for content in (seen.before, seen.content):
        if content:
            if content in known:
                known.remove(content)
            known.append(content)
    put(thread.contents, lap.target, known[-GUARD_CONTENTS:])
    return novel
