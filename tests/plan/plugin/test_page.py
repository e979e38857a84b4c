"""A Markdown file as structure: what is code is no prose, and every place is that of the text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from outrider.plan.plugin.page import Page, found_in, lines_with

_PIECES = st.sampled_from(
    ["# Title\n", "text `code` more\n", "```bash\n", "```\n", "````\n", "- item\n", "1. one\n", "    code\n", "\n", "<!-- x\n",
     "-->\n", "> quote\n", "| a | b |\n", "---\n", "é ⟦x⟧\n", "a-b-c\n"]
)  # fmt: skip


def _page(text: str) -> Page:
    return Page("skills/a/SKILL.md", text)


@given(st.lists(_PIECES, max_size=25).map("".join))
def test_prose_keeps_the_place_of_every_character(text: str) -> None:
    page = _page(text)
    assert len(page.prose) == len(text)
    assert page.prose.count("\n") == text.count("\n")
    for kept, written in zip(page.prose, text, strict=True):
        assert kept in (written, "\x01")


@given(st.lists(_PIECES, max_size=25).map("".join))
def test_fences_lie_inside_the_text_and_do_not_overlap(text: str) -> None:
    page = _page(text)
    last = 0
    for fence in page.fences:
        assert last < fence.line <= fence.end <= len(page.lines)
        last = fence.end


@given(st.lists(_PIECES, max_size=25).map("".join))
def test_every_name_with_hyphens_stands_where_it_is_said_to(text: str) -> None:
    for slug in _page(text).slugs:
        assert text[slug.start : slug.start + len(slug.text)] == slug.text


def test_code_front_matter_and_comments_are_no_prose() -> None:
    page = _page("---\nname: a\n---\nwords <!-- hidden -->\n```bash\nls\n```\n\n    indented\n")
    prose = page.prose
    assert "words" in prose
    for hidden in ("name", "hidden", "ls", "indented"):
        assert hidden not in prose


def test_an_unclosed_fence_is_told_from_a_closed_one() -> None:
    assert [fence.closed for fence in _page("```\na\n```\n").fences] == [True]
    assert [fence.closed for fence in _page("```\na\n").fences] == [False]
    assert [fence.closed for fence in _page("````\na\n```\n").fences] == [False]
    assert [fence.closed for fence in _page("- x\n  ```\n  a\n\ntext\n").fences] == [False]


def test_titles_around_a_line_are_the_sections_it_stands_in() -> None:
    page = _page("# A\n## B\n### C\ntext\n## D\nmore\n")
    assert page.titles_around(4) == ["C", "B", "A"]
    assert page.titles_around(6) == ["D", "A"]


def test_places_count_from_one() -> None:
    page = _page("ab\ncd\n")
    assert page.place(0) == (1, 1)
    assert page.place(4) == (2, 2)


def test_numbers_of_items_are_those_of_the_source() -> None:
    assert [item.number for item in _page("1. a\n3. b\n\n- c\n").items] == [1, 3, -1]


def test_lines_with_a_word_are_found_once_each() -> None:
    text = "no\nskill skill\nno\na skill"
    assert [text[begin:end] for begin, end in lines_with(text, "skill", "kill")] == ["skill skill", "a skill"]
    import re

    assert [match[0] for match in found_in(re.compile("skill"), text, lines_with(text, "skill"))] == [
        "skill"
    ] * 3
