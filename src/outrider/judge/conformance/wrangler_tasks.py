"""The tasks of a wrangler session: each claims to be done, and each must show its tests and its review."""

from __future__ import annotations

from collections.abc import Iterator

from outrider.judge.conformance.wrangler_log import (
    Entry,
    Log,
    Severity,
    WranglerFinding,
    counted,
    listed,
    names_in,
    number_in,
    places,
    text_in,
)


def check_tasks(log: Log) -> Iterator[WranglerFinding]:
    """Tell which tasks were claimed to be done without an entry of their own that shows it."""
    entries: dict[str, list[Entry]] = {}
    for entry in log.of("task"):
        entries.setdefault(text_in(entry.facts, "task_id") or f"entry {entry.number}", []).append(entry)
    yield from _claimed_only(log, entries)
    last = {task: found[-1] for task, found in entries.items()}
    yield from _unfinished(log, last)
    yield from _unproven({task: entry for task, entry in last.items() if entry.status == "completed"})


def _claimed_only(log: Log, entries: dict[str, list[Entry]]) -> Iterator[WranglerFinding]:
    claim = _claim(log)
    if claim is None:
        return
    claimed, count, claiming = claim
    without = [task for task in claimed if task not in entries]
    missing = max(len(without), count - len(entries))
    if count and not entries:
        yield WranglerFinding(
            "wrangler.no-task-evidence",
            "error",
            f"{counted(count, 'task')} done by claim, and no entry for any: nothing shows that their tests"
            " passed or that they were reviewed",
            places(claiming),
            "Log one `task` entry for each, with `tests_passed`, `code_review`, `tdd_certified`, `commit`.",
        )
    elif missing > 0:
        which = f" ({listed(without)})" if without else ""
        yield WranglerFinding(
            "wrangler.task-without-entry",
            "error",
            f"{counted(missing, 'task')} done by claim without an entry{which}",
            places(claiming),
            "Log one `task` entry for each task, with its tests and its review.",
        )


def _claim(log: Log) -> tuple[tuple[str, ...], int, list[Entry]] | None:
    """Return the tasks that are claimed to be done (names as far as known), how many, and who says so."""
    execute = log.last("execute", "completed")
    plan = log.last("plan", "completed")
    named = log.names("tasksCompleted")
    if execute is None and not named:
        return None
    said = number_in(execute.facts, "tasks_completed") if execute else None
    planned = number_in(plan.facts, "total_tasks") if plan else None
    if execute and not named and plan and said in (None, planned):
        named = names_in(plan.facts, "issues_created")
    count = max(len(named), planned or 0) if execute and said is None else max(len(named), said or 0)
    return named, count, [each for each in (execute,) if each]


def _unfinished(log: Log, last: dict[str, Entry]) -> Iterator[WranglerFinding]:
    if log.status != "completed":
        return
    for status, code, severity in _UNFINISHED:
        found = {task: entry for task, entry in last.items() if entry.status == status}
        if found:
            yield WranglerFinding(
                code,
                severity,
                f"The session is completed, but {listed(found)} was last logged as {status}",
                places(found.values()),
                "Finish what is open, or complete the session as failed.",
            )


_UNFINISHED: tuple[tuple[str, str, Severity], ...] = (
    ("failed", "wrangler.task-failed", "error"),
    ("started", "wrangler.task-open", "warning"),
)


def _unproven(done: dict[str, Entry]) -> Iterator[WranglerFinding]:
    """Tell what the last entries of done tasks lack. An approval counts only when it is the last word."""
    for code, severity, what, advice in _LACKS:
        found = {task: entry for task, entry in done.items() if _lack(entry, code)}
        if found:
            yield WranglerFinding(code, severity, f"{what}: {listed(found)}", places(found.values()), advice)


_LACKS: tuple[tuple[str, Severity, str, str], ...] = (
    (
        "wrangler.task-tests-failed",
        "error",
        "Done, but their tests did not pass",
        "Make the tests pass before a task is done.",
    ),
    (
        "wrangler.task-without-tests",
        "error",
        "Done, but nothing shows that their tests passed",
        "Run the tests of each task and log `tests_passed`.",
    ),
    (
        "wrangler.task-without-review",
        "error",
        "Done, but nothing shows that they were reviewed",
        "Ask for a review of each task and log `code_review`.",
    ),
    (
        "wrangler.review-open",
        "error",
        "Done, but the last review asked for changes",
        "Make the changes and have them reviewed again.",
    ),
    (
        "wrangler.not-tdd-certified",
        "warning",
        "Done, but without the certificate that a failing test came first",
        "Write the test first; say why when it was not possible.",
    ),
    (
        "wrangler.task-without-commit",
        "info",
        "Done, but no commit is named",
        "Log the commit with the task, so that the claim can be looked at.",
    ),
)


def _lack(entry: Entry, code: str) -> bool:
    tests, review = entry.facts.get("tests_passed"), entry.facts.get("code_review")
    if code == "wrangler.task-tests-failed":
        return tests is not None and not tests
    if code == "wrangler.task-without-tests":
        return tests is None
    if code == "wrangler.task-without-review":
        return review not in ("approved", "changes_requested")
    if code == "wrangler.review-open":
        return review == "changes_requested"
    if code == "wrangler.not-tdd-certified":
        return entry.facts.get("tdd_certified") is False
    return not entry.facts.get("commit")
