"""The shipped workflows: readable, named right, and each rule kept by sound work and broken by the other."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import pytest
import yaml

from outrider.judge.conformance.compiling import compile_rule, compile_rules, compile_workflow
from outrider.judge.conformance.engine.compiled import Compiled
from outrider.judge.conformance.engine.rules import judge_events
from outrider.plan.workflow.file import read_workflow
from outrider.plan.workflow.model import Alternative, Pattern, Rule, Workflow
from outrider.record.activities.activity import Activity, Event

WORDS = frozenset(
    yaml.safe_load((files("outrider.record.activities") / "vocabulary.yaml").read_text("utf-8"))["words"]
)
LIBRARY = files("outrider.plan.workflow") / "library"
TEXTS = {
    (plugin.name, file.name.removesuffix(".yaml")): file.read_text("utf-8")
    for plugin in LIBRARY.iterdir()
    if plugin.is_dir() and not plugin.name.startswith("_")
    for file in plugin.iterdir()
}
NAMES = sorted(TEXTS)
SUPERPOWERS = [
    "brainstorming",
    "executing-plans",
    "finishing-a-development-branch",
    "receiving-code-review",
    "requesting-code-review",
    "subagent-driven-development",
    "systematic-debugging",
    "test-driven-development",
    "using-git-worktrees",
    "verification-before-completion",
    "writing-plans",
]
WRANGLER = [
    "brainstorming",
    "finishing-a-development-branch",
    "implement-spec",
    "implementing-issue",
    "implementing-specs",
    "practicing-tdd",
    "receiving-code-review",
    "requesting-code-review",
    "systematic-debugging",
    "test-driven-development",
    "using-git-worktrees",
    "verification-before-completion",
    "verifying-before-completion",
    "writing-plans",
]


@cache
def shipped(plugin: str, skill: str) -> Workflow:
    workflow, mistakes = read_workflow(TEXTS[plugin, skill], WORDS)
    assert mistakes == ()
    assert workflow is not None
    return workflow


def events(text: str) -> list[Event]:
    """Make events of words such as `edit.src` or `read=docs/plans/bell.md`."""
    pairs = [word.partition("=") for word in text.split()]
    return [Event(f"e{n}", n * 1000, "", Activity(name, of=of)) for n, (name, _, of) in enumerate(pairs)]


def broken(compiled: Compiled, text: str) -> set[str]:
    """Return the texts of the rules that a sequence breaks, what is owed at its end among them."""
    judgement = judge_events(compiled, events(text))
    judged = zip(compiled.rules, judgement.verdicts, strict=True)
    return {rule.text for rule, verdict in judged if verdict.verdict == "broken"}


def test_the_library_has_the_well_known_skills() -> None:
    assert sorted(name for plugin, name in NAMES if plugin == "superpowers") == SUPERPOWERS
    assert sorted(name for plugin, name in NAMES if plugin == "wrangler") == WRANGLER
    assert {plugin for plugin, _ in NAMES} == {"superpowers", "wrangler"}


@pytest.mark.parametrize("name", NAMES, ids="/".join)
def test_every_file_reads_without_mistakes_and_is_named_after_its_skill(name: tuple[str, str]) -> None:
    workflow = shipped(*name)
    assert workflow.skill == name[1]
    assert workflow.steps
    assert workflow.rules
    assert workflow.mode == "observe"
    assert all(step.title for step in workflow.steps)
    assert all(rule.why and rule.mode is None for rule in workflow.rules)
    assert {rule.by.partition(":")[0] for rule in workflow.rules if rule.by} <= {name[0]}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("test-driven-development", "practicing-tdd"),
        ("verification-before-completion", "verifying-before-completion"),
        ("implement-spec", "implementing-specs"),
    ],
)
def test_a_skill_that_was_renamed_has_one_workflow(old: str, new: str) -> None:
    """All but the names of the skills that keep its rules, which were renamed as well."""
    texts = [
        re.sub("    by: .*\n", "", TEXTS["wrangler", name].partition("\nsteps:")[2]) for name in (old, new)
    ]
    assert texts[0] == texts[1] != ""


def made(pattern: Pattern) -> list[Activity]:
    return [_made(each) for each in pattern.alternatives]


def _made(each: Alternative) -> Activity:
    name, of = each.name.replace("*", "x"), each.of.replace("**", "a").replace("*", "x")
    return Activity(name, of=of)


def verdict_of(rule: Rule, *activities: Activity) -> str:
    happened = [Event(f"e{n}", n, "", activity) for n, activity in enumerate(activities)]
    return judge_events(compile_rules([rule]), happened).verdicts[0].verdict


RULES = [
    pytest.param(name, number, id=f"{'/'.join(name)} {number + 1}")
    for name in NAMES
    for number in range(TEXTS[name].count("\n  - rule:"))
]


@pytest.mark.parametrize(("name", "number"), RULES)
def test_every_rule_can_be_kept_and_broken(name: tuple[str, str], number: int) -> None:
    rule = shipped(*name).rules[number]
    assert compile_rule(rule, "observe").text == rule.text
    triggers = made(rule.trigger)
    assert verdict_of(rule) == "not triggered"
    for trigger in triggers:
        if rule.form == "before" and rule.required:
            for required in made(rule.required):
                assert verdict_of(rule, required, trigger) == "kept"
                for edge in made(rule.edge) if rule.edge else ():
                    assert verdict_of(rule, required, edge, trigger) == "broken"
            assert verdict_of(rule, trigger) == "broken"
        elif rule.form == "after" and rule.required:
            assert verdict_of(rule, trigger, made(rule.required)[0]) == "kept"
            assert verdict_of(rule, trigger) == "broken"
        elif rule.form == "forbid" and rule.forbidden and rule.edge:
            ban, freed = made(rule.forbidden)[0], made(rule.edge)[0]
            assert verdict_of(rule, trigger, freed, ban) == "kept"
            assert verdict_of(rule, trigger, ban) == "broken"
        else:
            assert rule.form == "at most"
            assert verdict_of(rule, *[trigger] * rule.most) == "kept"
            assert verdict_of(rule, *[trigger] * (rule.most + 1)) == "broken"


TDD = "test.run test.pass edit.test test.run test.fail read edit.src test.run test.pass edit.src test.pass git.commit"
DEBUG = "read search test.run test.fail edit.test test.fail read edit.src read test.fail edit.src test.pass"
VERIFY = "test.run test.pass diff.read git.commit git.push edit.test test.run test.pass pr.create claim.done"
BRAINSTORM = "read agent:Explore ask.user prompt ask.user edit.docs git.commit prompt edit.docs ask.user skill:writing-plans"
RECEIVE = (
    "read search ask.user prompt read edit.src test.run test.pass edit.test test.run test.pass git.commit"
)
FINISH = "test.run test.pass ask.user git.push pr.create"
WORKTREE = "git.worktree build.run build.pass test.run test.pass edit.test edit.src"
SPECS = (
    "mcp:wrangler.session_start skill:writing-plans mcp:wrangler.issues_create skill:implementing-issue"
    " edit.test edit.src test.run test.pass mcp:wrangler.session_complete"
)
SOUND = {
    ("superpowers", "test-driven-development"): TDD,
    ("superpowers", "systematic-debugging"): DEBUG,
    ("superpowers", "verification-before-completion"): VERIFY,
    ("superpowers", "brainstorming"): BRAINSTORM,
    ("superpowers", "writing-plans"): "read search prompt read edit.docs read edit.docs git.commit ask.user"
    " skill:subagent-driven-development edit.test edit.src",
    (
        "superpowers",
        "executing-plans",
    ): "read=/w/docs/plans/bell.md prompt git.worktree edit.test test.fail edit.src"
    " read=/w/docs/plans/bell.md test.pass git.commit prompt edit.src test.pass git.commit"
    " skill:finishing-a-development-branch",
    (
        "superpowers",
        "subagent-driven-development",
    ): "read=docs/plans/bell.md agent:general-purpose edit.test edit.src"
    " git.commit review review edit.src review task.done read=docs/plans/bell.md agent:implementer edit.src review"
    " task.done skill:finishing-a-development-branch git.push",
    (
        "superpowers",
        "requesting-code-review",
    ): "diff.read agent:code-reviewer review read edit.src agent:code-reviewer review git.merge",
    ("superpowers", "receiving-code-review"): RECEIVE,
    ("superpowers", "finishing-a-development-branch"): f"{FINISH} ask.user git.merge test.run test.pass",
    ("superpowers", "using-git-worktrees"): WORKTREE,
    ("wrangler", "practicing-tdd"): TDD,
    ("wrangler", "test-driven-development"): TDD,
    ("wrangler", "systematic-debugging"): DEBUG,
    ("wrangler", "verifying-before-completion"): VERIFY.replace(
        "diff.read", "edit.src test.run test.pass review"
    ),
    ("wrangler", "verification-before-completion"): VERIFY,
    (
        "wrangler",
        "brainstorming",
    ): "agent:Explore ask.user agent:x prompt edit.docs git.worktree skill:writing-plans",
    ("wrangler", "writing-plans"): "read mcp:wrangler.issues_create mcp:wrangler.issues_create edit.docs",
    (
        "wrangler",
        "implementing-issue",
    ): "mcp:wrangler.issues_get edit.test test.fail edit.src test.pass git.commit"
    " review edit.src test.pass git.commit mcp:wrangler.issues_mark_complete",
    ("wrangler", "implementing-specs"): SPECS,
    ("wrangler", "implement-spec"): SPECS,
    ("wrangler", "requesting-code-review"): "review edit.src test.pass skill:reviewing-code review git.merge",
    ("wrangler", "receiving-code-review"): RECEIVE,
    ("wrangler", "finishing-a-development-branch"): f"test.pass review {FINISH}",
    ("wrangler", "using-git-worktrees"): WORKTREE,
}


def test_every_workflow_has_a_sound_run() -> None:
    assert sorted(SOUND) == NAMES


@pytest.mark.parametrize("name", NAMES, ids="/".join)
def test_sound_work_keeps_all_rules_and_the_order(name: tuple[str, str]) -> None:
    assert broken(compile_workflow(shipped(*name)), SOUND[name]) == set()


@pytest.mark.parametrize(
    ("name", "text", "beginning"),
    [
        (
            "test-driven-development",
            "edit.src edit.test test.fail edit.src test.pass",
            "before edit.src require",
        ),
        (
            "test-driven-development",
            "edit.test test.fail edit.src edit.test test.pass",
            "after edit.src forbid",
        ),
        ("test-driven-development", "edit.test test.fail edit.src", "after edit.src require"),
        ("test-driven-development", "edit.src edit.test test.fail edit.src test.pass", "baseline? > (red"),
        ("systematic-debugging", "read edit.src test.pass", "before edit.src require test.fail"),
        ("systematic-debugging", "read edit.src edit.test test.fail test.pass", "(investigate >"),
        ("verification-before-completion", "test.run test.pass edit.src git.commit", "before git.commit"),
        ("verification-before-completion", "claim.done test.run test.pass", "before claim.done"),
        ("verification-before-completion", "git.commit test.run test.pass claim.done", "look? > (run"),
        ("brainstorming", "agent:Explore edit.docs ask.user skill:writing-plans", "before edit.docs"),
        ("brainstorming", "ask.user edit.src", "before edit.src | edit.test"),
        ("brainstorming", "ask.user skill:writing-plans", "(explore?"),
        ("writing-plans", "read edit.docs edit.src", "before edit.src"),
        ("executing-plans", "edit.src git.commit", "before git.commit"),
        ("executing-plans", "edit.src test.pass", "(load > report?)?"),
        ("subagent-driven-development", "agent:dev edit.src task.done review", "after edit.src forbid"),
        ("subagent-driven-development", "edit.src review edit.src", "after edit.src"),
        ("subagent-driven-development", "edit.src skill:finishing-a-development-branch", "load? >"),
        ("requesting-code-review", "edit.src pr.create", "before pr.create"),
        ("receiving-code-review", "edit.src test.pass", "before edit.src"),
        (
            "finishing-a-development-branch",
            "test.fail ask.user git.push",
            "before git.merge | git.push | pr.create",
        ),
        ("finishing-a-development-branch", "ask.user test.pass git.push", "verify > base?"),
        ("using-git-worktrees", "git.worktree edit.src", "before edit.src"),
    ],
)
def test_work_that_leaves_the_way_breaks_the_rule_for_it(name: str, text: str, beginning: str) -> None:
    assert any(
        rule.startswith(beginning) for rule in broken(compile_workflow(shipped("superpowers", name)), text)
    )


@pytest.mark.parametrize(
    ("name", "text", "beginning"),
    [
        ("practicing-tdd", "edit.src test.pass", "before edit.src require"),
        (
            "verifying-before-completion",
            "edit.src test.run test.pass claim.done",
            "after edit.src require review",
        ),
        ("writing-plans", "mcp:wrangler.issues_create", "before mcp:*.issues_create"),
        ("implementing-issue", "edit.test test.fail edit.src test.pass git.commit", "setup? >"),
        (
            "implementing-issue",
            "mcp:wrangler.issues_mark_complete",
            "before mcp:*.issues_mark_complete require review",
        ),
        ("implementing-specs", "mcp:w.session_start mcp:w.session_start", "at most 1"),
        ("implementing-specs", "test.run edit.src mcp:w.session_complete", "before mcp:*.session_complete"),
        ("requesting-code-review", "review edit.src", "after edit.src require test.pass"),
        (
            "finishing-a-development-branch",
            "test.pass ask.user pr.create",
            "before git.merge | pr.create require",
        ),
        ("brainstorming", "ask.user edit.src", "before edit.src"),
    ],
)
def test_wranglers_own_rules_are_broken_by_what_they_are_about(name: str, text: str, beginning: str) -> None:
    assert any(
        rule.startswith(beginning) for rule in broken(compile_workflow(shipped("wrangler", name)), text)
    )
