"""A skill's text as structure."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outrider.kernel.limits import SKILL_READ_LINES
from outrider.plan.skill.text import Skill, read_skill

BREAD = """\
---
name: baking-bread
description: "Use when: flour is at hand"
tools: [oven, bowl]
---

# Baking

Warm the kitchen first.

## Dough
1. Mix flour
   - with water
   - with salt
2. Knead
### Rest
- [ ] cover the bowl
- [x] wait

```bash
bake --dry-run
```

## Oven
<!-- a remark
over two lines -->
After this, eat.
"""


def titles(skill: Skill) -> list[tuple[int, str, int, int]]:
    return [(each.level, each.title, each.line, each.end) for each in skill.sections]


def test_front_matter_gives_name_and_all_keys() -> None:
    skill = read_skill(BREAD)
    assert skill.name == "baking-bread"
    assert skill.front["description"] == "Use when: flour is at hand"
    assert skill.front["tools"] == ["oven", "bowl"]
    assert skill.fault is None


def test_sections_tell_where_they_begin_and_end() -> None:
    assert titles(read_skill(BREAD)) == [
        (1, "Baking", 7, 28),
        (2, "Dough", 11, 23),
        (3, "Rest", 16, 23),
        (2, "Oven", 24, 28),
    ]


def test_a_section_knows_those_around_it() -> None:
    skill = read_skill(BREAD)
    assert skill.titles_above(skill.section_at(17)) == ["Rest", "Dough"]
    assert skill.titles_above(skill.section_at(26)) == ["Oven"]
    assert skill.section_at(3) == -1


def test_items_tell_number_depth_and_box() -> None:
    found = [
        (each.text, each.line, each.depth, each.number, each.checkbox) for each in read_skill(BREAD).items
    ]
    assert found == [
        ("Mix flour", 12, 0, 1, False),
        ("with water", 13, 1, 0, False),
        ("with salt", 14, 1, 0, False),
        ("Knead", 15, 0, 2, False),
        ("cover the bowl", 17, 0, 0, True),
        ("wait", 18, 0, 0, True),
    ]


def test_fences_tell_language_and_first_line_of_code() -> None:
    [fence] = read_skill(BREAD).fences
    assert (fence.language, fence.text, fence.line) == ("bash", "bake --dry-run\n", 21)


def test_comments_tell_their_first_line() -> None:
    [comment] = read_skill(BREAD).comments
    assert (comment.text, comment.line) == ("a remark\nover two lines", 25)


def test_paragraphs_tell_their_first_line() -> None:
    first = read_skill(BREAD).paragraphs[0]
    assert (first.text, first.line) == ("Warm the kitchen first.", 9)


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_foreign_line_ends_change_nothing(ending: str) -> None:
    assert read_skill(BREAD.replace("\n", ending)) == read_skill(BREAD)


def test_headings_in_code_are_none() -> None:
    assert titles(read_skill("# A\n```\n## B\n```\n~~~\n## C\n~~~\n    ## D\n")) == [(1, "A", 1, 9)]


def test_headings_lose_their_markup() -> None:
    text = "## **Step 1**: use `ls` and snake_case\n\nUnder\n-----\n"
    assert [each.title for each in read_skill(text).sections] == [
        "Step 1: use ls and snake_case",
        "Under",
    ]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("skills/frying/SKILL.md", "frying"),
        ("skills\\frying\\SKILL.md", "frying"),
        ("kitchen:frying", "frying"),
        ("frying.md", "frying"),
        ("", ""),
    ],
)
def test_a_skill_without_a_name_goes_by_its_place(path: str, name: str) -> None:
    assert read_skill("# Frying", path=path).name == name


@pytest.mark.parametrize(
    "front",
    [
        "name: frying\ndescription: a: b: c",
        "name: frying\nlist: [1, 2",
        "name: frying\nagain: *nowhere",
        "name: frying\na: &a [1]\nb: *a",
        "name: frying\n\ttab: 1",
        "name: frying\nx: !!python/object:os.system y",
    ],
)
def test_bad_front_matter_is_a_value_and_its_plain_lines_still_count(front: str) -> None:
    skill = read_skill(f"---\n{front}\n---\n# Frying\n")
    assert skill.fault is not None
    assert skill.name == "frying"
    assert [each.title for each in skill.sections] == ["Frying"]


def test_front_matter_that_is_no_mapping_is_a_fault() -> None:
    skill = read_skill("---\n- a\n- b\n---\n# Frying\n", path="frying")
    assert skill.fault is not None
    assert (skill.name, len(skill.sections)) == ("frying", 1)


def test_a_fault_tells_its_line_in_the_file() -> None:
    fault = read_skill("---\nname: frying\nlist: *nowhere\n---\n").fault
    assert fault is not None
    assert fault.line == 3


def test_a_rule_at_the_beginning_is_no_front_matter_when_nothing_closes_it() -> None:
    assert titles(read_skill("---\n\n# Frying\n")) == [(1, "Frying", 3, 4)]


@pytest.mark.parametrize(
    "text",
    [
        "# Step 1: x\n" * 900_000,
        "- " * 100_000 + "x",
        "".join(" " * (2 * depth) + "- x\n" for depth in range(1_500)),
        ("> " * 300 + "x\n") * 500,
        "[" * 300_000,
        "`" * 300_000,
        "*_" * 150_000,
        "<!--" * 100_000,
        "---\na: " + "[" * 100_000 + "\n---\n# x",
        "---\n" + "--- x\n" * 60_000,
        "\0" * 300_000,
        "\ud800# Step\udfff",
        bytes(range(256)).decode("latin-1") * 1_000,
    ],
    ids=[
        "10 MB of headings", "lists in one line", "nested lists", "nested quotes", "brackets", "backquotes",
        "emphasis", "open comments", "nested front matter", "dashes", "nul", "surrogates", "bytes",
    ],
)  # fmt: skip
def test_bad_input_is_bounded(text: str) -> None:
    skill = read_skill(text)
    assert len(skill.lines) <= SKILL_READ_LINES
    assert max(len(skill.sections), len(skill.items), len(skill.fences)) <= SKILL_READ_LINES


@given(st.text(alphabet="#-`1.[] x\n>*<!:~|", max_size=300))
@settings(max_examples=200, deadline=None)
def test_whatever_stands_there_has_lines_inside_the_text(text: str) -> None:
    skill = read_skill(text)
    last = len(skill.lines)
    for section in skill.sections:
        assert 1 <= section.line <= section.end <= last
        assert -1 <= section.parent < len(skill.sections)
    for item in skill.items:
        assert 1 <= item.line <= last
    for note in (*skill.comments, *skill.paragraphs):
        assert 1 <= note.line <= last
