"""The shipped vocabulary, as the tests use it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

import outrider.record.activities
from outrider.record.activities.activity import Activity
from outrider.record.activities.classify import happened
from outrider.record.activities.vocabulary import Vocabulary, build_vocabulary

FILE = Path(outrider.record.activities.__file__).parent / "vocabulary.yaml"
CWD = "/home/dev/shop"


@cache
def shipped_file() -> Mapping[str, object]:
    value = yaml.safe_load(FILE.read_text("utf-8"))
    assert isinstance(value, dict)
    return value


@cache
def shipped() -> Vocabulary:
    return build_vocabulary(shipped_file(), None)[0]


def did(
    command: str,
    status: str = "ok",
    result: str = "",
    *,
    vocabulary: Vocabulary | None = None,
    **given: object,
) -> tuple[Activity, ...]:
    """Return what a shell call did."""
    call = {"command": command, **given}
    return happened("Bash", call, status, result, vocabulary or shipped(), cwd=CWD)


def names(activities: tuple[Activity, ...]) -> list[str]:
    return [activity.name for activity in activities]
