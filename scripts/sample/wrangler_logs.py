"""Session folders of the wrangler plugin, in the two dialects that it has written."""

from sample.client import Record

PHASES = "2026-11-10-3e77b90-7b21"
ENGINE = "wf-2026-11-18-9c4e1d2a"
TREE = "/home/dev/shop/.worktrees"
Files = dict[str, Record | list[Record]]


def at(day: int, clock: str) -> str:
    return f"2026-11-{day:02d}T{clock}.000Z"


def context(session: str, spec: str, status: str, phase: str, times: tuple[str, str]) -> Record:
    name = spec.split("-", 2)[2]
    found: Record = {"id": session, "specFile": f".wrangler/specifications/{spec}.md"}
    found |= {"status": status, "currentPhase": phase, "worktreePath": f"{TREE}/{name}"}
    started, updated = times
    return found | {
        "branchName": f"wrangler/{name}/{session}",
        "startedAt": started,
        "updatedAt": updated,
    }


def phase(name: str, clock: str, status: str, **more: object) -> Record:
    return {"phase": name, "timestamp": at(10, clock), "status": status} | more


def task(number: int, clock: str, **more: object) -> Record:
    return phase("task", clock, "complete", task_id=f"ISS-{number:06d}", **more)


def phases_dialect() -> Files:
    """Says `complete` per phase; the third task is done without a test or a review."""
    issues = ["ISS-000011", "ISS-000012", "ISS-000013"]
    told = context(
        PHASES,
        "SPEC-000004-gift-cards",
        "completed",
        "complete",
        (at(10, "11:02:10"), at(10, "11:48:31")),
    )
    told |= {"phasesCompleted": ["init", "plan", "execute", "verify", "publish"]}
    told |= {"tasksCompleted": issues, "tasksPending": [], "completedAt": at(10, "11:48:31")}
    told |= {"prUrl": "https://example.com/dev/shop/pull/27", "prNumber": 27}
    good = {"tests_passed": True, "tdd_certified": True, "code_review": "approved"}
    log = [
        phase("init", "11:02:10", "complete", session_id=PHASES, branch=told["branchName"]),
        phase("plan", "11:02:31", "started"),
        phase("plan", "11:07:52", "complete", issues_created=issues, total_tasks=3),
        phase(
            "checkpoint",
            "11:07:53",
            "complete",
            checkpoint_id="chk-1",
            tasks_completed=0,
            tasks_pending=3,
        ),
        phase("execute", "11:08:04", "started"),
        task(11, "11:19:40", commit="4b1f0d2", files_changed=["src/cart/gift.ts"], **good),
        task(12, "11:31:15", commit="c0a9e77", files_changed=["src/checkout/pay.ts"], **good),
        task(13, "11:33:02", commit="e5d2218", files_changed=["src/mail/gift.ts"]),
        phase("execute", "11:40:20", "complete", tasks_completed=3, total_commits=3),
        phase("verify", "11:40:31", "started"),
        phase("verify", "11:44:09", "complete", test_exit_code=0, git_clean=True),
        phase("publish", "11:47:40", "complete", pr_number=27, branch_pushed=True),
        phase("complete", "11:48:31", "complete", session_id=PHASES, duration_ms=2_781_000),
    ]
    check: Record = {"sessionId": PHASES, "checkpointId": "chk-1", "createdAt": at(10, "11:07:53")}
    check |= {"currentPhase": "plan", "tasksCompleted": [], "tasksPending": issues, "variables": {}}
    check |= {"lastAction": "Planned 3 tasks", "resumeInstructions": "Go on with the phase execute"}
    return {"context.json": told, "audit.jsonl": log, "checkpoint.json": check}


def step(name: str, clock: str, status: str, **metadata: object) -> Record:
    record: Record = {"step": name, "status": status, "timestamp": at(18, clock)}
    return record | ({"metadata": metadata} if metadata else {})


def engine_dialect() -> Files:
    """Says `completed` per step; the review has failed twice and the run is paused."""
    told = context(
        ENGINE,
        "SPEC-000005-wish-lists",
        "paused",
        "review",
        (at(18, "09:15:00"), at(18, "09:52:44")),
    )
    told |= {"phasesCompleted": ["analyze", "implement"]}
    told |= {"tasksCompleted": ["wish-1"], "tasksPending": ["wish-2"]}
    log = [
        step("init", "09:15:00", "completed", session_id=ENGINE, branch=told["branchName"]),
        step("analyze", "09:15:02", "started"),
        step("analyze", "09:18:47", "completed"),
        step("implement", "09:18:48", "started"),
        step("implement", "09:41:30", "completed", files=["src/wishes/list.ts"]),
        step("docs", "09:41:31", "skipped"),
        step("review", "09:41:32", "started"),
        step("review", "09:47:03", "failed", error="2 findings about behaviour"),
        step("review", "09:47:04", "started"),
        step("review", "09:52:44", "failed", error="1 finding about behaviour"),
    ]
    check: Record = {"sessionId": ENGINE, "checkpointId": "chk-2", "createdAt": at(18, "09:41:31")}
    check |= {"currentPhase": "implement", "variables": {"specName": "wish-lists"}}
    check |= {"tasksCompleted": ["wish-1"], "tasksPending": ["wish-2"], "lastAction": "implement"}
    check |= {"resumeInstructions": f"Resume {ENGINE} at the step review"}
    return {"context.json": told, "audit.jsonl": log, "checkpoint.json": check}
