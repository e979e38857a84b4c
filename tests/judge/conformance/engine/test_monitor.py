"""What a rule is judged apart for: files, tasks, agents, and the stretches between commits and prompts."""

from __future__ import annotations

from outrider.judge.conformance.engine.compiled import CompiledRule
from outrider.judge.conformance.engine.rules import Engine, Judgement, judge_events
from outrider.kernel.limits import KEYS_PER_RULE, OWED_KEPT
from outrider.record.activities.activity import Activity, Event
from tests.judge.conformance.engine.made import before, commit_rule, compiled, events, pattern


def after(trigger: str, required: str, per: str = "") -> CompiledRule:
    return CompiledRule("after", "after", (pattern(trigger), pattern(required)), per)


def at_most(most: int, trigger: str, per: str = "") -> CompiledRule:
    return CompiledRule("at most", "at most", (pattern(trigger),), per, most)


def judged(rule: CompiledRule, *names: str) -> Judgement:
    return judge_events(compiled(rule), events(*names))


def test_each_file_is_judged_apart() -> None:
    read_first = before(pattern("edit.src"), pattern("read"), per="file")
    result = judged(read_first, "read@a.py", "edit.src@a.py", "edit.src@b.py")
    assert [(each.event, each.key, each.evidence) for each in result.violations] == [("e2", "b.py", "")]
    (verdict,) = result.verdicts
    assert (verdict.activations, verdict.fulfilled, verdict.broken) == (2, 1, 1)


def test_an_activity_without_a_file_counts_for_all_files_and_for_those_to_come() -> None:
    assert (
        judged(commit_rule("file"), "edit.src@a.py", "edit.src@b.py", "test.pass", "git.commit").violations
        == []
    )
    read_first = before(pattern("edit.src"), pattern("read"), per="file")
    assert judged(read_first, "edit.src@a.py", "read", "edit.src@new.py").verdicts[0].broken == 1


def test_one_event_that_breaks_a_rule_for_several_files_is_one_violation_that_says_how_many() -> None:
    names = ("edit.src@a.py", "test.pass", "edit.src@b.py", "edit.src@c.py", "git.commit")
    result = judged(commit_rule("file"), *names)
    (violation,) = result.violations
    assert (violation.key, violation.keys, violation.evidence, violation.invalidation) == (
        "b.py",
        2,
        "e1",
        "e2",
    )
    assert result.verdicts[0].broken == 2


def test_without_any_file_a_rule_per_file_holds_for_the_run() -> None:
    assert judged(commit_rule("file"), "git.commit").verdicts[0].broken == 1


def test_an_obligation_for_all_files_is_owed_once_per_file() -> None:
    formatted = after("prompt", "lint.pass", per="file")
    names = ("prompt", "lint.pass@a.py", "lint.pass@b.py")
    (verdict,) = judged(formatted, *names).verdicts
    assert (verdict.verdict, verdict.activations, verdict.fulfilled) == ("kept", 2, 2)


def test_each_file_owes_its_own_and_tests_pay_for_all() -> None:
    tested = after("edit.src", "test.pass", per="file")
    assert judged(tested, "edit.src@a.py", "edit.src@b.py", "test.pass").verdicts[0].fulfilled == 2
    (verdict,) = judged(tested, "edit.src@a.py", "test.pass", "edit.src@b.py", "edit.src@b.py").verdicts
    assert [(each.key, each.activation, each.evidence) for each in verdict.owed] == [("b.py", "e2", "e1")]


def test_each_agent_and_each_task_is_judged_apart() -> None:
    def event(index: int, agent: str, task: str) -> Event:
        return Event(f"e{index}", index, agent, Activity("review"), task=task)

    run = [event(0, "", "1"), event(1, "s1", "1"), event(2, "s1", "2"), event(3, "s1", "1")]
    per_task = judge_events(compiled(at_most(2, "review", "task")), run)
    per_agent = judge_events(compiled(at_most(2, "review", "agent")), run)
    assert [(each.event, each.key) for each in per_task.violations] == [("e3", "1")]
    assert [(each.event, each.key) for each in per_agent.violations] == [("e3", "s1")]


def test_a_commit_closes_its_stretch_and_owes_what_is_still_owed_then() -> None:
    tested = after("edit.src", "test.pass", per="commit")
    result = judged(tested, "edit.src", "git.commit", "test.pass", "git.commit", "edit.src")
    (violation,) = result.violations
    assert (violation.event, violation.activation, violation.owed) == ("e1", "e0", True)
    (verdict,) = result.verdicts
    assert (verdict.activations, verdict.broken) == (2, 2)
    assert verdict.owed[0].event == ""


def test_a_commit_is_judged_in_the_stretch_that_it_closes() -> None:
    tested = before(pattern("git.commit"), pattern("test.pass"), per="commit")
    assert [each.event for each in judged(tested, "test.pass", "git.commit", "git.commit").violations] == [
        "e2"
    ]


def test_what_a_commit_sets_off_belongs_to_the_next_stretch() -> None:
    pushed = after("git.commit", "git.push", per="commit")
    assert judged(pushed, "git.commit", "git.push", "git.commit", "git.push").verdicts[0].verdict == "kept"
    result = judged(pushed, "git.commit", "git.commit", "git.push")
    assert [(each.event, each.activation) for each in result.violations] == [("e1", "e0")]


def test_a_prompt_opens_its_stretch() -> None:
    planned = after("prompt", "plan", per="prompt")
    result = judged(planned, "prompt", "plan", "prompt", "prompt", "plan")
    assert [(each.event, each.activation) for each in result.violations] == [("e3", "e2")]
    assert judged(at_most(1, "web", "prompt"), "web", "prompt", "web", "prompt").verdicts[0].broken == 0


def test_a_ban_that_held_to_the_end_of_its_stretch_was_kept() -> None:
    ban = CompiledRule("ban", "forbid", (pattern("a"), pattern("b"), pattern("c")), "commit")
    (verdict,) = judged(ban, "a", "git.commit", "b", "a").verdicts
    assert (verdict.verdict, verdict.activations, verdict.fulfilled) == ("kept", 2, 2)


def test_too_many_files_forget_the_oldest_that_owe_nothing_and_count_them() -> None:
    tested = after("edit.src", "test.pass", per="file")
    engine = Engine(compiled(tested))
    engine.step(events("edit.src@first.py")[0])
    for index in range(3 * KEYS_PER_RULE):
        for event in events(f"edit.src@{index}.py", f"test.pass@{index}.py"):
            engine.step(event)
    (verdict,) = engine.finish()
    assert [each.key for each in verdict.owed] == ["first.py"]
    assert verdict.evicted >= 2 * KEYS_PER_RULE
    assert Engine.restore(engine.compiled, engine.snapshot())


def test_many_open_obligations_are_counted_and_the_oldest_told() -> None:
    result = judged(after("edit.src", "test.pass", per="file"), *(f"edit.src@{index}" for index in range(50)))
    (verdict,) = result.verdicts
    assert (verdict.broken, len(verdict.owed), verdict.owed[0].key) == (50, OWED_KEPT, "0")
