"""`outrider audit`, `steps`, `rules` and `activities` as people and programs meet them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from outrider.interface.cli.main import outrider
from tests.app.shops import BAD, RULES, STEPS, Shop, shop
from tests.app.wrangler_logs import write_session
from tests.truth.generator import generate

COVERAGE = "coverage: 11 files, 370 lines, 370 accounted for, 0 faults, 112 bytes of unfinished records\n"
COMMANDS = (["audit", "--all"], ["steps", "practicing-tdd"], ["rules"], ["activities"])
TOKENS = {"input", "output", "cache_read", "cache_write_5m", "cache_write_1h"}

AUDIT = """\
craft:practicing-tdd  run 1 of session 1d1b608b
2026-11-06 10:22 UTC · 3m20s · chosen by the model · version 733173a08e568b95 · WORKFLOW
step                    status   visits     began   took  tokens     cost  calls  errors
red                     partial       1  10:25:46  11.8s   19.3k  $0.0061      1
green  bottleneck       done          1  10:25:57  16.9s   39.2k    $0.01      2
commit                  done          1  10:26:10  14.6s   39.6k    $0.01      1
(outside of the steps)                             16.2s   38.1k    $0.01      3
       broken  before edit.src require test.fail since edit.test  (came up once, breaks: 1)
               - edit.src src/checkout/shipping.ts at 10:25:57; no evidence since edit.test \
test/checkout/shipping.test.ts at 10:25:46; repair: test.fail
not triggered  before git.push require test.pass
         kept  order: (red > green)+ > commit  (came up once)
outside of the steps, 1 event: ask.user

"""
STEPS_SCREEN = """\
craft:practicing-tdd  4 runs in 4 sessions · the project's workflow file
step                    visits  skipped  out of order  repeated  time p50    p90  share        tokens  cost p50    p90   cost
red                          4                                      11.8s  22.2s    22%  ━━━   116.0k   $0.0068  $0.01  $0.03
green                        5                                      20.0s  48.1s    36%  ━━━━  178.4k     $0.01  $0.03  $0.07
commit                       4                                      18.5s  23.8s    25%  ━━━   201.9k     $0.01  $0.02  $0.05
(outside of the steps)                                                              16%  ━━    114.4k                   $0.26
bottleneck: green (the largest share of the time)
order score 1.00 over 4 runs (1: all in order)
2 versions of the text: 733173a08e568b95 (2), 6676ec01821e529e (2)
"""
RULES_SCREEN = """\
broken  kept  not triggered  came up  breaks  rule
                                              craft:practicing-tdd  4 runs
     2     2                       6       2  before edit.src require test.fail since edit.test
     1     3                       4       1  order: (red > green)+ > commit
                          4                   before git.push require test.pass
broken, kept, not triggered: runs; came up, breaks: times in all of them
"""


@pytest.fixture
def made(tmp_path: Path) -> Shop:
    found = shop(tmp_path)
    found.workflow(RULES)
    return found


def run(made: Shop | None, *arguments: str) -> Result:
    root = ["--root", str(made.config)] if made else []
    return CliRunner().invoke(outrider, [*arguments, *root], prog_name="outrider", catch_exceptions=False)


def answer(made: Shop | None, *arguments: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(run(made, *arguments, "--json").stdout)
    return value


def screen(result: Result) -> str:
    return "".join(line.rstrip() + "\n" for line in result.stdout.splitlines())


def test_an_audit_of_a_session_reads_like_this(made: Shop) -> None:
    result = run(made, "audit", "1d1b608b")
    where = f"the project's workflow file ({made.project}/.outrider/workflows/practicing-tdd.yaml)"
    printed = screen(result).replace("\n" + where[: where.index("/")], " " + where[: where.index("/")])
    assert " ".join(printed.split()) == " ".join((AUDIT.replace("WORKFLOW", where) + COVERAGE).split())
    body = AUDIT.partition("WORKFLOW\n")[2]
    assert body in printed
    assert (result.exit_code, result.stderr) == (1, "")


def test_the_steps_of_a_skill_read_like_this(made: Shop) -> None:
    result = run(made, "steps", "practicing-tdd")
    assert (result.exit_code, screen(result)) == (0, STEPS_SCREEN + COVERAGE)


def test_the_rules_read_like_this(made: Shop) -> None:
    result = run(made, "rules", "--skill", "practicing-tdd")
    assert (result.exit_code, screen(result)) == (0, RULES_SCREEN + COVERAGE)


def test_without_records_the_sample_ones_are_audited_and_it_is_said() -> None:
    result = run(None, "audit", "--all")
    assert (result.exit_code, "sample records" in result.stderr) == (0, True)
    assert "6 runs, rules were broken in 0 of them" in result.stdout


def test_the_exit_code_says_whether_a_rule_was_broken(made: Shop) -> None:
    codes = {
        session: run(made, "audit", session).exit_code for session in ("8843a8ab", "1d1b608b", "e3da874d")
    }
    assert codes == {"8843a8ab": 0, "1d1b608b": 1, "e3da874d": 0}
    assert run(made, "audit", "1d1b608b", "--json").exit_code == 1
    assert run(made, "audit", "--all").exit_code == 1
    assert run(made, "audit", "--all", "--skill", "summarizing-changes").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "slug"),
    [
        (["audit", "zzz"], "no-such-session"),
        (["audit", ""], "ambiguous-session"),
        (["steps", "no-such-skill"], "no-such-run"),
        (["audit", "--since", "yesterday"], "unclear-time"),
    ],
)
def test_what_means_nothing_is_a_usage_error(made: Shop, arguments: list[str], slug: str) -> None:
    result = run(made, *arguments)
    assert (result.exit_code, result.stderr.startswith(f"error[{slug}]")) == (2, True)


@pytest.mark.parametrize("many", [["--all"], ["--since", "7d"], ["--project", "/home"]])
def test_one_session_and_many_exclude_each_other(made: Shop, many: list[str]) -> None:
    assert run(made, "audit", "1d1b608b", *many).exit_code == 2
    assert run(made, "export", "1d1b608b", *many).exit_code == 2


def test_since_and_project_mean_all_sessions_of_then_and_there(made: Shop) -> None:
    there = answer(made, "audit", "--project", str(made.project))["runs"]
    assert [each["session"][:8] for each in there] == [
        "8843a8ab",
        "1d1b608b",
        "01c3af73",
        "01c3af73",
        "270e7eaa",
    ]
    then = answer(made, "audit", "--since", "2026-11-15")["runs"]
    assert [each["session"][:8] for each in then] == ["270e7eaa", "8231808a"]


def test_a_badly_written_workflow_gives_all_its_mistakes_once_and_exit_code_three(made: Shop) -> None:
    path = made.workflow(BAD)
    for command in (["audit", "--all"], ["audit", "8843a8ab"], ["steps", "practicing-tdd"], ["rules"]):
        result = run(made, *command)
        assert result.exit_code == 3
        lines = result.stderr.splitlines()
        assert [line.partition(str(path))[0] for line in lines] == ["error[workflow-badly-written]: "] * 2
        assert lines[0].partition(str(path))[2] == (
            ":3:21: `tset.fail` is no known activity (did you mean `test.fail`?) [unknown-activity]"
        )
        assert lines[1].endswith("[unknown-step]")
    assert json.loads(run(made, "audit", "--all", "--json").stdout)["runs"]


def test_a_badly_written_workflow_of_a_nested_run_is_told_too(made: Shop) -> None:
    made.workflow(BAD, "reviewing-code")
    result = run(made, "audit", "01c3af73")
    assert (result.exit_code, "unknown-activity" in result.stderr) == (3, True)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_that_cannot_be_used_is_one_clear_error(made: Shop, command: list[str]) -> None:
    made.write(".outrider/activities.yaml", "commands: { tset: [x] }\n")
    result = run(made, *command)
    assert (result.exit_code, result.stderr.startswith("error[activities-file-unusable]")) == (3, True)
    assert run(made, *command, "--root", "/nowhere/at/all").exit_code == 3


def test_a_workflow_of_more_than_a_mebibyte_could_not_be_read(made: Shop) -> None:
    made.workflow("#" * (2 << 20))
    result = run(made, "audit", "--all")
    assert (result.exit_code, result.stderr.startswith("error[unreadable-file]")) == (3, True)


def test_an_audit_as_json_has_the_promised_shape(made: Shop) -> None:
    told = answer(made, "audit", "1d1b608b")
    (each,) = told["runs"]
    assert told["schema"] == "outrider.audit/1"
    assert each["session"].startswith("1d1b608b")
    assert {key: each[key] for key in ("run", "skill", "skill_version", "order_score", "unexplained")} == {
        "run": 1,
        "skill": "craft:practicing-tdd",
        "skill_version": "733173a08e568b95",
        "order_score": 1.0,
        "unexplained": 1,
    }
    assert [(step["step"], step["status"]) for step in each["steps"]] == [
        ("red", "partial"),
        ("green", "done"),
        ("commit", "done"),
    ]
    (visit,) = each["steps"][0]["visits"]
    assert {"from_event", "to_event", "seconds", "tokens", "cost_usd"} <= visit.keys()
    assert (visit["tokens"].keys(), visit["seconds"]) == (TOKENS, pytest.approx(11.8, abs=0.1))
    rule = each["rules"][0]
    assert {"rule", "verdict", "evidence", "repair"} <= rule.keys()
    assert (rule["rule"], rule["verdict"], rule["repair"]) == (
        "before edit.src require test.fail since edit.test",
        "broken",
        ["test.fail"],
    )
    assert rule["evidence"]["activity"] == "edit.src"
    assert each["rules"][1]["evidence"] == {}


def test_the_runs_of_an_audit_add_up_to_the_report(made: Shop) -> None:
    skills = {row["name"]: row for row in answer(made, "skills")["skills"]}
    used: dict[str, dict[str, int]] = {}
    for each in answer(made, "audit", "--all")["runs"]:
        parts = [each["outside"], *(visit for step in each["steps"] for visit in step["visits"])]
        own = used.setdefault(each["skill"], dict.fromkeys([*TOKENS, "requests", "calls", "errors"], 0))
        for part in parts:
            for key in own:
                own[key] += part["tokens"].get(key, 0) or part.get(key, 0)
    assert used == {
        name: {**row["tokens"], **{key: row[key] for key in ("requests", "calls", "errors")}}
        for name, row in skills.items()
    }


def test_steps_as_json_have_the_promised_shape(made: Shop) -> None:
    told = answer(made, "steps", "craft:practicing-tdd")
    assert (told["schema"], told["skill"], told["runs"]) == ("outrider.steps/1", "craft:practicing-tdd", 4)
    assert [step["step"] for step in told["steps"]] == ["red", "green", "commit"]
    for step in told["steps"]:
        assert {"step", "title", "visits", "skipped", "tokens", "cost_usd", "seconds", "share"} <= step.keys()
        assert (step["tokens"].keys(), step["seconds"].keys()) == (TOKENS, {"p50", "p90", "total"})
    assert sum(step["share"] for step in told["steps"]) + told["outside"]["share"] == pytest.approx(1)


def test_steps_are_the_sum_of_the_audits(made: Shop) -> None:
    rows = {step["step"]: step for step in answer(made, "steps", "practicing-tdd")["steps"]}
    audits = answer(made, "audit", "--all", "--skill", "practicing-tdd")["runs"]
    for name, row in rows.items():
        visits = [
            visit
            for each in audits
            for step in each["steps"]
            if step["step"] == name
            for visit in step["visits"]
        ]
        skipped = [
            step
            for each in audits
            for step in each["steps"]
            if (step["step"], step["status"]) == (name, "skipped")
        ]
        assert (row["visits"], row["skipped"]) == (len(visits), len(skipped))
        assert row["calls"] == sum(visit["calls"] for visit in visits)
        assert row["cost_usd"] == pytest.approx(sum(visit["cost_usd"] for visit in visits))
        assert row["seconds"]["total"] == pytest.approx(sum(visit["seconds"] for visit in visits))


def test_rules_as_json_count_the_verdicts_of_the_audits(made: Shop) -> None:
    told = answer(made, "rules")
    assert told["schema"] == "outrider.rules/1"
    verdicts = [
        (rule["form"], rule["verdict"])
        for each in answer(made, "audit", "--all")["runs"]
        for rule in each["rules"]
    ]
    for row in told["rules"]:
        form = "order" if row["rule"].startswith("order: ") else "before"
        assert (row["kept"] + row["broken"] + row["not_triggered"], row["runs"]) == (4, 4)
        assert row["broken"] <= verdicts.count((form, "broken"))
    assert sum(row["broken"] for row in told["rules"]) == sum(verdict == "broken" for _, verdict in verdicts)


def test_activities_as_json_have_their_schema_and_the_unmatched_calls(made: Shop) -> None:
    told = answer(made, "activities")
    assert told["schema"] == "outrider.activities/1"
    assert {"activity": "git.commit", "times": 7, "sessions": 6} in told["activities"]
    assert {"call": "Bash: npm run db:up", "times": 1} in told["unmatched"]


def test_unmatched_calls_are_listed_with_the_share_that_is_known(made: Shop) -> None:
    printed = run(made, "activities", "--unmatched", "--limit", "1").stdout
    assert "Bash: node bench/search.js" in printed
    assert "npm run db:up" not in printed
    assert "96.3% of all calls have a known meaning" in printed


@pytest.mark.parametrize("command", [["audit"], ["audit", "--all"], ["rules"], ["activities"]])
def test_an_empty_folder_is_no_error_where_no_session_is_asked_for(
    tmp_path: Path, command: list[str]
) -> None:
    empty = Shop(tmp_path / "empty", tmp_path, tmp_path)
    empty.config.mkdir()
    assert run(empty, *command).exit_code == (2 if command == ["audit"] else 0)


def test_a_session_without_skills_says_so(made: Shop) -> None:
    assert run(made, "audit", "e3da874d").stdout.startswith("no skill ran here\n")
    assert run(made, "audit", "1d1b608b", "--skill", "x\x1b[2J").stdout.startswith(
        "no run of x\u241b[2J here\n"
    )


def test_records_are_never_written(tmp_path: Path) -> None:
    config = tmp_path / "config"
    generate(config, seed=5)
    before = {path: path.read_bytes() for path in config.rglob("*") if path.is_file()}
    for command in ([*COMMANDS[0]], ["rules"], ["activities"], ["export", "--all"]):
        assert run(Shop(config, config, config), *command).exit_code in (0, 1)
    assert {path: path.read_bytes() for path in config.rglob("*") if path.is_file()} == before


def test_text_of_the_records_cannot_move_in_a_terminal(tmp_path: Path) -> None:
    made = shop(tmp_path)
    hostile = "[red]x\u202e\u200b\x1b[2J\x07"
    for path in (made.config / "projects").rglob("*.jsonl"):
        text = path.read_text("utf-8")
        for harmless in ("src/checkout/shipping.ts", "practicing-tdd", "Add one test"):
            text = text.replace(harmless, harmless + json.dumps(hostile)[1:-1])
        path.write_text(text, "utf-8")
    made.workflow(RULES, "practicing-tdd-red-x")
    skill = "practicing-tdd" + hostile
    for command in (["audit", "--all"], ["audit", "1d1b608b"], ["steps", skill], ["rules"], ["activities"]):
        printed = run(made, *command).output
        assert not any(sign in printed for sign in ("\u202e", "\u200b", "\x1b", "\x07"))
    assert "[red]x" in run(made, "audit", "--all").stdout


def test_wranglers_session_is_audited_by_its_name(made: Shop) -> None:
    write_session(made.project, "2026-01-02-bell")
    result = run(made, "audit", "2026-01-02-bell")
    assert result.exit_code == 1
    assert result.stdout.startswith("wrangler session 2026-01-02-bell\n   error  wrangler.")
    assert "practicing-tdd" not in result.stdout
    told = answer(made, "audit", "2026-01-02-bell")
    (session,) = told["wrangler"]
    assert (told["runs"], session["session"], session["dialect"], session["status"]) == (
        [],
        "2026-01-02-bell",
        "mcp",
        "completed",
    )
    assert {
        (each["code"], each["severity"], tuple(at["entry"] for at in each["evidence"]))
        for each in session["findings"]
    } == {
        ("wrangler.init-twice", "warning", (1, 2)),
        ("wrangler.no-task-evidence", "error", (7,)),
        ("wrangler.tests-skipped", "error", (9,)),
        ("wrangler.counts-differ", "error", (7, 12, 0)),
        ("wrangler.pending-at-end", "error", (0,)),
    }


def test_wranglers_sessions_stand_beside_all_runs_and_not_beside_those_of_one_skill(made: Shop) -> None:
    write_session(made.project, "2026-01-02-bell")
    everything = answer(made, "audit", "--all")
    assert (len(everything["runs"]), len(everything["wrangler"])) == (6, 1)
    assert answer(made, "audit", "--all", "--skill", "practicing-tdd")["wrangler"] == []
    assert answer(made, "audit", "--since", "2026-11-01")["wrangler"] == []


def test_hostile_text_in_wranglers_log_stays_inert(made: Shop) -> None:
    folder = write_session(made.project, "2026-01-02-bell")
    log = folder / "audit.jsonl"
    log.write_text(log.read_text().replace("only_templates", "[red]\\u001b[2J\\u202e"))
    printed = run(made, "audit", "2026-01-02-bell").output
    assert not any(sign in printed for sign in ("\u202e", "\x1b"))
    assert "[red]" in printed


def test_the_current_folder_does_not_decide_which_workflow_holds(
    made: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / ".outrider/workflows").mkdir(parents=True)
    (elsewhere / ".outrider/workflows/practicing-tdd.yaml").write_text(STEPS + "rules: [never git.commit]\n")
    monkeypatch.chdir(elsewhere)
    rules = {row["rule"] for row in answer(made, "rules")["rules"]}
    assert "never git.commit" not in rules
