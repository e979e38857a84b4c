"""What wrangler's own session log is worth: its claims against its evidence.

All of the log is reported by the model and none of it is checked when it is written. So this asks what can be
asked of it: whether the phases follow each other, whether each task shows its tests and its review, whether
tests ran before publishing, and whether the numbers agree with each other. The formats are those of
wrangler's MCP session tools and of its workflow engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from outrider.judge.conformance.wrangler_engine import check_engine
from outrider.judge.conformance.wrangler_log import (
    CONTEXT,
    Entry,
    Evidence,
    Log,
    Severity,
    WranglerFinding,
    check_init,
    check_pending,
    check_stopped,
    counted,
    exact_size,
    listed,
    log_of,
    names_in,
    number_in,
    places,
    text_in,
)
from outrider.judge.conformance.wrangler_tasks import check_tasks
from outrider.record.wrangler import WranglerEvent, WranglerSession

__all__ = ["CONTEXT", "Evidence", "Severity", "WranglerFinding", "audit_wrangler"]

_PHASES = ("plan", "execute", "verify", "publish")
_DEFAULT_WORKFLOW = "spec-implementation"


def audit_wrangler(
    session: WranglerSession, events: Sequence[WranglerEvent], workflow: object = None
) -> tuple[WranglerFinding, ...]:
    """Return what a wrangler session's log gives reason to say, the gravest first.

    ``workflow`` is the engine's definition as the plain value that its YAML holds, where it is known; a
    value of another shape counts as none.
    """
    log = log_of(session, events)
    shared = (check_init, check_pending, check_stopped)
    found = [finding for check in shared for finding in check(log)]
    if log.dialect == "engine":
        found += check_engine(log, workflow)
    else:
        found += [finding for check in _MCP_CHECKS for finding in check(log)]
    return tuple(sorted(found, key=lambda each: (_GRAVITY[each.severity], each.evidence[:1])))


_GRAVITY = {"error": 0, "warning": 1, "info": 2}


def _check_order(log: Log) -> Iterator[WranglerFinding]:
    """Tell when a phase began before the one that it builds on was complete.

    Work after a verification makes it stale, so publishing needs one that is later than all work.
    """
    if not _is_default(log):
        return
    complete: set[str] = set()
    told: set[str] = set()
    for entry in log.entries:
        phase = "execute" if entry.step == "task" else entry.step
        needed = _NEEDS.get(phase)
        begins = entry.step == "task" or entry.status == "started" or phase not in complete
        if needed and begins and entry.status != "failed" and needed not in complete and phase not in told:
            told.add(phase)
            yield _out_of_order(log, entry, phase, needed)
        if entry.status == "completed" and entry.step != "task":
            complete.add(phase)
        if phase == "execute" and begins:
            complete.discard("verify")
            if entry.status == "started" and entry.step != "task":
                complete.discard("execute")


_NEEDS = {"execute": "plan", "verify": "execute", "publish": "verify"}
_ORDER_CODES: dict[str, tuple[str, Severity]] = {
    "execute": ("wrangler.execute-before-plan", "error"),
    "verify": ("wrangler.verify-before-execute", "warning"),
    "publish": ("wrangler.publish-before-verify", "error"),
}


def _out_of_order(log: Log, entry: Entry, phase: str, needed: str) -> WranglerFinding:
    code, severity = _ORDER_CODES[phase]
    seen = log.of(needed)
    what = "was not complete since the last work" if seen else "is not in the log at all"
    return WranglerFinding(
        code,
        severity,
        f"`{phase}` began in entry {entry.number}, but `{needed}` {what}",
        (entry.evidence, *places(seen[-1:])),
        f"Complete `{needed}` and log it before `{phase}` begins.",
    )


def _check_completeness(log: Log) -> Iterator[WranglerFinding]:
    """Tell which phases were begun and not ended, or never came, in a session that is completed."""
    if log.status != "completed" or not _is_default(log):
        return
    last = max((number for number, each in enumerate(_PHASES) if log.of(each)), default=-1)
    for number, phase in enumerate(_PHASES):
        final = log.last(phase, "started", "completed", "failed")
        if final is None and number > last:
            yield WranglerFinding(
                "wrangler.phase-missing",
                "warning",
                f"The session is completed, but `{phase}` is not in the log",
                (log.context_evidence,),
                f"Log `{phase}`, or complete the session as failed when it stops before.",
            )
        elif final is not None and final.status != "completed":
            yield WranglerFinding(
                "wrangler.phase-open" if final.status == "started" else "wrangler.phase-failed",
                "error" if final.status == "failed" else "warning",
                f"The session is completed, but `{phase}` was last logged as {final.status}",
                (final.evidence, log.context_evidence),
                f"Look what became of `{phase}`; a session that stops there is failed, not completed.",
            )


def _check_verification(log: Log) -> Iterator[WranglerFinding]:
    """Tell when the verification that counts, the last one, does not show that tests ran and passed."""
    entry = log.last("verify", "completed")
    if entry is None:
        return
    code, severity, what = _tests_of(entry)
    if code:
        yield WranglerFinding(
            code,
            severity,
            what,
            (entry.evidence,),
            "Run the whole test suite in `verify` and log its exit code.",
        )
    if entry.facts.get("git_clean") is False:
        yield WranglerFinding(
            "wrangler.not-clean",
            "warning",
            f"`verify` is complete in entry {entry.number}, but says that there was uncommitted work",
            (entry.evidence,),
            "Commit or discard what is left before publishing, then verify again.",
        )


def _tests_of(entry: Entry) -> tuple[str, Severity, str]:
    """Return what is wrong with the tests of a verification; an empty code when nothing is."""
    exit_code, total, passed = (number_in(entry.facts, key) for key in _TEST_FACTS)
    where = f"`verify` is complete in entry {entry.number}, but"
    if skipped := entry.facts.get("tests_skipped"):
        reason = f", with the reason `{skipped[:80]}`" if isinstance(skipped, str) else ""
        return "wrangler.tests-skipped", "error", f"{where} its tests were skipped{reason}"
    if exit_code or (total is not None and passed is not None and passed < total):
        return "wrangler.tests-failed", "error", f"{where} its tests did not all pass ({_told(entry)})"
    if total == 0:
        return "wrangler.tests-not-shown", "error", f"{where} no test ran (`tests_total` is 0)"
    if exit_code is None and passed is None:
        return "wrangler.tests-not-shown", "error", f"{where} nothing in it says that tests ran"
    return "", "info", ""


_TEST_FACTS = ("tests_exit_code", "tests_total", "tests_passed")


def _told(entry: Entry) -> str:
    values = ((key, number_in(entry.facts, key)) for key in _TEST_FACTS)
    return ", ".join(f"`{key}` {value}" for key, value in values if value is not None)


def _check_counts(log: Log) -> Iterator[WranglerFinding]:
    """Tell when the numbers of done tasks contradict each other: they can only grow."""
    claims = _claims(log)
    at = next((i for i, (one, two) in enumerate(pairwise(claims)) if two.done < one.done), None)
    if at is None:
        return
    seen = claims[at:]
    yield WranglerFinding(
        "wrangler.counts-differ",
        "error",
        f"The numbers of done tasks contradict each other: {', '.join(each.text for each in seen)}",
        tuple(each.evidence for each in seen),
        "Take the number from what is done (commits, closed issues) and save it with a checkpoint.",
    )


class _Claim(NamedTuple):
    """A number of done tasks, and where it stands."""

    done: int
    text: str
    evidence: Evidence


def _claims(log: Log) -> list[_Claim]:
    """Return what was said of done tasks, in order. A round of `execute` counts its own: the last tells."""
    last = log.last("execute", "completed")
    entries = [e for e in log.entries if e.step in ("checkpoint", "complete") or e == last]
    claims = [
        _Claim(count, f"{count} in `{entry.step}` (entry {entry.number})", entry.evidence)
        for entry in entries
        if (count := number_in(entry.facts, "tasks_completed")) is not None
    ]
    in_context = exact_size(log.names("tasksCompleted"))
    if claims and in_context is not None:
        claims.append(_Claim(in_context, f"{in_context} in the context", log.context_evidence))
    return claims


def _check_totals(log: Log) -> Iterator[WranglerFinding]:
    """Tell when the plan's number of tasks does not fit the issues that it made or the tasks there are.

    More tasks than planned are well: a review of the plan may add some.
    """
    plan = log.last("plan", "completed")
    total = number_in(plan.facts, "total_tasks") if plan else None
    if plan is None or total is None:
        return
    issues = exact_size(names_in(plan.facts, "issues_created"))
    sizes = [exact_size(log.names(key)) for key in ("tasksCompleted", "tasksPending")]
    in_context = sum(size or 0 for size in sizes) if None not in sizes else None
    evidence: tuple[Evidence, ...]
    if "issues_created" in plan.facts and issues is not None and issues != total:
        seen, evidence = f"it made {counted(issues, 'issue')}", (plan.evidence,)
    elif in_context and in_context < total:
        seen, evidence = f"the context knows of {in_context}", (plan.evidence, log.context_evidence)
    else:
        return
    yield WranglerFinding(
        "wrangler.totals-differ",
        "warning",
        f"`plan` speaks of {counted(total, 'task')} (entry {plan.number}), but {seen}",
        evidence,
        "Look which tasks were lost between the plan and the session.",
    )


def _check_claims(log: Log) -> Iterator[WranglerFinding]:
    """Tell what the context or an entry claims without an entry or a fact that shows it."""
    shown = {entry.step for entry in log.entries if entry.status == "completed"}
    without = [each for each in log.names("phasesCompleted") if each not in shown]
    if without:
        yield WranglerFinding(
            "wrangler.phase-without-entry",
            "warning",
            f"The context counts {listed(without)} as complete, but the log does not",
            (log.context_evidence,),
            "Log phases with wrangler's own tool only, and look whether the log is whole.",
        )
    if log.status == "completed" and log.entries and not log.of("complete"):
        yield WranglerFinding(
            "wrangler.completed-without-entry",
            "warning",
            "The session is completed, but its log has no `complete` entry",
            (log.entries[-1].evidence, log.context_evidence),
            "Complete a session with wrangler's own tool, which writes both.",
        )
    publish = log.last("publish", "completed")
    if publish and not text_in(publish.facts, "pr_url") and not publish.facts.get("branch_pushed"):
        yield WranglerFinding(
            "wrangler.publish-without-evidence",
            "warning",
            f"`publish` is complete in entry {publish.number}, but names no pull request and no push",
            (publish.evidence,),
            "Log the pull request's address with `publish`.",
        )


def _check_remarks(log: Log) -> Iterator[WranglerFinding]:
    """Tell what a reader of the session should know: checks switched off, errors that were logged."""
    skipped = log.names("skipStepNames")
    if skipped or log.context.get("skipChecks") is True:
        yield WranglerFinding(
            "wrangler.checks-off",
            "info",
            f"The session was started with checks switched off{': ' if skipped else ''}{listed(skipped)}",
            (log.context_evidence,),
            "Read its results with that in mind.",
        )
    if errors := log.of("error"):
        yield WranglerFinding(
            "wrangler.error-logged",
            "info",
            f"The log has {counted(len(errors), 'error')}",
            places(errors),
            "Read them, and look whether the work that followed deals with them.",
        )


def _is_default(log: Log) -> bool:
    """Tell whether the session follows the phases that are known here."""
    return text_in(log.context, "workflow") in ("", _DEFAULT_WORKFLOW)


_MCP_CHECKS: tuple[Callable[[Log], Iterator[WranglerFinding]], ...] = (
    _check_order,
    _check_completeness,
    check_tasks,
    _check_verification,
    _check_counts,
    _check_totals,
    _check_claims,
    _check_remarks,
)
