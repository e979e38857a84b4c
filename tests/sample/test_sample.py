"""The shipped sample holds what its page says, and nothing that must not be shipped."""

import json
import re
import subprocess
import sys
from collections import Counter
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "src/outrider/sample"
CONFIG = SAMPLE / "config"
TORN = "8231808a-4567-40c5-aa95-e906fdb602a2"
TDD = "practicing-tdd"
TRANSCRIPTS = sorted(CONFIG.glob("projects/**/*.jsonl"))
MAIN = sorted(CONFIG.glob("projects/*/*.jsonl"))
SECRETS = re.compile(
    r"sk-ant-|sk-[A-Za-z0-9]{20}|gh[pousr]_|AKIA[0-9A-Z]{12}|xox[abp]-|eyJ[A-Za-z0-9_-]{10}"
    r"|-----BEGIN|[Pp]assword|[Bb]earer |://[^/\s\"]+:[^/\s\"]+@|[\w.]+@[\w-]+\.[a-z]{2,}"
)

Line = dict[str, Any]


def shipped_files() -> list[Path]:
    return [p for p in sorted(SAMPLE.rglob("*")) if p.is_file() and "__pycache__" not in p.parts]


def read(path: Path) -> list[Line]:
    """The whole records of a file; half a record at the end is left out."""
    texts = path.read_text(encoding="utf-8").split("\n")
    return [json.loads(text) for text in texts[:-1]]


def in_story_order() -> list[list[Line]]:
    return sorted((read(path) for path in MAIN), key=began)


def began(lines: list[Line]) -> str:
    """Time of the first line that the session wrote itself: a fork copies older ones."""
    return next(line["timestamp"] for line in lines if "uuid" in line and "forkedFrom" not in line)


def session(number: int) -> list[Line]:
    return in_story_order()[number]


def blocks(lines: list[Line], kind: str) -> list[Line]:
    contents = [line["message"]["content"] for line in lines if "message" in line]
    return [b for content in contents if isinstance(content, list) for b in content if b["type"] == kind]


def calls(lines: list[Line]) -> list[Line]:
    return blocks(lines, "tool_use")


def bodies(lines: list[Line]) -> list[str]:
    metas = [block["text"] for block in blocks([x for x in lines if x.get("isMeta")], "text")]
    return [text.split("\n")[0] for text in metas if text.startswith("Base directory for this skill")]


def story(lines: list[Line]) -> str:
    """The session as one letter per event: t and s edits, + and - test runs, c commit."""
    failed = {b["tool_use_id"] for b in blocks(lines, "tool_result") if b.get("is_error")}
    found = ""
    for call in calls(lines):
        path = call["input"].get("file_path", "")
        command = call["input"].get("command", "")
        if call["name"] in ("Edit", "Write"):
            found += "t" if "/test/" in path else "s" if "/src/" in path else ""
        elif command.startswith(("npm test", "npx vitest")):
            found += "-" if call["id"] in failed else "+"
        elif "git commit" in command:
            found += "c"
    return found


def test_the_committed_files_are_what_the_script_makes() -> None:
    script = ROOT / "scripts/make_sample.py"
    told = subprocess.run(
        [sys.executable, "-B", str(script), "--check"], capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stdout + told.stderr


def test_the_sample_is_small() -> None:
    sizes = [path.stat().st_size for path in shipped_files()]
    assert sum(sizes) < 400_000


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem[:18])
def test_every_line_but_the_torn_one_is_a_record(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").split("\n")
    assert all(isinstance(json.loads(text), dict) for text in lines[:-1])
    if path.stem == TORN:
        with pytest.raises(json.JSONDecodeError):
            json.loads(lines[-1])
    else:
        assert lines[-1] == ""


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem[:18])
def test_parents_stand_before_their_children(path: Path) -> None:
    seen: set[str | None] = {None}
    for line in read(path):
        if "uuid" in line:
            assert line["parentUuid"] in seen
            assert line.get("logicalParentUuid") in seen
            assert line["uuid"] not in seen
            seen.add(line["uuid"])


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem[:18])
def test_time_never_runs_backwards(path: Path) -> None:
    times = [line["timestamp"] for line in read(path) if "uuid" in line]
    assert times == sorted(times)


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem[:18])
def test_every_call_has_one_result(path: Path) -> None:
    lines = read(path)
    results = Counter(block["tool_use_id"] for block in blocks(lines, "tool_result"))
    assert results == Counter(call["id"] for call in calls(lines))


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem[:18])
def test_a_session_id_is_that_of_the_file(path: Path) -> None:
    name = path.parents[1].name if path.parent.name == "subagents" else path.stem
    assert {line["sessionId"] for line in read(path) if "sessionId" in line} == {name}


def test_eight_sessions_stand_in_two_projects_and_the_time_that_is_told() -> None:
    assert Counter(path.parent.name for path in MAIN) == {"-home-dev-shop": 6, "-home-dev-notes": 2}
    days = [began(lines)[:10] for lines in in_story_order()]
    assert (days[0], days[-1]) == ("2026-11-02", "2026-11-20")
    versions = [line["version"] for lines in in_story_order() for line in lines if "version" in line]
    assert set(versions) == {"2.1.50", "2.1.197", "2.1.294", "2.1.330"}


def test_two_versions_of_the_skill_run_typed_and_chosen() -> None:
    runs = []
    for lines in in_story_order():
        body = next((text for text in bodies(lines) if text.endswith(TDD)), None)
        fork = any("forkedFrom" in line for line in lines)
        if body and not fork:
            chosen = any(call["name"] == "Skill" for call in calls(lines))
            runs.append((body.split("/")[-3], "chosen" if chosen else "typed"))
    assert runs == [
        ("1.2.0", "typed"),
        ("1.2.0", "chosen"),
        ("1.3.0", "chosen"),
        ("1.3.0", "typed"),
    ]


def test_the_loaded_bodies_are_the_plugins_own_files() -> None:
    """What the transcripts hold is the text of the version whose path they name."""
    for lines in in_story_order():
        for block in blocks([line for line in lines if line.get("isMeta")], "text"):
            home, _, body = block["text"].partition("\n\n")
            home = home.removeprefix("Base directory for this skill: /home/dev/.claude/")
            file = (CONFIG / home / "SKILL.md").read_text(encoding="utf-8")
            assert file.split("---\n\n", 1)[1].rstrip() == body.split("\n\nARGUMENTS:")[0].rstrip()


@pytest.mark.parametrize(
    ("number", "expected"),
    [(1, "t-s+cc"), (2, "ts+c"), (3, "t-ss+t-s+c"), (5, "st+c")],
    ids=["clean", "no failing test", "two laps with a review", "source before test"],
)
def test_each_run_goes_the_way_that_its_page_tells(number: int, expected: str) -> None:
    assert story(session(number)) == expected


def test_the_loop_has_six_failing_runs_with_one_outcome() -> None:
    lines = session(4)
    assert [len(list(same)) for key, same in groupby(story(lines)) if key == "-"] == [6]
    output = [b["content"] for b in blocks(lines, "tool_result") if b.get("is_error")]
    masked = {re.sub(r"\d\d:\d\d:\d\d|[\d.]+m?s\b", "", text) for text in output}
    assert (len(set(output)), len(masked)) == (6, 1)


def test_the_reviewer_runs_inside_the_nested_skill() -> None:
    lines = session(3)
    assert [text.split("/")[-1] for text in bodies(lines)] == [TDD, "reviewing-code"]
    (agent,) = [call for call in calls(lines) if call["name"] == "Agent"]
    (meta,) = CONFIG.glob(f"projects/*/{lines[0]['sessionId']}/subagents/*.meta.json")
    told = json.loads(meta.read_text(encoding="utf-8"))
    assert (told["agentType"], told["toolUseId"]) == ("craft:reviewer", agent["id"])
    assert meta.with_name(meta.name.replace(".meta.json", ".jsonl")).exists()


def test_the_fork_copies_history_and_goes_on() -> None:
    lines, origin = session(6), session(3)
    copied = [line for line in lines if "forkedFrom" in line]
    assert [line["uuid"] for line in copied] == [line["uuid"] for line in origin if "uuid" in line]
    assert all(line["forkedFrom"]["messageUuid"] == line["uuid"] for line in copied)
    assert story(lines) == story(origin) + "s-"


def test_the_old_session_keeps_its_subagent_inside() -> None:
    lines = session(0)
    inner = [line for line in lines if line.get("data", {}).get("type") == "agent_progress"]
    assert len(inner) == 6
    answers = [line["message"] for line in lines if line["type"] == "assistant"]
    assert all(answer["stop_reason"] is None for answer in answers)
    assert len(list(CONFIG.glob(f"todos/{lines[-1]['sessionId']}-agent-*.json"))) == 1


def test_the_rest_of_the_promised_records_is_there() -> None:
    every = [line for path in TRANSCRIPTS for line in read(path)]
    own = [line for line in every if "forkedFrom" not in line]
    kinds = Counter(line.get("subtype") or line["type"] for line in own)
    names = Counter(call["name"] for call in calls(own))
    texts = json.dumps(every)
    assert kinds["compact_boundary"] == kinds["cost-state"] == kinds["harbor-note"] == 1
    assert kinds["turn_duration"] == 11
    assert kinds["stop_hook_summary"] == 5
    assert sum(line.get("isApiErrorMessage", False) for line in own) == 1
    assert texts.count("[Request interrupted by user]") == texts.count("<task-notification>") == 1
    assert (names["AskUserQuestion"], names["TaskCreate"], names["TaskUpdate"]) == (1, 2, 4)
    assert len(list(CONFIG.glob("tasks/*/*.json"))) == 2
    hooks = [x["attachment"] for x in own if x.get("attachment", {}).get("type") == "hook_success"]
    assert len(hooks) > 5
    assert all(hook["durationMs"] > 0 for hook in hooks)
    forks = [line for line in own if isinstance(line.get("toolUseResult"), dict)]
    assert sum(line["toolUseResult"].get("status") == "forked" for line in forks) == 1
    usage = [line["message"]["usage"]["cache_creation"] for line in own if line["type"] == "assistant"]
    assert {tier for counts in usage for tier, count in counts.items() if count} == {
        "ephemeral_1h_input_tokens",
        "ephemeral_5m_input_tokens",
    }


def test_the_cost_state_agrees_with_the_lines() -> None:
    lines = session(5)
    (state,) = [line for line in lines if line["type"] == "cost-state"]
    answers = {x["message"]["id"]: x["message"] for x in lines if x["type"] == "assistant"}
    (used,) = state["modelUsage"].values()
    assert used["outputTokens"] == sum(x["usage"]["output_tokens"] for x in answers.values())
    read_back = sum(x["usage"]["cache_read_input_tokens"] for x in answers.values())
    assert used["cacheReadInputTokens"] == read_back


def test_the_wrangler_folders_speak_both_dialects() -> None:
    folders = sorted((SAMPLE / "shop/.wrangler/sessions").iterdir())
    names = {"audit.jsonl", "checkpoint.json", "context.json"}
    assert all({path.name for path in folder.iterdir()} == names for folder in folders)
    by_phase, by_step = (read(folder / "audit.jsonl") for folder in folders)
    assert {line["status"] for line in by_phase} == {"started", "complete"}
    assert {line["status"] for line in by_step} == {"started", "completed", "failed", "skipped"}


def test_the_page_tells_the_true_totals() -> None:
    usage: dict[str, Counter[str]] = {}
    for path in TRANSCRIPTS:
        for line in read(path):
            inner = line.get("data", {}).get("message", {}) if line["type"] == "progress" else line
            message = inner.get("message", {})
            if message.get("usage") and message["model"] != "<synthetic>":
                counts = Counter({k: v for k, v in message["usage"].items() if isinstance(v, int)})
                usage[message["id"]] = usage.get(message["id"], Counter()) | counts
    total = sum(usage.values(), Counter())
    page = (SAMPLE / "README.md").read_text(encoding="utf-8")
    assert f"| requests | {len(usage)} |" in page
    assert f"| tokens, output | {total['output_tokens']:,} |" in page
    assert f"| tokens, cache read | {total['cache_read_input_tokens']:,} |" in page
    assert f"| tokens, input | {total['input_tokens']:,} |" in page


@pytest.mark.parametrize("path", shipped_files(), ids=lambda path: path.name[:18])
def test_nothing_personal_or_secret_is_shipped(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    homes = set(re.findall(r"/(?:home|Users|root|work|tmp)\b(?:/[\w.-]+)?", text))
    assert homes <= {"/home/dev"}
    assert not SECRETS.findall(text)
