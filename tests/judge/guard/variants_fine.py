"""Look-alikes, after the situations that users report as false alarms."""

from __future__ import annotations

from tests.judge.guard.variants import Script, fine, text


@fine("wait", 10, 40)
def sleeps_and_looks(s: Script, n: int) -> None:
    for at in range(n):
        s.bash("sleep 30; tail -n 3 build.log", "compiling, please wait", gap=2, took=30 + at % 3)


@fine("wait", 10, 40)
def polls_slowly(s: Script, n: int) -> None:
    for at in range(n):
        s.bash("gh run view 81 --json status", '{"status": "in_progress"}', gap=20 + (at * 7) % 40)


@fine("wait", 8, 14)
def looks_at_output(s: Script, n: int) -> None:
    for at in range(n):
        s.call(
            "BashOutput",
            {"bash_id": "b7"},
            "<status>running</status>\n<stdout></stdout>",
            gap=16 + 2 ** min(at, 7),
        )


@fine("shared_state", 8, 25)
def board_moves(s: Script, n: int) -> None:
    for at in range(n):
        s.call(
            "mcp__board__list",
            {"column": "doing"},
            f"{n - at} open: task {at}, task {at + 1}, owner Kim",
            gap=5,
        )


@fine("shared_state", 8, 25)
def queue_shrinks(s: Script, n: int) -> None:
    for at in range(n):
        s.bash("redis-cli llen jobs", f"(integer) {900 - at * 13}", gap=6)


@fine("shared_state", 8, 25)
def tasks_move(s: Script, n: int) -> None:
    for at in range(n):
        s.call(
            "TaskList",
            {},
            f"#1 done\n#2 {'done' if at > n // 2 else 'running'}\n#3 waiting, {at * 4} % of it",
            gap=6,
        )


@fine("stream", 12, 50)
def debugger_reads(s: Script, n: int) -> None:
    for at in range(n):
        s.call(
            "mcp__gdb__read_buffer",
            {"session": 1},
            f"{4096 + at * 8:#x}: mov r{at % 8}, {at * 31}\nstopped at line {at}",
            gap=2,
        )


@fine("stream", 12, 50)
def single_steps(s: Script, n: int) -> None:
    for at in range(n):
        s.call("mcp__debugger__step", {"thread": 1}, f"main.c:{40 + at}  total = total + {at}", gap=2)


@fine("stream", 12, 30)
def migrates_one(s: Script, n: int) -> None:
    for at in range(n):
        s.bash("./manage migrate-one", f"migrated user{at}@shop: {n - at} left", gap=2)


@fine("stateful", 4, 8)
def scrolls(s: Script, n: int) -> None:
    for at in range(n):
        s.call("mcp__browser__scroll", {"by": 600}, "", gap=2)
        s.call(
            "mcp__browser__screenshot",
            {},
            f"page from {at * 600} on: item {at * 5} to item {at * 5 + 5}",
            gap=2,
        )


@fine("stateful", 3, 6)
def presses_keys(s: Script, n: int) -> None:
    for at in range(n):
        s.call("mcp__computer__key", {"key": "Tab"}, "ok", gap=2)
        s.call("mcp__computer__look", {}, f"field {at} has the focus, its label is 'part {at}'", gap=2)


@fine("stateful", 8, 16)
def next_page(s: Script, n: int) -> None:
    for at in range(n):
        s.call(
            "mcp__browser__click",
            {"selector": "#next"},
            f"Page {at + 2} of 40: offers {at * 10} to {at * 10 + 9}",
            gap=2,
        )


@fine("batch", 12, 25)
def headers(s: Script, n: int) -> None:
    for at in range(n):
        s.edit(f"src/part{at}.py", "import os", "# License: MIT\nimport os")


@fine("batch", 12, 25)
def moves(s: Script, n: int) -> None:
    for at in range(n):
        s.bash(f"git mv src/part{at}.py src/shop/part{at}.py")


@fine("batch", 12, 25)
def writes(s: Script, n: int) -> None:
    for at in range(n):
        s.call(
            "Write",
            {"file_path": f"/home/user/shop/docs/p{at}.md", "content": "# Part\n"},
            "File created successfully",
        )


@fine("pages", 12, 30)
def offsets(s: Script, n: int) -> None:
    for at in range(n):
        s.read(
            "big.log",
            "\n".join(f"{at * 100 + k}: entry of the log {at * k}" for k in range(9)),
            offset=at * 100 + 1,
            limit=100,
        )


@fine("pages", 12, 30)
def api_pages(s: Script, n: int) -> None:
    for at in range(n):
        s.call("mcp__shop__orders", {"page": at}, f'{{"page": {at}, "orders": [{at * 3}, {at * 3 + 1}]}}')


@fine("pages", 12, 30)
def sed_blocks(s: Script, n: int) -> None:
    for at in range(n):
        s.bash(
            f"sed -n '{at * 50 + 1},{at * 50 + 50}p' big.sql",
            f"insert into part values ({at}, 'name of {at}');",
        )


@fine("exploration", 12, 30)
def opening_reads(s: Script, n: int) -> None:
    for at in range(n):
        s.fresh(at)


@fine("exploration", 12, 30)
def searches(s: Script, n: int) -> None:
    for at in range(n):
        s.call("Grep", {"pattern": f"class Part{at}", "path": "src"}, f"src/part{at}.py:1:class Part{at}:")


@fine("exploration", 12, 30)
def reviews(s: Script, n: int) -> None:
    for at in range(n):
        s.bash(f"git show HEAD~{at} --stat", f"commit {at * 7919 + 3:040x}\n src/part{at}.py | {at + 1} +")


@fine("tdd", 5, 10)
def red_green(s: Script, n: int) -> None:
    for at in range(n):
        s.edit("tests/test_cart.py", f"# case {at}", f"def test_case{at}(): assert total({at}) == {at * 2}")
        s.bash(
            "pytest -q",
            f"FAILED tests/test_cart.py::test_case{at} - NameError\n1 failed, {at} passed",
            bad=True,
        )
        s.edit("src/cart.py", f"# part {at}", f"case {at}: return {at * 2}")
        s.bash("pytest -q", f"{at + 1} passed in 0.1s")


@fine("tdd", 8, 10)
def same_then_other(s: Script, n: int) -> None:
    for at in range(n):
        s.edit("src/cart.py", f"a = {at}", f"a = {at + 1}")
        name = "test_total" if at < 3 else f"test_part{at}"
        s.bash("pytest -q", f"FAILED tests/test_cart.py::{name} - assert 3 == 4\n1 failed", bad=True)
    s.bash("pytest -q", "9 passed in 0.1s")


@fine("tdd", 6, 12)
def lint_counts_down(s: Script, n: int) -> None:
    for at in range(n):
        left = n - at
        rows = "\n".join(f"src/part{k}.ts:{k}:1 error no-unused-vars" for k in range(at, n))
        s.bash("npx eslint src", f"{rows}\n{left} problems", bad=True)
        s.edit(f"src/part{at}.ts", "let unused", "let used")


@fine("after_edit", 5, 10)
def status_after_commit(s: Script, n: int) -> None:
    for at in range(n):
        s.edit(f"src/part{at}.py", "a", f"b{at}")
        s.bash(
            f"git add -A && git commit -m 'Part {at}'",
            f"[main {at * 7919 + 4099:07x}] Part {at}\n 1 file changed",
        )
        s.bash("git status --short")


@fine("after_edit", 5, 10)
def rereads_after_edit(s: Script, n: int) -> None:
    for at in range(n):
        s.edit("src/cart.py", f"a = {at}", f"a = {at + 1}")
        s.read("src/cart.py", f"a = {at + 1}\nb = 4\ndef total(): return a")


@fine("after_edit", 5, 10)
def tests_stay_green(s: Script, n: int) -> None:
    for at in range(n):
        s.edit(f"src/part{at}.py", "old_name", "new_name")
        s.bash("pytest -q", "14 passed in 0.31s")


@fine("back_off", 5, 7)
def too_many_requests(s: Script, n: int) -> None:
    for at in range(n):
        s.call(
            "WebFetch",
            {"url": "https://example.org/api", "prompt": "read"},
            "Request failed with status code 429",
            True,
            5 * 2**at,
        )


@fine("back_off", 5, 8)
def not_available(s: Script, n: int) -> None:
    for at in range(n):
        s.bash(
            f"sleep {10 * 2 ** min(at, 4)}; curl -f https://example.org/h",
            "curl: (22) error: 503",
            True,
            2,
            10 * 2 ** min(at, 4),
        )
    s.bash("curl -f https://example.org/h", "fine")


@fine("back_off", 4, 8)
def server_starts(s: Script, n: int) -> None:
    for at in range(n):
        s.bash(
            "curl -sf localhost:3000/health",
            "curl: (7) Failed to connect to localhost port 3000: Connection refused",
            True,
            10 + 6 * at,
        )
    s.bash("curl -sf localhost:3000/health", '{"ok": true}')


@fine("asked_for", 5, 10)
def benchmark(s: Script, n: int) -> None:
    s.prompt(f"Run the benchmark {n} times and tell me the mean.")
    for _ in range(n):
        s.bash("./bench --fast", "throughput: 812 per second, all checks are fine", took=20)


@fine("asked_for", 6, 15)
def flake_hunt(s: Script, n: int) -> None:
    s.prompt(f"The test test_total is flaky. Run it {n} times to see how often it fails.")
    for at in range(n):
        s.bash(
            "pytest -q tests/test_cart.py::test_total",
            "1 failed in 0.2s" if at % 5 == 4 else "1 passed in 0.2s",
            at % 5 == 4,
        )


@fine("asked_for", 3, 4)
def equal_reviewers(s: Script, n: int) -> None:
    given = {"subagent_type": "reviewer", "prompt": "Review the branch.", "description": "Review"}
    s.reply(
        [("Task", given, f"I have {at + 2} remarks, the first about part {at}.", False) for at in range(n)],
        took=90,
    )


@fine("memory", 4, 7)
def recalls(s: Script, n: int) -> None:
    for at in range(n):
        s.call("mcp__memory__recall", {"about": "style"}, "Use short names. Tests first.")
        for part in range(6):
            s.fresh(at * 6 + part)
        s.edit(f"src/part{at}.py", "a", f"b{at}")


@fine("memory", 4, 7)
def looks_at_the_plan(s: Script, n: int) -> None:
    for at in range(n):
        s.read("PLAN.md", text("plan"))
        s.edit(f"src/part{at}.py", "a", f"b{at}")
        s.bash("pytest -q", f"{at + 4} passed")


@fine("memory", 4, 6)
def shows_the_branch(s: Script, n: int) -> None:
    for at in range(n):
        s.bash("git branch --show-current", "feature/cart", gap=100)
        for part in range(4):
            s.fresh(at * 4 + part)
        s.call(
            "Write",
            {"file_path": f"/home/user/shop/n{at}.md", "content": f"note {at}"},
            "File created successfully",
        )


@fine("planning", 4, 8)
def rounds_with_new_keys(s: Script, n: int) -> None:
    for at in range(n):
        s.prompt("Go on with the plan.", gap=40)
        s.fresh(at)
        s.stop(f"Part {at} is understood.")


@fine("planning", 4, 8)
def rounds_with_commits(s: Script, n: int) -> None:
    for at in range(n):
        s.prompt("Do the next open task.", gap=6)
        s.edit(f"src/part{at}.py", "a", f"b{at}")
        s.bash(f"git commit -am 'Part {at}'", f"[main {at * 7919 + 4099:07x}] Part {at}\n 1 file changed")
        s.bash("git status --short")
        s.stop(f"Task {at} is done.")


@fine("planning", 4, 8)
def rounds_with_questions(s: Script, n: int) -> None:
    for at in range(n):
        s.prompt("continue", gap=20)
        s.stop(f"Shall part {'abcdefgh'[at]} be moved as well?")


@fine("words_of_error", 8, 20)
def flag_is_false(s: Script, n: int) -> None:
    for at in range(n):
        s.call("mcp__shop__get", {"id": at}, f'{{"is_error": false, "id": {at}, "name": "thing {at}"}}')


@fine("words_of_error", 8, 20)
def log_lines(s: Script, n: int) -> None:
    for at in range(n):
        s.bash(f"grep -c ERROR logs/day{at}.log", f"{at * 3} lines with ERROR: timeout, failed to connect")


@fine("words_of_error", 8, 20)
def error_classes(s: Script, n: int) -> None:
    for at in range(n):
        s.read(
            f"src/errors{at}.py",
            f"class Error{at}(Exception):\n    message = 'not found, failed, denied'\n    code = {at}",
        )


@fine("periodic_text", 12, 40)
def long_prefixes(s: Script, n: int) -> None:
    s.stop(
        "Moved:\n"
        + "\n".join(f"- src/main/java/org/example/shop/cart/Part{at}.java is moved" for at in range(n))
    )


@fine("periodic_text", 12, 40)
def table_and_rules(s: Script, n: int) -> None:
    s.stop(
        "| name | state | done |\n|------|-------|------|\n" + "| part | green | done |\n" * n + "-" * 30 * n
    )


@fine("periodic_text", 12, 40)
def code_block(s: Script, n: int) -> None:
    s.stop("Here it is:\n```\n" + "0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,\n" * n + "```\n" + " " * 400)


@fine("after_hint", 3, 3)
def complies(s: Script, n: int) -> None:
    for _ in range(2):
        s.bash("npm run lint", "12:3 error 'total' is never used\n1 problem")
    s.edit("src/cart.ts", "let total", "")
    for at in range(n):
        s.bash("npm run lint", f"{at + 13}:3 error 'part{at}' is never used\n1 problem")
        s.edit("src/cart.ts", f"let part{at}", "")


@fine("after_hint", 1, 2)
def refused_once(s: Script, n: int) -> None:
    for at in range(n):
        s.refuse("Bash", {"command": f"git push origin b{at}"}, "Permission to use Bash has been denied.")
        s.fresh(at)
        s.fresh(at + 20)


@fine("after_hint", 3, 6)
def person_speaks(s: Script, n: int) -> None:
    for at in range(n):
        s.prompt(f"Please look once more, I changed part {at}.")
        s.bash("npm run lint", "12:3 error 'total' is never used\n1 problem")
        s.bash("npm run lint", "12:3 error 'total' is never used\n1 problem")
        s.stop("It is still there.")


@fine("runs", 4, 12)
def heartbeats(s: Script, n: int) -> None:
    for at in range(n):
        s.prompt("Heartbeat: look for new mail and answer what is urgent.", gap=1800)
        s.call("mcp__mail__list", {"state": "new"}, "No new mail for you today.")
        s.stop(f"Nothing is urgent at {at} o'clock.")


@fine("runs", 2, 3)
def replays(s: Script, n: int) -> None:
    for at in range(5):
        s.fresh(at)
        s.bash("pytest -q", f"{at} passed")
    first = list(s.events)
    if s.shape != "bare":
        for _ in range(n - 1):
            s.events += [(s.now, fields) for _, fields in first]


@fine("runs", 2, 4)
def resumes(s: Script, n: int) -> None:
    for at in range(n):
        s.put("SessionStart", source="resume" if at else "startup")
        s.prompt(f"Go on with part {at}.", gap=600)
        s.read("PLAN.md", text("plan"))
        s.bash("git status --short", " M src/cart.py")
        s.fresh(at)
        s.stop(f"So far with part {at}.")


@fine("agents", 4, 12)
def two_read_the_same(s: Script, n: int) -> None:
    for at in range(n):
        for agent in ("a1", "a2"):
            given = {"file_path": f"/home/user/shop/src/part{at}.py"}
            s.call("Read", given, text(f"part{at}"), agent=agent, gap=2)


@fine("agents", 3, 5)
def each_runs_the_tests(s: Script, n: int) -> None:
    for at in range(n):
        s.put("SubagentStart", f"w{at}")
        s.call("Bash", {"command": "pytest -q"}, "14 passed in 0.31s", agent=f"w{at}")
        s.call("Read", {"file_path": f"/home/user/shop/p{at}.py"}, text(f"p{at}"), agent=f"w{at}")
        s.put(
            "SubagentStop",
            f"w{at}",
            stop_hook_active=False,
            last_assistant_message=f"Part {at} is fine, {at * 3} lines.",
        )


@fine("agents", 4, 8)
def each_another_task(s: Script, n: int) -> None:
    for at in range(n):
        given = {"subagent_type": "worker", "prompt": f"Move part {at}.", "description": f"Move part {at}"}
        s.call("Task", given, f"Part {at} is moved, {at + 3} files are changed.", took=50)


@fine("plan", 6, 10)
def plan_goes_on(s: Script, n: int) -> None:
    for at in range(n):
        items = [
            {
                "content": f"Part {k}",
                "status": "completed" if k < at else "in_progress" if k == at else "pending",
            }
            for k in range(n)
        ]
        s.call("TodoWrite", {"todos": items}, "Todos have been modified successfully.")
        s.fresh(at)


@fine("plan", 4, 4)
def plan_grows(s: Script, n: int) -> None:
    for at in range(1, n + 1):
        s.call(
            "TodoWrite",
            {"todos": [{"content": f"Part {k}", "status": "pending"} for k in range(at)]},
            "Todos have been modified.",
        )
        s.fresh(at)
        s.fresh(at + 9)


@fine("plan", 6, 12)
def tasks_are_made(s: Script, n: int) -> None:
    for at in range(n):
        s.call(
            "TaskCreate",
            {"subject": f"Move part {at}", "description": "as the others"},
            f"Task #{at} created successfully",
        )
