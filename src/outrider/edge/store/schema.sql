-- The store of Outrider. One file for each configuration folder that was read.
-- Version 1 (PRAGMA user_version). Migrations stand in database.py, oldest first.
--
-- Two halves. "Facts" are what lines of records say; they are only ever added to, and each is known by its
-- content, so reading anything twice changes nothing. "Derived" tables are made from the facts of a session
-- and its relatives; they are replaced as a whole whenever a fact of that session is new.
-- Instants and durations are milliseconds (instants since 1970 UTC); money is nano-USD; texts are redacted.

-- Settings of the store itself: root (the configuration folder), prices (version of the price table
-- that the derived costs were made with), rules (version of the attribution that made the derived tables).
CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

-- FACTS ------------------------------------------------------------------------------------------------

-- One file that is read, and how far.
CREATE TABLE source (
    id        INTEGER PRIMARY KEY,
    path      TEXT NOT NULL UNIQUE,   -- relative to the configuration folder, else absolute
    kind      TEXT NOT NULL,          -- transcript | agent | journal | tasks | todos | wrangler
    size      INTEGER NOT NULL,       -- bytes at the last reading
    mtime_ns  INTEGER NOT NULL,
    head      TEXT NOT NULL,          -- fingerprint of the first bytes, to notice a replaced file
    head_size INTEGER NOT NULL,       -- how many bytes the fingerprint covers
    cursor    INTEGER NOT NULL,       -- byte after the last whole record
    waiting   INTEGER NOT NULL,       -- bytes of a torn tail behind it
    lines     INTEGER NOT NULL,       -- non-blank lines read
    accounted INTEGER NOT NULL,       -- of those, lines from which nothing was lost
    faults    INTEGER NOT NULL,       -- damaged places, kept ones and only counted ones
    gone      INTEGER NOT NULL DEFAULT 0  -- 1: the host has removed the file; what it said is kept
);

-- A damaged place of a source.
CREATE TABLE fault (
    source_id INTEGER NOT NULL REFERENCES source(id) ON DELETE CASCADE,
    "offset"  INTEGER NOT NULL,
    length    INTEGER NOT NULL,
    slug      TEXT NOT NULL,          -- kind of damage, see docs/errors.md
    detail    TEXT NOT NULL,
    PRIMARY KEY (source_id, "offset", slug)
) WITHOUT ROWID;

-- How many records of each kind a source holds, kept or not.
CREATE TABLE line_kind (
    source_id INTEGER NOT NULL REFERENCES source(id) ON DELETE CASCADE,
    kind      TEXT NOT NULL,
    count     INTEGER NOT NULL,
    PRIMARY KEY (source_id, kind)
) WITHOUT ROWID;

-- One conversation. The columns behind `stale` are derived, and NULL until then.
CREATE TABLE session (
    id          INTEGER PRIMARY KEY,
    name        TEXT NOT NULL UNIQUE, -- the client's session id
    stale       INTEGER NOT NULL,     -- 1: the derived rows are older than the facts
    at          INTEGER,              -- first and last own event
    ended       INTEGER,
    project     TEXT,                 -- folder in which it began
    branch      TEXT,
    client      TEXT,                 -- client version at the end
    title       TEXT,
    prompt      TEXT,                 -- beginning of the first prompt
    own         INTEGER,              -- own lines of person and model; 0: a mere copy of others
    prompts     INTEGER,              -- prompts of a person
    interrupts  INTEGER,
    corrections INTEGER,
    api_errors  INTEGER,
    skewed      INTEGER,              -- lines whose clock runs behind the line they answer
    hook_ms     INTEGER               -- what the client says its hooks took
);

-- What surrounded a session, and when.
CREATE TABLE setting (
    session_id INTEGER NOT NULL REFERENCES session(id) ON DELETE CASCADE,
    cwd        TEXT NOT NULL,
    branch     TEXT NOT NULL,
    client     TEXT NOT NULL,
    entrypoint TEXT NOT NULL,
    first_at   INTEGER NOT NULL,
    last_at    INTEGER NOT NULL,
    PRIMARY KEY (session_id, cwd, branch, client, entrypoint)
) WITHOUT ROWID;

-- What one reading of one source told of one session. Facts that stand in several chunks (a resumed
-- history, a file that was replaced) are made one when the session is derived.
CREATE TABLE chunk (
    source_id  INTEGER NOT NULL REFERENCES source(id) ON DELETE CASCADE,
    start      INTEGER NOT NULL,      -- byte at which the reading began
    session_id INTEGER NOT NULL REFERENCES session(id) ON DELETE CASCADE,
    count      INTEGER NOT NULL,      -- how many entries there are
    entries    BLOB NOT NULL,         -- MessagePack: an array of record/entries.py Entry
    checksum   INTEGER NOT NULL,      -- CRC-32 of entries
    PRIMARY KEY (source_id, start, session_id)
);
CREATE INDEX chunk_session ON chunk (session_id);

-- What identifies a line of which copies are known to be made (responses, prompts), and who holds it:
-- sessions that share one are relatives, and are derived together.
CREATE TABLE link (
    key        INTEGER NOT NULL,      -- hash of message and request id, else of the line's uuid
    session_id INTEGER NOT NULL REFERENCES session(id) ON DELETE CASCADE,
    PRIMARY KEY (key, session_id)
) WITHOUT ROWID;
CREATE INDEX link_session ON link (session_id);

-- Sessions that a person had forgotten: nothing of them is kept again.
CREATE TABLE forgotten (
    name TEXT PRIMARY KEY
) WITHOUT ROWID;

-- The text of a skill, once for each version.
CREATE TABLE skill_text (
    digest TEXT PRIMARY KEY,
    text   TEXT NOT NULL
) WITHOUT ROWID;

-- One item of a task list, as it stands in the host's task files.
CREATE TABLE task_item (
    source_id INTEGER NOT NULL REFERENCES source(id) ON DELETE CASCADE,
    session   TEXT NOT NULL,          -- the client's session id, or the list's name
    item      TEXT NOT NULL,
    subject   TEXT NOT NULL,
    status    TEXT NOT NULL,
    PRIMARY KEY (source_id, item)
) WITHOUT ROWID;

-- One session of wrangler's own records, and what its log says, all of it self-reported.
CREATE TABLE wrangler_session (
    source_id INTEGER NOT NULL REFERENCES source(id) ON DELETE CASCADE,
    name      TEXT NOT NULL,
    dialect   TEXT NOT NULL,          -- mcp | engine
    folder    TEXT NOT NULL,
    status    TEXT NOT NULL,
    phase     TEXT NOT NULL,
    at        INTEGER,
    ended     INTEGER,
    facts     TEXT NOT NULL,          -- JSON: the whole context, redacted
    PRIMARY KEY (source_id)
) WITHOUT ROWID;
CREATE TABLE wrangler_event (
    source_id INTEGER NOT NULL REFERENCES source(id) ON DELETE CASCADE,
    number    INTEGER NOT NULL,
    name      TEXT NOT NULL,          -- of the wrangler session
    at        INTEGER,
    step      TEXT NOT NULL,          -- phase or step
    status    TEXT NOT NULL,          -- started | completed | failed | skipped
    facts     TEXT NOT NULL,          -- JSON: the other fields, redacted
    PRIMARY KEY (source_id, number)
) WITHOUT ROWID;

-- DERIVED ----------------------------------------------------------------------------------------------

-- From a prompt to the end of the answer, on the main thread.
CREATE TABLE turn (
    session_id INTEGER NOT NULL REFERENCES session(id) ON DELETE CASCADE,
    number     INTEGER NOT NULL,
    uid        TEXT NOT NULL,
    at         INTEGER NOT NULL,
    ended      INTEGER NOT NULL,
    by_person  INTEGER NOT NULL,
    PRIMARY KEY (session_id, number)
) WITHOUT ROWID;

-- One execution of one skill. Number 0 is the work outside of all runs.
CREATE TABLE run (
    session_id     INTEGER NOT NULL REFERENCES session(id) ON DELETE CASCADE,
    number         INTEGER NOT NULL,
    parent         INTEGER NOT NULL,  -- the run it is nested in, 0: none
    skill          TEXT NOT NULL,     -- '' for number 0
    plugin         TEXT NOT NULL,
    plugin_version TEXT NOT NULL,
    digest         TEXT NOT NULL,     -- version of the skill's text
    size           INTEGER NOT NULL,  -- characters of the text
    trigger        TEXT NOT NULL,     -- typed | model | fork
    agent          TEXT NOT NULL,     -- thread it was loaded in
    uid            TEXT NOT NULL,  -- of the line that loaded it
    at             INTEGER NOT NULL,
    ended          INTEGER NOT NULL,
    ended_by       TEXT NOT NULL,
    model_ms       INTEGER NOT NULL,  -- the main thread's time, by what it went into
    tools_ms       INTEGER NOT NULL,
    person_ms      INTEGER NOT NULL,
    hooks_ms       INTEGER NOT NULL,
    other_ms       INTEGER NOT NULL,
    agents_ms      INTEGER NOT NULL,  -- time inside subagents, beside the main thread's
    PRIMARY KEY (session_id, number)
) WITHOUT ROWID;

-- One model response.
CREATE TABLE request (
    session_id     INTEGER NOT NULL REFERENCES session(id) ON DELETE CASCADE,
    uid            TEXT NOT NULL,
    run            INTEGER NOT NULL,
    agent          TEXT NOT NULL,
    at             INTEGER NOT NULL,  -- what the first line's own clock says
    model          TEXT NOT NULL,
    input          INTEGER NOT NULL,  -- tokens, without cache
    output         INTEGER NOT NULL,
    cache_read     INTEGER NOT NULL,
    cache_write_5m INTEGER NOT NULL,
    cache_write_1h INTEGER NOT NULL,
    web_searches   INTEGER NOT NULL,
    cost           INTEGER,           -- NULL: unpriced
    reliable       INTEGER NOT NULL,  -- 0: the output tokens are a streaming placeholder
    host_skill     TEXT NOT NULL,     -- the client's own attribution
    PRIMARY KEY (session_id, uid)
) WITHOUT ROWID;

-- One tool call.
CREATE TABLE call (
    session_id  INTEGER NOT NULL REFERENCES session(id) ON DELETE CASCADE,
    id          TEXT NOT NULL,
    run         INTEGER NOT NULL,
    agent       TEXT NOT NULL,
    request     TEXT NOT NULL,
    name        TEXT NOT NULL,
    at          INTEGER NOT NULL,     -- what the clock of its response says
    ended       INTEGER,
    status      TEXT NOT NULL,        -- ok | error | refused | interrupted | open
    result_size INTEGER NOT NULL,     -- characters
    PRIMARY KEY (session_id, id)
) WITHOUT ROWID;

-- One subagent.
CREATE TABLE subagent (
    session_id INTEGER NOT NULL REFERENCES session(id) ON DELETE CASCADE,
    agent      TEXT NOT NULL,
    type       TEXT NOT NULL,
    call_id    TEXT NOT NULL,
    parent     TEXT NOT NULL,
    at         INTEGER NOT NULL,
    ended      INTEGER NOT NULL,
    depth      INTEGER NOT NULL,
    PRIMARY KEY (session_id, agent)
) WITHOUT ROWID;

-- One compaction.
CREATE TABLE compaction (
    session_id INTEGER NOT NULL REFERENCES session(id) ON DELETE CASCADE,
    uid        TEXT NOT NULL,
    at         INTEGER NOT NULL,
    trigger    TEXT NOT NULL,
    before     INTEGER NOT NULL,      -- tokens, 0: not said
    after      INTEGER NOT NULL,
    duration   INTEGER NOT NULL,
    PRIMARY KEY (session_id, uid)
) WITHOUT ROWID;
