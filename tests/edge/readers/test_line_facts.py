from __future__ import annotations

import io
from typing import Any

import pytest

from outrider.edge.readers.line_facts import LineFacts, agent_entry
from outrider.edge.readers.shapes import LineShape
from outrider.edge.readers.transcript import TranscriptName, read_transcript
from outrider.kernel import limits
from outrider.kernel.redaction import default_redactor
from outrider.record.entries import (
    AgentFact,
    HookRun,
    Mark,
    Prompt,
    ResponsePart,
    ResultPart,
    SkillBody,
    Title,
)
from outrider.record.reading import Reading
from tests.edge.readers.records import (
    AT,
    AT_MS,
    SESSION,
    assistant,
    body,
    compaction,
    entries,
    every_kind,
    hook,
    progress,
    raw,
    read,
    record,
    result,
    user,
)


def test_a_line_is_placed_by_its_own_words() -> None:
    (entry,) = entries(user("hi", "u2", parentUuid="u1", agentId="a1", isSidechain=True))
    assert (entry.uid, entry.parent, entry.agent, entry.at, entry.sidechain) == (
        "u2",
        "u1",
        "a1",
        AT_MS,
        False,
    )


def test_a_side_line_of_an_old_client_is_marked() -> None:
    (entry,) = entries(user("hi", isSidechain=True))
    assert (entry.agent, entry.sidechain) == ("", True)


def test_a_line_behind_a_compaction_keeps_what_it_answers() -> None:
    (entry,) = entries(compaction())
    assert entry.parent == "u0"


def test_a_line_without_identity_gets_the_same_one_each_time() -> None:
    line = {"type": "custom-title", "customTitle": "Cart", "sessionId": SESSION}
    other = line | {"customTitle": "Other"}
    assert entries(line)[0].uid == entries(line)[0].uid != entries(other)[0].uid


@pytest.mark.parametrize("time", [None, "", "yesterday", "2026-99-99T00:00:00Z", "0001-01-01T00:00:00+23:59", 5, "9999-12-31T23:59:59-23:59", "x" * 500])  # fmt: skip
def test_a_line_without_a_time_that_can_be_shown_is_kept(time: Any) -> None:
    (entry,) = entries(user("hi", timestamp=time))
    assert (entry.at, entry.uid) == (None, "u1")


def test_times_of_all_zones_are_one_instant() -> None:
    times = (AT, "2026-10-10T12:10:10.100+02:00", "2026-10-10T10:10:10.1")
    assert {entries(user("hi", timestamp=time))[0].at for time in times} == {AT_MS}


@pytest.mark.parametrize(
    ("line", "mark"),
    [
        (record("system", subtype="turn_duration", durationMs=1_234.4), Mark("turn_duration", 1_234)),
        (compaction(), Mark("compaction", 257, "auto", 150_000, 9_000)),
        (record("system", subtype="compact_boundary"), Mark("compaction")),
        (
            record(
                "system", subtype="stop_hook_summary", hookInfos=[{"durationMs": 57}, {"durationMs": 3}, {}]
            ),
            Mark("hooks", 60, "Stop", 3),
        ),
        (record("system", subtype="stop_hook_summary"), Mark("hooks", 0, "Stop", 0)),
        (record("system", subtype="api_error", error={"status": 529}), Mark("api_error")),
    ],
)
def test_notes_of_the_client_become_marks(line: dict[str, Any], mark: Mark) -> None:
    assert body(line) == mark


@pytest.mark.parametrize("subtype", ["local_command", "informational", None, 5])
def test_other_notes_say_nothing(subtype: Any) -> None:
    assert entries(record("system", subtype=subtype)) == []


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        ("hook_success", "success"),
        ("hook_non_blocking_error", "error"),
        ("hook_blocking_error", "blocked"),
        ("hook_cancelled", "cancelled"),
    ],
)
def test_a_run_of_a_hook_is_told_with_its_outcome(kind: str, outcome: str) -> None:
    assert body(hook(kind)) == HookRun("PreToolUse", "PreToolUse:Bash", 53, outcome)


def test_a_hook_that_says_little_is_told_all_the_same() -> None:
    assert body(hook(durationMs=None, hookName=None, hookEvent=None)) == HookRun("", "", 0, "success")


@pytest.mark.parametrize("kind", ["hook_additional_context", "skill_listing", "todo_reminder", ""])
def test_other_attachments_say_nothing(kind: str) -> None:
    assert entries(hook(kind)) == []


@pytest.mark.parametrize(
    "words", ["also the hat", [{"type": "text", "text": "also the hat"}, {"type": "image"}]]
)
@pytest.mark.parametrize("mode", ["prompt", "", None])
def test_a_queued_prompt_is_a_persons(words: Any, mode: Any) -> None:
    line = record("attachment", attachment={"type": "queued_command", "prompt": words, "commandMode": mode})
    assert body(line) == Prompt("human", "also the hat", source="queued", queued=True)


@pytest.mark.parametrize(
    "attachment",
    [
        {"prompt": "<task-notification>\n<task-id>a</task-id>", "commandMode": "prompt"},
        {"prompt": "ls", "commandMode": "bash"},
        {"prompt": "x", "commandMode": "task-notification"},
        {"prompt": "", "commandMode": "prompt"},
        {"prompt": None},
    ],
)
def test_what_the_client_queued_itself_is_no_prompt(attachment: dict[str, Any]) -> None:
    assert entries(record("attachment", attachment={"type": "queued_command"} | attachment)) == []


@pytest.mark.parametrize(("kind", "field"), [("custom-title", "customTitle"), ("ai-title", "aiTitle")])
def test_a_title_is_kept_in_bounds(kind: str, field: str) -> None:
    assert body({"type": kind, field: "Cart", "sessionId": SESSION}) == Title("Cart")
    long = body({"type": kind, field: "x" * 9_000, "sessionId": SESSION})
    assert isinstance(long, Title)
    assert len(long.text) == limits.LABEL_CHARS


def test_an_embedded_line_of_a_subagent_is_its_own() -> None:
    fact, answer = entries(progress(assistant("from below", "u9", timestamp="2026-10-10T10:10:20.100Z")))
    assert fact == agent_entry("a1", AgentFact("", "toolu_1"))
    assert (answer.uid, answer.agent, answer.at, answer.sidechain) == ("u9", "a1", AT_MS + 10_000, False)
    assert isinstance(answer.body, ResponsePart)
    assert (answer.body.text, answer.body.client) == ("from below", "2.1.20")


def test_results_and_skills_are_embedded_too() -> None:
    skill = user("Base directory for this skill: /s\n\n# S", "u2", isMeta=True)
    embedded = progress(skill)
    embedded["data"]["message"]["isMeta"] = True
    bodies = [entry.body for entry in entries(progress(result("ok", "u1")), embedded)]
    assert [type(each) for each in bodies] == [AgentFact, ResultPart, AgentFact, SkillBody]


def test_an_embedded_line_without_time_has_that_of_its_parent() -> None:
    line = progress(assistant())
    del line["data"]["message"]["timestamp"]
    assert entries(line)[-1].at == AT_MS


@pytest.mark.parametrize(
    "given",
    [
        {"type": "bash_progress", "output": "agent_progress"},
        {"type": "agent_progress", "agentId": "a1"},
        {"type": "agent_progress", "message": {"type": "user"}},
        {"type": "agent_progress", "agentId": 5, "message": {"type": "user"}},
        {"type": "agent_progress", "agentId": "a1", "message": "text"},
        ["agent_progress"],
        "agent_progress",
        None,
    ],
)
def test_other_progress_says_nothing(given: Any) -> None:
    assert entries(record("progress", data=given)) == []


def test_equal_facts_on_a_subagent_are_one() -> None:
    fact = AgentFact("helper", "toolu_1")
    assert agent_entry("a1", fact) == agent_entry("a1", fact)
    assert agent_entry("a1", fact).uid != agent_entry("a2", fact).uid


def test_every_kind_is_counted_once() -> None:
    reading = read(raw(*every_kind(), *every_kind()))
    assert sum(reading.kinds.values()) == 2 * len(every_kind())
    assert reading.kinds["user"] == 2 * sum(line["type"] == "user" for line in every_kind())


@pytest.mark.parametrize("suspicious", [True, False])
def test_many_lines_at_once_say_the_same_as_one_by_one(suspicious: bool) -> None:
    lines = [LineShape(type="user", uuid=f"u{n}", session_id="s", cwd=f"/{n % 3}") for n in range(9)]
    one, many = Reading(), Reading()
    single, together = (LineFacts("s", "", str, each, lambda _: suspicious) for each in (one, many))
    for line in lines:
        single.take(line)
    together.take_many(lines[:4])
    together.take_many(lines[4:])
    single.finish()
    together.finish()
    assert one == many


def test_a_secret_among_many_lines_is_taken_out() -> None:
    redactor = default_redactor()
    secret = "glpat-" + "aB3dE5gH7jK9mN1pQ2rS"
    lines = [*every_kind(), user(f"use {secret}", "s1"), assistant(f"I use {secret}", "s2"), *every_kind()]
    careful = read(raw(*lines), clean=redactor.redact)
    file, name = io.BytesIO(raw(*lines)), TranscriptName("of-the-file")
    quick = read_transcript(file, 0, name, redactor.redact, redactor.may_hold_secret)
    assert quick == careful
    assert secret not in repr(quick)
    assert repr(quick).count("[redacted:") == 2
