"""The workflow file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outrider.plan.workflow.file import read_workflow
from outrider.plan.workflow.model import Limits, Step
from outrider.plan.workflow.order_text import parse_order
from outrider.plan.workflow.patterns import parse_pattern
from tests.plan.workflow.made import TDD, WORDS, read, told, well

STEP = "skill: x\nsteps: { a: { evidence: plan } }\n"


def test_the_file_of_the_guide_reads_as_its_workflow() -> None:
    workflow = well(TDD)
    evidence = (parse_pattern("edit.src"), parse_pattern("test.pass"))
    assert workflow.skill == "practicing-tdd"
    assert workflow.steps == (
        Step("red", evidence=(parse_pattern("edit.test"), parse_pattern("test.fail")), line=3),
        Step("green", evidence=evidence, limits=Limits(time_ms=900_000), line=4),
        Step("refactor", evidence=evidence, optional=True, line=5),
    )
    assert (workflow.order, workflow.order_text) == (
        parse_order("red > green > refactor?"),
        "red > green > refactor?",
    )
    assert [(rule.form, rule.line) for rule in workflow.rules] == [
        ("before", 8),
        ("before", 9),
        ("forbid", 10),
        ("after", 11),
        ("at most", 12),
        ("never", 13),
    ]
    assert workflow.limits == Limits(
        time_ms=2_700_000, idle_ms=600_000, tokens=600_000, cost=5 * 10**9, calls=300, agents=10
    )
    assert (workflow.mode, workflow.derived) == ("observe", False)


def test_a_step_may_say_all_that_a_step_can() -> None:
    text = """\
skill: x
steps:
  ship:
    title: Push it
    evidence: git.push | pr.create
    optional: false
    marks: [Now I push, "Step 3: ship"]
    limits: { edits: 3 }
"""
    evidence = (parse_pattern("git.push | pr.create"),)
    marks = ("Now I push", "Step 3: ship")
    assert well(text).steps == (Step("ship", "Push it", evidence, False, marks, Limits(edits=3), line=3),)


def test_a_rule_may_name_the_skill_that_keeps_it() -> None:
    text = "skill: x\nrules:\n  - rule: before git.push require review\n    by: wrangler:requesting-code-review\n"
    (rule,) = well(text).rules
    assert rule.by == "wrangler:requesting-code-review"


def test_a_rule_may_carry_its_mode_and_its_reason() -> None:
    (rule,) = well(
        "skill: x\nrules:\n  - rule: never git.push\n    mode: enforce\n    why: others are on it\n"
    ).rules
    assert (rule.text, rule.mode, rule.why, rule.line) == ("never git.push", "enforce", "others are on it", 3)


@pytest.mark.parametrize(
    ("text", "mistakes"),
    [
        ("- a", ["1:1 wrong-type"]),
        ("rules: [never plan]", ["1:1 missing-key"]),
        ("skill:\nrules: [never plan]", ["1:1 empty-text"]),
        ("skill: a b\nrules: [never plan]", ["1:8 bad-name"]),
        ("skill: [x]\nrules: [never plan]", ["1:8 wrong-type"]),
        ("skill: x", ["1:1 says-nothing"]),
        (STEP + "rule: never plan", ["3:1 unknown-key"]),
        (STEP + "steps: {}", ["3:1 duplicate-key"]),
        (STEP + "mode: watch", ["3:7 bad-value"]),
        (STEP + "order: a > b", ["3:12 unknown-step"]),
        (STEP + "order: [a]", ["3:8 wrong-type"]),
        (STEP + "order:", ["3:1 empty-text"]),
        (STEP + "rules: never plan", ["3:8 wrong-type"]),
        (STEP + "rules:\n  - at most 3 agent: reviewer", ["4:5 wrong-type"]),
        (STEP + "rules:\n  - mode: observe", ["4:5 missing-key"]),
        (
            STEP + "rules:\n  - rule: never reed\n    mod: observe\n    mode: x",
            ["4:17 unknown-activity", "5:5 unknown-key", "6:11 bad-value"],
        ),
        (STEP + "rules:\n  - [never plan]\n  -", ["4:5 wrong-type", "4:3 empty-text"][::-1]),
        (STEP + "limits: 5m", ["3:9 wrong-type"]),
        (
            STEP + "limits: { time: 5, tme: 5m, calls: [3] }",
            ["3:17 bad-limit", "3:20 unknown-key", "3:36 wrong-type"],
        ),
        (STEP + "steps.a.limits: { time: 5m }\nlimits: { time: 1m }", ["3:25 unreachable-limit"]),
        (STEP + "steps.b.limits: { time: 5m }", ["3:1 unknown-step"]),
        (STEP + "steps.a.evidence: plan", ["3:1 unknown-key"]),
        (
            "skill: x\nsteps: { a: { evidence: plan, limits: { calls: 1 } } }\nsteps.a.limits: { calls: 2 }",
            ["3:1 duplicate-key"],
        ),
        ("skill: x\nsteps: [a]\norder: a > b\nsteps.a.limits: {}", ["2:8 wrong-type"]),
        (
            "skill: x\nsteps:\n  a:\n  b: plan\n  c d: { marks: x }\n  e: { evidence: [] }",
            ["3:3 step-without-evidence", "4:6 wrong-type", "5:3 bad-name", "6:3 step-without-evidence"],
        ),
        (
            "skill: x\nsteps:\n  a: { evidence: reed, optional: yes, marks: { b: c } }\norder: a",
            ["3:18 unknown-activity", "3:34 wrong-type", "3:46 wrong-type"],
        ),
        (
            "skill: x\nsteps:\n  a: { evidence: plan, title: [], marks: ['', b], oder: 1 }",
            ["3:31 wrong-type", "3:43 empty-text", "3:51 unknown-key"],
        ),
        (
            "skill: x\nsteps:\n  a: { evidence: plan }\n  b: { evidence: read }\norder: a",
            ["4:3 step-not-in-order"],
        ),
        ("skill: x\nsteps:\n  a: { evidence: plan }\norder: a > a", ["4:8 repeated-step"]),
        ("skill: x\nsteps:\n  a: { evidence: [plan" + ", plan" * 20 + "] }", ["3:18 too-many"]),
        ("skill: x\nsteps:\n  a: { title: " + "t" * 1_001 + ", marks: b }", ["3:15 too-long"]),
        ("skill: x\nrules: [" + "never plan, " * 201 + "]", ["2:8 too-many"]),
        ("skill: x\nsteps: {" + ",".join(f"s{n}: 1" for n in range(201)) + "}", ["2:8 too-many"]),
    ],
)
def test_every_mistake_is_told_where_it_stands(text: str, mistakes: list[str]) -> None:
    assert sorted(told(text)) == sorted(mistakes)


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file() -> None:
    text = (
        TDD.replace("test.fail", "test.fial")
        .replace("red >", "rde >")
        .replace("45m", "45")
        .replace("at most", "at mots")
    )
    workflow, mistakes = read(text)
    assert workflow is None
    assert [(each.line, each.column, each.suggestion) for each in mistakes] == [
        (3, 37, "did you mean `test.fail`?"),
        (6, 8, "did you mean `red`?"),
        (8, 29, "did you mean `test.fail`?"),
        (10, 11, "did you mean `test.fail`?"),
        (12, 8, ""),
        (14, 17, "say the unit: `45m` for minutes, `45s` for seconds"),
    ]


def test_a_folded_order_is_told_in_the_line_of_the_step() -> None:
    assert told("skill: x\nsteps: { a: { marks: b } }\norder: >\n  a\n    > c\n") == ["5:7 unknown-step"]


@pytest.mark.parametrize(
    ("path", "suggestion"),
    [
        ("", "add `skill: NAME`"),
        (".outrider/workflows/my-skill.yaml", "add `skill: my-skill`"),
        ("plugin\\skills\\my-skill\\workflow.yaml", "add `skill: my-skill`"),
        ("workflow.yaml", "add `skill: NAME`"),
        ("a/b c.yaml", "add `skill: NAME`"),
    ],
)
def test_a_missing_skill_is_guessed_from_where_the_file_lies(path: str, suggestion: str) -> None:
    _, (mistake,) = read_workflow("rules: [never plan]", WORDS, path_hint=path)
    assert mistake.suggestion == suggestion


def test_a_file_of_mistakes_is_not_read_to_its_end() -> None:
    _, mistakes = read("skill: x\nrules:\n" + "  - never reed | reed | reed\n" * 200)
    assert len(mistakes) == 101
    assert mistakes[-1].slug == "too-many-mistakes"


@given(st.text(max_size=200), st.integers(0, len(TDD)), st.integers(0, 30))
def test_no_text_breaks_the_reading(put: str, at: int, cut: int) -> None:
    for text in (put, TDD[:at] + put + TDD[at + cut :]):
        workflow, mistakes = read(text)
        assert (workflow is None) == bool(mistakes)
        assert all(each.line >= 1 and each.column >= 1 and each.message for each in mistakes)
