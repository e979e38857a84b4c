"""The status line as the client starts it: real hook runs, then a process of its own."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as some

from outrider.app.rule_cache import write_rules, write_words
from outrider.app.vocabulary import Vocabularies
from outrider.interface.statusline.program import line_of
from outrider.plan.workflow.file import read_workflow
from tests.interface.hook.driver import SESSION, Failure, Hooks
from tests.interface.hook.test_imports import BUILT_IN, NEVER

ROOT = Path(__file__).parents[3]
ENTRY = ROOT / "src" / "outrider" / "interface" / "statusline" / "entry.py"
PRINTABLE = re.compile(r"[ -~·…]{0,600}\Z")

WORKFLOW = """
skill: practicing-tdd
steps:
  red: {evidence: [test.fail]}
  green: {evidence: [test.pass]}
limits: {time: 45m}
rules:
  - after test.fail require review
"""
FAILED = Failure("Exit code 1\n1 failed in 0.1s")
PASSED = {"stdout": "1 passed in 0.1s", "stderr": "", "interrupted": False}

LOADED = """
import sys
start = set(sys.modules)
import posix
really = posix._exit
def end(code):
    posix.write(2, "\\n".join(sorted(set(sys.modules) - start)).encode())
    really(code)
posix._exit = end
path = sys.argv.pop(1)
opened = posix.open(path, posix.O_RDONLY)
source = posix.read(opened, 1 << 20)
exec(compile(source, path, "exec"), {"__name__": "__main__", "__file__": path})
"""


@pytest.fixture
def hooks(tmp_path: Path) -> Hooks:
    return Hooks(tmp_path / "home", tmp_path)


@pytest.fixture
def ruled(hooks: Hooks) -> Hooks:
    workflow, mistakes = read_workflow(WORKFLOW, Vocabularies().of_project("").vocabulary.words)
    assert workflow is not None
    assert not mistakes
    write_words(hooks.home)
    write_rules(hooks.home, "practicing-tdd", workflow)
    return hooks


def told(hooks: Hooks, **more: object) -> dict[str, object]:
    """Return what a client tells its status line."""
    folder = str(hooks.project)
    return {
        "hook_event_name": "Status",
        "session_id": SESSION,
        "cwd": folder,
        "workspace": {"current_dir": folder, "project_dir": folder},
        "model": {"id": "m", "display_name": "M"},
        "cost": {"total_cost_usd": 1.2, "total_duration_ms": 1},
        "context_window": {"used_percentage": 8},
        **more,
    }


def printed(hooks: Hooks, value: object, *arguments: str) -> str:
    """Return what the program prints; it always ends with 0."""
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(ENTRY), *arguments],
        input=raw,
        capture_output=True,
        env={"OUTRIDER_HOME": str(hooks.home)},
        check=True,
        timeout=20,
    )
    assert done.stderr == b""
    return done.stdout.decode()


def line(hooks: Hooks, value: object, now: float = 0.0) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    environment = {"OUTRIDER_HOME": str(hooks.home)}
    return line_of(raw, environment, now or hooks.now, color=False).decode()


def test_a_session_under_rules_is_told_step_by_step(ruled: Hooks) -> None:
    asked = told(ruled)
    assert printed(ruled, asked) == "$1.20\n"
    ruled.tell("UserPromptSubmit", prompt="add it")
    assert line(ruled, told(ruled, cost={})) == "outrider: advise"
    ruled.tell("UserPromptExpansion", command_name="practicing-tdd", expansion_type="slash_command")
    ruled.call("Bash", {"command": "pytest"}, FAILED)
    begun = "practicing-tdd · red 1/2 · 3s of 45m"
    assert line(ruled, asked) == f"{begun} · $1.20 · owes: review"
    assert line(ruled, asked, ruled.now + 717).startswith("practicing-tdd · red 1/2 · 12m of 45m")
    ruled.settings({"limits": {"session": {"cost": 5}}, "rules": {"practicing-tdd": "off"}})
    ruled.call("Bash", {"command": "pytest"}, PASSED)
    assert "practicing-tdd · green 2/2 · " in printed(ruled, asked)
    assert "of $5" in line(ruled, asked)


def test_a_loop_is_told(hooks: Hooks) -> None:
    hooks.settings({"mode": "enforce"})
    for _ in range(12):
        hooks.call("Bash", {"command": "npm test"}, Failure("Exit code 1\nno such script"))
    assert re.fullmatch(r"\$1\.20 · held: Bash.*\n", printed(hooks, told(hooks)))
    assert "\x1b[31mheld: Bash" in printed(hooks, told(hooks), "--color")


def test_a_kill_switch_is_told(hooks: Hooks) -> None:
    hooks.call("Read", {"file_path": "a"})
    (hooks.home / "guard" / "tripped").write_text("enough \x1b[31m\nand more")
    assert line(hooks, told(hooks)) == "tripped: enough 31m · $1.20"


def test_a_project_that_raises_the_mode_is_told_apart(hooks: Hooks) -> None:
    hooks.settings({"mode": "observe", "projects_may": "enforce"})
    hooks.call("Read", {"file_path": "a"})
    (hooks.project / ".outrider").mkdir()
    (hooks.project / ".outrider" / "guard.json").write_text('{"mode": "enforce"}')
    assert line(hooks, told(hooks, cost={})) == "outrider: enforce"
    assert line(hooks, told(hooks, cost={}, workspace={}, cwd="/nowhere")) == "outrider: observe"


def test_it_writes_nothing_of_its_own(ruled: Hooks) -> None:
    ruled.settings({"mode": "advise"})
    ruled.call("Skill", {"skill": "practicing-tdd"}, {"success": True})
    (ruled.home / "guard" / "settings.json").write_text("{ damaged")
    before = {path: path.stat().st_mtime_ns for path in ruled.home.rglob("*")}
    assert printed(ruled, told(ruled)).startswith("practicing-tdd")
    assert {path: path.stat().st_mtime_ns for path in ruled.home.rglob("*")} == before


def test_it_loads_next_to_nothing(ruled: Hooks) -> None:
    ruled.call("Skill", {"skill": "practicing-tdd"}, {"success": True})
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", LOADED, str(ENTRY)],
        input=json.dumps(told(ruled)).encode(),
        capture_output=True,
        env={"OUTRIDER_HOME": str(ruled.home)},
        check=True,
        timeout=20,
    )
    assert done.stdout.startswith(b"practicing-tdd")
    found = set(done.stderr.decode().split())
    assert found & NEVER == set()
    assert {name for name in found if not name.startswith("outrider")} <= BUILT_IN


@pytest.mark.parametrize(
    "more",
    [
        {"session_id": "../../../../etc/passwd"},
        {"session_id": "\x1b]0;title\x07"},
        {"session_id": "x" * 100_000},
        {"session_id": 7, "cost": "much"},
        {"session_id": "\ud800"},
        {"cwd": "/dev/zero", "workspace": {"project_dir": "/proc/self/mem\x00"}},
        {"cwd": ["/"], "workspace": {"project_dir": "../.."}},
        {"cost": {"total_cost_usd": 1e308}},
        {"cost": {"total_cost_usd": -1}},
        {"cost": {"total_cost_usd": True}},
    ],
    ids=lambda more: str(more)[:30],
)
def test_what_a_hostile_client_tells_is_never_printed(hooks: Hooks, more: dict[str, object]) -> None:
    hooks.call("Read", {"file_path": "a"})
    assert printed(hooks, told(hooks, **more)) in (
        "\n",
        "$1.20\n",
        "outrider: advise\n",
        "outrider: advise · $1.20\n",
    )


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b" " * (3 << 20)])
def test_what_is_no_object_gives_an_empty_line(hooks: Hooks, raw: bytes) -> None:
    assert printed(hooks, raw) == "\n"


def test_a_closed_standard_input_or_output_is_no_failure(hooks: Hooks) -> None:
    for closed in ("<&-", ">&-"):
        command = f'"{sys.executable}" -I -S "{ENTRY}" {closed}'
        done = subprocess.run(
            ["/bin/sh", "-c", command], capture_output=True, stdin=subprocess.DEVNULL, check=True
        )
        assert done.stdout in (b"", b"\n")
        assert done.stderr == b""


def test_without_a_home_the_line_is_what_the_client_tells(hooks: Hooks) -> None:
    assert line_of(json.dumps(told(hooks)).encode(), {}, 0.0, color=False) == b"$1.20"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=some.binary(max_size=300))
@example(raw=b'{"session_id": 1e999}')
def test_any_bytes_from_the_client_give_one_printable_line(hooks: Hooks, raw: bytes) -> None:
    assert PRINTABLE.match(line(hooks, raw, 1.0))


PLAIN = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats(allow_nan=False) | some.text(max_size=8),
    lambda inner: some.lists(inner, max_size=6) | some.dictionaries(some.text(max_size=8), inner, max_size=6),
    max_leaves=12,
)
PATHS = [
    (),
    ("watch",),
    *(("watch", name) for name in ("guard", "rules", "skills", "held")),
    *(
        ("watch", "guard", name)
        for name in ("threads", "families", "budgets", "stopped", "running", "version")
    ),
    ("watch", "guard", "budgets", "session"),
    ("watch", "guard", "budgets", "run:practicing-tdd"),
    ("watch", "guard", "threads", ""),
    *(("watch", "rules", name) for name in ("runs", "owed", "tasks")),
    *(("watch", "rules", "runs", 0, at) for at in range(6)),
    ("watch", "rules", "owed", 0),
    ("watch", "skills", ""),
]


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=some.sampled_from(PATHS), value=PLAIN, cut=some.integers(0, 200))
def test_any_damage_to_the_state_gives_one_printable_line(
    ruled: Hooks, path: tuple[str | int, ...], value: object, cut: int
) -> None:
    state = ruled.home / "guard" / "sessions" / f"{SESSION}.json"
    kept = state.with_suffix(".kept")
    if not kept.exists():
        ruled.settings({"limits": {"session": {"calls": 9, "seconds": 60}}, "mode": "enforce"})
        ruled.call("Skill", {"skill": "practicing-tdd"}, {"success": True})
        for _ in range(8):
            ruled.call("Bash", {"command": "pytest"}, FAILED)
        kept.write_bytes(state.read_bytes())
    damaged = json.loads(kept.read_text())
    inside = damaged
    for name in path[:-1]:
        inside = inside[name]
    if path:
        inside[path[-1]] = value
    text = json.dumps(damaged if path else value)
    state.write_text(text[: len(text) - cut] if cut > 150 else text)
    said = line(ruled, told(ruled), 2e9)
    assert PRINTABLE.match(said)
    assert said, "the damage ended the line"


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=some.text(max_size=120), reason=some.text(max_size=60))
def test_no_name_brings_anything_but_itself(hooks: Hooks, name: str, reason: str) -> None:
    hooks.tell("UserPromptExpansion", command_name=name, expansion_type="slash_command", prompt="/x")
    (hooks.home / "guard" / "tripped").write_text(reason, errors="replace")
    assert PRINTABLE.match(line(hooks, told(hooks)))
    (hooks.home / "guard" / "tripped").unlink()
