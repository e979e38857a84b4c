"""A labelled collection of hook-event logs: loops, and what looks like loops and is none.

Each trace is made by a function of a log and a variation number, which changes the tool, the length, the pace, the
agent, what stands in between, and the shape in which the client tells results.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

Payload = dict[str, Any]


class Trace(NamedTuple):
    name: str
    kind: str
    is_loop: bool
    events: list[tuple[float, Payload]]


class Log:
    """Writes events as one client would: shape 0 today's, 1 without batches, 2 flags in texts, 3 answers get lost."""

    def __init__(self, seed: int, *, pace: float = 4.0) -> None:
        self.random = random.Random(seed)
        self.shape = seed % 3
        self.pace = pace
        self.time = 1_790_000_000.0 + seed * 1000
        self.events: list[tuple[float, Payload]] = []
        self.agent = "a1b2c3d4" if seed % 5 == 4 else ""
        self.count = 0
        self.session = f"00000000-0000-4000-8000-{seed:012d}"
        self.put("SessionStart", source="startup")
        self.prompt("Please look into the problem in the shop module.")
        if self.agent:
            self.put("SubagentStart", agent_id=self.agent, agent_type="worker")

    def put(self, name: str, **fields: Any) -> None:
        common = {"session_id": self.session, "cwd": "/home/user/project", "hook_event_name": name}
        self.events.append((self.time, {**common, **fields}))

    def prompt(self, text: str) -> None:
        agent, self.agent = self.agent, ""
        self.put("UserPromptSubmit", prompt=text, permission_mode="default")
        self.agent = agent
        self.time += 3

    def wait(self, seconds: float) -> None:
        self.time += seconds

    def who(self) -> Payload:
        return {"agent_id": self.agent, "agent_type": "worker"} if self.agent else {}

    def call(
        self, tool: str, given: Payload, result: Any = "", *, failed: bool = False, took: float = 0.4
    ) -> None:
        self.calls([(tool, given, result, failed)], took=took)

    def calls(self, calls: list[tuple[str, Payload, Any, bool]], *, took: float = 0.4) -> None:
        ids = []
        for tool, given, _, _ in calls:
            self.count += 1
            ids.append(f"toolu_{self.count:06d}")
            fields = dict(given)
            if tool == "Bash":
                fields.setdefault(
                    "description", self.random.choice(["Look", "Try it", "Run once more", "Check"])
                )
            self.put("PreToolUse", tool_name=tool, tool_input=fields, tool_use_id=ids[-1], **self.who())
        self.time += took
        for name, (tool, given, result, failed) in zip(ids, calls, strict=True):
            self.answer(name, tool, given, result, failed, took)
        if self.shape == 0:
            parts = [
                {"tool_name": tool, "tool_input": given, "tool_use_id": name, "tool_response": str(result)}
                for name, (tool, given, result, failed) in zip(ids, calls, strict=True)
            ]
            self.put("PostToolBatch", tool_calls=parts, **self.who())
        self.time += self.pace * self.random.uniform(0.8, 1.2)

    def answer(self, name: str, tool: str, given: Payload, result: Any, failed: bool, took: float) -> None:
        fields = {"tool_name": tool, "tool_input": given, "tool_use_id": name, **self.who()}
        if failed and self.shape != 2:
            self.put(
                "PostToolUseFailure",
                **fields,
                error=str(result),
                is_interrupt=False,
                duration_ms=int(took * 1000),
            )
            return
        response: Any = result
        if failed:
            response = {"is_error": True, "content": result}
        elif tool == "Bash" and isinstance(result, str) and self.shape != 1:
            response = {"stdout": result, "stderr": "", "interrupted": False, "isImage": False}
        elif isinstance(result, str) and self.shape == 2:
            response = [{"type": "text", "text": result}]
        self.put("PostToolUse", **fields, tool_response=response, duration_ms=int(took * 1000))

    def refused(self, tool: str, given: Payload, text: str) -> None:
        self.count += 1
        name = f"toolu_{self.count:06d}"
        self.put("PreToolUse", tool_name=tool, tool_input=given, tool_use_id=name, **self.who())
        if self.shape == 2:
            fields = {"tool_name": tool, "tool_input": given, "tool_use_id": name, **self.who()}
            self.put("PostToolUseFailure", **fields, error=text)
        else:
            part = {"tool_name": tool, "tool_input": given, "tool_use_id": name, "tool_response": text}
            self.put("PostToolBatch", tool_calls=[part], **self.who())
        self.time += self.pace

    def bash(self, command: str, result: Any = "", *, failed: bool = False, took: float = 0.4) -> None:
        self.call("Bash", {"command": command}, result, failed=failed, took=took)

    def read(self, path: str, text: str = "", **given: Any) -> None:
        self.call("Read", {"file_path": f"/home/user/project/{path}", **given}, text or _file(path))

    def edit(self, path: str, old: str, new: str, *, error: str = "") -> None:
        given = {"file_path": f"/home/user/project/{path}", "old_string": old, "new_string": new}
        done = f"The file /home/user/project/{path} has been updated."
        self.call("Edit", given, error or done, failed=bool(error))

    def stop(self, text: str, *, again: bool = False) -> None:
        self.put("Stop", stop_hook_active=again, last_assistant_message=text, background_tasks=[])
        self.time += 2


def _file(path: str) -> str:
    return "\n".join(f"{at}\tline {at} of {path} with some words" for at in range(1, 12))


_FAILURE = "Exit code 1\n FAIL  tests/cart.test.ts > adds an item\nAssertionError: expected 3 to be 4\n1 failed | 11 passed"

_READS = (
    ("Bash", {"command": "git status --short"}, " M src/cart.ts\n?? notes.txt"),
    ("Read", {"file_path": "/home/user/project/src/cart.ts"}, _file("src/cart.ts")),
    ("Grep", {"pattern": "total", "path": "src"}, "src/cart.ts:12: total\nsrc/order.ts:4: total"),
    ("Glob", {"pattern": "**/*.ts"}, "/home/user/project/src/cart.ts\n/home/user/project/src/order.ts"),
    ("mcp__tracker__get_issue", {"id": 7}, '{"id": 7, "state": "open", "title": "Cart total is wrong"}'),
    (
        "WebFetch",
        {"url": "https://example.org/doc", "prompt": "rules?"},
        "The page lists three rules for totals.",
    ),
)


def same_result(log: Log, v: int) -> None:
    tool, given, result = _READS[v % len(_READS)]
    for _ in range((3, 4, 6, 9, 14)[v % 5]):
        log.call(tool, given, result)


def volatile_result(log: Log, v: int) -> None:
    for lap in range(4 + v):
        at = f"2026-11-23T10:{lap:02d}:{lap * 7 % 60:02d}.{lap}31Z"
        text = (
            f'{{"ok": true, "time": "{at}", "request_id": "req_{lap}a8f{lap}c", "rows": []}}',
            f"Ran 12 checks in {lap}.{lap}3s (pid {4000 + lap})\nAll checks idle, nothing to do",
            f"[{at}] job 0{lap}f3ab{lap}9-11aa-4bbb-8ccc-00112233445{lap % 10}: no entries for this filter",
        )[v % 3]
        log.call(("mcp__queue__list_entries", "Bash", "mcp__audit__search")[v % 3], _given(v), text)


def _given(v: int) -> Payload:
    return {"command": "./check-idle"} if v % 3 == 1 else {"filter": "mine"}


def same_failure(log: Log, v: int) -> None:
    command, error = (
        ("npm test", _FAILURE),
        ("make build", "Exit code 2\nmain.c:14: undefined reference to `total'\nmake: *** [all] Error 1"),
        ("python run.py", "Exit code 1\nTraceback (most recent call last):\nKeyError: 'price'"),
        ("cargo build", "Exit code 101\nerror[E0308]: mismatched types\n --> src/main.rs:4:9"),
    )[v % 4]
    for lap in range((3, 4, 5, 8)[v % 4]):
        log.bash(command, error, failed=True, took=(1, 20, 3)[v % 3])
        if v % 2 and lap % 2:
            log.read("src/cart.ts")


def failing_volatile(log: Log, v: int) -> None:
    for lap in range(5):
        log.bash(
            "npm run e2e",
            f"Exit code 1\nTest run {lap}f0a{lap}b1c9 failed after {lap + 3}.2s\nexpected 200 got 404",
            failed=True,
        )


def near_duplicates(log: Log, v: int) -> None:
    forms = (
        (
            "npm test",
            "npm test 2>&1",
            "npm test 2>&1 | tail -20",
            "npm test  # once more",
            "cd app && npm test | tail -5",
        ),
        (
            "pytest tests/cart",
            "pytest 'tests/cart'",
            "pytest tests/cart 2>&1 | tail -n 30",
            'pytest "tests/cart"',
        ),
        (
            "cat src/a.ts",
            "cat ./src/a.ts",
            "head -200 src/a.ts",
            "cat src/a.ts | head -100",
            "less src/a.ts",
            "sed -n 1,80p src/a.ts",
        ),
        (
            "go vet ./...",
            "go vet ./... 2>&1",
            "go vet ./... || true",
            "go vet ./...; echo done",
            "cd . && go vet ./...",
        ),
    )[v % 4]
    for form in forms:
        log.bash(
            form, "2 problems in cart: total is never read (line 14), item is shadowed", failed=v % 4 == 1
        )


def same_error(log: Log, v: int) -> None:
    for lap in range((3, 4, 6, 5, 4)[v % 5]):
        word = ("price", "total", "cart", "item", "order", "tax")[lap]
        if v % 5 == 0:
            log.call(
                "mcp__api__query", {"query": f"select {word}"}, "401 Unauthorized: token expired", failed=True
            )
        elif v % 5 == 1:
            log.call(
                "WebFetch",
                {"url": f"https://example.org/{word}", "prompt": "read"},
                "Request failed with status code 404",
                failed=True,
            )
        elif v % 5 == 2:
            log.bash(
                f"gh api /repos/x/y/{word}",
                f"Exit code 1\ngh: Not Found (HTTP 404) /repos/x/y/{word}",
                failed=True,
            )
        elif v % 5 == 3:
            log.call(
                "mcp__db__run",
                {"sql": f"select * from {word}"},
                "relation does not exist in this schema",
                failed=True,
            )
            log.read(f"schema/{word}.sql")
        else:
            log.bash(
                f"foo-cli show {word} --json",
                "Exit code 127\n/bin/bash: foo-cli: command not found",
                failed=True,
            )


def unknown_tool(log: Log, v: int) -> None:
    for lap in range(3 + v % 3):
        log.call(
            "mcp__files__open_all",
            {"what": f"set {lap}"},
            "<tool_use_error>No such tool available: mcp__files__open_all</tool_use_error>",
            failed=True,
        )


def failed_edits(log: Log, v: int) -> None:
    for lap in range(3 + v % 3):
        error = "String to replace not found in file.\nString: " + "const total = 0;" * (lap + 1)
        if v % 2:
            error = "Found 3 matches of the string to replace, but replace_all is false."
        log.edit("src/cart.ts", f"const total = 0;{' ' * lap}// {lap}", "const total = 1;", error=error)
        if v % 3 == 0:
            log.read("src/cart.ts")


def interleaved(log: Log, v: int) -> None:
    for lap in range(5 + v % 3):
        log.read("src/cart.ts")
        log.call("Grep", {"pattern": f"word{lap}", "path": "src"}, f"src/x{lap}.ts:{lap}: word{lap}")
        if v % 2:
            log.bash(f"ls src/part{lap}", f"a{lap}.ts\nb{lap}.ts")


def churn(log: Log, v: int) -> None:
    for lap in range(5 + v % 3):
        if v % 3 == 0:
            log.call(
                "mcp__docs__search",
                {"query": f"cart total rule {lap}"},
                "No documents match this question in the index.",
            )
        elif v % 3 == 1:
            log.call(
                "WebFetch",
                {"url": "https://example.org/a", "prompt": f"rule number {lap}?"},
                "The page needs a login before anything is shown.",
            )
        else:
            log.bash(
                f"grep -n{'i' * (lap % 2)} -C {lap} total src/cart.ts",
                "12: const total = items.reduce(sum, 0)",
            )


def duplicates(log: Log, v: int) -> None:
    tool, given, result = _READS[v % 4]
    log.calls([(tool, given, result, False)] * (3 + v % 3))
    log.read("src/other.ts")


def cycle(log: Log, v: int) -> None:
    period = (2, 3, 4, 5, 6, 2)[v % 6]
    for _ in range((3, 4)[v % 2]):
        for place in range(period):
            if place % 3 == 2:
                log.bash(f"git diff part{place}", f"diff of {place}: nothing new to see here")
            elif place % 3 == 1 and v % 2:
                log.bash(
                    f"npm run check{place}", f"Exit code 1\ncheck {place}: rule broken in cart", failed=True
                )
            else:
                log.read(f"src/f{place}.ts")


def flip_flop(log: Log, v: int) -> None:
    pairs = (("limit = 5", "limit = 10"), ("async load()", "load()"), ("import a", "import b"))
    old, new = pairs[v % 3]
    for lap in range(3 + v % 3):
        log.edit("src/conf.ts", *((old, new) if lap % 2 == 0 else (new, old)))
        if v % 2:
            log.bash(
                "npm test",
                _FAILURE if lap % 2 else "Exit code 1\nTypeError: load is not a function in conf",
                failed=True,
            )


def rewrites(log: Log, v: int) -> None:
    for lap in range(4):
        text = "a = 1\n" if v % 2 or lap % 2 else "a = 2\n"
        log.call(
            "Write", {"file_path": "/home/user/project/conf.py", "content": text}, "File written: conf.py"
        )
        log.bash("python conf.py", f"ran {lap} things, now {lap * 3}")


def no_progress(log: Log, v: int) -> None:
    for lap in range(5 + v % 3):
        log.edit("src/cart.ts", f"step {lap}", f"step {lap + 1}")
        if v % 3 == 2:
            log.read(f"src/x{lap}.ts")
        log.bash(
            "npm test" if v % 2 else "pytest -q 2>&1 | tail -5",
            _FAILURE[12:] if not v % 2 else _FAILURE,
            failed=bool(v % 2),
            took=12,
        )


def fast_poll(log: Log, v: int) -> None:
    log.pace = (1, 3, 5, 9)[v % 4]
    for _ in range((8, 10, 12, 9)[v % 4]):
        if v % 2:
            log.call(
                "TaskOutput",
                {"task_id": "b1", "block": False},
                "status: running\nno new output since the start",
            )
        else:
            log.bash("gh run view 77 --json status", '{"status": "in_progress", "jobs": 3}')


def after_compaction(log: Log, v: int) -> None:
    log.agent = ""
    for stretch in range(3 + v % 2):
        for at in range(3):
            log.read(f"docs/plan{at}.md")
        log.bash(f"ls part{stretch}", f"part{stretch} has files {stretch}")
        compaction(log)


def compaction(log: Log) -> None:
    log.put("PreCompact", trigger="auto", custom_instructions="")
    log.wait(20)
    if log.shape != 1:
        log.put("PostCompact", trigger="auto", compact_summary="what was done so far")
    log.put("SessionStart", source="compact")
    log.wait(4)


def compactions(log: Log, v: int) -> None:
    log.agent = ""
    for lap in range(3 + v % 2):
        compaction(log)
        if v % 2:
            log.read(f"big{lap}.txt")


def refused_again(log: Log, v: int) -> None:
    texts = (
        "Permission to use Bash with command rm -rf build has been denied.",
        "The user doesn't want to proceed with this tool use. The tool use was rejected.",
        "PreToolUse:Bash hook error: writing to build is blocked by policy",
    )
    for lap in range(3 + v % 3):
        log.refused("Bash", {"command": "rm -rf build", "description": f"Clean up {lap}"}, texts[v % 3])
        if v % 2:
            log.read(f"src/y{lap}.ts")


def held_stops(log: Log, v: int) -> None:
    log.agent = ""
    log.read("src/cart.ts")
    for lap in range(4 + v % 4):
        text = "Everything is done." if v % 2 else f"Done, as said before ({'really ' * lap})."
        log.stop(text, again=lap > 0)


def delegation(log: Log, v: int) -> None:
    log.agent = ""
    words = (
        "Find out why the login test is red",
        "Please investigate the red login test",
        "Look at the login test and say why it fails",
        "The login test fails, what is the root cause of that?",
    )
    for lap in range(3 + v % 2):
        given = {"description": f"look {lap}", "prompt": words[lap], "subagent_type": "general-purpose"}
        said = "I could not find the cause of the failing login test."
        agent = f"ag{lap}{v}"
        if v % 2:
            log.call(
                "Agent",
                given,
                {
                    "status": "completed",
                    "agentId": agent,
                    "content": [{"type": "text", "text": said}],
                    "totalTokens": 100 + lap,
                    "totalDurationMs": lap,
                },
            )
        else:
            log.call(
                "Agent",
                given,
                {
                    "status": "async_launched",
                    "agentId": agent,
                    "description": "look",
                    "outputFile": f"/tmp/x{lap}",
                },
            )
            log.put("SubagentStart", agent_id=agent, agent_type="general-purpose")
            log.wait(30)
            log.put(
                "SubagentStop",
                agent_id=agent,
                agent_type="general-purpose",
                stop_hook_active=False,
                last_assistant_message=said,
            )
            log.wait(3)


def plan_churn(log: Log, v: int) -> None:
    for lap in range(5 + v % 2):
        items = [
            {"content": f"{word} v{lap}", "status": "pending", "activeForm": f"Doing {word}"}
            for word in ("look", "fix", "test")
        ]
        log.call("TodoWrite", {"todos": items}, "Todos have been modified successfully.")
        if v % 2 and lap % 2:
            log.read("src/cart.ts")


def rounds(log: Log, v: int) -> None:
    log.agent = ""
    for lap in range(5):
        log.prompt("Go on with the task list until all is done and tested.")
        if lap == 0:
            log.edit("src/cart.ts", "a", "b")
        if v % 2:
            log.bash("git status --short", "")
        log.stop(f"All tasks were looked at, nothing is left {'at all ' * lap}for now.")


def messages(log: Log, v: int) -> None:
    log.agent = ""
    for _lap in range(4 + v):
        text = ("I will continue with the work now.", "", "Let me think about it.")[v % 3]
        log.stop(text)
        log.put("UserPromptSubmit", prompt="<system-reminder>Go on, please.</system-reminder>")
        log.wait(1)


def chant(log: Log, v: int) -> None:
    log.agent = ""
    unit = (
        "I need to check the file again. ",
        "Wait, the total is wrong because the tax is added twice, so the total is wrong. ",
        "done ",
        "Let me look at the cart. Then I look at the order. Then at the tax. And then\n\n",
    )[v % 4]
    text = "Here is what I found about the cart.\n\n" + unit * (40 if v % 4 != 2 else 200)
    if v % 2:
        for at in range(0, len(text), 400):
            log.put(
                "MessageDisplay",
                message_id="m1",
                index=at // 400,
                final=at + 400 >= len(text),
                delta=text[at : at + 400],
            )
            log.wait(0.5)
    else:
        log.stop(text)


def effects_repeated(log: Log, v: int) -> None:
    for lap in range(6 + v):
        result = f'{{"ok": true, "message_id": "msg_{lap}f9a{lap}"}}'
        log.call(
            "mcp__chat__send_message",
            {"channel": "dev", "text": "The build is red, looking into it."},
            result,
        )


LOOPS: dict[Callable[[Log, int], None], int] = {
    same_result: 8,
    volatile_result: 3,
    same_failure: 6,
    failing_volatile: 2,
    near_duplicates: 4,
    same_error: 6,
    unknown_tool: 3,
    failed_edits: 4,
    interleaved: 4,
    churn: 4,
    duplicates: 4,
    cycle: 7,
    flip_flop: 4,
    rewrites: 2,
    no_progress: 5,
    fast_poll: 4,
    after_compaction: 3,
    compactions: 4,
    refused_again: 5,
    held_stops: 4,
    delegation: 4,
    plan_churn: 3,
    rounds: 3,
    messages: 3,
    chant: 4,
    effects_repeated: 2,
}


def slow_wait(log: Log, v: int) -> None:
    log.pace = (16, 30, 60, 20)[v % 4]
    for _ in range((8, 12, 6, 15)[v % 4]):
        if v % 4 == 0:
            log.bash("gh run view 77 --json status", '{"status": "in_progress"}')
        elif v % 4 == 1:
            log.call("TaskOutput", {"task_id": "b1", "block": False}, "still running, no output yet")
        elif v % 4 == 2:
            log.bash("cat build.log | tail -1", "compiling module 14 of 200 (long one)")
        else:
            log.bash("test -f done.flag", "Exit code 1", failed=True)


def sleep_and_look(log: Log, v: int) -> None:
    log.pace = 3
    for _ in range(7 + v):
        if v % 2:
            log.bash("sleep 30 && cat state.txt", "state: queued behind two others", took=30)
        else:
            log.bash("sleep 20", "", took=20)
            log.bash("cat state.txt", "state: queued behind two others")


def backing_off(log: Log, v: int) -> None:
    gap = 1.0
    log.pace = 0.1
    texts = (
        "HTTP 429 Too Many Requests",
        "503 Service Unavailable",
        "curl: (7) Failed to connect: Connection refused",
        "request timed out",
    )
    for _ in range(6 + v % 3):
        if v % 2:
            log.call("mcp__api__push", {"what": "all"}, texts[v % 4], failed=True)
        else:
            log.bash("curl -s https://api.example.org/v1/jobs", f"Exit code 22\n{texts[v % 4]}", failed=True)
        log.wait(gap)
        gap *= 2
    log.bash("curl -s https://api.example.org/v1/jobs", '{"jobs": []}')


def server_start(log: Log, v: int) -> None:
    log.pace = (1, 2)[v % 2]
    for _ in range(5 + v):
        log.bash(
            "curl -sf localhost:3000/health",
            "Exit code 7\ncurl: (7) Failed to connect to localhost port 3000: Connection refused",
            failed=True,
        )
    log.bash("curl -sf localhost:3000/health", "ok")


def changing_poll(log: Log, v: int) -> None:
    log.pace = (1, 2, 5)[v % 3]
    for lap in range(12 + v * 3):
        if v % 3 == 0:
            log.call(
                "TaskList",
                {},
                {"tasks": [{"id": str(at), "status": "done" if at < lap else "pending"} for at in range(20)]},
            )
        elif v % 3 == 1:
            log.bash("kubectl get pods", f"shop-1 Running {lap}/20\nshop-2 Pending")
        else:
            log.call("BashOutput", {"bash_id": "b7"}, f"[{lap * 5}%] building part {lap}")


def stream(log: Log, v: int) -> None:
    for lap in range(10 + v * 4):
        text = f"row {lap}: customer {lap * 37 % 101}, amount {lap * 11}"
        if v % 4 == 0:
            log.call("mcp__debugger__read_buffer", {"name": "out"}, text)
        elif v % 4 == 1:
            log.call("mcp__db__fetch_next", {"cursor": "c1"}, text)
        elif v % 4 == 2:
            log.bash("./migrate --one", f"migrated record {lap}")
        else:
            log.read("app.log", f"{lap} lines so far, last: event {lap}")


def stateful(log: Log, v: int) -> None:
    log.pace = (1, 3)[v % 2]
    for _ in range(6 + v * 2):
        if v % 4 == 0:
            log.call("mcp__browser__press_key", {"key": "ArrowDown"}, "ok")
        elif v % 4 == 1:
            log.call("mcp__browser__scroll", {"dy": 400}, "")
        elif v % 4 == 2:
            log.call("mcp__debugger__step", {"thread": 1}, "stepped")
        else:
            log.bash("xdotool key Page_Down", "")


def batch(log: Log, v: int) -> None:
    for lap in range(12 + v * 3):
        path = f"src/part{lap}/file{lap}.ts"
        if v % 6 == 0:
            log.edit(path, "// old head", "// new head")
        elif v % 6 == 1:
            log.bash(f"git mv src/a{lap}.ts lib/a{lap}.ts", "")
        elif v % 6 == 2:
            log.bash(f"npx eslint {path}", "All files pass linting, no problems")
        elif v % 6 == 3:
            log.call("mcp__api__update_record", {"id": lap}, '{"ok": true, "changed": 1, "by": "batch"}')
        elif v % 6 == 4:
            log.bash(f"curl -sI https://example.org/p/{lap}", "HTTP/2 200\ncontent-type: text/html")
        else:
            log.call(
                "Write",
                {"file_path": f"/home/user/project/{path}", "content": "export {}\n"},
                f"File created: {path}",
            )


def pages(log: Log, v: int) -> None:
    for lap in range(10 + v):
        if v % 3 == 0:
            log.read(
                "big.txt",
                f"lines {lap * 100}.. of the big file: {lap * 71 % 97}",
                offset=lap * 100,
                limit=100,
            )
        elif v % 3 == 1:
            log.call(
                "mcp__api__list_items",
                {"page": lap},
                f'{{"page": {lap}, "items": [{lap * 3}, {lap * 3 + 1}]}}',
            )
        else:
            log.bash(f"sed -n {lap * 50},{lap * 50 + 49}p big.txt", f"text block {lap * 13 % 29} of the file")


def exploration(log: Log, v: int) -> None:
    for lap in range(8 + v):
        log.read(f"src/m{lap}.ts")
        if v % 2:
            log.call("Grep", {"pattern": f"thing{lap}"}, "No matches found")
        if v % 3 == 1:
            log.call("Glob", {"pattern": f"**/*.{lap}.md"}, "No files found")
    if v % 4 == 0:
        missing = "File does not exist. Note: your current working directory is /home/user/project."
        names = ("AGENTS.md", "docs/README.md", "CONTRIBUTING.md")
        log.calls([("Read", {"file_path": f"/home/user/project/{name}"}, missing, True) for name in names])


def tdd(log: Log, v: int) -> None:
    for lap in range(6 + v):
        left = 7 + v - lap
        log.edit("src/cart.ts", f"body {lap}", f"body {lap + 1}")
        log.bash(
            "npm test",
            f"Exit code 1\nAssertionError: expected {lap} to be {lap + 1}\n{left} failed | {lap} passed",
            failed=True,
        )
        if v % 2:
            log.read("src/cart.ts", f"file after {lap}")
    log.bash("npm test", "12 passed")


def count_down(log: Log, v: int) -> None:
    for lap in range(6):
        log.bash(
            ("npx eslint --fix src", "npx tsc --noEmit", "ruff check src")[v % 3],
            f"Exit code 1\n{40 - lap * 6} problems ({40 - lap * 6} errors, 0 warnings)",
            failed=True,
        )
        if v % 2:
            log.edit("src/cart.ts", f"err {lap}", f"fixed {lap}")


def test_watch(log: Log, v: int) -> None:
    for lap in range(6 + v):
        log.edit(f"src/p{lap % 2}.ts", f"x{lap}", f"y{lap}")
        if v % 3 == 0:
            log.bash("npm test", "12 passed, 0 failed in 2.1s")
        elif v % 3 == 1:
            log.read("src/index.ts")
            log.bash("npx tsc --noEmit", "")
        else:
            log.bash(
                f"git add -A && git commit -m 'step {lap}'", f"[main {lap}a2b3c4] step {lap}\n 1 file changed"
            )
            log.bash("git status", "On branch main\nnothing to commit, working tree clean")


def asked(log: Log, v: int) -> None:
    prompts = (
        "Run the cart test 8 times, I think it is flaky.",
        "Please repeat the benchmark ten times and tell me the spread.",
        "Watch the queue until it is empty.",
        "Press the next button 9 times.",
        "Check the deployment every 5 seconds until it is live.",
        "Keep checking the inbox, someone will write.",
    )
    log.prompt(prompts[v % 6])
    for _lap in range(8 + v % 3):
        if v % 6 == 3:
            log.call("mcp__browser__click", {"selector": "#next"}, "Clicked the element #next on the page")
        elif v % 6 == 2:
            log.call("mcp__queue__show", {"name": "jobs"}, "4 jobs in the queue, first: resize")
        elif v % 6 == 0:
            log.bash("npx vitest run cart", _FAILURE, failed=True)
        else:
            log.bash(
                "./bench.sh" if v % 6 == 1 else "./state.sh", "result: 14 units, all workers busy", took=3
            )


def parallel(log: Log, v: int) -> None:
    log.agent = ""
    if v % 2:
        given = {
            "description": "review",
            "prompt": "Review the change in src/cart.ts.",
            "subagent_type": "reviewer",
        }
        said = {
            "status": "completed",
            "content": [{"type": "text", "text": "No problems were found in this change."}],
        }
        log.calls(
            [
                ("Agent", {**given, "description": f"review {at}"}, {**said, "agentId": f"r{at}"}, False)
                for at in range(3 + v)
            ],
            took=30,
        )
    else:
        for at in range(3 + v):
            given = {
                "description": "review",
                "prompt": "Review the change in src/cart.ts.",
                "subagent_type": "reviewer",
            }
            log.count += 1
            log.put("PreToolUse", tool_name="Agent", tool_input=given, tool_use_id=f"toolu_p{at}")
        for at in range(3 + v):
            answer = {"status": "async_launched", "agentId": f"r{at}"}
            log.put(
                "PostToolUse",
                tool_name="Agent",
                tool_input=given,
                tool_use_id=f"toolu_p{at}",
                tool_response=answer,
            )
            log.put("SubagentStart", agent_id=f"r{at}", agent_type="reviewer")
        for at in range(3 + v):
            log.wait(5)
            log.put(
                "SubagentStop",
                agent_id=f"r{at}",
                agent_type="reviewer",
                last_assistant_message="No problems were found in this change.",
            )


def delegated_batch(log: Log, v: int) -> None:
    log.agent = ""
    for lap in range(5 + v):
        prompt = f"Migrate the module {('cart', 'order', 'tax', 'user', 'mail', 'stock', 'bill')[lap % 7]} to the new interface."
        given = {"description": f"migrate {lap}", "prompt": prompt, "subagent_type": "worker"}
        log.call(
            "Agent",
            given,
            {
                "status": "completed",
                "agentId": f"w{lap}",
                "content": [{"type": "text", "text": "The module was migrated and its tests pass."}],
            },
            took=40,
        )


def memory(log: Log, v: int) -> None:
    for lap in range(6 + v):
        log.call(
            "mcp__memory__recall", {"topic": "house rules"}, "Two rules are known: small modules, no magic."
        )
        for at in range(2):
            log.read(f"src/w{lap}{at}.ts")
        if v % 2:
            log.edit("src/cart.ts", f"m{lap}", f"n{lap}")
        log.wait((45, 5)[v % 2])


def planning(log: Log, v: int) -> None:
    for lap in range(4):
        log.prompt(f"And what about part {lap}?")
        log.read(f"docs/part{lap}.md")
        items = [
            {"content": f"part {at}", "status": "completed" if at < lap else "pending"} for at in range(4)
        ]
        log.call("TodoWrite", {"todos": items}, "Todos have been modified successfully.")
        log.agent = ""
        log.stop(f"Shall I go on with part {lap}?")
        log.wait(30)


def flag_words(log: Log, v: int) -> None:
    for lap in range(8):
        log.bash(
            f"grep -rn error logs/day{lap}.log",
            f'{{"is_error": false, "line": "Error: none, failed: 0", "day": {lap}}}',
        )


def formal_text(log: Log, v: int) -> None:
    log.agent = ""
    lines = (
        "\n".join(f"- src/components/shop/cart/part{at}.ts: done" for at in range(40)),
        "| name | state |\n|---|---|\n" + "| part of the shop module | done |\n" * 40,
        "```\n" + "x = x + 1  # again and again\n" * 40 + "```",
        "Here it is.\n" + " \n" * 300 + "Done." + "\n" * 200,
        "---\n" * 200,
        "".join(f"Step {at} of the plan was done and checked by test {at * 3}. " for at in range(40)),
    )[v % 6]
    log.stop("A summary of the work:\n\n" + lines)


def after_hint(log: Log, v: int) -> None:
    for _ in range(2):
        log.read("src/cart.ts")
    log.refused(
        "Bash",
        {"command": "npm test"},
        "PreToolUse:Bash hook error: [outrider guard G-1] Bash npm test is held back.",
    )
    log.refused(
        "Bash",
        {"command": "npm test"},
        "PreToolUse:Bash hook error: [outrider guard G-2] Bash npm test is held back.",
    )
    log.refused(
        "Bash",
        {"command": "npm test"},
        "PreToolUse:Bash hook error: [outrider guard G-3] Bash npm test is held back.",
    )
    log.edit("src/cart.ts", "a", "b")
    log.bash("npm test", "12 passed")


def heartbeat(log: Log, v: int) -> None:
    log.agent = ""
    for _lap in range(6):
        log.prompt("Heartbeat: look at the inbox and report.")
        log.call("mcp__mail__list_inbox", {}, "The inbox holds no new mail right now.")
        log.stop("Nothing new.")
        log.wait((300, 900)[v % 2])
        if v % 2:
            log.put("SessionEnd", reason="other")
            log.put("SessionStart", source="resume")


def replay(log: Log, v: int) -> None:
    log.bash("npm test", _FAILURE, failed=True)
    log.read("src/cart.ts")
    events = list(log.events)
    for _ in range(4):
        log.events += events[2:]


def person_between(log: Log, v: int) -> None:
    for lap in range(5):
        log.prompt(
            (
                "Try it once more please.",
                "And now?",
                "Now I changed something.",
                "Again.",
                "What does it say?",
            )[lap]
        )
        log.bash("npm test", _FAILURE, failed=True)
        log.agent = ""
        log.stop("It still fails.")
        log.wait(25)


def lost_answers(log: Log, v: int) -> None:
    """Polls whose answers the log has lost."""
    for lap in range(8):
        log.count += 1
        given = {"command": "gh run watch 7"} if v % 2 else {"command": f"cat part{lap}.txt"}
        log.put("PreToolUse", tool_name="Bash", tool_input=given, tool_use_id=f"toolu_l{lap}")
        log.wait(20 if v % 2 else 4)


def toggled_once(log: Log, v: int) -> None:
    for lap in range(4):
        log.edit("src/a.ts", "good code", f"broken on purpose {lap}")
        log.bash("npm test", f"Exit code 1\n{lap + 1} failed: mutation {lap} was seen", failed=True)
        log.edit("src/a.ts", f"broken on purpose {lap}", "good code")
        log.bash("npm test", "12 passed")


def removals(log: Log, v: int) -> None:
    for lap in range(6):
        log.edit("src/a.ts", f"console.log({lap});", "")


def held_once(log: Log, v: int) -> None:
    log.agent = ""
    for lap in range(3):
        log.stop("Done.")
        log.stop("Done, the tests were run as well.", again=True)
        log.bash(f"npm run part{lap}", f"part {lap} is fine")
        log.prompt(f"Thanks. Next is part {lap}.")


def compacted_work(log: Log, v: int) -> None:
    log.agent = ""
    for lap in range(4):
        log.read("CLAUDE.md")
        log.edit("src/a.ts", f"c{lap}", f"d{lap}")
        log.bash("npm test", f"{lap + 3} passed")
        for at in range(4):
            log.read(f"src/q{lap}{at}.ts")
        compaction(log)


ALIKES: dict[Callable[[Log, int], None], int] = {
    slow_wait: 8,
    sleep_and_look: 4,
    backing_off: 4,
    server_start: 3,
    changing_poll: 4,
    stream: 4,
    stateful: 4,
    batch: 7,
    pages: 4,
    exploration: 6,
    tdd: 5,
    count_down: 4,
    test_watch: 4,
    asked: 8,
    parallel: 4,
    delegated_batch: 2,
    memory: 4,
    planning: 2,
    flag_words: 2,
    formal_text: 6,
    after_hint: 3,
    heartbeat: 2,
    replay: 3,
    person_between: 3,
    lost_answers: 2,
    toggled_once: 2,
    removals: 2,
    held_once: 2,
    compacted_work: 2,
}


def collection() -> Iterator[Trace]:
    """Yield all traces."""
    for is_loop, makers in ((True, LOOPS), (False, ALIKES)):
        for maker, variations in makers.items():
            for v in range(variations):
                log = Log(v + len(maker.__name__), pace=(4.0, 2.5, 6.0)[v % 3])
                maker(log, v)
                yield Trace(f"{maker.__name__}-{v}", maker.__name__, is_loop, log.events)
