"""A disk, a home, an interpreter or a program that is not as it should be: exit 0, nothing said, nothing broken."""

from __future__ import annotations

import json
import os
import resource
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.interface.hook.payloads import EVENTS, payload
from tests.interface.hook.program import ROOT, Program

STEPS = 8


@pytest.fixture
def program(tmp_path: Path) -> Program:
    made = Program(tmp_path / "home")
    made.run(payload("SessionStart"))
    return made


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a copy of the program from which things may be taken away."""
    ignored = shutil.ignore_patterns("__pycache__", "*.yaml", "sample", "cli", "app", "edge")
    shutil.copytree(ROOT / "src", tmp_path / "tree" / "src", ignore=ignored)
    shutil.copytree(ROOT / "bin", tmp_path / "tree" / "bin")
    return tmp_path / "tree"


@pytest.mark.parametrize("size", [0, 1, 100, 500])
def test_a_limit_on_the_size_of_files_leaves_the_old_state(program: Program, size: int) -> None:
    """The system cuts a write short at the limit, as it does where a disk is full."""
    before = program.state_file().read_bytes()

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    for at in range(3):
        assert program.run(payload("PostToolUse", f"toolu_{at}"), preexec_fn=limit) == {}
    assert program.state_file().read_bytes() == before


def test_lines_written_after_a_disk_was_full_are_whole_again(program: Program) -> None:
    """What a full disk has cut costs its own line, and not the next one."""
    spool = next((program.home / "spool").iterdir())
    size = spool.stat().st_size + 40

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    program.run(payload("PostToolUse", "toolu_cut"), preexec_fn=limit)
    program.run(payload("PostToolUse", "toolu_after"))
    last = json.loads(spool.read_bytes().splitlines()[-1])
    assert last["payload"]["tool_use_id"] == "toolu_after"


@pytest.mark.skipif(shutil.which("mount") is None, reason="no mount command")
def test_a_full_volume_leaves_the_old_state_and_heals_when_there_is_room(volume: Path) -> None:
    program = Program(volume / "home")
    program.run(payload("SessionStart"))
    before = program.state_file().read_bytes()
    ballast = volume / "ballast"
    with ballast.open("wb", buffering=0) as filled:
        while True:
            try:
                filled.write(bytes(512))
            except OSError:
                break
    for event in EVENTS[1:]:
        assert program.run(payload(event)) == {}
    assert program.state_file().read_bytes() == before
    ballast.unlink()
    assert program.run(payload("PostToolUse", "toolu_after")) == {}
    assert program.state_file().read_bytes() != before
    last = next((volume / "home" / "spool").iterdir()).read_bytes().splitlines()[-1]
    assert json.loads(last)["payload"]["tool_use_id"] == "toolu_after"


@pytest.mark.skipif(shutil.which("mount") is None, reason="no mount command")
def test_a_volume_that_became_read_only_is_left_alone(volume: Path) -> None:
    program = Program(volume / "home")
    program.run(payload("SessionStart"))
    before = {path: path.read_bytes() for path in volume.rglob("*") if path.is_file()}
    remount = ["mount", "-o", "remount,ro", str(volume)]
    if subprocess.run(remount, capture_output=True, check=False).returncode:
        pytest.skip("a volume cannot be made read-only here")
    for event in EVENTS:
        assert program.run(payload(event)) == {}
    assert {path: path.read_bytes() for path in volume.rglob("*") if path.is_file()} == before


@pytest.mark.skipif(os.geteuid() == 0, reason="permissions do not hold root back")
@pytest.mark.parametrize("name", [".", "guard", "guard/sessions", "spool"])
def test_a_folder_that_may_not_be_written_is_left_alone(program: Program, name: str) -> None:
    before = program.state_file().read_bytes()
    folder = program.home / name
    folder.chmod(0o500)
    try:
        for event in EVENTS:
            assert program.run(payload(event)) == {}
        if name == "guard/sessions":
            assert program.state_file().read_bytes() == before
            assert set(program.marks()) == {"PermissionError"}
    finally:
        folder.chmod(0o700)


def test_a_home_that_is_a_file_is_left_alone(tmp_path: Path) -> None:
    program = Program(tmp_path / "home")
    program.home.write_text("mine")
    for event in EVENTS:
        assert program.run(payload(event)) == {}
    assert program.home.read_text() == "mine"


@pytest.mark.parametrize("home", ["/proc/none/home", "/dev/null/home", "relative/home", "/" + "long" * 2_000])
def test_a_home_that_cannot_be_made_is_passed_over(tmp_path: Path, home: str) -> None:
    program = Program(tmp_path / "home")
    program.environment["OUTRIDER_HOME"] = home
    here = tmp_path / "project"
    here.mkdir()
    assert program.run(payload("PreToolUse"), cwd=here) == {}
    assert list(here.iterdir()) == []


def test_nothing_is_written_into_the_project_where_no_home_is_known(tmp_path: Path) -> None:
    program = Program(tmp_path / "home")
    here = tmp_path / "project"
    here.mkdir()
    bare = {"PATH": program.environment["PATH"], "OUTRIDER_PYTHON": sys.executable}
    for known in ({}, {"HOME": ""}, {"HOME": "here"}, {"HOME": str(here / "h"), "XDG_DATA_HOME": "data"}):
        assert program.run(payload("PreToolUse"), {**bare, **known}, cwd=here) == {}
        assert not (here / "data").exists()
        assert not (here / "here").exists()


def test_a_home_whose_name_is_no_text_is_used_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "homes"
    program = Program(folder)
    program.environment["OUTRIDER_HOME"] = os.fsdecode(os.fsencode(folder) + b"/h\xff\xe9")
    assert program.run(payload("PreToolUse")) == {}
    assert [os.fsencode(each.name) for each in folder.iterdir()] == [b"h\xff\xe9"]


def test_a_home_that_is_not_there_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    program = Program(tmp_path / "deep" / "er" / "home")
    before = os.umask(0)
    try:
        program.run(payload("PreToolUse"))
    finally:
        os.umask(before)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "deep").rglob("*")}
    assert modes == {0o700, 0o600}
    assert program.marks() == []


@pytest.mark.parametrize(
    "gone",
    [
        *("src", "src/outrider/__init__.py", "src/outrider/interface/hook/entry.py"),
        *("src/outrider/interface/hook/session.py", "src/outrider/judge/guard", "src/outrider/kernel"),
    ],
)
@pytest.mark.parametrize("warm", [False, True])
def test_a_program_of_which_a_part_is_gone_says_nothing(tree: Path, gone: str, warm: bool) -> None:
    """Python alone would end with 2 here, which the host takes for a refusal."""
    program = Program(tree / "home", tree)
    if warm:
        program.run(payload("SessionStart"))
    path = tree / gone
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
    assert program.run(payload("PreToolUse")) == {}


@pytest.mark.parametrize(
    "content", ["", "raise SystemExit(2)", "import sys; sys.exit('x')", "def (", "\0" * 99]
)
def test_a_damaged_module_says_nothing(tree: Path, content: str) -> None:
    (tree / "src/outrider/interface/hook/session.py").write_text(content)
    assert Program(tree / "home", tree).run(payload("PreToolUse")) == {}


@pytest.mark.parametrize("content", ["raise SystemExit(2)", "def (", "import os; os.kill(os.getpid(), 9)"])
def test_a_damaged_entry_says_nothing(tree: Path, content: str) -> None:
    (tree / "src/outrider/interface/hook/entry.py").write_text(content)
    assert Program(tree / "home", tree).run(payload("PreToolUse")) == {}


def _without_python(program: Program, folder: Path) -> dict[str, str]:
    """Return the environment of a machine with a shell, and no Python anywhere."""
    folder.mkdir()
    for name in ("sh", "mv", "cat"):
        (folder / name).symlink_to(str(shutil.which(name)))
    kept = {name: value for name, value in program.environment.items() if name != "OUTRIDER_PYTHON"}
    return {**kept, "PATH": str(folder)}


def test_a_machine_without_python_goes_on_working(program: Program, tmp_path: Path) -> None:
    bare = _without_python(program, tmp_path / "bin")
    data = tmp_path / "plugin"
    data.mkdir()
    for event in EVENTS:
        assert program.run(payload(event), bare) == {}
        assert program.run(payload(event), {**bare, "CLAUDE_PLUGIN_DATA": str(data)}) == {}
    assert program.run(payload("PreToolUse"), {**bare, "PATH": ""}) == {}


@pytest.mark.parametrize(
    "old", ["exit 2", "exit 127", "echo nonsense", "echo /dev/null", "kill -9 $$", "echo /"]
)
def test_a_python_that_is_none_says_nothing(program: Program, tmp_path: Path, old: str) -> None:
    bare = _without_python(program, tmp_path / "bin")
    fake = tmp_path / "bin" / "python3"
    fake.write_text(f"#!{shutil.which('sh')}\n{old}\n")
    fake.chmod(0o755)
    assert program.run(payload("PreToolUse"), bare) == {}


def test_an_interpreter_that_ends_as_it_should_not_is_never_taken_for_an_answer(
    program: Program, tmp_path: Path
) -> None:
    fake = tmp_path / "python"
    for end in ("exit 2", "exit 1", "kill -9 $$", "kill -15 $$", "kill -11 $$"):
        fake.write_text(f"#!{shutil.which('sh')}\n{end}\n")
        fake.chmod(0o755)
        given = {**program.environment, "OUTRIDER_PYTHON": str(fake)}
        assert program.run(payload("PreToolUse"), given) == {}


@pytest.mark.parametrize(
    "kept", ["", "\n", "/nowhere/python\n", "/\n", "no\0t text\xff", "/bin/false\n", "a\nb"]
)
def test_a_remembered_interpreter_that_is_of_no_use_is_looked_for_anew(
    program: Program, tmp_path: Path, kept: str
) -> None:
    data = tmp_path / "plugin"
    data.mkdir()
    (data / "interpreter").write_text(kept)
    given = {name: value for name, value in program.environment.items() if name != "OUTRIDER_PYTHON"}
    given |= {
        "CLAUDE_PLUGIN_DATA": str(data),
        "PATH": f"{Path(sys.executable).resolve().parent}:{given['PATH']}",
    }
    for at in range(2):
        assert program.run(payload("PostToolUse", f"toolu_{at}"), given) == {}
    assert program.spooled()[-1]["payload"]["tool_use_id"] == "toolu_1"


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_fault_of_the_session(program: Program, tmp_path: Path, closed: str) -> None:
    given = tmp_path / "given"
    given.write_text('{"hook_event_name": "PreToolUse", "session_id": "s"}')
    source = "" if "<&-" in closed else f"<{given}"
    ended = subprocess.run(
        ["sh", "-c", f'"{program.launcher}" {source} {closed}; exit $?'],
        env=program.environment,
        capture_output=True,
        timeout=20,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (0, b"")


def test_a_host_that_does_not_read_the_answer_does_no_harm(program: Program) -> None:
    (program.home / "guard" / "tripped").write_text("by hand\n")
    started = program.start(payload("PreToolUse"))
    assert started.stdout is not None
    started.stdout.close()
    assert started.wait(timeout=20) == 0
    assert "deny" in str(program.run(payload("PreToolUse")))


def test_a_folder_that_is_gone_from_under_the_host_does_no_harm(program: Program, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    script = f'cd "{gone}" && rmdir "{gone}" && exec "{program.launcher}"'
    ended = subprocess.run(
        ["sh", "-c", script],
        input=b'{"hook_event_name": "Stop", "session_id": "s"}',
        env=program.environment,
        capture_output=True,
        timeout=20,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (0, b"")
    assert program.marks() == []
