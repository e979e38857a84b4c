"""Made folders, of which everything is known, through reading, storing and reporting."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest

from outrider.app.report import make_report
from outrider.edge.reports import json_text
from outrider.edge.store.queries import BY, Scope
from outrider.record.usage import Usage
from tests.truth import generator
from tests.truth.compare import differences
from tests.truth.traps import ALL, EXTRA, TINY, Trap
from tests.truth.truth import Truth

from .stores import LONG, dump, library, rows

SEEDS = range(60 if LONG else 5)


def _made(folder: Path, traps: Iterable[str], seed: int = 7) -> tuple[Truth, Path]:
    truth = generator.generate(folder / "config", traps, TINY, seed)
    return truth, folder / "store.sqlite3"


def _wrong(folder: Path, truth: Truth, store: Path) -> list[str]:
    """Every figure of every report that is not true."""
    found = []
    with closing(library(folder / "config", store)) as opened:
        for by in BY:
            made = json.loads(json_text.text(json_text.report(make_report(opened, by, Scope()))))
            found += [f"by {by}: {wrong}" for wrong in differences(truth, made, by)]
    return found


def _counts(store: Path) -> dict[str, object]:
    """What no report compares, as the truth names it."""
    ((prompts, interrupts, api_errors),) = rows(
        store, "SELECT sum(prompts), sum(interrupts), sum(api_errors) FROM session"
    )
    ((compactions,),) = rows(store, "SELECT count(*) FROM compaction")
    return {
        "skills": {
            skill: (runs, typed)
            for skill, runs, typed in rows(
                store, "SELECT skill, count(*), sum(trigger = 'typed') FROM run WHERE number > 0 GROUP BY 1"
            )
        },
        "subagents": dict(rows(store, "SELECT type, count(*) FROM subagent GROUP BY 1")),
        "prompts": prompts,
        "interrupts": interrupts,
        "api_errors": api_errors,
        "compactions": compactions,
    }


def _true_counts(truth: Truth) -> dict[str, object]:
    return {
        "skills": {name: (each.runs, each.typed) for name, each in truth.skills.items()},
        "subagents": truth.subagents,
        "prompts": truth.prompts,
        "interrupts": truth.interrupts,
        "api_errors": truth.api_errors,
        "compactions": truth.compactions,
    }


def _unreliable(store: Path) -> tuple[int, int]:
    ((requests, output),) = rows(
        store, "SELECT count(*), coalesce(sum(output), 0) FROM request WHERE NOT reliable"
    )
    return requests, output


def _holds(folder: Path, traps: Iterable[str], seed: int = 7) -> None:
    truth, store = _made(folder, traps, seed)
    assert _wrong(folder, truth, store) == []
    assert _counts(store) == _true_counts(truth)


@pytest.mark.parametrize("trap", sorted({*ALL, *EXTRA}))
def test_every_figure_is_true_with_one_trap(trap: Trap, tmp_path: Path) -> None:
    _holds(tmp_path, [trap])


@pytest.mark.parametrize("seed", SEEDS)
def test_every_figure_is_true_with_all_traps(seed: int, tmp_path: Path) -> None:
    _holds(tmp_path, ALL, seed)


def test_every_figure_is_true_without_traps(tmp_path: Path) -> None:
    _holds(tmp_path, [])


@pytest.mark.parametrize("seed", SEEDS)
def test_unreliable_output_is_found_where_no_old_client_wrote(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generator, "_VERSIONS", ("2.1.63", "2.1.112", "2.1.197", "2.1.330"))
    truth, store = _made(tmp_path, ALL, seed)
    assert _wrong(tmp_path, truth, store) == []
    assert _unreliable(store) == (truth.unreliable_requests, truth.unreliable_output)


def test_output_of_clients_before_the_placeholders_is_reliable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generator, "_VERSIONS", ("2.0.64",))
    truth, store = _made(tmp_path, [Trap.INTERRUPT, Trap.EMBEDDED_ONLY])
    assert _wrong(tmp_path, truth, store) == []
    assert truth.unreliable_requests > 0
    assert _unreliable(store) == (0, 0)


@pytest.mark.parametrize("seed", SEEDS)
def test_runs_add_up_to_their_session(seed: int, tmp_path: Path) -> None:
    _, store = _made(tmp_path, ALL, seed)
    library(tmp_path / "config", store).close()
    assert rows(store, "SELECT count(*) FROM session WHERE stale") == [(0,)]
    spans = rows(
        store,
        """SELECT session.ended - session.at,
                  sum(model_ms + tools_ms + person_ms + hooks_ms + other_ms)
           FROM session JOIN run ON session_id = id GROUP BY id""",
    )
    assert all(span == parts for span, parts in spans)
    for table in ("request", "call"):
        assert rows(
            store,
            f"""SELECT count(*) FROM {table} LEFT JOIN run
                ON run.session_id = {table}.session_id AND number = run WHERE number IS NULL""",
        ) == [(0,)]


@pytest.mark.parametrize("by", BY)
def test_the_parts_of_a_report_add_up_to_its_totals(by: str, tmp_path: Path) -> None:
    _, store = _made(tmp_path, ALL)
    with closing(library(tmp_path / "config", store)) as opened:
        made = make_report(opened, by, Scope())
    usage = Usage()
    for row in made.rows:
        usage = usage.plus(row.totals.usage)
    assert usage == made.totals.usage
    for field in ("requests", "calls", "errors", "cost", "unpriced_requests", "unreliable_requests"):
        assert sum(getattr(row.totals, field) for row in made.rows) == getattr(made.totals, field)


def test_nothing_in_a_store_has_a_negative_duration(tmp_path: Path) -> None:
    _, store = _made(tmp_path, ALL)
    library(tmp_path / "config", store).close()
    for table in ("session", "turn", "run", "call", "subagent"):
        assert rows(store, f"SELECT count(*) FROM {table} WHERE ended < at") == [(0,)]


def test_two_readings_of_the_same_folder_give_the_same_store(tmp_path: Path) -> None:
    _, store = _made(tmp_path, ALL)
    other = tmp_path / "other.sqlite3"
    for each in (store, other):
        library(tmp_path / "config", each).close()
    assert dump(store) == dump(other)
