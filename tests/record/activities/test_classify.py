from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outrider.record.activities.activity import Activity
from outrider.record.activities.classify import expected, happened, is_known
from tests.record.activities.made_vocabulary import CWD, did, names, shipped

FAILING = "Exit code 1\n1 failed, 4 passed in 0.21s"


def call(tool: str, ended: str = "ok", result: str = "", /, **given: object) -> tuple[Activity, ...]:
    return happened(tool, given, ended, result, shipped(), cwd=CWD)


class TestShell:
    def test_a_good_end_of_a_chain_means_that_all_of_it_was_good(self) -> None:
        assert names(did("pytest && git push")) == ["test.run", "test.pass", "git.push"]

    def test_what_stands_behind_a_failing_part_did_not_happen(self) -> None:
        assert names(did("pytest && git push", "error", FAILING)) == ["test.run", "test.fail"]

    def test_what_reports_its_success_is_not_the_part_at_fault(self) -> None:
        result = "Exit code 1\n[main 81ac0d2] fix\n 1 file changed\n ! [rejected] main -> main (fetch first)"
        assert names(did("git commit -m fix && git push", "error", result)) == ["git.commit"]

    def test_behind_a_pipe_only_the_closing_line_counts(self) -> None:
        assert names(did("pytest | tail -3")) == ["test.run"]
        assert names(did("pytest | tail -3", result="1 failed, 4 passed in 0.21s")) == [
            "test.run",
            "test.fail",
        ]

    @pytest.mark.parametrize("before", ["set -o pipefail; ", "set -eo pipefail\n"])
    def test_with_pipefail_the_status_counts_through_a_pipe(self, before: str) -> None:
        assert names(did(f"{before}pytest | tail -3")) == ["test.run", "test.pass"]

    @pytest.mark.parametrize(
        "text", ["pytest; true", "pytest || true", "if pytest; then ls -d; fi", "! pytest"]
    )
    def test_a_status_that_is_not_the_tests_says_nothing(self, text: str) -> None:
        assert "test.pass" not in names(did(text))

    def test_a_guard_lets_the_status_through(self) -> None:
        assert names(did("pytest || exit 1; git push")) == ["test.run", "test.pass", "git.push"]

    def test_words_like_error_say_nothing(self) -> None:
        assert names(did("pytest | tail -3", result="ERROR: error FAILED error\nFatal error")) == ["test.run"]

    def test_what_is_behind_or_may_not_have_run(self) -> None:
        assert names(did("git push || git push --force")) == ["git.push"]

    @pytest.mark.parametrize("status", ["refused", "interrupted", "open"])
    def test_a_call_without_a_result_has_no_effect(self, status: str) -> None:
        assert did("pytest && git push", status) == ()

    def test_a_background_command_has_no_outcome(self) -> None:
        assert names(did("pytest", run_in_background=True)) == ["test.run"]
        assert names(did("pytest & git status")) == ["test.run"]

    @pytest.mark.parametrize("code", [124, 137, 143])
    def test_tests_that_were_stopped_neither_passed_nor_failed(self, code: int) -> None:
        assert names(did("pytest", "error", f"Exit code {code}\n....")) == ["test.run"]

    def test_a_command_that_is_not_there_did_nothing(self) -> None:
        assert did("pytest", "error", "Exit code 127\nbash: pytest: command not found") == ()

    def test_a_search_that_finds_nothing_was_a_search(self) -> None:
        assert names(did("grep -n x a.py", "error", "Exit code 1")) == ["search"]
        assert did("cat nothing.py", "error", "Exit code 1\ncat: nothing.py: No such file") == ()

    def test_a_call_that_the_client_did_not_make_did_nothing(self) -> None:
        assert did("pytest", "error", "<tool_use_error>Sibling tool call errored</tool_use_error>") == ()

    def test_a_run_without_tests_is_only_a_run(self) -> None:
        assert names(did("pytest", "error", "Exit code 5\nno tests ran in 0.01s")) == ["test.run"]

    def test_the_checks_of_a_commit_hook_stand_before_the_commit(self) -> None:
        result = "$ bun test src/\n 4 pass\n 0 fail\nRan 4 tests across 1 file. [3.00ms]\n[main 81ac0d2] x\n 1 file changed"
        assert names(did("git commit -m x", result=result)) == ["test.run", "test.pass", "git.commit"]

    def test_a_task_whose_name_says_nothing_is_what_its_runner_announces(self) -> None:
        result = "Exit code 1\n[ci] $ mise typecheck ::: test\n4 pass\n[typecheck] ERROR task failed"
        assert names(did("mise ci", "error", result))[:2] == ["lint.run", "lint.fail"]

    def test_tests_that_close_in_the_output_of_a_task_have_run_announced_or_not(self) -> None:
        result = (
            "[types] $ tsc\n[test]  12 pass\n[test]  0 fail\n[test] Ran 12 tests across 2 files. [8.00ms]"
        )
        assert names(did("mise ci 2>&1 | tail -10", result=result))[-2:] == ["test.run", "test.pass"]
        assert names(did("mise ci", result="===== 4 passed in 0.21s =====")) == ["test.run", "test.pass"]
        assert names(did("mise ci", result="nothing to be done")) == []

    def test_a_push_says_where_it_goes(self) -> None:
        assert did("git push origin HEAD:main")[0].to == "main"
        assert did("git push -u origin feat/x")[0].to == "feat/x"
        assert did("git push", result="To host:a/b.git\n   1..2  fix/a -> fix/a")[0].to == "fix/a"

    def test_merges_requests_and_worktrees_say_what_and_where(self) -> None:
        assert did("git merge --no-ff feat/x")[0] == Activity("git.merge", of="feat/x")
        assert did("gh pr create --base develop --title x")[0] == Activity("pr.create", to="develop")
        assert did("git worktree add .worktrees/x -b x")[0] == Activity("git.worktree", of=".worktrees/x")

    def test_a_commit_in_a_temporary_folder_is_none_of_the_project(self) -> None:
        assert did("cd /tmp/probe && git init && git commit -m x") == ()

    def test_checks_say_what_ran_and_where(self) -> None:
        assert did("cd web && npx vitest run")[0] == Activity("test.run", of="vitest", within="web")
        assert did("mise run test:ci")[0] == Activity("test.run", of="test:ci")

    def test_output_that_goes_into_a_file_was_not_read(self) -> None:
        assert names(did("git diff > /tmp/x.diff")) == []
        assert names(did("cat a.go b.go > c.go")) == ["edit.src"]

    @pytest.mark.parametrize(
        ("text", "name", "path"),
        [
            ("sed -i '' -e s/a/b/ src/a.go", "edit.src", "src/a.go"),
            ("cd src && sed -i s/a/b/ a.go", "edit.src", "src/a.go"),
            (f"echo x >> {CWD}/docs/a.md", "edit.docs", "docs/a.md"),
            ("echo x | tee -a config/a.yaml", "edit.config", "config/a.yaml"),
            ("cat > tests/test_a.py <<E\nx\nE", "edit.test", "tests/test_a.py"),
            ("git apply x.patch", "edit.src", ""),
            ("git checkout -- src/a.go", "edit.src", "src/a.go"),
            ("cp .env.example .env", "edit.config", ".env"),
            ("O=src/b.go; echo x > $O", "edit.src", "src/b.go"),
        ],
    )
    def test_shell_edits_are_edits(self, text: str, name: str, path: str) -> None:
        assert did(text)[-1] == Activity(name, of=path)

    @pytest.mark.parametrize(
        "text",
        [
            "echo x > /dev/null",
            "echo x > /tmp/a.go",
            "echo x > $UNKNOWN/a.go",
            "sed -n 1,5p < a",
            "rm -rf dist",
        ],
    )
    def test_what_goes_elsewhere_is_no_edit(self, text: str) -> None:
        assert did(text) == ()


class TestBefore:
    def test_a_call_is_expected_to_go_well(self) -> None:
        given = {"command": "pytest && git push origin main"}
        assert names(expected("Bash", given, shipped(), cwd=CWD)) == ["test.run", "test.pass", "git.push"]

    def test_tests_that_nothing_waits_for_open_no_gate(self) -> None:
        for text in ("pytest | tail; git push", "pytest; git push", "pytest || true; git push"):
            assert names(expected("Bash", {"command": text}, shipped())) == ["test.run", "git.push"]


class TestTools:
    def test_an_edit_has_its_kind_and_its_path(self) -> None:
        assert call("Edit", file_path=f"{CWD}/src/cart.ts") == (Activity("edit.src", of="src/cart.ts"),)
        assert names(call("Write", file_path=f"{CWD}/src/cart.test.ts")) == ["edit.test"]
        assert names(call("NotebookEdit", notebook_path="/srv/a.ipynb")) == ["edit.src"]

    @pytest.mark.parametrize("status", ["error", "refused", "interrupted", "open"])
    def test_an_edit_that_was_not_made_is_none(self, status: str) -> None:
        assert call("Edit", status, file_path="a.py") == ()

    def test_a_temporary_file_is_no_edit(self) -> None:
        assert call("Write", file_path="/tmp/a.py") == ()

    def test_a_plan_of_the_client_is_a_plan(self) -> None:
        assert names(call("Write", file_path="/home/dev/.claude/plans/quiet-fox.md")) == ["plan"]

    def test_reading_searching_and_the_web(self) -> None:
        assert call("Read", file_path=f"{CWD}/a.py") == (Activity("read", of="a.py"),)
        assert names(call("Grep", pattern="x")) == ["search"]
        assert call("WebFetch", url="https://a.example/b") == (Activity("web", of="https://a.example/b"),)

    def test_a_subagent_is_launched_and_its_review_comes_with_its_result(self) -> None:
        reviewing = {"subagent_type": "team:code-reviewer", "description": "Look at task 2"}
        assert names(call("Task", **reviewing)) == ["agent:code-reviewer", "review"]
        assert names(call("Agent", "open", **reviewing)) == ["agent:code-reviewer"]
        assert call("Task", "refused", **reviewing) == ()
        assert call("Task", "error", "<tool_use_error>no such type</tool_use_error>", **reviewing) == ()

    @pytest.mark.parametrize(
        ("kind", "description", "is_review"),
        [
            ("general-purpose", "Code quality review: task 1", True),
            ("general-purpose", "Re-review spec compliance", True),
            ("Explore", "Spec review task 1", True),
            ("Explore", "Review how the queue works", False),
            ("general-purpose", "Fix review findings", False),
            ("team:receiving-code-review", "Evaluate comments", False),
            ("general-purpose", "Preview the page", False),
            ("team:review:architect", "Look at the layers", True),
            ("Explore", "Fix review findings", False),
        ],
    )
    def test_who_reviews_is_told_by_type_or_description(
        self, kind: str, description: str, *, is_review: bool
    ) -> None:
        found = names(call("Task", subagent_type=kind, description=description))
        assert ("review" in found) is is_review

    def test_a_skill_has_its_bare_name_and_a_reviewing_one_is_a_review(self) -> None:
        assert call("Skill", skill="team:tdd") == (Activity("skill:tdd", of="team:tdd"),)
        assert names(call("Skill", skill="security-review")) == ["skill:security-review", "review"]
        assert names(call("Skill", skill="team:requesting-code-review")) == ["skill:requesting-code-review"]

    def test_an_mcp_tool_has_its_server_and_name(self) -> None:
        assert names(call("mcp__plugin_a_b__get-it")) == ["mcp:plugin_a_b.get-it"]
        assert names(call("mcp__github__create_pull_request")) == [
            "mcp:github.create_pull_request",
            "pr.create",
        ]

    def test_tasks_start_and_end(self) -> None:
        assert call("TaskUpdate", taskId="3", status="in_progress") == (Activity("task.start", of="3"),)
        items = [{"content": "a", "status": "completed"}, {"content": "b", "status": "pending"}]
        assert call("TodoWrite", todos=items) == (Activity("task.done", of="a"),)
        assert call("TaskCreate", subject="x") == ()

    def test_asking_and_planning(self) -> None:
        assert names(call("AskUserQuestion", "refused")) == ["ask.user"]
        assert call("AskUserQuestion", "error", "<tool_use_error>bad</tool_use_error>") == ()
        assert names(call("ExitPlanMode")) == ["plan"]
        assert call("ExitPlanMode", "refused") == ()

    def test_what_means_nothing_is_known_and_what_nobody_named_is_not(self) -> None:
        for command in ("git status", "cd x && ls", "npm install"):
            assert is_known("Bash", {"command": command}, shipped())
        assert not is_known("Bash", {"command": "./deploy.sh now"}, shipped())
        assert not is_known("Bash", {"command": "npm run rollout"}, shipped())
        assert is_known("TaskList", {}, shipped())
        assert not is_known("Frobnicate", {}, shipped())


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=30),
    lambda x: st.lists(x, max_size=3),
    max_leaves=5,
)
_TOOLS = [
    "Bash",
    "Edit",
    "Task",
    "Skill",
    "TodoWrite",
    "TaskUpdate",
    "AskUserQuestion",
    "mcp__",
    "mcp__a",
    "Read",
    "",
]
_KEYS = [
    "command",
    "file_path",
    "todos",
    "subagent_type",
    "description",
    "skill",
    "status",
    "taskId",
    "run_in_background",
]


@given(
    st.sampled_from(_TOOLS),
    st.dictionaries(
        st.sampled_from(_KEYS),
        _VALUES | st.lists(st.dictionaries(st.sampled_from(["content", "status"]), _VALUES)),
    ),
    st.sampled_from(["ok", "error", "refused", "open"]),
    st.text(max_size=60),
)
def test_any_call_is_classified(tool: str, given_: dict[str, object], status: str, result: str) -> None:
    for activity in happened(tool, given_, status, result, shipped(), cwd=CWD):
        assert shipped().knows(activity.name) or activity.name == "mcp:."


_SHELL = st.lists(
    st.sampled_from(
        [
            "pytest",
            "git push",
            "cd x",
            "(",
            ")",
            "&&",
            "||",
            ";",
            "|",
            "tail",
            "exit 1",
            "set -e",
            "!",
            "&",
            "$(",
            "\n",
        ]
    ),
    max_size=20,
).map(" ".join)


@given(
    _SHELL,
    st.sampled_from([0, 1, 124, 127]),
    st.sampled_from(["", FAILING, "4 passed in 0.1s", "command not found: pytest"]),
)
def test_any_shell_call_is_classified(text: str, code: int, output: str) -> None:
    result = f"Exit code {code}\n{output}" if code else output
    found = names(did(text, "error" if code else "ok", result))
    assert found.count("test.pass") + found.count("test.fail") <= found.count("test.run")
