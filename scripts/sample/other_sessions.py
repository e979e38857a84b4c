"""The sessions without practicing-tdd of their own: a loop, a fork, release notes."""

import copy
import json

from sample import opening
from sample.agents import fork, launch, notify
from sample.calls import bash, edit, read, vitest, write
from sample.client import C294, C330
from sample.session import Session
from sample.shop_code import ORDERS_TEST, SHOP, SWEEP, SWEEP_CODE
from sample.skills import SUMMARIZING

HAIKU = "claude-haiku-5-5"
SONNET = "claude-sonnet-5-5"
ORDERS = {"test/orders/store.test.ts": 3, "test/orders/mail.test.ts": 2}
REFUSED = {"test/orders/store.test.ts > orders": "connect ECONNREFUSED 127.0.0.1:5433"}


def loop() -> Session:
    """Six times the same failing run; the person steps in, corrects, and later compacts."""
    s = Session("orders", "shop", C294, SONNET, "2026-11-12T15:30:02.577")
    opening.before_prompt(s)
    s.prompt("The orders tests are red on my machine. Find out why and make them pass.")
    opening.after_prompt(s)
    s.reply(6.6, read(f"{SHOP}/test/orders/store.test.ts", ORDERS_TEST), think=90)
    tries = (
        "Let me see the failure.",
        "Perhaps it was a race at the start. Once more.",
        "The connection was refused. It may need a moment.",
        "Still refused, I try again.",
        "Let me confirm that it is stable.",
        "One more run to be sure.",
    )
    for number, text in enumerate(tries):
        seconds = 1.9 + 0.07 * number
        output = vitest(seconds, ORDERS, REFUSED)
        s.reply(4.2 + 0.3 * number, text, bash("npm test", output, takes=4.1, exit_status=1))
    s.reply(5.5, "The run failed again. I will", cut=True)
    s.interrupt()
    s.wait(0.4)
    s.prompt("No, stop running it. The test database is not up: start it with npm run db:up first.")
    up = "\n> shop@0.4.0 db:up\n> docker compose up -d --wait db\n\n Container shop-db-1  Healthy"
    s.reply(5.1, "You are right, nothing listens on port 5433.", bash("npm run db:up", up, takes=18.3))
    s.reply(4.0, bash("npm test", vitest(2.31, ORDERS, {}), takes=4.6))
    s.reply(6.2, "All 5 tests pass. The database was down, the code is fine.")
    s.close_turn()
    s.wait(11)
    s.compact("Orders tests failed because the test database was down; npm run db:up fixes it.")
    s.wait(0.5)
    s.prompt("Write that down in docs/testing.md so that it does not happen again.")
    page = "# Testing\n\nStart the database first: `npm run db:up`. Then `npm test`.\n"
    s.reply(8.4, write(f"{SHOP}/docs/testing.md", page))
    s.reply(
        4.9,
        bash("git add docs/testing.md; git commit -q -m 'Say how to start the database'", takes=0.5),
    )
    s.reply(4.4, "docs/testing.md says how to start the database.")
    s.close_turn()
    opening.close(s, "Red orders tests", "Write that down in docs/testing.md")
    return s


def forked(origin: Session) -> Session:
    """A fork of another session: copied history with the new session's id, then its own turns."""
    s = Session("reservations in SQL", "shop", C330, origin.model, "2026-11-17T08:55:30.012")
    s.branch = origin.branch
    for line in origin.lines:
        if "uuid" in line:
            source = {"sessionId": origin.id, "messageUuid": line["uuid"]}
            s.lines.append(copy.deepcopy(line) | {"sessionId": s.id, "forkedFrom": source})
    s.last, s.context, s.turns = origin.last, origin.context, origin.turns
    s.prompt("What if the database did the sweeping? Try it on a branch, do not commit.")
    s.reply(
        10.7,
        bash("git switch -c try/sweep-in-sql", "Switched to a new branch", takes=0.4),
        think=310,
    )
    s.branch = "try/sweep-in-sql"
    query = "  return db.release(`since <= now() - interval '${HOLD_MINUTES} minutes'`);"
    s.reply(15.2, read(SWEEP, SWEEP_CODE), edit(SWEEP, SWEEP_CODE.split("\n")[3], query))
    files = {"test/stock/reserve.test.ts": 10, "test/stock/count.test.ts": 4}
    red = {"test/stock/reserve.test.ts > gives the items back": "db.release is not a function"}
    s.reply(
        4.5,
        bash(
            "npx vitest run test/stock",
            vitest(1.2, files, red),
            takes=2.7,
            exit_status=1,
        ),
    )
    s.reply(
        12.9,
        "It works only with a real database in the stock tests, which makes them slow. I would"
        " keep the sweep in the code. The change is on try/sweep-in-sql, not committed.",
    )
    s.close_turn()
    opening.close(s, "Sweep in SQL", "What if the database did the sweeping?")
    return s


def summarize(agent: Session) -> None:
    agent.reply(3.9, bash("git describe --tags --abbrev=0", "v0.5.2", takes=0.3))
    log = "c41d8aa Export notes as HTML\n5d0c9e1 Search through an index of words\n"
    log += "90ab3f2 Fix dates in titles"
    agent.reply(3.3, bash("git log --oneline v0.5.2..HEAD", log, takes=0.3))
    agent.reply(
        9.1,
        "New: export as HTML. Changed: search is about a thousand times faster. Fixed: dates in titles.",
        think=80,
    )


def check_links(agent: Session) -> None:
    script = "node scripts/check-links.js docs"
    agent.reply(4.4, bash(script, "docs/export.md: #themes missing\n41 links, 1 broken", takes=27.5))
    agent.reply(6.0, "41 links in docs, one is broken: docs/export.md points to #themes.")


def release_notes() -> Session:
    """A skill that runs in a fork of the context, a background subagent, a torn last line."""
    s = Session("release notes", "notes", C330, SONNET, "2026-11-20T16:10:19.844", tier="5m")
    opening.before_prompt(s)
    s.prompt("Write the release notes for 0.6. Meanwhile let somebody check the links in docs.")
    opening.after_prompt(s)
    prompt = "Check every link in docs with scripts/check-links.js and report the broken ones."
    call, checker = launch(
        s, "general-purpose", "Check the links", prompt, check_links, model=HAIKU, background=True
    )
    s.reply(7.5, "The links are checked in the background.", call, think=100)
    s.reply(5.2, fork(s, SUMMARIZING, "0.6", summarize))
    notes = "# 0.6\n\n- New: export as HTML\n- Changed: search is much faster\n"
    notes += "- Fixed: dates in titles\n"
    s.reply(8.0, write("/home/dev/notes/docs/releases/0.6.md", notes))
    s.reply(5.6, "The notes for 0.6 are in docs/releases/0.6.md. The links are still being checked.")
    s.close_turn()
    notify(s, checker)
    old, new = "(#themes)", "(#export-themes)"
    s.reply(7.7, "One link is broken, I fix it.", edit("/home/dev/notes/docs/export.md", old, new))
    s.reply(5.1, "The link in docs/export.md is fixed: 41 of 41 are fine.")
    s.close_turn()
    s.wait(9)
    s.prompt("Thanks, commit both.")
    torn = {"parentUuid": s.last, "isSidechain": False, "message": {"id": s.ids.message()}}
    s.tail = json.dumps(torn, separators=(",", ":"))[:112]
    return s
