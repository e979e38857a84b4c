"""What the host and a person start works from any folder, and says what is missing."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

import outrider
from outrider.app.environment.places import place_of
from tests.interface.setup.launchers import Installed


@pytest.fixture
def installed(tmp_path: Path) -> Installed:
    return Installed(tmp_path)


def test_the_version_is_told_without_an_environment(installed: Installed) -> None:
    done = installed.run("outrider", "--version")
    assert (done.returncode, done.stdout) == (0, f"outrider, version {outrider.__version__}\n")
    assert installed.environments() == []


def test_set_up_says_where_it_makes_what_and_compiles_for_the_hooks(installed: Installed) -> None:
    assert installed.run("outrider", "setup", "--check").returncode == 1
    done = installed.run("outrider", "setup")
    assert (done.returncode, done.stderr) == (0, "")
    assert str(installed.data / "environment") in done.stdout
    assert (installed.folder / "own" / "guard" / "vocabulary.json").exists()
    assert installed.run("outrider", "setup", "--check").returncode == 0


def test_the_command_line_has_the_same_command(installed: Installed) -> None:
    installed.run("outrider", "setup")
    python = installed.environments()[0] / "bin" / "python"
    code = "import sys; sys.path.insert(0, sys.argv.pop(1)); from outrider.interface.cli.main import main; main()"
    done = installed.run(str(python), "-I", "-c", code, str(installed.root / "src"), "setup", "--check")
    assert done.stdout == installed.run("outrider", "setup", "--check").stdout


def test_a_command_makes_the_environment_first_and_says_so_apart_from_its_answer(
    installed: Installed,
) -> None:
    done = installed.run("outrider", "sessions", "--json")
    assert done.returncode == 0
    assert done.stdout.startswith("{")
    assert "making the environment" in done.stderr
    assert "making" not in installed.run("outrider", "sessions", "--json").stderr


def test_a_command_that_cannot_have_one_ends_with_3_and_two_lines(installed: Installed) -> None:
    failing = {"PRETEND": "echo 'error: no route'; exit 1"}
    assert "No matching" in installed.run("outrider", "sessions", **failing).stderr
    done = installed.run("outrider", "sessions", **failing)
    assert done.returncode == 3
    assert len(done.stderr.splitlines()) == 2
    assert "a moment ago: ERROR: No matching" in done.stderr
    assert installed.run("outrider", "setup").returncode == 0


def test_switched_off_it_is_made_only_by_name(installed: Installed) -> None:
    off = {"OUTRIDER_SETUP": "off"}
    assert installed.run("outrider", "sessions", **off).returncode == 3
    assert installed.run("outrider-mcp", **off).returncode == 1
    assert installed.environments() == []
    assert installed.run("outrider", "setup", **off).returncode == 0


def test_a_server_that_cannot_have_one_ends_with_one_line(installed: Installed) -> None:
    done = installed.run("outrider-mcp", PRETEND="echo 'error: no route'; exit 1")
    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "ERROR: No matching" in done.stderr


def test_a_server_finds_the_environment_made_meanwhile(installed: Installed) -> None:
    server = installed.root / "src" / "outrider" / "interface" / "mcp"
    server.mkdir(exist_ok=True)
    (server / "__init__.py").touch()
    (server / "entry.py").write_text("def main():\n    print('served')\n")
    assert installed.run("outrider-mcp", PRETEND="sleep 1").stdout == "served\n"
    assert installed.run("outrider-mcp", PRETEND="exit 1").stdout == "served\n"


@pytest.mark.parametrize("given", [("--no",), ("--check", "x"), ("--wait", "-1"), ("--wait",)])
def test_other_options_are_usage(installed: Installed, given: tuple[str, ...]) -> None:
    assert installed.run("outrider", "setup", *given).returncode == 2


def test_without_an_interpreter_it_says_which_one_it_needs(installed: Installed) -> None:
    tools = installed.folder / "bare"
    tools.mkdir()
    for name in ("dirname", "readlink", "cmp", "cat"):
        (tools / name).symlink_to(f"/usr/bin/{name}")
    done = installed.run(
        str(installed.root / "bin" / "outrider"), "setup", PATH=str(tools), OUTRIDER_PYTHON=""
    )
    assert done.returncode == 3
    assert "error[no-interpreter]" in done.stderr


def test_a_link_to_the_program_finds_its_folder(installed: Installed) -> None:
    link = installed.folder / "linked"
    link.symlink_to(installed.root / "bin" / "outrider")
    assert installed.run(str(link), "--version").returncode == 0


@pytest.mark.parametrize(
    "case", ["installed", "variable", "foreign", "relative", "checkout", "in place", "listed"]
)
def test_shell_and_python_find_the_same_data_folder(installed: Installed, case: str) -> None:
    root = installed.root
    given = {"CLAUDE_CONFIG_DIR": str(installed.folder / "c d")}
    if case in ("variable", "foreign"):
        given |= {"CLAUDE_PLUGIN_DATA": "/data of/mine", "CLAUDE_PLUGIN_ROOT": str(root)}
    if case == "foreign":
        given["CLAUDE_PLUGIN_ROOT"] = str(installed.folder)
    if case == "relative":
        given["CLAUDE_PLUGIN_DATA"] = "data"
    if case in ("checkout", "in place", "listed"):
        root = installed.folder / "check out"
        installed.root.rename(root)
    if case == "in place":
        (installed.folder / "c d" / "plugins" / "data" / "outrider-outrider").mkdir(parents=True)
    if case == "listed":
        listed = installed.folder / "c d" / "plugins" / "installed_plugins.json"
        listed.parent.mkdir(parents=True)
        listed.write_text('{"version": 2, "plugins": {"outrider@outrider": []}}')
    code = '. "$1/src/outrider/interface/setup/launching.sh"; printf %s "$data"'
    told = subprocess.run(
        ["/bin/sh", "-c", f"root=$1; {code}", "sh", str(root)],
        env={**installed.environment, **given},
        capture_output=True,
        text=True,
        check=True,
    )
    expected = place_of(root, {**installed.environment, **given}).data
    assert told.stdout == str(expected)
    assert expected.name == "outrider-inline" or case != "checkout"
    assert expected.name == "outrider-outrider" or case not in ("in place", "listed")
