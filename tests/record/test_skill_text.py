from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outrider.record.skill_text import SkillPlace, is_skill_text, skill_place, skill_text

HEAD = "Base directory for this skill: /home/user/.claude/skills/mend"
BODY = "# Mend\n\nMend it.\n"


def test_a_skill_is_known_by_how_it_begins() -> None:
    assert is_skill_text(f"{HEAD}\n\n{BODY}")
    assert not is_skill_text(f"\n{HEAD}")
    assert not is_skill_text(BODY)
    assert not is_skill_text("")


def test_a_text_is_split_into_folder_and_body() -> None:
    parts = skill_text(f"{HEAD}\n\n{BODY}")
    assert (parts.base, parts.body) == ("/home/user/.claude/skills/mend", "# Mend\n\nMend it.")


def test_a_plain_command_has_no_folder() -> None:
    assert skill_text(BODY)[:2] == ("", BODY.strip())


def test_a_head_without_body_is_an_empty_skill() -> None:
    assert skill_text(HEAD)[:2] == ("/home/user/.claude/skills/mend", "")


@pytest.mark.parametrize(
    "end", ["\n\nARGUMENTS: the cart", "\nArguments: x\n", "\n\n\n\nARGUMENTS: ", "\n\n"]
)
def test_the_arguments_are_no_part_of_the_text(end: str) -> None:
    assert skill_text(f"{HEAD}\n\n{BODY}{end}").digest == skill_text(f"{HEAD}\n\n{BODY}").digest


@pytest.mark.parametrize("text", ["ARGUMENTS: a\nmore", "see ARGUMENTS: a", "arguments: a"])
def test_a_text_that_speaks_of_arguments_is_kept(text: str) -> None:
    assert skill_text(f"{HEAD}\n\n# Mend\n{text}").body == f"# Mend\n{text}"


def test_the_same_text_from_another_folder_is_the_same_version() -> None:
    assert skill_text(f"{HEAD}\n\n{BODY}").digest == skill_text(f"{HEAD}-two\n\n{BODY}").digest
    assert skill_text(f"{HEAD}\n\n{BODY}").digest != skill_text(f"{HEAD}\n\n{BODY}!").digest


@given(st.text(st.characters(exclude_categories=()), max_size=80))
def test_any_text_has_a_digest(text: str) -> None:
    for each in (text, f"{HEAD}\n{text}"):
        parts = skill_text(each)
        assert len(parts.digest) == 16
        assert skill_text(each) == parts


@pytest.mark.parametrize("part", ["\n", "\nARGUMENTS: ", "\n\nARGUMENTS:", "\nARGUMENTS: x\n", " \n"])
def test_no_text_takes_long(part: str) -> None:
    skill_text(part * 50_000 + "x")


CACHE = "/home/user/.claude/plugins/cache"


@pytest.mark.parametrize(
    ("base", "place"),
    [
        (f"{CACHE}/market/tools/1.2.0/skills/mend", SkillPlace("mend", "tools", "1.2.0")),
        (f"{CACHE}/market/tools/1.2.0/skills/mend/", SkillPlace("mend", "tools", "1.2.0")),
        (f"{CACHE}/market/tools/1.2.0/deep/er/skills/mend", SkillPlace("mend", "tools", "1.2.0")),
        (
            "C:\\Users\\dev\\.claude\\plugins\\cache\\m\\tools\\2\\skills\\mend",
            SkillPlace("mend", "tools", "2"),
        ),
        ("/home/user/.claude/skills/mend", SkillPlace("mend", "", "")),
        ("/home/user/project/.claude/skills/mend", SkillPlace("mend", "", "")),
        ("/home/user/src/tools/skills/mend", SkillPlace("mend", "tools", "")),
        ("/home/user/src/tools/mend", SkillPlace("mend", "", "")),
        ("mend", SkillPlace("mend", "", "")),
        ("/", SkillPlace("", "", "")),
        ("", SkillPlace("", "", "")),
    ],
)
def test_a_folder_tells_name_plugin_and_version(base: str, place: SkillPlace) -> None:
    assert skill_place(base) == place


@given(st.text(st.sampled_from("/\\.abskil") | st.characters(), max_size=60))
def test_any_folder_has_a_place(base: str) -> None:
    assert "/" not in skill_place(base).name
