"""The doctor's findings in a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from rich.console import Console
from rich.text import Text

from outrider.edge.reports.tables import plain_table, words

_FAULTS_SHOWN = 40
_MIB = 1024 * 1024


class _Fault(Protocol):
    @property
    def path(self) -> str: ...
    @property
    def offset(self) -> int: ...
    @property
    def length(self) -> int: ...
    @property
    def slug(self) -> str: ...
    @property
    def detail(self) -> str: ...


def print_versions(console: Console, versions: Mapping[str, str], root: str, store: str, size: int) -> None:
    """Print what runs here and where it reads and keeps."""
    console.print(Text(", ".join(f"{name} {version}" for name, version in versions.items())))
    console.print(Text("records: ") + words(root, 200))
    console.print(Text("store:   ") + words(store, 200) + Text(f"  ({size / _MIB:.1f} MiB)"))


def print_sources(console: Console, sources: Mapping[str, tuple[int, int]], clients: Sequence[str]) -> None:
    """Print what kinds of source were found."""
    table = plain_table("source", "files", "MiB")
    for kind, (count, size) in sources.items():
        table.add_row(kind, f"{count:,}", f"{size / _MIB:.1f}")
    console.print(table if sources else Text("no records found", style="yellow"))
    if clients:
        console.print(Text("client versions: ") + words(", ".join(clients), 600))


def print_kinds(console: Console, kinds: Mapping[str, int], unknown: Mapping[str, int]) -> None:
    """Print what kinds of record were counted, the unknown ones marked."""
    known = ", ".join(f"{kind} {count:,}" for kind, count in kinds.items() if kind not in unknown)
    console.print(Text("records: ") + words(known, 2_000))
    if unknown:
        text = ", ".join(f"{kind} {count:,}" for kind, count in unknown.items())
        console.print(Text("kinds that this version does not know: ", style="yellow") + words(text, 2_000))


def print_damage(
    console: Console,
    faults: Sequence[_Fault],
    unreadable: Mapping[str, str],
    waiting: Sequence[tuple[str, int]],
) -> None:
    """Print every damaged place, unreadable file and unfinished record."""
    for path, reason in unreadable.items():
        console.print(Text("unreadable-file ", style="red") + words(path, 200) + words(f": {reason}", 100))
    for fault in faults[:_FAULTS_SHOWN]:
        where = f": byte {fault.offset:,}, {fault.length:,} bytes"
        note = f" ({fault.detail})" if fault.detail else ""
        console.print(
            Text(f"{fault.slug} ", style="yellow") + words(fault.path, 200) + words(where + note, 120)
        )
    if len(faults) > _FAULTS_SHOWN:
        console.print(Text(f"… and {len(faults) - _FAULTS_SHOWN:,} more; all of them: doctor --json"))
    for path, size in waiting:
        console.print(
            Text("unfinished record, read when it is whole: ") + words(path, 200) + Text(f" ({size:,} bytes)")
        )
