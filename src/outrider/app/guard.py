"""The guard's settings as a person sees and changes them: modes, limits, kill switch.

Settings are changed as a whole: read, changed, looked through, written. What would be wrong is refused
with every mistake, so that the settings before stay in force. Hooks that meet a file that was damaged by
hand go on with the copy of the last sound one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from outrider.app.workflows import Found
from outrider.edge.store.guard_files import Document, GuardFiles, read_document
from outrider.judge.guard import settings as setting
from outrider.judge.guard import trust
from outrider.kernel.errors import UsageError
from outrider.kernel.inert import clipped
from outrider.plan.workflow.limit_text import Kind, parse_limit
from outrider.plan.workflow.mistakes import TextError
from outrider.plan.workflow.model import Workflow

PROJECT_FILE = Path(".outrider") / "guard.json"

Plain = dict[str, object]
WorkflowOf = Callable[[str], tuple[str, Found]]
"""Gives the name and the workflow of a skill by what a person calls it; raises UsageError."""

WriteRules = Callable[[Path, str, Workflow], object]
"""Compiles a skill's workflow into a file that hooks read."""

_LIMIT_KINDS: dict[str, Kind] = {"seconds": "time", "idle": "time", "cost": "money"}
_PER_UNIT: dict[Kind, float] = {"time": 1_000.0, "count": 1.0, "money": 1e9}
_PROMOTED = (setting.ADVISE, setting.ENFORCE)


@dataclass(frozen=True, slots=True)
class InForce:
    """What holds in ``folder``; ``wrong`` tells mistakes, ``from_good`` that the last sound settings hold."""

    folder: str
    effective: trust.Effective
    wrong: tuple[str, ...] = ()
    from_good: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """What a mode is for: ``kind`` is "mode" (the whole), "detectors", "workflows" or "rules"."""

    kind: str
    name: str = ""
    skill: str = ""
    rules: tuple[str, ...] = ()
    """The rules of the workflow that are meant."""


def in_force(files: GuardFiles, folder: Path | None) -> InForce:
    """Return the settings that hold in a project's folder, or with None those for all projects."""
    document = files.read_settings()
    wrong = [document.wrong] if document.wrong else trust.mistakes(document.value)
    user = files.read_good() if document.wrong else trust.sound(document.value, files.read_good)
    project = read_document(folder / PROJECT_FILE) if folder else Document()
    made = trust.effective(user, str(folder or ""), project.value)
    told = [*wrong, *([project.wrong] if project.wrong else []), *made.mistakes]
    from_good = bool(wrong) and user is not document.value
    return InForce(str(folder or ""), made, tuple(dict.fromkeys(told)), from_good)


def change(files: GuardFiles, section: str, edit: Callable[[Plain], None]) -> None:
    """Change the user's settings, or with ``section`` those for that folder; all or nothing.

    Raises :class:`UsageError` with every mistake where they are wrong, before or after.
    """
    with files.alone():
        user = _sound_settings(files)
        files.keep_good(user or None)
        edit(_part(_part(user, "projects"), section) if section else user)
        if wrong := trust.mistakes(user):
            raise setting.refusal(wrong)
        files.write_settings(user)


def set_mode(files: GuardFiles, section: str, target: Target, mode: str) -> None:
    """Set the mode of a target."""

    def edit(level: Plain) -> None:
        if target.kind == "mode":
            level["mode"] = mode
        else:
            _part(level, target.kind)[target.name] = mode

    change(files, section, edit)


def set_limit(files: GuardFiles, section: str, scope: str, name: str, value: str) -> float | None:
    """Set a limit, or with "none" take it away; return its number. Raises :class:`UsageError`."""
    number = None if value == "none" else _limit(name, value)

    def edit(level: Plain) -> None:
        numbers = _part(_part(level, "limits"), scope)
        if number is None:
            numbers.pop(name, None)
        else:
            numbers[name] = int(number) if number.is_integer() else number

    change(files, section, edit)
    return number


def find_target(name: str, workflow_of: WorkflowOf) -> tuple[Target, Found | None]:
    """Return what a person means: nothing (the whole), a detector, a skill, `SKILL: RULE` or `SKILL: NUMBER`.

    Raises :class:`UsageError` when there is no such detector, skill or rule.
    """
    if not name:
        return Target("mode"), None
    if name in setting.DETECTORS:
        return Target("detectors", name), None
    asked, colon, rule = name.partition(": ")
    skill, found = workflow_of(asked.strip())
    texts = rule_texts(found.workflow)
    if not colon:
        return Target("workflows", skill, skill, texts), found
    text = _rule(skill, texts, " ".join(rule.split()))
    return Target("rules", f"{skill}: {text}", skill, (text,)), found


def rule_texts(workflow: Workflow) -> tuple[str, ...]:
    """Return the rules of a workflow as they are numbered: its rules, then its order."""
    texts = [" ".join(rule.text.split()) for rule in workflow.rules]
    return (*texts, " ".join(workflow.order_text.split())) if workflow.order_text else tuple(texts)


def promote(
    files: GuardFiles, section: str, target: Target, found: Found | None, mode: str, write_rules: WriteRules
) -> None:
    """Set a mode; rules that begin to speak are first compiled for the hooks."""
    if target.skill and found is not None and mode in _PROMOTED:
        refuse_mistakes(target.skill, found)
        if not target.rules:
            raise UsageError(
                "no-such-rule", f"{target.skill}: its workflow has no rules", "see: outrider workflow show"
            )
        write_rules(files.home, target.skill, found.workflow)
    set_mode(files, section, target, mode)


def refuse_mistakes(skill: str, found: Found) -> None:
    """Raise :class:`UsageError` where the workflow of a skill is badly written: hooks get whole ones."""
    if found.mistakes:
        raise UsageError(
            "workflow-unusable",
            f"{found.path or skill}: the workflow has {len(found.mistakes)} mistakes",
            "see them: outrider workflow check",
        )


def _sound_settings(files: GuardFiles) -> Plain:
    document = files.read_settings()
    user = {} if document.value is None else document.value
    wrong = [document.wrong] if document.wrong else trust.mistakes(user)
    if wrong or not isinstance(user, dict):
        raise setting.refusal(wrong, str(files.settings))
    return user


def _part(level: Plain, name: str) -> Plain:
    part = level.setdefault(name, {})
    if not isinstance(part, dict):
        raise setting.refusal([f"{name}: an object is wanted"])
    return part


def _limit(name: str, value: str) -> float:
    kind: Kind = _LIMIT_KINDS.get(name, "count")
    try:
        return float(value)
    except ValueError:
        pass
    try:
        return parse_limit(value, kind) / _PER_UNIT[kind]
    except TextError as error:
        raise UsageError("guard-settings", str(error), "Give a number above zero, or none.") from error


def _rule(skill: str, texts: tuple[str, ...], given: str) -> str:
    if given.isdecimal() and 0 < int(given[:9]) <= len(texts):
        return texts[int(given) - 1]
    if given in texts:
        return given
    listed = "; ".join(f"{number} {text}" for number, text in enumerate(texts, 1))
    raise UsageError(
        "no-such-rule", f"{skill}: no rule {clipped(given, 80)}", f"there are: {clipped(listed, 800)}"
    )
