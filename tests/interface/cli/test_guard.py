"""`outrider guard …` and `outrider watch`: what a person sees and sets."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from outrider.interface.cli.main import outrider
from outrider.interface.hook import program
from outrider.judge.guard import settings as setting
from outrider.judge.guard.catalogue import DETECTORS, OTHERS

ROOT = Path(__file__).parents[3]
SESSION = "11112222-3333-4444-5555-666677778888"
WORKFLOW = """\
skill: mend
steps: { look: { evidence: [diff.read] }, keep: { evidence: [git.commit] } }
order: look > keep
rules:
  - before git.commit require test.pass since edit.src
  - never git.push
"""


@pytest.fixture
def home() -> Path:
    return Path(os.environ["OUTRIDER_HOME"])


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "shop"
    (folder / "skills/mend").mkdir(parents=True)
    (folder / "skills/mend/SKILL.md").write_text("---\nname: mend\n---\n# Mend\n")
    (folder / "skills/mend/workflow.yaml").write_text(WORKFLOW)
    monkeypatch.chdir(folder)
    return folder


def run(*arguments: str) -> Result:
    return CliRunner().invoke(outrider, list(arguments), prog_name="outrider", catch_exceptions=False)


def told(*arguments: str) -> Any:
    return json.loads(run(*arguments).stdout)


def settings(home: Path) -> Any:
    return json.loads((home / "guard/settings.json").read_text())


def hook(payload: dict[str, object], now: float) -> Any:
    given = json.dumps({"session_id": SESSION, "cwd": "/", **payload}).encode()
    answer = program.run(given, os.environ, now, "test")
    return json.loads(answer) if answer else None


def call(number: int, now: float, answers: bool = True) -> list[Any]:
    tool = {"tool_name": "Bash", "tool_use_id": f"c{number}", "tool_input": {"command": "cat plan.md"}}
    given = [hook({"hook_event_name": "PreToolUse", **tool}, now)]
    if answers:
        response = {"stdout": "the same words as before, all of them", "stderr": ""}
        given.append(hook({"hook_event_name": "PostToolUse", **tool, "tool_response": response}, now + 1))
    return given


@pytest.fixture
def looped(home: Path) -> float:
    """A session that reads one file over and over, until just now; returns when."""
    now = time.time() - 60
    for number in range(5):
        call(number, now + number * 3)
    return now


def test_out_of_the_box_the_guard_advises(home: Path) -> None:
    found = told("guard", "status", "--json")
    assert [(each["name"], each["value"], each["origin"]) for each in found["settings"]] == [
        ("mode", "advise", "default"),
        ("projects_may", "advise", "default"),
    ]
    assert not (home / "guard").exists()


@pytest.mark.parametrize("mode", setting.MODES)
def test_a_mode_can_be_set_for_the_whole_and_for_a_detector(home: Path, mode: str) -> None:
    assert run("guard", mode).exit_code == 0
    assert run("guard", mode, "poll").exit_code == 0
    assert settings(home) == {"mode": mode, "detectors": {"poll": mode}}


def test_a_mode_can_be_set_for_this_project_alone(home: Path, project: Path) -> None:
    run("guard", "enforce", "--project")
    assert settings(home) == {"projects": {str(project): {"mode": "enforce"}}}
    origins = {each["name"]: each["origin"] for each in told("guard", "status", "--json")["settings"]}
    assert origins["mode"] == "user, for this project"


def test_enforcing_a_workflow_compiles_its_rules_and_says_how_to_test_them(home: Path, project: Path) -> None:
    result = run("guard", "enforce", "skills/mend")
    assert result.exit_code == 0
    assert "1 before git.commit require test.pass since edit.src" in result.stdout
    assert "outrider backtest" in result.stdout
    assert settings(home) == {"workflows": {"mend": "enforce"}}
    assert json.loads((home / "guard/rules/mend.json").read_text())["schema"] == "outrider.rules/1"
    assert (home / "guard/vocabulary.json").exists()


@pytest.mark.parametrize("rule", ["2", "never git.push", "never  git.push"])
def test_one_rule_can_be_promoted_by_text_or_number(home: Path, project: Path, rule: str) -> None:
    result = run("guard", "advise", f"skills/mend: {rule}")
    assert settings(home) == {"rules": {"mend: never git.push": "advise"}}
    assert "--rule 'never git.push'" in result.stdout


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("skills/mend: 9", "no-such-rule"),
        ("skills/mend: never", "no-such-rule"),
        ("telepathy", "no-such-skill"),
    ],
)
def test_an_unknown_name_is_refused_and_nothing_is_written(
    home: Path, project: Path, name: str, slug: str
) -> None:
    result = run("guard", "enforce", name)
    assert result.exit_code == 2
    assert f"error[{slug}]" in result.stderr
    assert not (home / "guard/settings.json").exists()


def test_compiling_takes_what_is_declared_and_touches_nothing_the_second_time(
    home: Path, project: Path
) -> None:
    skills = project / ".claude" / "skills"
    skills.parent.mkdir()
    (project / "skills").rename(skills)
    first = run("guard", "compile")
    assert (first.exit_code, first.stderr) == (0, "")
    assert f"mend: 2 rules, {skills / 'mend' / 'workflow.yaml'}\n" in first.stdout
    assert "wrangler:practicing-tdd: " in first.stdout
    again = run("guard", "compile")
    assert again.stdout == f"{len(first.stdout.splitlines()) - 1} are unchanged\n"
    (skills / "mend" / "workflow.yaml").unlink()
    assert run("guard", "compile").stdout.startswith("mend: removed, its skill is gone\n")


def test_compiling_tells_what_was_left_out(home: Path, project: Path) -> None:
    (project / ".claude").symlink_to(project)
    (project / "skills/mend/workflow.yaml").write_text("skill: mend\nrules: [sometimes pray]\n")
    result = run("guard", "compile")
    assert result.exit_code == 0
    assert "mend/workflow.yaml: 1 mistakes, the first in line 2: " in result.stderr
    assert "\n  outrider workflow check " in result.stderr


def test_compiling_where_nothing_can_be_written_is_an_error(home: Path, project: Path) -> None:
    run("guard", "compile")
    for path in (home / "guard/rules").iterdir():
        path.unlink()
    (home / "guard/rules").rmdir()
    (home / "guard/rules").write_text("")
    result = run("guard", "compile")
    assert result.exit_code == 3
    assert "left out: " in result.stderr


def test_compiling_by_name_takes_a_workflow_over_as_it_is(home: Path, project: Path) -> None:
    path = project / "skills/mend/workflow.yaml"
    path.write_text(WORKFLOW + "limits: { calls: 9 }\n")
    run("guard", "compile", "skills/mend")
    found = json.loads((home / "guard/rules/mend.json").read_text())
    assert found["limits"] == {"run": {"calls": 9}}
    assert "armed" not in found


def test_a_badly_written_workflow_is_not_promoted(home: Path, project: Path) -> None:
    (project / "skills/mend/workflow.yaml").write_text("skill: mend\nrules: [sometimes pray]\n")
    result = run("guard", "enforce", "skills/mend")
    assert (result.exit_code, "workflow-unusable" in result.stderr) == (2, True)
    assert not (home / "guard/settings.json").exists()


@pytest.mark.parametrize(("given", "kept"), [("45m", 2700), ("90", 90), ("1h30m", 5400), ("2.5", 2.5)])
def test_limits_are_numbers_or_texts(home: Path, given: str, kept: float) -> None:
    run("guard", "limit", "session", "seconds", given)
    assert settings(home)["limits"] == {"session": {"seconds": kept}}
    run("guard", "limit", "session", "seconds", "none")
    assert settings(home)["limits"] == {"session": {}}


@pytest.mark.parametrize("value", ["0", "-5", "nan", "inf", "soon", "1e99"])
def test_a_limit_that_is_none_is_one_error_and_the_old_settings_stay(home: Path, value: str) -> None:
    run("guard", "limit", "session", "seconds", "45m")
    before = (home / "guard/settings.json").read_bytes()
    result = run("guard", "limit", "session", "seconds", value)
    assert (result.exit_code, result.stderr.count("error[guard-settings]")) == (2, 1)
    assert (home / "guard/settings.json").read_bytes() == before


def test_a_limit_of_money_writes_the_prices_that_hooks_need(home: Path) -> None:
    run("guard", "limit", "session", "cost", "5 USD")
    assert settings(home)["limits"]["session"]["cost"] == 5
    assert json.loads((home / "guard/prices.json").read_text())


def test_settings_damaged_by_hand_are_told_and_the_last_sound_ones_hold(home: Path) -> None:
    run("guard", "enforce")
    wrong = {"mode": "angry", "detectors": {"telepathy": "off"}, "limits": {"session": {"calls": 0}}}
    (home / "guard/settings.json").write_text(json.dumps(wrong))
    found = told("guard", "status", "--json")
    assert (found["last_sound"], found["settings"][0]["value"]) == (True, "enforce")
    assert len(found["mistakes"]) == 3
    assert run("guard", "status").exit_code == 1
    result = run("guard", "off")
    assert result.exit_code == 2
    assert all(word in result.stderr for word in ("angry", "telepathy", "session.calls"))
    assert settings(home) == wrong


def test_a_hook_goes_on_with_the_last_sound_settings(home: Path) -> None:
    run("guard", "off")
    (home / "guard/settings.json").write_text('{"mode": "advise", "limits": {"session": {"calls": 0}}}')
    now = time.time()
    assert [each for number in range(8) for each in call(number, now + number * 3)] == [None] * 16


def test_what_a_project_file_tries_to_loosen_is_shown(project: Path) -> None:
    (project / ".outrider").mkdir()
    (project / ".outrider/guard.json").write_text('{"mode": "off", "limits": {"run": {"calls": 5}}}')
    found = told("guard", "status", "--json")
    assert found["ignored"] == ["mode: off (in force: advise)"]
    assert {"name": "limits.run.calls", "value": "5", "origin": "project file"} in found["settings"]


def test_a_tripped_session_runs_nothing_until_it_is_reset(home: Path, looped: float) -> None:
    assert run("guard", "trip", "--session", SESSION[:6], "--reason", "lunch\x1b[2J").exit_code == 0
    assert "\x1b" not in run("guard", "status").stdout
    (denied,) = call(10, looped + 30, answers=False)
    assert denied["hookSpecificOutput"]["permissionDecision"] == "deny"
    run("guard", "reset", "--session", SESSION[:6])
    assert call(11, time.time() + 30, answers=False) == [None]


def test_the_log_tells_evidence_and_what_followed(looped: float) -> None:
    (first, *_) = told("guard", "log", "--json")["interventions"]
    assert (first["level"], first["detector"], first["session"]) == ("hint", "same_result", SESSION)
    assert first["evidence"] == ["c0", "c1", "c2"]
    assert first["then"]["did"] == "same"
    text = run("guard", "log").stdout
    assert all(word in text for word in (first["id"], "same_result", "c0, c1, c2", "the same call again"))
    assert told("guard", "log", "--json", "--session", "other")["interventions"] == []
    assert told("guard", "log", "--json", "--since", "2100-01-01")["interventions"] == []


def test_an_intervention_is_explained(looped: float) -> None:
    (first, *_) = told("guard", "log", "--json")["interventions"]
    text = " ".join(run("guard", "explain", first["id"]).stdout.split())
    assert DETECTORS["same_result"].means in text
    assert all(word in text for word in ("c0, c1, c2", "cleared by", "outrider guard off same_result"))
    assert told("guard", "explain", first["id"], "--json")["ways"][-1] == "outrider guard off same_result"
    assert "no-such-intervention" in run("guard", "explain", "g-none").stderr


def test_sessions_are_shown_with_their_breakers(home: Path, looped: float) -> None:
    run("guard", "enforce")
    for number in range(20, 26):
        call(number, looped + number)
    (session,) = told("guard", "status", "--json")["sessions"]
    assert (session["session"], session["doing"]) == (SESSION, "working")
    assert session["breakers"][0]["state"] == "open"
    assert "Bash cat open" in run("guard", "status").stdout


def test_a_reset_closes_the_breakers_at_the_next_event(home: Path, looped: float) -> None:
    run("guard", "enforce")
    for number in range(20, 26):
        call(number, looped + number)
    run("guard", "reset")
    assert call(30, time.time() + 30) == [None, None]
    (session,) = told("guard", "status", "--json")["sessions"]
    assert session["breakers"] == []


def test_faults_of_the_hook_in_a_row_are_shown(home: Path, looped: float) -> None:
    (home / f"guard/sessions/{SESSION}.errors").write_text("xxx")
    assert "3 faults of the hook in a row" in run("guard", "status").stdout


def test_watch_notes_limits_of_time_and_stalls_once(home: Path) -> None:
    run("guard", "limit", "session", "seconds", "60")
    now = time.time() - 3600
    call(1, now)
    call(2, now + 3, answers=False)
    os.utime(home / f"guard/sessions/{SESSION}.json", (now, now))
    for _ in range(2):
        text = run("watch", "--once").stdout
        assert all(word in text for word in (SESSION[:8], "limit session seconds", "stalled for", "Bash cat"))
    noted = [each for each in told("guard", "log", "--json")["interventions"] if each["event"] == "Watch"]
    assert sorted(each["detector"] for each in noted) == ["limit", "stall"]
    (session,) = told("watch", "--json")["sessions"]
    assert session["stalled_ms"] > 3_000_000


def test_a_session_between_turns_has_not_stalled(home: Path) -> None:
    now = time.time() - 3600
    call(1, now)
    hook({"hook_event_name": "Stop"}, now + 5)
    os.utime(home / f"guard/sessions/{SESSION}.json", (now, now))
    (session,) = told("watch", "--json")["sessions"]
    assert (session["doing"], session["stalled_ms"]) == ("between turns", 0)


def test_damaged_state_is_shown_as_unknown(home: Path, looped: float) -> None:
    (home / f"guard/sessions/{SESSION}.json").write_text('{"watch": {"guard": {"version": 1, "threads": 7}}}')
    (home / "guard/log.jsonl").write_text('{"id": "g-1", "label": "\\u001b[31m", "said": 3}\n')
    for arguments in (
        ("guard", "status"),
        ("guard", "log"),
        ("watch", "--once"),
        ("guard", "explain", "g-1"),
    ):
        result = run(*arguments)
        assert result.exit_code == 0
        assert "\x1b" not in result.stdout
    assert told("watch", "--json")["sessions"][0]["doing"] == "unknown"


def test_every_detector_is_explained_and_stands_in_the_guide() -> None:
    assert set(DETECTORS) == set(setting.DETECTORS)
    page = (ROOT / "docs/guard.md").read_text("utf-8")
    for name, each in (*DETECTORS.items(), *OTHERS.items()):
        row = " | ".join(
            (f"| `{name}`", each.means, each.hint or "-", each.block or "never", each.silent, each.clears)
        )
        assert row + " |" in page, row
