"""Evidence out of what a step's title and text name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outrider.kernel.limits import STEP_TEXT_CHARS
from outrider.plan.workflow.derive.evidence import evidence_in
from outrider.plan.workflow.patterns import parse_pattern
from tests.plan.workflow.made import WORDS


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Write a failing test", ["edit.test", "test.fail"]),
        ("Verify it fails for the right reason", ["test.fail"]),
        ("Run the full test suite", ["test.run"]),
        ("Verify that all tests pass", ["test.pass"]),
        ("Run `cargo build`", ["build.pass"]),
        ("Lint with ruff", ["lint.run"]),
        ("Implement the change", ["edit.*"]),
        ("Create a git worktree", ["git.worktree"]),
        ("Commit your work", ["git.commit"]),
        ("Push to the fork", ["git.push"]),
        ("Merge into the base branch", ["git.merge"]),
        ("Open a pull request", ["pr.create"]),
        ("Request code review", ["review"]),
        ("Dispatch a subagent for each file", ["agent:*"]),
        ("Dispatch in parallel", ["agent:*"]),
        ("Use garden:planting-trees", ["skill:planting-trees"]),
        ("Follow the `planting-trees` skill", ["skill:planting-trees"]),
        ("Call mcp__garden__plant_tree", ["mcp:garden.plant_tree"]),
        ("Use the plant_tree MCP tool", ["mcp:*.plant_tree"]),
        ("Ask clarifying questions", ["ask.user | prompt"]),
        ("Create todos for each item", ["task.start | task.done"]),
        ("Search the web", ["web"]),
        ("Write the design doc", ["edit.docs | edit.src"]),
        ("Read the files", ["read | search"]),
        ("Think", []),
    ],
)
def test_a_title_names_its_evidence(title: str, found: list[str]) -> None:
    assert list(evidence_in(title, "")) == found


@pytest.mark.parametrize(
    ("title", "text", "found"),
    [
        ("Finish", "Read it again, then `git commit` it.", ["git.commit"]),
        ("Finish", "Read it again.", ["read | search"]),
        ("Commit your work", "Run `pytest` and ask the user.", ["git.commit"]),
        ("Implement it", "Write a failing test, then `git push`.", ["edit.*", "edit.test", "test.fail"]),
        ("Explore the garden", "Dispatch a subagent.", ["read | search"]),
        ("Choose", "Use AskUserQuestion, then `ruff check`.", ["ask.user", "lint.run"]),
    ],
    ids=["strong", "weak", "title first", "proofs", "weak title", "named tool"],
)
def test_the_text_is_asked_where_the_title_does_not_say(title: str, text: str, found: list[str]) -> None:
    if title == "Explore the garden":
        found = list(evidence_in(title, ""))
    assert list(evidence_in(title, text)) == found


@pytest.mark.parametrize(
    "text",
    [
        "```python\nrun('pytest')\n```\n",
        "```bash\nif [ -f Cargo.toml ]; then cargo build; fi\n# then git push\n```\n",
        "Create a PR template.\n",
        "That file is made by planting-trees skill.\n",
        "See https://tea-house.example and localhost:tea-pot.\n",
        "x " * STEP_TEXT_CHARS + "run `pytest`",
    ],
    ids=["other language", "under a condition", "template", "made elsewhere", "addresses", "far down"],
)
def test_what_is_not_to_be_done_here_is_no_evidence(text: str) -> None:
    found = evidence_in("Think", text)
    assert not [each for each in found if each.startswith(("test", "build", "git", "pr", "skill"))]


def test_commands_for_a_shell_are_what_is_to_be_run() -> None:
    assert evidence_in("Think", "```bash\ngit worktree add tea\n```\n") == ("git.worktree",)


def test_three_pieces_are_enough() -> None:
    text = "Run `pytest`, `ruff check`, `git commit`, `git push`, `gh pr create`."
    assert evidence_in("Think", text) == ("test.run", "lint.run", "git.commit")


@pytest.mark.parametrize(
    "word", ["run", "run ", "a-", "a/", "a_b_", "x:", "mcp__", "create a b c d ", "red ", "`"]
)
def test_no_word_repeated_takes_more_than_its_length(word: str) -> None:
    assert len(evidence_in(word * 100_000, word * 100_000)) <= 3


@given(
    st.text(max_size=100),
    st.lists(
        st.sampled_from(
            ["run ", "the tests", "fail", "a-b", ":", "_x", "tool", "skill", "mcp__", "\n```", "."]
        )
    ).map("".join),
)
def test_evidence_is_always_well_written_and_known(title: str, text: str) -> None:
    for pattern in evidence_in(title, text):
        parse_pattern(pattern, WORDS)
