"""Audits in a terminal: what is said, and that foreign text stays text."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from rich.console import Console

from outrider.edge.reports.audit_screen import mistake_line, print_run, print_runs, print_wrangler
from outrider.edge.reports.steps_screen import print_activities, print_rules, print_steps, print_unmatched
from outrider.judge.attribution.account import account
from outrider.judge.conformance.across import rule_rows, step_table
from outrider.judge.conformance.audit import RunAudit, audited
from outrider.judge.conformance.wrangler_log import WranglerFinding
from outrider.plan.workflow.model import Mistake, Workflow
from outrider.record.activities.activity import Activity
from outrider.record.events import events_of
from outrider.record.wrangler import WranglerSession
from tests.judge.conformance.made_runs import workflow_of
from tests.record.sessions import Story

SIGNS = [chr(code) for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) != "\n"]
BIDI = [
    "\u061c",
    "\u200b",
    "\u200e",
    "\u200f",
    "\u202a",
    "\u202e",
    "\u2066",
    "\u2069",
    "\ufeff",
    "\U000e0041",
]
HOSTILE = "[bold red]x[/] :boom: " + "".join([*BIDI, "\n", *SIGNS])
RULED = """
skill: mend
steps:
  look: { evidence: [read], title: "TITLE" }
  fix: { evidence: [edit.src] }
  ship: { evidence: [git.commit] }
order: look > fix > ship
rules:
  - before git.commit require test.pass since edit.src
  - at most 1 edit.src
"""


def classify(tool: str, given: object, status: str, result: str, folder: str) -> tuple[Activity, ...]:
    """Take the activity that a made call names, and what it was done to."""
    assert isinstance(given, dict)
    return (Activity(given["does"], given.get("of", "")),) if "does" in given else ()


def made(*done: tuple[str, str], name: str = "mend", workflow: Workflow | None = None) -> RunAudit:
    story = Story(HOSTILE if name == HOSTILE else "s-e-s-s-i-o-n")
    story.prompt()
    story.chosen(name)
    for does, of in done:
        story.work("Do", does=does, of=of)
    story.response(text="All tests pass now.")
    session = story.build()
    accounted = account(session, story.text_of, lambda model, at, usage: 10_000_000)
    events = events_of(session, classify).events
    (found,) = audited(session, accounted, events, {1: workflow or workflow_of(RULED)})
    return found


def console(width: int = 180) -> Console:
    return Console(file=io.StringIO(), markup=False, highlight=False, emoji=False, width=width)


def printed(*runs: RunAudit, origin: str = "project", path: str = "", width: int = 180) -> str:
    screen = console(width)
    print_runs(screen, [(run, origin, path) for run in runs])
    return text_of(screen)


def text_of(screen: Console) -> str:
    assert isinstance(screen.file, io.StringIO)
    return "".join(line.rstrip() + "\n" for line in screen.file.getvalue().splitlines())


def assert_inert(text: str) -> None:
    assert not any(sign in text for sign in [*SIGNS, *BIDI])
    assert "[bold red]x[/] :boom:" in text


def hostile() -> RunAudit:
    found = made(("edit.src", HOSTILE), ("git.commit", HOSTILE), name=HOSTILE)
    steps = tuple(replace(step, title=HOSTILE) for step in found.workflow.steps)
    rules = tuple(
        replace(rule, rule=rule.rule._replace(text=HOSTILE + rule.rule.text)) for rule in found.rules
    )
    return replace(found, workflow=replace(found.workflow, steps=steps), rules=rules)


def test_names_of_skills_steps_files_and_paths_stay_inert() -> None:
    text = printed(hostile(), path=HOSTILE)
    assert_inert(text)
    for line in text.splitlines():
        assert len(line) <= 180
    assert text.count("[bold red]x[/]") >= 6


def test_tables_over_many_runs_stay_inert() -> None:
    run = hostile()
    screen = console()
    print_steps(screen, step_table(HOSTILE, [run]), "derived")
    print_rules(screen, rule_rows([run]))
    print_activities(screen, [(HOSTILE, 1, 1)])
    print_unmatched(screen, [(HOSTILE, 1)], 0.5)
    assert_inert(text_of(screen))


def test_findings_of_wrangler_stay_inert() -> None:
    session = WranglerSession(HOSTILE, "mcp", HOSTILE, HOSTILE, HOSTILE, 0, None, "{}")
    finding = WranglerFinding("wrangler.x", "error", HOSTILE, (), HOSTILE)
    screen = console()
    print_wrangler(screen, session, [finding])
    assert_inert(text_of(screen))


def test_a_mistake_is_one_line_whatever_the_file_says() -> None:
    line = mistake_line(HOSTILE, Mistake(3, 7, "bad-thing", HOSTILE, HOSTILE))
    assert_inert(line)
    assert "\n" not in line
    assert line.endswith("[bad-thing]")


def test_a_run_without_any_workflow_is_named_and_not_drawn() -> None:
    free = made(("read", "a.py"), workflow=Workflow("mend"))
    free = replace(free, unproven=())
    assert printed(free, free, origin="none") == (
        "nothing prescribes steps or rules for 2 runs: mend (2)\n2 runs, rules were broken in 0 of them\n"
    )


def test_skills_without_a_workflow_are_listed_up_to_a_bound() -> None:
    names = [f"skill-{number:02}" for number in range(30)]
    free = [replace(made(name=name, workflow=Workflow(name)), unproven=()) for name in names]
    assert "skill-11 (1) and 18 other skills" in " ".join(printed(*free, origin="none").split())


def test_a_session_is_named_so_that_it_can_be_typed() -> None:
    assert "of session s-e-s-s-\n" in printed(made())


def test_a_break_says_what_happened_what_was_missing_and_what_to_do() -> None:
    text = printed(made(("test.pass", ""), ("read", "a.py"), ("edit.src", "src/a.py"), ("git.commit", "")))
    assert "broken  before git.commit require test.pass since edit.src  (came up once, breaks: 1)" in text
    (told,) = [line for line in text.splitlines() if "- git.commit at" in line]
    clock = r"\d\d:\d\d:\d\d"
    assert re.search(
        rf"- git\.commit at {clock}; last evidence test\.pass at {clock}; "
        rf"taken back by edit\.src src/a\.py at {clock}; repair: test\.pass$",
        told,
    )


def test_evidence_that_never_came_is_no_evidence_taken_back() -> None:
    text = printed(made(("read", "a.py"), ("edit.src", "src/a.py"), ("git.commit", "")))
    assert "no evidence since edit.src src/a.py at" in text
    assert "taken back" not in text


def test_the_point_where_the_path_was_left_is_named_with_the_steps_as_people_call_them() -> None:
    text = printed(made(("edit.src", "src/a.py")))
    assert "left the path at edit.src src/a.py at" in text
    assert ", skipped before it: TITLE\n" in text
    assert "repair: the step look" in text
    assert "left the path at its end, without: ship\n" in printed(made(("read", "a"), ("edit.src", "b")))
    again = printed(made(("read", "a"), ("edit.src", "b"), ("git.commit", ""), ("read", "a")))
    assert ", TITLE is repeated\n" in again


def test_many_breaks_are_counted_and_only_the_first_are_told() -> None:
    text = printed(made(("read", "a"), *[("edit.src", f"{number}.py") for number in range(10)]))
    assert text.count("- edit.src") == 5
    assert "- and 4 more\n" in text


def test_a_claim_without_evidence_is_told() -> None:
    text = printed(made(("edit.src", "a.py")))
    assert "that tests pass, with nothing seen to pass since the last edit\n" in text


@pytest.mark.parametrize("width", [40, 80, 120])
def test_nothing_is_wider_than_the_terminal(width: int) -> None:
    run = made(("read", "a.py"), ("edit.src", "src/" + "long" * 40), ("git.commit", ""))
    screen = console(width)
    print_run(screen, run, "project", "/home/user/" + "deep/" * 30)
    print_steps(screen, step_table("mend", [run]), "project")
    print_rules(screen, rule_rows([run]))
    text = text_of(screen)
    assert max(len(line) for line in text.splitlines()) <= width
    assert "since" in text
