"""What the output of a shell command tells of one of its steps: that it succeeded, failed, never ran.

Only lines are believed that a program prints to close or to report its result; never words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from outrider.record.activities.activity import Activity
from outrider.record.activities.outcomes import RUNNERS, Outcome, ran_nothing, read_outcome
from outrider.record.activities.steps import Step
from outrider.record.activities.tool_lines import BUILDERS, LINTERS


def check_told(check: Activity, consumer: Step | None, text: str, *, alone: bool = True) -> int:
    """Return 1, -1 or 0 for a check.

    ``consumer`` is what its output is piped into. A check that is not ``alone``, whose closing line could
    be another's, is only told by a line that names it.
    """
    if not text:
        return 0
    if f"[{check.of}] ERROR task failed" in text or f'error: script "{check.of}" exited with' in text:
        return -1
    if not alone and not _runner(check):
        return 0
    outcome = _outcome(check, text)
    if outcome is None:
        return 0
    if outcome.passed and outcome.total is None and consumer and _may_hide(consumer, text):
        return 0
    return 1 if outcome.passed else -1


def checked_nothing(check: Activity, text: str) -> bool:
    """Tell whether a run of tests says that it ran none."""
    return check.name == "test" and bool(text) and ran_nothing(_runner(check), text)


def effect_told(effect: Activity, text: str) -> int:
    """Return 1, -1 or 0 for an effect, by git's and GitHub's own report lines."""
    if effect.name not in _REPORTS or not text:
        return 0
    good, bad = _REPORTS[effect.name]
    if re.search(good, text):
        return 1
    return -1 if re.search(bad, text) else 0


def never_ran(step: Step, text: str) -> bool:
    """Tell whether a program says that it was misused, or the shell that it is not there."""
    name = step.command.name
    if f"command not found: {name}" in text or f"{name}: command not found" in text:
        return True
    return bool(re.search(_MISUSED, text[-_CLOSING_CHARS:]))


def started(step: Step, text: str) -> bool:
    """Tell whether a task runner announces one of the step's checks."""
    return any(f"[{check.of}] $ " in text for check in step.checks)


def announced(text: str) -> list[tuple[str, str]]:
    """Return the tasks and commands that runners say they run (`[test] $ go test`, `$ jest`, `> jest`).

    What a client keeps of a result may have them at its end: they are written apart from the output.
    """
    if len(text) > 2 * _CLOSING_CHARS:
        text = f"{text[:_CLOSING_CHARS]}\n{text[-_CLOSING_CHARS:]}"
    return [(found[1] or "", found[2]) for found in re.finditer(_ANNOUNCED, text)][:_ANNOUNCEMENTS]


def branch_pushed(text: str) -> str:
    """Return the branch that git reports as pushed."""
    found = re.search(_PUSHED, text)
    return found[1] if found else ""


_CLOSING_CHARS = 2_000
_ANNOUNCEMENTS = 10
_ANNOUNCED = r"(?m)^(?:\[([\w:.-]{1,40})\] )?[$>] (\S[^\n]{0,300})"
_PUSHED = r"(?m)^[ *+=-]{1,3}[^\n]{1,200}? -> ([^\s()]{1,200})"
_MISUSED = (
    r"(?m)^(?:For more information, try '--help'|Try '[^'\n]{1,80}' for (?:help|more information)"
    r"|Run '[^'\n]{1,80} --help'|npm (?:ERR!|error) Missing script:|error: Script not found"
    r"|error: unrecognized (?:subcommand|arguments)"
    r"|make: \*\*\* No rule to make target|g?make: \*\*\* No targets|mise ERROR no task"
    r"|error: Justfile does not contain recipe)"
)
_REPORTS: Mapping[str, tuple[str, str]] = {
    "git.commit": (
        r"(?m)^\[[^\]\n]{1,200} [0-9a-f]{7,40}\]|^ \d+ files? changed, ",
        (
            r"(?m)^(?:fatal: |error: pathspec|nothing to commit|no changes added to commit"
            r"|nothing added to commit|On branch |husky - |Aborting commit)"
        ),
    ),
    "git.push": (
        r"(?m)^Everything up-to-date|^[ +*]{1,3}[^\n!]{1,200} -> [^\s()]{1,200}$|^To [^\n]{1,300}\n(?! !)",
        (
            r"(?m)^(?:fatal: |error: failed to push| ! \[(?:remote )?rejected\]|remote: error"
            r"|error: src refspec)"
        ),
    ),
    "git.merge": (
        r"(?m)^(?:Already up.to.date|Fast-forward|Merge made by|✓ (?:Squashed and m|M)erged)",
        r"(?m)^(?:CONFLICT |Automatic merge failed|merge: |fatal: |X Pull request)",
    ),
    "pr.create": (
        r"(?m)^https://\S{1,200}/(?:pull|merge_requests)/\d+",
        r"(?m)^(?:pull request create failed|a pull request for branch|GraphQL: )",
    ),
}
"""What git and GitHub print when it went well, and when it did not; compiled when first needed."""


def _runner(check: Activity) -> str:
    return check.of if check.of in RUNNERS else ""


def _outcome(check: Activity, text: str) -> Outcome | None:
    runner = _runner(check)
    if runner or check.name == "test":
        return read_outcome(runner, text)
    tools = LINTERS if check.name == "lint" else BUILDERS if check.name == "build" else {}
    likely = [name for name, tool in tools.items() if any(line.hint in text for line in tool.lines)]
    told = [outcome for outcome in (read_outcome(name, text) for name in likely) if outcome]
    return next((outcome for outcome in told if not outcome.passed), told[0] if told else None)


def _may_hide(consumer: Step, text: str) -> bool:
    """Tell whether what took the output may have left out what failed."""
    command = consumer.command
    if command.name == "tail":
        return False
    if command.name == "head":
        counts = [word.lstrip("-n") for word in command.args if word.lstrip("-n").isdecimal()]
        return text.count("\n") + 1 >= int(counts[0][:6]) if counts else True
    return True
