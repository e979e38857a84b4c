"""What changes in a result without anything having changed: times, durations, process numbers, ids.

Only those are masked. Numbers at large stay: a test run with one failure less, another row, another page
are news. Written without `re`, whose import alone costs a hook more than everything here.
"""

from __future__ import annotations

from outrider.kernel.limits import GUARD_RESULT_CHARS


def masked(text: str, own_words: frozenset[str] = frozenset()) -> str:
    """Return ``text`` in words, the volatile ones and those of ``own_words`` replaced.

    Of a text longer than ``GUARD_RESULT_CHARS`` the head and the tail are read word by word, the middle
    goes in without its digits.
    """
    half = GUARD_RESULT_CHARS // 2
    if len(text) <= GUARD_RESULT_CHARS:
        return " ".join(_words(text, own_words))
    middle = " ".join(without_digits(text[half:-half]).split())
    return " ".join((*_words(text[:half], own_words), middle, *_words(text[-half:], own_words)))


def without_digits(text: str) -> str:
    """Return ``text`` without its decimal digits."""
    return text.translate(_NO_DIGITS)


_SPLIT = str.maketrans(dict.fromkeys("{}[](),;\"'`=<>|", " "))
_NO_DIGITS = str.maketrans("", "", "0123456789")
_TEMPORARY = ("/tmp/", "/var/folders/")  # noqa: S108
_DIGITS = frozenset("0123456789")
_HEX = frozenset("0123456789abcdefABCDEF")
_CLOCK = frozenset("0123456789:.,+-TZtz/")
_UNITS = frozenset(
    (
        "s",
        "ms",
        "us",
        "µs",
        "ns",
        "sec",
        "secs",
        "second",
        "seconds",
        "m",
        "min",
        "mins",
        "minute",
        "minutes",
        "h",
        "hour",
        "hours",
        "milliseconds",
    )
)
_TIMED = frozenset(
    (
        "time",
        "timestamp",
        "ts",
        "date",
        "elapsed",
        "duration",
        "took",
        "uptime",
        "latency",
        "nonce",
        "etag",
        "duration_ms",
        "took_ms",
        "durationms",
        "elapsed_ms",
        "totaldurationms",
        "created_at",
        "updated_at",
    )
)
_COUNTED = frozenset(("attempt", "attempts", "retry", "retries", "try", "pid", "ppid", "tid"))
_IDENTIFIED = frozenset(
    (prefix + suffix)
    for prefix in (
        "message",
        "msg",
        "request",
        "req",
        "trace",
        "span",
        "session",
        "call",
        "event",
        "correlation",
    )
    for suffix in ("_id", "-id", "id")
)
_NAMED = _TIMED | _COUNTED | _IDENTIFIED
"""Names before a value that is volatile."""

_PREFIXES = frozenset(
    (
        "msg",
        "req",
        "request",
        "call",
        "toolu",
        "run",
        "sess",
        "session",
        "task",
        "job",
        "trace",
        "span",
        "evt",
        "event",
        "conv",
        "thread",
        "txn",
        "tx",
        "corr",
        "bash",
        "shell",
        "agent",
        "proc",
        "id",
    )
)


def _words(text: str, own_words: frozenset[str]) -> list[str]:
    words = text.translate(_SPLIT).split()
    kept = words[:]
    for at, word in enumerate(words):
        if word.isalpha():
            if word in own_words:
                kept[at] = "•"
        elif own_words and (word in own_words or word.strip(":.!?") in own_words):
            kept[at] = "•"
        elif not _DIGITS.isdisjoint(word):
            kept[at] = _mask(word, words, at)
    return kept


def _mask(word: str, words: list[str], at: int) -> str:
    """Return ``word``, which has digits, or a stand-in where it is volatile."""
    if at and words[at - 1].rstrip(":#").lower() in _NAMED:
        return "~"
    core = word.strip(".:!?#*")
    if core.isdigit():
        is_instant = len(core) in (10, 13) and core[0] == "1"
        return "~" if is_instant or _is_unit(words, at + 1) else word
    if core[:1].isdigit() and (_is_time(core) or _is_duration(core, words, at + 1)):
        return "~"
    if len(core) > 6 and _is_id(core):
        return "~"
    if "/" in core and any(place in core for place in _TEMPORARY):
        return _temporary(core)
    return _labelled(core) if ":" in core else word


def _labelled(core: str) -> str:
    """Mask the value of ``name:value``; a file and its line stay."""
    name, _, value = core.partition(":")
    if name.lower() in _NAMED or (len(value) > 6 and (_is_id(value) or _is_time(value))):
        return name + ":~"
    return core


def _is_unit(words: list[str], at: int) -> bool:
    return at < len(words) and words[at].rstrip(".:!?").lower() in _UNITS


def _is_time(core: str) -> bool:
    """Tell whether ``core`` is a date, a clock time with seconds, or both, or seconds since 1970."""
    if core.isdigit():
        return len(core) in (10, 13) and core[0] == "1"
    if len(core) < 8 or not _CLOCK.issuperset(core):
        return False
    return core.count(":") >= 2 or core.count("-") == 2 or core.count("/") == 2


def _is_duration(core: str, words: list[str], after: int) -> bool:
    number = core.rstrip("abcdefghijklmnopqrstuvwxyzµ")
    if not number.replace(".", "", 1).isdigit():
        return False
    unit = core[len(number) :]
    return unit in _UNITS if unit else _is_unit(words, after)


def _is_id(core: str) -> bool:
    if core[:2] in ("0x", "0X"):
        return True
    joined = core.replace("-", "") if len(core) == 36 and core.count("-") == 4 else core
    if _HEX.issuperset(joined):
        return not joined.isdigit()
    prefix, mark, rest = core.partition("_") if "_" in core else core.partition("-")
    return bool(mark) and prefix.lower() in _PREFIXES and len(rest) >= 4 and not rest.isalpha()


def _temporary(core: str) -> str:
    return "/".join(part if _DIGITS.isdisjoint(part) else "~" for part in core.split("/"))
