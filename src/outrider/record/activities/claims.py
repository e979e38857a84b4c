"""Claims in the model's own words that work is done or checked. They are advisory: text proves nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from outrider.record.activities.activity import Activity

_TESTS = re.compile(
    r"\b(?:all|every|the|\d{1,6})\s(?:\w{1,20}\s){0,3}(?:tests?|checks?|specs?)\s(?:\w{1,12}\s){0,2}"
    r"(?:pass(?:es|ed|ing)?|green|succeed(?:ed)?)\b",
    re.IGNORECASE,
)
_WORK = re.compile(
    r"\b(?:(?:everything|implementation|feature|fix|work|bug|refactoring|migration|task(?:\s\d{1,4})?)\s"
    r"(?:is|are|has\sbeen|now)\s(?:now\s|fully\s|all\s)?(?:complete|completed|done|finished|fixed|implemented|working)\b"
    r"|(?:all|every)\s(?:tasks?|steps?)\s(?:are\s)?(?:complete|completed|done|finished)\b)",
    re.IGNORECASE,
)
_NO_CLAIM = re.compile(
    r"\b(?:not|n't|never|once|until|unless|if|when|should|must|will|would|expect(?:ed)?|verify|ensure|check|make\ssure"
    r"|confirm|whether|before|after|need|let\sme|let's|to\ssee)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.!?\n]{1,400}[.!?\n]?")


def claims_in(text: str) -> Iterator[Activity]:
    """Find what ``text`` claims: `claim.done` of `tests` or of `work`, each at most once.

    A sentence that asks, plans, doubts or denies claims nothing.
    """
    wanted = {"tests": _TESTS, "work": _WORK}
    for sentence in _SENTENCE.findall(text):
        if not wanted or sentence.rstrip().endswith("?"):
            continue
        found = [subject for subject, pattern in wanted.items() if pattern.search(sentence)]
        if found and not _NO_CLAIM.search(sentence):
            for subject in found:
                del wanted[subject]
                yield Activity("claim.done", of=subject)
