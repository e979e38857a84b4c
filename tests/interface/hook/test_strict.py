"""Strict mode: no guard, no tool call. The hook of `outrider-strict` as the host starts it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from outrider.interface.hook import strict
from tests.interface.hook.payloads import SESSION, payload
from tests.interface.hook.program import ROOT, SECONDS, Program, ended

HOOKS = ROOT / "strict" / "hooks" / "hooks.json"
WAY_OUT = "claude plugin disable outrider-strict"
CALL = payload("PreToolUse", "toolu_strict")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a copy of the main plugin's program from which things may be taken away."""
    ignored = shutil.ignore_patterns("__pycache__", "*.yaml", "sample", "cli", "app", "edge")
    shutil.copytree(ROOT / "src", tmp_path / "tree" / "src", ignore=ignored)
    shutil.copytree(ROOT / "bin", tmp_path / "tree" / "bin")
    return tmp_path / "tree"


@pytest.fixture
def program(tmp_path: Path, tree: Path) -> Program:
    """Return the main plugin's hook in a session that has begun."""
    made = Program(tmp_path / "home", tree)
    assert made.run(payload("SessionStart")) == {}
    return made


def asked(
    program: Program, given: object = CALL, changed: Mapping[str, str | None] | None = None
) -> tuple[int, str, str]:
    """Run the hook as its file says; returns its exit code and what it said."""
    [handler] = json.loads(HOOKS.read_text())["hooks"]["PreToolUse"][0]["hooks"]
    root = str(ROOT / "strict")
    words = [word.replace("${CLAUDE_PLUGIN_ROOT}", root) for word in (handler["command"], *handler["args"])]
    environment = {**program.environment, **(changed or {})}
    for state in Path(program.home / "guard").glob("sessions/*.json"):
        # As if the guard had taken in this call just now.
        os.utime(state)
    done = subprocess.run(
        words,
        input=given if isinstance(given, bytes) else json.dumps(given).encode(),
        capture_output=True,
        env={name: value for name, value in environment.items() if value is not None},
        timeout=SECONDS,
        check=False,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def why(program: Program, given: object = CALL, changed: Mapping[str, str | None] | None = None) -> str:
    """Return the one line that says what is broken; it tells how to be rid of strict mode as well."""
    code, output, error = asked(program, given, changed)
    assert (code, output) == (1, "")
    assert error.count("\n") == 1
    assert error.startswith("outrider-strict: no tool runs, as the guard does not work: ")
    assert WAY_OUT in error
    assert "/plugin" in error
    return error.partition("does not work: ")[2].partition(". Mend it")[0]


def kept(home: Path) -> dict[str, tuple[bytes, int]]:
    """Return every file with its content and its number, which another one in its place would not have."""
    return {str(path): (path.read_bytes(), path.stat().st_ino) for path in home.rglob("*") if path.is_file()}


def test_its_hook_fails_closed_and_asks_for_nothing_else() -> None:
    [(event, [matcher])] = json.loads(HOOKS.read_text())["hooks"].items()
    [handler] = matcher["hooks"]
    assert (event, set(matcher)) == ("PreToolUse", {"hooks"})
    assert handler["onFailure"] == "block"


def test_a_guard_that_works_lets_every_call_go_without_a_word_and_nothing_is_written(
    program: Program,
) -> None:
    program.run(payload("UserPromptSubmit"))
    before = kept(program.home)
    for tool in ("Bash", "Read", "mcp__a__b"):
        assert asked(program, {**CALL, "tool_name": tool}) == (0, "", "")
    assert kept(program.home) == before


def test_it_waits_for_the_guard_that_runs_beside_it(program: Program) -> None:
    os.utime(program.state_file(), (1, 1))
    beside = program.start(CALL)
    found = strict.broken(json.dumps(CALL).encode(), program.environment, time.time())
    assert (found, ended(beside)) == ("", b"")


def test_a_guard_that_takes_the_call_in_no_more_is_none(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its plugin may be disabled while the session goes on."""
    monkeypatch.setattr(strict, "WAIT_SECONDS", 0.3)
    os.utime(program.state_file(), (1, 1))
    found = strict.broken(json.dumps(CALL).encode(), program.environment, time.time())
    assert found == "it was told nothing of this call (is the plugin outrider enabled?)"


def test_with_settings_and_rules_it_is_the_same(program: Program) -> None:
    guard = program.home / "guard"
    (guard / "settings.json").write_text('{"mode": "enforce", "workflows": {"mend": "enforce"}}')
    (guard / "vocabulary.json").write_text("{}")
    program.run(payload("PreToolUse", "toolu_0"))
    assert asked(program) == (0, "", "")


def test_before_the_guard_has_ever_run_no_call_runs(tmp_path: Path) -> None:
    assert "the plugin outrider has not run yet" in why(Program(tmp_path / "home"))


def test_a_session_that_the_guard_was_not_told_of_has_no_guard(program: Program) -> None:
    other = {**CALL, "session_id": SESSION[:-1] + "f"}
    assert "it was told nothing of this session" in why(program, other)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("src/outrider/interface/hook/entry.py", "its program is gone"),
        ("bin/outrider-hook", "its hook is gone"),
        ("src/outrider/judge/guard/guard.py", "its program ends with an error"),
        ("src/outrider/interface/hook/strict.py", "its program ends with an error"),
    ],
)
def test_a_part_that_is_gone_is_told(program: Program, tree: Path, name: str, said: str) -> None:
    (tree / name).unlink()
    for cache in tree.rglob("__pycache__"):
        shutil.rmtree(cache)
    assert said in why(program)


@pytest.mark.parametrize("name", ["interface/hook/files.py", "judge/guard/guard.py", "judge/guard/trust.py"])
@pytest.mark.parametrize(
    "text", ["def (", "raise SystemExit(0)", "import posix; posix.kill(posix.getpid(), 9)"]
)
def test_a_module_that_is_broken_is_told(program: Program, tree: Path, name: str, text: str) -> None:
    (tree / "src" / "outrider" / name).write_text(text)
    assert why(program) == "its program ends with an error"


def test_a_fault_at_this_very_call_is_told(program: Program, tree: Path) -> None:
    with (tree / "src" / "outrider" / "judge" / "guard" / "guard.py").open("a") as module:
        module.write("\n\nclass Guard(Guard):\n    def observe(self, seen, now):\n        raise KeyError\n")
    assert why(program) == "it fails with KeyError at this call"


def test_an_interpreter_that_is_gone_is_told(program: Program, tmp_path: Path) -> None:
    gone = str(tmp_path / "python3")
    assert why(program, changed={"OUTRIDER_PYTHON": gone}) == "its Python interpreter is gone"
    assert "OUTRIDER_PYTHON" in why(program, changed={"OUTRIDER_PYTHON": "python3"})
    assert asked(program, changed={"OUTRIDER_PYTHON": None}) == (0, "", "")
    noted = program.home / "guard" / "program"
    noted.write_text(noted.read_text().splitlines()[0] + f"\n{gone}\n")
    assert why(program, changed={"OUTRIDER_PYTHON": None}) == "its Python interpreter is gone"


@pytest.mark.parametrize(
    "text",
    ["", "\n", "/bin/sh\n", "$(touch /tmp/x)\n", "../src/outrider/interface/hook/entry.py\n", "\0" * 9],
)
def test_what_names_no_program_of_ours_is_not_run(program: Program, text: str) -> None:
    (program.home / "guard" / "program").write_text(text)
    assert "has not run yet" in why(program)


def test_damaged_settings_count_unless_the_last_good_ones_are_there(program: Program) -> None:
    guard = program.home / "guard"
    (guard / "settings.json").write_text("{")
    assert why(program) == "its settings are damaged (outrider guard status)"
    (guard / "settings.good.json").write_text("{}")
    before = kept(program.home)
    assert asked(program) == (0, "", "")
    assert kept(program.home) == before


def test_three_faults_in_a_row_are_no_guard(program: Program) -> None:
    program.state_file().with_suffix(".errors").write_bytes(b"\n\n\n")
    assert "three faults in a row" in why(program)


def test_a_damaged_state_is_no_fault_since_the_guard_begins_anew(program: Program) -> None:
    program.state_file().write_text("{")
    assert asked(program) == (0, "", "")


@pytest.mark.parametrize("given", [b"", b"{", b"[]", b'{"session_id": 5}', b"[" * 100_000, b"\xff"])
def test_a_call_that_cannot_be_read_does_not_run(program: Program, given: bytes) -> None:
    assert why(program, given) == "it cannot read what the client tells of this call"


@pytest.mark.skipif(os.geteuid() == 0, reason="permissions do not hold root back")
def test_a_folder_that_cannot_be_written_is_told(program: Program) -> None:
    (program.home / "guard" / "sessions").chmod(0o500)
    assert why(program) == "its folder cannot be written"


@pytest.mark.parametrize(
    "changed",
    [
        {"OUTRIDER_HOME": None, "XDG_DATA_HOME": None},
        {"OUTRIDER_HOME": None, "XDG_DATA_HOME": "relative"},
        {"OUTRIDER_HOME": None, "XDG_DATA_HOME": "{}/data files"},
        {"OUTRIDER_HOME": "~/own"},
        {"OUTRIDER_HOME": "{}/with blank"},
    ],
)
def test_both_plugins_mean_the_same_folder(
    tmp_path: Path, tree: Path, changed: dict[str, str | None]
) -> None:
    changed = {name: value and value.replace("{}", str(tmp_path)) for name, value in changed.items()}
    program = Program(tmp_path / "unused", tree)
    wanted = {**program.environment, **changed, "HOME": str(tmp_path)}
    program.environment = {name: value for name, value in wanted.items() if value is not None}
    assert "has not run yet" in why(program)
    program.run(payload("SessionStart"))
    assert asked(program) == (0, "", "")


def test_no_folder_is_a_fault(program: Program) -> None:
    assert "HOME is not set" in why(program, changed={"HOME": None, "OUTRIDER_HOME": None})


def test_the_entry_takes_no_other_word_for_strict(program: Program, tree: Path) -> None:
    """Only strict mode asks the entry for a failure; the host of the guard is told of none."""
    entry = tree / "src" / "outrider" / "interface" / "hook" / "entry.py"
    (tree / "src" / "outrider" / "interface" / "hook" / "program.py").write_text("raise ValueError")
    for words in ([], ["12"], ["strict"], ["--stric"], ["0"], ["--strict "]):
        done = subprocess.run(
            [sys.executable, "-I", "-S", str(entry), *words],
            input=json.dumps(CALL).encode(),
            env=program.environment,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0
