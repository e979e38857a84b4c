"""The classifier against commands that were labelled by hand before it saw them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.record.activities.made_vocabulary import did, names

LABELLED = yaml.safe_load((Path(__file__).parent / "commands.yaml").read_text("utf-8"))


def is_outcome(name: str) -> bool:
    return name.endswith((".pass", ".fail"))


def is_class(name: str) -> bool:
    return not is_outcome(name)


@pytest.mark.parametrize("counts", [is_class, is_outcome])
def test_precision_and_recall_are_at_least_95_percent(counts: Callable[[str], bool]) -> None:
    right = wrong = missed = 0
    for entry in LABELLED:
        wanted = Counter(filter(counts, entry["is"].replace("-", "").split()))
        found = Counter(
            filter(counts, names(did(entry["run"], entry.get("status", "ok"), entry.get("result", ""))))
        )
        right += (wanted & found).total()
        wrong += (found - wanted).total()
        missed += (wanted - found).total()
    precision, recall = right / (right + wrong), right / (right + missed)
    print(f"{counts.__name__}: precision {precision:.3f}, recall {recall:.3f} of {right + missed}")
    assert precision >= 0.95
    assert recall >= 0.95


def test_there_are_enough_labels_and_enough_of_them_are_compound() -> None:
    compound = [
        entry for entry in LABELLED if any(sign in entry["run"].strip() for sign in ("&&", ";", "||", "\n"))
    ]
    assert len(LABELLED) >= 200
    assert 0.25 <= len(compound) / len(LABELLED) <= 0.4
