"""The vocabulary of activities in force: the shipped words with a project's own over them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from outrider.app.text_files import read_text
from outrider.app.workflows import is_file
from outrider.kernel.errors import UnreadableError
from outrider.plan.workflow.model import Mistake
from outrider.plan.yaml_text import yaml_value
from outrider.record.activities.activity import Activity
from outrider.record.activities.classify import happened
from outrider.record.activities.vocabulary import Vocabulary, build_vocabulary

PROJECT_FILE = Path(".outrider") / "activities.yaml"


@dataclass(frozen=True, slots=True)
class Classifier:
    """Says what calls mean, in the vocabulary of one project."""

    vocabulary: Vocabulary

    def __call__(
        self, tool: str, given: Mapping[str, object], status: str, result: str, folder: str
    ) -> Iterable[Activity]:
        """Return what one call did; the arguments are those of :data:`~outrider.record.events.Classify`."""
        return happened(tool, given, status, result, self.vocabulary, cwd=folder)


class Vocabularies:
    """The vocabulary of each project, read once."""

    def __init__(self) -> None:
        self._known: dict[str, Classifier] = {}

    def of_project(self, project: str) -> Classifier:
        """Return the classifier of ``project``, a folder or empty.

        Raises :class:`UnreadableError` when the project's own file is badly written.
        """
        if project not in self._known:
            self._known[project] = Classifier(_vocabulary(project))
        return self._known[project]


def decoded_words(project: str) -> tuple[Mapping[str, object], Mapping[str, object] | None]:
    """Return the shipped file and the project's own as plain values; None where it has none.

    Raises :class:`UnreadableError` when the project's file is badly written.
    """
    path = Path(project) / PROJECT_FILE
    if not project or not is_file(path):
        return _shipped(), None
    value = yaml_value(read_text(path))
    if isinstance(value, Mistake):
        raise _badly_written(path, [f"line {value.line}, column {value.column}: {value.message}"])
    if not isinstance(value, dict):
        raise _badly_written(path, ["the file is not a mapping"])
    return _shipped(), value


def _vocabulary(project: str) -> Vocabulary:
    shipped, own = decoded_words(project)
    vocabulary, problems = build_vocabulary(shipped, own)
    if problems:
        raise _badly_written(Path(project) / PROJECT_FILE, problems)
    return vocabulary


@cache
def _shipped() -> Mapping[str, object]:
    text = resources.files("outrider.record.activities").joinpath("vocabulary.yaml").read_text("utf-8")
    value = yaml_value(text)
    assert isinstance(value, dict), "the shipped vocabulary is a mapping"
    return value


def _badly_written(path: Path, problems: list[str]) -> UnreadableError:
    return UnreadableError("activities-file-unusable", f"{path}: {'; '.join(problems)}", "mend the file")
