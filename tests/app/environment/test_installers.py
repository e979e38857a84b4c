"""A person's own configuration of pip and uv holds; a project's does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from outrider.app.environment.installers import installer, surroundings

HOME = {"HOME": "/home/user", "PATH": "/usr/bin:/bin"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PIP_INDEX_URL", "https://mirror/simple"),
        ("PIP_CERT", "/etc/ca.pem"),
        ("PIP_CONFIG_FILE", "/home/user/.config/pip/pip.conf"),
        ("PIP_CONFIG_FILE", "/etc/pip.conf"),
        ("UV_DEFAULT_INDEX", "https://mirror/simple"),
        ("HTTPS_PROXY", "http://proxy"),
    ],
)
def test_mirrors_proxies_and_certificates_stay(name: str, value: str) -> None:
    assert surroundings({**HOME, name: value})[name] == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PIP_REQUIREMENT", "/project/more.txt"),
        ("PIP_TARGET", "/project"),
        ("PIP_REQUIRE_HASHES", "0"),
        ("PIP_CONFIG_FILE", "/project/pip.conf"),
        ("PIP_CONFIG_FILE", "/etc/../project/pip.conf"),
        ("PIP_CONFIG_FILE", "pip.conf"),
        ("UV_CONFIG_FILE", "/project/uv.toml"),
        ("UV_PROJECT", "/project"),
        ("PYTHONPATH", "/project"),
        ("PYTHONHOME", "/project"),
        ("VIRTUAL_ENV", "/project/.venv"),
    ],
)
def test_what_a_project_could_slip_in_is_dropped(name: str, value: str) -> None:
    assert name not in surroundings({**HOME, name: value})


def test_uv_is_used_where_it_is_on_the_path(tmp_path: Path) -> None:
    (tmp_path / "uv").write_text("#!/bin/sh\n")
    (tmp_path / "uv").chmod(0o755)
    with_uv = installer("/usr/bin/python3", tmp_path / "e", tmp_path / "l", {"PATH": str(tmp_path)})
    assert with_uv.name == "uv"
    assert installer("/usr/bin/python3", tmp_path / "e", tmp_path / "l", {"PATH": "/nowhere"}).name == "pip"


@pytest.mark.parametrize("has_uv", [True, False])
def test_hashes_are_always_required(tmp_path: Path, has_uv: bool) -> None:
    (tmp_path / "uv").write_text("#!/bin/sh\n")
    (tmp_path / "uv").chmod(0o755 if has_uv else 0o644)
    commands = installer("/usr/bin/python3", tmp_path / "e", tmp_path / "l", {"PATH": str(tmp_path)}).commands
    assert "--require-hashes" in commands[-1]
