"""The truth is true, and every trap bites."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from .compare import SCHEMA, differences
from .generator import UNKNOWN_MODEL, generate
from .plain_reader import Mistake, read
from .traps import ALL, SMALL, TINY, Trap
from .truth import Sums, Truth

BITES = [
    (Trap.SEVERAL_LINES, Mistake.FIRST_LINE_KEPT),
    (Trap.SEVERAL_LINES, Mistake.EVERY_LINE_SUMMED),
    (Trap.BETWEEN, Mistake.TOOL_RESULT_ENDS_RESPONSE),
    (Trap.RESUME, Mistake.EVERY_LINE_SUMMED),
    (Trap.RESUME, Mistake.PER_FILE_DEDUP),
    (Trap.FORK, Mistake.PER_FILE_DEDUP),
    (Trap.FORK_MARKED, Mistake.PER_FILE_DEDUP),
    (Trap.NO_REQUEST_ID, Mistake.REQUEST_ID_REQUIRED),
    (Trap.RELAY, Mistake.MESSAGE_ID_IS_ENOUGH),
    (Trap.RELAY, Mistake.REQUEST_ID_REQUIRED),
    (Trap.AGENT_FILE, Mistake.NO_SUBAGENTS),
    (Trap.MIRRORED, Mistake.PER_FILE_DEDUP),
    (Trap.EMBEDDED, Mistake.PER_FILE_DEDUP),
    (Trap.EMBEDDED_ONLY, Mistake.NO_EMBEDDED),
    (Trap.NESTED_AGENT, Mistake.NO_SUBAGENTS),
    (Trap.WORKFLOW, Mistake.NO_SUBAGENTS),
    (Trap.FORKED_SKILL, Mistake.NO_SUBAGENTS),
    (Trap.CACHE_TIERS, Mistake.ONE_CACHE_TIER),
    (Trap.FLAT_CACHE, Mistake.FLAT_CACHE_IGNORED),
    (Trap.API_ERROR, Mistake.SYNTHETIC_COUNTED),
    (Trap.MIDNIGHT, Mistake.DAY_OF_LAST_LINE),
    (Trap.SPLICE, Mistake.DAMAGED_LINE_DROPPED),
    (Trap.NO_NEWLINE, Mistake.DAMAGED_LINE_DROPPED),
    (Trap.ZEROS, Mistake.DAMAGED_LINE_DROPPED),
]


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Truth]:
    root = tmp_path_factory.mktemp("everything")
    return root, generate(root, ALL, TINY)


def _figures(totals: Sums, days: dict[str, Sums], models: dict[str, Sums]) -> dict[str, Any]:
    def flat(sums: Sums) -> tuple[int, int, dict[str, int]]:
        return sums.requests, sums.calls, sums.tokens

    return {
        "all": flat(totals),
        **{f"day {day}": flat(sums) for day, sums in days.items()},
        **{f"model {model}": flat(sums) for model, sums in models.items()},
    }


def _true(truth: Truth) -> dict[str, Any]:
    return _figures(truth.totals, truth.by["day"], truth.by["model"])


def _seen(root: Path, *mistakes: Mistake) -> dict[str, Any]:
    reading = read(root, *mistakes)
    return _figures(reading.totals, reading.by_day, reading.by_model)


@pytest.mark.parametrize("trap", sorted(ALL))
def test_a_second_reader_finds_the_same_totals_with_one_trap(trap: Trap, tmp_path: Path) -> None:
    truth = generate(tmp_path, [trap])
    assert _seen(tmp_path) == _true(truth)
    assert read(tmp_path).unreliable == truth.unreliable_requests


def test_a_second_reader_finds_the_same_totals_with_all_traps(
    everything: tuple[Path, Truth],
) -> None:
    root, truth = everything
    assert _seen(root) == _true(truth)
    assert read(root).unreliable == truth.unreliable_requests > 0


@pytest.mark.parametrize("seed", range(5))
def test_all_traps_together_agree_whatever_the_seed(seed: int, tmp_path: Path) -> None:
    truth = generate(tmp_path, ALL, TINY, seed)
    assert _seen(tmp_path) == _true(truth)


@pytest.mark.parametrize(("trap", "mistake"), BITES)
def test_a_known_mistake_gives_another_total(trap: Trap, mistake: Mistake, tmp_path: Path) -> None:
    truth = generate(tmp_path, [trap])
    assert _seen(tmp_path, mistake) != _true(truth)


@pytest.mark.parametrize("mistake", Mistake)
def test_every_known_mistake_shows_with_all_traps(mistake: Mistake, everything: tuple[Path, Truth]) -> None:
    root, truth = everything
    assert _seen(root, mistake) != _true(truth)


def test_one_response_with_a_result_between_its_lines_needs_more_than_the_plain_rule(
    tmp_path: Path,
) -> None:
    """Why that trap is an extra: without request id only equal input-side usage tells."""
    truth = generate(tmp_path, [Trap.BETWEEN_NO_ID])
    assert read(tmp_path).totals.requests > truth.totals.requests


def test_no_trap_changes_what_a_name_says(tmp_path: Path) -> None:
    """Without traps there is one line for each response, no damage, nothing unsure."""
    truth = generate(tmp_path, [])
    nothing = Truth(seed=7, size="tiny", traps=[])
    for name in ("faults", "torn", "skills", "subagents", "interrupts", "unreliable_requests"):
        assert getattr(truth, name) == getattr(nothing, name)
    assert _seen(tmp_path, Mistake.EVERY_LINE_SUMMED) == _true(truth)


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    truths = [generate(tmp_path / name, ALL, TINY, 3) for name in ("one", "two")]
    assert truths[0] == truths[1]
    assert _digest(tmp_path / "one") == _digest(tmp_path / "two")
    assert generate(tmp_path / "three", ALL, TINY, 4) != truths[0]


def test_the_folder_for_the_tests_stays_small(everything: tuple[Path, Truth]) -> None:
    root, truth = everything
    files = list(root.rglob("*.jsonl"))
    assert len(files) == truth.files
    assert sum(path.stat().st_size for path in files) == truth.bytes < 1_000_000


def test_files_and_lines_are_those_of_the_truth(everything: tuple[Path, Truth]) -> None:
    root, truth = everything
    lines = [line for path in root.rglob("*.jsonl") for line in path.read_bytes().split(b"\n")]
    filled = [line for line in lines if line.strip()]
    assert len(filled) == truth.lines


def test_every_fault_stands_where_the_truth_says(everything: tuple[Path, Truth]) -> None:
    root, truth = everything
    assert {fault.kind for fault in truth.faults} == {
        Trap.SPLICE,
        Trap.NO_NEWLINE,
        Trap.ZEROS,
        Trap.BOM,
        Trap.BAD_UTF8,
        Trap.DEEP,
        Trap.HUGE_NUMBER,
    }
    for fault in truth.faults:
        raw = (root / fault.file).read_bytes()
        assert fault.offset == 0 or raw[fault.offset - 1 : fault.offset] == b"\n"
        assert raw[fault.at : fault.at + 2] == b'{"'
        if fault.certain:
            line = raw[fault.at : raw.index(b"\n", fault.at)]
            assert isinstance(json.loads(line), dict)
            assert fault.at > fault.offset


def test_a_torn_last_line_has_no_end(everything: tuple[Path, Truth]) -> None:
    root, truth = everything
    assert truth.torn
    for torn in truth.torn:
        tail = (root / torn.file).read_bytes()[torn.offset :]
        assert tail.startswith(b'{"')
        assert b"\n" not in tail
        with pytest.raises(ValueError, match=r"."):
            json.loads(tail)


@pytest.mark.parametrize("seed", [7, 8, 9])
def test_runs_prompts_and_marks_can_be_counted_from_the_lines(seed: int, tmp_path: Path) -> None:
    truth = generate(tmp_path, ALL, TINY, seed)
    seen = _marks(tmp_path)
    assert seen["prompts"] == truth.prompts
    assert seen["runs"] == truth.skill_runs
    assert seen["typed"] == truth.typed_skill_runs
    assert seen["interrupts"] == truth.interrupts
    assert seen["compactions"] == truth.compactions
    assert seen["subagents"] == sum(truth.subagents.values())


@pytest.mark.parametrize("trap", [Trap.RESUME, Trap.FORK, Trap.FORK_MARKED])
def test_a_copied_line_belongs_to_the_older_file(trap: Trap, tmp_path: Path) -> None:
    """Modification times, and marks of a fork, say which session wrote a line first."""
    truth = generate(tmp_path, [trap])
    own = _requests_by_owner(tmp_path)
    assert own == {key: sums.requests for key, sums in truth.by["session"].items()}
    assert truth.totals.sessions == len(own)
    idle = len(list((tmp_path / "projects").glob("*/*.jsonl"))) - truth.totals.sessions
    assert (idle > 0) == (trap == Trap.RESUME)


def test_the_truth_survives_its_json(everything: tuple[Path, Truth], tmp_path: Path) -> None:
    _, truth = everything
    truth.write(tmp_path / "truth.json")
    assert Truth.read(tmp_path / "truth.json") == truth


def test_a_large_folder_damages_nothing_that_counts(tmp_path: Path) -> None:
    truth = generate(tmp_path, [Trap.SPLICE, Trap.NO_NEWLINE, Trap.ZEROS], SMALL)
    assert truth.faults
    assert _seen(tmp_path, Mistake.DAMAGED_LINE_DROPPED) == _true(truth)


@pytest.mark.parametrize("cut", ["day", "project", "model", "skill", "agent", "session"])
def test_a_true_report_has_no_differences(cut: str, everything: tuple[Path, Truth]) -> None:
    _, truth = everything
    report = _report(truth, cut)
    assert differences(truth, report, by=cut) == []
    for row in report["rows"]:
        if cut == "day" or (truth.skills.get(row["key"]) and truth.skills[row["key"]].ambiguous):
            continue
        row["tokens"]["output"] += 1
        assert len(differences(truth, report, by=cut)) == 1
        row["tokens"]["output"] -= 1


def test_every_wrong_figure_is_a_difference(everything: tuple[Path, Truth]) -> None:
    _, truth = everything
    for part, name in (
        ("totals", "sessions"),
        ("totals", "requests"),
        ("totals", "calls"),
        ("coverage", "files"),
        ("coverage", "lines"),
        ("coverage", "accounted"),
        ("coverage", "faults"),
    ):
        report = _report(truth, "model")
        report[part][name] += 999
        assert differences(truth, report, by="model"), name
    report = _report(truth, "model")
    report["totals"]["unpriced"] = []
    assert len(differences(truth, report)) == 1
    assert differences(truth, {}) != []


def test_tools_are_compared_by_their_calls(everything: tuple[Path, Truth]) -> None:
    _, truth = everything
    report = _report(truth, "model")
    report["rows"] = [{"key": tool, "calls": calls} for tool, calls in truth.tools.items()]
    assert differences(truth, report, by="tool") == []
    report["rows"].pop()
    assert len(differences(truth, report, by="tool")) == 1


def _report(truth: Truth, cut: str) -> dict[str, Any]:
    """A report in the product's shape that says the truth."""
    certain = sum(fault.certain for fault in truth.faults)
    return {
        "schema": SCHEMA,
        "totals": {**asdict(truth.totals), "cost_usd": 0.0, "unpriced": [UNKNOWN_MODEL]},
        "coverage": {
            "files": truth.files,
            "lines": truth.lines,
            "accounted": truth.lines - len(truth.torn),
            "faults": certain,
        },
        "rows": [{"key": key, **asdict(sums)} for key, sums in truth.by[cut].items()],
    }


def _digest(root: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        if path.is_file():
            digest.update(str(path.relative_to(root)).encode() + path.read_bytes())
            digest.update(str(path.stat().st_mtime_ns).encode())
    return digest.hexdigest()


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for raw in path.read_bytes().replace(b"\xef\xbb\xbf", b"").split(b"\n"):
        text = raw.decode("utf-8", "replace").strip("\0 \r")
        decoder, at = json.JSONDecoder(), text.find('{"')
        while at >= 0:
            try:
                value, end = decoder.raw_decode(text, at)
            except (ValueError, RecursionError):
                at = text.find('{"', at + 1)
                continue
            if "type" in value:
                yield value
            at = text.find('{"', end)


def _text(line: dict[str, Any]) -> str:
    content = line["message"]["content"]
    if isinstance(content, str):
        return content
    return content[0].get("text", "") if content[0]["type"] == "text" else ""


def _marks(root: Path) -> dict[str, int]:
    """What a person would count by eye on the main threads, each line once."""
    found = dict.fromkeys(("prompts", "runs", "typed", "interrupts", "compactions", "subagents"), 0)
    seen: set[str] = set()
    typed_before = False
    for path in sorted((root / "projects").rglob("*.jsonl")):
        for line in _lines(path):
            if line.get("uuid") in seen or (line.get("isSidechain") and line["type"] != "assistant"):
                continue
            if "uuid" not in line:
                continue
            seen.add(line["uuid"])
            found["compactions"] += line.get("subtype") == "compact_boundary"
            if line["type"] == "assistant":
                blocks = line["message"]["content"]
                found["subagents"] += sum(block.get("name") in ("Agent", "Task") for block in blocks)
            if line["type"] != "user":
                continue
            found["runs"] += _is_fork(line)
            found["subagents"] += _is_fork(line) + 2 * ("runId" in _value(line))
            text = _text(line)
            body = bool(line.get("isMeta")) and text.startswith("Base directory for this skill:")
            found["runs"] += body
            found["typed"] += body and typed_before
            typed_before = text.startswith("<command-message>")
            found["interrupts"] += text.startswith("[Request interrupted by user")
            found["prompts"] += (
                bool(text)
                and not line.get("isMeta")
                and not line.get("isCompactSummary")
                and (typed_before or not text.startswith(("<", "[Request interrupted")))
            )
    return found


def _value(line: dict[str, Any]) -> dict[str, Any]:
    value = line.get("toolUseResult")
    return value if isinstance(value, dict) else {}


def _is_fork(line: dict[str, Any]) -> bool:
    return _value(line).get("status") == "forked"


def _requests_by_owner(root: Path) -> dict[str, int]:
    own: dict[str, int] = {}
    seen: set[str] = set()
    files = sorted((root / "projects").glob("*/*.jsonl"), key=lambda path: path.stat().st_mtime)
    lines = [line for path in files for line in _lines(path) if "forkedFrom" not in line]
    for line in lines:
        if line["type"] == "assistant" and line["uuid"] not in seen:
            seen.add(line["uuid"])
            own[line["sessionId"]] = own.get(line["sessionId"], 0) + 1
    return own
