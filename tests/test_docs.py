"""What the docs say is what the program does."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from outrider.app.doctor.checks import SLUGS
from outrider.record.faults import FaultSlug

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
SOURCES = [path.read_text("utf-8") for path in (ROOT / "src").rglob("*.py")]


@pytest.mark.parametrize("name", ["make_commands.py", "make_icon.py", "make_manifest.py", "make_readme.py"])
def test_what_the_docs_print_is_what_the_program_prints(name: str) -> None:
    script = ROOT / "scripts" / name
    result = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize("slug", get_args(FaultSlug))
def test_every_fault_has_a_paragraph(slug: str) -> None:
    assert f"### {slug}\n" in (DOCS / "errors.md").read_text("utf-8")


def test_every_error_has_a_paragraph_and_every_paragraph_an_error() -> None:
    raised = set()
    for text in SOURCES:
        raised |= set(re.findall(r'(?:Error|_damaged|_unopenable)\(\s*"([a-z]+(?:-[a-z]+)+)"', text))
    for path in (ROOT / "src").rglob("*.sh"):
        raised |= set(re.findall(r"error\[([a-z-]+)\]", path.read_text("utf-8")))
    errors = (DOCS / "errors.md").read_text("utf-8").partition("## Errors")[2].partition("## Faults")[0]
    assert raised == set(re.findall(r"^### (\S+)$", errors, re.MULTILINE))


def test_every_check_of_the_doctor_has_a_paragraph_and_every_paragraph_a_check() -> None:
    told = re.findall(r"^### (\S+)$", (DOCS / "doctor.md").read_text("utf-8"), re.MULTILINE)
    assert sorted(told) == sorted(SLUGS)


def test_every_schema_is_documented_and_every_documented_one_is_made() -> None:
    made = set()
    for text in SOURCES:
        made |= set(re.findall(r'"(outrider\.[a-z]+/\d+)"', text))
    assert made == set(re.findall(r"`(outrider\.[a-z]+/\d+)` \|", (DOCS / "schemas.md").read_text("utf-8")))


def _pages() -> list[Path]:
    """Return the pages of the docs; those of lint's rules show broken links on purpose."""
    return sorted(path for path in DOCS.rglob("*.md") if not path.name.startswith("OR"))


@pytest.mark.parametrize("page", [ROOT / "README.md", *_pages()], ids=lambda p: p.name)
def test_every_link_between_pages_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


def test_the_readme_tells_the_two_commands() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert "make run" in text
    assert "make test" in text
