"""What a person said about cases of a backtest: right, wrong or unsure. Kept between sessions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from outrider.app.roots import user_folder
from outrider.edge.store.guard_files import make_private
from outrider.judge.backtest.cases import Case, SessionResult
from outrider.kernel import limits
from outrider.kernel.errors import UnreadableError

Verdict = Literal["right", "wrong", "unsure"]
VERDICTS: tuple[Verdict, ...] = ("right", "wrong", "unsure")

_FILE = Path("guard") / "labels.jsonl"


@dataclass(slots=True)
class Labels:
    """The verdicts of all reviews; the last one about a case holds."""

    path: Path
    known: dict[str, Verdict]

    def of(self, tested: SessionResult, case: Case) -> Verdict | None:
        """Return what was said about a case."""
        return self.known.get(case_id(tested, case))

    def add(self, tested: SessionResult, case: Case, verdict: Verdict, at: float) -> None:
        """Remember a verdict, given at ``at`` (seconds).

        Raises :class:`UnreadableError` when it cannot be kept.
        """
        name = case_id(tested, case)
        row = {
            "id": name,
            "t": at,
            "verdict": verdict,
            "session": tested.session,
            "case_t": case.at,
            "index": case.index,
            "level": case.level,
            "detector": case.detector,
            "count": case.count,
            "evidence": list(case.evidence),
        }
        try:
            make_private(self.path.parent)
            with self.path.open("ab") as file:
                file.write(json.dumps(row, ensure_ascii=True).encode() + b"\n")
        except OSError as error:
            raise UnreadableError("labels-unusable", f"{self.path}: {error.strerror or error}") from error
        self.known[name] = verdict


def case_id(tested: SessionResult, case: Case) -> str:
    """Return the name of a case: the same wherever the session's record lies."""
    text = json.dumps([tested.session, case.index, case.at, case.detector, case.agent, case.call])
    return "b-" + hashlib.sha256(text.encode()).hexdigest()[:12]


def labels(environment: Mapping[str, str]) -> Labels:
    """Return the verdicts that are kept; lines that are none are passed over."""
    path = user_folder(environment) / _FILE
    known: dict[str, Verdict] = {}
    try:
        with path.open("rb") as file:
            for line in file.read(limits.JSON_FILE_BYTES).splitlines():
                known.update(_read(line))
    except FileNotFoundError:
        pass
    except OSError as error:
        raise UnreadableError("labels-unusable", f"{path}: {error.strerror or error}") from error
    return Labels(path, known)


def _read(line: bytes) -> dict[str, Verdict]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(row, dict):
        return {}
    return {str(row.get("id")): verdict for verdict in VERDICTS if row.get("verdict") == verdict}
