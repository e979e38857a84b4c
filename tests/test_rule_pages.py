"""The pages of lint's rules are true: their bad examples give the finding, their good ones do not."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from outrider.app.lint import Asked, lint
from outrider.judge.lint.catalogue import RULES

PAGES = Path(__file__).parent.parent / "docs" / "rules"
_BLOCK = re.compile(r"^(`{3,})\w+ path=(\S+)(?: (link|latin-1))?\n(.*?)^\1$", re.DOTALL | re.MULTILINE)
_PAST = re.compile(r"^Git knows `([^`]+)`, (?:moved to `([^`]+)`|deleted since)", re.MULTILINE)
_MANIFEST = ".claude-plugin/plugin.json"


def _page(code: str) -> str:
    return (PAGES / f"{code}.md").read_text("utf-8")


def _with_examples() -> list[str]:
    return [code for code in RULES if "## Bad" in _page(code)]


def _part(page: str, title: str) -> str:
    behind = {"Bad": "Good", "Good": "What to do"}[title]
    return page.partition(f"\n## {title}\n")[2].partition(f"\n## {behind}\n")[0]


def _grow(folder: Path, part: str) -> None:
    for _, path, how, text in _BLOCK.findall(part):
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        long = re.sub(r"⟦(.*?)×(\d+)⟧", lambda match: match[1] * int(match[2]), text, flags=re.DOTALL)
        if how == "link":
            place.symlink_to(text.strip())
        else:
            place.write_bytes(long.encode(how or "utf-8"))
    if not (folder / _MANIFEST).exists():
        (folder / _MANIFEST).parent.mkdir(exist_ok=True)
        (folder / _MANIFEST).write_text('{"name": "demo"}\n')


def _git(folder: Path, *words: str) -> None:
    subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@b.c", *words],
        cwd=folder,
        check=True,
        capture_output=True,
    )


def _remember(folder: Path, page: str) -> None:
    """Make the repository that a page speaks of: old files, then what became of them."""
    _git(folder, "init", "-q")
    old = _PAST.findall(page)
    for path, _ in old:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("---\nname: old\n---\n" + "An old text that git knows again.\n" * 20)
    _git(folder, "add", "-A")
    _git(folder, "commit", "-qm", "old")
    for path, new in old:
        if new:
            (folder / new).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).rename(folder / new)
        else:
            (folder / path).unlink()
    _git(folder, "add", "-A")
    _git(folder, "commit", "-qm", "new")


def _codes(folder: Path, code: str) -> list[str]:
    return [finding.code for finding in lint(folder, Asked(only=(code,))).findings]


def test_every_rule_has_a_page_and_every_page_a_rule() -> None:
    assert {path.stem for path in PAGES.glob("OR*.md")} == set(RULES)
    index = (PAGES / "README.md").read_text("utf-8")
    for code, rule in RULES.items():
        assert f"| [{code}]({code}.md) | {rule.slug} | {rule.tier} |" in index
        assert _page(code).startswith(f"# {code} {rule.slug}\n\nTier: **{rule.tier}**.")


@pytest.mark.parametrize("code", _with_examples())
def test_the_bad_example_gives_the_finding_and_the_good_one_does_not(code: str, tmp_path: Path) -> None:
    page = _page(code)
    for title, is_found in (("Bad", True), ("Good", False)):
        folder = tmp_path / title
        folder.mkdir()
        if _PAST.search(page):
            _remember(folder, page)
        _grow(folder, _part(page, title))
        assert bool(_codes(folder, code)) is is_found, title


@pytest.mark.parametrize("code", _with_examples())
def test_only_what_can_not_be_shown_in_a_few_files_has_no_example(code: str) -> None:
    assert code not in ("OR905", "OR906")
    assert "## Why" in _page(code)
    assert "## What to do" in _page(code)
