"""Each fault planted in an installation is named, it alone, and a sound installation has none."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from outrider.app.doctor.scene import home_folder, scene_of
from outrider.interface.hook.places import home_of

ROOT = Path(__file__).resolve().parents[3]
_LEFT_OUT = shutil.ignore_patterns("__pycache__")
_SERVER = """
import json, sys
for line in sys.stdin:
    said = json.loads(line)
    if "id" in said:
        names = "status step evidence audit explain skill_report".split()
        tools = {"tools": [{"name": name} for name in names]}
        print(json.dumps({"jsonrpc": "2.0", "id": said["id"], "result": tools}), flush=True)
"""


@dataclass
class Installation:
    """A copy of the plugin with the folders that belong to it, and how doctor is started there."""

    top: Path
    python: str = sys.executable

    @property
    def root(self) -> Path:
        return self.top / "plugin"

    @property
    def data(self) -> Path:
        return self.top / "data"

    @property
    def config(self) -> Path:
        return self.top / "config"

    @property
    def home(self) -> Path:
        return self.top / "outrider"

    @property
    def hooks(self) -> Path:
        return self.root / "hooks" / "hooks.json"

    def environment(self) -> dict[str, str]:
        return {
            "HOME": str(self.top),
            "PATH": str(self.top / "path"),
            "CLAUDE_CONFIG_DIR": str(self.config),
            "CLAUDE_PLUGIN_DATA": str(self.data),
            "OUTRIDER_HOME": str(self.home),
        }

    def doctor(self, *options: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [
                self.python,
                "-I",
                "-S",
                str(self.root / "src/outrider/interface/setup/doctor_entry.py"),
                *options,
            ],
            cwd=self.top / "project",
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=45,
            check=False,
        )

    def verdicts(self) -> dict[str, str]:
        result = self.doctor("--json")
        assert result.stderr == ""
        checks = json.loads(result.stdout)["checks"]
        wrong = [each for each in checks if each["verdict"] == "wrong"]
        assert all(each["found"] and each["next"] for each in wrong)
        assert result.returncode == (1 if wrong else 0)
        return {each["slug"]: each["verdict"] for each in checks}

    def wrong(self) -> set[str]:
        return {slug for slug, verdict in self.verdicts().items() if verdict == "wrong"}

    def change(self, change: Callable[[dict[str, Any]], object]) -> None:
        content = json.loads(self.hooks.read_text("utf-8"))
        change(content)
        self.hooks.write_text(json.dumps(content), "utf-8")


def _program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    path.chmod(0o755)


@pytest.fixture(name="sound")
def _sound(tmp_path: Path) -> Installation:
    made = Installation(tmp_path / "installation")
    for name in ("src/outrider", "hooks", "bin", ".claude-plugin"):
        shutil.copytree(ROOT / name, made.root / name, ignore=_LEFT_OUT)
    shutil.copyfile(ROOT / "requirements-plugin.lock", made.root / "requirements-plugin.lock")
    for folder in (made.data, made.config, made.home, made.top / "project" / ".claude"):
        folder.mkdir(parents=True)
        folder.chmod(0o700)
    (made.data / "interpreter").write_text(f"{sys.executable}\n", "utf-8")
    ready = made.data / "environment" / "one"
    _program(ready / "bin" / "python", "#!/bin/sh\nexit 0\n")
    shutil.copyfile(made.root / "requirements-plugin.lock", ready / "complete")
    (made.top / "server.py").write_text(_SERVER, "utf-8")
    _program(made.root / "bin" / "outrider-mcp", f"#!/bin/sh\nexec {sys.executable} {made.top}/server.py\n")
    for name in ("mv", "rm"):
        (made.top / "path").mkdir(exist_ok=True)
        (made.top / "path" / name).symlink_to(str(shutil.which(name)))
    _program(made.top / "path" / "claude", "#!/bin/sh\necho '2.1.330 (Claude Code)'\n")
    return made


def _first(content: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = content["hooks"]["PreToolUse"][0]["hooks"][0]
    return found


def _unknown_event(at: Installation) -> None:
    at.change(lambda content: content["hooks"].update(PreToolUsed=content["hooks"]["PreToolUse"]))


def _no_outer_key(at: Installation) -> None:
    at.hooks.write_text(json.dumps(json.loads(at.hooks.read_text("utf-8"))["hooks"]), "utf-8")


def _not_json(at: Installation) -> None:
    at.hooks.write_text(at.hooks.read_text("utf-8")[:-10], "utf-8")


def _wrong_path(at: Installation) -> None:
    at.change(lambda content: _first(content).update(command="${CLAUDE_PLUGIN_ROOT}/bin/outrider-hok"))


def _path_outside(at: Installation) -> None:
    at.change(lambda content: _first(content).update(command="${CLAUDE_PLUGIN_ROOT}/../path/claude"))


def _no_execute_bit(at: Installation) -> None:
    (at.root / "bin" / "outrider-hook").chmod(0o644)


def _missing_interpreter(at: Installation) -> None:
    (at.data / "interpreter").write_text("/nowhere/python3\n", "utf-8")


def _old_interpreter(at: Installation) -> None:
    _program(at.top / "old", "#!/bin/sh\necho False 3.9.2 /usr/bin/python3.9\n")
    (at.data / "interpreter").write_text(f"{at.top}/old\n", "utf-8")


def _timeout_as_text(at: Installation) -> None:
    at.change(lambda content: _first(content).update(timeout="5"))


def _no_command(at: Installation) -> None:
    at.change(lambda content: _first(content).pop("command"))


def _timeout_too_small(at: Installation) -> None:
    at.change(lambda content: _first(content).update(timeout=0.01))


def _hanging_hook(at: Installation) -> None:
    _program(at.root / "bin" / "outrider-hook", "#!/bin/sh\nwhile :; do :; done\n")


def _failing_hook(at: Installation) -> None:
    _program(at.root / "bin" / "outrider-hook", "#!/bin/sh\nexit 2\n")


def _chatty_hook(at: Installation) -> None:
    _program(at.root / "bin" / "outrider-hook", "#!/bin/sh\necho hello\n")


def _no_data_folder(at: Installation) -> None:
    shutil.rmtree(at.data)
    (at.top / "path" / "python3").symlink_to(sys.executable)


def _data_folder_is_a_file(at: Installation) -> None:
    _no_data_folder(at)
    at.data.write_text("", "utf-8")


def _hooks_disabled(at: Installation) -> None:
    (at.config / "settings.json").write_text('{"disableAllHooks": true}', "utf-8")


def _plugin_disabled(at: Installation) -> None:
    text = '{"enabledPlugins": {"outrider@market": false}}'
    (at.top / "project" / ".claude" / "settings.local.json").write_text(text, "utf-8")


def _other_version(at: Installation) -> None:
    manifest = at.root / ".claude-plugin" / "plugin.json"
    content = json.loads(manifest.read_text("utf-8"))
    manifest.write_text(json.dumps({**content, "version": "0.0.1"}), "utf-8")


def _damaged_manifest(at: Installation) -> None:
    (at.root / ".claude-plugin" / "plugin.json").write_text("{", "utf-8")


def _damaged_source(at: Installation) -> None:
    with (at.root / "src/outrider/interface/hook/session.py").open("a", encoding="utf-8") as file:
        file.write("\ndef half(:\n")


def _incomplete_environment(at: Installation) -> None:
    (at.data / "environment" / "one" / "complete").unlink()


def _failed_environment(at: Installation) -> None:
    shutil.rmtree(at.data / "environment" / "one")
    (at.data / "environment" / "failed").write_text("1\nabc\nno network\n", "utf-8")


def _dead_server(at: Installation) -> None:
    _program(at.root / "bin" / "outrider-mcp", "#!/bin/sh\nexit 1\n")


def _damaged_guard_settings(at: Installation) -> None:
    (at.home / "guard").mkdir(0o700)
    (at.home / "guard" / "settings.json").write_text('{"mode": ', "utf-8")


def _mistaken_guard_settings(at: Installation) -> None:
    (at.home / "guard").mkdir(0o700)
    (at.home / "guard" / "settings.json").write_text('{"mode": "loud"}', "utf-8")


def _kill_switch(at: Installation) -> None:
    (at.home / "guard").mkdir(0o700)
    (at.home / "guard" / "tripped").write_text("", "utf-8")


def _old_client(at: Installation) -> None:
    _program(at.top / "path" / "claude", "#!/bin/sh\necho '2.1.112 (Claude Code)'\n")


def _stale_copy(at: Installation) -> None:
    (at.config / "plugins").mkdir()
    entry = {"scope": "user", "installPath": str(at.top / "gone"), "version": "0.0.1"}
    content = {"version": 2, "plugins": {"outrider@market": [entry]}}
    (at.config / "plugins" / "installed_plugins.json").write_text(json.dumps(content), "utf-8")


def _damaged_store(at: Installation) -> None:
    scene_of(at.root, at.environment(), at.top).store.write_bytes(b"no store at all" * 100)


def _home_is_a_file(at: Installation) -> None:
    at.home.rmdir()
    at.home.write_text("", "utf-8")


PLANTED: dict[Callable[[Installation], None], set[str]] = {
    _unknown_event: {"hooks-event"},
    _no_outer_key: {"hooks-outer-key"},
    _not_json: {"hooks-file"},
    _wrong_path: {"hooks-command"},
    _path_outside: {"hooks-command"},
    _no_execute_bit: {"hooks-mode"},
    _missing_interpreter: {"interpreter"},
    _old_interpreter: {"interpreter"},
    _timeout_as_text: {"hooks-shape"},
    _no_command: {"hooks-shape"},
    _timeout_too_small: {"hooks-timeout"},
    _hanging_hook: {"hook-late"},
    _failing_hook: {"hook-exit"},
    _chatty_hook: {"hook-answer"},
    _no_data_folder: {"data-folder"},
    _data_folder_is_a_file: {"data-folder"},
    _hooks_disabled: {"hooks-disabled"},
    _plugin_disabled: {"plugin-disabled"},
    _other_version: {"version"},
    _damaged_manifest: {"manifest"},
    _damaged_source: {"hook-silent"},
    _incomplete_environment: {"environment"},
    _failed_environment: {"environment"},
    _dead_server: {"server"},
    _damaged_guard_settings: {"guard-settings"},
    _mistaken_guard_settings: {"guard-settings"},
    _kill_switch: {"kill-switch"},
    _old_client: {"client"},
    _stale_copy: {"installed"},
    _damaged_store: {"store"},
    _home_is_a_file: {"home"},
}


def test_a_sound_installation_has_nothing_wrong_and_nothing_unknown(sound: Installation) -> None:
    assert set(sound.verdicts().values()) <= {"ok", "note"}


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__[1:])
def test_a_planted_fault_is_named_and_no_other(
    sound: Installation, plant: Callable[[Installation], None]
) -> None:
    plant(sound)
    assert sound.wrong() == PLANTED[plant]


def test_doctor_writes_nothing_into_the_folders_of_the_person(sound: Installation) -> None:
    sqlite3.connect(scene_of(sound.root, sound.environment(), sound.top).store).close()

    def state() -> dict[str, tuple[int, int]]:
        paths = [path for path in sound.top.rglob("*") if "__pycache__" not in path.parts]
        return {
            str(path): (path.lstat().st_size, path.lstat().st_mtime_ns) for path in paths if not path.is_dir()
        }

    before = state()
    sound.verdicts()
    assert state() == before


def test_what_is_wrong_comes_first_and_says_what_to_do(sound: Installation) -> None:
    _old_client(sound)
    lines = sound.doctor().stdout.splitlines()
    assert lines[0].startswith("wrong   client")
    assert lines[1].strip() == "→ claude update".encode("ascii", "backslashreplace").decode("ascii")


@pytest.mark.parametrize("target", ["hooks", "settings", "installed", "guard"])
@pytest.mark.parametrize("content", ["huge", "deep", "fifo", "loop", "folder", "binary"])
def test_hostile_files_neither_hang_nor_crash_it(sound: Installation, target: str, content: str) -> None:
    path = {
        "hooks": sound.hooks,
        "settings": sound.config / "settings.json",
        "installed": sound.config / "plugins" / "installed_plugins.json",
        "guard": sound.home / "guard" / "settings.json",
    }[target]
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.unlink(missing_ok=True)
    if content == "fifo":
        os.mkfifo(path)
    elif content == "loop":
        path.symlink_to(path)
    elif content == "folder":
        path.mkdir()
    else:
        texts = {"huge": b" " * 5_000_000, "deep": b'{"hooks":' + b"[" * 200_000, "binary": b"\xff\x00{"}
        path.write_bytes(texts[content])
    named = {"hooks": "hooks-file", "settings": "settings-file", "guard": "guard-settings"}
    assert sound.verdicts()[named.get(target, "installed")] in {"wrong", "unknown"}


def test_foreign_text_is_shown_inert(sound: Installation) -> None:
    sound.change(lambda content: content["hooks"].update({"\x1b[2J\n\u202eok": []}))
    out = sound.doctor().stdout
    assert "hooks-event" in out
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_a_hook_that_leaves_a_child_behind_does_not_keep_doctor(sound: Installation) -> None:
    _program(sound.root / "bin" / "outrider-hook", "#!/bin/sh\n(while :; do :; done) &\nexit 0\n")
    started = time.monotonic()
    assert sound.wrong() == {"hook-silent"}
    assert time.monotonic() - started < 30


@pytest.mark.parametrize(
    "environment",
    [{"HOME": "/h"}, {"HOME": "/h", "XDG_DATA_HOME": "/x"}, {"HOME": "/h", "OUTRIDER_HOME": "~/o"}],
)
def test_doctor_looks_at_the_folder_that_the_hooks_write(environment: dict[str, str]) -> None:
    assert str(home_folder(environment)) == home_of(environment)


def test_the_command_tells_the_same_checks_in_json_and_ends_with_one(sound: Installation) -> None:
    _old_client(sound)
    code = "import sys; sys.path.insert(0, sys.argv.pop(1)); from outrider.interface.cli.main import main; main()"
    result = subprocess.run(
        [sys.executable, "-c", code, str(sound.root / "src"), "doctor", "--json"],
        cwd=sound.top / "project",
        env=sound.environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    found = json.loads(result.stdout)
    assert (found["schema"], result.returncode) == ("outrider.doctor/2", 1)
    assert [each["slug"] for each in found["checks"] if each["verdict"] == "wrong"] == ["client"]
    assert "versions" in found
