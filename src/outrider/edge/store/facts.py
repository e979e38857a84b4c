"""Facts into the store and out of it again: idempotent, with the cursor in the same transaction."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from itertools import islice

import msgspec

from outrider.edge.store.sources import LOG_KINDS, SourceState
from outrider.kernel import limits
from outrider.record.entries import Entry, Prompt, ResponsePart, Setting, SkillBody
from outrider.record.faults import Fault
from outrider.record.reading import Reading, Span

_SIGN = 1 << 63


def save_source(connection: sqlite3.Connection, state: SourceState, reading: Reading, anew: bool) -> int:
    """Write how far a source has been read and what was counted in it; return its id.

    ``anew``: the file is another one than before, or no log. What a replaced log said is kept under
    another name; the counts begin again.
    """
    if anew:
        _put_aside(connection, state)
    row = connection.execute(
        """INSERT INTO source (path, kind, size, mtime_ns, head, head_size, cursor, waiting,
                               lines, accounted, faults)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (path) DO UPDATE SET
               size = excluded.size, mtime_ns = excluded.mtime_ns, head = excluded.head,
               head_size = excluded.head_size, cursor = excluded.cursor,
               waiting = excluded.waiting, lines = lines + excluded.lines,
               accounted = accounted + excluded.accounted, faults = faults + excluded.faults,
               gone = 0
           RETURNING id""",
        (
            state.path,
            state.kind,
            state.size,
            state.mtime_ns,
            state.head,
            state.head_size,
            state.cursor,
            state.waiting,
            reading.lines,
            reading.accounted,
            len(reading.faults),
        ),
    ).fetchone()
    source_id = int(row[0])
    _save_counts(connection, source_id, _named_kinds(reading.kinds), reading.faults)
    return source_id


def save_facts(connection: sqlite3.Connection, source_id: int, start: int, reading: Reading) -> None:
    """Add the facts of a reading that began at byte ``start``; their sessions become stale.

    Nothing of a forgotten session is kept.
    """
    _drop_forgotten(connection, reading)
    names = reading.entries.keys() | {key[0] for key in reading.settings}
    ids = _session_ids(connection, names)
    for session, entries in reading.entries.items():
        data = _ENCODER.encode(entries)
        connection.execute(
            "INSERT OR REPLACE INTO chunk VALUES (?, ?, ?, ?, ?, ?)",
            (source_id, start, ids[session], len(entries), data, zlib.crc32(data)),
        )
        connection.executemany(
            "INSERT OR IGNORE INTO link VALUES (?, ?)",
            [(key, ids[session]) for key in sorted(link_keys(entries))],
        )
        connection.execute("UPDATE session SET stale = 1 WHERE id = ?", (ids[session],))
    connection.executemany(
        """INSERT INTO setting VALUES (?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT DO UPDATE SET first_at = min(first_at, excluded.first_at),
                                     last_at = max(last_at, excluded.last_at)""",
        [
            (ids[session], s.cwd, s.branch, s.version, s.entrypoint, first, last)
            for (session, s), (first, last) in reading.settings.items()
        ],
    )
    connection.executemany("INSERT OR IGNORE INTO skill_text VALUES (?, ?)", reading.skill_texts.items())


def entries_of(connection: sqlite3.Connection, session_id: int) -> list[Entry]:
    """Return all entries that a session's lines gave, its copies of other sessions included."""
    rows = connection.execute("SELECT entries FROM chunk WHERE session_id = ?", (session_id,))
    found: list[Entry] = []
    for (data,) in rows:
        found.extend(_decoded(data))
    return found


def digests_of(entries: Iterable[Entry]) -> set[str]:
    """Return the skill texts that entries name."""
    return {entry.body.digest for entry in entries if isinstance(entry.body, SkillBody)}


def drop_texts_of(connection: sqlite3.Connection, session_id: int) -> None:
    """Delete the skill texts that no other session names."""
    own = digests_of(entries_of(connection, session_id))
    others = connection.execute("SELECT entries FROM chunk WHERE session_id <> ?", (session_id,))
    for (data,) in others if own else ():
        own -= digests_of(_decoded(data))
    connection.executemany("DELETE FROM skill_text WHERE digest = ?", [(digest,) for digest in own])


def newly_read(connection: sqlite3.Connection, name: str, count: int) -> int | None:
    """Return the session's id when it is stale and ``count`` entries are all that the store has of it."""
    row = connection.execute(
        """SELECT session.id, stale, sum(count) FROM session
           JOIN chunk ON chunk.session_id = session.id WHERE name = ? GROUP BY session.id""",
        (name,),
    ).fetchone()
    return int(row[0]) if row and row[1] and row[2] == count else None


def reads_back(data: object, checksum: object) -> bool:
    """Tell whether a chunk is what was written: its checksum, and that it decodes to the same bytes."""
    if not isinstance(data, bytes) or zlib.crc32(data) != checksum:
        return False
    try:
        return _ENCODER.encode(_DECODER.decode(data)) == data
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return False


def link_keys(entries: Iterable[Entry]) -> set[int]:
    """Return what copies of these lines would share with them; only responses and prompts need it.

    Hashed once for each response, not for each of its lines.
    """
    shared: set[str] = set()
    for entry in entries:
        body = entry.body
        if isinstance(body, ResponsePart) and body.message_id and body.request_id:
            shared.add(f"{body.message_id} {body.request_id}")
        elif isinstance(body, ResponsePart | Prompt):
            shared.add(entry.uid)
    return set(map(_hashed, shared))


def settings_of(connection: sqlite3.Connection, session_id: int) -> dict[Setting, Span]:
    """Return what surrounded a session, and when."""
    rows = connection.execute(
        "SELECT cwd, branch, client, entrypoint, first_at, last_at FROM setting WHERE session_id = ?",
        (session_id,),
    )
    return {Setting(*row[:4]): (row[4], row[5]) for row in rows}


def relatives(connection: sqlite3.Connection, session_id: int) -> dict[int, str]:
    """Return the session and all that share a line or a response with it, however far removed."""
    found, waiting = {session_id}, [session_id]
    while waiting:
        current = waiting.pop()
        for (other,) in connection.execute(_RELATED, (current,)):
            if other not in found:
                found.add(other)
                waiting.append(other)
    marks = ",".join("?" * len(found))
    rows = connection.execute(f"SELECT id, name FROM session WHERE id IN ({marks})", [*found])
    return dict(rows.fetchall())


def skill_text_of(connection: sqlite3.Connection, digest: str) -> str:
    """Return the text of a skill's version, empty when it is not known."""
    row = connection.execute("SELECT text FROM skill_text WHERE digest = ?", (digest,)).fetchone()
    return row[0] if row else ""


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(list[Entry])


def _decoded(data: bytes) -> list[Entry]:
    """Return the entries of a chunk. Raises ``sqlite3.DatabaseError`` when it is damaged."""
    try:
        return _DECODER.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise sqlite3.DatabaseError("a stored fact is malformed") from error


_RELATED = """SELECT DISTINCT other.session_id
    FROM link AS own JOIN link AS other ON other.key = own.key
    WHERE own.session_id = ? AND other.session_id <> own.session_id"""


def _hashed(text: str) -> int:
    data = text.encode("utf-8", "replace")
    return (zlib.crc32(data) << 32 | zlib.adler32(data)) - _SIGN


def _put_aside(connection: sqlite3.Connection, state: SourceState) -> None:
    row = connection.execute("SELECT id FROM source WHERE path = ?", (state.path,)).fetchone()
    if row is None:
        return
    if state.kind not in LOG_KINDS:
        connection.execute(
            "UPDATE session SET stale = 1 WHERE id IN (SELECT session_id FROM chunk WHERE source_id = ?)",
            row,
        )
        connection.execute("DELETE FROM source WHERE id = ?", row)
        return
    connection.execute(
        """UPDATE source SET path = path || ' (replaced, ' || id || ')', gone = 1, lines = 0,
               accounted = 0, faults = 0, waiting = 0 WHERE id = ?""",
        row,
    )


def _drop_forgotten(connection: sqlite3.Connection, reading: Reading) -> None:
    forgotten = {row[0] for row in connection.execute("SELECT name FROM forgotten")}
    if forgotten:
        for name in forgotten & reading.entries.keys():
            del reading.entries[name]
        for key in [key for key in reading.settings if key[0] in forgotten]:
            del reading.settings[key]
        kept = {digest for entries in reading.entries.values() for digest in digests_of(entries)}
        for digest in reading.skill_texts.keys() - kept:
            del reading.skill_texts[digest]


def _session_ids(connection: sqlite3.Connection, names: AbstractSet[str]) -> dict[str, int]:
    found = {}
    for name in sorted(names):
        connection.execute("INSERT OR IGNORE INTO session (name, stale) VALUES (?, 1)", (name,))
        row = connection.execute("SELECT id FROM session WHERE name = ?", (name,)).fetchone()
        found[name] = int(row[0])
    return found


def _named_kinds(kinds: Mapping[str, int]) -> dict[str, int]:
    """Return the counts with what is no kind's name put together, so that a file cannot fill the store."""
    named: dict[str, int] = {}
    for kind, count in kinds.items():
        proper = kind.replace("-", "").replace("_", "").isalnum() and kind.isascii()
        name = kind if proper and len(named) < limits.KINDS_PER_SOURCE else "unnamed"
        named[name] = named.get(name, 0) + count
    return named


def _save_counts(
    connection: sqlite3.Connection,
    source_id: int,
    kinds: Mapping[str, int],
    faults: Iterable[Fault],
) -> None:
    connection.executemany(
        """INSERT INTO line_kind VALUES (?, ?, ?)
           ON CONFLICT DO UPDATE SET count = count + excluded.count""",
        [(source_id, kind, count) for kind, count in kinds.items()],
    )
    connection.executemany(
        "INSERT OR REPLACE INTO fault VALUES (?, ?, ?, ?, ?)",
        [
            (source_id, f.offset, f.length, f.slug, f.detail)
            for f in islice(faults, limits.FAULTS_KEPT_PER_SOURCE)
        ],
    )
