"""Tokens and cost from the new bytes of a transcript."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.interface.hook.driver import Hooks, context

PRICES = {"model-a": [1_000.0, 2_000.0, 100.0, 1_500.0, 3_000.0]}


@pytest.fixture
def hooks(tmp_path: Path) -> Hooks:
    made = Hooks(tmp_path / "home", tmp_path)
    (made.home / "guard").mkdir(parents=True)
    (made.home / "guard" / "prices.json").write_text(json.dumps(PRICES))
    return made


def respond(hooks: Hooks, name: str, path: str = "transcript.jsonl", **usage: object) -> None:
    """Append one line of a response to the transcript."""
    message = {"id": name, "model": "model-a", "role": "assistant", "content": [], "usage": usage}
    file = hooks.project / path
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a") as opened:
        opened.write(json.dumps({"type": "assistant", "message": message}) + "\n")


def batch(hooks: Hooks, **fields: object) -> str:
    return context(hooks.tell("PostToolBatch", tool_calls=[], **fields))


def test_each_response_counts_once_however_many_lines_it_has(hooks: Hooks) -> None:
    hooks.settings({"limits": {"session": {"tokens": 100}}})
    for _ in range(5):
        respond(hooks, "m1", input_tokens=10, output_tokens=5)
    assert batch(hooks) == ""
    respond(hooks, "m1", input_tokens=10, output_tokens=60)
    assert batch(hooks) == ""
    respond(hooks, "m2", input_tokens=5, cache_read_input_tokens=10)
    assert "session tokens: 85 %" in batch(hooks)


def test_cost_counts_each_kind_of_token_at_its_price(hooks: Hooks) -> None:
    hooks.settings({"limits": {"session": {"cost": 0.01}}})
    split = {"ephemeral_5m_input_tokens": 1_000, "ephemeral_1h_input_tokens": 1_000}
    respond(hooks, "m1", input_tokens=1_000, output_tokens=1_000)
    respond(hooks, "m2", cache_creation_input_tokens=2_000, cache_creation=split)
    respond(hooks, "m3", cache_read_input_tokens=10_000)
    assert "session cost: 85 %" in batch(hooks)


def test_a_torn_line_waits_for_its_end(hooks: Hooks) -> None:
    hooks.settings({"limits": {"session": {"tokens": 10}}})
    respond(hooks, "m1", input_tokens=9)
    path = hooks.project / "transcript.jsonl"
    whole = path.read_text()
    path.write_text(whole[:40])
    assert batch(hooks) == ""
    path.write_text(whole)
    assert "session tokens: 90 %" in batch(hooks)


def test_a_subagents_tokens_are_its_own_and_the_sessions(hooks: Hooks) -> None:
    hooks.settings({"limits": {"agent": {"tokens": 10}, "session": {"tokens": 1_000}}})
    respond(hooks, "m1", input_tokens=500)
    batch(hooks)
    respond(hooks, "m2", "transcript/subagents/agent-a1.jsonl", input_tokens=9)
    assert "agent tokens: 90 %" in batch(hooks, agent_id="a1", agent_type="worker")


def test_without_such_a_limit_no_transcript_is_opened(hooks: Hooks) -> None:
    hooks.settings({"limits": {"session": {"calls": 5}}})
    (hooks.project / "transcript.jsonl").mkdir()
    assert batch(hooks) == ""
    assert hooks.faults() == []


@pytest.mark.parametrize("line", ["{", "[]", '{"type": "assistant", "message": {"usage": 7}}', '"usage"'])
def test_damaged_lines_cost_nothing(hooks: Hooks, line: str) -> None:
    hooks.settings({"limits": {"session": {"tokens": 10}}})
    (hooks.project / "transcript.jsonl").write_text(line + ' "usage"\n')
    assert batch(hooks) == ""
    assert hooks.faults() == []
