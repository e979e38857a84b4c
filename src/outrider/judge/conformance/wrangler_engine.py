"""The log of wrangler's workflow engine: its steps against each other and against its own definition.

The engine writes an entry when a step starts, completes, fails or is skipped, nested steps inside the
entries of their parents. Names may repeat: once per task, and once per round of a loop. What has no name or
no list of steps in a definition is passed over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from outrider.judge.conformance.wrangler_log import (
    Entry,
    Log,
    Severity,
    WranglerFinding,
    counted,
    exact_size,
    listed,
    places,
    text_in,
)
from outrider.kernel import limits

_PHASES = ("analyze", "plan", "execute", "verify", "publish")
_OUTER = ("init", "complete")
_BY_DEFINITION = "disabled in workflow definition"
_CHECKS = ("review", "check", "verif", "test")


class _Step(NamedTuple):
    """A step of the definition. ``most`` is how often a loop may go round."""

    name: str
    kind: str
    most: int | None
    children: tuple[_Step, ...]


def check_engine(log: Log, workflow: object) -> Iterator[WranglerFinding]:
    """Tell where the engine's log contradicts itself, its context or its definition."""
    phases = _definition(workflow)
    yield from _check_pairs(log)
    yield from _check_failures(log)
    yield from _check_skipped(log)
    yield from _check_phases(log, tuple(phase.name for phase in phases))
    every = tuple(_all_steps(phases))
    for step in every:
        if step.kind == "loop":
            yield from _check_retries(log, step)
        elif step.kind == "per-task":
            yield from _check_each_task(log, step)
    yield from _check_unknown(log, every)


def _definition(workflow: object) -> tuple[_Step, ...]:
    if not isinstance(workflow, Mapping):
        return ()
    safety = workflow.get("safety")
    most = safety.get("maxLoopRetries") if isinstance(safety, Mapping) else None
    return _steps(workflow.get("phases"), most, 0)


def _steps(value: object, most: object, depth: int) -> tuple[_Step, ...]:
    if not isinstance(value, Sequence) or isinstance(value, str) or depth > limits.INPUT_DEPTH:
        return ()
    found = [each for each in value[: limits.INPUT_ITEMS] if isinstance(each, Mapping)]
    return tuple(_step(each, most, depth) for each in found if isinstance(each.get("name"), str))


def _step(value: Mapping[str, object], most: object, depth: int) -> _Step:
    allowed = value.get("maxRetries", most)
    return _Step(
        text_in(value, "name"),
        text_in(value, "type"),
        allowed if isinstance(allowed, int) and not isinstance(allowed, bool) else None,
        _steps(value.get("steps"), most, depth + 1),
    )


def _all_steps(steps: Sequence[_Step]) -> Iterator[_Step]:
    for step in steps:
        yield step
        yield from _all_steps(step.children)


def _check_pairs(log: Log) -> Iterator[WranglerFinding]:
    """Tell which steps started without an end, or ended without a start."""
    waiting, unstarted = _pairs(log)
    if waiting:
        severity: Severity = "info" if log.status == "running" else "warning"
        now = "; the session counts as running" if severity == "info" else f"; the session is {log.status}"
        yield WranglerFinding(
            "wrangler.step-open",
            severity,
            f"Started, and neither completed nor failed: {listed(each.step for each in waiting)}{now}",
            places(waiting),
            "Look whether the engine was killed there; resume the session or complete it as failed.",
        )
    if unstarted:
        yield WranglerFinding(
            "wrangler.step-not-started",
            "warning",
            f"Ended without having started: {listed(each.step for each in unstarted)}",
            places(unstarted),
            "Look whether lines of the log are missing.",
        )


def _pairs(log: Log) -> tuple[list[Entry], list[Entry]]:
    """Pair starts with ends by name. A loop that gives up with a warning ends twice in a row: once counts."""
    waiting: dict[str, list[Entry]] = {}
    unstarted: list[Entry] = []
    before: Entry | None = None
    for entry in log.entries:
        if entry.status == "started":
            waiting.setdefault(entry.step, []).append(entry)
        elif entry.status in ("completed", "failed") and entry.step not in _OUTER:
            gave_up = before and before.step == entry.step and before.facts.get("warning")
            if waiting.get(entry.step):
                waiting[entry.step].pop()
            elif not gave_up:
                unstarted.append(entry)
        before = entry
    return sorted((each for found in waiting.values() for each in found), key=_number), unstarted


def _number(entry: Entry) -> int:
    return entry.number


def _check_failures(log: Log) -> Iterator[WranglerFinding]:
    """Tell which steps failed: a contradiction in a completed session, where it stopped in another."""
    last = {e.step: e for e in log.entries if e.step != "complete" and e.status in ("completed", "failed")}
    failed = [entry for entry in last.values() if entry.status == "failed"]
    if failed:
        contradicts = log.status == "completed"
        said = "The session is completed, but" if contradicts else f"The session is {log.status}:"
        reason = next((text for each in failed if (text := text_in(each.facts, "error"))), "")
        why = f" (`{reason}`)" if reason else ""
        yield WranglerFinding(
            "wrangler.step-failed",
            "error" if contradicts else "info",
            f"{said} {listed(each.step for each in failed)} failed{why}",
            places(failed),
            "Read the reason in the entry, mend it, and run the step again.",
        )


def _check_skipped(log: Log) -> Iterator[WranglerFinding]:
    """Tell which steps were skipped, and why. Checks that were switched off for a run weigh more."""
    found: dict[tuple[str, Severity, str], list[Entry]] = {}
    for entry in log.entries:
        if entry.status == "skipped":
            found.setdefault((*_weight(entry), _reason(entry)), []).append(entry)
    for (code, severity, reason), entries in found.items():
        why = f"for the reason `{reason}`" if reason else "without a reason"
        yield WranglerFinding(
            code,
            severity,
            f"Skipped {why}: {listed(each.step for each in entries)}",
            places(entries),
            "Read the results with that in mind; run the step where its result is needed.",
        )


def _weight(entry: Entry) -> tuple[str, Severity]:
    reason, step = _reason(entry), entry.step.lower()
    if not reason:
        return "wrangler.skip-without-reason", "warning"
    if reason != _BY_DEFINITION and any(word in step for word in _CHECKS):
        return "wrangler.check-skipped", "warning"
    return "wrangler.step-skipped", "info"


def _reason(entry: Entry) -> str:
    reason = text_in(entry.facts, "reason")
    return "" if reason == "unknown" else reason


def _check_phases(log: Log, defined: tuple[str, ...]) -> Iterator[WranglerFinding]:
    """Tell when phases began out of order, or never came in a completed session."""
    phases = defined or tuple(name for name in _PHASES if log.of(name))
    done: set[str] = set()
    for entry in log.entries:
        if entry.step in phases and entry.status == "started":
            open_before = [name for name in phases[: phases.index(entry.step)] if name not in done]
            if open_before:
                yield _too_early(entry, open_before)
                done.update(open_before)
        elif entry.status in ("completed", "skipped"):
            done.add(entry.step)
    missing = [name for name in defined if not log.of(name)]
    if missing and log.status == "completed":
        yield WranglerFinding(
            "wrangler.phase-missing",
            "warning",
            f"The session is completed, but the log has nothing of {listed(missing)}",
            (log.context_evidence,),
            "Look whether the run was a trial, or the log is not whole.",
        )


def _too_early(entry: Entry, open_before: list[str]) -> WranglerFinding:
    grave = entry.step == "publish" and "verify" in open_before
    return WranglerFinding(
        "wrangler.publish-before-verify" if grave else "wrangler.phase-out-of-order",
        "error" if grave else "warning",
        f"`{entry.step}` began in entry {entry.number} before {listed(open_before)} was complete",
        (entry.evidence,),
        "Look whether the definition changed during the run, or lines of the log are missing.",
    )


def _check_retries(log: Log, loop: _Step) -> Iterator[WranglerFinding]:
    """Tell when a loop went round more often than it may, or gave up and let the work go on."""
    for start, inside in _windows(log, loop.name):
        rounds = max(Counter(e.step for e in inside if _counts(e, loop)).values(), default=0)
        if loop.most is not None and rounds > loop.most:
            yield WranglerFinding(
                "wrangler.retries-over",
                "error",
                f"`{loop.name}` went round {rounds} times; its definition allows {loop.most}",
                (start.evidence, *places(e for e in inside if _counts(e, loop))),
                "Look whether the definition changed, or the session was resumed inside the loop.",
            )
    given_up = [entry for entry in log.of(loop.name, "completed") if entry.facts.get("warning")]
    if given_up:
        yield WranglerFinding(
            "wrangler.retries-exhausted",
            "warning",
            f"`{loop.name}` used up its retries and the run went on {counted(len(given_up), 'time')}",
            places(given_up),
            "Look at what the loop was to mend: it was still there.",
        )


def _counts(entry: Entry, loop: _Step) -> bool:
    return entry.status == "started" and bool(loop.children) and entry.step == loop.children[0].name


def _windows(log: Log, name: str) -> Iterator[tuple[Entry, list[Entry]]]:
    """Yield each start of a step with the entries up to its end."""
    start: Entry | None = None
    inside: list[Entry] = []
    for entry in log.entries:
        if entry.step == name and entry.status == "started":
            start, inside = entry, []
        elif entry.step == name and start:
            yield start, inside
            start = None
        elif start:
            inside.append(entry)
    if start:
        yield start, inside


def _check_each_task(log: Log, phase: _Step) -> Iterator[WranglerFinding]:
    """Tell when tasks went without a step that each must have, or fewer were worked on than are done."""
    steps = [child.name for child in phase.children if child.kind != "loop"]
    if not steps:
        return
    ended = {name: len(log.of(name, "completed", "skipped")) for name in steps}
    first = ended[steps[0]]
    failed = any(entry.status == "failed" for entry in log.of(phase.name))
    for name in steps[1:]:
        if ended[name] < first and not failed and log.of(phase.name, "completed"):
            yield WranglerFinding(
                "wrangler.task-step-missing",
                "error",
                f"`{steps[0]}` was done for {counted(first, 'task')}, `{name}` for {ended[name]}",
                places(log.of(name, "completed", "skipped")) or places(log.of(phase.name)),
                f"Look for which tasks `{name}` is missing, and whether the log is whole.",
            )
    done = exact_size(log.names("tasksCompleted"))
    if done is not None and done > first:
        yield WranglerFinding(
            "wrangler.counts-differ",
            "error",
            f"The context counts {counted(done, 'task')} as done, the log shows `{steps[0]}` for {first}",
            (*places(log.of(steps[0])), log.context_evidence),
            "Take the number from what is done (commits, closed issues).",
        )


def _check_unknown(log: Log, defined: Sequence[_Step]) -> Iterator[WranglerFinding]:
    known = {step.name for step in defined}
    strange = [each for each in log.entries if each.step not in known and each.step not in _OUTER]
    if known and strange:
        yield WranglerFinding(
            "wrangler.step-unknown",
            "info",
            f"Not in the definition: {listed(each.step for each in strange)}",
            places(strange),
            "Look whether this is the definition that the session ran with.",
        )
