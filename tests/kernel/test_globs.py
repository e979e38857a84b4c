"""Globs."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outrider.kernel.globs import matches_branch, spread
from outrider.kernel.limits import GLOB_SPREAD


@pytest.mark.parametrize(
    ("glob", "text", "expected"),
    [
        ("**/x", "x", True),
        ("**/x", "a/b/x", True),
        ("**/x", "/x", True),
        ("**/x", "ax", False),
        ("a/**/b", "a/b", True),
        ("a/**/b", "a/c/d/b", True),
        ("a/**/b", "ab", False),
        ("a/**", "a", False),
        ("a/**", "a/", True),
        ("a**b", "a/x/b", True),
        ("a*b", "a/b", False),
        ("a?b", "a/b", False),
        ("**/**/**/x", "x", True),
        ("**/*", "a", True),
        ("****", "a/b", True),
        ("{a,b,}c", "c", True),
        ("{a}", "{a}", True),
        ("{a,b", "{a,b", True),
        ("[ab]", "a", False),
    ],
)
def test_a_glob_matches_what_the_page_says(glob: str, text: str, expected: bool) -> None:
    assert matches_branch(glob, text) is expected


def _as_regex(glob: str) -> str:
    glob = re.sub(r"\*{2,}", "**", glob)
    parts, at = [], 0
    while at < len(glob):
        if glob.startswith("**/", at) and (at == 0 or glob[at - 1] == "/"):
            parts.append("(?:.*/)?")
            at += 3
        elif glob.startswith("**", at):
            parts.append(".*")
            at += 2
        else:
            parts.append({"*": "[^/]*", "?": "[^/]"}.get(glob[at], re.escape(glob[at])))
            at += 1
    return "".join(parts)


@given(st.text("ab/*?", max_size=10), st.text("ab/", max_size=8))
def test_the_machine_agrees_with_a_regular_expression(glob: str, text: str) -> None:
    assert matches_branch(glob, text) == (re.fullmatch(_as_regex(glob), text) is not None)


def test_a_pathological_glob_is_matched_in_one_pass() -> None:
    assert not matches_branch("a*" * 100, "a" * 900 + "b" + "/")
    assert not matches_branch("**/a" * 50, "a/" * 450 + "b")


def test_braces_stand_for_a_bounded_number_of_globs() -> None:
    assert len(spread("{a,b}" * 30)) == GLOB_SPREAD + 1
    assert spread("x{a,b}{c,d}") == ("xac", "xad", "xbc", "xbd")
