"""Activity patterns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outrider.plan.workflow.mistakes import TextError
from outrider.plan.workflow.model import Alternative, Pattern
from outrider.plan.workflow.patterns import covers, matches, parse_pattern, pattern_as_text, read_pattern
from outrider.record.activities.activity import Activity
from tests.plan.workflow.made import WORDS, alternatives, patterns


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("test.fail", (Alternative("test.fail"),)),
        ("edit.src of src/**", (Alternative("edit.src", of="src/**"),)),
        ("git.push to main", (Alternative("git.push", to="main"),)),
        ("test.pass in packages/a", (Alternative("test.pass", within="packages/a"),)),
        ("test.pass in a of pytest", (Alternative("test.pass", of="pytest", within="a"),)),
        ("edit.src|review", (Alternative("edit.src"), Alternative("review"))),
        ('edit.docs of "my notes/*.md"', (Alternative("edit.docs", of="my notes/*.md"),)),
        ("git.push to 'until'", (Alternative("git.push", to="until"),)),
        ('edit.docs of "a ""b"""', (Alternative("edit.docs", of='a "b"'),)),
        ("edit.docs of don't.md", (Alternative("edit.docs", of="don't.md"),)),
    ],
)
def test_a_pattern_reads_as_its_alternatives(text: str, parts: tuple[Alternative, ...]) -> None:
    assert parse_pattern(text, WORDS) == Pattern(text, parts)


@pytest.mark.parametrize(
    ("text", "column", "slug", "suggestion"),
    [
        ("", 1, "unexpected-text", ""),
        ("edit.src of", 12, "unexpected-text", ""),
        ("edit.src |", 11, "unexpected-text", ""),
        ("edit.src review", 10, "unexpected-text", ""),
        ("edit.src of a of b", 15, "unexpected-text", "put `|` between alternatives"),
        ("git.push to per", 13, "unexpected-text", "put it in quotes"),
        ('edit.src of "a', 13, "unclosed-quote", 'add " at its end'),
        ('edit.src of ""', 13, "empty-text", ""),
        ("test.fial", 1, "unknown-activity", "did you mean `test.fail`?"),
        ("review | test.passed", 10, "unknown-activity", "did you mean `test.pass`?"),
        ("deploy.*", 1, "unknown-activity", "`outrider activities` lists all"),
        ("agent:", 1, "family-name", "write `agent:*` for any of them"),
        ("mcp:github", 1, "family-name", "write `mcp:github.*` for all tools of the server"),
        ("skill:p:tdd", 1, "family-name", "write `skill:tdd`, or `skill:tdd of p:tdd`"),
        ("edit.src of " + "a" * 201, 13, "bad-glob", "use a shorter glob, or alternatives with `|`"),
        ("edit.src of " + "{a,b}" * 6, 13, "bad-glob", "use a shorter glob, or alternatives with `|`"),
        ("read" + " | read" * 20, 139, "too-many", "use a glob, such as `edit.*`"),
        ("re\u202ead", 3, "hidden-character", ""),
        ("read of " + "a" * 2_000, 1, "too-long", "say it in fewer words"),
    ],
)
def test_a_mistake_says_where_what_and_what_instead(
    text: str, column: int, slug: str, suggestion: str
) -> None:
    with pytest.raises(TextError) as caught:
        parse_pattern(text, WORDS)
    mistake = caught.value
    assert (mistake.column, mistake.slug, mistake.suggestion) == (column, slug, suggestion)


def test_all_unknown_names_of_a_pattern_are_told_at_once() -> None:
    reading = read_pattern("reed | serch | plan", WORDS)
    assert [(each.column, each.suggestion) for each in reading.mistakes] == [
        (1, "did you mean `read`?"),
        (8, "did you mean `search`?"),
    ]


@pytest.mark.parametrize(
    "name", ["agent:Explore", "skill:x", "mcp:a.b", "mcp:*", "*", "a*", "*:x", "edit.*", "{edit,test}.*"]
)
def test_open_families_and_globs_that_match_something_are_known(name: str) -> None:
    assert parse_pattern(name, WORDS).alternatives[0].name == name


@pytest.mark.parametrize(
    ("text", "activity", "expected"),
    [
        ("edit.*", Activity("edit.src"), True),
        ("edit.*", Activity("edits"), False),
        ("mcp:*", Activity("mcp:a.b"), True),
        ("edit.src of src/**", Activity("edit.src", "src/a/b.py"), True),
        ("edit.src of src/*", Activity("edit.src", "src/a/b.py"), False),
        ("edit.src of src/**", Activity("edit.src", "lib/src/b.py"), False),
        ("edit.src of src/**", Activity("edit.src", "/home/user/p/src/b.py"), True),
        ("edit.src of src/**", Activity("edit.src", "C:\\p\\src\\b.py"), True),
        ("edit.src of ./src/", Activity("edit.src", "src/b.py"), True),
        ("edit.src of *.{ts,tsx}", Activity("edit.src", "web/[id].tsx"), True),
        ("edit.src of [id].tsx", Activity("edit.src", "web/[id].tsx"), True),
        ("edit.src of src/**", Activity("edit.src"), False),
        ("git.push to main", Activity("git.push", to="feature/main"), False),
        ("git.push to feature/*", Activity("git.push", to="feature/x"), True),
        ("git.push to *", Activity("git.push"), True),
        ("test.pass in packages/a", Activity("test.pass", within="packages/a/tests"), True),
        ("test.pass in packages/a", Activity("test.pass", within="packages/ab"), False),
        ("test.pass in **", Activity("test.pass"), False),
        ("git.push | review", Activity("review"), True),
    ],
)
def test_a_pattern_matches_what_it_says(text: str, activity: Activity, expected: bool) -> None:
    assert matches(parse_pattern(text), activity) is expected


@pytest.mark.parametrize(
    ("text", "other", "expected"),
    [
        ("test.*", "test.pass", True),
        ("test.pass", "test.*", False),
        ("*", "edit.* | review", True),
        ("edit.src", "edit.src of a", True),
        ("edit.src of a", "edit.src", False),
        ("edit.src of src/**", "edit.src of src/a.py", True),
        ("edit.src of src/a.py", "edit.src of a.py", False),
        ("git.push to main", "git.push to main | git.push", False),
    ],
)
def test_a_pattern_covers_only_what_surely_belongs_to_it(text: str, other: str, expected: bool) -> None:
    assert covers(parse_pattern(text), parse_pattern(other)) is expected


@given(patterns)
def test_writing_and_reading_a_pattern_gives_the_same(pattern: Pattern) -> None:
    assert parse_pattern(pattern_as_text(pattern)) == pattern


@given(alternatives, alternatives, st.sampled_from(sorted(WORDS)), st.text("abc/.", max_size=6))
def test_what_is_covered_never_matches_more(one: Alternative, other: Alternative, name: str, of: str) -> None:
    mine, theirs = Pattern("", (one,)), Pattern("", (other,))
    activity = Activity(name, of, of, of)
    if covers(mine, theirs) and matches(theirs, activity):
        assert matches(mine, activity)


@given(st.text())
def test_no_text_breaks_the_reading_of_patterns(text: str) -> None:
    reading = read_pattern(text, WORDS)
    assert (reading.value is None) == bool(reading.mistakes)
