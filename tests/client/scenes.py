"""What scenarios share: a project with a plugin that has a workflow, and the three accounts of one run.

The client's account are the requests that it sent and the result that it printed; the store's are its
transcripts, read; the hooks' is the spool. All three must tell the same.
"""

from __future__ import annotations

import json
from collections import Counter
from contextlib import closing
from pathlib import Path

from outrider.app.audit import Auditor, SessionAudit
from outrider.judge.conformance.audit import RunAudit
from outrider.record.session import Session
from tests.app.stores import library
from tests.client.client import Client, Run
from tests.client.model import Json, Reply, calls, says

TESTS = "python3 -m unittest test_price"
SKILLS = {
    "tdd": "Writes the test first. Write a test, see it fail, write the code, see it pass.",
    "outer": "Wraps tdd. Use craft:tdd, then say so.",
}
WORKFLOW = """\
skill: tdd
steps:
  red: { evidence: [edit.test, test.fail] }
  green: { evidence: [edit.src, test.pass] }
order: (red > green)+
rules:
  - before edit.src require test.fail since edit.test
  - after edit.src require test.pass
"""


def craft(folder: Path) -> Path:
    """Write a plugin with two skills, one of which comes with a workflow."""
    manifest = folder / ".claude-plugin" / "plugin.json"
    manifest.parent.mkdir(parents=True)
    manifest.write_text(
        json.dumps({"name": "craft", "version": "1.0.0", "description": "Skills for a test."})
    )
    for name, text in SKILLS.items():
        (folder / "skills" / name).mkdir(parents=True)
        body = f"---\nname: {name}\ndescription: {text}\n---\n# {name}\n\n{text}\n"
        (folder / "skills" / name / "SKILL.md").write_text(body)
    (folder / "skills" / "tdd" / "workflow.yaml").write_text(WORKFLOW)
    return folder


def with_craft(client: Client, folder: Path) -> Client:
    """Give a client the plugin."""
    client.others = (craft(folder),)
    return client


def metered(number: int, content: list[Json]) -> Reply:
    """A reply whose usage tells which one it was, after a moment of thought."""
    usage = {
        "input_tokens": 1_000 + number,
        "output_tokens": 10 * number,
        "cache_read_input_tokens": 100_000 * number,
        "cache_creation_input_tokens": 0,
    }
    return Reply(content, usage, delay=0.15)


def metered_all(*contents: list[Json]) -> list[Reply]:
    """Replies that can be told apart by their usage."""
    return [metered(number, content) for number, content in enumerate(contents, 1)]


def skill(name: str) -> list[Json]:
    return calls("Skill", skill=name)


def run_tests() -> list[Json]:
    return calls("Bash", command=TESTS)


def write(number: int) -> list[Json]:
    return calls("Write", file_path=f"{number}.txt", content="new")


def write_test() -> list[Json]:
    text = "import unittest\nfrom price import double\n\nclass Case(unittest.TestCase):\n"
    text += "    def test_double(self):\n        self.assertEqual(double(2), 4)\n"
    return calls("Write", file_path="test_price.py", content=text)


def write_code() -> list[Json]:
    return calls("Write", file_path="price.py", content="def double(value):\n    return 2 * value\n")


IN_ORDER = (skill("craft:tdd"), write_test(), run_tests(), write_code(), run_tests(), says("Done."))
OUT_OF_ORDER = (skill("craft:tdd"), write_code(), write_test(), run_tests(), says("Done."))


def stored(run: Run) -> list[SessionAudit]:
    """What the store says of all sessions of a client, the oldest first."""
    with closing(library(run.config, run.config.parent / "store")) as opened:
        ids = opened.connection.execute("SELECT id FROM session WHERE own > 0 ORDER BY at").fetchall()
        return [Auditor(opened).session(number) for (number,) in ids]


def only(run: Run) -> SessionAudit:
    """What the store says of the one session of a client."""
    (audit,) = stored(run)
    return audit


def spooled(run: Run, session: str) -> list[Json]:
    """What the hooks told of a session."""
    path = run.home / "spool" / f"{session}.jsonl"
    return [json.loads(line)["payload"] for line in path.read_text().splitlines()]


def agree(run: Run, sessions: list[Session]) -> None:
    """Hold what the client did, what the store says and what the hooks told against each other."""
    known = {call.id: call for session in sessions for call in session.calls}
    seen = run.script.outcomes
    # Results of the calls by which a turn was ended have nobody left to be told to.
    untold = run.script.last_calls if run.result.get("terminal_reason") == "hook_stopped" else set()
    assert {name: call.status != "ok" for name, call in known.items() if name not in untold} == seen
    for agent in {agent for agent, _ in run.script.given}:
        given = [
            block["id"]
            for whom, reply in run.script.given
            for block in reply.content
            if whom == agent and block["type"] == "tool_use"
        ]
        assert [call.id for call in known.values() if call.agent == (agent or "")] == given
    requests = [request for session in sessions for request in session.requests]
    assert len(requests) == len(run.script.given)
    used: Counter[str] = Counter()
    for _, reply in run.script.given:
        used.update(reply.usage)
    assert sum(each.usage.input for each in requests) == used["input_tokens"]
    assert sum(each.usage.output for each in requests) == used["output_tokens"]
    assert sum(each.usage.cache_read for each in requests) == used["cache_read_input_tokens"]
    told = [line for session in sessions for line in spooled(run, session.id)]
    assert {line["tool_use_id"] for line in told if line.get("hook_event_name") == "PreToolUse"} == set(known)
    held = {line["evidence"][0] for line in run.log if line.get("evidence") and line["level"] != "hint"}
    assert {name for name, call in known.items() if call.status == "refused"} == held & set(known)


def verdicts(audit: RunAudit) -> dict[str, str]:
    """The verdict on each rule."""
    return {rule.title: rule.verdict.verdict for rule in audit.rules}
