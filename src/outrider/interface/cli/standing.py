"""Commands for what stands now: in words, and as the line that the client shows."""

from __future__ import annotations

import time
from pathlib import Path

import click

from outrider.interface.cli.context import Context, json_option
from outrider.kernel.errors import UsageError
from outrider.kernel.inert import clipped


@click.command()
@click.argument("session", required=False, default="")
@json_option
@click.pass_obj
def status(context: Context, session: str, as_json: bool) -> None:
    """What stands in a session: skills at work and their steps, limits, calls held back, what is owed.

    SESSION is an id or its beginning; without it: the session that hooks told of last.
    """
    from outrider.app import standing  # noqa: PLC0415 - keeps --help quick
    from outrider.app.roots import user_folder  # noqa: PLC0415
    from outrider.app.watching import find_session  # noqa: PLC0415
    from outrider.edge.reports import json_text, standing_report  # noqa: PLC0415
    from outrider.edge.store.guard_files import GuardFiles  # noqa: PLC0415

    home, now = user_folder(context.environment), time.time()
    name = find_session(GuardFiles(home), session) or standing.newest_session(home)
    found = standing.standing(home, name, str(Path.cwd()), now) if name else None
    if found is None:
        message = f"{clipped(name, 40)}: no such session" if name else "no hook has told of a session"
        raise UsageError("no-such-session", message, "see those under way: outrider watch")
    if as_json:
        click.echo(json_text.text(standing_report.as_json(found)))
    else:
        standing_report.print_standing(context.console(), found, now)


@click.command()
@click.option("--color", is_flag=True, help="With colours.")
def statusline(color: bool) -> None:
    """One line of what stands in a session, for the `statusLine` setting of Claude Code (docs/statusline.md).

    Reads what the client tells on standard input. It never fails: where nothing is known the line is empty.
    """
    from outrider.interface.statusline import program  # noqa: PLC0415 - not needed for --help

    click.echo(program.answer(["--color"] if color else []), nl=False)


COMMANDS = (status, statusline)
