"""The command line as people and programs meet it, on the sample records and on damaged ones."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from outrider.interface.cli.main import outrider
from tests.truth.generator import generate

ESCAPES = [chr(code) for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) != "\n"]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(outrider, arguments, prog_name="outrider", catch_exceptions=False)


def answer(*arguments: str) -> dict[str, Any]:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.stderr
    value: dict[str, Any] = json.loads(result.stdout)
    return value


def test_without_records_the_sample_ones_are_shown_and_it_is_said() -> None:
    result = run("report")
    assert result.exit_code == 0
    assert "sample records" in result.stderr
    assert result.stdout.splitlines()[-1].startswith(
        "coverage: 11 files, 370 lines, 370 accounted for, 0 faults"
    )


def test_totals_of_the_sample_records_are_the_ones_counted_by_hand() -> None:
    totals = answer("report")["totals"]
    assert (totals["sessions"], totals["requests"], totals["calls"]) == (8, 87, 81)
    assert totals["tokens"] == {
        "input": 518,
        "output": 5769,
        "cache_read": 1391639,
        "cache_write_5m": 58020,
        "cache_write_1h": 142531,
    }
    assert totals["unpriced"] == []


@pytest.mark.parametrize("by", ["day", "project", "model", "skill", "agent", "tool"])
def test_the_parts_of_a_report_add_up_to_its_whole(by: str) -> None:
    report = answer("report", "--by", by)
    for field in ("requests", "calls", "errors", "unpriced_requests", "unreliable_requests"):
        assert sum(row[field] for row in report["rows"]) == report["totals"][field]
    for kind, total in report["totals"]["tokens"].items():
        assert sum(row["tokens"][kind] for row in report["rows"]) == total
    assert sum(row["cost_usd"] for row in report["rows"]) == pytest.approx(report["totals"]["cost_usd"])


def test_skills_and_the_outside_add_up_to_the_report() -> None:
    skills = {row["name"]: row for row in answer("skills")["skills"]}
    rows = {row["key"]: row for row in answer("report", "--by", "skill")["rows"]}
    assert rows.keys() == skills.keys() | {"(outside)"}
    assert all(rows[name]["tokens"] == skills[name]["tokens"] for name in skills)


def test_skills_say_how_often_they_were_typed_and_how_long_they_took() -> None:
    skills = {row["name"]: row for row in answer("skills")["skills"]}
    tdd = skills["craft:practicing-tdd"]
    assert (tdd["runs"], tdd["runs_typed"], tdd["versions"]) == (4, 2, 2)
    assert tdd["seconds"] >= tdd["seconds_p90"] >= tdd["seconds_p50"] > 0


def test_a_session_is_found_by_its_id_a_beginning_a_path_and_last() -> None:
    whole = answer("sessions")["sessions"][0]["id"]
    names = [whole, whole[:6], f"some/where/{whole}.jsonl", "last"]
    assert {answer("show", name)["id"] for name in names} == {whole}


def test_a_name_that_fits_no_session_or_several_is_a_usage_error() -> None:
    missing, several = run("show", "zzz"), run("show", "")
    assert (missing.exit_code, several.exit_code) == (2, 2)
    assert missing.stderr.splitlines()[-2].startswith("error[no-such-session]")
    assert several.stderr.splitlines()[-2].startswith("error[ambiguous-session]")


def test_the_runs_of_a_session_add_up_to_it() -> None:
    for session in answer("sessions")["sessions"]:
        shown = answer("show", session["id"])
        assert sum(run["requests"] for run in shown["runs"]) == session["requests"]
        assert sum(run["calls"] for run in shown["runs"]) == session["calls"]
        spent = sum(sum(run["ms"].values()) for run in shown["runs"])
        assert spent == shown["ended_ms"] - shown["at_ms"]


def test_what_began_earlier_is_left_out_by_since() -> None:
    later = answer("report", "--since", "2026-11-15")
    assert [row["key"] for row in later["rows"]] == ["2026-11-16", "2026-11-17", "2026-11-20"]
    assert run("report", "--since", "yesterday").exit_code == 2


def test_a_project_is_a_folder_with_all_below_it() -> None:
    rows = answer("report", "--by", "project", "--project", "/home/dev/shop")["rows"]
    assert [row["key"] for row in rows] == ["/home/dev/shop"]
    assert answer("report", "--project", "/home/dev/sho")["rows"] == []


def test_a_folder_that_is_not_there_could_not_be_read() -> None:
    result = run("report", "--root", "/nowhere/at/all")
    assert result.exit_code == 3
    assert result.stderr.startswith("error[no-such-folder]")


def test_an_empty_folder_that_was_asked_for_gives_an_empty_report(tmp_path: Path) -> None:
    totals = answer("report", "--root", str(tmp_path))["totals"]
    assert (totals["sessions"], totals["requests"], totals["cost_usd"]) == (0, 0, 0)
    assert run("--root", str(tmp_path)).exit_code == 0
    assert run("skills", "--root", str(tmp_path)).exit_code == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unreadable for root")
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    _session(tmp_path, "s1", "hello").chmod(0)
    assert answer("report", "--root", str(tmp_path))["coverage"]["unreadable_files"] == 1
    assert run("doctor", "--root", str(tmp_path)).exit_code == 1


def test_a_file_that_vanished_between_listing_and_reading_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _session(tmp_path, "s1", "hello")
    _session(tmp_path, "s2", "hello")
    real = Path.open

    def failing(self: Path, *arguments: Any, **options: Any) -> Any:
        if self == path:
            raise PermissionError(13, "Permission denied")
        return real(self, *arguments, **options)

    monkeypatch.setattr(Path, "open", failing)
    result = run("doctor", "--root", str(tmp_path))
    assert result.exit_code == 1
    assert "unreadable-file projects/p/s1.jsonl: Permission denied" in result.stdout
    assert answer("report", "--root", str(tmp_path))["coverage"]["files"] == 1


def test_a_damaged_store_is_set_aside_and_made_anew(tmp_path: Path) -> None:
    _session(tmp_path, "s1", "hello")
    first = answer("report", "--root", str(tmp_path))
    home = Path(os.environ["OUTRIDER_HOME"])
    (store,) = home.glob("*.sqlite3")
    store.write_bytes(b"no database at all" * 1000)
    result = run("report", "--root", str(tmp_path), "--json")
    assert result.exit_code == 0
    assert "warning[store-damaged]" in result.stderr
    assert json.loads(result.stdout)["totals"] == first["totals"]
    assert len(list(home.glob("*.sqlite3.2*"))) == 1


def test_rebuilding_names_what_only_the_old_store_held(tmp_path: Path) -> None:
    gone, kept = _session(tmp_path, "s1", "hello"), _session(tmp_path, "s2", "hello")
    assert run("ingest", "--root", str(tmp_path)).exit_code == 0
    gone.unlink()
    assert answer("report", "--root", str(tmp_path))["totals"]["sessions"] == 2
    rebuilt = answer("store", "rebuild", "--root", str(tmp_path))
    assert (rebuilt["sessions"], rebuilt["lost"]) == (1, ["s1"])
    assert kept.exists()


def test_a_forgotten_session_stays_forgotten(tmp_path: Path) -> None:
    path = _session(tmp_path, "s1", "a-word-to-forget")
    _session(tmp_path, "s2", "hello")
    assert run("store", "forget", "s1", "--yes", "--root", str(tmp_path)).exit_code == 0
    path.write_bytes(path.read_bytes() + _prompt("s1", "more", 2))
    assert answer("report", "--root", str(tmp_path))["totals"]["sessions"] == 1
    home = Path(os.environ["OUTRIDER_HOME"])
    assert not any(b"a-word-to-forget" in file.read_bytes() for file in home.iterdir())


def test_what_is_made_belongs_to_its_owner_alone() -> None:
    usual = os.umask(0)
    try:
        assert run("report").exit_code == 0
    finally:
        os.umask(usual)
    home = Path(os.environ["OUTRIDER_HOME"])
    modes = {stat.S_IMODE(path.stat().st_mode) for path in home.glob("*.sqlite3*")}
    assert modes == {0o600}


def test_records_are_never_written(tmp_path: Path) -> None:
    config = tmp_path / "config"
    generate(config, seed=3)
    before = {path: path.read_bytes() for path in config.rglob("*") if path.is_file()}
    for command in ("report", "skills", "sessions", "doctor", "ingest"):
        done = run(command, "--root", str(config))
        assert done.exit_code == 0, done.output
    assert {path: path.read_bytes() for path in config.rglob("*") if path.is_file()} == before


def test_foreign_text_cannot_move_in_a_terminal(tmp_path: Path) -> None:
    hostile = "[bold red]x[/]\u202e\u200b" + "".join(ESCAPES)
    _session(tmp_path, "s1", hostile)
    for command in (["report"], ["sessions"], ["show", "last"], ["skills"], ["doctor"]):
        printed = run(*command, "--root", str(tmp_path)).stdout
        assert not any(sign in printed for sign in [*ESCAPES, "\u202e", "\u200b"])
    assert "[bold red]x" in run("sessions", "--root", str(tmp_path)).stdout


def test_a_secret_is_neither_stored_nor_shown(tmp_path: Path) -> None:
    secret = "ghp_" + "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hI6"
    _session(tmp_path, "s1", f"use {secret} please")
    printed = "".join(
        run(*command, "--root", str(tmp_path), *extra).stdout
        for command in (["sessions"], ["show", "last"], ["report"])
        for extra in ([], ["--json"])
    )
    assert secret not in printed
    home = Path(os.environ["OUTRIDER_HOME"])
    assert not any(secret.encode() in file.read_bytes() for file in home.iterdir())


def _prompt(session: str, text: str, number: int) -> bytes:
    line = {
        "type": "user",
        "uuid": f"{number:08d}-0000-4000-8000-{abs(hash(session)) % 10**12:012d}",
        "parentUuid": None,
        "sessionId": session,
        "timestamp": "2026-11-01T10:00:00.000Z",
        "cwd": "/home/dev/shop",
        "version": "2.1.330",
        "message": {"role": "user", "content": text},
    }
    return json.dumps(line).encode() + b"\n"


def _session(root: Path, name: str, text: str) -> Path:
    path = root / "projects" / "p" / f"{name}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_prompt(name, text, 1))
    return path
