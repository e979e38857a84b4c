"""Rules are compiled without anybody asking: once, out of whatever stands there, and they only observe."""

from __future__ import annotations

import fcntl
import json
import multiprocessing
import os
from pathlib import Path
from typing import Any

import pytest

from outrider.app import armable
from outrider.app.arming import Armed, arm
from outrider.app.rule_cache import write_rules
from outrider.app.standing import rules_of
from outrider.app.vocabulary import Vocabularies
from outrider.plan.workflow.file import read_workflow
from tests.interface.hook.driver import Hooks, context, decision

NOW = 1_795_000_000.0
WORKFLOW = """
skill: mend
mode: enforce
limits: {calls: 1}
steps: { look: { evidence: [diff.read], limits: {calls: 1} }, keep: { evidence: [git.commit] } }
rules:
  - never git.push
"""
OTHER = WORKFLOW.replace("never git.push", "never pr.create")
NEVER = {"never git.push"}


class Surroundings:
    """A home, a configuration folder with plugins, a project."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.config = folder / "config"
        self.project = folder / "shop"
        self.environment = {"CLAUDE_CONFIG_DIR": str(self.config), "OUTRIDER_HOME": str(self.home)}
        self._plugins: dict[str, list[dict[str, str]]] = {}
        for path in (self.config, self.project):
            path.mkdir()

    @property
    def rules(self) -> Path:
        return self.home / "guard" / "rules"

    def skill(self, folder: Path, name: str, workflow: str | None = WORKFLOW) -> Path:
        path = folder / "skills" / name
        path.mkdir(parents=True, exist_ok=True)
        (path / "SKILL.md").write_text(f"---\nname: {name}\n---\n# {name}\n")
        if workflow is not None:
            (path / "workflow.yaml").write_text(workflow)
        return path

    def plugin(self, key: str, *skills: str, workflow: str = WORKFLOW) -> Path:
        root = self.config / "plugins" / "cache" / key
        root.mkdir(parents=True, exist_ok=True)
        for name in skills:
            self.skill(root, name, workflow)
        self._plugins[key] = [{"scope": "user", "installPath": str(root), "version": "1"}]
        self._list()
        return root

    def uninstall(self, key: str) -> None:
        """As the client does it: the list changes, the copy may stay."""
        del self._plugins[key]
        self._list()

    def _list(self) -> None:
        path = self.config / "plugins" / "installed_plugins.json"
        path.write_text(json.dumps({"version": 2, "plugins": self._plugins}))

    def arm(self, project: Path | None = None) -> Armed:
        return arm(self.home, self.environment, project or self.project, NOW)

    def of(self, skill: str, project: Path | None = None) -> set[str]:
        """The texts of the rules that hold for a skill, as hooks find them."""
        found: Any = rules_of(self.home, skill, str(project or self.project))
        return {rule[0] for rule in found["rules"][1]} if found else set()

    def set(self, value: object) -> None:
        folder = self.home / "guard"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "settings.json").write_text(json.dumps(value))


@pytest.fixture
def at(tmp_path: Path) -> Surroundings:
    return Surroundings(tmp_path)


def names(armed: Armed) -> set[str]:
    """The skills whose rules were written, without those that this plugin brings."""
    return {
        each.skill
        for each in armed.written
        if not each.source.startswith("shipped:") and not each.skill.startswith("outrider:")
    }


def whats(armed: Armed) -> list[str]:
    return [f"{fault.where}: {fault.what}" for fault in armed.faults]


def stamps(folder: Path) -> dict[str, tuple[int, int]]:
    paths = [folder, *folder.iterdir()]
    return {path.name: (path.stat().st_mtime_ns, path.stat().st_ino) for path in paths}


def compiled_by_hand(at: Surroundings, skill: str, text: str = WORKFLOW) -> None:
    text = text.replace("limits: {calls: 1}\n", "")
    workflow, mistakes = read_workflow(text, Vocabularies().of_project("").vocabulary.words)
    assert workflow is not None, mistakes
    write_rules(at.home, skill, workflow)


def test_what_it_makes_is_for_nobody_else_to_read(tmp_path: Path) -> None:
    home = tmp_path / "share" / "outrider"
    arm(home, {"CLAUDE_CONFIG_DIR": str(tmp_path)}, None, 1_800_000_000.0)
    assert {path.stat().st_mode & 0o077 for path in (home, home / "guard", home / "guard" / "rules")} == {0}


def test_workflows_of_plugins_user_project_and_library_are_compiled(at: Surroundings) -> None:
    at.plugin("shop@market", "mend")
    at.skill(at.config, "tidy")
    at.skill(at.project / ".claude", "deploy")
    armed = at.arm()
    assert armed.faults == ()
    assert names(armed) >= {"shop:mend", "tidy", "deploy"}
    assert at.of("shop:mend") == at.of("tidy") == at.of("deploy") == NEVER
    assert at.of("wrangler:practicing-tdd")
    assert (at.home / "guard" / "vocabulary.json").exists()
    assert (at.home / "guard" / "prices.json").exists()


def test_skills_that_a_manifest_adds_are_found_within_the_plugin_alone(at: Surroundings) -> None:
    root = at.plugin("shop@market")
    at.skill(root / "more", "mend")
    at.skill(at.config.parent / "else", "spy")
    (root / ".claude-plugin").mkdir()
    added = ["./more/skills", "../../../../../else/skills", str(at.config.parent / "else" / "skills"), 7]
    (root / ".claude-plugin" / "plugin.json").write_text(json.dumps({"name": "shop", "skills": added}))
    assert names(at.arm()) == {"shop:mend"}


def test_skills_of_this_plugin_are_among_them_and_no_other_takes_its_name(at: Surroundings) -> None:
    own = at.plugin("outrider@elsewhere", "audit")
    at.plugin("shop@market", "mend")
    found = {each.skill: each.origin for each in armable.look(own, at.config, None).skills}
    assert "outrider:audit" not in found, "it has no manifest, so it is no plugin"
    (own / ".claude-plugin").mkdir()
    (own / ".claude-plugin" / "plugin.json").write_text('{"name": "outrider"}')
    found = {each.skill: each.origin for each in armable.look(own, at.config, None).skills}
    assert (found["outrider:audit"], found["shop:mend"]) == ("own", "plugin")
    at.arm()
    assert at.of("outrider:audit") != NEVER, "the list of plugins names no copy of ours"


def test_a_second_time_nothing_is_touched(at: Surroundings) -> None:
    at.plugin("shop@market", "mend")
    at.skill(at.project / ".claude", "deploy")
    first = at.arm()
    os.utime(at.rules, (1, 1))
    before = stamps(at.rules)
    again = at.arm()
    assert (again.written, again.removed, again.faults) == ((), (), ())
    assert len(again.unchanged) == len(first.written)
    assert stamps(at.rules) == before


def test_only_what_changed_is_written(at: Surroundings) -> None:
    root = at.plugin("shop@market", "mend", "tidy")
    at.arm()
    at.skill(root, "tidy", OTHER)
    assert [each.skill for each in at.arm().written] == ["shop:tidy"]
    assert at.of("shop:tidy") == {"never pr.create"}


def test_a_bad_workflow_is_told_and_keeps_no_other_from_its_rules(at: Surroundings) -> None:
    root = at.plugin("shop@market", "mend", "tidy")
    at.arm()
    at.skill(root, "mend", "skill: mend\nrules: [sometimes pray]\n")
    at.skill(root, "tidy", OTHER)
    (at.skill(root, "void") / "workflow.yaml").write_bytes(b"\xff\x00" * 50)
    (at.skill(root, "wide") / "workflow.yaml").write_text("#" * (2 << 20))
    at.skill(root, "deep", "[" * 100_000)
    armed = at.arm()
    assert [each.skill for each in armed.written] == ["shop:tidy"]
    assert armed.removed == ()
    assert at.of("shop:mend") == NEVER, "the rules before stay until it is mended"
    told = {Path(fault.where.removesuffix("/workflow.yaml")).name: fault for fault in armed.faults}
    assert set(told) == {"mend", "void", "wide", "deep"}
    assert "line 2" in told["mend"].what
    assert told["mend"].remedy.startswith("outrider workflow check ")


def test_rules_of_skills_that_are_gone_are_removed(at: Surroundings) -> None:
    at.plugin("shop@market", "mend")
    tidy = at.skill(at.config, "tidy")
    deploy = at.skill(at.project / ".claude", "deploy")
    at.arm()
    at.uninstall("shop@market")
    for path in (tidy, deploy):
        (path / "workflow.yaml").unlink()
    armed = at.arm()
    assert set(armed.removed) == {"shop:mend", "tidy", "deploy"}
    assert not at.of("shop:mend") | at.of("tidy") | at.of("deploy")
    assert at.of("wrangler:practicing-tdd")


def test_what_a_person_compiled_is_neither_removed_nor_written_over(at: Surroundings) -> None:
    compiled_by_hand(at, "gone")
    compiled_by_hand(at, "tidy", OTHER)
    at.skill(at.config, "tidy")
    before = (at.rules / "tidy.json").read_bytes()
    armed = at.arm()
    assert armed.removed == ()
    assert (at.rules / "tidy.json").read_bytes() == before
    assert (at.rules / "gone.json").exists()
    [fault] = armed.faults
    assert "changed since a person compiled it" in fault.what
    assert fault.remedy.endswith(f"outrider guard compile {at.config / 'skills' / 'tidy'}")


def test_what_could_not_be_looked_at_is_not_taken_for_gone(at: Surroundings) -> None:
    at.plugin("shop@market", "mend")
    at.arm()
    (at.config / "plugins" / "installed_plugins.json").write_text("{")
    armed = at.arm()
    assert armed.removed == ()
    assert any("the list of plugins is not JSON" in what for what in whats(armed))
    assert at.of("shop:mend") == NEVER


def test_each_project_has_the_rules_of_its_own_skills(at: Surroundings, tmp_path: Path) -> None:
    farm = tmp_path / "farm"
    at.skill(at.project / ".claude", "deploy")
    at.skill(farm / ".claude", "deploy", OTHER)
    at.skill(at.config, "deploy", WORKFLOW.replace("git.push", "git.merge"))
    at.arm()
    assert at.arm(farm).removed == ()
    assert at.of("deploy") == NEVER
    assert at.of("deploy", farm) == {"never pr.create"}
    assert at.of("deploy", tmp_path / "nowhere") == {"never git.merge"}
    assert at.of("shop:deploy") == set(), "a plugin's skill has nothing of another's of that name"


def test_another_at_work_is_left_to_it(at: Surroundings) -> None:
    (at.home / "guard").mkdir(parents=True)
    with (at.home / "guard" / "arming.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert at.arm() == Armed(busy=True)
    assert at.arm().written


def _armed(folder: Path, begin: Any, out: Any) -> None:
    at = Surroundings.__new__(Surroundings)
    at.home, at.config, at.project = folder / "home", folder / "config", folder / "shop"
    at.environment = {"CLAUDE_CONFIG_DIR": str(at.config), "OUTRIDER_HOME": str(at.home)}
    begin.wait(20)
    armed = at.arm()
    out.put((armed.busy, len(armed.written), len(armed.faults)))


def test_two_at_once_write_everything_once(at: Surroundings, tmp_path: Path) -> None:
    at.plugin("shop@market", "mend")
    several = multiprocessing.get_context("spawn")
    begin, out = several.Barrier(2), several.Queue()
    both = [several.Process(target=_armed, args=(tmp_path, begin, out)) for _ in range(2)]
    for each in both:
        each.start()
    answers = [out.get(timeout=60) for _ in both]
    for each in both:
        each.join(60)
    assert [faults for _, _, faults in answers] == [0, 0]
    whole = len(list(at.rules.iterdir()))
    assert sum(written for _, written, _ in answers) == whole
    assert at.of("shop:mend") == NEVER
    assert not at.arm().written


@pytest.mark.parametrize("taken", ["guard", "guard/rules", "guard/vocabulary.json/x"])
def test_a_home_that_cannot_be_written_is_a_fault(at: Surroundings, taken: str) -> None:
    at.plugin("shop@market", "mend")
    path = at.home / taken
    path.parent.mkdir(parents=True)
    path.write_text("")
    armed = at.arm()
    assert (armed.written, armed.removed) == ((), ())
    assert armed.faults[-1].remedy == "check permissions and free space"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_home_is_a_fault(at: Surroundings) -> None:
    at.home.mkdir()
    at.home.chmod(0o500)
    assert whats(at.arm()) == [f"{at.home / 'guard'}: Permission denied"]


@pytest.mark.parametrize("name", ["wrangler:practicing-tdd", "a b", "a\nb", "-x", "\u202eevil", "a;b"])
def test_a_hostile_name_is_told_and_not_used(at: Surroundings, name: str) -> None:
    at.skill(at.config, name)
    at.plugin(f"{name}@market", "mend")
    before = {each.skill for each in arm(at.home.parent / "other", {}, None, NOW).written}
    armed = at.arm()
    assert {each.skill for each in armed.written} == before
    assert [fault.what for fault in armed.faults] == [
        "a plugin has a name that is none",
        "a skill has a name that is none",
    ]
    assert all(fault.where.isprintable() for fault in armed.faults)


def test_a_name_that_gives_the_file_of_another_skill_gets_nothing_of_it(at: Surroundings) -> None:
    shipped = set(at.of("wrangler:practicing-tdd") or (at.arm(), at.of("wrangler:practicing-tdd"))[1])
    at.skill(at.config, "wrangler__practicing-tdd")
    armed = at.arm()
    assert any("rules of wrangler:practicing-tdd stand in its file" in what for what in whats(armed))
    assert at.of("wrangler:practicing-tdd") == shipped
    assert at.of("wrangler__practicing-tdd") == set()


@pytest.mark.parametrize(
    "damage", ["[]", "{", '{"plugins": []}', '{"plugins": {"a@b": 5, "c@d": [1, {"installPath": 3}]}}']
)
def test_a_damaged_list_of_plugins_is_survived(at: Surroundings, damage: str) -> None:
    at.plugin("shop@market")
    (at.config / "plugins" / "installed_plugins.json").write_text(damage)
    assert at.arm().written


def test_more_than_is_sensible_is_left_out_and_told(
    at: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    at.plugin("shop@market", *(f"mend{number}" for number in range(5)))
    monkeypatch.setattr(armable, "ARMED_SKILLS", 3)
    assert len(names(at.arm())) == 3
    monkeypatch.setattr("outrider.app.arming.ARMED_BYTES", 2 * len(WORKFLOW))
    armed = at.arm()
    assert len([what for what in whats(armed) if "more workflows than" in what]) == 1
    assert armed.removed == ()


def load(hooks: Hooks, skill: str) -> None:
    hooks.tell("UserPromptSubmit", prompt="do it")
    assert hooks.call("Skill", {"skill": skill}, {"success": True}) == {}


def push(hooks: Hooks) -> dict[str, object]:
    return hooks.call("Bash", {"command": "git push"}, f"pushed {hooks.calls}")


def noted(hooks: Hooks) -> list[tuple[object, object]]:
    return [(line["level"], line["detector"]) for line in hooks.log() if "level" in line]


@pytest.mark.parametrize("attended", [True, False])
def test_a_foreign_workflow_that_says_enforce_only_observes(at: Surroundings, attended: bool) -> None:
    at.plugin("shop@market", "mend")
    at.arm()
    hooks = Hooks(at.home, at.project, attended=attended)
    load(hooks, "shop:mend")
    for number in range(6):
        assert push(hooks) == {}
        assert hooks.call("Bash", {"command": f"git diff {number}"}, f"change {number}") == {}
    assert hooks.tell("Stop", last_assistant_message="Done.") == {}
    assert ("note", "rule:shop:mend") in noted(hooks)
    assert {level for level, _ in noted(hooks)} == {"note"}, "its limits hold no call back either"


def test_a_projects_files_bring_its_own_rules_no_further_than_hints(at: Surroundings) -> None:
    at.skill(at.project / ".claude", "deploy")
    (at.project / ".outrider").mkdir()
    asked = {
        "mode": "enforce",
        "workflows": {"deploy": "enforce"},
        "rules": {"deploy: never git.push": "enforce"},
    }
    (at.project / ".outrider" / "guard.json").write_text(json.dumps(asked))
    at.arm()
    hooks = Hooks(at.home, at.project)
    load(hooks, "deploy")
    answers = [push(hooks) for _ in range(3)]
    assert "would break the rule" in context(answers[0])
    assert {decision(answer) for answer in answers} == {""}


def test_a_projects_skill_does_not_loosen_what_a_person_enforces(at: Surroundings) -> None:
    compiled_by_hand(at, "deploy")
    at.set({"workflows": {"deploy": "enforce"}})
    at.skill(at.project / ".claude", "deploy", OTHER)
    at.arm()
    hooks = Hooks(at.home, at.project)
    load(hooks, "deploy")
    assert decision(push(hooks)) == "deny"


def test_a_projects_words_are_not_taken_unasked(at: Surroundings) -> None:
    """By words of its own a project could make anything count as what a rule requires."""
    (at.project / ".outrider").mkdir()
    (at.project / ".outrider" / "activities.yaml").write_text(
        "commands:\n  - match: [echo]\n    is: test.pass\n"
    )
    at.skill(at.project / ".claude", "deploy")
    at.arm()
    assert [path.name for path in (at.home / "guard").glob("vocabulary*.json")] == ["vocabulary.json"]


@pytest.mark.parametrize(
    "settings",
    [
        {"workflows": {"shop:mend": "advise"}},
        {"rules": {"shop:mend: never git.push": "enforce"}},
        {"projects": {"/elsewhere": {"workflows": {"shop:mend": "enforce"}}}},
    ],
)
def test_under_a_mode_that_speaks_no_foreign_workflow_is_changed_unseen(
    at: Surroundings, settings: dict[str, object]
) -> None:
    root = at.plugin("shop@market", "mend")
    at.arm()
    at.set(settings)
    assert not at.arm().faults, "as long as it says the same"
    at.skill(root, "mend", OTHER)
    armed = at.arm()
    assert at.of("shop:mend") == NEVER
    assert [fault.remedy for fault in armed.faults] == ["look at it, then: outrider guard compile shop:mend"]


def test_a_plugin_that_takes_the_name_of_a_promoted_skill_does_not_block(at: Surroundings) -> None:
    compiled_by_hand(at, "mend", OTHER)
    at.set({"workflows": {"mend": "enforce"}})
    at.plugin("evil@market", "mend")
    at.arm()
    hooks = Hooks(at.home, at.project)
    load(hooks, "evil:mend")
    assert push(hooks) == {}


def test_a_mode_for_the_bare_name_is_none_for_a_plugin_that_was_there_before(at: Surroundings) -> None:
    at.plugin("evil@market", "mend")
    at.arm()
    at.set({"workflows": {"mend": "enforce"}, "rules": {"mend: never git.push": "enforce"}})
    hooks = Hooks(at.home, at.project)
    load(hooks, "evil:mend")
    assert push(hooks) == {}
    assert ("note", "rule:evil:mend") in noted(hooks)


def test_a_mode_for_the_whole_name_is_one(at: Surroundings) -> None:
    at.plugin("shop@market", "mend")
    at.arm()
    at.set({"workflows": {"shop:mend": "enforce"}})
    hooks = Hooks(at.home, at.project)
    load(hooks, "shop:mend")
    assert decision(push(hooks)) == "deny"


def test_a_mode_for_the_users_skill_lets_a_projects_of_that_name_hint_at_most(at: Surroundings) -> None:
    at.skill(at.project / ".claude", "deploy")
    at.arm()
    at.set({"workflows": {"deploy": "enforce"}})
    hooks = Hooks(at.home, at.project)
    load(hooks, "deploy")
    answer = push(hooks)
    assert "would break the rule" in context(answer)
    assert decision(answer) == ""


def test_an_own_copy_of_a_shipped_workflow_from_before_is_brought_up_to_date(at: Surroundings) -> None:
    at.arm()
    path = at.rules / "wrangler__practicing-tdd.json"
    old = json.loads(path.read_text())
    del old["armed"]
    path.write_text(json.dumps({**old, "digest": "0" * 32}))
    armed = at.arm()
    assert [each.skill for each in armed.written] == ["wrangler:practicing-tdd"]
    assert armed.faults == ()
