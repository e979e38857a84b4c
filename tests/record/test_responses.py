from __future__ import annotations

from typing import Any

import pytest

from outrider.record import responses
from outrider.record.entries import ResponsePart
from outrider.record.session import Request
from outrider.record.usage import Usage

from .sessions import OLD_CLIENT, SECOND, START, Story, moved


def _requests(story: Story) -> tuple[Request, ...]:
    return story.build().requests


def test_lines_with_the_same_ids_are_one_request() -> None:
    story = Story()
    lines = story.response(lines=4)
    (request,) = _requests(story)
    assert (request.uid, request.at, request.ended) == (lines[0].uid, lines[0].at, lines[-1].at)


def test_the_same_message_id_under_two_request_ids_is_two_requests() -> None:
    story = Story()
    story.response(message_id="msg", request_id="req-1")
    story.response(message_id="msg", request_id="req-2")
    assert len(_requests(story)) == 2


def test_each_field_of_the_usage_is_the_largest_that_was_seen() -> None:
    story = Story()
    for usage in (Usage(5, 1, 70, 8, 0, 1), Usage(5, 90, 60, 0, 9), Usage(4, 30)):
        story.response(message_id="m", request_id="r", usage=usage)
    (request,) = _requests(story)
    assert request.usage == Usage(5, 90, 70, 8, 9, 1)


def test_without_request_ids_lines_join_through_their_parents() -> None:
    story = Story()
    story.request_ids = False
    story.response(lines=3)
    assert len(_requests(story)) == 1


def test_without_request_ids_a_result_between_two_lines_does_not_part_them() -> None:
    story = Story()
    story.request_ids = False
    call = story.call()
    usage = Usage(3, 1, 500)
    story.response(call, message_id="m", usage=usage, stop_reason="")
    story.result(call)
    story.response(message_id="m", usage=Usage(3, 40, 500))
    (request,) = _requests(story)
    assert (request.usage.output, len(story.build().calls)) == (40, 1)


def test_with_request_ids_a_result_between_two_lines_does_not_part_them() -> None:
    story = Story()
    call = story.call()
    story.response(call, message_id="m", request_id="r", stop_reason="")
    story.result(call)
    story.response(message_id="m", request_id="r")
    assert len(_requests(story)) == 1


@pytest.mark.parametrize("lines", [1, 3])
def test_a_relay_that_gives_every_response_one_id_is_counted_right(lines: int) -> None:
    story = Story()
    story.request_ids = False
    for number in range(5):
        call = story.call()
        story.response(call, lines=lines, message_id="msg_relay", usage=Usage(3, 9, 1000 + 50 * number))
        story.result(call)
    assert len(_requests(story)) == 5


def test_a_relay_in_a_subagent_is_apart_from_the_main_thread() -> None:
    story = Story()
    story.request_ids = False
    story.response(message_id="msg_relay", usage=Usage(3, 9, 1000))
    story.agent("a").response(message_id="msg_relay", usage=Usage(3, 9, 1000))
    assert len(_requests(story)) == 2


def test_a_line_of_a_relay_is_not_compared_with_every_line_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    story = Story()
    story.request_ids = False
    for number in range(200):
        call = story.call()
        story.response(call, message_id="msg_relay", usage=Usage(3, 9, 1000 + number))
        story.result(call)
    compared: list[Usage] = []
    same_prompt = responses._same_prompt
    monkeypatch.setattr(
        responses, "_same_prompt", lambda one, other: compared.append(one) or same_prompt(one, other)
    )
    assert len(_requests(story)) == 200
    assert len(compared) <= 2 * 200


def test_messages_of_the_client_itself_and_refusals_of_the_service_are_no_requests() -> None:
    story = Story()
    story.response(model="<synthetic>")
    story.response(api_error=True)
    session = story.build()
    assert (session.requests, session.api_errors) == ((), 1)


RELIABLE: list[tuple[str, str, bool]] = [
    (OLD_CLIENT, "", True),
    ("2.1.11", "", True),
    ("2.1.12", "", False),
    ("2.1.300", "", False),
    ("2.1.300", "end_turn", True),
    ("", "", False),
    ("nightly", "", False),
]


@pytest.mark.parametrize(("client", "stop", "reliable"), RELIABLE)
def test_output_without_a_stop_reason_is_unreliable_from_the_clients_that_leave_placeholders(
    client: str, stop: str, reliable: bool
) -> None:
    story = Story()
    story.response(client=client, stop_reason=stop)
    assert _requests(story)[0].reliable is reliable


def test_one_line_with_a_stop_reason_makes_a_response_reliable() -> None:
    story = Story()
    story.response(message_id="m", request_id="r", stop_reason="")
    story.response(message_id="m", request_id="r", stop_reason="tool_use")
    assert _requests(story)[0].reliable


def test_the_client_of_a_response_is_known_when_any_of_its_copies_names_it() -> None:
    story = Story()
    (line,) = story.response(client=OLD_CLIENT, stop_reason="")
    assert isinstance(line.body, ResponsePart)
    (mute,) = Story().response(client="", stop_reason="", message_id="m", request_id="r")
    copy = moved([mute], mute.uid, uid=line.uid)
    named: dict[str, Any] = {name: getattr(line.body, name) for name in ResponsePart.__struct_fields__}
    body = ResponsePart(**{**named, "message_id": "m", "request_id": "r"})
    for entries in (copy + moved([line], line.uid, body=body), moved([line], line.uid, body=body) + copy):
        story.shared.entries[:] = entries
        assert [(each.client, each.reliable) for each in _requests(story)] == [(OLD_CLIENT, True)]


def test_a_request_is_dated_by_its_first_lines_own_clock() -> None:
    story = Story()
    story.prompt()
    (line,) = story.response()
    story.shared.entries[:] = moved(story.entries, line.uid, at=START - 5 * SECOND)
    (request,) = _requests(story)
    assert (request.dated, request.at) == (START - 5 * SECOND, START + SECOND)


def test_the_text_of_a_response_is_that_of_its_lines_each_once() -> None:
    story = Story()
    for text in ("one", "two", "one"):
        story.response(message_id="m", request_id="r", text=text)
    assert _requests(story)[0].text == "one\ntwo"
