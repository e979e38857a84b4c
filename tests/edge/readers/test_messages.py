from __future__ import annotations

import json
from typing import Any

import pytest

from outrider.kernel import limits
from outrider.record.entries import CallPart, Prompt, ResponsePart, Result, ResultPart, SkillBody
from outrider.record.usage import Usage
from tests.edge.readers.records import SESSION, USAGE, Record, assistant, body, call, raw, read, result, user

SKILL = "Base directory for this skill: /s/mend\n\n# Mend\n\nMend it.\n"
SECRET = "SECRET"


def response(*given: Any, **fields: Any) -> ResponsePart:
    found = body(assistant(*given, **fields))
    assert isinstance(found, ResponsePart)
    return found


def results(*given: Any, **fields: Any) -> ResultPart:
    found = body(result(*given, **fields))
    assert isinstance(found, ResultPart)
    return found


def prompt(*given: Any, **fields: Any) -> Prompt:
    found = body(user(*given, **fields))
    assert isinstance(found, Prompt)
    return found


def without(*names: str, **more: Any) -> Record:
    return {key: value for key, value in USAGE.items() if key not in names} | more


def marking(text: str) -> str:
    return text.replace(SECRET, "[gone]")


def test_a_response_says_who_answered_and_how_it_ended() -> None:
    part = response("done", "u1", attributionSkill="mend", attributionAgent="helper")
    assert (part.message_id, part.request_id, part.model) == ("msg_u1", "req_u1", "claude-opus-5-5")
    assert (part.stop_reason, part.client, part.text, part.api_error) == (
        "end_turn",
        "2.1.330",
        "done",
        False,
    )
    assert (part.host_skill, part.host_agent) == ("mend", "helper")


def test_a_message_of_the_client_about_the_api_is_marked() -> None:
    assert response("API Error: 529", isApiErrorMessage=True).api_error


def test_both_tiers_of_the_cache_are_kept_apart() -> None:
    assert response().usage == Usage(10, 20, 300, 1_000, 3_000, 2)


def test_cache_writes_of_old_clients_are_five_minute_ones() -> None:
    assert response(usage=without("cache_creation")).usage == Usage(10, 20, 300, 4_000, 0, 2)


@pytest.mark.parametrize(
    "tiers", [{"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0}, {}, None]
)
def test_empty_tiers_beside_a_flat_number_are_five_minute_writes(tiers: Any) -> None:
    assert response(usage=USAGE | {"cache_creation": tiers}).usage == Usage(10, 20, 300, 4_000, 0, 2)


def test_tiers_without_a_flat_number_count() -> None:
    usage = response(usage=without("cache_creation_input_tokens")).usage
    assert (usage.cache_write_5m, usage.cache_write_1h) == (1_000, 3_000)


def test_a_response_without_usage_counts_nothing() -> None:
    line = assistant("hello")
    line["message"] |= {"usage": None, "id": None, "model": None}
    found = body(line)
    assert isinstance(found, ResponsePart)
    assert (found.usage, found.message_id, found.model) == (Usage(), "", "")


def test_a_usage_with_nulls_counts_what_is_there() -> None:
    usage = dict.fromkeys(USAGE) | {"input_tokens": 5}
    assert response(usage=usage).usage == Usage(5)


def test_texts_are_joined_and_thinking_is_left_out() -> None:
    content = [
        {"type": "thinking", "thinking": "hm", "signature": "s"},
        {"type": "text", "text": "one"},
        {"type": "text", "text": "two"},
    ]
    assert response(content).text == "one\ntwo"
    assert response(content[:1]).text == ""


def test_the_content_of_a_response_may_be_plain_text() -> None:
    line = assistant("")
    line["message"]["content"] = "plain"
    found = body(line)
    assert isinstance(found, ResponsePart)
    assert found.text == "plain"


@pytest.mark.parametrize("kind", ["tool_use", "server_tool_use", "mcp_tool_use"])
def test_calls_of_every_kind_are_read(kind: str) -> None:
    blocks = [call(command="ls") | {"type": kind}, call("Read") | {"type": kind, "id": "toolu_2"}]
    assert response(blocks).calls == (
        CallPart("toolu_1", "Bash", '{"command":"ls"}'),
        CallPart("toolu_2", "Read", "{}"),
    )


def test_a_call_without_an_id_is_no_call() -> None:
    assert response([call() | {"id": ""}]).calls == ()


def test_a_call_without_input_has_an_empty_one() -> None:
    assert response([{"type": "tool_use", "id": "t", "name": "Bash"}]).calls[0].input == "{}"


def test_results_may_be_text_or_blocks() -> None:
    blocks = [{"type": "text", "text": "a"}, {"type": "image", "source": {}}, {"type": "text", "text": "b"}]
    assert results("all\nwell").results == (Result("toolu_1", "all\nwell", 8),)
    assert results(blocks).results == (Result("toolu_1", "a\nb", 3),)
    assert results(None).results == results([]).results == (Result("toolu_1", "", 0),)


def test_one_line_may_carry_several_results_and_text() -> None:
    blocks = [{"type": "tool_result", "tool_use_id": f"t{n}", "content": str(n)} for n in (1, 2)]
    found = body(user([*blocks, {"type": "text", "text": "and go on"}]))
    assert isinstance(found, ResultPart)
    assert [each.call_id for each in found.results] == ["t1", "t2"]
    assert found.text == "and go on"


def test_an_error_is_one() -> None:
    part = results("Exit code 1", error=True)
    assert part.results[0].is_error
    assert part.denial == ""


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("The user doesn't want to proceed with this tool use. The tool use was rejected", "person"),
        ("The user doesn't want to take this action right now.", "person"),
        ("[Request interrupted by user for tool use]", "person"),
        ("PreToolUse:Bash hook error: [check.py]: no", "hook"),
        ("PreToolUse:mcp__a__b hook blocking error from command", "hook"),
        ("[outrider guard g-0123abcd] Bash ls gave the same result 12 times in a row.", "hook"),
        ("Exit code 1\n[outrider guard g-0123abcd] Bash ls", ""),
        ("Permission to use Bash has been denied", "permissions"),
        ("Claude requested permissions to write to /x, but you haven't granted it yet.", "permissions"),
        ("This command requires approval", "permissions"),
        ("The file says: Permission to use Bash", ""),
    ],
)
def test_a_refusal_says_who_refused(text: str, who: str) -> None:
    assert results(text, error=True).denial == who
    assert results(text).denial == ""


def test_newer_clients_say_themselves_who_refused() -> None:
    assert results("no", error=True, toolDenialKind="user-rejected").denial == "user-rejected"


def test_a_refusal_of_our_guard_is_a_hooks_whatever_the_client_calls_it() -> None:
    text = "[outrider guard g-0123abcd] Bash ls gave the same result 12 times in a row."
    assert results(text, error=True, toolDenialKind="permission-rule").denial == "hook"


def test_a_launched_subagent_is_named() -> None:
    facts = {
        "isAsync": True,
        "status": "async_launched",
        "agentId": "a1",
        "totalDurationMs": 1_234.6,
        "prompt": "p",
    }
    part = results("launched", toolUseResult=facts)
    assert (part.agent_id, part.status, part.duration_ms, part.interrupted) == (
        "a1",
        "async_launched",
        1_235,
        False,
    )


def test_an_interrupted_command_is_marked() -> None:
    assert results("", toolUseResult={"stdout": "", "interrupted": True}).interrupted
    assert not results("", toolUseResult={"stdout": '"interrupted":true', "interrupted": False}).interrupted


@pytest.mark.parametrize("facts", ["Error: no", ["agentId"], None, 5, {"agentId": 5, "interrupted": "yes"}])
def test_structured_results_of_other_forms_say_nothing(facts: Any) -> None:
    part = results("ok", toolUseResult=facts)
    assert (part.agent_id, part.interrupted, part.results[0].text) == ("", False, "ok")


def test_the_size_of_a_result_is_that_of_the_whole_text() -> None:
    part = results("x" * 100_000)
    assert part.results[0].size == 100_000
    assert len(part.results[0].text) < sum(limits.RESULT_CHARS) + 100


PROMPTS = [
    ("mend the cart", {}, "human", "mend the cart"),
    (
        [{"type": "text", "text": "one"}, {"type": "image"}, {"type": "text", "text": "two"}],
        {},
        "human",
        "one\ntwo",
    ),
    ([{"type": "image"}], {}, "human", ""),
    ("<local-command-stdout>out</local-command-stdout>", {}, "local", None),
    ("<local-command-caveat>Caveat: …</local-command-caveat>", {"isMeta": True}, "local", None),
    (
        "Caveat: The messages below were generated by the user while running local commands. …",
        {},
        "local",
        None,
    ),
    ("<bash-input>ls</bash-input>", {}, "local", None),
    ("<bash-stdout>a</bash-stdout><bash-stderr></bash-stderr>", {}, "local", None),
    ("<task-notification>\n<task-id>a1</task-id>", {}, "notification", None),
    ("Continue from where you left off.", {"isMeta": True}, "meta", None),
    ("This session is being continued …", {"isCompactSummary": True}, "summary", None),
    (SKILL, {"isMeta": True, "isCompactSummary": True}, "summary", None),
    ("[Request interrupted by user]", {}, "interrupt", None),
    ([{"type": "text", "text": "[Request interrupted by user for tool use]"}], {}, "interrupt", None),
    (SKILL, {}, "human", None),
    (None, {}, "human", ""),
]


@pytest.mark.parametrize(("content", "fields", "kind", "text"), PROMPTS)
def test_a_prompt_says_who_speaks(content: Any, fields: Any, kind: str, text: str | None) -> None:
    found = prompt(content, **fields)
    assert (found.kind, found.command, found.queued) == (kind, "", False)
    assert text is None or found.text == text


@pytest.mark.parametrize(
    ("content", "command", "text"),
    [
        ("<command-name>/mend</command-name>\n<command-message>mend</command-message>", "mend", None),
        ("<command-message>x</command-message>\n<command-name>/p:mend</command-name>\n<command-args>the\ncart </command-args>", "p:mend", "the\ncart"),
        ("<command-name>compact</command-name>", "compact", None),
        ("<command-name>/mend</command-name><command-args></command-args>", "mend", ""),
        ("<command-message>mend</command-message>\n<command-name>/mend</command-name>", "mend", ""),
    ],
)  # fmt: skip
def test_a_typed_command_is_named_with_its_arguments(content: str, command: str, text: str | None) -> None:
    found = prompt(content)
    assert (found.kind, found.command) == ("command", command)
    assert text is None or found.text == text


def test_a_text_that_speaks_of_a_command_is_a_persons() -> None:
    assert prompt("why <command-name>/mend</command-name>?").kind == "human"


def test_a_prompt_says_where_it_came_from() -> None:
    assert prompt("go", promptSource="sdk").source == "sdk"


@pytest.mark.parametrize("content", [SKILL, [{"type": "text", "text": SKILL}]])
@pytest.mark.parametrize("call_id", ["toolu_1", ""])
def test_a_skill_is_noted_with_its_call_or_as_typed(content: Any, call_id: str) -> None:
    reading = read(raw(user(content, isMeta=True, **({"sourceToolUseID": call_id} if call_id else {}))))
    (entry,) = reading.entries[SESSION]
    assert isinstance(entry.body, SkillBody)
    assert (entry.body.base, entry.body.call_id, entry.body.size) == (
        "/s/mend",
        call_id,
        len("# Mend\n\nMend it."),
    )
    assert reading.skill_texts == {entry.body.digest: "# Mend\n\nMend it."}


def test_one_skill_with_other_arguments_is_the_same_text() -> None:
    texts = [f"{SKILL}\n\nARGUMENTS: {name}" for name in ("a", "b c")]
    assert len(read(raw(*(user(text, isMeta=True) for text in (SKILL, *texts)))).skill_texts) == 1


def test_a_secret_at_the_end_of_what_is_kept_of_a_skill_is_taken_out_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "SKILL_BODY_CHARS", 33)
    text = f"Base directory for this skill: /s\n\n{'x' * 30} {SECRET} and more"
    (kept,) = read(raw(user(text, isMeta=True)), clean=marking).skill_texts.values()
    assert kept == "x" * 30 + " [g"


def test_every_text_that_is_kept_was_redacted() -> None:
    say = f"a {SECRET} b"
    lines = [
        assistant([{"type": "text", "text": say}, call(command=say, content=say * 900)]),
        result(say),
        result([{"type": "text", "text": say}]),
        user([{"type": "tool_result", "tool_use_id": "t", "content": "x"}, {"type": "text", "text": say}]),
        user(say),
        user(f"<command-name>/{SECRET}</command-name><command-args>{say}</command-args>"),
        user(f"Base directory for this skill: /{SECRET}\n\n{say}", isMeta=True),
    ]
    reading = read(raw(*lines), clean=marking)
    assert SECRET not in repr(reading)
    assert repr(reading).count("[gone]") >= 2 * len(lines) - 4


def test_an_input_stays_json_whatever_its_size() -> None:
    for size in (10, 10_000):
        (made,) = response([call("Write", file_path="/a", content='"\n\\' * size)]).calls
        assert json.loads(made.input)["file_path"] == "/a"
