"""What each detector means, in words for a person: when it speaks, when it does not, and what clears it.

The page `docs/guard.md` and `outrider guard explain` print these; the numbers are those of the detectors.
"""

from __future__ import annotations

from typing import NamedTuple


class Meaning(NamedTuple):
    """``hint`` and ``block`` are counts; ``block`` empty: calls are never held back for this."""

    means: str
    hint: str
    block: str
    silent: str
    clears: str


_WRITTEN = "another outcome, something new written, or a message of a person"
_PERSON = "a message of a person"

DETECTORS: dict[str, Meaning] = {
    "same_result": Meaning(
        "The same call with the same result, in a row",
        "3; effectful tools 4; answers of at most 8 characters 4 to 10; stepping (scroll, key) 8 or 24",
        "6; effectful tools and short answers 15",
        "waits (pauses of 15 s or growing: 60), passing errors such as a full queue (10, with pauses 60)",
        _WRITTEN,
    ),
    "poll": Meaning(
        "A poll that learns nothing",
        "8; with at most 6 s between, 6",
        "",
        "patient polls (pauses of 15 s or growing: 60)",
        "another answer, or a message of a person",
    ),
    "repeat": Meaning(
        "The same call with the same result, other calls between, nothing new written",
        "5; effectful tools and short answers 7; polls and passing errors 10",
        "10; effectful tools and short answers 15",
        "laps that are apart (a pause or a poll before each, or 45 s from one to the next: 20);"
        " a check that passes after a new command each time (20)",
        _WRITTEN,
    ),
    "same_failure": Meaning(
        "One call that keeps failing, nothing new written",
        "3 with one error text, 4 or 5 with several; 12 where only numbers differ",
        "5 with one error text, 6 to 8 otherwise",
        "passing errors (10, with pauses 60), waits for something to appear (20 to 60)",
        "a success, something new written, or a message of a person",
    ),
    "volatile_result": Meaning(
        "A look at a clock, a size or a process list, in a row, where only digits change",
        "12",
        "",
        "pauses of 15 s or growing",
        _WRITTEN,
    ),
    "cycle": Meaning(
        "The same two to six calls in the same order with the same results",
        "3 laps; polls 4; passing errors 10; pauses, stepping and short answers 12",
        "5 laps where every call only reads or runs a command",
        "polls with a wait in the cycle (40 laps); calls that were refused",
        _WRITTEN,
    ),
    "refused_again": Meaning(
        "A call that was refused is tried again",
        "2 tries",
        "3 tries",
        "polls, steps, questions and subagents without an answer; tries after a pause",
        "the call being allowed, or a message of a person",
    ),
    "same_error": Meaning(
        "One tool fails with one error, with different arguments",
        "3; looking whether a file is there 4",
        "8",
        "passing errors, polls",
        "a success of the tool, something new written, or a message of a person",
    ),
    "churn": Meaning(
        "One question in at least three wordings, with one outcome",
        "5; for outcomes under 20 characters 8 of the last 10 calls",
        "",
        "pauses; questions about other places",
        _WRITTEN,
    ),
    "no_progress": Meaning(
        "The same failure after each of several new edits",
        "5 edits, then every 5",
        "",
        "passing errors; a failure that changes",
        "another outcome of the failing call, or a message of a person",
    ),
    "failed_edits": Meaning(
        "Edits of one file that fail in the same way",
        "3, then every 3",
        "",
        "several edits in one reply count once",
        "an edit of the file that works, or a message of a person",
    ),
    "flip_flop": Meaning(
        "A file goes back to contents that it had",
        "2 times back, then every 2",
        "",
        "going back once (undoing an experiment)",
        "new contents, or a message of a person",
    ),
    "unchanged_edits": Meaning(
        "Writing what is there already",
        "2 times (edits that name the old text 3), then every 2",
        "",
        "another file",
        "new contents, or a message of a person",
    ),
    "duplicates": Meaning(
        "The same call several times in one reply",
        "3",
        "",
        "subagents, polls, steps, plans",
        "the next reply",
    ),
    "compactions": Meaning(
        "Compactions with hardly a call between",
        "3 with at most two calls between, then every 3",
        "",
        "compactions that a person asked for",
        "three calls between two compactions",
    ),
    "after_compaction": Meaning(
        "The same call with the same result in each stretch between compactions",
        "3 stretches",
        "",
        "polls, steps, plans, subagents, questions; something new written between",
        "something new written",
    ),
    "delegation": Meaning(
        "Subagents one after the other that bring back the same",
        "3",
        "",
        "subagents at the same time, one task for many files, answers under 12 characters",
        "another outcome, something new written, or a message of a person",
    ),
    "plan_churn": Meaning(
        "The plan is written anew without a change of its states, and hardly anything else is done",
        "5",
        "",
        "a state that changes; more other calls than rewritings",
        _WRITTEN,
    ),
    "held_stops": Meaning(
        "A Stop hook holds the turn, and no tool is called between",
        "3 with the same message, else 4, then every 4",
        "",
        "any tool call between",
        "a tool call, or a message of a person",
    ),
    "messages": Meaning(
        "Messages without a tool call or a person between",
        "3 equal ones, or 8",
        "",
        "any tool call between",
        "a tool call, or a message of a person",
    ),
    "chant": Meaning(
        "A message ends in the same words over and over",
        "10 times, and at least 450 characters",
        "",
        "code, lists, tables, headings, quotes",
        _PERSON,
    ),
    "rounds": Meaning(
        "Rounds that a program began with one prompt and that end without anything new",
        "2 rounds, then every 2",
        "",
        "a new call, edit, commit or question in the round",
        "a round with anything new, or a prompt of a person",
    ),
}

OTHERS: dict[str, Meaning] = {
    "limit": Meaning(
        "A limit that a person set",
        "80 %, then at each full limit",
        "the limit in enforce; twice the limit in advise: a person is asked, without one the run stops",
        "where no limit is set",
        "nothing but a higher limit; for a run, step or subagent its end",
    ),
    "breaker": Meaning(
        "A call is held back, because it was repeated beyond its block count",
        "",
        "after 3 calls held back a person is asked, without one the run stops",
        "one probe is let through after something new, after a message of a person, or after 5 minutes",
        "a probe with another outcome; `outrider guard reset`",
    ),
    "tripped": Meaning(
        "The kill switch is set", "", "every call", "it is never set by itself", "`outrider guard reset`"
    ),
    "stall": Meaning(
        "No event came for minutes, while a turn was under way; told by `outrider watch`",
        "10 minutes, or what `--stall` says",
        "",
        "after the end of a turn, and while a person is asked for permission",
        "the next event",
    ),
    "rule": Meaning(
        "A rule of a workflow would be broken by the call",
        "at each such call, in advise",
        "at each such call, in enforce",
        "rules that were not promoted: they observe",
        "doing what the rule requires",
    ),
    "owed": Meaning(
        "The turn ends, and something that a rule requires was not done",
        "the end of a turn",
        "the end of a turn is held, in enforce twice at most, in advise once",
        "rules that were not promoted: they observe",
        "doing what is owed",
    ),
}


def meaning_of(detector: str) -> Meaning | None:
    """Return the meaning of what an intervention names, None where it is not known."""
    return DETECTORS.get(detector) or OTHERS.get(detector.partition(":")[0])
