"""The server as a program, in both generations of its protocol, by the official SDK's own client and by hand."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import anyio
import pytest

from outrider import __version__
from outrider.interface.mcp.catalogue import INSTRUCTIONS, TOOLS
from tests.app.shops import SESSIONS, Shop, shop
from tests.interface.mcp.served import NEW, OLD, PROGRAM, SOURCE, Served

ROOT = Path(__file__).parents[3]
MOST_TOKENS = 400
NAMES = ["status", "step", "evidence", "audit", "explain", "skill_report"]


@pytest.fixture
def made(tmp_path: Path) -> Shop:
    return shop(tmp_path)


@pytest.fixture
def environment(made: Shop, tmp_path: Path) -> dict[str, str]:
    return {"CLAUDE_CONFIG_DIR": str(made.config), "OUTRIDER_HOME": str(tmp_path / "home")}


@pytest.mark.parametrize("generation", [OLD, NEW])
def test_a_host_of_either_generation_is_served_until_it_goes(
    generation: str, environment: dict[str, str]
) -> None:
    server = Served(environment, generation)
    said = server.greeted()["result"]
    told = said if generation == OLD else said["_meta"]["io.modelcontextprotocol/serverInfo"]
    assert (told["serverInfo"] if generation == OLD else told) == {"name": "outrider", "version": __version__}
    assert said["instructions"] == INSTRUCTIONS
    listed = server.ask("tools/list")["result"]["tools"]
    assert [each["name"] for each in listed] == NAMES
    failed, answer = server.tool("audit", {"session": SESSIONS[1]})
    assert not failed
    assert [run["skill"] for run in answer["runs"]] == ["craft:practicing-tdd"]
    assert server.closed() == 0


def test_what_is_wrong_is_an_answer_and_never_the_end_of_the_server(
    environment: dict[str, str], tmp_path: Path
) -> None:
    server = Served(environment)
    server.greeted()
    assert server.tool("audit", {"session": "../../x"}) == (
        True,
        {"could_not": "bad-argument", "next": "give an id of at least 6 digits, or last"},
    )
    failed, answer = server.tool("read_file", {"path": "/etc/passwd"})
    assert (failed, answer["could_not"]) == (True, "no-such-tool")
    server.tell("this is no JSON")
    server.tell({"jsonrpc": "2.0", "id": 77, "method": "no/such"})
    (tmp_path / "home" / "guard").mkdir(parents=True, exist_ok=True)
    while server.heard().get("id") != 77:
        pass
    assert server.tool("status")[0] is False
    assert server.closed() == 0
    assert str(tmp_path) not in server.errors


def test_a_fault_of_ours_is_an_answer_without_a_path_of_the_machine(
    environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "home").write_text("a file where the folder should be")
    server = Served(environment)
    server.greeted()
    failed, answer = server.tool("audit")
    assert failed
    assert answer["could_not"]
    assert str(tmp_path) not in json.dumps(answer) + server.errors
    assert server.closed() == 0


def test_two_servers_over_one_store_give_the_same_answers(environment: dict[str, str]) -> None:
    servers = [Served(environment), Served(environment, NEW)]
    for server in servers:
        server.greeted()
        server.ask("tools/list")
    first, second = (server.tool("audit", {"session": SESSIONS[1]}) for server in servers)
    assert first == second
    assert [server.closed() for server in servers] == [0, 0]


def test_a_host_that_goes_at_once_leaves_no_server(environment: dict[str, str]) -> None:
    assert Served(environment).closed() == 0


def test_the_official_client_lists_and_calls_the_tools(environment: dict[str, str]) -> None:
    from mcp import ClientSession, StdioServerParameters
    from mcp.client.stdio import stdio_client

    parameters = StdioServerParameters(
        command=sys.executable, args=["-I", "-c", PROGRAM, str(SOURCE)], env=environment
    )

    async def talked() -> tuple[list[str], bool | None]:
        async with stdio_client(parameters) as (read, write), ClientSession(read, write) as session:
            await session.initialize()
            listed = await session.list_tools()
            called = await session.call_tool("skill_report", {"skill": "practicing-tdd"})
            return [tool.name for tool in listed.tools], called.is_error

    assert anyio.run(talked) == (NAMES, False)


def test_descriptions_are_constant_and_say_nothing_of_this_machine() -> None:
    told = INSTRUCTIONS + json.dumps([[each.description, each.schema] for each in TOOLS])
    assert str(ROOT) not in told
    assert not re.search(r"[{}<>]\w+|\$\w", INSTRUCTIONS + "".join(each.description for each in TOOLS))


def test_what_stands_in_every_session_is_small(capsys: pytest.CaptureFixture[str]) -> None:
    """Tools are searched for since client 2.1.7, so only names and the server's line are always there.

    Four characters a token is the usual rule of thumb; what the client itself sends more because of us is
    compared in tests/client.
    """
    names = [f"mcp__plugin_outrider_outrider__{each.name}" for each in TOOLS]
    skills = []
    for path in sorted((ROOT / "skills").glob("*/SKILL.md")):
        head = path.read_text("utf-8").split("---")[1]
        if "disable-model-invocation: true" not in head:
            description = re.search(r"^description: *(.+)$", head, re.MULTILINE)
            skills.append(f"- outrider:{path.parent.name}: {description[1] if description else ''}")
    parts = {"tool names": "\n".join(names), "instructions": INSTRUCTIONS, "skills": "\n".join(skills)}
    tokens = {name: -(-len(value) // 4) for name, value in parts.items()}
    with capsys.disabled():
        print(f"\nalways-on context: {sum(tokens.values())} tokens of {MOST_TOKENS} ({tokens})")
    assert sum(tokens.values()) <= MOST_TOKENS
