from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outrider.judge.conformance.wrangler import CONTEXT, WranglerFinding, audit_wrangler
from outrider.kernel import limits
from outrider.record.wrangler import WranglerEvent, WranglerSession

TASKS = [f"ISS-{number:03}" for number in range(1, 20)]
Line = tuple[Any, ...]

SLOPPY: list[Line] = [
    ("init", "completed", {"branch": "wrangler/bell"}),
    ("init", "completed"),
    ("plan", "started"),
    ("plan", "completed", {"issues_created": TASKS, "total_tasks": 19}),
    ("checkpoint", "completed", {"tasks_completed": 0, "tasks_pending": 19}),
    ("execute", "started"),
    ("execute", "completed", {"tasks_completed": 19, "total_commits": 7}),
    ("verify", "started"),
    ("verify", "completed", {"git_clean": True, "tests_skipped": "only_templates"}),
    ("publish", "started"),
    ("publish", "completed", {"pr_url": "https://example.org/pull/1", "branch_pushed": True}),
    ("complete", "completed", {"tasks_completed": 0}),
]
SLOPPY_CONTEXT = {
    "status": "completed",
    "currentPhase": "complete",
    "phasesCompleted": ["init", "init", "plan", "execute", "verify", "publish"],
    "tasksCompleted": [],
    "tasksPending": TASKS,
}


def task(name: str, **facts: object) -> Line:
    good = {"tests_passed": True, "code_review": "approved", "tdd_certified": True, "commit": "0a1b"}
    return ("task", "completed", {"task_id": name, **good, **facts})


SOUND: list[Line] = [
    ("init", "completed"),
    ("plan", "started"),
    ("plan", "completed", {"issues_created": ["A", "B"], "total_tasks": 2}),
    ("execute", "started"),
    task("A"),
    ("checkpoint", "completed", {"tasks_completed": 1, "tasks_pending": 1}),
    task("B"),
    ("execute", "completed", {"tasks_completed": 2}),
    ("verify", "started"),
    ("verify", "completed", {"tests_exit_code": 0, "tests_total": 9, "tests_passed": 9, "git_clean": True}),
    ("publish", "started"),
    ("publish", "completed", {"pr_url": "https://example.org/pull/2"}),
    ("complete", "completed", {"tasks_completed": 2}),
]
SOUND_CONTEXT = {
    "status": "completed",
    "currentPhase": "complete",
    "phasesCompleted": ["init", "plan", "execute", "verify", "publish"],
    "tasksCompleted": ["A", "B"],
    "tasksPending": [],
}


def audit(
    lines: list[Line], context: dict[str, Any], name: str = "2026-01-02-bell", workflow: object = None
) -> tuple[WranglerFinding, ...]:
    phase = context.get("currentPhase", "")
    facts, dialect = json.dumps(context), "engine" if name.startswith("wf-") else "mcp"
    session = WranglerSession(name, dialect, "", context.get("status", ""), phase, 0, None, facts)  # type: ignore[arg-type]
    events = [
        WranglerEvent(name, number, number * 1000, line[0], line[1], json.dumps((*line, {})[2]))
        for number, line in enumerate(lines, 1)
    ]
    return audit_wrangler(session, events, workflow)


def codes(found: tuple[WranglerFinding, ...]) -> list[str]:
    return [each.code.removeprefix("wrangler.") for each in found]


def changed(lines: list[Line], at: int, **facts: object) -> list[Line]:
    step, status, *rest = lines[at]
    return [*lines[:at], (step, status, {**(rest[0] if rest else {}), **facts}), *lines[at + 1 :]]


def without(lines: list[Line], *steps: str) -> list[Line]:
    return [line for line in lines if line[0] not in steps]


def test_a_sloppy_session_gives_its_five_findings_and_no_other() -> None:
    found = audit(SLOPPY, SLOPPY_CONTEXT)
    assert {(each.code, each.severity, tuple(e.number for e in each.evidence)) for each in found} == {
        ("wrangler.init-twice", "warning", (1, 2)),
        ("wrangler.no-task-evidence", "error", (7,)),
        ("wrangler.tests-skipped", "error", (9,)),
        ("wrangler.counts-differ", "error", (7, 12, CONTEXT)),
        ("wrangler.pending-at-end", "error", (CONTEXT,)),
    }
    assert [each.severity for each in found] == ["error"] * 4 + ["warning"]
    messages = " ".join(each.message for each in found)
    for said in (
        "only_templates",
        "19 in `execute` (entry 7)",
        "0 in `complete`",
        "19 tasks stand as pending",
    ):
        assert said in messages
    assert all(each.advice and len(each.message) < 400 for each in found)


def test_a_sound_session_gives_nothing() -> None:
    assert audit(SOUND, SOUND_CONTEXT) == ()


def test_a_session_that_only_began_is_a_remark() -> None:
    found = audit(SOUND[:1], {"status": "running", "currentPhase": "init", "phasesCompleted": ["init"]})
    assert [(each.code, each.severity) for each in found] == [("wrangler.unfinished", "info")]


def test_a_blocker_without_resolution_is_told() -> None:
    assert codes(audit(SOUND[:5], {"status": "paused", "currentPhase": "execute"})) == ["blocker-open"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (without(SOUND, "plan"), ["execute-before-plan"]),
        (without(SOUND, "verify"), ["publish-before-verify"]),
        ([*SOUND[:7], *SOUND[8:]], ["phase-open", "verify-before-execute"]),
        ([*SOUND[:10], task("A"), *SOUND[10:]], ["publish-before-verify"]),
        ([*SOUND[:9], ("verify", "failed"), *SOUND[3:]], []),
        (without(SOUND, "publish"), ["phase-missing"]),
        ([*SOUND[:11], *SOUND[12:]], ["phase-open"]),
        ([*SOUND[:11], ("publish", "failed"), *SOUND[12:]], ["phase-failed"]),
        (without(SOUND, "init"), ["init-missing"]),
        (without(SOUND, "complete"), ["completed-without-entry"]),
        ([*SOUND[:-1], ("error", "failed", {"error_message": "no"}), SOUND[-1]], ["error-logged"]),
    ],
)
def test_phases_follow_each_other(lines: list[Line], expected: list[str]) -> None:
    assert codes(audit(lines, SOUND_CONTEXT | {"phasesCompleted": []})) == expected


def test_other_workflows_have_phases_of_their_own() -> None:
    lines: list[Line] = [("init", "completed"), ("publish", "started"), ("complete", "completed")]
    assert audit(lines, {"status": "completed", "workflow": "code-review"}) == ()


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"tests_passed": False}, "task-tests-failed"),
        ({"tests_passed": None}, "task-without-tests"),
        ({"code_review": None}, "task-without-review"),
        ({"code_review": "changes_requested"}, "review-open"),
        ({"tdd_certified": False}, "not-tdd-certified"),
        ({"commit": ""}, "task-without-commit"),
    ],
)
def test_each_task_shows_its_tests_and_its_review(facts: dict[str, object], expected: str) -> None:
    (found,) = audit(changed(SOUND, 4, **facts), SOUND_CONTEXT)
    assert found.code == f"wrangler.{expected}"
    assert "`A`" in found.message
    assert [each.number for each in found.evidence] == [5]


def test_a_review_that_asked_for_changes_is_closed_by_a_later_approval() -> None:
    lines = [*SOUND[:4], task("A", code_review="changes_requested", tests_passed=False), *SOUND[4:]]
    assert audit(lines, SOUND_CONTEXT) == ()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (("task", "started", {"task_id": "A"}), "task-open"),
        (("task", "failed", {"task_id": "A"}), "task-failed"),
    ],
)
def test_a_task_that_was_not_finished_is_told(line: Line, expected: str) -> None:
    assert codes(audit([*SOUND[:4], line, *SOUND[5:]], SOUND_CONTEXT)) == [expected]


def test_a_task_done_by_claim_only_is_named() -> None:
    (found,) = audit([*SOUND[:4], *SOUND[5:]], SOUND_CONTEXT)
    assert (found.code, "`A`" in found.message) == ("wrangler.task-without-entry", True)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"tests_exit_code": 1}, ["tests-failed"]),
        ({"tests_passed": 8}, ["tests-failed"]),
        ({"tests_total": 0, "tests_passed": 0}, ["tests-not-shown"]),
        ({"tests_exit_code": None, "tests_total": None, "tests_passed": None}, ["tests-not-shown"]),
        ({"tests_skipped": True}, ["tests-skipped"]),
        ({"git_clean": False}, ["not-clean"]),
    ],
)
def test_a_verification_shows_that_tests_ran(facts: dict[str, object], expected: list[str]) -> None:
    assert codes(audit(changed(SOUND, 9, **facts), SOUND_CONTEXT)) == expected


@pytest.mark.parametrize(
    ("at", "facts", "context", "expected"),
    [
        (7, {"tasks_completed": 5}, {}, ["counts-differ", "task-without-entry"]),
        (12, {"tasks_completed": 0}, {}, ["counts-differ"]),
        (5, {"tasks_completed": 9}, {}, ["counts-differ"]),
        (0, {}, {"tasksCompleted": ["A"], "tasksPending": ["B"]}, ["pending-at-end", "counts-differ"]),
        (2, {"total_tasks": 3}, {}, ["totals-differ"]),
        (
            0,
            {},
            {"tasksCompleted": ["A", "B"], "phasesCompleted": ["init", "review"]},
            ["phase-without-entry"],
        ),
        (11, {"pr_url": None}, {}, ["publish-without-evidence"]),
        (0, {}, {"skipChecks": True, "skipStepNames": ["review"]}, ["checks-off"]),
    ],
)
def test_claims_agree_with_each_other(
    at: int, facts: dict[str, object], context: dict[str, object], expected: list[str]
) -> None:
    assert sorted(codes(audit(changed(SOUND, at, **facts), SOUND_CONTEXT | context))) == sorted(expected)


def test_a_list_that_the_reader_cut_contradicts_nothing() -> None:
    many = [f"T{number}" for number in range(limits.INPUT_ITEMS)]
    lines = [*changed(SOUND, 2, issues_created=many, total_tasks=150)]
    lines = changed(changed(lines, 7, tasks_completed=150), 12, tasks_completed=150)
    found = codes(audit(lines, SOUND_CONTEXT | {"tasksCompleted": many}))
    assert found == ["task-without-entry"]


# The engine's dialect

WORKFLOW = {
    "safety": {"maxLoopRetries": 9},
    "phases": [
        {"name": "analyze"},
        {
            "name": "execute",
            "type": "per-task",
            "steps": [
                {"name": "implement"},
                {"name": "review", "type": "parallel", "steps": [{"name": "style"}]},
                {
                    "name": "fix",
                    "type": "loop",
                    "maxRetries": 2,
                    "steps": [{"name": "mend"}, {"name": "again"}],
                },
            ],
        },
        {"name": "verify"},
        {"name": "publish"},
    ],
}


def ran(name: str, *inside: Line) -> list[Line]:
    return [(name, "started"), *inside, (name, "completed")]


def engine_log(
    *fix: Line, phases: tuple[str, ...] = ("analyze", "execute", "verify", "publish")
) -> list[Line]:
    work = [
        *ran("implement"),
        *ran("review", *ran("style")),
        *(fix or ran("fix", *ran("mend"), *ran("again"))),
    ]
    inside = {"execute": work}
    return [
        ("init", "completed"),
        *(line for name in phases for line in ran(name, *inside.get(name, []))),
        ("complete", "completed"),
    ]


def engine(
    lines: list[Line], status: str = "completed", workflow: object = WORKFLOW, **context: Any
) -> list[str]:
    return codes(audit(lines, {"status": status, **context}, "wf-2026-01-02-0a1b2c3d", workflow))


def test_a_sound_run_of_the_engine_gives_nothing() -> None:
    assert engine(engine_log()) == engine(engine_log(), workflow=None) == []


@pytest.mark.parametrize(
    ("lines", "status", "expected"),
    [
        (engine_log()[:5], "running", ["step-open", "unfinished"]),
        (engine_log()[:5], "failed", ["step-open"]),
        ([("init", "completed"), ("analyze", "completed")], "failed", ["step-not-started"]),
        ([*engine_log()[:5], ("implement", "failed", {"error": "no"})], "failed", ["step-open", "step-failed"]),
        ([("analyze", "failed") if line == ("analyze", "completed") else line for line in engine_log()],
         "completed", ["step-failed", "phase-out-of-order"]),
        (engine_log(phases=("analyze", "execute", "publish", "verify")), "completed", ["publish-before-verify"]),
        (engine_log(phases=("analyze", "execute", "verify")), "completed", ["phase-missing"]),
        (engine_log(*ran("fix", *3 * [*ran("mend"), *ran("again")])), "completed", ["retries-over"]),
        (engine_log(*ran("fix", *ran("mend")), *ran("fix", *ran("mend")), *ran("fix", *ran("mend"))), "completed", []),
        (engine_log(("fix", "started"), ("fix", "completed", {"metadata": {"warning": "gave up"}}),
                    ("fix", "completed")), "completed", ["retries-exhausted"]),
        (engine_log(("style", "skipped", {"metadata": {"reason": "--skip-step=style"}})), "completed",
         ["step-skipped"]),
        (engine_log(("review", "skipped", {"metadata": {"reason": "--skip-checks"}})), "completed",
         ["check-skipped"]),
        (engine_log(("style", "skipped")), "completed", ["skip-without-reason"]),
        (engine_log(*ran("implement")), "completed", ["task-step-missing"]),
        (engine_log(*ran("other")), "completed", ["step-unknown"]),
    ],
)  # fmt: skip
def test_the_engines_log_keeps_to_its_definition(lines: list[Line], status: str, expected: list[str]) -> None:
    assert engine(lines, status) == expected


def test_a_skipped_step_is_told_with_its_reason() -> None:
    lines = engine_log(("style", "skipped", {"metadata": {"reason": "disabled in workflow definition"}}))
    (found,) = audit(lines, {"status": "completed"}, "wf-1", WORKFLOW)
    assert (found.severity, "disabled in workflow definition" in found.message) == ("info", True)


def test_the_engines_context_may_not_count_more_than_its_log_shows() -> None:
    assert engine(engine_log(), tasksCompleted=["A"]) == []
    assert engine(engine_log(), tasksCompleted=["A", "B"]) == ["counts-differ"]


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["phases", "steps", "name", "type", "maxRetries", "safety", "metadata", "tasks_completed",
                             "task_id", "tests_passed", "total_tasks", "issues_created", "tasksCompleted"]),
            inner, max_size=4,
        )
    ),
    max_leaves=12,
)  # fmt: skip
STEPS = st.sampled_from(
    ["init", "plan", "execute", "task", "verify", "publish", "complete", "checkpoint", "x", ""]
)
STATUSES = st.sampled_from(["started", "completed", "failed", "skipped", "odd", ""])


@given(st.lists(st.tuples(STEPS, STATUSES, ANY), max_size=12), ANY, ANY, st.sampled_from(["a", "wf-a"]),
       st.sampled_from(["completed", "running", "paused", "failed", ""]))  # fmt: skip
def test_no_log_is_an_error(lines: Any, context: Any, workflow: Any, name: str, status: str) -> None:
    facts = context if isinstance(context, dict) else {}
    found = audit(lines, facts | {"status": status, "currentPhase": "x"}, name, workflow)
    numbers = {CONTEXT, *range(1, len(lines) + 1)}
    assert all(each.evidence and {e.number for e in each.evidence} <= numbers for each in found)


@pytest.mark.parametrize("facts", ["", "[]", '{"a":', "[" * 100_000])
def test_facts_that_are_no_json_are_no_facts(facts: str) -> None:
    session = WranglerSession("a", "mcp", "", "failed", "plan", None, None, facts)
    assert audit_wrangler(session, [WranglerEvent("a", 1, None, "init", "completed", facts)]) == ()
