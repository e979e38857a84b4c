"""Workflows as pictures."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from outrider.plan.workflow.mermaid import mermaid
from outrider.plan.workflow.model import Step, Workflow
from outrider.plan.workflow.order_text import parse_order
from tests.plan.workflow.made import TDD, well


def test_the_order_is_drawn_with_what_may_be_left_out_and_come_again() -> None:
    steps = (Step("a", "First"), Step("b"), Step("c"))
    assert (
        mermaid(Workflow("x", steps, parse_order("a > (b? > c)+")))
        == """\
flowchart TD
    start(("start"))
    s0["a<br/>First"]
    s1(["b"])
    s2["c"]
    finish(("end"))
    start --> s0
    s0 --> s1
    s0 --> s2
    s1 --> s2
    s2 --> s1
    s2 --> s2
    s2 --> finish
"""
    )


def test_without_an_order_steps_stand_beside_each_other() -> None:
    assert "-->" not in mermaid(Workflow("x", well(TDD).steps))


def test_a_workflow_without_steps_is_an_empty_picture() -> None:
    assert mermaid(Workflow("x")) == "flowchart TD\n"


@given(st.text())
def test_a_title_never_leaves_its_label(title: str) -> None:
    lines = mermaid(Workflow("x", (Step("a", title),))).splitlines()
    assert len(lines) == 2
    assert re.fullmatch(r'    s0\["a(<br/>[\w ,.#;]*)?"\]', lines[1])
