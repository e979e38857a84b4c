"""The house rules that can be measured."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "src").rglob("*.py"))

_FICTIONAL = "user|dev"
_HOME = re.compile(rf"(?<![\w.-])/(?:root|work)/|/home/(?!(?:{_FICTIONAL})/)[\w.-]+/|/Users/(?!dev/)[\w.-]+/")
_HOST = re.compile(
    r"(?:" + "|".join(("pypi" + r"\.org", "pythonhosted" + r"\.", "registry" + r"\.npmjs")) + ")"
)


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _lengths() -> dict[str, int]:
    return {
        f"{path.relative_to(ROOT)}:{node.lineno}": (node.end_lineno or node.lineno) - node.lineno + 1
        for path in SOURCES
        for node in _functions(ast.parse(path.read_text("utf-8")))
    }


def test_no_module_is_longer_than_four_hundred_lines() -> None:
    lengths = {str(path.relative_to(ROOT)): path.read_text("utf-8").count("\n") for path in SOURCES}
    assert {name: lines for name, lines in lengths.items() if lines > 400} == {}


def test_no_function_is_longer_than_sixty_lines() -> None:
    assert {where: lines for where, lines in _lengths().items() if lines > 60} == {}


def test_half_of_all_functions_have_at_most_ten_lines() -> None:
    lengths = sorted(_lengths().values())
    assert lengths[len(lengths) // 2] <= 10


@pytest.mark.parametrize("word", ["utils", "helpers", "manager", "data", "process"])
def test_no_module_has_a_name_that_says_nothing(word: str) -> None:
    assert [path.name for path in SOURCES if path.stem == word] == []


def test_nothing_that_is_kept_names_a_machine_or_a_registry() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    found = []
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if not path.is_file():
            continue
        text = path.read_text("utf-8", "replace")
        found += [f"{name}: {match.group()}" for match in (_HOME.search(text), _HOST.search(text)) if match]
    assert found == []
