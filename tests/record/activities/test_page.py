"""`docs/activities.md` says what the vocabulary says, and its examples are true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from outrider.record.activities.activity import Activity
from outrider.record.activities.classify import happened
from outrider.record.activities.vocabulary import Vocabulary, build_vocabulary

from .made_vocabulary import CWD, did, names, shipped_file

PAGE = (Path(__file__).parents[3] / "docs/activities.md").read_text("utf-8")


def block(language: str) -> str:
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return str(found)


@pytest.fixture(scope="module")
def project() -> Vocabulary:
    vocabulary, problems = build_vocabulary(shipped_file(), yaml.safe_load(block("yaml")))
    assert problems == []
    return vocabulary


def test_the_table_is_the_vocabulary() -> None:
    rows = re.findall(r"^\| `([a-z.]+)` \| ([^|]+) \|$", PAGE, re.MULTILINE)
    assert dict(rows) == shipped_file()["words"]
    assert [word for word, _ in rows] == list(shipped_file()["words"])  # type: ignore[call-overload]


def test_the_example_of_a_command_gives_what_stands_below_it() -> None:
    rows = re.findall(r"^\| `([a-z.]+)` \|([^|]*)\|([^|]*)\|([^|]*)\|$", PAGE, re.MULTILINE)
    expected = [Activity(name, of.strip(), to.strip(), within.strip()) for name, of, to, within in rows]
    assert list(did(block("sh").strip())) == expected


def test_the_example_of_a_projects_file_has_every_section(project: Vocabulary) -> None:
    assert yaml.safe_load(block("yaml")).keys() == shipped_file().keys()
    assert {"deploy.run", "deploy.pass", "deploy.fail", "stock.counted"} <= project.words


@pytest.mark.parametrize(
    ("command", "means"),
    [
        ("rocket up", ["deploy.run", "deploy.pass"]),
        ("rocket up --dry-run", []),
        ("with-secrets rocket up", ["deploy.run", "deploy.pass"]),
        ("npm run rollout", ["deploy.run", "deploy.pass"]),
        ("psql -f count.sql", ["stock.counted"]),
        ("./ci/try-cart.sh", ["test.run", "test.pass"]),
        ("echo x > generated/a.py", []),
        ("echo x > cart.scenario", ["edit.test"]),
        ("pytest", ["test.run", "test.pass"]),
    ],
)
def test_the_example_of_a_projects_file_means_what_its_comments_say(
    project: Vocabulary, command: str, means: list[str]
) -> None:
    assert names(did(command, vocabulary=project)) == means


@pytest.mark.parametrize(
    ("tool", "given", "means"),
    [
        ("mcp__forge__open_change", {}, "pr.create"),
        ("Agent", {"subagent_type": "gatekeeper", "prompt": "look"}, "review"),
        ("Skill", {"skill": "craft:second-look"}, "review"),
    ],
)
def test_its_tools_subagents_and_skills_mean_it_too(
    project: Vocabulary, tool: str, given: dict[str, object], means: str
) -> None:
    assert means in names(happened(tool, given, "ok", "", project, cwd=CWD))
