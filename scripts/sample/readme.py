"""The page beside the sample: what is in it and what it amounts to."""

from textwrap import fill

from sample.count import KINDS, Tally, count, of_session
from sample.session import Session

STORIES = {
    "slow search": "Client from before separate subagent files: the subagent's lines stand inside"
    " the parent's as `agent_progress`, the list of work in `todos/`. Its output tokens are"
    " placeholders"
    " and its lines have no stop reason, as that client wrote them.",
    "coupons": "`practicing-tdd` 1.2.0, typed. A clean run: test, failing run, code, passing run,"
    " commit. A second prompt after some minutes is outside the skill. Hooks with their durations.",
    "shipping": "`practicing-tdd` 1.2.0, chosen by the model. The new test is never seen to fail."
    " Starts with an API error, has one question to the person. Both cache tiers.",
    "reservations": "`practicing-tdd` 1.3.0, chosen by the model, with `reviewing-code` nested in"
    " it, which starts the subagent `craft:reviewer`. Two red-green laps.",
    "orders": "A loop: `npm test` fails six times with the same outcome. The person interrupts and"
    " corrects. Later a compaction.",
    "rounding": "`practicing-tdd` 1.3.0, typed. The code is edited before there is a test, and no"
    " test fails. Task list in `tasks/`, a `cost-state`, one record of a kind that nobody knows.",
    "reservations in SQL": "A fork of the session on reservations: its lines come again, with the"
    " new session id and `forkedFrom`. Only the lines after them count. The subagent's file is not"
    " copied.",
    "release notes": "`summarizing-changes` with `context: fork`, a background subagent with its"
    " task notification, and a last line that is torn.",
}
HEAD = """\
# The sample records

A small, made-up configuration folder of Claude Code. Everything in it is invented: a developer
with the home folder `/home/dev`, a web shop and a notes program. It serves `make run`, the
documentation and the tests. `scripts/make_sample.py` writes it, this page included; change the
scripts, not the files.

- `config/projects/`: eight sessions over two projects, with their subagents
- `config/tasks/`, `config/todos/`: lists of work, new and old form
- `config/plugins/`: the plugin `craft` in the versions 1.2.0 and 1.3.0
- `shop/.wrangler/sessions/`: two wrangler sessions. One reports by phase (`complete`); its third
  task has no evidence of tests or review. One reports by step (`completed`); its review failed
  twice and it is paused.

## Sessions
"""
TOTALS = """\
## Totals

A response counts once, by its message id, with the largest value per kind of token that any of its
lines shows. The fork's copied lines count for the session that they come from. A run is one load
of a skill's text, or one skill that ran in a fork. The torn line and the API error count nothing.

"""


def page(sessions: list[Session], files: dict[str, str]) -> str:
    parts = [HEAD]
    before: list[str] = []
    for session in sessions:
        own = of_session(files, session.id)
        alone, known = count(files, own), count(files, before)
        before += own
        day = session.stamp(session.started)[:16].replace("T", " ")
        parts.append(f"### {session.name[0].upper()}{session.name[1:]}\n")
        parts.append(f"`{session.id}`, project `{session.project}`, {day}, {session.client.version}\n")
        parts.append(fill(STORIES[session.name], 100, break_on_hyphens=False) + "\n")
        parts.append(facts(alone, known) + "\n")
    parts.append(TOTALS + totals(count(files, of_session(files, "/projects/"))))
    return "\n".join(parts)


def facts(tally: Tally, known: Tally) -> str:
    """What one session amounts to; what an earlier file already holds is named apart."""
    runs = ", ".join(f"`{name}`" for name in tally.runs.values()) or "none"
    sizes = ", ".join(f"{kind} {value:,}" for kind, value in tally.tokens().items())
    requests, calls = len(tally.usage), len(tally.calls)
    text = f"- {tally.lines} lines, {requests} requests, {calls} calls\n- runs: {runs}\n"
    text += f"- tokens: {sizes}"
    copied = set(tally.usage) & set(known.usage)
    if copied:
        again = len(tally.calls & known.calls)
        text += f"\n- copied: {len(copied)} of the requests, {again} of the calls, all the runs"
    return text


def totals(tally: Tally) -> str:
    table = ["| what | number |", "|---|---:|", f"| lines | {tally.lines:,} |"]
    table += [f"| torn lines | {tally.torn} |", f"| requests | {len(tally.usage):,} |"]
    table += [f"| tokens, {kind} | {tally.tokens()[kind]:,} |" for kind in KINDS]
    table += [f"| calls | {len(tally.calls):,} |", f"| runs | {len(tally.runs)} |"]
    for model in sorted(set(tally.models.values())):
        requests = sum(model == name for name in tally.models.values())
        table.append(f"| requests of `{model}` | {requests} |")
    return "\n".join(table) + "\n"
