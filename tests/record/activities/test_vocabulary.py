from __future__ import annotations

import pytest

from outrider.record.activities.globs import fits
from outrider.record.activities.vocabulary import Vocabulary, build_vocabulary
from tests.record.activities.made_vocabulary import did, names, shipped, shipped_file

WORDS = """test.run test.pass test.fail build.run build.pass build.fail lint.run lint.pass lint.fail edit.src edit.test
edit.docs edit.config read search web diff.read git.commit git.push git.merge git.worktree pr.create review ask.user plan
task.start task.done prompt correction interrupt compaction claim.done"""


def project(given: dict[str, object]) -> Vocabulary:
    vocabulary, problems = build_vocabulary(shipped_file(), given)
    assert problems == []
    return vocabulary


def test_the_shipped_words_are_those_of_the_design() -> None:
    assert shipped().words == frozenset(WORDS.split())


@pytest.mark.parametrize("name", ["test.run", "agent:x", "skill:y", "mcp:a.b"])
def test_words_and_open_families_are_known(name: str) -> None:
    assert shipped().knows(name)


@pytest.mark.parametrize("name", ["", "test", "agent:", "tests.run", "agent", "mcp:"])
def test_other_names_are_not(name: str) -> None:
    assert not shipped().knows(name)


def test_a_command_may_stand_for_a_servers_tool() -> None:
    vocabulary = project({"commands": {"mcp:forge.open_issue": ["forge issue"]}})
    assert names(did("forge issue --title x", vocabulary=vocabulary)) == ["mcp:forge.open_issue"]
    assert names(did("outrider audit last")) == ["mcp:outrider.audit"]
    assert names(did("outrider audit last", "error", "Exit code 1\nbroken")) == ["mcp:outrider.audit"]
    assert names(did("outrider audit last", "error", "Exit code 3\nerror[x]")) == []
    assert names(did("outrider guard enforce x")) == []


def test_our_own_commands_are_told_apart() -> None:
    assert [each.of for each in did("outrider backtest a b; /opt/bin/outrider workflow derive x")] == [
        "outrider backtest",
        "outrider workflow derive",
    ]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("src/cart.py", "src"),
        ("cart_test.go", "test"),
        ("tests/made.py", "test"),
        ("src/test/java/CartTest.java", "test"),
        ("internal/integration_test/env.go", "test"),
        ("src/latest.py", "src"),
        ("README.md", "docs"),
        ("docs/conf.py", "docs"),
        ("tests/fixtures/a.md", "test"),
        ("tests/README.md", "docs"),
        ("package.json", "config"),
        (".github/workflows/ci.yml", "config"),
        ("Makefile", "config"),
        ("requirements-dev.txt", "config"),
        ("node_modules/a/index.js", "none"),
        ("tmp/x.py", "none"),
        ("LICENSE", "docs"),
    ],
)
def test_files_have_a_kind(path: str, kind: str) -> None:
    assert shipped().file_kind(path) == kind


def test_a_project_adds_words_and_rules_before_the_shipped_ones() -> None:
    own = project(
        {
            "words": {"deploy": "shipped to the users", "edit.api": "the interface was changed"},
            "commands": {
                "deploy": ["./scripts/deploy.sh", "kubectl apply"],
                "lint": {"houselint": "houselint all"},
            },
            "tasks": {"test": ["ci"], "lint": ["ci"]},
            "files": {"api": ["*.proto"]},
            "wrappers": ["shopx"],
            "tools": {"deploy": ["mcp__ops__*"]},
            "agents": {"review": {"descriptions": ["second look*"]}},
        }
    )
    assert names(did("shopx ./scripts/deploy.sh --now", vocabulary=own)) == ["deploy"]
    assert names(did("npm run ci", vocabulary=own)) == ["test.run", "test.pass", "lint.run", "lint.pass"]
    assert names(did("houselint all", vocabulary=own)) == ["lint.run", "lint.pass"]
    assert names(did("echo x > a.proto", vocabulary=own)) == ["edit.api"]
    assert own.knows("deploy")
    assert own.of_tool("mcp__ops__roll") == ["deploy"]
    assert own.of_agent("general-purpose", "Second look at it") == ["review"]
    assert own.of_agent("reviewer", "") == ["review"]


def test_a_new_check_has_an_outcome() -> None:
    own = project(
        {
            "words": {"bench.run": "measured", "bench.pass": "fast", "bench.fail": "slow"},
            "commands": {"bench": ["make bench", "hyperfine"]},
            "tasks": {"bench": ["bench"]},
        }
    )
    assert names(did("hyperfine a", vocabulary=own)) == ["bench.run", "bench.pass"]
    assert names(did("make bench", "error", "Exit code 2\nslow", vocabulary=own)) == [
        "bench.run",
        "bench.fail",
    ]


def test_a_project_may_take_a_meaning_back() -> None:
    own = project({"commands": {"none": ["rspec --dry-run"]}})
    assert did("rspec --dry-run", vocabulary=own) == ()
    assert names(did("rspec", vocabulary=own)) == ["test.run", "test.pass"]


def test_every_problem_of_a_project_file_is_told_at_once_and_the_rest_counts() -> None:
    vocabulary, problems = build_vocabulary(
        shipped_file(),
        {
            "wordz": {},
            "words": {"bad word": "x", "deploy": 3, "ship": "sent"},
            "commands": {"test.runn": ["x"], "ship": "sendit", "lint": [7]},
            "tasks": ["a"],
            "files": [{"nothing": ["*.x"]}],
            "agents": {"review": {"kinds": ["a"]}},
            "wrappers": "one",
        },
    )
    text = "\n".join(problems)
    for piece in (
        "`wordz`",
        "`bad word`",
        "`deploy`",
        "`test.runn`",
        "test.run",
        "`7`",
        "tasks:",
        "`nothing`",
        "`kinds`",
    ):
        assert piece in text
    assert names(did("sendit now", vocabulary=vocabulary)) == ["ship"]


def test_a_file_with_too_many_rules_is_cut_and_said() -> None:
    _, problems = build_vocabulary(shipped_file(), {"commands": {"read": [f"c{n}" for n in range(3_000)]}})
    assert len(problems) == 1
    assert "more than" in problems[0]


@pytest.mark.parametrize(
    ("pattern", "text", "is_fit"),
    [
        ("a*b*c", "abbc", True),
        ("a*b*c", "ac", False),
        ("*x*y*", "zxzyz", True),
        ("ab*ba", "aba", False),
        ("", "", True),
    ],
)
def test_globs_fit_the_whole(pattern: str, text: str, *, is_fit: bool) -> None:
    assert fits(pattern, text) is is_fit
