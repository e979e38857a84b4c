"""Sessions straight from transcripts, wherever they lie, without a store."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from outrider.app.file_reading import read_source
from outrider.edge.readers.excerpts import Clean, Suspect, always
from outrider.edge.readers.layout import SourceFile
from outrider.record.build import build_session
from outrider.record.entries import Entry, Setting
from outrider.record.ownership import owned
from outrider.record.reading import Span
from outrider.record.session import Session

_OF_A_SESSION = "/subagents/"


@dataclass(slots=True)
class _Folder:
    """What the transcripts of one project's folder said, every line once."""

    entries: dict[str, dict[Entry, None]] = field(default_factory=lambda: defaultdict(dict))
    settings: dict[str, dict[Setting, Span]] = field(default_factory=lambda: defaultdict(dict))
    sources: dict[str, str] = field(default_factory=dict)
    faults: dict[str, int] = field(default_factory=lambda: defaultdict(int))


@dataclass(frozen=True, slots=True)
class Recorded:
    """One session with the transcript that holds it; ``session`` is None where that holds none."""

    source: str
    session: Session | None
    faults: int = 0


def recorded_sessions(
    files: Iterable[SourceFile],
    clean: Clean,
    unreadable: list[tuple[str, str]],
    suspect: Suspect = always,
) -> Iterator[Recorded]:
    """Yield the sessions of transcripts, folder by folder; a subagent's lines belong to its session.

    Files that cannot be opened go into ``unreadable`` with the reason. Of a session that stands in several
    files every line counts once; history copied into another session counts where it was made.
    """
    for listed in _by_folder(files).values():
        folder = _Folder()
        for file in listed:
            try:
                _read(folder, file, clean, suspect)
            except OSError as error:
                unreadable.append((file.name, error.strerror or str(error)))
        yield from _sessions(folder, [file for file in listed if file.kind == "transcript"])


def _by_folder(files: Iterable[SourceFile]) -> dict[str, list[SourceFile]]:
    found: dict[str, list[SourceFile]] = defaultdict(list)
    for file in files:
        before, inside, _ = file.path.partition(_OF_A_SESSION)
        project = before.rpartition("/")[0] if inside else file.path.rpartition("/")[0]
        found[project].append(file)
    return found


def _read(folder: _Folder, file: SourceFile, clean: Clean, suspect: Suspect) -> None:
    reading = read_source(file, None, clean, suspect).reading
    for session, entries in reading.entries.items():
        folder.entries[session].update(dict.fromkeys(entries))
        own = file.session == session and not file.agent
        if file.kind == "transcript" and (own or session not in folder.sources):
            folder.sources[session] = file.name
    for (session, setting), (first, last) in reading.settings.items():
        known = folder.settings[session].get(setting, (first, last))
        folder.settings[session][setting] = min(first, known[0]), max(last, known[1])
    folder.faults[file.name] += len(reading.faults)


def _sessions(folder: _Folder, files: Iterable[SourceFile]) -> Iterator[Recorded]:
    own = owned({name: list(entries) for name, entries in folder.entries.items()})
    told = set()
    for name, entries in own.items():
        source = folder.sources.get(name)
        if source is None or not entries:
            continue
        yield Recorded(
            source, build_session(name, entries, folder.settings[name]), folder.faults.pop(source, 0)
        )
        told.add(source)
    for file in files:
        if file.name not in told and not file.agent:
            yield Recorded(file.name, None, folder.faults.get(file.name, 0))
