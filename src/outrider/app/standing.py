"""What stands in a session now, for commands and the server."""

from __future__ import annotations

from pathlib import Path

from outrider.app.guard import in_force
from outrider.app.rule_cache import rules_path
from outrider.edge.store.guard_files import GuardFiles, read_document
from outrider.judge.guard import standing as judged
from outrider.judge.guard.standing import Standing


def standing(home: Path, session: str, folder: str, now: float) -> Standing | None:
    """Return what stands in a session, None where no hook told of it.

    ``home`` is Outrider's own folder, ``folder`` the project's (its settings hold; may be empty), ``now`` in
    seconds since 1970. The state can lag some tenths of a second behind the session.
    """
    files = GuardFiles(home)
    state = files.session(session)
    if state is None:
        return None
    held = in_force(files, Path(folder) if folder else None).effective
    reasons = [trip.reason or "by hand" for trip in files.trips() if trip.session in ("", state.session)]
    known = judged.Known(
        held.settings,
        held.mode_of_rule,
        lambda skill: rules_of(home, skill),
        now,
        tripped="".join(reasons[:1]),
        faults=state.faults,
    )
    return judged.standing(session, state.state, known)


def newest_session(home: Path) -> str:
    """Return the session that hooks told of last, empty where there is none."""
    found = GuardFiles(home).sessions(0.0)
    return found[0].session if found else ""


def rules_of(home: Path, skill: str) -> object:
    """Return the compiled object of a skill as the hook finds it, None where it has none."""
    found = read_document(rules_path(home, skill)).value
    if found is None and ":" in skill:
        found = read_document(rules_path(home, skill.rpartition(":")[2])).value
    return found


def steps_at_hand(home: Path, session: str) -> tuple[str, list[str]]:
    """Return the skill that is active in a session's main thread, and the names of its steps as written.

    Empty where no skill is active, or none whose steps are known.
    """
    found = standing(home, session, "", 0.0)
    for run in found.runs if found else ():
        compiled = rules_of(home, run.skill)
        names = compiled.get("step_names") if isinstance(compiled, dict) else None
        if not run.agent and isinstance(names, list):
            return run.skill, [name for name in names if isinstance(name, str)]
    return "", []
