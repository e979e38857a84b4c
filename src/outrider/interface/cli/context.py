"""What every command needs: where to read, how to print, and whether to show progress."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from outrider.kernel.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from outrider.app.care import Rebuilt
    from outrider.app.library import Library
    from outrider.app.pending import Progress
    from outrider.edge.store.queries import Scope

_PIPE_WIDTH = 180
_SLOW_BYTES = 16 * 1024 * 1024
_AGO = re.compile(r"(\d{1,5})([hdw])\Z")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_SAMPLE_NOTE = "no records of your own were found: these are the sample records shipped with Outrider"

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Context:
    """The surroundings of one call. ``environment`` is read nowhere else."""

    environment: Mapping[str, str]
    root: str | None
    stdout_is_terminal: bool
    stderr_is_terminal: bool

    def console(self) -> Console:
        """Return the console for answers: plain text and a fixed width in a pipe."""
        from rich.console import Console  # noqa: PLC0415 - costs a third of the start-up time

        width = None if self.stdout_is_terminal else _PIPE_WIDTH
        return Console(markup=False, highlight=False, emoji=False, width=width, soft_wrap=False)

    @contextmanager
    def library(self, read: bool = True, sample: bool = True) -> Iterator[Library]:
        """Open the records that were asked for; the sample ones, saying so, where there are none."""
        from outrider.app.opening import open_mended  # noqa: PLC0415 - not needed for --help
        from outrider.app.roots import configured_root, has_records, sample_root  # noqa: PLC0415
        from outrider.edge.store.database import mapped  # noqa: PLC0415

        root = configured_root(self.environment, self.root)
        if sample and self.root is None and not root.store.exists() and not has_records(root.folder):
            root = sample_root(self.environment)
            click.echo(f"note: {_SAMPLE_NOTE}", err=True)
        with self._progress() as progress:
            now = datetime.now(timezone.utc)
            library, rebuilt = open_mended(root, self.environment, now, progress, read)
        if rebuilt is not None:
            _tell_rebuilt(rebuilt)
        try:
            with mapped(library.root.store):
                yield library
        finally:
            library.close()

    @contextmanager
    def _progress(self) -> Iterator[Progress | None]:
        """Show a bar on a terminal while much is read; be silent in a pipe."""
        if not self.stderr_is_terminal:
            yield None
            return
        bar = _Bar()
        try:
            yield bar.update
        finally:
            bar.close()


class _Bar:
    """A progress bar that appears only for long reads."""

    def __init__(self) -> None:
        self._progress: Any = None
        self._task: Any = None

    def update(self, done: int, total: int) -> None:
        if self._progress is None:
            if total < _SLOW_BYTES:
                return
            from rich.console import Console  # noqa: PLC0415 - only for long reads
            from rich.progress import Progress  # noqa: PLC0415

            self._progress = Progress(console=Console(stderr=True), transient=True)
            self._task = self._progress.add_task("reading records", total=total)
            self._progress.start()
        self._progress.update(self._task, completed=done)

    def close(self) -> None:
        if self._progress is not None:
            self._progress.stop()


def _tell_rebuilt(rebuilt: Rebuilt) -> None:
    """Say that the store was damaged, what was done, and what is lost by it."""
    click.echo(f"warning[store-damaged]: set aside as {rebuilt.set_aside}", err=True)
    click.echo(f"  {rebuilt.sessions:,} sessions were made anew from the records", err=True)
    for line in loss_lines(rebuilt):
        click.echo(f"  {line}", err=True)


def loss_lines(rebuilt: Rebuilt) -> list[str]:
    """Return what could not be made anew, one line each."""
    lost = [f"not in the records any more: session {name}" for name in rebuilt.lost]
    if rebuilt.unknown_loss:
        lost.append("the old store cannot be read, so sessions that only it held are not known")
    return lost


def root_option(function: F) -> F:
    """Add ``--root`` to a command, beside the one that stands before it."""

    def keep(ctx: click.Context, _: click.Parameter, value: str | None) -> None:
        if value is not None:
            ctx.obj = replace(ctx.obj, root=value)

    return click.option(
        "--root",
        metavar="DIR",
        expose_value=False,
        callback=keep,
        help="Read this configuration folder instead of CLAUDE_CONFIG_DIR or ~/.claude.",
    )(function)


def json_option(function: F) -> F:
    """Add ``--json`` to a command."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON (docs/schemas.md).")(function)


def scope_options(function: F) -> F:
    """Add ``--since`` and ``--project`` to a command."""
    since = click.option(
        "--since", metavar="WHEN", help="Only what began then or later: 7d, 24h, 2w, or a date."
    )
    project = click.option(
        "--project", metavar="DIR", help="Only sessions that began in this folder or below."
    )
    return since(project(function))


def scope_from(since: str | None, project: str | None) -> Scope:
    """Return the scope that ``--since`` and ``--project`` mean."""
    from outrider.edge.store.queries import Scope  # noqa: PLC0415 - keeps --help quick

    folder = str(Path(project).expanduser().absolute()) if project else ""
    return Scope(since_ms(since, datetime.now(timezone.utc)), folder)


def since_ms(given: str | None, now: datetime) -> int:
    """Return the instant that ``--since`` means, in milliseconds since 1970 UTC."""
    if not given:
        return 0
    if ago := _AGO.match(given):
        moment = now - int(ago.group(1)) * _UNITS[ago.group(2)]
    else:
        moment = _date(given)
    return int(moment.timestamp() * 1000)


def _date(given: str) -> datetime:
    try:
        moment = datetime.fromisoformat(given)
    except ValueError as error:
        raise UsageError(
            "unclear-time", f"--since {given[:40]}: not a time", "use 7d, 24h, 2w or 2026-11-01"
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
