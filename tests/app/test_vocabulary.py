"""A project's own words: `.outrider/activities.yaml`."""

from __future__ import annotations

from pathlib import Path

import pytest

from outrider.app.vocabulary import Vocabularies
from outrider.kernel import limits
from outrider.kernel.errors import UnreadableError

from .shops import audits_of, shop

OWN = """\
words:
  deploy.run: the shop was deployed
  deploy.pass: a deployment succeeded
  deploy.fail: a deployment failed
  stock.counted: the stock was counted
commands:
  deploy:
    shipit: [shipit up]
  stock.counted: [git commit]
"""


def names(project: Path | str, command: str) -> list[str]:
    classify = Vocabularies().of_project(str(project))
    return [each.name for each in classify("Bash", {"command": command}, "ok", "", str(project))]


def put(project: Path, text: str | bytes) -> Path:
    path = project / ".outrider/activities.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_without_a_file_the_shipped_words_hold(tmp_path: Path) -> None:
    assert names(tmp_path, "pytest -q")[:1] == ["test.run"]
    assert names("", "pytest -q")[:1] == ["test.run"]
    assert names(tmp_path, "shipit up") == []


def test_a_project_adds_words_and_rules_to_the_shipped_ones(tmp_path: Path) -> None:
    put(tmp_path, OWN)
    assert "deploy.run" in names(tmp_path, "shipit up --now")
    assert "test.run" in names(tmp_path, "pytest -q")
    assert {"deploy.run", "git.push"} <= Vocabularies().of_project(str(tmp_path)).vocabulary.words


def test_a_projects_rules_go_before_the_shipped_ones(tmp_path: Path) -> None:
    put(tmp_path, OWN)
    assert names(tmp_path, "git commit -m x") == ["stock.counted"]


def test_an_audit_speaks_the_words_of_the_sessions_own_project(tmp_path: Path) -> None:
    made = shop(tmp_path)
    put(made.project, OWN)
    made.workflow("skill: practicing-tdd\nrules:\n  - never stock.counted\n")
    for audit in audits_of(made.config, "practicing-tdd"):
        (run,) = audit.runs
        assert [rule.verdict.verdict for rule in run.rules] == ["broken"]
        assert not audit.found[run.run.number].mistakes


def test_all_problems_of_the_file_are_told_at_once(tmp_path: Path) -> None:
    path = put(
        tmp_path, "wrods: {}\nwords:\n  de ploy: x\ncommands:\n  tset: [a]\nfiles:\n  - poem: ['*.txt']\n"
    )
    with pytest.raises(UnreadableError) as told:
        names(tmp_path, "ls")
    assert (told.value.slug, told.value.exit_code) == ("activities-file-unusable", 3)
    for said in (str(path), "`wrods`", "`de ploy`", "`tset`", "`poem`"):
        assert said in told.value.message


@pytest.mark.parametrize(
    "text",
    [
        "- a\n- list\n",
        "just text",
        "words: [",
        "\t",
        "&a [*a, *a]",
        "a: &a [x]\nb: *a\n",
        b"\xff\xfe\x00",
        "words: {a: b: c}",
        "[" * 5000,
    ],
)
def test_what_is_no_vocabulary_at_all_is_the_same_named_error(tmp_path: Path, text: str | bytes) -> None:
    put(tmp_path, text)
    with pytest.raises(UnreadableError) as told:
        names(tmp_path, "ls")
    assert told.value.slug == "activities-file-unusable"


def test_a_file_over_a_mebibyte_is_a_named_error(tmp_path: Path) -> None:
    put(tmp_path, b"#" * (limits.SKILL_FILE_BYTES + 1))
    with pytest.raises(UnreadableError, match="larger than"):
        names(tmp_path, "ls")


@pytest.mark.parametrize("project", ["/x" * 4000, "/nul\x00", "\udcff"])
def test_a_project_that_cannot_be_a_folder_has_the_shipped_words(project: str) -> None:
    assert "test.run" in names(project, "pytest")
