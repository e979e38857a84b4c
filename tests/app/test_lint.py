"""Lint of folders: settings, suppressions, baselines, fixes, and input that means harm."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from outrider.app import lint as linting
from outrider.app.lint import Asked, lint
from outrider.app.lint_fixing import fixes, write_fixes
from outrider.app.sharing_out import shared_out
from outrider.kernel.errors import UnreadableError, UsageError
from tests.plan.plugin.plugins import skill

_BROKEN = "Use demo:nothing-here."


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    _write(tmp_path, ".claude-plugin/plugin.json", '{"name": "demo"}')
    _write(tmp_path, "skills/shipping/SKILL.md", skill(_BROKEN))
    return tmp_path


def _write(root: Path, path: str, text: str | bytes) -> None:
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(text if isinstance(text, bytes) else text.encode())


def _codes(root: Path, **asked: object) -> list[str]:
    return [finding.code for finding in lint(root, Asked(**asked)).findings]  # type: ignore[arg-type]


def test_a_part_of_a_plugin_is_judged_as_a_part(plugin: Path) -> None:
    _write(
        plugin, "skills/other-one/SKILL.md", skill("Use demo:shipping and demo:neither-this.", "other-one")
    )
    part = lint(plugin / "skills" / "other-one")
    assert [finding.about for finding in part.findings] == ["demo:neither-this"]
    assert part.inside == "skills/other-one"


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError):
        lint(tmp_path / "none")


def test_settings_choose_rules_and_paths(plugin: Path) -> None:
    assert _codes(plugin) == ["OR101"]
    assert _codes(plugin, ignore=("OR1",)) == []
    assert _codes(plugin, only=("name-folder",)) == []
    _write(plugin, "outrider.toml", '[lint]\nignore = ["qualified-name"]\n')
    assert _codes(plugin) == []
    _write(plugin, "outrider.toml", '[lint.paths]\n"skills/**" = ["OR101"]\n')
    assert _codes(plugin) == []
    _write(plugin, "outrider.toml", '[lint]\nexclude = ["skills/**"]\n')
    assert _codes(plugin) == []


@pytest.mark.parametrize(
    "text",
    ["[lint]\nignore = ['OR999']", "[lint]\nignroe = []", "[lint]\nprofile = 'x'", "lint = 3", "[lint", "[lint]\nselect = 4",
     "[lint]\npaths = []"],
)  # fmt: skip
def test_settings_that_are_wrong_are_refused_with_their_file(plugin: Path, text: str) -> None:
    _write(plugin, "outrider.toml", text)
    with pytest.raises(UsageError, match=r"outrider\.toml"):
        lint(plugin)


def test_a_rule_that_is_off_must_be_selected(plugin: Path) -> None:
    _write(plugin, "skills/shipping/SKILL.md", skill("Repeat until the tests are green."))
    assert _codes(plugin) == []
    assert _codes(plugin, select=("OR406",)) == ["OR406"]


def test_a_suppression_covers_its_own_and_the_next_line_alone(plugin: Path) -> None:
    mark = "<!-- outrider-ignore OR101: it comes tomorrow -->"
    _write(plugin, "skills/shipping/SKILL.md", skill(f"{mark}\n\n{_BROKEN}"))
    linted = lint(plugin)
    assert (linted.findings, linted.suppressed) == ([], 1)
    _write(plugin, "skills/shipping/SKILL.md", skill(f"{mark}\n\nWords.\n\n{_BROKEN}"))
    assert _codes(plugin) == ["OR101"]
    _write(
        plugin,
        "skills/shipping/SKILL.md",
        skill(f"Words.\n\n{_BROKEN}\n\n{mark.replace('ignore', 'ignore-file')}"),
    )
    assert _codes(plugin) == []


def test_a_baseline_hides_what_it_holds_and_nothing_new(plugin: Path) -> None:
    linting.write_baseline(lint(plugin), plugin / "known.json")
    _write(plugin, "outrider.toml", '[lint]\nbaseline = "known.json"\n')
    _write(plugin, "skills/shipping/SKILL.md", skill(f"A new line.\n\n{_BROKEN}"))
    linted = lint(plugin)
    assert (linted.findings, linted.known) == ([], 1)
    _write(plugin, "skills/shipping/SKILL.md", skill(f"{_BROKEN}\n\nUse demo:nor-here."))
    assert [finding.about for finding in lint(plugin).findings] == ["demo:nor-here"]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": "outrider.baseline/1"}'])
def test_a_baseline_that_is_none_is_refused(plugin: Path, text: str) -> None:
    _write(plugin, "known.json", text)
    with pytest.raises(UsageError):
        lint(plugin, Asked(baseline=str(plugin / "known.json")))


def test_since_a_revision_only_changed_files_are_told(plugin: Path) -> None:
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b.c"]
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "a"]):
        subprocess.run([*git, *words], cwd=plugin, check=True)
    assert _codes(plugin, since="HEAD") == []
    _write(plugin, "docs/new.md", "# New\n\nUse demo:nor-here.\n")
    assert [finding.path for finding in lint(plugin, Asked(since="HEAD")).findings] == ["docs/new.md"]
    with pytest.raises(UsageError):
        lint(plugin, Asked(since="no-such-revision"))
    with pytest.raises(UsageError):
        lint(plugin, Asked(since="--output=x"))


def test_fixes_keep_mode_and_line_endings_and_are_not_needed_twice(plugin: Path) -> None:
    place = plugin / "skills/shipping/SKILL.md"
    place.write_bytes(
        b"---\r\nname: shipping\r\ndescription: Use when: ready\r\n---\r\n# Title\r\n\r\nShip.\r\n"
    )
    place.chmod(0o640)
    linted = lint(plugin)
    assert [finding.code for finding in linted.findings] == ["OR203"]
    write_fixes(linted.root, fixes(linted, unsafe=False))
    assert place.read_bytes().count(b"\r\n") == 7
    assert b'description: "Use when: ready"\r\n' in place.read_bytes()
    assert place.stat().st_mode & 0o777 == 0o640
    assert lint(plugin).findings == []
    assert list(plugin.rglob(".outrider-*")) == []


def test_unsafe_fixes_are_made_only_when_asked_for(plugin: Path) -> None:
    _write(plugin, "skills/shipping/SKILL.md", skill("Ship.", "ship-it"))
    linted = lint(plugin)
    assert fixes(linted, unsafe=False) == {}
    assert "name: shipping" in fixes(linted, unsafe=True)["skills/shipping/SKILL.md"]


def test_input_that_means_harm_is_one_finding_each(plugin: Path, tmp_path: Path) -> None:
    _write(plugin, "skills/shipping/SKILL.md", skill("Ship.\n" + "[a](references/x.md) " * 0))
    _write(plugin, "docs/huge.md", "# Huge\n" + "word " * 2_100_000)
    _write(plugin, "docs/binary.md", b"\0\1\2")
    _write(plugin, "docs/latin.md", b"caf\xe9")
    (plugin / "docs/out.md").symlink_to("/etc/hostname")
    (plugin / "docs/gone.md").symlink_to("nowhere.md")
    (plugin / "docs/loop").symlink_to("..")
    (plugin / "docs/self.md").symlink_to("self.md")
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]"
    _write(plugin, "skills/bomb/SKILL.md", f"---\nname: bomb\ndescription: d\n{bomb}\n---\n# Bomb\n")
    found = {(finding.code, finding.path) for finding in lint(plugin).findings}
    assert {
        ("OR902", "docs/huge.md"),
        ("OR901", "docs/binary.md"),
        ("OR901", "docs/latin.md"),
        ("OR903", "docs/out.md"),
        ("OR904", "docs/gone.md"),
        ("OR203", "skills/bomb/SKILL.md"),
    } <= found
    assert len(found) <= 8


@pytest.mark.parametrize(
    "body",
    ["`" * 20_000, "[" * 20_000, "a-" * 20_000, "**a" * 10_000, "| a " * 10_000, "> " * 3_000, "x" + " " * 50_000 + "y", "\t" * 20_000,
     "- " * 2_000, "├── a\n" * 5_000, "``` x\n" * 5_000, "a/" * 20_000, "<!--" * 10_000, "the " * 20_000 + "skill", "1. x\n" * 5_000],
    ids=range(15),
)  # fmt: skip
def test_no_text_makes_lint_hang(plugin: Path, body: str) -> None:
    _write(plugin, "skills/shipping/SKILL.md", skill(body))
    lint(plugin)


def test_more_files_than_are_looked_at_are_said(plugin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("outrider.kernel.limits.LINT_FILES", 3)
    for number in range(5):
        _write(plugin, f"docs/{number}.md", "# A\n")
    assert "OR905" in _codes(plugin)


def test_a_second_process_gives_the_same_answer_as_one(plugin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(20):
        _write(
            plugin,
            f"docs/page-{number}.md",
            f"# Page\n\nUse demo:nothing-{number}x.\n\n" + "Words and words.\n" * 600,
        )
    shared = lint(plugin).findings
    monkeypatch.setattr("outrider.kernel.limits.LINT_SHARED_OUT_CHARS", 1 << 60)
    assert lint(plugin).findings == shared
    assert len(shared) == 21


def test_work_of_a_child_that_dies_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("outrider.kernel.limits.LINT_SHARED_OUT_CHARS", 0)
    here = os.getpid()

    def work(keys: object) -> list[str]:
        if os.getpid() != here:
            os._exit(7)
        return sorted(keys)  # type: ignore[call-overload]

    parts = shared_out(work, {"a": 1, "b": 1})
    assert sorted(key for part in parts for key in part) == ["a", "b"]


def test_lint_writes_nothing(plugin: Path) -> None:
    before = {path: path.read_bytes() for path in plugin.rglob("*") if path.is_file()}
    lint(plugin)
    assert {path: path.read_bytes() for path in plugin.rglob("*") if path.is_file()} == before
    assert json.dumps(sorted(map(str, before)))
