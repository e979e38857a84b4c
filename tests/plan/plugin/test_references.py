"""References: what resolves, what does not, and what only looks like one."""

from __future__ import annotations

import pytest

from outrider.plan.plugin.former import Gone
from outrider.plan.plugin.reference import Reference
from outrider.plan.plugin.references import References
from tests.plan.plugin.plugins import plugin, skill

_OTHER = {"skills/testing-code/SKILL.md": skill("Test.", "testing-code")}
_PATH = "skills/shipping/SKILL.md"


def _broken(
    body: str, files: dict[str, str] | None = None, gone: list[Gone] | None = None
) -> list[Reference]:
    collection = plugin({_PATH: skill(body), **_OTHER, **(files or {})}, gone)
    found = References(collection).of(collection.pages[_PATH])
    return [each for each in found if not each.target and each.scope == "plugin"]


@pytest.mark.parametrize(
    "body",
    [
        "Use demo:testing-code.",
        "Use the `testing-code` skill.",
        "See [it](../testing-code/SKILL.md).",
        "Read `skills/testing-code/SKILL.md`.",
        "Read ${CLAUDE_PLUGIN_ROOT}/skills/testing-code/SKILL.md.",
        "See [below](#title).",
        "Type `/compact`.",
    ],
)
def test_what_is_there_is_no_broken_reference(body: str) -> None:
    assert _broken(body) == []


@pytest.mark.parametrize(
    "body",
    [
        "Use demo:skill-name here.",
        "Save it as `docs/plans/2026-01-01-thing.md`.",
        "Write `src/app/main.ts` and `tests/test_main.py`.",
        "Copy `skills/<name>/SKILL.md`.",
        "For example `skills/other-thing/SKILL.md` would be one.",
        "It was renamed: demo:old-things is no longer there.",
        "| `skills/old-thing/SKILL.md` → `skills/testing-code/SKILL.md` |",
        "Call https://example.org/skills/none/SKILL.md now.",
        "A multi-step skill and a user-invocable skill.",
        "other-plugin:some-thing is of another plugin.",
        "```python\nopen('references/none.md')\n```",
        "Choose skills/commands/agents as you like.",
    ],
)
def test_what_only_looks_like_a_reference_is_left_alone(body: str) -> None:
    assert _broken(body) == []


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("Use demo:testing-codes.", "demo:testing-codes"),
        ("Type /demo:deploy.", "/demo:deploy"),
        ("Invoke the `landing-things` skill.", "landing-things"),
        ("See [it](references/none.md).", "references/none.md"),
        ("See [it](#nowhere).", "#nowhere"),
        ("Read `skills/testing-code/none.md`.", "skills/testing-code/none.md"),
        ("```bash\ncat skills/testing-code/none.md\n```", "skills/testing-code/none.md"),
        ("Read ${CLAUDE_PLUGIN_ROOT}/none.md.", "none.md"),
        ('Use `subagent_type: "code-checker"`.', "code-checker"),
        ("Use `testing-codes` next.", "testing-codes"),
    ],
)
def test_what_leads_nowhere_is_found_by_its_name(body: str, name: str) -> None:
    assert name in [each.name for each in _broken(body)]


def test_a_name_of_the_past_is_found_where_it_is_marked() -> None:
    gone = [
        Gone("skills/landing/SKILL.md", "1a2b3c4", "skills/shipping/SKILL.md"),
        Gone("skills/air-lift/SKILL.md", "5d6e7f8"),
    ]
    assert [each.name for each in _broken("Then `air-lift` it.", gone=gone)] == ["air-lift"]
    assert _broken("Then `landing` it.", gone=gone) == []


def test_entries_of_a_list_of_skills_are_looked_up() -> None:
    extra = {f"skills/{name}/SKILL.md": skill("x", name) for name in ("alpha-one", "beta-two")}
    listing = (
        "## Skills\n\n- **shipping**: a\n- **testing-code**: b\n- **alpha-one**: c\n- **gamma-three**: d\n"
    )
    assert "gamma-three" in [each.name for each in _broken(listing, extra)]


def test_release_notes_may_name_what_is_gone() -> None:
    collection = plugin(
        {
            _PATH: skill("x"),
            "RELEASE-NOTES.md": "# 1.0.0\n\nAdded demo:old-thing and `skills/landing/SKILL.md`.\n",
        }
    )
    found = References(collection).of(collection.pages["RELEASE-NOTES.md"])
    assert [each.scope for each in found if not each.target] == ["history"] * 2
