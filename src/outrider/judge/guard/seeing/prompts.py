"""Whether a person wrote a prompt, and whether they asked for repetition.

Reminders and reports that arrive as prompts are no sign of a person. And whoever asks for ten runs, or
to look
every minute until it is done, must not be told that the same call came again.
"""

from __future__ import annotations

AUTOMATIC = (
    "<task-notification",
    "<system-reminder",
    "<local-command",
    "<command-message",
    "<command-name",
    "<bash-",
    "Stop hook feedback",
    "SubagentStop hook feedback",
    "[Request interrupted",
    "[SYSTEM",
    "[system",
    "[Automatic",
    "[automatic",
    "[outrider",
    "Caveat:",
    "This session is being continued",
)
"""Beginnings of prompts that no person wrote."""


def is_automatic(prompt: str) -> bool:
    """Tell whether the host or a program wrote this prompt."""
    return prompt.lstrip().startswith(AUTOMATIC)


def asks_for_repetition(prompt: str) -> bool:
    """Tell whether the prompt asks that one thing be done several times, watched or waited for."""
    words = _words(prompt[:6_000])
    for at, word in enumerate(words):
        before = words[at - 1] if at else ""
        after = words[at + 1] if at + 1 < len(words) else ""
        if word in _PLAIN or (word in _REPEATED and after in _OFTEN) or _counts(word, before, after):
            return True
        if word in ("every", "each") and (
            after in _PERIODS or (_is_number(after) and _is_period(words, at + 2))
        ):
            return True
        if word == "every" and _is_span(after):
            return True
        if word in ("until", "till", "when", "once", "as") and _waits(words, at):
            return True
        if (word == "keep" and after in _KEPT) or (word in ("wait", "waiting") and after == "for"):
            return True
    return False


_PLAIN = frozenset(
    "repeat repeatedly poll polling watch watching monitor monitoring periodically flaky flake flakes"
    " flakiness"
    " benchmark benchmarks soak stress-test rerun re-run reruns re-runs heartbeat intermittently"
    " intermittent".split()
)
_NUMBERS = frozenset(
    "two three four five six seven eight nine ten twelve fifteen twenty thirty fifty hundred several"
    " many few".split()
)
_PERIODS = frozenset("second seconds minute minutes hour hours few couple time sec secs min mins s".split())
_REPEATED = frozenset("over again try retry run check press click scroll look loop".split())
_OFTEN = frozenset("and again repeatedly".split())
_WAITS = frozenset(
    "poll wait waiting check checking watch run rerun repeat retry monitor scroll press look tail"
    " ping".split()
)
_BREAKS = frozenset("fails fail breaks crashes hangs".split())
_KEPT = frozenset(
    "checking polling watching running trying pressing clicking scrolling looking monitoring retrying pinging"
    " stepping an reading asking waiting repeating me".split()
)
_RUNS = frozenset(
    "times x runs iterations rounds laps repetitions reruns samples presses trials reviewers reviews"
    " opinions".split()
)
_MORE = frozenset("more consecutive independent equal identical separate further parallel test".split())


def _words(prompt: str) -> list[str]:
    return [word.strip(".,;:!?()[]\"'`*") for word in prompt.lower().split()]


def _waits(words: list[str], at: int) -> bool:
    """Tell "check … until"; of "run … until" only the hunt for a failure."""
    earlier = words[max(0, at - 9) : at]
    if not _WAITS.isdisjoint(earlier):
        return True
    return "run" in earlier and not _BREAKS.isdisjoint(words[at : at + 6])


def _is_number(word: str) -> bool:
    return word.isdigit() or word in _NUMBERS


def _is_period(words: list[str], at: int) -> bool:
    return at < len(words) and words[at] in _PERIODS


def _is_span(word: str) -> bool:
    number = word.rstrip("smhinec")
    return bool(number) and number != word and number.isdigit()


def _counts(word: str, before: str, after: str) -> bool:
    """Tell "ten times", "8 more runs", "5x", "twice"."""
    if _is_number(before) and (word in _RUNS or (word in _MORE and after in _RUNS)):
        return True
    if word in ("twice", "thrice"):
        return True
    if len(word) > 1 and word[-1] in "x\u00d7" and word[:-1].isdigit():
        return True
    return word == "again" and after == "and"
