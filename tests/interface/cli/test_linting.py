"""`outrider lint` on the command line: its four forms, its exit codes, and foreign text made inert."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from outrider.interface.cli.main import outrider
from outrider.judge.lint.catalogue import RULES
from tests.plan.plugin.plugins import skill


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    for path, text in {
        ".claude-plugin/plugin.json": '{"name": "demo"}',
        "skills/shipping/SKILL.md": skill("Use demo:nothing-here.\n\n1. a\n3. b", "ship-it"),
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    return tmp_path


def _run(*words: object) -> Result:
    return CliRunner().invoke(outrider, ["lint", *map(str, words)])


def test_json_has_the_documented_shape(plugin: Path) -> None:
    result = _run(plugin, "--format", "json")
    value = json.loads(result.stdout)
    assert (result.exit_code, value["schema"]) == (1, "outrider.lint/1")
    for finding in value["findings"]:
        assert set(finding) == {"code", "severity", "path", "line", "column", "message", "fix"}
        assert finding["code"] in RULES
        assert finding["severity"] in ("error", "warning", "info")
        assert (plugin / finding["path"]).exists()
    assert [finding["code"] for finding in value["findings"]] == ["OR201", "OR101", "OR402"]


def test_sarif_names_rules_places_and_fingerprints(plugin: Path) -> None:
    log = json.loads(_run(plugin, "--format", "sarif").stdout)
    assert log["version"] == "2.1.0"
    run = log["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        region = result["locations"][0]["physicalLocation"]["region"]
        assert min(region["startLine"], region["startColumn"]) >= 1
        assert result["partialFingerprints"]


def test_github_lines_escape_what_their_format_needs(plugin: Path) -> None:
    (plugin / "docs").mkdir()
    (plugin / "docs" / "a,b:c.md").write_text("# A\n\nUse demo:none-100%-x and [50%](none%41.md).\n")
    lines = _run(plugin, "--format", "github").stdout.splitlines()
    assert all(line.startswith(("::error file=", "::warning file=", "::notice file=")) for line in lines)
    assert any("file=docs/a%2Cb%3Ac.md,line=3" in line for line in lines)


def test_exit_codes_follow_the_least_severity(plugin: Path) -> None:
    assert _run(plugin, "--only", "OR402").exit_code == 1
    assert _run(plugin, "--only", "OR402", "--fail-on", "error").exit_code == 0
    assert _run(plugin, "--fail-on", "never").exit_code == 0
    assert _run(plugin, "--only", "OR405").exit_code == 0
    assert _run(plugin, "--only", "OR999").exit_code == 2
    assert _run(plugin / "none").exit_code == 3


def test_a_diff_shows_and_writes_nothing(plugin: Path) -> None:
    place = plugin / "skills/shipping/SKILL.md"
    before = place.read_text()
    result = _run(plugin, "--fix", "--unsafe", "--diff")
    assert "-name: ship-it\n+name: shipping" in result.stdout
    assert place.read_text() == before
    _run(plugin, "--fix", "--unsafe")
    assert "name: shipping" in place.read_text()


def test_a_baseline_is_written_and_used(plugin: Path) -> None:
    known = plugin / "known.json"
    assert _run(plugin, "--write-baseline", known).exit_code == 0
    result = _run(plugin, "--baseline", known)
    assert (result.exit_code, "3 known from the baseline" in result.stdout) == (0, True)


def test_rules_are_listed_and_explained() -> None:
    assert _run("--rules").stdout.count("\n") == len(RULES)
    assert "docs/rules/OR101.md" in _run("--explain", "qualified-name").stdout
    assert _run("--explain", "nothing").exit_code == 2


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
def test_foreign_text_is_inert_in_every_form(plugin: Path, form: str) -> None:
    hostile = "\x1b[31m\x07\u202e\u200b"
    (plugin / "docs").mkdir()
    (plugin / "docs" / f"a{hostile}.md").write_text(
        f"# A\n\nSee [x](none{hostile}.md).\n\n```{hostile}\nnever closed\n"
    )
    out = _run(plugin, "--format", form).stdout
    assert not set("\x1b\x07\u202e\u200b").intersection(out)
    assert "docs/a" in out


def test_without_the_client_validate_says_so(plugin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    result = _run(plugin, "--validate")
    assert "was not asked" in result.stderr
    assert result.exit_code == 1
