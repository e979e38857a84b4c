from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from outrider.app import library as libraries
from outrider.app.doctor.records import diagnose
from outrider.app.library import open_library
from outrider.app.prices import price_list
from outrider.app.report import make_overview, make_report
from outrider.app.roots import Root, configured_root, has_records, root_at, sample_root, user_folder
from outrider.app.sessions import find_session, view_session
from outrider.edge.store.queries import Scope
from outrider.kernel.errors import UnreadableError, UsageError
from tests.truth.generator import generate
from tests.truth.traps import Trap

from .stores import SAMPLE, dump, rows


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {"OUTRIDER_HOME": str(tmp_path / "outrider")}


@pytest.fixture
def sample(environment: dict[str, str]) -> Root:
    return sample_root(environment)


def test_a_folder_that_was_asked_for_and_is_not_there_is_a_named_error(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError) as told:
        configured_root({}, str(tmp_path / "missing"))
    assert told.value.slug == "no-such-folder"


def test_the_clients_own_folder_is_taken_and_an_empty_variable_counts_as_unset(tmp_path: Path) -> None:
    assert configured_root({"CLAUDE_CONFIG_DIR": str(tmp_path)}, None).folder == tmp_path
    assert configured_root({"CLAUDE_CONFIG_DIR": ""}, None).folder == Path.home() / ".claude"


def test_each_folder_has_a_store_of_its_own_below_outriders(tmp_path: Path) -> None:
    environment = {"OUTRIDER_HOME": str(tmp_path)}
    stores = {root_at(Path(name), environment).store for name in ("/a", "/b", "/a")}
    assert len(stores) == 2
    assert {store.parent for store in stores} == {user_folder(environment)}


def test_a_folder_without_transcripts_has_no_records(tmp_path: Path) -> None:
    (tmp_path / "projects/p").mkdir(parents=True)
    assert not has_records(tmp_path)
    assert has_records(SAMPLE)


def test_an_empty_folder_gives_an_empty_report(tmp_path: Path, environment: dict[str, str]) -> None:
    with closing(open_library(root_at(tmp_path / "none", environment), environment)) as library:
        report = make_report(library, "day", Scope())
        assert (report.totals.sessions, report.rows, report.coverage.files) == (0, (), 0)
        assert make_overview(library, Scope()).remarks == ()
        with pytest.raises(UsageError) as told:
            find_session(library, "last")
        assert told.value.slug == "no-such-session"


def test_opening_without_reading_shows_the_store_as_it_stands(
    sample: Root, environment: dict[str, str]
) -> None:
    with closing(open_library(sample, environment, read=False)) as library:
        assert (library.ingested.read, make_report(library, "day", Scope()).totals.sessions) == (0, 0)


def test_other_rules_of_attribution_make_every_session_anew(
    sample: Root, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    open_library(sample, environment).close()
    truth = dump(sample.store)
    library = open_library(sample, environment, read=False)
    library.connection.execute("UPDATE run SET skill = 'old rules'")
    library.close()
    monkeypatch.setattr(libraries, "ATTRIBUTION_RULES", "other")
    open_library(sample, environment, read=False).close()
    assert dump(sample.store) == truth


def test_other_prices_price_every_request_anew_and_nothing_else(
    sample: Root, environment: dict[str, str]
) -> None:
    open_library(sample, environment).close()
    truth = dump(sample.store)
    library = open_library(sample, environment, read=False)
    library.connection.execute("UPDATE request SET cost = 1")
    library.connection.execute("UPDATE meta SET value = 'old' WHERE key = 'prices'")
    library.close()
    open_library(sample, environment, read=False).close()
    assert dump(sample.store) == truth
    assert rows(sample.store, "SELECT value FROM meta WHERE key = 'prices'") == [
        (price_list(environment).version,)
    ]


@pytest.mark.parametrize("content", ["{", "[]", '{"prices": 5}', "\ud800"])
def test_own_prices_that_cannot_be_used_are_a_named_error(content: str, environment: dict[str, str]) -> None:
    own = user_folder(environment) / "prices.json"
    own.parent.mkdir(parents=True)
    own.write_bytes(content.encode("utf-8", "surrogatepass"))
    with pytest.raises(UnreadableError) as told:
        price_list(environment).table()
    assert told.value.slug == "price-file-unusable"


def test_a_session_is_found_by_its_id_its_beginning_its_file_and_as_the_last(
    sample: Root, environment: dict[str, str]
) -> None:
    with closing(open_library(sample, environment)) as library:
        ((session_id, name),) = library.connection.execute(
            "SELECT id, name FROM session WHERE own > 0 ORDER BY ended DESC LIMIT 1"
        ).fetchall()
        for given in (name, name[:13], f"/x/projects/p/{name}.jsonl", f"{name}.jsonl", "last"):
            assert find_session(library, given) == session_id


def test_what_means_no_session_or_several_is_a_named_error(sample: Root, environment: dict[str, str]) -> None:
    with closing(open_library(sample, environment)) as library:
        for given, slug in (("zzz", "no-such-session"), ("", "ambiguous-session"), ("%", "no-such-session")):
            with pytest.raises(UsageError) as told:
                find_session(library, given)
            assert told.value.slug == slug


def test_a_session_that_is_shown_is_the_one_that_is_stored(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    generate(tmp_path / "config", [Trap.FORK, Trap.RESUME, Trap.TYPED_SKILL, Trap.NESTED_AGENT])
    with closing(open_library(root_at(tmp_path / "config", environment), environment)) as library:
        known = library.connection.execute("SELECT id, at, ended FROM session").fetchall()
        for session_id, at, ended in known:
            view = view_session(library, session_id)
            assert (view.session.at, view.session.ended) == (at, ended)
            stored = library.connection.execute(
                "SELECT uid, run, cost FROM request WHERE session_id = ? ORDER BY uid", (session_id,)
            ).fetchall()
            shown = [
                (each.uid, view.account.runs.of_request[each.uid], view.account.costs[each.uid])
                for each in view.session.requests
            ]
            assert sorted(shown) == stored


def test_task_items_are_shown_with_their_session(sample: Root, environment: dict[str, str]) -> None:
    with closing(open_library(sample, environment)) as library:
        items = rows(sample.store, "SELECT session, count(*) FROM task_item GROUP BY 1")
        assert items
        for name, count in items:
            assert len(view_session(library, find_session(library, name)).tasks) == count


def test_a_scope_bounds_a_report_by_time_and_folder(sample: Root, environment: dict[str, str]) -> None:
    with closing(open_library(sample, environment)) as library:
        everything = make_report(library, "project", Scope()).totals
        parts = [
            make_report(library, "project", Scope(project=row.key)).totals
            for row in make_report(library, "project", Scope()).rows
        ]
        assert sum(part.requests for part in parts) == everything.requests
        assert make_report(library, "day", Scope(project="/home/dev/sho")).totals.requests == 0
        assert make_report(library, "day", Scope(project="/home/dev")).totals == everything
        ((last,),) = library.connection.execute("SELECT max(at) FROM request").fetchall()
        assert make_report(library, "day", Scope(since=last)).totals.requests == 1
        assert make_report(library, "day", Scope(since=last + 1)).totals.requests == 0


def test_doctor_tells_what_was_read_and_what_was_not(tmp_path: Path, environment: dict[str, str]) -> None:
    folder = tmp_path / "config/projects/p"
    folder.mkdir(parents=True)
    good = json.dumps({"type": "telepathy", "sessionId": "s", "uuid": "u", "version": "2.1.30"})
    (folder / "s.jsonl").write_text(f"{good}\nnot json\n{good[:20]}")
    with closing(open_library(root_at(tmp_path / "config", environment), environment)) as library:
        found = diagnose(library, deep=True)
    assert found.unknown_kinds == {"telepathy": 1}
    assert [(fault.path, fault.offset, fault.slug) for fault in found.faults] == [
        ("projects/p/s.jsonl", len(good) + 1, "not-json")
    ]
    assert found.waiting == (("projects/p/s.jsonl", 20),)
    assert (found.unsound, found.unreadable, found.gone) == ((), {}, 0)


def test_doctor_orders_client_versions_as_versions(tmp_path: Path, environment: dict[str, str]) -> None:
    folder = tmp_path / "config/projects/p"
    folder.mkdir(parents=True)
    lines = [
        json.dumps(
            {
                "type": "user",
                "uuid": f"u{number}",
                "sessionId": "s",
                "version": version,
                "cwd": "/x",
                "timestamp": f"2026-11-01T10:00:0{number}.000Z",
                "message": {"role": "user", "content": "x"},
            }
        )
        for number, version in enumerate(("2.1.100", "2.1.9", "nightly", "2.1.9-beta"))
    ]
    (folder / "s.jsonl").write_text("\n".join(lines) + "\n")
    with closing(open_library(root_at(tmp_path / "config", environment), environment)) as library:
        clients = diagnose(library).clients
    assert clients.index("2.1.9") < clients.index("2.1.100")
    assert len(clients) == 4
