"""Sentences that are rules beyond doubt."""

from __future__ import annotations

import pytest

from tests.plan.workflow.derive.made import derived


@pytest.mark.parametrize(
    ("sentence", "rule"),
    [
        ("- Never push directly to `main`.", "never git.push to main"),
        ("NEVER force-push to master", "never git.push to main"),
        (
            "NO PRODUCTION CODE WITHOUT A FAILING TEST FIRST",
            "before edit.src require test.fail since edit.test",
        ),
        (
            "No completion claims without fresh verification evidence!",
            "before claim.done require test.pass | build.pass | lint.pass since edit.src",
        ),
    ],
)
def test_these_sentences_are_rules(sentence: str, rule: str) -> None:
    [found] = derived(f"# Tea\n\n{sentence}\n\nAgain: {sentence}\n").rules
    assert (found.text, found.line) == (rule, 3)
    assert found.confidence < 1


@pytest.mark.parametrize(
    "sentence",
    ["Never push people.", "Push to main when done.", "No code without tea.", "Never write code to main"],
)
def test_other_sentences_are_none(sentence: str) -> None:
    assert derived(sentence).rules == ()


def test_a_rule_that_the_author_wrote_too_stands_once() -> None:
    text = "Never push to main.\n<!-- workflow:rule: never git.push to main -->\n"
    assert [(rule.source, rule.line) for rule in derived(text).rules] == [("annotation", 2)]
