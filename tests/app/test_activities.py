"""What the calls of many sessions meant."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from outrider.app.activities import Survey, survey
from outrider.edge.store.queries import Scope
from tests.edge.readers.records import assistant, record

from .shops import Shop, shop
from .stores import SAMPLE, copied, library


@pytest.fixture
def made(tmp_path: Path) -> Shop:
    return shop(tmp_path)


def surveyed(config: Path, scope: Scope = Scope()) -> Survey:  # noqa: B008 - frozen
    with closing(library(config, config.parent / "store")) as opened:
        return survey(opened, scope)


def told(config: Path, *commands: str) -> None:
    """One more session, with these commands, each of which succeeds."""
    lines = [record("user", "p", message={"role": "user", "content": "go"})]
    for number, command in enumerate(commands):
        call = {"type": "tool_use", "id": f"c{number}", "name": "Bash", "input": {"command": command}}
        result = {"type": "tool_result", "tool_use_id": f"c{number}", "content": "fine"}
        lines.append(assistant([call], f"a{number}", parentUuid=lines[-1]["uuid"]))
        answer = {"role": "user", "content": [result]}
        lines.append(record("user", f"r{number}", message=answer, parentUuid=f"a{number}"))
    path = config / "projects/other/11111111-2222-4333-8444-555555555555.jsonl"
    path.parent.mkdir(parents=True)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))


def test_activities_are_counted_with_their_sessions_the_most_frequent_first(tmp_path: Path) -> None:
    found = surveyed(copied(SAMPLE, tmp_path / "config"))
    counts = {name: (times, sessions) for name, times, sessions in found.activities}
    assert counts["git.commit"] == (7, 6)
    assert counts["skill:practicing-tdd"] == (4, 4)
    assert "announce" not in counts
    assert [times for _, times, _ in found.activities] == sorted(
        (n for n, _ in counts.values()), reverse=True
    )


def test_calls_that_mean_nothing_known_are_grouped_by_their_first_words(tmp_path: Path) -> None:
    told(tmp_path / "config", "frob a b c", "frob a b d", "zap --all", "npm test")
    found = surveyed(tmp_path / "config")
    assert found.unmatched == (("Bash: frob a b", 2), ("Bash: zap --all", 1))
    assert (found.calls, found.matched_share) == (4, 0.25)


def test_a_projects_own_words_leave_fewer_calls_unmatched(tmp_path: Path, made: Shop) -> None:
    told(made.config, "frob a b c")
    path = made.config / "projects/other/11111111-2222-4333-8444-555555555555.jsonl"
    path.write_text(path.read_text().replace("/home/user/project", str(made.project)))
    made.write(
        ".outrider/activities.yaml", "words: { frobbed: it was frobbed }\ncommands: { frobbed: [frob a] }\n"
    )
    found = surveyed(made.config)
    assert ("frobbed", 1, 1) in found.activities
    assert "Bash: frob a b" not in dict(found.unmatched)


def test_only_sessions_of_the_scope_count(made: Shop) -> None:
    everything, some = surveyed(made.config), surveyed(made.config, Scope(project="/home/dev/notes"))
    assert 0 < some.calls < everything.calls


def test_where_no_call_was_made_all_of_them_are_known(tmp_path: Path) -> None:
    nothing = surveyed(tmp_path / "config")
    assert (nothing.activities, nothing.unmatched, nothing.matched_share) == ((), (), 1.0)
