"""The real client, headless: fetched once from npm, run with folders of its own and a scripted model."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs

from tests.client.model import Model, Request, Script

VERSION = os.environ.get("OUTRIDER_CLIENT_VERSION", "2.1.330")
FLOOR = "2.1.197"
"""The oldest client that the plugin supports."""

PACKAGE = "@anthropic-ai/claude-code"
ROOT = Path(__file__).parent.parent.parent

FETCH_SECONDS = 300
RUN_SECONDS = 60

TOOLS = "Bash,Read,Write,Edit,Skill,Agent,Task"

_FOREIGN = ("CLAUDE", "ANTHROPIC", "OUTRIDER")
"""Variables that begin so belong to the person who runs the tests, or to a session around them."""


class UnavailableError(Exception):
    """The client cannot be had here; the text says why."""


def fetched(version: str = VERSION) -> Path:
    """Return the client's program; it is installed once, below the user's cache or $OUTRIDER_CLIENT_CACHE."""
    given = os.environ.get("OUTRIDER_CLIENT_CACHE")
    cache = Path(given) if given else platformdirs.user_cache_path("outrider") / "client"
    folder = cache / version
    program = _program(folder)
    if not program.exists():
        _install(cache, folder, version)
    if not program.exists():
        raise UnavailableError(f"client {version} has no program for this platform ({_platform()})")
    return program


def _platform() -> str:
    machine = {"x86_64": "x64", "AMD64": "x64", "aarch64": "arm64"}.get(
        platform.machine(), platform.machine()
    )
    musl = "-musl" if any(Path("/lib").glob("ld-musl-*")) else ""
    return f"{platform.system().lower()}-{machine}{musl}"


def _program(folder: Path) -> Path:
    return folder / "node_modules" / f"{PACKAGE}-{_platform()}" / "claude"


def _install(cache: Path, folder: Path, version: str) -> None:
    """Install into a folder beside, then move: a second run at the same time does not see half of it."""
    npm = shutil.which("npm")
    if npm is None:
        raise UnavailableError("npm is not on the PATH (it comes with Node)")
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as name:
        (Path(name) / "package.json").write_text('{"private": true}')
        wanted = f"{PACKAGE}@{version}"
        command = [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=0", wanted]
        try:
            done = subprocess.run(
                command, cwd=name, capture_output=True, text=True, timeout=FETCH_SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise UnavailableError(f"npm could not install {wanted}: {error}") from error
        if done.returncode:
            said = [line for line in done.stderr.splitlines() if line.startswith("npm error")]
            raise UnavailableError(f"npm could not install {wanted}: {said[0] if said else done.returncode}")
        if not folder.exists():
            made = Path(name) / "made"
            made.mkdir()
            (Path(name) / "node_modules").rename(made / "node_modules")
            made.rename(folder)


def _talk(started: subprocess.Popen[str], prompts: Sequence[str]) -> list[dict[str, Any]]:
    """Give each prompt when the one before was answered; return what was printed until the last answer."""
    assert started.stdin is not None
    assert started.stdout is not None
    told: list[dict[str, Any]] = []
    for prompt in prompts:
        message = {"role": "user", "content": [{"type": "text", "text": prompt}]}
        started.stdin.write(json.dumps({"type": "user", "message": message}) + "\n")
        started.stdin.flush()
        for line in started.stdout:
            told.append(json.loads(line))
            if told[-1].get("type") == "result":
                break
    return told


@dataclass
class Run:
    """What came of a headless run: exit code, the JSON that it printed, and what the model was asked."""

    code: int
    result: dict[str, Any]
    stderr: str
    script: Script
    home: Path
    config: Path
    seconds: float

    @property
    def main(self) -> list[Request]:
        return self.script.of_main

    @property
    def agents(self) -> list[Request]:
        return self.script.of_agents

    @property
    def log(self) -> list[dict[str, Any]]:
        """What the guard wrote down."""
        path = self.home / "guard" / "log.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


@dataclass
class Client:
    """Runs the program in a project below ``folder``; ``plugin`` is the folder that holds our hooks."""

    program: Path
    folder: Path
    plugin: Path | None = ROOT
    others: Sequence[Path] = ()
    tools: str = TOOLS

    @property
    def project(self) -> Path:
        return self._made("project")

    @property
    def home(self) -> Path:
        """Our own folder: settings, rules, state and log of the guard."""
        return self._made("outrider")

    def settings(self, **given: object) -> None:
        """Write the guard's settings."""
        self.write("guard/settings.json", given)

    def write(self, name: str, given: object) -> None:
        """Write a JSON file into our own folder."""
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(given))

    def run(
        self,
        script: Script,
        *prompts: str,
        environment: Mapping[str, str] | None = None,
        options: Sequence[str] = (),
    ) -> Run:
        """Play ``script`` to its end; several ``prompts`` are given one after the other in one session."""
        command = [str(self.program), "-p", "--allowedTools", self.tools, *options]
        for plugin in (self.plugin, *self.others):
            command += ["--plugin-dir", str(plugin)] if plugin is not None else []
        if len(prompts) > 1:
            command += ["--input-format", "stream-json", "--output-format", "stream-json", "--verbose"]
        else:
            command += ["--output-format", "json", "--", *(prompts or ("Go on.",))]
        begun = time.monotonic()
        with (
            Model(script) as address,
            subprocess.Popen(
                command,
                cwd=self.project,
                env={**self._environment(address), **(environment or {})},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            ) as started,
        ):
            answered = _talk(started, prompts) if len(prompts) > 1 else []
            out, err = started.communicate(timeout=RUN_SECONDS)
        results = [*answered, *(json.loads(line) for line in out.splitlines() if line.startswith("{"))]
        result = next((each for each in reversed(results) if each.get("type") == "result"), {})
        seconds = time.monotonic() - begun
        return Run(started.returncode, result, err, script, self.home, self._made("config"), seconds)

    def _environment(self, address: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
        nowhere = "http://127.0.0.1:9"
        return {
            **kept,
            "HOME": str(self._made("person")),
            "TMPDIR": str(self._made("tmp")),
            "CLAUDE_CONFIG_DIR": str(self._made("config")),
            "OUTRIDER_HOME": str(self.home),
            "OUTRIDER_SETUP": "off",
            "ANTHROPIC_BASE_URL": address,
            "ANTHROPIC_API_KEY": "none-is-needed",
            "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
            "DISABLE_AUTOUPDATER": "1",
            "DISABLE_ERROR_REPORTING": "1",
            "DISABLE_TELEMETRY": "1",
            # Whatever would still leave the machine meets a closed door.
            "HTTP_PROXY": nowhere,
            "HTTPS_PROXY": nowhere,
            "NO_PROXY": "127.0.0.1",
        }

    def _made(self, name: str) -> Path:
        path = self.folder / name
        path.mkdir(parents=True, exist_ok=True)
        return path
