"""These tests need the real client; without it they are skipped, and the summary says why."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.app.stores import LONG
from tests.client.client import FLOOR, VERSION, Client, UnavailableError, fetched

_MISSING: list[str] = []


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test meets the newest client; those marked `floor`, and all in long runs, the oldest one too."""
    if "program" in metafunc.fixturenames:
        both = LONG or metafunc.definition.get_closest_marker("floor")
        versions = list(dict.fromkeys([VERSION, FLOOR])) if both else [VERSION]
        metafunc.parametrize("program", versions, indirect=True, scope="session")


@pytest.fixture(scope="session")
def program(request: pytest.FixtureRequest) -> Path:
    try:
        return fetched(request.param)
    except UnavailableError as error:
        _MISSING.append(str(error))
        pytest.skip(f"no real client: {error}")


@pytest.fixture(scope="module")
def new_client(program: Path, tmp_path_factory: pytest.TempPathFactory):
    """Make a client in a folder of its own."""
    return lambda name, **given: Client(program, tmp_path_factory.mktemp(name), **given)


@pytest.fixture
def client(program: Path, tmp_path: Path) -> Client:
    return Client(program, tmp_path / "client")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for reason in _MISSING[:1]:
        terminalreporter.write_line(f"Tests with the real client were skipped: {reason}")
