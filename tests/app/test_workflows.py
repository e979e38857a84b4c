"""Which workflow holds for a skill: of the project, beside the skill, shipped, derived."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outrider.app.skills import find_skill, workflow_in_force
from outrider.app.workflows import Found, Workflows, shipped_workflow, shipped_workflows
from outrider.kernel import limits
from outrider.kernel.errors import UnreadableError, UsageError
from outrider.record.session import Load

WORDS = ("edit.src", "edit.test", "test.pass", "test.fail", "git.commit", "read", "claim.done")
FILE = "skill: mend\nsteps:\n  {step}: {{ evidence: [edit.src] }}\n"
TEXT = "# Mend\n\n## Step 1: Test\n\nRun `pytest`.\n\n## Step 2: Commit\n\nRun `git commit`.\n"
TDD = "superpowers:test-driven-development"


def load(name: str = "mend", base: Path | None = None, digest: str = "d") -> Load:
    return Load("u1", "", 0, name, "", "", digest, 9, "typed", "", str(base or ""))


def found(project: Path | str, name: str = "mend", base: Path | None = None, text: str = TEXT) -> Found:
    return Workflows(WORDS, lambda _: text).of_load(load(name, base), str(project))


def written(folder: Path, path: str, step: str) -> Path:
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(FILE.format(step=step))
    return file


def steps(each: Found) -> list[str]:
    return [step.name for step in each.workflow.steps]


def test_the_projects_file_goes_before_the_one_beside_the_skill_and_that_before_the_text(
    tmp_path: Path,
) -> None:
    project, skill = tmp_path / "project", tmp_path / "skill"
    own = written(project, ".outrider/workflows/mend.yaml", "ours")
    beside = written(skill, "workflow.yaml", "theirs")
    all_of_them = found(project, base=skill)
    assert (all_of_them.origin, all_of_them.path, steps(all_of_them)) == ("project", str(own), ["ours"])
    own.unlink()
    two = found(project, base=skill)
    assert (two.origin, two.path, steps(two)) == ("skill", str(beside), ["theirs"])
    beside.unlink()
    text = found(project, base=skill)
    assert (text.origin, text.path, text.workflow.derived) == ("derived", "", True)
    assert steps(text)


@pytest.mark.parametrize("where", ["project", "skill"])
def test_a_written_file_goes_before_the_shipped_one(tmp_path: Path, where: str) -> None:
    assert found(tmp_path, TDD).origin == "shipped"
    written(tmp_path, ".outrider/workflows/test-driven-development.yaml", "ours")
    written(tmp_path / "skill", "workflow.yaml", "theirs")
    project = tmp_path if where == "project" else ""
    assert found(project, TDD, tmp_path / "skill").origin == where


def test_a_shipped_workflow_goes_before_the_text_and_has_no_mistakes() -> None:
    for plugin, skill, text in shipped_workflows():
        assert shipped_workflow(f"{plugin}:{skill}") == (f"{plugin}/{skill}.yaml", text)
        assert shipped_workflow(skill) is not None


def test_the_shipped_workflow_of_one_plugin_is_not_taken_for_another_plugins_skill() -> None:
    assert shipped_workflow("craft:test-driven-development") is None
    assert found("", "craft:test-driven-development").origin == "derived"


def test_a_text_that_prescribes_nothing_gives_an_empty_workflow() -> None:
    nothing = found("", text="Write nice prose.")
    assert (nothing.origin, nothing.workflow.steps, nothing.workflow.rules) == ("none", (), ())


@pytest.mark.parametrize("where", ["project", "skill"])
def test_a_badly_written_file_is_told_with_all_its_mistakes_and_not_passed_over(
    tmp_path: Path, where: str
) -> None:
    path = tmp_path / ("workflow.yaml" if where == "skill" else ".outrider/workflows/mend.yaml")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("skill: mend\nsteps:\n  fix: { evidence: [edit.scr] }\norder: fix > shop\n")
    told = found(tmp_path, base=tmp_path)
    assert (told.origin, told.path) == (where, str(path))
    assert [(each.slug, each.line) for each in told.mistakes] == [
        ("unknown-activity", 3),
        ("unknown-step", 4),
    ]
    assert all(each.column and each.message for each in told.mistakes)


def test_a_file_of_a_mebibyte_is_read_and_a_larger_one_is_a_named_error(tmp_path: Path) -> None:
    path = written(tmp_path, ".outrider/workflows/mend.yaml", "ours")
    path.write_bytes(path.read_bytes().ljust(limits.SKILL_FILE_BYTES + 1, b"\n"))
    with pytest.raises(UnreadableError, match="larger than") as told:
        found(tmp_path)
    assert (told.value.slug, told.value.exit_code) == ("unreadable-file", 3)


def test_a_file_that_may_not_be_read_is_a_named_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path, ".outrider/workflows/mend.yaml", "ours")

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(UnreadableError, match="Permission denied") as told:
        found(tmp_path)
    assert told.value.slug == "unreadable-file"


def test_bytes_that_are_no_text_are_a_mistake_of_the_file_and_not_an_exception(tmp_path: Path) -> None:
    path = written(tmp_path, ".outrider/workflows/mend.yaml", "ours")
    path.write_bytes(b"\xff\xfe\x00\x80: [")
    assert found(tmp_path).mistakes


NAMES = st.text(st.sampled_from("./\\:\x00\n ~a*-é\udcff"), max_size=12) | st.sampled_from(
    ["../../secret", "..", ".", "a/../../secret", "/etc/secret", "p:../../secret", "x" * 5000, "~/secret"]
)


@given(NAMES)
def test_a_name_out_of_the_records_never_leaves_the_folder(name: str) -> None:
    seen: list[Path] = []
    real = Path.is_file
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "is_file", lambda self: (seen.append(self), real(self))[1])
        found("/nowhere/project", name, text="")
    asked = [path for path in seen if str(path).startswith("/nowhere")]
    assert all(os.path.normpath(path.parent) == "/nowhere/project/.outrider/workflows" for path in asked)
    assert all(".." not in path.parts for path in asked)
    bare = name.rpartition(":")[2]
    assert len(asked) == bool(bare)


@pytest.mark.parametrize("project", ["/x" * 4000, "/nul\x00", "\udcff"])
def test_a_project_that_cannot_be_a_folder_has_no_files(project: str) -> None:
    assert found(project).origin == "derived"


def test_each_load_is_looked_up_once(tmp_path: Path) -> None:
    texts: list[str] = []
    workflows = Workflows(WORDS, lambda digest: texts.append(digest) or TEXT)  # type: ignore[func-returns-value]
    first = workflows.of_load(load(), str(tmp_path))
    assert workflows.of_load(load(), str(tmp_path)) is first
    workflows.of_load(load(digest="other"), str(tmp_path))
    assert texts == ["d", "other"]


def test_a_skill_is_given_by_its_folder_its_file_or_a_workflow_file(tmp_path: Path) -> None:
    skill = tmp_path / "mend"
    skill.mkdir()
    (skill / "SKILL.md").write_text(TEXT)
    assert find_skill(None, str(skill)) == find_skill(None, str(skill / "SKILL.md"))
    derived = workflow_in_force(find_skill(None, str(skill)), "")
    assert derived.origin == "derived"
    beside = written(skill, "workflow.yaml", "ours")
    assert steps(workflow_in_force(find_skill(None, str(skill)), "")) == ["ours"]
    assert workflow_in_force(find_skill(None, str(beside)), "").path == str(beside)


@pytest.mark.parametrize("name", ["no-such-skill-anywhere", "x" * 5000, "~nobody-at-all/x", "a\nb"])
def test_what_is_no_skill_is_a_usage_error(name: str) -> None:
    with pytest.raises(UsageError) as told:
        find_skill(None, name)
    assert told.value.slug == "no-such-skill"
    assert len(told.value.message) < 120


def test_a_folder_without_a_skill_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"holds no SKILL\.md"):
        find_skill(None, str(tmp_path))
