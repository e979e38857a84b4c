"""Whole runs in the real client: what it did, what the store says, and that the two agree."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.app.stores import library
from tests.client.client import Client
from tests.client.model import Script, calls, says
from tests.client.scenes import (
    IN_ORDER,
    OUT_OF_ORDER,
    agree,
    metered,
    metered_all,
    only,
    run_tests,
    skill,
    spooled,
    stored,
    verdicts,
    with_craft,
    write,
    write_code,
    write_test,
)

Make = Callable[..., Client]


@pytest.mark.floor
def test_a_run_in_order_has_a_clean_audit_and_steps_with_time_and_tokens(
    client: Client, tmp_path: Path
) -> None:
    run = with_craft(client, tmp_path / "craft").run(Script(metered_all(*IN_ORDER)))
    audit = only(run)
    agree(run, [audit.view.session])
    (tdd,) = audit.runs
    assert tdd.run.load.name == "craft:tdd"
    assert set(verdicts(tdd).values()) == {"kept"}
    steps = {step.name: tdd.visits_of(step) for step in tdd.workflow.steps}
    assert [len(visits) for visits in steps.values()] == [1, 1]
    for name, ((_, used),) in steps.items():
        assert tdd.ms(used) >= 2 * 150, name
        assert used.usage.total_tokens > 200_000, name
    assert run.log == []


def test_the_same_out_of_order_breaks_a_rule_and_the_evidence_is_named(
    client: Client, tmp_path: Path
) -> None:
    run = with_craft(client, tmp_path / "craft").run(Script(metered_all(*OUT_OF_ORDER)))
    audit = only(run)
    agree(run, [audit.view.session])
    (tdd,) = audit.runs
    assert verdicts(tdd)["before edit.src require test.fail since edit.test"] == "broken"
    (violation,) = tdd.rules[0].violations
    assert (violation.event, violation.repair) == ("toolu_main_1_0", ("test.fail",))


@pytest.mark.floor
def test_a_loop_is_told_the_same_by_client_store_and_guard(client: Client) -> None:
    (client.project / "notes.txt").write_text("the same words as ever\n")
    look = calls("Bash", command="cat notes.txt")
    run = client.run(Script([look] * 30))
    audit = only(run)
    agree(run, [audit.view.session])
    refused = [call.id for call in audit.view.session.calls if call.status == "refused"]
    levels = [line["level"] for line in run.log if "level" in line]
    assert [level for number, level in enumerate(levels) if level not in levels[:number]] == [
        "hint",
        "deny",
        "stop",
    ]
    assert [denial["tool_use_id"] for denial in run.result["permission_denials"]] == refused
    assert {call.denial for call in audit.view.session.calls if call.id in refused} == {"hook"}


def test_a_limit_ends_the_turn_and_the_calls_before_it_are_all_there(client: Client) -> None:
    client.settings(mode="enforce", limits={"session": {"calls": 4}})
    script = Script([calls("Write", file_path=f"{number}.txt", content="new") for number in range(12)])
    run = client.run(script)
    audit = only(run)
    agree(run, [audit.view.session])
    assert run.result["terminal_reason"] == "hook_stopped"
    made = len(list(client.project.glob("*.txt")))
    assert made == sum(call.status == "ok" for call in audit.view.session.calls)
    assert 4 <= made <= 6


def test_a_typed_and_a_nested_skill_are_runs_with_their_own_triggers(client: Client, tmp_path: Path) -> None:
    script = Script(metered_all(*IN_ORDER, skill("craft:tdd"), says("Done.")))
    run = with_craft(client, tmp_path / "craft").run(script, "/craft:outer the cart")
    session = only(run).view.session
    agree(run, [session])
    with closing(library(run.config, run.config.parent / "store")) as opened:
        assert opened.connection.execute("SELECT prompt FROM session").fetchall() == [
            ("/craft:outer the cart",)
        ]
    assert [(load.name, load.trigger) for load in session.loads][:2] == [
        ("craft:outer", "typed"),
        ("craft:tdd", "model"),
    ]


def test_a_subagent_and_parallel_calls_belong_to_whom_they_belong(client: Client, tmp_path: Path) -> None:
    hand_over = calls(
        "Agent", description="Look", prompt="Look.", subagent_type="general-purpose", run_in_background=False
    )
    several = [
        *calls("Bash", command="echo one"),
        *calls("Bash", command="echo two"),
        *calls("Bash", command="false"),
    ]
    main = metered_all(skill("craft:tdd"), hand_over, several, says("Done."))
    own = [
        metered(7, [*calls("Bash", command="echo sub"), *calls("Bash", command="echo too")]),
        metered(8, says("So.")),
    ]
    run = with_craft(client, tmp_path / "craft").run(Script(main, agents=[own]))
    audit = only(run)
    session = audit.view.session
    agree(run, [session])
    assert [(agent.type, agent.call_id) for agent in session.subagents] == [
        ("general-purpose", "toolu_main_1_0")
    ]
    assert [call.status for call in session.calls if call.id.startswith("toolu_main_2")] == [
        "ok",
        "ok",
        "error",
    ]
    outside, tdd = audit.view.account.accounts
    assert (outside.requests, tdd.requests) == (1, 5)
    batch = [line for line in spooled(run, session.id) if line["hook_event_name"] == "PostToolBatch"]
    assert len(batch) == 4


def test_a_compaction_in_mid_run_loses_no_request_and_invents_no_subagent(
    client: Client, tmp_path: Path
) -> None:
    after = [metered(5, write_code()), metered(6, run_tests()), metered(7, says("Done."))]
    script = Script(
        metered_all(skill("craft:tdd"), write_test(), run_tests(), says("Shall I go on?")), after=after
    )
    run = with_craft(client, tmp_path / "craft").run(script, "Begin.", "/compact keep the steps", "Go on.")
    audit = only(run)
    session = audit.view.session
    assert [each.trigger for each in session.compactions] == ["manual"]
    assert session.subagents == ()
    assert not any(line["hook_event_name"] == "SubagentStart" for line in spooled(run, session.id))
    agree(run, [session])
    assert [load.name for load in session.loads] == ["craft:tdd"]
    (tdd,) = audit.runs
    assert set(verdicts(tdd).values()) == {"kept"}


def test_a_session_that_is_resumed_goes_on_and_nothing_counts_twice(client: Client, tmp_path: Path) -> None:
    with_craft(client, tmp_path / "craft")
    first = client.run(
        Script(metered_all(skill("craft:tdd"), write_test(), run_tests(), says("Shall I go on?")))
    )
    rest = Script(
        [*[says("")] * 4, metered(5, write_code()), metered(6, run_tests()), metered(7, says("Done."))]
    )
    rest.given.extend(first.script.given)
    run = client.run(rest, options=["--resume", first.result["session_id"]])
    audit = only(run)
    agree(run, [audit.view.session])
    (tdd,) = audit.runs
    assert set(verdicts(tdd).values()) == {"kept"}


def test_a_fork_is_a_session_of_its_own_and_shared_history_counts_once(
    client: Client, tmp_path: Path
) -> None:
    with_craft(client, tmp_path / "craft")
    first = client.run(
        Script(metered_all(skill("craft:tdd"), write_test(), run_tests(), says("Shall I go on?")))
    )
    rest = Script(
        [*[says("")] * 4, metered(5, write_code()), metered(6, run_tests()), metered(7, says("Done."))]
    )
    rest.given.extend(first.script.given)
    run = client.run(rest, options=["--resume", first.result["session_id"], "--fork-session"])
    assert run.result["session_id"] != first.result["session_id"]
    sessions = [audit.view.session for audit in stored(run)]
    assert len(sessions) == 2
    agree(run, sessions)


def test_a_request_that_failed_and_was_sent_again_counts_once(client: Client) -> None:
    work = replace(metered(1, calls("Bash", command="echo one")), failing=(529, 500))
    run = client.run(Script([work, metered(2, says("Done."))]))
    assert run.script.failed == [529, 500]
    assert run.result["result"] == "Done."
    agree(run, [only(run).view.session])


def test_hostile_arguments_reach_neither_the_hooks_files_nor_the_screen(client: Client) -> None:
    evil = (
        "\x1b]0;owned\x07\x1b[2J \u202e ../../../../etc/passwd $(touch owned) `touch owned`\n# " + "x" * 3_000
    )
    script = Script(
        [calls("Write", file_path=f"{evil}.txt", content=evil), calls("Read", file_path=evil), says("Done.")]
    )
    run = client.run(script)
    session = only(run).view.session
    agree(run, [session])
    kept = "".join(path.read_text() for path in run.home.rglob("*") if path.is_file())
    assert "\x1b" not in kept
    assert "\\u001b" not in kept
    assert "etc/passwd" not in kept
    assert not list(client.folder.rglob("owned"))


def test_a_foreign_plugin_and_a_project_cannot_make_the_guard_block_or_let_go(
    client: Client, tmp_path: Path
) -> None:
    with_craft(client, tmp_path / "craft")
    path = tmp_path / "craft" / "skills" / "tdd" / "workflow.yaml"
    path.write_text("mode: enforce\n" + path.read_text())
    own = client.project / ".outrider"
    own.mkdir()
    (own / "guard.json").write_text(
        '{"mode": "off", "workflows": {"tdd": "enforce"}, "limits": {"session": {"calls": 9000}}}'
    )
    client.settings(mode="enforce", limits={"session": {"calls": 6}})
    run = client.run(Script([*metered_all(*OUT_OF_ORDER[:-1]), *[write(number) for number in range(12)]]))
    agree(run, [only(run).view.session])
    assert run.script.outcomes["toolu_main_1_0"] is False
    assert run.result["terminal_reason"] == "hook_stopped"
    assert run.log[-1]["detector"] == "limit"
