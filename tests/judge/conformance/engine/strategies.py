"""Hypothesis strategies: rules of all forms and scopes, and the events of a run."""

from __future__ import annotations

from hypothesis import strategies as st

from outrider.judge.conformance.engine.compiled import Compiled, CompiledOrder, CompiledRule
from outrider.record.activities.activity import Activity, Event
from tests.judge.conformance.engine.made import by_letter, rule

WORDS = ["word:a", "word:b", "word:c", "word:ab", "word:bc", "word:abc", "git.commit", "prompt", "other"]
SCOPES = ["", "file", "task", "agent", "commit", "prompt"]

events = st.lists(
    st.builds(
        Event,
        id=st.integers(0, 99).map(str),
        at=st.integers(0, 10**6),
        agent=st.sampled_from(["", "s1"]),
        activity=st.builds(
            Activity, name=st.sampled_from(WORDS), of=st.sampled_from(["", "x.py", "y.py", "z.py"])
        ),
        task=st.sampled_from(["", "1", "2"]),
    ),
    max_size=14,
)

ORDER = CompiledRule(
    "a > b? > c",
    "order",
    (by_letter(0), by_letter(1), by_letter(2)),
    order=CompiledOrder((0, 1, 2), 0b001, 0b100, (0b110, 0b100, 0), False),
)

rules = st.one_of(
    st.builds(rule, st.just("before"), st.sampled_from([2, 3]), per=st.sampled_from(SCOPES)),
    st.builds(rule, st.just("after"), st.just(2), per=st.sampled_from(SCOPES)),
    st.builds(rule, st.just("forbid"), st.just(3), per=st.sampled_from(SCOPES)),
    st.builds(rule, st.just("at most"), st.just(1), per=st.sampled_from(SCOPES), most=st.integers(0, 3)),
    st.builds(rule, st.just("never"), st.just(1), per=st.sampled_from(SCOPES)),
    st.just(ORDER),
)

all_rules = st.lists(rules, min_size=1, max_size=4).map(lambda found: Compiled("digest", tuple(found)))
