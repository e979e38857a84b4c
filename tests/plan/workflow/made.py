"""What the tests of workflows share: the known words, and values made at random."""

from __future__ import annotations

from dataclasses import replace
from importlib import resources

import yaml
from hypothesis import strategies as st

from outrider.plan.workflow.file import read_workflow
from outrider.plan.workflow.model import Alternative, Limits, Mistake, Order, Pattern, Rule, Workflow
from outrider.plan.workflow.patterns import pattern_as_text

_VOCABULARY = resources.files("outrider.record.activities").joinpath("vocabulary.yaml").read_text("utf-8")
WORDS = frozenset(yaml.safe_load(_VOCABULARY)["words"])

TDD = """\
skill: practicing-tdd
steps:
  red:      { evidence: [edit.test, test.fail] }
  green:    { evidence: [edit.src, test.pass] }
  refactor: { evidence: [edit.src, test.pass], optional: true }
order: red > green > refactor?        # may be left out
rules:
  - before edit.src require test.fail since edit.test
  - before git.commit require test.pass since edit.src      # fresh evidence
  - after test.fail forbid edit.test until test.pass
  - after edit.src require review
  - at most 3 review per task
  - never git.push to main
limits: { time: 45m, tokens: 600k, cost: 5 USD, calls: 300, agents: 10, idle: 10m }
steps.green.limits: { time: 15m }
mode: observe
"""


def read(text: str) -> tuple[Workflow | None, tuple[Mistake, ...]]:
    return read_workflow(text, WORDS)


def told(text: str) -> list[str]:
    """Return the mistakes of a file as `line:column slug`."""
    return [f"{each.line}:{each.column} {each.slug}" for each in read(text)[1]]


def well(text: str) -> Workflow:
    workflow, mistakes = read(text)
    assert mistakes == ()
    assert workflow is not None
    return workflow


def without_places(workflow: Workflow) -> Workflow:
    """Leave out what a file does not keep: where its parts came from."""
    return replace(
        workflow,
        derived=False,
        steps=tuple(replace(step, line=0, source="declared", confidence=1.0) for step in workflow.steps),
        rules=tuple(replace(rule, line=0, source="declared", confidence=1.0) for rule in workflow.rules),
    )


names = st.one_of(
    st.sampled_from(sorted(WORDS)),
    st.sampled_from(
        ["edit.*", "*.pass", "agent:*", "agent:code-reviewer", "skill:tdd", "mcp:github.*", "skill:my skill"]
    ),
)
values = st.one_of(
    st.just(""),
    st.sampled_from(
        ["src/**", "main", "feature/*", "*.{ts,tsx}", "[id].tsx", "don't.md", "until", 'a "b" | c', "it's #1"]
    ),
    st.text("abc/*?. |\"'#:{},&!@-ü", min_size=1, max_size=12).map(str.strip),
)
alternatives = st.builds(Alternative, names, values, values, values)
patterns = st.lists(alternatives, min_size=1, max_size=3).map(
    lambda each: Pattern(pattern_as_text(Pattern("", tuple(each))), tuple(each))
)

step_names = st.from_regex(r"[a-z0-9_][a-z0-9_.-]{0,6}", fullmatch=True)


def _level(parts: st.SearchStrategy[Order]) -> st.SearchStrategy[Order]:
    kinds = st.sampled_from(["sequence", "either"])
    flags = st.booleans()
    made = st.builds(
        lambda kind, inner, optional, repeats: Order(kind, "", tuple(inner), optional, repeats),
        kinds,
        st.lists(parts, min_size=2, max_size=4),
        flags,
        flags,
    )
    return made.map(_flat)


def _flat(order: Order) -> Order:
    parts: list[Order] = []
    for part in order.parts:
        same = part.kind == order.kind and not part.optional and not part.repeats
        parts += part.parts if same else [part]
    return replace(order, parts=tuple(parts))


orders = st.recursive(
    st.builds(
        lambda name, optional, repeats: Order("step", name, (), optional, repeats),
        step_names,
        st.booleans(),
        st.booleans(),
    ),
    _level,
    max_leaves=12,
)

_per = st.sampled_from(["", "file", "task", "agent", "commit", "prompt"])
rules = st.one_of(
    st.builds(
        lambda b, a, c, per: Rule("", "before", b, required=a, edge=c, per=per),
        patterns,
        patterns,
        st.none() | patterns,
        _per,
    ),
    st.builds(lambda a, b, per: Rule("", "after", a, required=b, per=per), patterns, patterns, _per),
    st.builds(
        lambda a, b, c, per: Rule("", "forbid", a, forbidden=b, edge=c, per=per),
        patterns,
        patterns,
        patterns,
        _per,
    ),
    st.builds(
        lambda n, a, per: Rule("", "at most", a, most=n, per=per), st.integers(1, 10**8), patterns, _per
    ),
    st.builds(lambda a, per: Rule("", "never", a, per=per), patterns, _per),
)

amounts = st.none() | st.integers(1, 10**12)
limits = st.builds(Limits, amounts, amounts, amounts, amounts, amounts, amounts, amounts, amounts)
