"""A person's own configuration of pip and uv holds; a project's does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from outrider.app.environment.installers import installers, surroundings

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


@pytest.mark.parametrize(("mode", "names"), [(0o755, ["uv", "pip"]), (0o644, ["pip"])])
def test_uv_goes_first_where_it_is_on_the_path_and_hashes_are_always_required(
    tmp_path: Path, mode: int, names: list[str]
) -> None:
    (tmp_path / "uv").write_text("#!/bin/sh\n")
    (tmp_path / "uv").chmod(mode)
    ways = installers("/usr/bin/python3", tmp_path / "e", tmp_path / "l", {"PATH": str(tmp_path)})
    assert [way.name for way in ways] == names
    assert all("--require-hashes" in way.commands[-1] for way in ways)
