"""A collection of plugins: what is a component, and by which name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outrider.plan.plugin.components import kind_of
from outrider.plan.plugin.former import Gone, read_former
from outrider.plan.plugin.manifests import read_json
from outrider.plan.plugin.tools import tools_in_sources
from outrider.plan.plugin.tree import File, folders_above, joined, make_tree
from tests.plan.plugin.plugins import plugin, skill


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("skills/a/SKILL.md", "skill"),
        ("skills/group/a/SKILL.md", "skill"),
        (".claude/skills/a/SKILL.md", "skill"),
        ("commands/go.md", "command"),
        ("commands/README.md", None),
        ("agents/checker.md", "agent"),
        ("skills/a/agents/part.md", None),
        (".state/skills/a/SKILL.md", None),
        ("tests/fixtures/skills/a/SKILL.md", None),
        ("docs/guide.md", None),
    ],
)
def test_a_component_is_told_by_its_place(path: str, kind: str | None) -> None:
    assert kind_of(path) == kind


def test_a_skill_answers_to_its_folder_and_to_what_its_front_matter_says() -> None:
    collection = plugin({"skills/shipping/SKILL.md": skill("x", "ship-it")})
    assert {"shipping", "ship-it"} == set(collection.by_name)


def test_a_folder_of_skills_without_a_plugin_has_skills() -> None:
    assert [each.name for each in plugin({"one/SKILL.md": skill("x")}).skills] == ["one"]


def test_a_marketplace_names_its_plugins() -> None:
    listing = '{"plugins": [{"name": "a", "source": "./a"}, {"name": "b", "source": "./b"}]}'
    collection = plugin({".claude-plugin/marketplace.json": listing, "a/skills/x/SKILL.md": skill("x")})
    assert {"a", "b", "demo"} == set(collection.plugin_names)
    assert collection.plugin_of("a/skills/x/SKILL.md") == "a"


def test_a_name_of_the_past_follows_the_newest_commit() -> None:
    former = read_former(
        [Gone("skills/a/SKILL.md", "2", "skills/b/SKILL.md"), Gone("skills/a/SKILL.md", "1")]
    )
    assert former.names["a"][2:] == ("2", "b")


def test_tools_are_those_that_a_server_registers() -> None:
    source = "setRequestHandler(ListToolsRequestSchema, [{ name: 'things_list' }, { name: 'things_get' }]); new Server({name: 'my-server'})"
    assert tools_in_sources(make_tree("t", [File("src/server.ts", text=source)])) == {
        "things_list",
        "things_get",
    }
    assert tools_in_sources(make_tree("t", [File("dist/server.js", text=source)])) == frozenset()


@given(st.text(max_size=60))
def test_any_text_is_json_or_a_fault_with_a_line(text: str) -> None:
    file = read_json(File("a.json", text=text))
    assert (file.value is None) or not file.fault
    assert 1 <= file.fault_line <= text.count("\n") + 1


def test_json_that_is_nested_without_end_is_a_fault() -> None:
    assert read_json(File("a.json", text="[" * 100_000)).fault


@given(st.lists(st.sampled_from(["a", "b", "..", ".", ""]), max_size=6).map("/".join))
def test_a_joined_path_never_leaves_the_root(path: str) -> None:
    found = joined("base/inner", path)
    assert found is None or ".." not in found.split("/")


def test_folders_above_end_with_the_root() -> None:
    assert folders_above("a/b/c.md") == ["a/b", "a", ""]
