"""Loops, after the definitions of the catalogue."""

from __future__ import annotations

from tests.judge.guard.variants import Script, loop, text


@loop("exact_repeat_same_result", 4, 12)
def lint_again(s: Script, n: int) -> None:
    for _ in range(n):
        s.bash("npm run lint", "src/cart.ts\n  12:3  error  'total' is never used\n1 problem")


@loop("exact_repeat_same_result", 4, 12)
def read_again(s: Script, n: int) -> None:
    for _ in range(n):
        s.read("src/cart.py", text("cart"))


@loop("exact_repeat_same_result", 4, 12)
def issue_again(s: Script, n: int) -> None:
    for _ in range(n):
        s.call("mcp__tracker__get_issue", {"id": 7}, '{"id": 7, "state": "open", "title": "Total is wrong"}')


@loop("exact_repeat_error", 4, 9)
def build_fails_again(s: Script, n: int) -> None:
    for at in range(n):
        s.bash("make all", f"cart.c:{at + 3}: error: 'x{at}' undeclared here", bad=True)


@loop("exact_repeat_error", 4, 9)
def fetch_fails_again(s: Script, n: int) -> None:
    for _ in range(n):
        s.call(
            "WebFetch",
            {"url": "https://example.org/a", "prompt": "read"},
            "Request failed with status code 404",
            True,
        )


@loop("exact_repeat_error", 4, 9)
def tool_fails_again(s: Script, n: int) -> None:
    for _ in range(n):
        s.call("mcp__db__query", {"sql": "select 1"}, "column total does not exist", True)


@loop("exact_repeat_volatile_result", 4, 12)
def test_with_times(s: Script, n: int) -> None:
    for at in range(n):
        s.bash(
            "pytest -q",
            f"[10:{at:02d}:07] FAILED tests/test_cart.py::test_total\n1 failed, 8 passed in 0.{at + 21}s",
        )


@loop("exact_repeat_volatile_result", 4, 12)
def request_ids(s: Script, n: int) -> None:
    for at in range(n):
        said = f'{{"request_id": "3f2a9c1e-7b4d-4e11-9a55-0c{at:02d}77aa11{at:02d}", "total": 0, "hits": []}}'
        s.call("mcp__shop__orders", {"state": "lost"}, said)


@loop("exact_repeat_volatile_result", 4, 12)
def process_ids(s: Script, n: int) -> None:
    for at in range(n):
        s.bash(
            "./start.sh --check",
            f"2026-11-0{at % 9 + 1}T10:11:{at:02d}Z started pid {4000 + at * 13}: port 80 is taken",
        )


@loop("same_error_varied_args", 4, 9)
def module_missing(s: Script, n: int) -> None:
    for at in range(n):
        s.bash(
            f"python tools/run{at}.py --level {at}", "ModuleNotFoundError: No module named 'yaml'", bad=True
        )


@loop("same_error_varied_args", 4, 9)
def not_allowed(s: Script, n: int) -> None:
    for at in range(n):
        s.call(
            "mcp__wiki__search",
            {"query": f"release plan {'abcdefghij'[at]}"},
            "401 Unauthorized: token expired",
            True,
        )
        s.fresh(at)


@loop("same_error_varied_args", 4, 9)
def page_missing(s: Script, n: int) -> None:
    for at in range(n):
        url = f"https://example.org/docs/{'abcdefghij'[at]}"
        s.call("WebFetch", {"url": url, "prompt": "read"}, "Request failed with status code 404", True)


@loop("unknown_tool", 4, 8)
def no_such_tool(s: Script, n: int) -> None:
    for at in range(n):
        s.refuse(
            "SearchCode",
            {"q": f"x{at}"},
            "<tool_use_error>Error: No such tool available: SearchCode</tool_use_error>",
        )


@loop("unknown_tool", 4, 8)
def no_such_server(s: Script, n: int) -> None:
    for _ in range(n):
        s.refuse(
            "mcp__old__find",
            {"q": "a"},
            "<tool_use_error>Error: No such tool available: mcp__old__find</tool_use_error>",
        )


@loop("unknown_tool", 4, 8)
def many_names(s: Script, n: int) -> None:
    for name in (
        "open_file",
        "file_open",
        "OpenFile",
        "read_file",
        "readFile",
        "file_read",
        "cat_file",
        "view",
    )[:n]:
        s.refuse(
            name, {"path": "a.py"}, f"<tool_use_error>Error: No such tool available: {name}</tool_use_error>"
        )


@loop("failed_edit_loop", 4, 8)
def not_found(s: Script, n: int) -> None:
    for at in range(n):
        s.edit(
            "src/cart.py",
            f"total = {at}",
            "total = 9",
            f"String to replace not found in file.\nString: total = {at}",
        )


@loop("failed_edit_loop", 4, 8)
def changes_nothing(s: Script, n: int) -> None:
    for _ in range(n):
        s.edit("src/cart.py", "a", "a", "No changes to make: old_string and new_string are exactly the same.")


@loop("failed_edit_loop", 4, 8)
def writes_what_is_there(s: Script, n: int) -> None:
    for at in range(n):
        s.call(
            "Write",
            {"file_path": "/home/user/shop/a.json", "content": '{"a": 1}'},
            "The file has been updated.",
        )
        s.fresh(at)


@loop("interleaved_repeat", 6, 10)
def rereads(s: Script, n: int) -> None:
    for at in range(n):
        s.read("README.md", text("readme"))
        s.fresh(at)


@loop("interleaved_repeat", 6, 10)
def same_search(s: Script, n: int) -> None:
    for at in range(n):
        s.call("Grep", {"pattern": "total", "path": "src"}, "src/cart.py:3: total\nsrc/order.py:9: total")
        s.bash(f"git show --stat HEAD~{at}", f"commit {at * 7919:040x}\n file{at}.py | {at} +")


@loop("interleaved_repeat", 6, 10)
def same_list(s: Script, n: int) -> None:
    for at in range(n):
        s.call("mcp__files__list", {"folder": "/"}, "bin docs src tests and some more entries")
        s.fresh(at)
        s.fresh(at + 100)


@loop("near_duplicate_args", 6, 10)
def same_tail(s: Script, n: int) -> None:
    ends = (
        "",
        " | tail -20",
        " 2>&1",
        " | head -50",
        " 2>&1 | tail -5",
        " # again",
        " | cat",
        " || true",
        " | tail -n 9",
        "; true",
    )
    for at in range(n):
        s.bash(
            "pytest tests/test_cart.py" + ends[at], "FAILED tests/test_cart.py::test_total - assert 3 == 4"
        )


@loop("near_duplicate_args", 6, 10)
def reworded_query(s: Script, n: int) -> None:
    words = "cart total error|error cart total|total of cart|cart sum wrong|wrong cart total|sum error|total bug|cart bug|bug sum|x"
    for query in words.split("|")[:n]:
        s.call(
            "mcp__wiki__search",
            {"query": query},
            "Found one page: 'How totals are counted', last changed in May.",
        )


@loop("near_duplicate_args", 6, 10)
def other_patterns(s: Script, n: int) -> None:
    for at in range(n):
        s.call(
            "Grep",
            {"pattern": f"def tot{'a' * at}", "path": "src"},
            "No files found in the folder src, 214 files were searched",
        )


@loop("parallel_duplicates", 3, 6)
def three_reads(s: Script, n: int) -> None:
    s.reply([("Read", {"file_path": "/home/user/shop/a.py"}, text("a"), False)] * n)


@loop("parallel_duplicates", 3, 6)
def three_runs(s: Script, n: int) -> None:
    s.reply([("Bash", {"command": "npm test"}, "1 failed, 8 passed", False)] * n)


@loop("parallel_duplicates", 3, 6)
def three_fetches(s: Script, n: int) -> None:
    s.reply([("WebFetch", {"url": "https://example.org/a", "prompt": "read"}, text("page"), False)] * n)


@loop("periodic_cycle", 4, 7)
def two_in_turn(s: Script, n: int) -> None:
    for _ in range(n):
        s.read("src/cart.py", text("cart"))
        s.bash("pytest -q", "1 failed, 8 passed\ntests/test_cart.py::test_total")


@loop("periodic_cycle", 4, 7)
def three_in_turn(s: Script, n: int) -> None:
    for _ in range(n):
        s.call("Glob", {"pattern": "src/**"}, "src/cart.py\nsrc/order.py")
        s.read("src/cart.py", text("cart"))
        s.call("Grep", {"pattern": "total"}, "src/cart.py:3: total")


@loop("periodic_cycle", 4, 6)
def five_in_turn(s: Script, n: int) -> None:
    for _ in range(n):
        for name in "abcde":
            s.call("mcp__wiki__page", {"id": name}, text(name))


@loop("edit_flip_flop", 3, 6)
def there_and_back(s: Script, n: int) -> None:
    for _ in range(n):
        s.edit("src/cart.py", "wait = 10", "wait = 30")
        s.edit("src/cart.py", "wait = 30", "wait = 10")


@loop("edit_flip_flop", 3, 6)
def back_with_tests(s: Script, n: int) -> None:
    for at in range(n):
        s.edit("src/cart.py", "return a + b", "return a - b")
        s.bash("pytest -q", f"FAILED test_sum{at}\n1 failed", bad=True)
        s.edit("src/cart.py", "return a - b", "return a + b")
        s.bash("pytest -q", f"FAILED test_difference{at}\n1 failed", bad=True)


@loop("edit_flip_flop", 3, 6)
def written_over(s: Script, n: int) -> None:
    for at in range(2 * n):
        content = "mode: fast\n" if at % 2 else "mode: safe\n"
        s.call(
            "Write",
            {"file_path": "/home/user/shop/mode.yaml", "content": content},
            "The file has been updated.",
        )


@loop("edit_test_no_progress", 6, 10)
def edits_do_not_help(s: Script, n: int) -> None:
    for at in range(n):
        s.edit("src/cart.py", f"total = {at}", f"total = {at + 1}")
        s.bash(
            "pytest -q",
            "E   assert 3 == 4\nFAILED tests/test_cart.py::test_total\n1 failed, 8 passed in 0.12s",
            bad=True,
        )


@loop("edit_test_no_progress", 6, 10)
def build_stays_red(s: Script, n: int) -> None:
    for at in range(n):
        s.call(
            "Write",
            {"file_path": "/home/user/shop/a.ts", "content": f"let a = {at}"},
            "The file has been updated.",
        )
        s.bash("npx tsc --noEmit", "src/b.ts(4,2): error TS2304: Cannot find name 'Cart'.", bad=True, took=5)


@loop("edit_test_no_progress", 6, 10)
def service_stays_red(s: Script, n: int) -> None:
    for at in range(n):
        s.edit("deploy.yaml", f"level: {at}", f"level: {at + 1}")
        s.call("mcp__ci__check", {"job": "deploy"}, "check failed: image 'shop' has no tag", True)


@loop("poll_no_progress", 9, 20)
def quick_status(s: Script, n: int) -> None:
    for _ in range(n):
        s.bash("curl -s localhost:8080/status", '{"state": "pending", "jobs": 3}', gap=3)


@loop("poll_no_progress", 9, 20)
def quick_output(s: Script, n: int) -> None:
    for _ in range(n):
        s.call(
            "BashOutput",
            {"bash_id": "b1"},
            "<status>running</status>\n<stdout>waiting for the lock</stdout>",
            gap=3,
        )


@loop("poll_no_progress", 9, 20)
def quick_job(s: Script, n: int) -> None:
    for _ in range(n):
        s.call("mcp__ci__job_status", {"job": 12}, '{"job": 12, "state": "queued", "place": 4}', gap=3)


def compacted(s: Script) -> None:
    s.now += 5
    s.put("PreCompact", trigger="auto")
    s.now += 5
    s.put("PostCompact", trigger="auto", compact_summary="What was done so far.")


@loop("post_compaction_repeat", 4, 6)
def reads_plan_again(s: Script, n: int) -> None:
    for at in range(n):
        s.read("PLAN.md", text("plan"))
        s.fresh(at)
        s.fresh(at + 50)
        compacted(s)


@loop("post_compaction_repeat", 4, 6)
def tests_again(s: Script, n: int) -> None:
    for at in range(n):
        s.bash("pytest -q", "1 failed, 8 passed\nFAILED test_total")
        s.fresh(at)
        s.fresh(at + 50)
        compacted(s)


@loop("post_compaction_repeat", 4, 6)
def asks_again(s: Script, n: int) -> None:
    for at in range(n):
        s.call("mcp__tracker__get_issue", {"id": 7}, "Total is wrong, open since May")
        s.fresh(at)
        s.fresh(at + 50)
        compacted(s)


@loop("compaction_loop", 4, 7)
def only_compacts(s: Script, n: int) -> None:
    for _ in range(n):
        compacted(s)


@loop("compaction_loop", 4, 7)
def one_call_each(s: Script, n: int) -> None:
    for at in range(n):
        s.fresh(at)
        compacted(s)


@loop("compaction_loop", 4, 7)
def other_call_each(s: Script, n: int) -> None:
    for at in range(n):
        s.call("Grep", {"pattern": f"p{at}"}, text(f"p{at}", 30))
        compacted(s)


DECLINED = "The user doesn't want to proceed with this tool use. The tool use was rejected."


@loop("denied_retry", 3, 6)
def declined_push(s: Script, n: int) -> None:
    for _ in range(n):
        s.refuse("Bash", {"command": "git push origin main"}, DECLINED)


@loop("denied_retry", 3, 6)
def denied_write(s: Script, n: int) -> None:
    for at in range(n):
        s.refuse(
            "Write", {"file_path": "/etc/hosts", "content": "x"}, "Permission to use Write has been denied."
        )
        s.fresh(at)


@loop("denied_retry", 3, 6)
def hook_says_no(s: Script, n: int) -> None:
    for _ in range(n):
        s.refuse("mcp__db__drop", {"table": "a"}, "PreToolUse:mcp__db__drop hook error: blocked by policy")


@loop("stop_block_loop", 4, 7)
def held_back(s: Script, n: int) -> None:
    for at in range(n):
        s.stop("All is done.", again=at > 0)


@loop("stop_block_loop", 4, 7)
def held_back_in_other_words(s: Script, n: int) -> None:
    for at in range(n):
        s.stop(f"I cannot do more about it, {'really ' * at}sorry.", again=at > 0)


@loop("stop_block_loop", 4, 7)
def held_back_after_work(s: Script, n: int) -> None:
    s.fresh(1)
    for at in range(n):
        s.stop(f"Waiting for an answer ({'abcdefg'[at]}).", again=at > 0)


@loop("delegation_loop", 4, 7)
def agents_find_nothing(s: Script, n: int) -> None:
    for at in range(n):
        given = {
            "subagent_type": "general-purpose",
            "prompt": f"Find the flag, try {at}",
            "description": "Find",
        }
        s.call("Task", given, "I did not find the flag anywhere in the repository.", took=40)


@loop("delegation_loop", 4, 7)
def agents_same_prompt(s: Script, n: int) -> None:
    for _ in range(n):
        given = {"subagent_type": "Explore", "prompt": "Where is the total counted?", "description": "Find"}
        s.call("Agent", given, "It is counted in src/cart.py, in the function total.", took=30)


@loop("delegation_loop", 4, 7)
def agents_fail(s: Script, n: int) -> None:
    for at in range(n):
        given = {
            "subagent_type": "worker",
            "prompt": f"Do the migration {'again ' * at}",
            "description": "Do it",
        }
        s.call("Task", given, "Agent stopped: the database is not reachable from here.", took=60)


@loop("plan_churn", 6, 10)
def plan_reworded(s: Script, n: int) -> None:
    for at in range(n):
        items = [
            {"content": f"{word} in version {at}", "status": "pending", "activeForm": word}
            for word in ("Read", "Write", "Test")
        ]
        s.call("TodoWrite", {"todos": items}, "Todos have been modified successfully.")


@loop("plan_churn", 6, 10)
def plan_rewritten_same(s: Script, n: int) -> None:
    items = [{"content": "Read", "status": "in_progress"}, {"content": "Test", "status": "pending"}]
    for _ in range(n):
        s.call("TodoWrite", {"todos": items}, "Todos have been modified successfully.")


@loop("plan_churn", 6, 10)
def plan_by_update(s: Script, n: int) -> None:
    for at in range(n):
        plan = [
            {"step": f"Look at part {at}", "status": "pending"},
            {"step": "Repair it", "status": "pending"},
        ]
        s.call("update_plan", {"plan": plan, "explanation": f"try {at}"}, "Plan updated")


@loop("no_file_progress", 4, 7)
def rounds_without_calls(s: Script, n: int) -> None:
    for _ in range(n):
        s.prompt("Read PROMPT.md and do the next open task.", gap=5)
        s.stop("Nothing is left to be done.")


@loop("no_file_progress", 4, 7)
def rounds_same_calls(s: Script, n: int) -> None:
    for _ in range(n):
        s.prompt("Read PROMPT.md and do the next open task.", gap=5)
        s.read("PROMPT.md", text("task"))
        s.bash("git status --short", " M src/cart.py\n?? notes.txt")
        s.stop("Everything was done before.")


@loop("no_file_progress", 4, 7)
def rounds_same_search(s: Script, n: int) -> None:
    for _ in range(n):
        s.prompt("Work on the list until it is empty.", gap=5)
        s.call("Grep", {"pattern": "TODO"}, "src/cart.py:3: TODO totals")
        s.stop("I looked at the list.")


@loop("monologue", 4, 9)
def same_message(s: Script, n: int) -> None:
    for _ in range(n):
        s.stop("I will now look at the cart and repair the total.")


@loop("monologue", 4, 9)
def empty_answers(s: Script, n: int) -> None:
    for _ in range(n):
        s.stop("")


@loop("monologue", 9, 12)
def many_messages(s: Script, n: int) -> None:
    for at in range(n):
        s.stop(f"Now part {'abcdefghijkl'[at]} comes, let me think about it.")


@loop("content_chant", 30, 80)
def sentence_chant(s: Script, n: int) -> None:
    s.stop("I looked at it. " + "I will now check the cart again. " * n)


@loop("content_chant", 30, 80)
def line_chant(s: Script, n: int) -> None:
    s.stop("So it is:\n" + "The total is wrong because the sum is wrong.\n" * n)


@loop("content_chant", 60, 150)
def word_chant(s: Script, n: int) -> None:
    s.stop("Done " + "done and done, " * n)
