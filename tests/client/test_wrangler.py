"""wrangler beside us: its own plugin with its own server, in the real client.

`OUTRIDER_WRANGLER` names a checkout of the plugin; nothing of it is kept here.
"""

from __future__ import annotations

import os
import re
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from outrider.app.arming import arm
from outrider.app.audit import wrangler_audits
from outrider.edge.store.queries import Scope
from tests.app.stores import library
from tests.client.client import Client
from tests.client.model import Json, Request, Script, calls, says
from tests.client.scenes import agree, only, run_tests, skill, write_code, write_test

WRANGLER = Path(os.environ.get("OUTRIDER_WRANGLER", "/none"))
SERVER = "mcp__plugin_wrangler_wrangler-mcp__"

pytestmark = pytest.mark.skipif(
    not (WRANGLER / ".claude-plugin").is_dir(), reason="OUTRIDER_WRANGLER names no checkout of wrangler"
)


@pytest.fixture
def beside(client: Client) -> Client:
    client.others = (WRANGLER,)
    client.tools = f"Bash,Read,Write,Edit,Skill,Agent,{SERVER}*"
    (client.project / "spec.md").write_text("# A cart\n")
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "begin"]):
        who = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
        subprocess.run(["git", *who, *words], cwd=client.project, check=True, capture_output=True)
    arm(client.home, {"CLAUDE_CONFIG_DIR": str(client.folder / "config")}, client.project, 1_800_000_000.0)
    return client


def test_a_session_of_wrangler_is_a_run_whose_phases_are_steps(beside: Client) -> None:
    def phase(name: str, status: str) -> object:
        return lambda request: _ask(request, "session_phase", phase=name, status=status)

    start = calls(f"{SERVER}session_start", specFile="spec.md")
    work = (phase("execute", "started"), write_test(), run_tests(), write_code(), run_tests())
    ends = (
        phase("verify", "started"),
        run_tests(),
        lambda request: _ask(request, "session_complete", status="completed"),
    )
    run = beside.run(
        Script([start, phase("plan", "started"), *work, *ends, says("Done.")]),
        "/wrangler:implementing-specs spec.md",
    )  # type: ignore[list-item]
    assert run.result["result"] == "Done."
    audit = only(run)
    agree(run, [audit.view.session])
    (found,) = audit.runs
    visited = {step.name for step in found.workflow.steps if found.visits_of(step)}
    assert {"init", "plan", "execute", "verify", "publish"} <= visited
    with closing(library(run.config, run.config.parent / "store")) as opened:
        ((session, findings),) = wrangler_audits(opened, None, Scope())
    assert session.status == "completed"
    assert all(each.code for each in findings)


def test_a_gate_that_is_not_met_names_the_skill_of_wrangler_that_meets_it(beside: Client) -> None:
    beside.settings(workflows={"wrangler:implementing-issue": "enforce"})
    load = skill("wrangler:implementing-issue")
    script = Script(
        [
            load,
            write_code(),
            skill("wrangler:practicing-tdd"),
            write_test(),
            run_tests(),
            write_code(),
            run_tests(),
            says("Done."),
        ]
    )
    run = beside.run(script)
    refused = run.main[2].results[0]
    assert refused[0]
    assert "by the skill wrangler:practicing-tdd" in refused[1]
    assert run.script.outcomes["toolu_main_5_0"] is False
    agree(run, [only(run).view.session])


def test_what_is_owed_at_the_end_names_the_skill_of_wrangler_that_pays_it(beside: Client) -> None:
    beside.settings(workflows={"wrangler:verifying-before-completion": "enforce"})
    script = Script([skill("wrangler:verifying-before-completion"), write_code(), *[says("Done.")] * 4])
    run = beside.run(script)
    assert any("by the skill wrangler:requesting-code-review" in request.remarks for request in run.main)


def _ask(request: Request, tool: str, **given: object) -> list[Json]:
    """Call a tool of wrangler's with the session that its start told."""
    told = re.search(r"\d{4}-\d\d-\d\d-[0-9a-f]+-[0-9a-f]{4}", str(request.messages))
    return calls(SERVER + tool, sessionId=told[0] if told else "none", **given)
