from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any

from outrider.edge.store import care
from outrider.edge.store.database import open_database
from tests.truth.generator import generate
from tests.truth.traps import Trap

from .stores import Rows, dump, read, rows

SECRET = "canary"
GONE = "11111111-1111-4111-8111-111111111111"
KEPT = "22222222-2222-4222-8222-222222222222"


def _record(session: str, uuid: str, kind: str, content: Any, **fields: Any) -> str:
    mark = SECRET if session == GONE else "kept"
    message: dict[str, Any] = {"role": kind, "content": content}
    if kind == "assistant":
        message |= {"id": f"msg-{uuid}", "model": f"{mark}-model", "usage": {"input_tokens": 5}}
    record = {
        "type": kind,
        "uuid": f"{uuid}-{session[:8]}",
        "sessionId": session,
        "timestamp": "2026-11-01T10:00:00.000Z",
        "cwd": f"/home/user/{mark}",
        "gitBranch": f"{mark}-branch",
        "message": message,
        **fields,
    }
    return json.dumps(record) + "\n"


def _session(session: str, body: str) -> str:
    mark = SECRET if session == GONE else "kept"
    base = f"Base directory for this skill: /home/user/{mark}/skills/x\n\n{body}"
    call = {"type": "tool_use", "id": f"{mark}-call", "name": "Bash", "input": {"command": f"{mark} run"}}
    result = {"type": "tool_result", "tool_use_id": f"{mark}-call", "content": f"{mark} output"}
    return "".join(
        [
            _record(session, "u1", "user", f"{mark} prompt"),
            _record(session, "u2", "user", [{"type": "text", "text": base}], isMeta=True),
            _record(session, "u3", "assistant", [{"type": "text", "text": f"{mark} answer"}, call]),
            _record(session, "u4", "user", [result], toolUseResult={"agentId": f"{mark}-agent"}),
            json.dumps({"type": "custom-title", "customTitle": f"{mark} title", "sessionId": session}) + "\n",
        ]
    )


def _written(folder: Path) -> Path:
    projects = folder / "config/projects/p"
    projects.mkdir(parents=True)
    (projects / f"{GONE}.jsonl").write_text(_session(GONE, f"{SECRET} skill text"))
    (projects / f"{KEPT}.jsonl").write_text(_session(KEPT, "kept skill text"))
    agents = projects / GONE / "subagents"
    agents.mkdir(parents=True)
    (agents / "agent-a1.meta.json").write_text(json.dumps({"agentType": f"{SECRET}-type"}))
    tasks = folder / "config/tasks" / GONE
    tasks.mkdir(parents=True)
    (tasks / "1.json").write_text(json.dumps({"id": "1", "subject": f"{SECRET} task", "status": "done"}))
    return projects / f"{GONE}.jsonl"


def _forget(store: Path, name: str = GONE) -> None:
    with closing(open_database(store)) as connection:
        (session_id,) = connection.execute("SELECT id FROM session WHERE name = ?", (name,)).fetchone()
        care.forget(connection, session_id)


def _bytes(store: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(store.parent.glob(f"{store.name}*")))


def _names(store: Path) -> Rows:
    return rows(store, "SELECT name FROM session")


def test_forgetting_leaves_no_bytes_of_the_session(tmp_path: Path) -> None:
    _written(tmp_path)
    store = tmp_path / "store"
    read(tmp_path / "config", store)
    assert _bytes(store).count(SECRET.encode()) > 10
    _forget(store)
    assert SECRET.encode() not in _bytes(store)
    assert _names(store) == [(KEPT,)]


def test_a_forgotten_session_does_not_come_back(tmp_path: Path) -> None:
    path = _written(tmp_path)
    store = tmp_path / "store"
    read(tmp_path / "config", store)
    _forget(store)
    more = _record(GONE, "u9", "user", f"{SECRET} more")
    skill = f"Base directory for this skill: /x/skills/y\n\n{SECRET} other text"
    more += _record(GONE, "u10", "user", [{"type": "text", "text": skill}], isMeta=True)
    path.write_text(path.read_text() + more)
    task = tmp_path / "config/tasks" / GONE / "1.json"
    task.write_text(json.dumps({"id": "1", "subject": f"{SECRET} task again", "status": "open"}))
    read(tmp_path / "config", store)
    path.write_text("{}\n" + path.read_text())
    read(tmp_path / "config", store)
    assert SECRET.encode() not in _bytes(store)
    assert _names(store) == [(KEPT,)]


def test_what_others_said_stays_when_a_session_is_forgotten(tmp_path: Path) -> None:
    _written(tmp_path)
    store = tmp_path / "store"
    read(tmp_path / "config", store)
    before = {table: [row for row in found if KEPT in row] for table, found in dump(store).items()}
    _forget(store)
    after = {table: [row for row in found if KEPT in row] for table, found in dump(store).items()}
    assert after == before
    assert [text for _, text in rows(store, "SELECT * FROM skill_text")] == ["kept skill text"]


def test_a_skill_text_that_another_session_names_stays(tmp_path: Path) -> None:
    projects = tmp_path / "config/projects/p"
    projects.mkdir(parents=True)
    for session in (GONE, KEPT):
        (projects / f"{session}.jsonl").write_text(_session(session, "the same text"))
    store = tmp_path / "store"
    read(tmp_path / "config", store)
    _forget(store)
    assert [text for _, text in rows(store, "SELECT * FROM skill_text")] == ["the same text"]


def test_a_fork_keeps_the_history_it_copied_when_its_original_is_forgotten(tmp_path: Path) -> None:
    generate(tmp_path / "config", [Trap.FORK])
    store, other = tmp_path / "store", tmp_path / "other"
    read(tmp_path / "config", store)
    ((name,),) = rows(
        store,
        """SELECT DISTINCT session.name FROM session JOIN link AS one ON one.session_id = session.id
           JOIN link AS two ON two.key = one.key AND two.session_id <> one.session_id
           WHERE at = (SELECT min(at) FROM session AS s WHERE s.id IN (one.session_id, two.session_id))
           LIMIT 1""",
    )
    _forget(store, name)
    read(tmp_path / "config", store)
    with closing(open_database(other)) as connection:
        connection.execute("INSERT INTO forgotten VALUES (?)", (name,))
    read(tmp_path / "config", other)
    assert dump(store) == dump(other)
