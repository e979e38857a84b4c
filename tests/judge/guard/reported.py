"""More loops and look-alikes, each after a situation that users of other guards reported."""

from __future__ import annotations

from collections.abc import Callable

from tests.judge.guard.traces import Log


def date_s(log: Log) -> None:
    for lap in range(30):
        log.bash("date +%S", f"{lap * 7 % 60:02d}")


def read_failed_edit(log: Log) -> None:
    for lap in range(4):
        log.read("a.py")
        log.edit("a.py", f"x{lap}", "y", error=f"String to replace not found in file.\nString: x{lap}")


def green_builds(log: Log) -> None:
    for lap in range(5):
        log.bash("npm run build", f"vite v5 building\n✓ 34 modules transformed.\nbuilt in {lap}.2s", took=6)


def noop_edits(log: Log) -> None:
    for _ in range(4):
        log.edit(
            "a.py",
            "same",
            "same",
            error="No changes to make: old_string and new_string are exactly the same.",
        )


def expired_soft(log: Log) -> None:
    for lap in range(7):
        log.call(
            "mcp__search__find",
            {"query": f"words {lap * lap} about it"},
            "Error: session expired, please log in again",
        )


def unknown_batch(log: Log) -> None:
    for lap in range(5):
        log.put(
            "PostToolBatch",
            tool_calls=[
                {
                    "tool_name": "open_file",
                    "tool_input": {"p": 1},
                    "tool_use_id": f"u{lap}",
                    "tool_response": "<tool_use_error>Error: No such tool available: open_file</tool_use_error>",
                }
            ],
        )
        log.wait(4)


def task_tool(log: Log) -> None:
    for lap, words in enumerate(
        [
            "Find the bug in login",
            "Please search for what breaks login",
            "Investigate why users cannot log in",
        ]
    ):
        log.call(
            "Task",
            {"description": f"x{lap}", "prompt": words, "subagent_type": "general"},
            "I was unable to reproduce the login problem in this environment.",
            took=30,
        )


def cycle4_volatile(log: Log) -> None:
    for lap in range(3):
        for form in "abcd":
            log.bash(f"./probe {form}", f"probe {form} idle at 2026-01-01T10:{lap:02d}:00Z, nothing to do")


def pingpong(log: Log) -> None:
    for _ in range(4):
        log.call("Glob", {"pattern": "*.ts"}, "a.ts\nb.ts")
        log.call("Grep", {"pattern": "x"}, "No matches found")


def websearch(log: Log) -> None:
    for lap in range(6):
        log.call(
            "WebSearch",
            {"query": f"how to fix {lap} thing"},
            "1. Fixing things - example.org\n2. Thing manual - example.org/m",
        )


def with_messages(log: Log) -> None:
    for lap in range(5):
        log.put(
            "MessageDisplay",
            message_id=f"m{lap}",
            index=0,
            final=True,
            delta=f"Let me look at it once more ({lap}).",
        )
        log.read("a.py")


def empty_stops(log: Log) -> None:
    log.agent = ""
    for _ in range(4):
        log.stop("")
        log.put("UserPromptSubmit", prompt="Please continue.")
        log.wait(1)


def greps_none(log: Log) -> None:
    for lap in range(10):
        log.call("Grep", {"pattern": f"word{lap}", "path": "src"}, "No matches found")


def skill(log: Log) -> None:
    for _ in range(4):
        log.call("Skill", {"skill": "x:plan"}, {"success": True, "commandName": "x:plan"})


def read_10s(log: Log) -> None:
    log.pace = 10
    for _ in range(5):
        log.read("a.py")


def write_same(log: Log) -> None:
    for lap in range(4):
        log.call("Write", {"file_path": "/h/a.py", "content": "x=1"}, "File updated")
        log.bash("python a.py", f"ran ok {lap * 17}")


def sleep_fast(log: Log) -> None:
    log.pace = 1
    for _ in range(12):
        log.bash("sleep 1", "")


def ralph(log: Log) -> None:
    log.agent = ""
    for lap in range(6):
        log.put("SessionStart", source="startup")
        log.prompt("Read PLAN.md and do the next task.")
        log.read("PLAN.md")
        log.bash("git status", "clean tree, nothing to do")
        log.stop(f"Nothing left to do ({lap}).")
        log.put("SessionEnd", reason="other")
        log.wait(3)


def ls_pwd(log: Log) -> None:
    for _ in range(4):
        log.bash("ls", "")
        log.bash("pwd", "/home/u")


def http500(log: Log) -> None:
    for _ in range(4):
        log.call(
            "WebFetch",
            {"url": "https://x.org/a", "prompt": "p"},
            "Request failed with status code 500",
            failed=True,
        )


def same_err_reads_between(log: Log) -> None:
    for lap in range(4):
        log.bash(
            f'psql -c "select {lap} from t"',
            'Exit code 2\npsql: error: FATAL: role "app" does not exist',
            failed=True,
        )
        log.read(f"conf{lap}.yml")


def fail_other_ok(log: Log) -> None:
    for lap in range(4):
        log.bash("npm test", "Exit code 1\n1 failed: cart", failed=True)
        log.bash(f"grep -n total src/f{lap}.ts", f"{lap}: total")


def unquoted_variants(log: Log) -> None:
    for form in ["rg foo src", 'rg "foo" src', "rg 'foo' src/", "rg foo ./src", "rg -n foo src"]:
        log.bash(form, "src/a.ts:1:foo is the thing here")


def perm(log: Log) -> None:
    for _ in range(4):
        log.refused(
            "Write",
            {"file_path": "/etc/x", "content": "a"},
            "Claude requested permissions to write to /etc/x, but you haven't granted it yet.",
        )


def undo_redo(log: Log) -> None:
    for _ in range(3):
        log.call("Write", {"file_path": "/h/a", "content": "A"}, "ok")
        log.call("Write", {"file_path": "/h/a", "content": "B"}, "ok")


def todo_same(log: Log) -> None:
    for _ in range(6):
        log.call(
            "TodoWrite",
            {"todos": [{"content": "a", "status": "in_progress"}, {"content": "b", "status": "pending"}]},
            "ok",
        )


def until_green(log: Log) -> None:
    log.prompt("Fix the failing tests and keep going until they are green.")
    for _ in range(4):
        log.bash("pytest -q", "Exit code 1\n3 failed, 2 passed", failed=True)


def compaction_manual_calls(log: Log) -> None:
    log.agent = ""
    for _ in range(4):
        log.put("PreCompact", trigger="auto")
        log.wait(10)
        log.put("SessionStart", source="compact")
        log.read("big.md")


def stop_hook(log: Log) -> None:
    log.agent = ""
    for lap in range(5):
        log.put("Stop", stop_hook_active=lap > 0, last_assistant_message="Finished.")
        log.wait(3)


def queue_pop(log: Log) -> None:
    for _ in range(8):
        log.call("mcp__queue__pop", {"name": "q"}, "ok")


def prettier(log: Log) -> None:
    for lap in range(8):
        log.edit("a.ts", f"{lap}a", f"{lap}b")
        log.bash(
            "npx prettier --check .", "Checking formatting...\nAll matched files use Prettier code style!"
        )


def packages(log: Log) -> None:
    for part in "abcdefgh":
        log.bash(f"npm test -w pkg-{part}", "Tests: 3 passed, 3 total")


def packages2(log: Log) -> None:
    for part in "abcdefgh":
        log.bash(f"cd pkg-{part} && npm test", "Tests: 3 passed, 3 total")


def packages3(log: Log) -> None:
    for part in "abcdefgh":
        log.bash(f"npm test --workspace {part}", "Tests: 3 passed, 3 total")


def kubectl_sleep(log: Log) -> None:
    for _ in range(10):
        log.bash("sleep 15; kubectl get pods", "web-1 0/1 Pending", took=15)


def pr_checks(log: Log) -> None:
    log.pace = 30
    for _ in range(9):
        log.bash("gh pr checks 12", "Exit code 8\nbuild pending 0 https://x", failed=True)


def jitter(log: Log) -> None:
    log.pace = 0.1
    for gap in (2, 5, 4, 9, 15, 12, 20):
        log.call("mcp__api__get", {"id": 1}, "Error 503: service unavailable", failed=True)
        log.wait(gap)


def cursors(log: Log) -> None:
    for lap in range(9):
        log.call(
            "mcp__api__list", {"cursor": f"c{lap}"}, '{"items": [], "more": true, "note": "empty shard"}'
        )


def playwright(log: Log) -> None:
    for _ in range(12):
        log.call(
            "mcp__playwright__browser_press_key",
            {"key": "ArrowDown"},
            "### Ran Playwright code\nawait page.keyboard.press('ArrowDown');",
        )


def click_snapshot(log: Log) -> None:
    for lap in range(8):
        log.call("mcp__playwright__browser_click", {"ref": "e4"}, "clicked next")
        log.call("mcp__playwright__browser_snapshot", {}, f"page {lap}: item {lap * 3}")


def game(log: Log) -> None:
    for _ in range(7):
        log.call("mcp__game__move", {"dir": "up"}, "You moved up.")


def subagent_files(log: Log) -> None:
    log.agent = ""
    for lap in range(10):
        log.call(
            "Agent",
            {
                "description": "r",
                "prompt": f"Review the file src/m{lap}.ts for mistakes and tell what is wrong.",
                "subagent_type": "r",
            },
            {
                "status": "completed",
                "agentId": f"q{lap}",
                "content": [{"type": "text", "text": "No problems were found in this file."}],
            },
            took=20,
        )


def manual_compactions(log: Log) -> None:
    log.agent = ""
    for lap in range(4):
        log.put("PreCompact", trigger="manual")
        log.wait(9)
        log.put("PostCompact", trigger="manual", compact_summary="x")
        log.put("SessionStart", source="compact")
        log.prompt(f"Go on with part {lap}")


def three_times(log: Log) -> None:
    log.prompt("Run the suite three times and compare.")
    for _ in range(3):
        log.bash("pytest -q", "12 passed in 3.1s")


def five_runs(log: Log) -> None:
    log.prompt("Compare the timings over 5 runs.")
    for _ in range(5):
        log.bash("./bench", "mean 12 ms over all units")


def recall(log: Log) -> None:
    for lap in range(6):
        log.call("mcp__memory__search_nodes", {"query": "style"}, "Known: small modules, plain names.")
        for at in range(6):
            log.read(f"s{lap}{at}.ts")
        log.wait(15)


def bashoutput20(log: Log) -> None:
    log.pace = 20
    for _ in range(12):
        log.call("BashOutput", {"bash_id": "b1"}, {"stdout": "", "status": "running"})


def docker_build(log: Log) -> None:
    log.pace = 16
    for _ in range(10):
        log.bash("docker compose ps", "web starting (health: starting)")


def fix_each(log: Log) -> None:
    for lap in range(7):
        log.edit(f"f{lap}.py", "import old", "import new")
        log.bash("python -m compileall -q .", "")


def mkdirs(log: Log) -> None:
    for lap in range(9):
        log.bash(f"mkdir -p out/{lap}", "")
        log.bash(f"cp t.md out/{lap}/t.md", "")


def http_batch(log: Log) -> None:
    for lap in range(9):
        log.bash(f'curl -s -o /dev/null -w "%{{http_code}}" https://x.org/{lap}', "200")


def headers(log: Log) -> None:
    for lap in range(20):
        log.call(
            "Edit",
            {"file_path": f"/h/s{lap}.ts", "old_string": "// 2025", "new_string": "// 2026"},
            "updated",
        )


def rename_in_one(log: Log) -> None:
    for lap in range(9):
        log.edit("a.ts", f"oldName(arg{lap})", f"newName(arg{lap})")


def loop_cmd(log: Log) -> None:
    log.put(
        "UserPromptExpansion",
        expansion_type="slash_command",
        command_name="loop",
        command_args="5m check the deploy",
        prompt="/loop 5m check the deploy",
    )
    for _ in range(6):
        log.put("UserPromptSubmit", prompt="check the deploy")
        log.bash("./deploy-status", "deploy: rolling out 3 of 9")
        log.agent = ""
        log.stop("Still rolling out.")
        log.wait(300)


def red_twice(log: Log) -> None:
    for lap in range(3):
        log.edit("a.ts", f"q{lap}", f"r{lap}")
        log.bash("npm test", "Exit code 1\n1 failed: cart total", failed=True)
    log.bash("npm test", "ok 12 passed")


def git_commits(log: Log) -> None:
    for lap in range(7):
        log.edit(f"c{lap}.ts", "a", f"b{lap}")
        log.bash(f'git commit -am "part {lap}"', f"[main a1b2c{lap}d] part {lap}")
        log.bash("git status --short", "")


def search_narrow(log: Log) -> None:
    for lap in range(7):
        log.call(
            "Grep",
            {"pattern": f"fn_{lap}", "path": "src", "output_mode": "files_with_matches"},
            f"src/m{lap}.rs",
        )


def log_tail(log: Log) -> None:
    log.pace = 2
    for lap in range(12):
        log.bash("tail -3 server.log", f"GET /a 200 {lap}\nGET /b 200 {lap * 2}")


def wait_tool(log: Log) -> None:
    log.pace = 2
    for _ in range(8):
        log.call("mcp__browser__wait_for", {"time": 20}, "waited", took=20)


def wait_ci(log: Log) -> None:
    log.pace = 1
    for _ in range(8):
        log.bash("gh run watch 5 --exit-status", "Exit code 1\nstill in progress", failed=True, took=60)


def human_scroll(log: Log) -> None:
    log.prompt("Scroll down until you see the footer")
    for _ in range(9):
        log.call("mcp__chrome__computer", {"action": "scroll", "dy": 500}, "scrolled the page by 500 px")


def chrome_scroll(log: Log) -> None:
    for _ in range(9):
        log.call("mcp__chrome__computer", {"action": "scroll", "dy": 500}, "scrolled the page by 500 px")


def chrome_key(log: Log) -> None:
    for _ in range(9):
        log.call("mcp__chrome__computer", {"action": "key", "text": "Tab"}, "")


LOOPS: tuple[Callable[[Log], None], ...] = (
    date_s,
    read_failed_edit,
    green_builds,
    noop_edits,
    expired_soft,
    unknown_batch,
    task_tool,
    cycle4_volatile,
    pingpong,
    websearch,
    with_messages,
    empty_stops,
    greps_none,
    skill,
    read_10s,
    write_same,
    sleep_fast,
    ralph,
    ls_pwd,
    http500,
    same_err_reads_between,
    fail_other_ok,
    unquoted_variants,
    perm,
    undo_redo,
    todo_same,
    until_green,
    compaction_manual_calls,
    stop_hook,
)

ALIKES: tuple[Callable[[Log], None], ...] = (
    queue_pop,
    prettier,
    packages,
    packages2,
    packages3,
    kubectl_sleep,
    pr_checks,
    jitter,
    cursors,
    playwright,
    click_snapshot,
    game,
    subagent_files,
    manual_compactions,
    three_times,
    five_runs,
    recall,
    bashoutput20,
    docker_build,
    fix_each,
    mkdirs,
    http_batch,
    headers,
    rename_in_one,
    loop_cmd,
    red_twice,
    git_commits,
    search_narrow,
    log_tail,
    wait_tool,
    wait_ci,
    human_scroll,
    chrome_scroll,
    chrome_key,
)
