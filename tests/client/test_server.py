"""The server through the real client: it starts beside the session, and knows which session asks."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.client.client import ROOT, Client, Run
from tests.client.model import Json, Request, Script, blocks, calls, says, text_of
from tests.client.scenes import IN_ORDER, agree, metered_all, only, with_craft
from tests.interface.mcp.test_server import MOST_TOKENS

PREFIX = "mcp__plugin_outrider_outrider__"
WITHOUT_SEARCH = 600
TOOLS = f"Bash,Read,Write,Edit,Skill,Agent,ToolSearch,{PREFIX}*"


def asked(tool: str, **given: object) -> list[Json]:
    return calls(PREFIX + tool, **given)


def equipped(client: Client, *, late: bool = False) -> Client:
    """Give the client what `outrider setup` makes: an environment, here with the tests' own interpreter.

    A ``late`` server starts when the first request has long been sent.
    """
    made = client.folder / "config" / "plugins" / "data" / "outrider-inline" / "environment" / "made"
    (made / "bin").mkdir(parents=True)
    python = made / "bin" / "python"
    wait = "sleep 4; " if late else ""
    python.write_text(f'#!/bin/sh\n{wait}exec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    (made / "complete").write_text((ROOT / "requirements-plugin.lock").read_text())
    client.tools = TOOLS
    return client


def answers(run: Run) -> dict[str, Json]:
    """What the tools answered, by tool."""
    names = {
        block["id"]: block["name"].removeprefix(PREFIX)
        for _, reply in run.script.given
        for block in reply.content
        if block["type"] == "tool_use"
    }
    return {
        names[block["tool_use_id"]]: json.loads(text_of(block["content"]))
        for request in run.main
        for block in request.news
        if block["type"] == "tool_result" and text_of(block["content"]).startswith("{")
    }


@pytest.mark.floor
def test_the_model_asks_about_its_own_session(client: Client, tmp_path: Path) -> None:
    with_craft(equipped(client), tmp_path / "craft")
    begin = calls("Bash", command="sleep 4")
    questions = (asked("status"), asked("evidence"), asked("audit"), asked("explain", event="toolu_main_4_0"))
    run = client.run(Script(metered_all(begin, *IN_ORDER[:-1], *questions, says("Done."))))
    session = run.result["session_id"]
    told = answers(run)
    assert {answer.get("session") for name, answer in told.items() if name != "explain"} == {session}
    assert [each["skill"] for each in told["status"]["runs"]] == ["craft:tdd"]
    assert (told["evidence"]["fresh"], told["evidence"]["owed"]) == (True, [])
    (done,) = told["audit"]["runs"]
    assert [(each["step"], each["is"]) for each in done["steps"]] == [("red", "done"), ("green", "done")]
    assert [each["is"] for each in told["explain"]["activities"]] == ["edit.src"]
    agree(run, [only(run).view.session])


def test_without_its_environment_there_is_no_server_and_the_work_goes_on(client: Client) -> None:
    client.tools = TOOLS
    run = client.run(Script([calls("Bash", command="sleep 1"), asked("status"), says("Done.")]))
    assert (run.code, run.result["result"]) == (0, "Done.")
    assert "No such tool" in run.main[2].results[0][1]


def test_a_server_that_dies_in_mid_session_leaves_the_work_alone(client: Client) -> None:
    equipped(client)
    kill = calls("Bash", command="sleep 4; pkill -f outrider.interface.mcp.entr[y] ; echo killed")
    work = calls("Write", file_path="new.txt", content="new")
    run = client.run(Script([kill, asked("status"), work, says("Done.")]))
    assert (run.code, run.result["result"]) == (0, "Done.")
    assert (client.project / "new.txt").exists()


def test_what_the_plugin_adds_to_every_request_is_small(
    program: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Tools are searched for unless a person turns that off or a gateway stands between; then their
    descriptions are sent as well. Four characters a token is the usual rule of thumb."""
    for number, (searching, late, most) in enumerate(
        (("true", False, MOST_TOKENS), ("true", True, MOST_TOKENS), ("false", False, WITHOUT_SEARCH))
    ):
        sizes = []
        for plugin in (ROOT, None):
            client = equipped(Client(program, tmp_path / f"{number} {plugin is None}", plugin), late=late)
            sizes.append(characters(first_whole_request(client, searching)))
        tokens = -(-(sizes[0] - sizes[1]) // 4)
        how = f"tool search {searching}, server {'late' if late else 'in time'}"
        with capsys.disabled():
            print(f"\nthe plugin adds to a request, {how}: {tokens} tokens of {most}")
        assert 0 < tokens <= most


def first_whole_request(client: Client, searching: str) -> Json:
    """The first request by which everything was said that is always said."""
    plugin = client.plugin is not None

    def wait(_: Request) -> list[Json]:
        is_whole = not plugin or PREFIX in json.dumps(script.bodies[-1])
        return says("Done.") if is_whole else calls("Bash", command="sleep 1")

    script = Script([wait] * 20)
    client.run(script, environment={"ENABLE_TOOL_SEARCH": searching})
    assert (PREFIX in json.dumps(script.bodies[-1])) is plugin
    return script.bodies[-1]


def characters(body: Json) -> int:
    """The characters of all texts in a request but what the model said and did, and of its tools as written."""
    told = [
        block
        for message in body["messages"]
        if message["role"] != "assistant"
        for block in blocks(message["content"])
    ]
    texts = [block["text"] for block in [*body["system"], *told] if block["type"] == "text"]
    return len("".join(texts)) + len(json.dumps(body["tools"], ensure_ascii=False))
